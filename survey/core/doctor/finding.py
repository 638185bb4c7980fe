"""A finding: what was looked at, how it is, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from survey.core.wording import Sentence, say

Severity = Literal["broken", "weak", "fine"]
Fault = tuple[bool, Severity, Sentence, Sentence]
"""Is it there, how bad is it, what it is, and the remedy."""

SEVERITIES: tuple[Severity, ...] = ("broken", "weak", "fine")


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do; a fine one has nothing to do."""

    severity: Severity
    about: Sentence
    sentence: Sentence
    remedy: Sentence | None = None


def judge(about: str, fine: str, *faults: Fault) -> Iterator[Finding]:
    """Yield a finding for each of *faults* that is there, or one that says it is *fine*."""
    there = [fault for fault in faults if fault[0]]
    for _, severity, sentence, remedy in there:
        yield Finding(severity, say(about), sentence, remedy)
    if not there:
        yield Finding("fine", say(about), say(fine))
