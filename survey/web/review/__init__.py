"""The acceptance group's desk: evaluate, see, decide, sign; and the ledger for the city."""

from survey.web.review import (
    changes,
    charts,
    computed,
    decision,
    desk,
    evaluation,
    file,
    file_measure,
    ledger,
    meeting,
    moderation,
    papers,
    village,
)
from survey.web.review.blueprint import blueprint

__all__ = [
    "blueprint",
    "changes",
    "charts",
    "computed",
    "decision",
    "desk",
    "evaluation",
    "file",
    "file_measure",
    "ledger",
    "meeting",
    "moderation",
    "papers",
    "village",
]
