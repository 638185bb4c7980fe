"""The register's pages: looking villages up, importing a file, what was imported before."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import InputRequired

from survey.core.errors import Invalid
from survey.core.register import LABELS, read_rows
from survey.reports import register_file
from survey.storage import audit, registers
from survey.storage.db import begin_write, db
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm
from survey.web.installation import settings
from survey.web.limits import number

SHOWN = 200


class FileForm(StaffForm):
    """The register's file."""

    file = FileField(
        _l("File of the register"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )


class ConfirmForm(StaffForm):
    """Yes to a preview."""

    token = HiddenField(validators=[InputRequired()])


@blueprint.get("/register")
@administrators
def register() -> ResponseReturnValue:
    """Administrators: the villages of the register, fifty a page."""
    asked = {name: request.args.get(name, "").strip() for name in ("search", "township", "group")}
    page = registers.listing(
        db.session,
        asked["search"],
        asked["township"],
        request.args.get("group", type=number),
        request.args.get("page", 1, type=number),
    )
    return render_template(
        "admin/register.html",
        page=page,
        asked=asked,
        townships=registers.townships(db.session),
        groups=registers.groups(db.session),
        address=lambda number: url_for("admin.register", **asked, page=number),
    )


@blueprint.get("/register/import")
@administrators
def choose_file() -> ResponseReturnValue:
    """Administrators: choose the register's file."""
    return render_template("admin/import.html", form=FileForm(), problem=None)


@blueprint.post("/register/import")
@administrators
def preview_import() -> ResponseReturnValue:
    """Administrators: what a file would change, or everything that is wrong with it."""
    form = FileForm()
    if not form.validate_on_submit():
        return render_template("admin/import.html", form=form, problem=None), 422
    upload = form.file.data
    try:
        found = read_rows(register_file.read(upload.stream, upload.filename))
    except Invalid as fault:
        return render_template("admin/import.html", form=form, problem=fault.sentence), 422
    if found.errors:
        return render_template(
            "admin/import_problems.html", filename=upload.filename, problems=found.problems
        ), 422
    begin_write(db.session)
    changes = registers.compare(db.session, found.entries)
    token = registers.keep_preview(db.session, current_account(), upload.filename, found.entries)
    db.session.commit()
    return render_template(
        "admin/import_preview.html",
        form=ConfirmForm(formdata=None, token=token),
        filename=upload.filename,
        changes=changes,
        warnings=found.warnings,
        labels=LABELS,
        shown=SHOWN,
    )


@blueprint.post("/register/confirm")
@administrators
def confirm_import() -> ResponseReturnValue:
    """Administrators: import what was previewed, all or nothing."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return redirect(url_for("admin.choose_file"))
    begin_write(db.session)
    account = current_account()
    preview = registers.take_preview(db.session, account, form.token.data)
    changes = registers.apply(db.session, preview.entries, account.username, preview.filename)
    audit.record(
        db.session, account.username, "register.import", preview.filename, **changes.counts
    )
    db.session.commit()
    flash(
        _(
            "Imported: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.",
            **changes.counts,
        ),
        "well",
    )
    return redirect(url_for("admin.register"))


@blueprint.get("/register/history")
@administrators
def imports() -> ResponseReturnValue:
    """Administrators: who imported what and when."""
    return render_template(
        "admin/imports.html",
        imports=registers.history(db.session),
        timezone=settings().timezone,
    )
