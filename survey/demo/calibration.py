"""Calibration villages of the demonstration: four files that every group has scored."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.core.calibration import Sheet
from survey.core.wording import N_
from survey.demo.people import administrators
from survey.storage import calibration
from survey.storage.tables import RoundRow

FILES = (
    (N_("Calibration file A (another county)"), 88.0),
    (N_("Calibration file B (another county)"), 81.5),
    (N_("Calibration file C (another county)"), 72.25),
    (N_("Calibration file D (another county)"), 64.0),
)
SEVERITY = (1.5, -0.75, 0.0, 2.25, -3.5, 0.5, -1.0)
"""How many points each group gives more than the files deserve."""


def load(session: Session, round_: RoundRow) -> None:
    """Let every group score the files, where none are named yet."""
    if calibration.sheet(session, round_).names:
        return
    groups = list(calibration.groups(session, round_))
    points = {
        (place, group): deserved + SEVERITY[number % len(SEVERITY)] + (place * number) % 3 / 2
        for place, (_name, deserved) in enumerate(FILES, start=1)
        for number, group in enumerate(groups)
    }
    names = {place: gettext(name) for place, (name, _deserved) in enumerate(FILES, start=1)}
    calibration.keep(session, round_, administrators(session)[0], Sheet(names, points))
