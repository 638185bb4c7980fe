"""The decision sheet of a village: what was found, what the group decided, who signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from survey.core import explanation, plain_words
from survey.core.evaluation import DIMENSIONS, ROLES
from survey.core.explanation import DIMENSION_NAMES, SOURCE_NAMES
from survey.core.finding import Finding, Signed
from survey.core.leaf import Facts, Grid, Heading, Leaf, Part, Points, Say, Sign
from survey.core.release import ReleasedScore, ReleasedSource
from survey.core.round import spoken
from survey.core.wording import N_, Sentence
from survey.papers.reader import File, Reader
from survey.printing import dates
from survey.printing import leaf as printed
from survey.printing.archive import file_name
from survey.reports import leaf as written
from survey.reports.figures import RATINGS, sources
from survey.reports.ledger import NO_FIGURE, policy_lines
from survey.storage import rounds
from survey.storage.tables import RoundRow

Form = Literal["docx", "pdf"]
DRAFT = N_("DRAFT")
_TITLE = N_("Decision sheet")


def decision_sheets(
    round_: RoundRow, findings: Sequence[Finding], reader: Reader, form: Form
) -> list[File]:
    """Return name and maker of the sheet of each of *findings* whose scores may be seen."""
    return [
        (sheet_name(finding, reader, form), partial(decision_sheet, round_, finding, reader, form))
        for finding in findings
        if finding.shown is not None
    ]


def sheet_name(finding: Finding, reader: Reader, form: Form) -> str:
    """Return a name that every system takes."""
    title = reader.translate(_TITLE)
    return file_name(finding.code, finding.name, title, ending=f".{form}")


def decision_sheet(round_: RoundRow, finding: Finding, reader: Reader, form: Form) -> bytes:
    """Return the sheet of *finding*; one whose rating is not locked is a draft on every page."""
    leaf = _Sheet(round_, finding, reader).leaf()
    if form == "docx":
        return written.document(leaf)
    return printed.sheet(leaf, reader.language, reader.translate)


class _Sheet:
    """One sheet in the making."""

    def __init__(self, round_: RoundRow, finding: Finding, reader: Reader) -> None:
        if finding.shown is None:
            raise ValueError("the scores of this village are hidden from the reader")
        self.round_, self.finding, self.reader = round_, finding, reader
        self.shown = finding.shown
        self._ = reader.translate

    def leaf(self) -> Leaf:
        """Return the whole sheet."""
        locked = self.finding.rating is not None and self.finding.rating.locked
        marks = (self.reader.mark(self.round_), "" if locked else self._(DRAFT))
        return Leaf(
            title=f"{self._(_TITLE)} · {self.finding.name}",
            subtitle=self.round_.title,
            office=self.round_.office,
            mark=" · ".join(filter(None, marks)),
            parts=tuple(self._parts()),
        )

    def _parts(self) -> Iterator[Part]:
        yield self._place()
        yield from self._decision()
        yield from self._suggestion()
        yield from self._voices()
        yield from self._gaps()
        yield from self._screens()
        yield from self._evaluation()
        yield from self._earlier()
        yield Heading(self._("Signatures on paper"))
        yield Sign(
            (self._("Lead"), self._("Countersigner"), self._("For the office"), self._("Date"))
        )
        yield Heading(self._("Policy constants in force"))
        yield constants(self.round_, self.reader)

    def _place(self) -> Facts:
        _, finding = self._, self.finding
        pairs = [
            (_("Village"), f"{finding.name} ({finding.code})"),
            (_("Township"), finding.township),
            (_("Acceptance group"), finding.group or NO_FIGURE),
        ]
        if self.round_.sealed_at:
            sealed = spoken(self.round_.sealed_at, self.round_.timezone)
            pairs.append((_("Sealed"), dates.full(sealed, self.reader.language)))
        return Facts(tuple(pairs))

    def _decision(self) -> Iterator[Part]:
        _, rating = self._, self.finding.rating
        yield Heading(_("Decision"))
        if rating is None:
            yield Say(_("The group has not signed a rating yet."))
            return
        yield Facts(tuple(self._signed(rating)))
        if not rating.locked:
            yield Say(_("This rating is not locked yet: it may still change."))

    def _signed(self, rating: Signed) -> Iterator[tuple[str, str]]:
        _ = self._
        yield _("Suggested rating"), self._named(rating.suggestion)
        yield _("Decided rating"), self._named(rating.decision)
        if rating.reason:
            yield _("Reason"), rating.reason
        yield _("Lead"), f"{rating.lead}, {dates.full(rating.signed_at, self.reader.language)}"
        if rating.countersigned_at:
            at = dates.full(rating.countersigned_at, self.reader.language)
            yield _("Countersigner"), f"{rating.countersigner}, {at}"
        elif rating.locked:
            yield _("Countersigner"), _("not needed: this office works with one signature")
        else:
            yield _("Countersigner"), _("not yet")
        if rating.audit_head:
            yield _("Head of the audit log"), rating.audit_head

    def _named(self, rating: str | None) -> str:
        return self._(RATINGS[rating]) if rating else self._("no rating")

    def _suggestion(self) -> Iterator[Part]:
        suggestion, name = self.shown.suggestion, self.finding.name
        yield Heading(self._("Suggestion and why"))
        yield Facts(((self._("Suggested rating"), self._named(suggestion.rating)),))
        yield self._points(
            *suggestion.reasons,
            *plain_words.of_composite(name, self.shown.composite),
            *plain_words.of_chances(suggestion),
            *plain_words.of_robustness(suggestion),
        )

    def _points(self, *sentences: Sentence) -> Points:
        return Points(tuple(one.render(self._) for one in sentences))

    def _voices(self) -> Iterator[Part]:
        _ = self._
        yield Heading(_("Three voices"))
        yield Grid(
            head=(_("Dimension"), *(_(name) for name in SOURCE_NAMES.values())),
            rows=tuple(self._rows()),
            widths=(3, 3.6, 3.6, 2.4),
        )
        yield Say(_("Points, in brackets the interval of 95 percent, n = ballots."), quiet=True)
        for source in sources(self.finding).values():
            yield self._points(*explanation.of_source(self.finding.name, source))

    def _rows(self) -> Iterator[tuple[str, ...]]:
        found = sources(self.finding)
        consensus = self.finding.consensus
        for dimension in DIMENSIONS:
            scores = [self._score(found, audience, dimension) for audience in ("mass", "self")]
            points = consensus.points.get(dimension) if consensus else None
            yield (self._(DIMENSION_NAMES[dimension]), *scores, _plain(points))
        whole = [self._score(found, audience, None) for audience in ("mass", "self")]
        yield (self._("All four"), *whole, _plain(self.shown.organisational))

    def _score(
        self, found: Mapping[str, ReleasedSource], audience: str, dimension: str | None
    ) -> str:
        source = found.get(audience)
        if source is None:
            return NO_FIGURE
        return scored(source.dimensions[dimension] if dimension else source.source)

    def _gaps(self) -> Iterator[Part]:
        told = explanation.of_gaps(self.shown)
        if told:
            yield Heading(self._("Self-evaluation against mass evaluation"))
            yield self._points(*told)

    def _screens(self) -> Iterator[Part]:
        yield Heading(self._("Flags and what they mean"))
        noted = explanation.screens_noted(self.shown.flags)
        if not noted:
            yield Say(self._("The ballots of this village were not screened, or are too few."))
            return
        for audience, raised in self.shown.flags.items():
            told = explanation.of_screens(raised)
            if told:
                yield Say(self._(SOURCE_NAMES[audience]))
                yield self._points(*told)
        yield self._points(*noted)

    def _evaluation(self) -> Iterator[Part]:
        _, consensus = self._, self.finding.consensus
        yield Heading(_("Organisational evaluation"))
        if consensus is None:
            yield Say(_("The group has no consensus yet."))
            return
        notes = [(_(DIMENSION_NAMES[key]), consensus.notes.get(key, "")) for key in DIMENSIONS]
        if consensus.statement:
            notes.append((_("Statement of the group"), consensus.statement))
        yield Facts(tuple((name, note) for name, note in notes if note))
        heard = [(role, number) for role, number in self.finding.heard.items() if number]
        if heard:
            named = "; ".join(f"{_(ROLES[role])}: {number}" for role, number in heard)
            yield Say(_("People heard, as the members counted them: %(heard)s.") % {"heard": named})

    def _earlier(self) -> Iterator[Part]:
        _ = self._
        if not self.finding.earlier:
            return
        yield Heading(_("Earlier versions"))
        yield Grid(
            head=(_("Version"), _("Decided rating"), _("Reason"), _("Signed"), _("Reopened")),
            rows=tuple(
                (
                    str(one.version),
                    self._named(one.decision),
                    one.reason or NO_FIGURE,
                    f"{one.lead}, {dates.full(one.signed_at, self.reader.language)}",
                    one.reopened or NO_FIGURE,
                )
                for one in self.finding.earlier
            ),
            widths=(1.1, 2, 4, 3.5, 3),
            words=5,
        )


def constants(round_: RoundRow, reader: Reader) -> Grid:
    """Return the constants that were in force in *round_*, as a table."""
    _ = reader.translate
    lines = policy_lines(rounds.policy_of(round_), _)
    return Grid((_("Constant"), _("Value")), lines, (4, 1))


def scored(score: ReleasedScore | None) -> str:
    """Return *score* as it is written, with its interval and n."""
    if score is None:
        return NO_FIGURE
    return f"{score.text} ({score.low_text}–{score.high_text}), n = {score.n}"


def _plain(points: float | None) -> str:
    return NO_FIGURE if points is None else f"{points:g}"
