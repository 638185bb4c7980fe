"""A file into the register: chosen, looked at, imported; earlier imports, and their undoing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from flask import Response, flash, redirect, render_template, request, stream_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from survey.core.errors import Invalid
from survey.core.register import LABELS, Problem, Table, read_rows
from survey.core.register_header import guess_header
from survey.core.wording import Sentence
from survey.reports import register_file
from survey.storage import accounts, audit, progress, registers
from survey.storage.db import begin_write, db
from survey.storage.progress import IMPORT_STAGES, Report, Stage
from survey.storage.tables import AccountRow, RegisterPreviewRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.work import Work
from survey.web.fields import StaffForm
from survey.web.installation import settings
from survey.web.limits import number

LARGE_FILE = 2 * 1024**2
"""Bytes of a file from which on its reading is a page that shows how far it has come."""
MANY = 2000
"""Villages from which on the same is true of writing them."""
PROBLEMS_SHOWN = 500


class FileForm(StaffForm):
    """The register's file."""

    file = FileField(
        _l("File of the register"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )
    by_hand = BooleanField(_l("Say by hand which column is which"))


class ConfirmForm(StaffForm):
    """Yes to a preview."""

    token = HiddenField(validators=[InputRequired()])


@dataclass
class Outcome:
    """What came of looking at a file: a preview, columns to be named, or problems in its rows."""

    filename: str
    preview: str = ""
    upload: str = ""
    writing: bool = False
    problems: tuple[Problem, ...] = ()


@blueprint.get("/register/import")
@administrators
def choose_file() -> ResponseReturnValue:
    """Administrators: choose the register's file."""
    return _choosing(FileForm(), None), 200


def _choosing(form: FileForm, problem: Sentence | None) -> str:
    return render_template(
        "admin/import.html",
        form=form,
        problem=problem,
        waiting=registers.waiting(db.session, current_account()),
        layouts=registers.layouts(db.session),
        timezone=settings().timezone,
    )


@blueprint.post("/register/import")
@administrators
def preview_import() -> ResponseReturnValue:
    """Administrators: what a file would change, or everything that is wrong with it.

    A large file is read in a thread, and the page says how far it has come.
    """
    form = FileForm()
    if not form.validate_on_submit():
        return _choosing(form, None), 422
    content, filename = form.file.data.stream.read(), form.file.data.filename
    outcome = Outcome(filename)
    look = partial(look_at, outcome, content, current_account().id, by_hand=form.by_hand.data)
    if len(content) > LARGE_FILE:
        return watched(outcome, Work(look, "admin.preview_import"))
    try:
        look(progress.silent)
    except Invalid as fault:
        db.session.rollback()
        return _choosing(form, fault.sentence), 422
    return ended(outcome)


def ended(outcome: Outcome) -> ResponseReturnValue:
    """Return the page that *outcome* leads to."""
    if outcome.problems:
        return render_template(
            "admin/import_problems.html",
            filename=outcome.filename,
            problems=outcome.problems[:PROBLEMS_SHOWN],
            total=len(outcome.problems),
        ), 422
    if outcome.upload:
        return redirect(url_for("admin.name_columns", token=outcome.upload))
    return redirect(url_for("admin.show_preview", token=outcome.preview))


def look_at(
    outcome: Outcome, content: bytes, account_id: int, report: Report, *, by_hand: bool = False
) -> None:
    """Read a file and keep what comes of it in *outcome* and the database; commits.

    Raises `Invalid` where nothing can be made of it, not even by naming its columns.
    """
    stage = Stage(report, "file", 2)
    table = register_file.read(BytesIO(content), outcome.filename)
    stage.step()
    try:
        found = None if by_hand else read_rows(table, registers.remembered(db.session))
    except Invalid:
        if guess_header(table) is None:
            raise
        found = None
    stage.end()
    if found is not None and found.errors:
        outcome.problems = found.problems
        return
    begin_write(db.session)
    account = accounts.by_id(db.session, account_id)
    if found is None:
        outcome.upload = _keep_upload(account, outcome.filename, content, table)
    else:
        outcome.preview = registers.keep_preview(
            db.session, account, outcome.filename, found.entries, found.warnings, report=report
        )
    db.session.commit()


def _keep_upload(account: AccountRow, filename: str, content: bytes, table: Table) -> str:
    return registers.keep_upload(db.session, account, filename, content, table)


def watched(outcome: Outcome, work: Work) -> Response:
    """Return a page that is written while a file is looked at or imported."""
    page = stream_template(
        "admin/import_progress.html",
        outcome=outcome,
        stages=_stages(work),
        end=lambda: work.fault,
        shown=PROBLEMS_SHOWN,
    )
    response = Response(page, mimetype="text/html")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _stages(work: Work) -> Iterator[Any]:
    db.session.close()
    yield from work.told(IMPORT_STAGES)


@blueprint.get("/register/preview/<token>")
@administrators
def show_preview(token: str) -> ResponseReturnValue:
    """Administrators: what a checked file would change, page by page."""
    preview = registers.preview(db.session, current_account(), token)
    kinds = ("doubt", "changed", "added")
    at = {kind: request.args.get(kind, 1, type=number) for kind in kinds}
    return render_template(
        "admin/import_preview.html",
        form=ConfirmForm(formdata=None, token=token),
        preview=preview,
        pages={kind: registers.preview_page(db.session, preview, kind, at[kind]) for kind in kinds},
        labels=LABELS,
        address=lambda kind: (
            lambda page: url_for(
                "admin.show_preview", token=token, **at | {kind: page}, _anchor=kind
            )
        ),
    )


@blueprint.post("/register/confirm")
@administrators
def confirm_import() -> ResponseReturnValue:
    """Administrators: import what was previewed, all or nothing."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return redirect(url_for("admin.choose_file"))
    account = current_account()
    preview = registers.preview(db.session, account, form.token.data)
    write = partial(_import, preview.token, account.id)
    if _villages_in(preview) > MANY:
        return watched(Outcome(preview.filename, writing=True), Work(write, "admin.confirm_import"))
    counts = write(progress.silent)
    flash(
        _("Imported: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.", **counts),
        "well",
    )
    return redirect(url_for("admin.register"))


def _villages_in(preview: RegisterPreviewRow) -> int:
    return sum(preview.counts[kind] for kind in ("added", "changed", "unchanged"))


def _import(token: str, account_id: int, report: Report) -> dict[str, int]:
    """Import a preview as the account that kept it; commits and returns what was done."""
    begin_write(db.session)
    account = accounts.by_id(db.session, account_id)
    preview = registers.take_preview(db.session, account, token)
    changes = registers.apply(
        db.session, preview.entries, account.username, preview.filename, report=report
    )
    audit.record(
        db.session, account.username, "register.import", preview.filename, **changes.counts
    )
    db.session.commit()
    return changes.counts


@blueprint.get("/register/history")
@administrators
def imports() -> ResponseReturnValue:
    """Administrators: who imported what and when."""
    return render_template(
        "admin/imports.html",
        imports=registers.history(db.session),
        timezone=settings().timezone,
    )


@blueprint.get("/register/history/<int:import_id>")
@administrators
def show_import(import_id: int) -> ResponseReturnValue:
    """Administrators: what one import changed, and whether it can be undone."""
    row = registers.by_id(db.session, import_id)
    return render_template(
        "admin/import_shown.html",
        row=row,
        changed=registers.changed_by(db.session, row, request.args.get("page", 1, type=number)),
        obstacle=registers.obstacle(db.session, row),
        labels=LABELS,
        timezone=settings().timezone,
        address=lambda page: url_for("admin.show_import", import_id=import_id, page=page),
    )


@blueprint.post("/register/history/<int:import_id>/undo")
@administrators
def undo_import(import_id: int) -> ResponseReturnValue:
    """Administrators: take the last import back."""
    begin_write(db.session)
    registers.undo(db.session, registers.by_id(db.session, import_id), current_account())
    db.session.commit()
    flash(_("Undone: the register is as it was before this import."), "well")
    return redirect(url_for("admin.imports"))
