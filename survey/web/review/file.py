"""A village's file (村情档案): what is in it, what is missing, and its entries one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import personal_data
from survey.core.errors import Missing
from survey.core.personal_data import Found
from survey.core.proof import KINDS as KINDS_OF_PROOF
from survey.core.village_file import (
    EMPTY,
    KINDS,
    Completeness,
    Kind,
    Record,
    completeness,
    fingerprint,
)
from survey.core.village_file_fields import (
    FIELDS,
    LONGEST_LINE,
    LONGEST_TEXT,
    STATE_NAMES,
    Faults,
    lacking,
    make,
    read_values,
    texts_of,
    typed_of,
)
from survey.core.wording import N_, say
from survey.reports import village_files as workbook
from survey.storage import accounts, proofs, village_file_books, village_files
from survey.storage.db import begin_write, db
from survey.storage.tables import MeasureRow, ProofRow, VillageRow
from survey.web.access import reviewers
from survey.web.installation import settings
from survey.web.review.blueprint import blueprint
from survey.web.review.file_place import FilePlace, find_file, today
from survey.web.review.proof_form import ProofForm

TITLES: Mapping[Kind, tuple[str, str]] = {
    "problem": (N_("Problems"), N_("Add a problem")),
    "measure": (N_("Measures"), N_("Add a measure")),
    "call_back": (N_("Call-backs after petitions"), N_("Add a call-back")),
    "meeting": (N_("Meetings and party days"), N_("Add a meeting")),
}
ONE: Mapping[Kind, str] = {
    "problem": N_("Problem %(number)d"),
    "measure": N_("Measure %(number)d"),
    "call_back": N_("Call-back %(number)d"),
    "meeting": N_("Meeting %(number)d"),
}
_ADDRESS = "/villages/<code>/file"
_ONE = f"{_ADDRESS}/<any(problem, measure, call_back, meeting):kind>/<int:number>"


@dataclass(frozen=True)
class Standing:
    """How far a measure is: who reported it done and who closed it out, by name, and when."""

    row: MeasureRow
    done_by: str
    closed_by: str
    overdue: bool

    @property
    def moments(self) -> list[tuple[str, str, datetime]]:
        """What was done, by whom and when, in its order."""
        said = (
            (N_("reported done"), self.done_by, self.row.done_at),
            (N_("closed out"), self.closed_by, self.row.closed_at),
        )
        return [(act, name, at) for act, name, at in said if at is not None]


@blueprint.get(_ADDRESS)
@reviewers
def file(code: str) -> ResponseReturnValue:
    """Administrators and the village's acceptance group: the whole file, or a new entry of it."""
    place = find_file(code)
    kind = request.args.get("new")
    if kind in KINDS:
        place.require(place.may_write(kind))
        return _record_page(place, kind, 0, {"problem": request.args.get("problem", "")})
    return _file_page(place)


def _file_page(place: FilePlace) -> str:
    village = place.village
    return render_template(
        "review/file.html",
        place=place,
        complete=complete(village),
        entries={kind: village_files.rows(db.session, kind, village) for kind in KINDS},
        standings=_standings(village),
        proof=proofs.of_village(db.session, village),
        titles=TITLES,
        options=_options(),
        states=STATE_NAMES,
        timezone=settings().timezone,
    )


def complete(village: VillageRow) -> Completeness:
    """Return how complete the file of *village* is today."""
    found = village_files.tallies(db.session, village_files.of_village(village), today())
    return completeness(found.get(village.id, EMPTY))


def _options() -> dict[str, str]:
    """Return the label of every option by ``field.key``."""
    return {
        f"{one.name}.{key}": english
        for kind in KINDS
        for one in FIELDS[kind]
        for key, (english, _chinese) in one.options.items()
    }


def _standings(village: VillageRow) -> dict[int, Standing]:
    names = {row.id: row.name for row in accounts.listing(db.session)}
    day = today()
    return {
        row.number: Standing(
            row=row,
            done_by=names.get(row.done_by, ""),
            closed_by=names.get(row.closed_by, ""),
            overdue=row.state == "open" and row.deadline is not None and row.deadline < day,
        )
        for row in village_files.rows(db.session, "measure", village)
    }


