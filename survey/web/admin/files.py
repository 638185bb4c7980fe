"""The village files together: how complete each is, and all of them as a workbook, out and in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import InputRequired

from survey.core.errors import Invalid
from survey.core.village_file import EMPTY, Completeness, completeness
from survey.core.village_file_import import Plan, plan
from survey.core.village_file_table import SHEETS
from survey.reports import village_files as workbook
from survey.storage import registers, village_file_books, village_files
from survey.storage.db import begin_write, db, now
from survey.storage.tables import VillageRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.watch import WORKBOOK
from survey.web.fields import StaffForm
from survey.web.installation import settings
from survey.web.limits import number
from survey.web.paper import reader, send_download

SHOWN = 200


class WorkbookForm(StaffForm):
    """A workbook of village files."""

    file = FileField(
        _l("Workbook of village files"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".xlsx,.xls"},
    )


class ImportForm(StaffForm):
    """Yes to a preview."""

    token = HiddenField(validators=[InputRequired()])


@dataclass(frozen=True)
class Line:
    """One village of the list and how complete its file is."""

    village: VillageRow
    complete: Completeness


@blueprint.get("/files")
@administrators
def files() -> ResponseReturnValue:
    """Administrators: the villages of the register with the state of their files, fifty a page."""
    asked = {name: request.args.get(name, "").strip() for name in ("search", "township")}
    page = registers.listing(
        db.session,
        asked["search"],
        asked["township"],
        page=request.args.get("page", 1, type=number),
    )
    return render_template(
        "admin/files.html",
        page=page,
        lines=_lines(page.rows),
        asked=asked,
        townships=registers.townships(db.session),
        address=lambda number: url_for("admin.files", **asked, page=number),
    )


def _lines(rows: list[VillageRow]) -> list[Line]:
    wanted = sa.select(VillageRow.id).where(VillageRow.id.in_([row.id for row in rows]))
    found = village_files.tallies(db.session, wanted, _today())
    return [Line(row, completeness(found.get(row.id, EMPTY))) for row in rows]


def _today() -> date:
    return now(db.session).astimezone(settings().zone).date()


@blueprint.get("/files.xlsx")
@administrators
def files_workbook() -> Response:
    """Administrators: the files of all villages, or of one township, as a workbook."""
    township = request.args.get("township", "").strip()
    wanted = sa.select(VillageRow.id)
    if township:
        wanted = wanted.where(VillageRow.township == township)
    entries = village_file_books.entries(db.session, wanted)
    content = workbook.write(entries, settings().office, reader().translate)
    return send_download(content, WORKBOOK, "village-files.xlsx")


@blueprint.get("/files/import")
@administrators
def choose_workbook() -> ResponseReturnValue:
    """Administrators: choose a workbook of village files."""
    return render_template("admin/files_import.html", form=WorkbookForm(), problem=None)


@blueprint.post("/files/import")
@administrators
def preview_workbook() -> ResponseReturnValue:
    """Administrators: what a workbook would change, or everything that is wrong with it."""
    form = WorkbookForm()
    if not form.validate_on_submit():
        return render_template("admin/files_import.html", form=form, problem=None), 422
    upload = form.file.data
    try:
        reading = workbook.read(upload.stream, upload.filename or "")
    except Invalid as fault:
        return render_template("admin/files_import.html", form=form, problem=fault.sentence), 422
    begin_write(db.session)
    found = plan(
        reading, village_file_books.known(db.session, (line.code for line in reading.lines))
    )
    return _preview(upload.filename or "", found)


def _preview(filename: str, found: Plan) -> ResponseReturnValue:
    token = ""
    if not found.faults:
        planned = (*found.added, *found.changed)
        token = village_file_books.keep_preview(db.session, current_account(), filename, planned)
    db.session.commit()
    page = render_template(
        "admin/files_preview.html",
        form=ImportForm(formdata=None, token=token),
        filename=filename,
        plan=found,
        sheets=SHEETS,
        shown=SHOWN,
    )
    return page, 422 if found.faults else 200


@blueprint.post("/files/confirm")
@administrators
def import_workbook() -> ResponseReturnValue:
    """Administrators: import what was previewed, all or nothing."""
    form = ImportForm()
    if not form.validate_on_submit():
        return redirect(url_for("admin.choose_workbook"))
    begin_write(db.session)
    account = current_account()
    filename, planned = village_file_books.take_preview(db.session, account, form.token.data)
    counts = village_file_books.apply(db.session, planned, account, filename)
    db.session.commit()
    flash(_("Imported: %(added)s added, %(changed)s changed.", **counts), "well")
    return redirect(url_for("admin.files"))
