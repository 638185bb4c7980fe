"""The first run: who the office is and its first administrator; there once, then gone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from survey.core.errors import Invalid, Missing, Refused
from survey.core.round import is_local
from survey.core.wording import N_, Sentence
from survey.storage import accounts, devices, set_up
from survey.storage.db import begin_write, db
from survey.storage.installation import About
from survey.storage.tables import AccountRow
from survey.web import i18n
from survey.web.access import is_staff_path
from survey.web.auth import device
from survey.web.auth.blueprint import blueprint
from survey.web.auth.invitation import begin_session
from survey.web.fields import LANGUAGES, NEW_PASSWORD, StaffForm
from survey.web.installation import about, settings

_DONE = "set up"
_OWN = {"auth.set_up", "auth.finish_set_up"}
_NEEDED = InputRequired(_l("Please fill this in."))
_LINE = Length(max=120, message=_l("Please use 120 characters at most."))
_AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class SetUpForm(StaffForm):
    """The code of the server, the office, and its first administrator."""

    code = StringField(
        _l("Set-up code"), [_NEEDED, _LINE], render_kw=_AS_TYPED | {"autocomplete": "off"}
    )
    office = StringField(_l("Name of the office"), [_NEEDED, _LINE])
    phone = StringField(_l("Telephone for questions"), [_NEEDED, _LINE], render_kw={"type": "tel"})
    base_address = StringField(
        _l("Address that villagers open"),
        [_NEEDED, _LINE],
        render_kw=_AS_TYPED | {"type": "url"},
    )
    language = RadioField(_l("Language"), choices=LANGUAGES, default="zh")
    name = StringField(_l("Your name"), [_NEEDED, Length(max=60)])
    username = StringField(
        _l("User name"),
        [InputRequired(_l("Please type a user name.")), Length(max=40)],
        render_kw=_AS_TYPED | {"autocomplete": "username"},
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(_l("Please type a new password.")), Length(max=accounts.MAXIMUM_PASSWORD)],
        render_kw=NEW_PASSWORD,
    )
    again = PasswordField(
        _l("New password once more"),
        [
            InputRequired(_l("Please type the new password once more.")),
            EqualTo("new", _l("The two are not the same. Please type both again.")),
        ],
        render_kw=NEW_PASSWORD,
    )

    def validate_base_address(self, field: StringField) -> None:
        """Ask for https:// and a name alone; http:// does for this machine."""
        field.data = field.data.strip().rstrip("/")
        parts = urlsplit(field.data)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_local(field.data))
        if not safe or not parts.hostname or parts.path or parts.query or parts.fragment:
            raise ValidationError(
                _("Please type https:// and the name of the site, with nothing after it.")
            )

    def said(self) -> About:
        """Return what the office says of itself."""
        return About(self.office.data, self.base_address.data, self.language.data, self.phone.data)


def register(app: Flask) -> None:
    """Lead every page of the staff of *app* to the set-up while nobody has an account."""
    app.before_request(lead_there)
    app.add_template_global(is_needed, "set_up_needed")


def is_needed() -> bool:
    """Say whether nobody has an account yet; once somebody has, the database is asked no more."""
    if not current_app.extensions.get(_DONE) and set_up.is_done(db.session):
        current_app.extensions[_DONE] = True
        about()
    return not current_app.extensions.get(_DONE)


def lead_there() -> ResponseReturnValue | None:
    """Everybody, on any page of the staff, while nobody has an account; errors stay errors."""
    if request.endpoint is None or request.endpoint in _OWN or not is_staff_path(request.path):
        return None
    if is_needed():
        return redirect(url_for("auth.set_up"))
    return None


@blueprint.get("/set-up", endpoint="set_up")
def ask_set_up() -> ResponseReturnValue:
    """Whoever sets the service up, with the code that it printed; gone afterwards."""
    _require_needed()
    found = about()
    proposed = {
        "office": found.office,
        "base_address": found.base_address or _here(),
        "language": i18n.language(),
    }
    return _page(SetUpForm(data=proposed))


def _require_needed() -> None:
    if not is_needed():
        raise Missing(N_("This installation is set up already."))


def _here() -> str:
    """Return the address by which this browser came; a web server in front speaks https."""
    local = is_local(request.host_url)
    return f"{'http' if local else 'https'}://{request.host}"


def _page(form: SetUpForm, problem: Sentence | None = None) -> ResponseReturnValue:
    return render_template(
        "auth/set_up.html",
        form=form,
        problem=problem,
        minimum=accounts.MINIMUM_PASSWORD,
        fixed=_fixed(),
    ), (422 if problem or form.errors else 200)


def _fixed() -> dict[str, Any]:
    """Return what the settings say, which wins over what is typed, by the setting's name."""
    names = settings().model_fields_set & {"office", "base_address", "language"}
    return {f"SURVEY_{name.upper()}": getattr(settings(), name) for name in sorted(names)}


@blueprint.post("/set-up")
def finish_set_up() -> ResponseReturnValue:
    """The same: makes the first administrator and signs them in."""
    _require_needed()
    form = SetUpForm()
    if not form.validate_on_submit():
        return _page(form)
    begin_write(db.session)
    try:
        set_up.check(db.session, form.code.data, str(current_app.secret_key))
    except Refused as fault:
        db.session.commit()
        return _page(form, fault.sentence)
    try:
        person = set_up.finish(
            db.session, form.username.data, form.name.data, form.new.data, form.said()
        )
    except Invalid as fault:
        db.session.rollback()
        return _page(form, fault.sentence)
    return _enter(person)


def _enter(person: AccountRow) -> ResponseReturnValue:
    token = devices.remember(db.session, person, "")
    db.session.commit()
    is_needed()
    begin_session(person)
    flash(_("The installation is set up. Here is what comes next."), "well")
    return device.keep(make_response(redirect(url_for("admin.home"))), token)