@blueprint.get("/villages/<code>/file.xlsx")
@reviewers
def file_workbook(code: str) -> ResponseReturnValue:
    """Whoever may read the file: the same as a workbook."""
    village = find_file(code).village
    entries = village_file_books.entries(db.session, village_files.of_village(village))
    answer = send_file(
        BytesIO(workbook.write(entries, settings().office, _)),
        mimetype=KINDS_OF_PROOF["xlsx"],
        as_attachment=True,
        download_name=f"{village.code}-file.xlsx",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get(_ONE)
@reviewers
def file_record(code: str, kind: Kind, number: int) -> ResponseReturnValue:
    """Whoever may read the file: one entry; to be changed by who may write it."""
    place = find_file(code)
    return _record_page(place, kind, number, typed_of(kind, _record(place, kind, number)))


def _record(place: FilePlace, kind: Kind, number: int) -> Record:
    row = village_files.find(db.session, kind, place.village, number)
    return village_files.record_of(kind, row)


def record_page(
    place: FilePlace, number: int, form: ProofForm, problem: Any = None
) -> tuple[str, int]:
    """Return the page of a measure again, with what was wrong with a file."""
    typed = typed_of("measure", _record(place, "measure", number))
    return _record_page(place, "measure", number, typed, proof_form=form, problem=problem), 400


def _record_page(
    place: FilePlace,
    kind: Kind,
    number: int,
    typed: Mapping[str, str],
    *,
    faults: Faults | None = None,
    found: Sequence[Found] = (),
    proof_form: ProofForm | None = None,
    problem: Any = None,
) -> str:
    """Render one entry; *number* 0 stands for a new one."""
    standing = _standings(place.village).get(number) if kind == "measure" else None
    is_open = standing is None or standing.row.state == "open"
    return render_template(
        "review/file_record.html",
        place=place,
        kind=kind,
        number=number,
        heading=say(ONE[kind], number=number) if number else say(TITLES[kind][1]),
        fields=FIELDS[kind],
        typed=typed,
        seen=fingerprint(_record(place, kind, number)) if number else "",
        problems=village_files.rows(db.session, "problem", place.village),
        writing=place.may_write(kind) and is_open,
        standing=standing,
        proof=_proof(place, number) if kind == "measure" else (),
        proof_form=proof_form or ProofForm(formdata=None),
        proof_most=settings().proof_limit // 1024**2,
        faults=faults or {},
        found=found,
        problem=problem,
        options=_options(),
        longest={"line": LONGEST_LINE, "text": LONGEST_TEXT},
        timezone=settings().timezone,
    )


def _proof(place: FilePlace, number: int) -> list[ProofRow]:
    return proofs.of_village(db.session, place.village).get(number, [])


@blueprint.post(f"{_ADDRESS}/<any(problem, measure, call_back, meeting):kind>")
@reviewers
def add_record(code: str, kind: Kind) -> ResponseReturnValue:
    """Who may write it: add an entry; what looks personal is pointed out first."""
    return _write(code, kind, 0)


@blueprint.post(_ONE)
@reviewers
def change_record(code: str, kind: Kind, number: int) -> ResponseReturnValue:
    """Who may write it: change an entry; what looks personal is pointed out first."""
    return _write(code, kind, number)


def _write(code: str, kind: Kind, number: int) -> ResponseReturnValue:
    begin_write(db.session)
    place = find_file(code)
    place.require(place.may_write(kind))
    if number:
        village_files.find(db.session, kind, place.village, number)
    values, faults = _read(place, kind)
    found = () if faults else personal_data.find_in(texts_of(kind, make(kind, 1, values)))
    if faults or (found and "kept" not in request.form):
        typed = dict(request.form)
        return _record_page(place, kind, number, typed, faults=faults, found=found), 400
    if number:
        seen = request.form.get("seen", "")
        args = (kind, place.village, number, values, seen, place.reader)
        record = village_files.change(db.session, *args)
    else:
        record = village_files.add(db.session, kind, place.village, values, place.reader)
    db.session.commit()
    flash(_("Saved."), "well")
    return _to_entry(place, kind, record.number)


def _read(place: FilePlace, kind: Kind) -> tuple[dict[str, Any], Faults]:
    values, faults = read_values(kind, request.form)
    faults = lacking(kind, values) | faults
    if "problem" in values:
        try:
            village_files.find(db.session, "problem", place.village, values["problem"])
        except Missing:
            faults["problem"] = say(N_("There is no problem with this number in the file."))
    return values, faults


@blueprint.post(f"{_ONE}/remove")
@reviewers
def remove_record(code: str, kind: Kind, number: int) -> ResponseReturnValue:
    """Who may write it: remove an entry with its proof."""
    begin_write(db.session)
    place = find_file(code)
    place.require(place.may_write(kind))
    digests = village_files.remove(db.session, kind, place.village, number, place.reader)
    db.session.commit()
    if digests:
        proofs.forget(db.session, settings().proofs, digests)
    flash(_("The entry is removed."), "well")
    return redirect(url_for("review.file", code=code, _anchor=kind), 303)


def _to_entry(place: FilePlace, kind: Kind, number: int) -> ResponseReturnValue:
    anchor = f"{kind}-{number}"
    return redirect(url_for("review.file", code=place.village.code, _anchor=anchor), 303)
