"""The form that makes a round, and the draft that it says."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.validators import ValidationError as FieldError
from wtforms.widgets import CheckboxInput, ListWidget

from survey.core import faults
from survey.core.errors import SurveyError
from survey.core.round import AudienceDraft, RoundDraft
from survey.core.wording import Sentence
from survey.web.fields import StaffForm, options
from survey.web.installation import settings
from survey.web.policy_form import PolicyForm

_LINE = Length(max=120, message=_l("Please use 120 characters at most."))
_NEEDED = InputRequired(_l("Please fill this in."))
_DATE = InputRequired(_l("Please choose a date."))


_PLAIN = (
    "title",
    "slug",
    "results_on",
    "results_place",
    "help_on",
    "help_place",
    "phone",
    "key_holding",
)


class AudienceForm(Form):
    """Whether an audience is asked, what, and how it gets to the form."""

    asked = BooleanField(_l("Ask this audience"), default=True)
    questionnaire = SelectField(_l("Questionnaire"))
    access = RadioField(
        _l("How people get to the form"),
        choices=options(
            ("ticket", _l("Tickets")),
            ("poster", _l("Poster")),
            ("both", _l("Both")),
        ),
        default="ticket",
    )


class DatesForm(StaffForm):
    """How a round is called, when and where it takes place, and who holds its key."""

    title = StringField(_l("Title of the round"), [_NEEDED, _LINE])
    slug = StringField(
        _l("Short name"),
        [
            _NEEDED,
            Regexp(
                r"^[a-z0-9][a-z0-9-]{1,39}$",
                message=_l("Please use 2 to 40 small letters, digits and dashes."),
            ),
        ],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    opens_at = DateTimeLocalField(_l("Answers from"), [_DATE])
    closes_at = DateTimeLocalField(_l("Answers until"), [_DATE])
    results_on = DateField(_l("Results hang on"), [_DATE])
    results_place = StringField(_l("Results hang at"), [_NEEDED, _LINE])
    help_on = DateField(_l("Help with filling in, on"), [_DATE])
    help_place = StringField(_l("Help with filling in, at"), [_NEEDED, _LINE])
    phone = StringField(_l("Telephone for questions"), [_NEEDED, _LINE], render_kw={"type": "tel"})
    key_holding = RadioField(
        _l("Key of the ballot box"),
        choices=options(
            ("halves", _l("Two persons hold half of the key each")),
            ("server", _l("The server holds the key")),
        ),
        default="halves",
    )

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        """The round closes after it opens."""
        if self.opens_at.data and field.data and field.data <= self.opens_at.data:
            raise FieldError(_("Answers must end after they begin."))

    def validate_results_on(self, field: DateField) -> None:
        """Nobody knows a result before the round has closed."""
        if self.closes_at.data and field.data and field.data < self.closes_at.data.date():
            raise FieldError(_("Results cannot hang before the answers end."))


class RoundForm(DatesForm):
    """Everything about a round but its keys."""

    which = RadioField(
        _l("Which villages"),
        choices=options(
            ("all", _l("The whole register")),
            ("townships", _l("The townships ticked below")),
            ("groups", _l("The acceptance groups ticked below")),
            ("codes", _l("The codes listed below")),
        ),
        default="all",
    )
    townships = SelectMultipleField(
        _l("Townships"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    groups = SelectMultipleField(
        _l("Acceptance groups"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    codes = TextAreaField(_l("Codes of villages"), [Optional(), Length(max=200_000)])
    mass = FormField(AudienceForm)
    self_ = FormField(AudienceForm)
    office = StringField(_l("Office that asks"), [_NEEDED, _LINE])
    policy = FormField(PolicyForm)

    def validate_townships(self, field: SelectMultipleField) -> None:
        """Ask for a township where townships are wanted."""
        if self.which.data == "townships" and not field.data:
            raise FieldError(_("Please tick at least one township."))

    def validate_groups(self, field: SelectMultipleField) -> None:
        """Ask for a group where groups are wanted."""
        if self.which.data == "groups" and not field.data:
            raise FieldError(_("Please tick at least one acceptance group."))

    def validate_codes(self, field: TextAreaField) -> None:
        """Ask for a code where codes are wanted."""
        if self.which.data == "codes" and not _listed(field.data):
            raise FieldError(_("Please list at least one code of a village."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that somebody is asked."""
        fine = super().validate(extra_validators)
        if any(part.form.asked.data for part in self.audiences.values()):
            return fine
        self.mass.form.asked.errors = [_("Please choose at least one audience.")]
        return False

    @property
    def audiences(self) -> dict[str, FormField]:
        """Return the part of each audience."""
        return {"mass": self.mass, "self": self.self_}


def when_and_where(form: DatesForm) -> dict[str, Any]:
    """Return what *form* says of a `RoundDraft`; its times are in the office's time zone."""
    zone = settings().zone
    return {name: form[name].data for name in _PLAIN} | {
        "timezone": settings().timezone,
        "opens_at": form.opens_at.data.replace(tzinfo=zone),
        "closes_at": form.closes_at.data.replace(tzinfo=zone),
    }


def said(fault: SurveyError | ValidationError) -> Sentence:
    """Return what is wrong with a draft."""
    if isinstance(fault, SurveyError):
        return fault.sentence
    return Sentence("%(faults)s", {"faults": faults.of(fault)})


def draft(form: RoundForm, codes_ticked: tuple[str, ...]) -> RoundDraft:
    """Return what *form* says; *codes_ticked* are of the townships or groups that it ticks."""
    codes = {"all": (), "codes": _listed(form.codes.data)}
    return RoundDraft(
        **when_and_where(form),
        office=form.office.data,
        audiences={
            audience: AudienceDraft(
                questionnaire_digest=part.form.questionnaire.data, access=part.form.access.data
            )
            for audience, part in form.audiences.items()
            if part.form.asked.data
        },
        village_codes=codes.get(form.which.data, codes_ticked),
        policy=form.policy.form.policy(),
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[0-9A-Za-z]+", text or "")))
