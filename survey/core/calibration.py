"""Calibration villages: files that every acceptance group scores, so that groups can be compared.

They have no ballots and are no villages of the round. See docs/method.md, “Groups”.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from survey.core.cleaning import clean
from survey.core.evaluation import Faults, Form, Scale
from survey.core.groups import LEAST_CALIBRATION_VILLAGES
from survey.core.wording import N_, Sentence, say

PLACES = range(1, 7)
"""The lines of the sheet: at most six calibration villages."""
NAME_MAXIMUM = 200

_POINTS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


@dataclass(frozen=True)
class Sheet:
    """The calibration villages of a round: *names* by place, *points* by place and group id.

    Points are those of the group's consensus, on the scale of the round's grades, 100 best.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    points: Mapping[tuple[int, int], float] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """What tells this sheet from any other, 16 hexadecimal digits."""
        said = [sorted(self.names.items()), sorted(self.points.items())]
        return blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()

    def of_groups(self, groups: Mapping[int, str]) -> dict[str, dict[str, float]]:
        """Return the points by name of group and of village; *groups* are names by id."""
        return {
            group: {
                name: self.points[place, group_id]
                for place, name in self.names.items()
                if (place, group_id) in self.points
            }
            for group_id, group in groups.items()
        }


@dataclass(frozen=True)
class Change:
    """What one sheet says otherwise than another; *group_id* is None for the village's name."""

    place: int
    group_id: int | None
    old: str
    new: str


def read(
    form: Form, groups: Iterable[int], scale: Scale, villages: Iterable[tuple[str, str, str]]
) -> tuple[Sheet, Faults]:
    """Return what can be read of *form*, and a sentence for each field that cannot.

    Fields: ``name.<place>`` and ``points.<place>.<group id>``; empty ones say nothing. *villages*
    are code, township and name of each village of the round: none of them may calibrate.
    """
    faults: Faults = {}
    names = {place: clean(form.get(name_field(place), "")) for place in PLACES}
    points = _points(form, groups, scale, faults)
    named = {place: name for place, name in names.items() if name}
    faults |= _misnamed(named, list(villages))
    for place in PLACES:
        if place not in named and any(form.get(one, "").strip() for one in _cells(form, place)):
            faults.setdefault(
                name_field(place), say(N_("Please name this village, or clear its points."))
            )
    if 0 < len(named) < LEAST_CALIBRATION_VILLAGES:
        faults.setdefault(
            name_field(next(place for place in PLACES if place not in named)),
            say(
                N_("Please name at least %(least)d villages, or none: fewer compare nothing."),
                least=LEAST_CALIBRATION_VILLAGES,
            ),
        )
    return Sheet(named, points), faults


def to_form(sheet: Sheet) -> dict[str, str]:
    """Return *sheet* as the fields that `read` takes."""
    form = {name_field(place): name for place, name in sheet.names.items()}
    return form | {points_field(*cell): written(points) for cell, points in sheet.points.items()}


def name_field(place: int) -> str:
    """Return the field that names the village at *place*."""
    return f"name.{place}"


def points_field(place: int, group_id: int) -> str:
    """Return the field for a group's points of the village at *place*."""
    return f"points.{place}.{group_id}"


def written(points: float | None) -> str:
    """Return *points* as they are typed: ``82.75``; nothing for None."""
    return "" if points is None else f"{points:g}"


def changes(old: Sheet, new: Sheet) -> list[Change]:
    """Return what *new* says otherwise than *old*: names first, then points."""
    names = [
        Change(place, None, old.names.get(place, ""), new.names.get(place, "")) for place in PLACES
    ]
    points = [
        Change(place, group, written(old.points.get(cell)), written(new.points.get(cell)))
        for cell in sorted(old.points.keys() | new.points.keys())
        for place, group in (cell,)
    ]
    return [change for change in (*names, *points) if change.old != change.new]


def kept_meanwhile(form: Form, kept: Sheet, groups: Iterable[int]) -> Faults:
    """Return, for each field of *form* that differs from the *kept* sheet, what is kept there."""
    now = to_form(kept)
    fields = [name_field(place) for place in PLACES]
    fields += [points_field(place, group) for place in PLACES for group in groups]
    return {
        one: _kept(now.get(one, ""))
        for one in fields
        if clean(form.get(one, "")) != now.get(one, "")
    }


def _kept(text: str) -> Sentence:
    if not text:
        return say(N_("Kept now: nothing"))
    return say(N_("Kept now: %(text)s"), text=text)


def _points(
    form: Form, groups: Iterable[int], scale: Scale, faults: Faults
) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for group in groups:
        for place in PLACES:
            name = points_field(place, group)
            text = unicodedata.normalize("NFKC", clean(form.get(name, "")))
            if not text:
                continue
            if _POINTS.fullmatch(text) and scale.lowest <= float(text) <= scale.highest:
                found[place, group] = float(text)
            else:
                faults[name] = say(
                    N_("Please give %(lowest)d to %(highest)d, with two decimals at most."),
                    lowest=scale.lowest,
                    highest=scale.highest,
                )
    return found


def _cells(form: Form, place: int) -> list[str]:
    return [name for name in form if name.startswith(f"points.{place}.")]


def _misnamed(named: Mapping[int, str], villages: list[tuple[str, str, str]]) -> Faults:
    codes = {code for code, _township, _name in villages}
    taken = {_folded(name) for _code, _township, name in villages}
    taken |= {_folded(township + name) for _code, township, name in villages}
    seen: set[str] = set()
    faults: Faults = {}
    for place, name in named.items():
        folded = _folded(name)
        fault = None
        if len(name) > NAME_MAXIMUM:
            fault = say(
                N_("This name has %(length)d characters. Please keep it to %(maximum)d."),
                length=len(name),
                maximum=NAME_MAXIMUM,
            )
        elif folded in taken or codes & set(re.findall("[0-9]{12}", folded)):
            fault = say(
                N_(
                    "This is a village of the round itself. Please choose another; if it only has"
                    " the same name, write where it is."
                )
            )
        elif folded in seen:
            fault = say(N_("This village is named above already."))
        seen.add(folded)
        if fault:
            faults[name_field(place)] = fault
    return faults


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
