"""Which column of an office's file is which: named by hand once, remembered, forgettable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, Length

from survey.core.errors import Invalid, SurveyError
from survey.core.register import LABELS, NEEDED, Table
from survey.core.register_cells import as_text
from survey.core.register_columns import names_of
from survey.core.register_header import choose_columns, find_header, guess_header, header_in, letter
from survey.core.wording import Sentence
from survey.storage import progress, registers
from survey.storage.db import begin_write, db
from survey.storage.tables import RegisterUploadRow
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.admin.imports import LARGE_FILE, Outcome, ended, look_at, watched
from survey.web.admin.work import Work
from survey.web.fields import StaffForm
from survey.web.installation import settings
from survey.web.limits import number

EXAMPLES = 3


class ColumnsForm(StaffForm):
    """Where the column names stand; the selects beside it are named by their columns."""

    row = IntegerField(validators=[InputRequired()])


class ForgetForm(StaffForm):
    """Which header's columns are forgotten."""

    signature = HiddenField(validators=[InputRequired(), Length(max=64)])


@dataclass(frozen=True)
class Column:
    """One column of a file: its letter, its name, values below it, and the field chosen for it."""

    number: int
    letter: str
    name: str
    examples: list[str]
    chosen: str


@blueprint.get("/register/columns/<token>", endpoint="name_columns")
@administrators
def ask_columns(token: str) -> ResponseReturnValue:
    """Administrators: the columns of a file, to say which is which."""
    upload = registers.upload(db.session, current_account(), token)
    guessed = guess_header(upload.top)
    row = request.args.get("row", guessed.row if guessed else 1, type=number)
    try:
        known = header_in(upload.top, row).columns
    except Invalid as fault:
        return _page(upload, guessed.row if guessed else 1, [], fault.sentence), 422
    field_of = {column: field for field, column in known.items()}
    width = len(names_of(upload.top[row - 1]))
    chosen = [field_of.get(column, "") for column in range(width)]
    return _page(upload, row, chosen, _unread(upload)), 200


def _unread(upload: RegisterUploadRow) -> Sentence | None:
    """Return why the file could not be read by its column names alone."""
    try:
        find_header(upload.top, registers.remembered(db.session))
    except Invalid as fault:
        return fault.sentence
    return None


@blueprint.post("/register/columns/<token>")
@administrators
def keep_columns(token: str) -> ResponseReturnValue:
    """Administrators: remember the columns and look at the file with them."""
    upload = registers.upload(db.session, current_account(), token)
    form = ColumnsForm()
    if not form.validate_on_submit():
        return redirect(url_for("admin.name_columns", token=token))
    row, chosen = form.row.data, []
    try:
        header_in(upload.top, row)
        names = names_of(upload.top[row - 1])
        chosen = [request.form.get(f"column-{at}", "") for at in range(len(names))]
        columns = choose_columns(chosen)
    except SurveyError as fault:
        return _page(upload, row, chosen, fault.sentence), 422
    begin_write(db.session)
    account = current_account()
    registers.remember(db.session, names, columns, upload.filename, account)
    outcome, content, account_id = Outcome(upload.filename), upload.content, account.id
    db.session.delete(upload)
    db.session.commit()
    look = partial(look_at, outcome, content, account_id)
    if len(content) > LARGE_FILE:
        return watched(outcome, Work(look, "admin.keep_columns"))
    look(progress.silent)
    return ended(outcome)


def _page(upload: RegisterUploadRow, row: int, chosen: list[str], problem: Sentence | None) -> str:
    rows = upload.top
    names = names_of(rows[row - 1]) if 1 <= row <= len(rows) else ()
    return render_template(
        "admin/columns.html",
        form=ColumnsForm(formdata=None, row=row),
        upload=upload,
        row=row,
        columns=[
            Column(at, letter(at), name, _examples(rows[row:], at), _at(chosen, at))
            for at, name in enumerate(names)
        ],
        labels=LABELS,
        needed=NEEDED,
        problem=problem,
    )


def _at(chosen: list[str], column: int) -> str:
    return chosen[column] if column < len(chosen) else ""


def _examples(rows: Table, column: int) -> list[str]:
    """Return the first different values of a column."""
    values = (as_text(cells[column]) for cells in rows if column < len(cells))
    return list(dict.fromkeys(filter(None, values)))[:EXAMPLES]


@blueprint.get("/register/columns")
@administrators
def remembered_columns() -> ResponseReturnValue:
    """Administrators: the headers whose columns were named by hand."""
    return render_template(
        "admin/remembered_columns.html",
        layouts=registers.layouts(db.session),
        labels=LABELS,
        letter=letter,
        timezone=settings().timezone,
    )


@blueprint.post("/register/columns/forget")
@administrators
def forget_columns() -> ResponseReturnValue:
    """Administrators: forget the columns of one header."""
    form = ForgetForm()
    if form.validate_on_submit():
        begin_write(db.session)
        registers.forget(db.session, form.signature.data, current_account())
        db.session.commit()
        flash(_("Forgotten. The next file with these column names is asked about again."), "well")
    return redirect(url_for("admin.remembered_columns"))
