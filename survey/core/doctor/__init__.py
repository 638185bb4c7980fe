"""What weakens the two promises in an installation: facts in, findings in plain words out.

`storage.health` and the command line gather the facts; nothing is asked here. *broken*: a promise
does not hold as things are. *weak*: it holds, with less between it and harm, or with something left
to be done by hand.
"""

from __future__ import annotations

from survey.core.doctor import belongings, databases
from survey.core.doctor.facts import (
    BoxFacts,
    Copies,
    Facts,
    Place,
    PostgresFacts,
    SettingFacts,
    SqliteFacts,
)
from survey.core.doctor.finding import SEVERITIES, Finding, Severity
from survey.core.doctor.setup import setup

__all__ = [
    "SEVERITIES",
    "BoxFacts",
    "Copies",
    "Facts",
    "Finding",
    "Place",
    "PostgresFacts",
    "SettingFacts",
    "Severity",
    "SqliteFacts",
    "examine",
]


def examine(facts: Facts) -> list[Finding]:
    """Return every finding: the broken first, then the weak, then the fine."""
    found = [
        *belongings.rounds(facts.boxes, facts.settings.production),
        *belongings.key_folder(facts.keys_beside_database),
        *belongings.places(facts.places),
        *setup(facts.settings),
    ]
    if isinstance(facts.database, SqliteFacts):
        found += databases.sqlite(facts.database)
    else:
        found += databases.postgres(facts.database)
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
