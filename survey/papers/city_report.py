"""The report of a round for the city: charts, tables, the method, its constants and its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy.orm import Session

from survey.core import plain_words
from survey.core.finding import Finding
from survey.core.leaf import Facts, Grid, Heading, Leaf, Part, Picture, Points, Say
from survey.core.rating import cap, rating_name
from survey.core.release import ReleasedSource, percent
from survey.core.round import spoken
from survey.core.wording import N_
from survey.papers.decision_sheets import constants
from survey.papers.ledgers import ledger_row
from survey.papers.reader import Reader
from survey.printing import dates
from survey.reports.charts import (
    Bar,
    Distribution,
    Dot,
    Dots,
    Row,
    distribution_picture,
    dots_picture,
)
from survey.reports.figures import RATINGS
from survey.reports.leaf import document
from survey.reports.ledger import NO_FIGURE, LedgerRow
from survey.storage import audit, rounds
from survey.storage.tables import RoundRow

_TITLE = N_("Report on the round")
OPEN = "open"
IN_A_PICTURE = 20
MOST_DRAWN = 60
"""Villages that are drawn; of more the tables tell."""

_METHOD = (
    N_("Each village is seen by three voices: villagers, its own party members, and the group."),
    N_("Each grade has points; a dimension is the mean of its items, a voice that of its four."),
    N_("The composite adds the three voices, each times its weight."),
    N_("The band of the composite is suggested; the group decides, and says why where it differs."),
    N_("Intervals of 95 percent say where the score would lie, had all villagers answered."),
    N_("Figures are shown only where so many answered that no single answer can be told."),
)
_LIMITS = (
    N_("Who answers is not drawn by lot: who stayed away may think otherwise."),
    N_("The intervals are about who happened to answer, not about whether answers are frank."),
    N_("Villages whose intervals overlap cannot be told apart: no order among them is meant."),
    N_("A flag asks people to look and proves nothing; without a flag all need not be well."),
    N_("Scores of other rounds with other questions or other constants cannot be compared."),
)


def city_report(
    session: Session, round_: RoundRow, findings: Sequence[Finding], reader: Reader
) -> bytes:
    """Return the report over *findings*, which are all villages of *round_*, as .docx."""
    leaf = Leaf(
        title=reader.translate(_TITLE),
        subtitle=round_.title,
        office=round_.office,
        mark=reader.mark(round_),
        parts=tuple(_Report(session, round_, findings, reader).parts()),
    )
    return document(leaf)


class _Report:
    """One report in the making."""

    def __init__(
        self, session: Session, round_: RoundRow, findings: Sequence[Finding], reader: Reader
    ) -> None:
        self.session, self.round_, self.findings, self.reader = session, round_, findings, reader
        self.policy = rounds.policy_of(round_)
        self.rows = [ledger_row(finding, reader) for finding in findings]
        self._ = reader.translate

    def parts(self) -> Iterator[Part]:
        """Yield the whole report from top to bottom."""
        yield from self._summary()
        yield from self._ratings()
        yield from self._turnout()
        yield from self._composites()
        yield from self._villages()
        yield from self._overrides()
        yield from self._flags()
        yield from self._method()

    def _summary(self) -> Iterator[Part]:
        _ = self._
        counts = Counter(row.decision or OPEN for row in self.rows)
        facts = [
            (_("Villages"), f"{len(self.rows):,}"),
            *((_(name), f"{counts[key]:,}") for key, name in RATINGS.items()),
            (_("Not yet decided"), f"{counts[OPEN]:,}"),
        ]
        if self.round_.sealed_at:
            sealed = spoken(self.round_.sealed_at, self.round_.timezone)
            facts.append((_("Sealed"), dates.full(sealed, self.reader.language)))
        facts.append((_("Head of the audit log"), audit.head(self.session)))
        yield Facts(tuple(facts))
        if counts[OPEN]:
            yield Say(_("Not every village is decided: this report is preliminary."))

    def _ratings(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("Ratings by acceptance group"))
        yield Picture(
            distribution_picture(self._by_group()),
            _("Stacked bars: how many villages of each group have which rating."),
        )
        yield self._rating_table(_("Acceptance group"), lambda row: row.group)
        yield Heading(_("Ratings by township"))
        yield self._rating_table(_("Township"), lambda row: row.township)
        yield Say(
            _("Groups judge different villages: their ratings need not be alike."), quiet=True
        )

    def _by_group(self) -> Distribution:
        bars = [
            Bar(name or NO_FIGURE, tuple(counts[key] for key in (*RATINGS, OPEN)))
            for name, counts in self._gathered(lambda row: row.group)
        ]
        names = (*map(self._, RATINGS.values()), self._("Not yet decided"))
        return Distribution(tuple(bars), names)

    def _gathered(self, key: Callable[[LedgerRow], str]) -> list[tuple[str, Counter[str]]]:
        found: dict[str, Counter[str]] = {}
        for row in self.rows:
            found.setdefault(key(row), Counter())[row.decision or OPEN] += 1
        return list(found.items())

    def _rating_table(self, title: str, key: Callable[[LedgerRow], str]) -> Grid:
        head = (title, self._("Villages"), *map(self._, RATINGS.values()), self._("Open"))
        rows = tuple(
            (
                name or NO_FIGURE,
                str(counts.total()),
                *(str(counts[one]) for one in (*RATINGS, OPEN)),
            )
            for name, counts in self._gathered(key)
        )
        return Grid(head, rows, (3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3))

    def _turnout(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("Turnout of the mass evaluation by township"))
        by_township: dict[str, list[ReleasedSource]] = {}
        for finding in self.findings:
            if finding.shown and finding.shown.mass:
                by_township.setdefault(finding.township, []).append(finding.shown.mass)
        if not by_township:
            yield Say(_("There is nothing to show yet."))
            return
        head = (_("Township"), _("Villages"), _("Ballots received"), _("Entitled"), _("Turnout"))
        rows = tuple(_turned_out(name, found) for name, found in by_township.items())
        yield Grid(head, rows, (3, 1.3, 1.8, 1.8, 1.5))
        yield Say(_("Of the villages whose scores are shown."), quiet=True)

    def _composites(self) -> Iterator[Part]:
        _ = self._
        drawn = [
            one for one in self.findings if one.shown and one.shown.composite.value is not None
        ]
        if not drawn or len(drawn) > MOST_DRAWN:
            return
        yield Heading(_("Composite scores with their intervals"))
        for start in range(0, len(drawn), IN_A_PICTURE):
            yield Picture(
                dots_picture(self._dots(drawn[start : start + IN_A_PICTURE])),
                _("Dots with bars: the composite of each village and its interval."),
            )
        yield Say(
            _(
                "In the order of the register, not of the scores. Where two bars overlap, the two"
                " villages cannot be told apart."
            ),
            quiet=True,
        )

    def _dots(self, findings: Sequence[Finding]) -> Dots:
        bands = {
            "average": self.policy.band_average,
            "fairly_good": self.policy.band_fairly_good,
            "good": self.policy.band_good,
        }
        return Dots(
            rows=tuple(Row(one.name, (_dot(one),)) for one in findings),
            names=(self._("Composite score"),),
            lowest=self.policy.values[-1],
            highest=self.policy.values[0],
            marks=tuple((at, rating_name(band).render(self._)) for band, at in bands.items()),
        )

    def _villages(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("All villages"))
        head = (
            _("Village"),
            _("Turnout"),
            _("Mass"),
            _("Self"),
            _("Organisational"),
            _("Composite"),
            _("Suggested"),
            _("Decided"),
        )
        rows = tuple(
            (
                f"{row.village} · {row.township}",
                row.turnout or NO_FIGURE,
                *map(_text, (row.mass, row.self_, row.organisational)),
                _composite(finding),
                self._named(row.suggestion),
                self._named(row.decision),
            )
            for finding, row in zip(self.findings, self.rows, strict=True)
        )
        yield Grid(head, rows, (2.7, 2.2, 1.2, 1.1, 2.8, 2.9, 2.2, 1.9))
        for sentence in self._cap():
            yield Say(sentence)

    def _named(self, rating: str | None) -> str:
        return self._(RATINGS[rating]) if rating else NO_FIGURE

    def _cap(self) -> Iterator[str]:
        shown = {one.code: one.shown.suggestion for one in self.findings if one.shown}
        if len(shown) < len(self.findings):
            return
        names = {one.code: one.name for one in self.findings}
        for sentence in plain_words.of_cap(cap(shown, self.policy), len(shown), names):
            yield sentence.render(self._)

    def _overrides(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("Decisions that differ from the suggestion"))
        rows = tuple(
            (
                row.township,
                row.village,
                self._named(row.suggestion),
                self._named(row.decision),
                row.reason,
            )
            for row in self.rows
            if row.decision and row.decision != row.suggestion
        )
        head = (_("Township"), _("Village"), _("Suggested"), _("Decided"), _("Reason"))
        yield Grid(head, rows, (2, 2.4, 2, 1.9, 5.3), words=5) if rows else Say(_("None."))

    def _flags(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("Flags of the screens"))
        rows = tuple((row.township, row.village, row.screens) for row in self.rows if row.screens)
        head = (_("Township"), _("Village"), _("Screens that raised a flag"))
        yield Grid(head, rows, (2, 2.4, 8), words=3) if rows else Say(_("None."))
        yield Say(
            _("A flag of a screen asks people to check the ballots; it never changes a score."),
            quiet=True,
        )

    def _method(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("The method in short"))
        yield Points(tuple(map(_, _METHOD)))
        yield Heading(_("Policy constants in force"))
        yield constants(self.round_, self.reader)
        yield Heading(_("What the figures cannot tell"))
        yield Points(tuple(map(_, _LIMITS)))


def _turned_out(name: str, found: Sequence[ReleasedSource]) -> tuple[str, ...]:
    received = sum(source.received for source in found)
    known = [source.eligible for source in found if source.eligible is not None]
    whole = len(known) == len(found) and sum(known) > 0
    eligible = f"{sum(known):,}" if whole else NO_FIGURE
    share = percent(received / sum(known)) if whole else NO_FIGURE
    return name, str(len(found)), f"{received:,}", eligible, share


def _text(score: float | str | None) -> str:
    if score is None:
        return NO_FIGURE
    return score if isinstance(score, str) else f"{score:g}"


def _composite(finding: Finding) -> str:
    if finding.shown is None or finding.shown.composite.value is None:
        return NO_FIGURE
    composite = finding.shown.composite
    return f"{composite.text} ({composite.low_text}–{composite.high_text})"


def _dot(finding: Finding) -> Dot | None:
    if finding.shown is None or finding.shown.composite.value is None:
        return None
    composite = finding.shown.composite
    return Dot(composite.value, composite.text, composite.low, composite.high)
