"""The organisational evaluation (组织考评): what a member of an acceptance group writes down.

Points are whole numbers on the scale of the round's grades, 40–100 by default, 100 best. The list
of interview roles keeps names out; the list of materials is that of the office's checklist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from survey.core.cleaning import clean
from survey.core.errors import Damaged
from survey.core.wording import N_, Sentence, say

NOTE_MAXIMUM = 1000
NUMBER_MAXIMUM = 999
FAR_APART = 15
"""Points between two members' marks from which on a group should talk about them."""

ROLES: dict[Role, str] = {
    "villager": N_("villagers"),
    "raised": N_("villagers who raised a problem"),
    "party_member": N_("party members"),
    "committee": N_("village officials"),
    "helper": N_("those sent to help the village"),
    "township": N_("township officials"),
}
"""Who was interviewed: by role, never by name."""

MATERIALS: dict[Dimension, dict[str, str]] = {
    "investigation": {
        "visit_records": N_("visit records"),
        "village_analysis": N_("village analysis form"),
        "problem_list": N_("list of problems"),
    },
    "measures": {
        "plan": N_("rectification plan"),
        "meeting_records": N_("party-day and meeting records"),
        "disclosure_photos": N_("photos of disclosure boards"),
        "asset_verification": N_("verification of village assets"),
    },
    "effects": {
        "closeout_ledger": N_("close-out ledger"),
        "callback_records": N_("call-back records: both parties’ satisfaction"),
        "before_after": N_("evidence before and after"),
    },
    "responsibility": {
        "pairing_records": N_("pairing records"),
        "secretary_report": N_("the secretary’s report"),
        "training_record": N_("training record"),
        "weekly_reports": N_("weekly reports"),
    },
}
"""Materials to be seen, by dimension; keys are unique over all dimensions."""

MATERIAL_KEYS = tuple(key for listed in MATERIALS.values() for key in listed)

