"""Released figures laid out for the village page: tables, and the same figures as charts."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from survey.core.evaluation import DIMENSIONS, Consensus, Dimension
from survey.core.explanation import DIMENSION_NAMES, SOURCE_NAMES
from survey.core.policy import Policy
from survey.core.questionnaire import Questionnaire
from survey.core.rating import RATINGS, Suggestion, rating_name
from survey.core.release import (
    ReleasedItem,
    ReleasedScore,
    ReleasedSource,
    ReleasedVillage,
    percent,
)
from survey.core.tallies import CELLS
from survey.core.wording import N_, Sentence, say
from survey.reports.charts import Bar, Distribution, Dot, Dots, Row, Theme, Width
from survey.web.i18n import language, sentence

LEAST_CHANCE = 0.005
_FEW_COUNTS = N_("How many gave which grade is shown from 20 ballots on.")


@dataclass(frozen=True)
class Figure:
    """One score as it is written: with its interval and n, or the reason why it is not shown."""

    text: str = ""
    interval: str = ""
    n: int | None = None
    why_not: Sentence | None = None


@dataclass(frozen=True)
class Line:
    """One dimension (or all four): its figure from each source, and the gap self − mass."""

    name: str
    mass: Figure
    self_: Figure
    organisational: Figure
    gap: Figure


@dataclass(frozen=True)
class ItemLine:
    """One item: its words, score and how many graded it how, or why that is not shown."""

    name: str
    text: str | None
    n: int | None
    counts: tuple[str | None, ...] | None
    why_not: Sentence | None

    @property
    def drawn(self) -> bool:
        """Whether there is a bar of it."""
        return self.counts is not None


@dataclass(frozen=True)
class Summary:
    """One village in a line: turnout, scores with intervals, the composite's interval."""

    turnout: str
    received: str
    mass: Figure
    self_: Figure
    composite: str


def summary(shown: ReleasedVillage) -> Summary:
    """Return the scores of one village in a line."""
    return Summary(
        turnout=percent(shown.mass.turnout) if shown.mass and shown.mass.turnout else "",
        received=received(shown.mass),
        mass=_source(shown.mass),
        self_=_source(shown.self_),
        composite=composite_range(shown),
    )


def received(scores: ReleasedSource | None) -> str:
    """Return how many answered, of how many where that is known."""
    if scores is None:
        return ""
    return f"{scores.received}" + (f" / {scores.eligible}" if scores.eligible else "")


def composite_range(shown: ReleasedVillage) -> str:
    """Return the composite's interval; nothing where there is no composite."""
    composite = shown.composite
    return "" if composite.value is None else _range(composite.low_text, composite.high_text)


def _range(low: str | None, high: str | None) -> str:
    return f"{low}–{high}" if low and high else ""


def lines(shown: ReleasedVillage, consensus: Consensus | None) -> list[Line]:
    """Return the four dimensions and, last, all of them together."""
    listed = [_line(shown, consensus, dimension) for dimension in DIMENSIONS]
    total = Line(
        name=_("All four"),
        mass=_source(shown.mass),
        self_=_source(shown.self_),
        organisational=_points(consensus.score if consensus else None),
        gap=Figure(),
    )
    return [*listed, total]


def items(scores: ReleasedSource | None, asked: Questionnaire) -> list[ItemLine]:
    """Return every item of *asked* with its released distribution."""
    if scores is None:
        return []
    return [
        ItemLine(
            name=item.text.in_language(language()),
            text=found.text,
            n=found.n if found.text else None,
            counts=found.count_texts,
            why_not=_why_no_counts(scores, found),
        )
        for item, found in zip(asked.items, scores.items, strict=True)
    ]


