"""Village files of the demonstration: fictional problems, measures, call-backs and meetings."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.config import Settings
from survey.core.village_file import CallBack, Kind, Measure, Meeting, Problem, Record
from survey.core.village_file_import import Planned
from survey.core.wording import N_
from survey.demo.people import administrators
from survey.storage import closing_out, proof_files, proofs, village_file_books
from survey.storage.db import now
from survey.storage.tables import MeasureRow, ProblemRow, VillageRow

FILE = "demo-files.xlsx"
EMPTY = 9
"""Every ninth village has not begun its file."""

_PROBLEMS = (
    (
        N_("The accounts of the well fund were not disclosed for two years."),
        N_("Nobody was charged with the disclosure board."),
        N_("Disclose the accounts every quarter and read them out at the meeting."),
        N_("Township finance office"),
        True,
    ),
    (
        N_("The boundary of the old threshing floor is in dispute."),
        N_("The land was never measured after the road was widened."),
        N_("Measure the land together with both sides and put it in writing."),
        N_("Township natural resources office"),
        True,
    ),
    (
        N_("Branch meetings were held at the end of the quarter only."),
        N_("There was no fixed day and no record."),
        N_("Hold the party day on the 8th and keep its record."),
        N_("Village party branch"),
        False,
    ),
)
_TOPIC = N_("Progress of the rectification, and the accounts of the month")


def load(session: Session, settings: Settings) -> None:
    """Write the files, where there is none yet."""
    if session.scalars(sa.select(ProblemRow.number).limit(1)).first():
        return
    today = now(session).astimezone(settings.zone).date()
    villages = session.scalars(sa.select(VillageRow).order_by(VillageRow.code)).all()
    begun = [row for place, row in enumerate(villages, start=1) if place % EMPTY]
    planned = [one for place, row in enumerate(begun) for one in _file(row.code, place, today)]
    first, second = administrators(session)
    village_file_books.apply(session, planned, first, FILE)
    picture, called = _picture(), gettext("Disclosure board")
    done = session.scalars(sa.select(MeasureRow).where(MeasureRow.state == "done")).all()
    for measure in done:
        village = session.get_one(VillageRow, measure.village_id)
        aside = proof_files.lay_aside(settings.proofs, picture)
        most = settings.proof_total
        name = f"{called}.png"
        proofs.keep(session, village, measure.number, name, "png", aside, first, most)
        if (measure.village_id + measure.number) % 4:
            closing_out.close_out(session, village, measure.number, second)


def _file(code: str, place: int, today: date) -> list[Planned]:
    """Return the file of one village: more or less of it, by its *place* in the register."""
    problems = _PROBLEMS[: 1 + place % 3]
    kept: list[tuple[Kind, Record, bool]] = []
    for number, (text, cause, act, office, petition) in enumerate(problems, start=1):
        done = (place + number) % 3 != 0
        kept += [
            (
                "problem",
                Problem(
                    number=number,
                    text=gettext(text),
                    cause=gettext(cause) if (place + number) % 7 else "",
                    petition=petition,
                ),
                False,
            ),
            (
                "measure",
                Measure(
                    number=number,
                    problem=number,
                    text=gettext(act),
                    office=gettext(office),
                    deadline=today + timedelta(days=(place * 7) % 60 - 20),
                ),
                done,
            ),
        ]
        if petition and done:
            kept.append(("call_back", _call_back(number, place, today), False))
    kept += [("meeting", one, False) for one in _meetings(place, today)]
    return [Planned(code, kind, record, None, report) for kind, record, report in kept]


def _call_back(number: int, place: int, today: date) -> CallBack:
    return CallBack(
        number=number,
        problem=number,
        on=today - timedelta(days=5 + place % 9),
        way="phone" if place % 2 else "visit",
        raised="satisfied" if place % 4 else "fairly",
        other_party="committee" if number == 1 else "villagers",
        other="satisfied",
    )


def _meetings(place: int, today: date) -> list[Meeting]:
    held = [
        Meeting(
            number=1,
            occasion="members",
            on=today - timedelta(days=30 + place % 5),
            topic=gettext(_TOPIC),
            present=12 + place % 9,
        ),
        Meeting(
            number=2,
            occasion="party_day",
            on=(today.replace(day=1) - timedelta(days=1)).replace(day=8),
            topic=gettext(_TOPIC),
            present=10 + place % 7,
        ),
    ]
    return held if place % 5 else held[:1]


def _picture() -> bytes:
    """Return a plain picture of a board: nothing that anybody could be found by."""
    from PIL import Image, ImageDraw

    board = Image.new("RGB", (640, 420), "#e8eef3")
    pen = ImageDraw.Draw(board)
    pen.rectangle((40, 30, 600, 390), outline="#1f5f8b", width=8)
    for line in range(80, 360, 40):
        pen.line((80, line, 560, line), fill="#7b8794", width=4)
    file = BytesIO()
    board.save(file, "PNG")
    return file.getvalue()
