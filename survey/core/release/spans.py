"""Between which numbers a count in fives is, by itself and beside others with a known total."""

from __future__ import annotations

from collections.abc import Sequence

from survey.core.release import rules

Span = tuple[int, int]
"""The least and the most that it may be, both included."""


def of_counts(shown: Sequence[int | None], received: int) -> list[Span]:
    """Return the span of each count by itself; None is withheld: anything up to *received*."""
    half = rules.COUNT_STEP // 2
    return [
        (0, received) if count is None else (max(count - half, 0), count + half) for count in shown
    ]


def narrowed(spans: Sequence[Span], within: Span) -> list[Span]:
    """Return *spans* as far as their sum, which is *within* two numbers, narrows them."""
    low, high = total(spans)
    return [
        (max(least, within[0] - (high - most)), min(most, within[1] - (low - least)))
        for least, most in spans
    ]


def total(spans: Sequence[Span]) -> Span:
    """Return between which numbers the sum of *spans* is."""
    return sum(least for least, _ in spans), sum(most for _, most in spans)


def is_wide(span: Span) -> bool:
    """Say whether *span* leaves enough open to be shown, or may be nobody at all."""
    return span[0] == 0 or span[1] - span[0] >= rules.LEAST_SPAN