def dots(
    shown: ReleasedVillage,
    consensus: Consensus | None,
    policy: Policy,
    theme: Theme,
    width: Width,
) -> Dots:
    """Return the dot plot of the four dimensions and the whole."""
    rows = [
        Row(
            label=_(DIMENSION_NAMES[dimension]),
            dots=(
                _dot(shown.mass.dimensions[dimension]) if shown.mass else None,
                _dot(shown.self_.dimensions[dimension]) if shown.self_ else None,
                _plain_dot(consensus.points.get(dimension) if consensus else None),
            ),
        )
        for dimension in DIMENSIONS
    ]
    total = Row(
        label=_("All four"),
        dots=(
            _dot(shown.mass.source) if shown.mass else None,
            _dot(shown.self_.source) if shown.self_ else None,
            _plain_dot(consensus.score if consensus else None),
        ),
    )
    bands = {
        "average": policy.band_average,
        "fairly_good": policy.band_fairly_good,
        "good": policy.band_good,
    }
    return Dots(
        rows=(*rows, total),
        names=tuple(_(name) for name in SOURCE_NAMES.values()),
        lowest=policy.values[-1],
        highest=policy.values[0],
        marks=tuple((points, sentence(rating_name(band))) for band, points in bands.items()),
        theme=theme,
        width=width,
    )


def distribution(
    scores: ReleasedSource, asked: Questionnaire, theme: Theme, width: Width
) -> Distribution:
    """Return the stacked bars of all items of one audience."""
    return Distribution(
        bars=tuple(
            _bar(item.text.in_language(language()), found, scores)
            for item, found in zip(asked.items, scores.items, strict=True)
        ),
        names=tuple(cell_names()),
        theme=theme,
        width=width,
    )


def cell_names() -> list[str]:
    """Return what the six cells of a distribution are called, best first."""
    names = {
        "good": _("Good"),
        "fairly_good": _("Fairly good"),
        "average": _("Average"),
        "poor": _("Poor"),
        "unknown": _("Don't know"),
        "blank": _("Left blank"),
    }
    return [names[cell] for cell in CELLS]


def _line(shown: ReleasedVillage, consensus: Consensus | None, dimension: Dimension) -> Line:
    return Line(
        name=_(DIMENSION_NAMES[dimension]),
        mass=_score(shown.mass, dimension),
        self_=_score(shown.self_, dimension),
        organisational=_points(consensus.points.get(dimension) if consensus else None),
        gap=_gap(shown, dimension),
    )


def _score(scores: ReleasedSource | None, dimension: str) -> Figure:
    if scores is None:
        return Figure()
    return _figure(scores.dimensions[dimension], scores.withheld.get(dimension))


def _source(scores: ReleasedSource | None) -> Figure:
    if scores is None:
        return Figure()
    return _figure(scores.source, scores.withheld.get("source"))


def _figure(score: ReleasedScore | None, why_not: Sentence | None) -> Figure:
    if score is None:
        return Figure(why_not=why_not)
    return Figure(score.text, _range(score.low_text, score.high_text), score.n)


def _points(points: float | None) -> Figure:
    return Figure() if points is None else Figure(f"{points:g}")


def _gap(shown: ReleasedVillage, dimension: str) -> Figure:
    gap = shown.gaps.get(dimension)
    if gap is None:
        return Figure()
    return Figure(gap.text, f"{gap.low:+.1f}…{gap.high:+.1f}")


def _dot(score: ReleasedScore | None) -> Dot | None:
    return None if score is None else Dot(score.value, score.text, score.low, score.high)


def _plain_dot(points: float | None) -> Dot | None:
    return None if points is None else Dot(points, f"{points:g}")


def _bar(words: str, found: ReleasedItem, scores: ReleasedSource) -> Bar:
    if found.counts is None:
        return Bar(words, None, note=sentence(_why_no_counts(scores, found) or ""))
    if found.majority is not None:
        place = CELLS.index(found.majority)
        texts = found.count_texts or ()
        return Bar(words, None, majority=place, note=texts[place] or "")
    return Bar(words, tuple(count or 0 for count in found.counts))


def _why_no_counts(scores: ReleasedSource, found: ReleasedItem) -> Sentence | None:
    if found.counts is not None:
        return None
    reasons = (f"items.{found.position}", f"counts.{found.position}")
    return next(filter(None, map(scores.withheld.get, reasons)), say(_FEW_COUNTS))


def likely(suggestion: Suggestion) -> list[tuple[str, str]]:
    """Return how likely each rating is, best first, as key and percentage; hopeless ones not."""
    return [
        (rating, percent(suggestion.probabilities[rating]))
        for rating in RATINGS
        if suggestion.probabilities.get(rating, 0) >= LEAST_CHANCE
    ]
