"""All released figures of a round as flat tables: the ledger's sheets and the export are these.

One definition for both, so that no file can tell more, or something else, than another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.core.composite import Composite
from survey.core.evaluation import DIMENSIONS
from survey.core.explanation import DIMENSION_NAMES, SCREEN_NAMES, SOURCE_NAMES
from survey.core.finding import Asked, Finding
from survey.core.questionnaire import AUDIENCES
from survey.core.release import ReleasedScore, ReleasedSource, percent
from survey.core.tallies import CELLS
from survey.core.wording import N_, Translate

Cell = str | int | float | None
Line = dict[str, Cell]

WHOLE = "all"
"""Stands in the column of dimensions for the four together."""
RATINGS = {
    "good": N_("Good"),
    "fairly_good": N_("Fairly good"),
    "average": N_("Average"),
    "poor": N_("Poor"),
}
CELL_NAMES = RATINGS | {"unknown": N_("Don't know"), "blank": N_("Left blank")}
_DIMENSIONS = DIMENSION_NAMES | {WHOLE: N_("All four")}
_YES = {"yes": N_("yes"), "no": N_("no")}
_STATES = {"locked": N_("signed and locked"), "open": N_("not yet locked")}


@dataclass(frozen=True)
class Column:
    """One column: its *key* in files for machines, its *title* and *width* in signs for people.

    *words*: what its values, which are keys, are called.
    """

    key: str
    title: str
    width: int
    words: Mapping[str, str] | None = None

    def shown(self, value: Cell, translate: Translate) -> Cell:
        """Return *value* as people read it."""
        if self.words is None or not isinstance(value, str):
            return value
        return translate(self.words.get(value, value))


@dataclass(frozen=True)
class Table:
    """Lines under columns; *key* names it in files for machines, *title* for people."""

    key: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


_VILLAGE = (
    Column("code", N_("Village code"), 15),
    Column("township", N_("Township"), 12),
    Column("village", N_("Village"), 18),
)
_SOURCE = Column("source", N_("Source"), 22, SOURCE_NAMES)
_DIMENSION = Column("dimension", N_("Dimension"), 24, _DIMENSIONS)
_WHY = Column("why_not", N_("Why there is no figure"), 46)

_SCORES = (
    *_VILLAGE,
    _SOURCE,
    _DIMENSION,
    Column("score", N_("Score"), 9),
    Column("bound", N_("Bound"), 8),
    Column("low", N_("From"), 9),
    Column("high", N_("To"), 9),
    Column("n", N_("Ballots in the score"), 10),
    Column("received", N_("Ballots received"), 10),
    Column("eligible", N_("Entitled"), 10),
    _WHY,
)
_DISTRIBUTIONS = (
    *_VILLAGE,
    _SOURCE,
    _DIMENSION,
    Column("item", N_("Item"), 44),
    Column("score", N_("Score"), 9),
    *(Column(cell, name, 9) for cell, name in CELL_NAMES.items()),
    _WHY,
)
_GAPS = (
    *_VILLAGE,
    _DIMENSION,
    Column("gap", N_("Self minus mass"), 10),
    Column("low", N_("From"), 9),
    Column("high", N_("To"), 9),
    Column("notable", N_("More than chance and than too little to matter"), 20, _YES),
)
_FLAGS = (
    *_VILLAGE,
    _SOURCE,
    Column("screen", N_("Screen"), 40, SCREEN_NAMES),
    Column("raised", N_("Flag raised"), 12, _YES),
)
_OVERRIDES = (
    *_VILLAGE,
    Column("group", N_("Acceptance group"), 16),
    Column("suggestion", N_("Suggested rating"), 14, RATINGS),
    Column("decision", N_("Decided rating"), 14, RATINGS),
    Column("reason", N_("Reason"), 60),
    Column("lead", N_("Lead"), 14),
    Column("countersigner", N_("Countersigner"), 14),
)
_EXTRAS = (
    *_VILLAGE,
    _SOURCE,
    Column("question", N_("Question"), 44),
    Column("answer", N_("Answer"), 30),
    Column("count", N_("Answers, in fives"), 10),
    Column("share", N_("Share"), 10),
    Column("n", N_("Answered, full fives"), 10),
    _WHY,
)
_VILLAGES = (
    *_VILLAGE,
    Column("group", N_("Acceptance group"), 16),
    Column("composite", N_("Composite score"), 10),
    Column("bound", N_("Bound"), 8),
    Column("low", N_("From"), 9),
    Column("high", N_("To"), 9),
    Column("suggestion", N_("Suggested rating"), 14, RATINGS),
    Column("strength", N_("Strength"), 12),
    Column("decision", N_("Decided rating"), 14, RATINGS),
    Column("state", N_("Signatures"), 16, _STATES),
)


@dataclass(frozen=True)
class Told:
    """To whom, and of what: the questionnaires asked, the language, how to translate."""

    asked: Asked
    language: str
    translate: Translate


Lines = Callable[[Finding, Told], Iterator[Line]]


def tables(findings: Sequence[Finding], told: Told) -> tuple[Table, ...]:
    """Return the tables scores, distributions, gaps, flags, overrides, and extras if any are asked.

    What is withheld is None, with the reason in the reader's language.
    """
    made: list[tuple[str, str, tuple[Column, ...], Lines]] = [
        ("scores", N_("Scores"), _SCORES, _scores),
        ("distributions", N_("Distributions"), _DISTRIBUTIONS, _distributions),
        ("gaps", N_("Gaps"), _GAPS, _gaps),
        ("flags", N_("Flags"), _FLAGS, _flags),
        ("overrides", N_("Overrides"), _OVERRIDES, _overrides),
    ]
    if any(questionnaire.extras for questionnaire in told.asked.values()):
        made.append(("extras", N_("Other questions"), _EXTRAS, _extras))
    return tuple(
        Table(key, title, columns, _lines(findings, told, make))
        for key, title, columns, make in made
    )


def villages(findings: Sequence[Finding], told: Told) -> Table:
    """Return one line for each village: composite, suggestion and what is decided."""
    return Table("villages", N_("Villages"), _VILLAGES, _lines(findings, told, _village_line))


def _lines(findings: Sequence[Finding], told: Told, make: Lines) -> tuple[Line, ...]:
    return tuple(_place(finding) | line for finding in findings for line in make(finding, told))


def _place(finding: Finding) -> Line:
    return {"code": finding.code, "township": finding.township, "village": finding.name}


def sources(finding: Finding) -> dict[str, ReleasedSource]:
    """Return mass and self-evaluation of *finding*, as far as they are there and may be seen."""
    if finding.shown is None:
        return {}
    found = {"mass": finding.shown.mass, "self": finding.shown.self_}
    return {audience: found[audience] for audience in AUDIENCES if found[audience] is not None}


def _scores(finding: Finding, told: Told) -> Iterator[Line]:
    for audience, source in sources(finding).items():
        for name, score in [*source.dimensions.items(), (WHOLE, source.source)]:
            why = source.withheld.get("source" if name == WHOLE else name)
            counted: Line = {"received": source.received, "eligible": source.eligible}
            reason = why.render(told.translate) if score is None and why else None
            yield (
                {"source": audience, "dimension": name}
                | counted
                | _score(score)
                | {"why_not": reason}
            )
    if finding.shown is not None and finding.consensus is not None:
        points = finding.consensus.points
        for dimension in DIMENSIONS:
            yield _organisational(dimension, points.get(dimension))
        yield _organisational(WHOLE, finding.shown.organisational)


def _organisational(dimension: str, points: float | None) -> Line:
    return {"source": "organisational", "dimension": dimension, "score": points}


def _score(score: ReleasedScore | None) -> Line:
    if score is None:
        return {"score": None}
    return {
        "score": round(score.value, 2),
        "bound": score.bound or None,
        "low": round(score.low, 2),
        "high": round(score.high, 2),
        "n": score.n,
    }


def _distributions(finding: Finding, told: Told) -> Iterator[Line]:
    for audience, source in sources(finding).items():
        for item, found in zip(told.asked[audience].items, source.items, strict=True):
            place = found.position
            reasons = (f"items.{place}", f"counts.{place}")
            why = next(filter(None, map(source.withheld.get, reasons)), None)
            texts = found.count_texts or (None,) * len(CELLS)
            yield {
                "source": audience,
                "dimension": found.dimension,
                "item": item.text.in_language(told.language),
                "score": found.text,
                **{cell: _counted(text) for cell, text in zip(CELLS, texts, strict=True)},
                "why_not": why.render(told.translate) if why else None,
            }


def _counted(text: str | None) -> Cell:
    """Return a count as a number, what nearly all gave as it is written."""
    return int(text) if text is not None and text.isdecimal() else text


def _gaps(finding: Finding, told: Told) -> Iterator[Line]:
    for dimension, gap in (finding.shown.gaps if finding.shown else {}).items():
        if gap is None:
            continue
        yield {
            "dimension": dimension,
            "gap": round(gap.value, 1),
            "low": round(gap.low, 1),
            "high": round(gap.high, 1),
            "notable": "yes" if gap.notable else "no",
        }


def _flags(finding: Finding, told: Told) -> Iterator[Line]:
    for audience, raised in (finding.shown.flags if finding.shown else {}).items():
        for screen in SCREEN_NAMES if raised is not None else ():
            told = "yes" if screen in (raised or ()) else "no"
            yield {"source": audience, "screen": screen, "raised": told}


def _overrides(finding: Finding, told: Told) -> Iterator[Line]:
    rating = finding.rating
    if rating is None or not rating.locked or rating.decision == rating.suggestion:
        return
    yield {
        "group": finding.group,
        "suggestion": rating.suggestion,
        "decision": rating.decision,
        "reason": rating.reason,
        "lead": rating.lead,
        "countersigner": rating.countersigner,
    }


def _extras(finding: Finding, told: Told) -> Iterator[Line]:
    for audience, found in finding.extras.items() if finding.shown else ():
        for one in found:
            about: Line = {
                "source": audience,
                "question": one.extra.text.in_language(told.language),
                "n": one.n,
            }
            if one.withheld:
                yield about | {"why_not": one.withheld.render(told.translate)}
            for option in one.options:
                yield about | {
                    "answer": option.option.text.in_language(told.language),
                    "count": option.count,
                    "share": option.share,
                }
            if one.quartiles:
                written = " / ".join(map(str, one.quartiles))
                quartiles = told.translate(N_("Quartiles: %(numbers)s"))
                yield about | {"answer": quartiles % {"numbers": written}}


def _village_line(finding: Finding, told: Told) -> Iterator[Line]:
    shown, rating = finding.shown, finding.rating
    yield _composite(shown.composite if shown else None) | {
        "group": finding.group,
        "suggestion": shown.suggestion.rating if shown else None,
        "strength": shown.suggestion.strength if shown else None,
        "decision": finding.decided,
        "state": ("locked" if rating.locked else "open") if rating else None,
    }


def _composite(composite: Composite | None) -> Line:
    if composite is None or composite.value is None:
        return {"composite": None}
    return {
        "composite": round(composite.value, 1),
        "bound": composite.bound or None,
        "low": None if composite.low is None else round(composite.low, 1),
        "high": None if composite.high is None else round(composite.high, 1),
    }


def turnout(source: ReleasedSource | None) -> str:
    """Return how many answered, of how many, and their share where it is known."""
    if source is None:
        return ""
    if source.eligible is None or source.turnout is None:
        return f"{source.received}"
    return f"{source.received} / {source.eligible} ({percent(source.turnout)})"
