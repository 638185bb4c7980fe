"""The constants of a round as fields: points as they are, shares in percent."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FloatField, Form, IntegerField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from survey.core.policy import Policy
from survey.web.fields import PercentField

_DEFAULT = Policy()
_POINTS = [
    InputRequired(_l("Please type a number from 0 to 100.")),
    NumberRange(0, 100, _l("Please type a number from 0 to 100.")),
]
_SHARE = [
    InputRequired(_l("Please type a percentage from 0 to 100.")),
    NumberRange(0, 1, _l("Please type a percentage from 0 to 100.")),
]
_TOLERANCE = 1e-9


def _points(name: str, label: str) -> FloatField:
    return FloatField(label, _POINTS, default=getattr(_DEFAULT, name))


def _share(name: str, label: str) -> PercentField:
    return PercentField(label, _SHARE, default=getattr(_DEFAULT, name))


class PolicyForm(Form):
    """One round's constants; what is shown first is what docs/method.md recommends."""

    value_good = _points("value_good", _l("Points of good"))
    value_fairly_good = _points("value_fairly_good", _l("Points of fairly good"))
    value_average = _points("value_average", _l("Points of average"))
    value_poor = _points("value_poor", _l("Points of poor"))
    weight_self = _share("weight_self", _l("Weight of the self-evaluation, percent"))
    weight_mass = _share("weight_mass", _l("Weight of the mass evaluation, percent"))
    weight_organisational = _share(
        "weight_organisational", _l("Weight of the organisational evaluation, percent")
    )
    band_good = _points("band_good", _l("Good from"))
    band_fairly_good = _points("band_fairly_good", _l("Fairly good from"))
    band_average = _points("band_average", _l("Average from"))
    good_needs_positive_share = _share(
        "good_needs_positive_share", _l("Good needs this share of good and fairly good, percent")
    )
    minimum_mass_ballots = IntegerField(
        _l("Fewest mass ballots for a suggestion"),
        [
            InputRequired(_l("Please type a whole number.")),
            NumberRange(1, None, _l("Please type 1 or more.")),
        ],
        default=_DEFAULT.minimum_mass_ballots,
    )
    minimum_turnout = PercentField(
        _l("Lowest turnout for a suggestion, percent"),
        [Optional(), NumberRange(0, 1, _l("Please type a percentage from 0 to 100."))],
        default=_DEFAULT.minimum_turnout,
    )
    cap_on_good = _share("cap_on_good", _l("Largest share of villages rated good, percent"))
    veto_poor_share = _share("veto_poor_share", _l("Rated poor where this share is poor, percent"))
    veto_average_share = _share(
        "veto_average_share", _l("Rated average at best where this share is poor, percent")
    )
    notable_gap = _points("notable_gap", _l("A gap between two voices is named from, points"))
    seal_delay_minutes = IntegerField(
        _l("Minutes between closing and sealing"),
        [
            InputRequired(_l("Please type a whole number.")),
            NumberRange(0, 1440, _l("Please type a number of minutes up to 1,440.")),
        ],
        default=_DEFAULT.seal_delay_minutes,
    )
    veto_events = TextAreaField(_l("Events that rule out a good rating, one on each line"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each number, then that they go together."""
        return super().validate(extra_validators) and self._goes_together()

    def _goes_together(self) -> bool:
        values = [
            self.value_good.data,
            self.value_fairly_good.data,
            self.value_average.data,
            self.value_poor.data,
        ]
        bands = [self.band_good.data, self.band_fairly_good.data, self.band_average.data]
        weights = [self.weight_self.data, self.weight_mass.data, self.weight_organisational.data]
        faults = (
            (_falls(values), self.value_good, _("The points must fall from good to poor.")),
            (_falls(bands), self.band_good, _("The bands must fall from good to average.")),
            (
                abs(sum(weights) - 1) < _TOLERANCE,
                self.weight_self,
                _("The three weights must add up to 100 percent."),
            ),
        )
        for fine, field, fault in faults:
            if not fine:
                field.errors = [*field.errors, fault]
        return all(fine for fine, _field, _fault in faults)

    def policy(self) -> Policy:
        """Return the constants that were typed."""
        typed = {name: value for name, value in self.data.items() if name != "veto_events"}
        events = (line.strip() for line in (self.veto_events.data or "").splitlines())
        return Policy(**typed, veto_events=tuple(event for event in events if event))


def _falls(numbers: list[float]) -> bool:
    return numbers == sorted(set(numbers), reverse=True)