Note = Annotated[str, StringConstraints(max_length=NOTE_MAXIMUM)]
Dimension = Literal["investigation", "measures", "effects", "responsibility"]
Role = Literal["villager", "raised", "party_member", "committee", "helper", "township"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
Form = Mapping[str, str]
Faults = dict[str, Sentence]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Marks(_Frozen):
    """Points and a note for each dimension; a dimension without points is not yet marked."""

    points: dict[Dimension, Annotated[int, Field(ge=0, le=100)]] = {}
    notes: dict[Dimension, Note] = {}

    @property
    def score(self) -> float | None:
        """Mean points of the four dimensions, 0–100; `None` while one is not marked."""
        if any(dimension not in self.points for dimension in DIMENSIONS):
            return None
        return fmean(self.points.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form that `of_dict` reads."""
        return self.model_dump(mode="json")


class Interview(_Frozen):
    """How many people of one role were heard, and what they said."""

    role: Role
    number: Annotated[int, Field(ge=0, le=NUMBER_MAXIMUM)] | None = None
    said: Note = ""


class Material(_Frozen):
    """One line of the checklist: seen or not, and a note."""

    key: str
    seen: bool = False
    note: Note = ""


class Evaluation(Marks):
    """One member's own evaluation: whom they heard and what they saw."""

    interviews: tuple[Interview, ...] = ()
    materials: tuple[Material, ...] = ()

    @property
    def heard(self) -> int:
        """Number of people interviewed."""
        return sum(interview.number or 0 for interview in self.interviews)

    @property
    def seen(self) -> int:
        """Number of materials seen."""
        return sum(material.seen for material in self.materials)


class Consensus(Marks):
    """What the group agreed on; *statement* says why, if not everybody had handed in."""

    statement: Note = ""


Value = TypeVar("Value", bound=Marks)


@dataclass(frozen=True)
class Scale:
    """Lowest and highest points of a round's grades, and the marks between them."""

    values: tuple[float, float, float, float]

    @property
    def lowest(self) -> int:
        """Fewest points."""
        return int(self.values[-1])

    @property
    def highest(self) -> int:
        """Most points."""
        return int(self.values[0])


def read(form: Form, scale: Scale) -> tuple[Evaluation, Faults]:
    """Return what can be read of a member's *form*, and a sentence for each field that cannot.

    Fields: ``points.<dimension>``, ``note.<dimension>``, ``number.<role>``, ``said.<role>``,
    ``seen.<material>``, ``about.<material>``. A draft may be unfinished: empty is no fault.
    """
    faults: Faults = {}
    evaluation = Evaluation(
        points=_points(form, scale, faults),
        notes=_notes(form, faults),
        interviews=tuple(
            Interview(
                role=role,
                number=_whole(form, f"number.{role}", 0, NUMBER_MAXIMUM, faults),
                said=_text(form, f"said.{role}", faults),
            )
            for role in ROLES
        ),
        materials=tuple(
            Material(
                key=key,
                seen=f"seen.{key}" in form,
                note=_text(form, f"about.{key}", faults),
            )
            for key in MATERIAL_KEYS
        ),
    )
    return evaluation, faults


def read_consensus(form: Form, scale: Scale) -> tuple[Consensus, Faults]:
    """Return the consensus in *form* and its faults; points are needed in every dimension."""
    faults: Faults = {}
    consensus = Consensus(
        points=_points(form, scale, faults),
        notes=_notes(form, faults),
        statement=_text(form, "statement", faults),
    )
    return consensus, lacks(consensus, scale) | faults


def lacks(marks: Marks, scale: Scale) -> Faults:
    """Return what is missing before *marks* can be handed in, by field."""
    return {
        f"points.{dimension}": say(
            N_("Please give points here, a whole number from %(lowest)d to %(highest)d."),
            lowest=scale.lowest,
            highest=scale.highest,
        )
        for dimension in DIMENSIONS
        if dimension not in marks.points
    }


def to_form(marks: Marks) -> dict[str, str]:
    """Return *marks* as the fields that `read` or `read_consensus` takes."""
    form = {f"points.{key}": str(points) for key, points in marks.points.items()}
    form |= {f"note.{key}": note for key, note in marks.notes.items()}
    if isinstance(marks, Consensus):
        form["statement"] = marks.statement
    if isinstance(marks, Evaluation):
        form |= _lists_to_form(marks)
    return form


def evaluation_of(document: Mapping[str, Any]) -> Evaluation:
    """Return the evaluation kept as *document*; raises `Damaged` where it is none."""
    return _of(Evaluation, document)


def consensus_of(document: Mapping[str, Any]) -> Consensus:
    """Return the consensus kept as *document*; raises `Damaged` where it is none."""
    return _of(Consensus, document)


def spread(evaluations: Iterable[Marks], dimension: Dimension) -> int | None:
    """Return the points between the highest and the lowest mark for *dimension*; none below two."""
    marks = [one.points[dimension] for one in evaluations if dimension in one.points]
    return max(marks) - min(marks) if len(marks) > 1 else None


def _of(kind: type[Value], document: Mapping[str, Any]) -> Value:
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise Damaged(N_("A stored evaluation cannot be read.")) from error


def _lists_to_form(evaluation: Evaluation) -> dict[str, str]:
    form: dict[str, str] = {}
    for interview in evaluation.interviews:
        form[f"number.{interview.role}"] = "" if interview.number is None else str(interview.number)
        form[f"said.{interview.role}"] = interview.said
    for material in evaluation.materials:
        if material.seen:
            form[f"seen.{material.key}"] = "yes"
        form[f"about.{material.key}"] = material.note
    return form


def _points(form: Form, scale: Scale, faults: Faults) -> dict[Dimension, int]:
    points: dict[Dimension, int] = {}
    for dimension in DIMENSIONS:
        found = _whole(form, f"points.{dimension}", scale.lowest, scale.highest, faults)
        if found is not None:
            points[dimension] = found
    return points


def _notes(form: Form, faults: Faults) -> dict[Dimension, str]:
    notes = {dimension: _text(form, f"note.{dimension}", faults) for dimension in DIMENSIONS}
    return {dimension: note for dimension, note in notes.items() if note}


def _whole(form: Form, field: str, lowest: int, highest: int, faults: Faults) -> int | None:
    text = clean(form.get(field, ""))
    if not text:
        return None
    number = int(text) if text.isdecimal() and len(text) < 5 else None
    if number is None or not lowest <= number <= highest:
        faults[field] = say(
            N_("“%(text)s” is no whole number from %(lowest)d to %(highest)d."),
            text=text[:20],
            lowest=lowest,
            highest=highest,
        )
        return None
    return number


def _text(form: Form, field: str, faults: Faults) -> str:
    text = "\n".join(clean(line) for line in form.get(field, "").splitlines()).strip()
    if len(text) > NOTE_MAXIMUM:
        faults[field] = say(
            N_("This note has %(length)d characters. Please keep it to %(maximum)d."),
            length=len(text),
            maximum=NOTE_MAXIMUM,
        )
    return text[:NOTE_MAXIMUM]
