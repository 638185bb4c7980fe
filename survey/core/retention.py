"""How long a finished round is kept (docs/operate.md, “Keeping and deleting”)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

LONGEST_MONTHS = 120
"""Nobody may keep a round longer than this after it was finished, whatever the reason."""


def months_after(day: date, months: int) -> date:
    """Return the same day *months* later, or the last one of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
