"""The weekly report (周报) of a round as a Word document: what is new since the last one.

It is given what may be shown, in full tens, and what the last report showed; nothing finer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from survey.core import watch
from survey.core.watch import Kept, Pace, Progress, Watched
from survey.core.wording import Translate
from survey.reports.word import Page

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LATE = 150
"""Villages that are named; of more only the number is told."""
NO_FIGURE = "—"


@dataclass(frozen=True)
class WeeklyAbout:
    """The round, the day of the report and of the one before; *deadline* in the office's zone.

    *before* is None in the first report.
    """

    title: str
    office: str
    day: date
    before: date | None
    deadline: datetime
    open: bool
    help_on: date
    help_place: str
    results_on: date
    results_place: str
    pace: Pace


def weekly(
    villages: Sequence[Watched],
    earlier: dict[int, Kept] | None,
    about: WeeklyAbout,
    translate: Translate,
) -> bytes:
    """Return the .docx; *earlier*: what the report before showed, by village id."""
    file = BytesIO()
    page = Page(translate("Weekly report"), about.office)
    _begin(page, villages, earlier, about, translate)
    _tables(page, villages, earlier, about, translate)
    _late(page, villages, about, translate)
    _dates(page, villages, about, translate)
    page.save(file)
    return file.getvalue()


def _begin(
    page: Page,
    villages: Sequence[Watched],
    earlier: dict[int, Kept] | None,
    about: WeeklyAbout,
    translate: Translate,
) -> None:
    _ = translate
    page.title(_("Weekly report"))
    page.line(f"{about.title} · {about.office} · {about.day:%Y-%m-%d}", quiet=True)
    if about.before is None:
        page.line(_("This is the first report of this round: there is no earlier one."))
    else:
        page.line(_("New since the report of %(day)s.") % {"day": f"{about.before:%Y-%m-%d}"})
    whole = watch.progress(watch.total("", villages, about.pace), villages, earlier)
    for fact in _facts(whole, about, translate):
        page.item(fact)


def _facts(whole: Progress, about: WeeklyAbout, translate: Translate) -> list[str]:
    _, now = translate, whole.now
    facts = [
        _("Villages: %(villages)d. Below what is expected: %(late)d.")
        % {"villages": now.villages, "late": now.late}
    ]
    if now.answered is not None:
        facts.append(
            _("Answered: %(answered)s or more, of %(eligible)s eligible.")
            % {
                "answered": _grown(now.answered, whole.answered),
                "eligible": NO_FIGURE if now.eligible is None else f"{now.eligible:,}",
            }
        )
    if now.enough is not None:
        facts.append(
            _("Villages with enough answers of the self-evaluation: %(villages)s.")
            % {"villages": _grown(now.enough, whole.enough)}
        )
    evaluated = _grown(now.evaluated, whole.evaluated)
    facts.append(_("Villages evaluated by their group: %(villages)s.") % {"villages": evaluated})
    return facts


def _grown(now: int | None, more: int | None) -> str:
    """Return a number with what is new of it in brackets."""
    if now is None:
        return NO_FIGURE
    return f"{now:,}" if not more else f"{now:,} ({more:+,})"


def _tables(
    page: Page,
    villages: Sequence[Watched],
    earlier: dict[int, Kept] | None,
    about: WeeklyAbout,
    translate: Translate,
) -> None:
    _ = translate
    parts = (
        (_("By township"), _("Township"), watch.township_of),
        (_("By acceptance group"), _("Acceptance group"), watch.group_of),
    )
    for heading, name, key in parts:
        page.heading(heading)
        page.table(
            _head(name, translate),
            _lines(villages, earlier, key, about.pace, translate),
            (2.2, 1.1, 1.9, 1.5, 1.2, 1.5, 1.5, 1.5),
        )
    if about.before:
        page.line(_("In brackets: how many more than in the last report."), quiet=True)
    page.line(_("Answered: full tens of each village, added up; so many or more."), quiet=True)


def _head(name: str, translate: Translate) -> list[str]:
    _ = translate
    return [
        name,
        _("Villages"),
        _("Answered, full tens"),
        _("Eligible villagers"),
        _("Share"),
        _("Below what is expected"),
        _("Self-evaluation: enough"),
        _("Evaluated by the group"),
    ]


def _lines(
    villages: Sequence[Watched],
    earlier: dict[int, Kept] | None,
    key: Callable[[Watched], str],
    pace: Pace,
    translate: Translate,
) -> Iterable[list[str]]:
    _ = translate
    for name, found in watch.gather(villages, key).items():
        told = watch.progress(watch.total(name, found, pace), found, earlier)
        yield [
            name or _("no group"),
            f"{told.now.villages:,}",
            _grown(told.now.answered, told.answered),
            NO_FIGURE if told.now.eligible is None else f"{told.now.eligible:,}",
            NO_FIGURE if told.now.share is None else f"{told.now.share}%",
            f"{told.now.late:,}",
            _grown(told.now.enough, told.enough),
            _grown(told.now.evaluated, told.evaluated),
        ]


def _late(
    page: Page, villages: Sequence[Watched], about: WeeklyAbout, translate: Translate
) -> None:
    _ = translate
    late = [village for village in villages if about.pace.is_late(village)]
    page.heading(_("Villages below what is expected"))
    page.line(about.pace.told.render(translate), quiet=True)
    if not late:
        page.line(_("None."))
        return
    head = [_("Township"), _("Village"), _("Acceptance group"), _("Answered, full tens")]
    head += [_("Eligible villagers"), _("Expected by now")]
    named = late[:MOST_LATE]
    rows = ([*_named(one, translate), f"{about.pace.by_now(one.eligible):,}"] for one in named)
    page.table(head, rows, (2.2, 2.6, 2.2, 2, 1.6, 1.6), words=3)
    if len(late) > MOST_LATE:
        more = {"number": len(late) - MOST_LATE}
        page.line(_("And %(number)d more: the workbook of the wall page names them all.") % more)


def _named(village: Watched, translate: Translate) -> list[str]:
    answered = translate("fewer than 10") if not village.answered else f"{village.answered:,}"
    eligible = NO_FIGURE if village.eligible is None else f"{village.eligible:,}"
    return [village.township, village.name, village.group or NO_FIGURE, answered, eligible]


def _dates(
    page: Page, villages: Sequence[Watched], about: WeeklyAbout, translate: Translate
) -> None:
    _ = translate
    page.heading(_("Dates"))
    until = f"{about.deadline:%Y-%m-%d %H:%M}"
    if about.open:
        left = {"days": max(0, (about.deadline.date() - about.day).days), "deadline": until}
        page.item(_("Answers until %(deadline)s; days left: %(days)d.") % left)
    else:
        page.item(_("Answers were taken until %(deadline)s.") % {"deadline": until})
    for line in _later(villages, about, translate):
        page.item(line)
    page.item(f"{_('Help with filling in')}: {about.help_on:%Y-%m-%d}, {about.help_place}")
    page.item(f"{_('Results')}: {about.results_on:%Y-%m-%d}, {about.results_place}")


def _later(villages: Sequence[Watched], about: WeeklyAbout, translate: Translate) -> Iterable[str]:
    """Return a line for each postponed village; of more than `MOST_LATE`, their number."""
    _, zone = translate, about.deadline.tzinfo
    postponed = [(one, one.later.astimezone(zone)) for one in villages if one.later]
    for village, until in postponed[:MOST_LATE]:
        named = {
            "village": f"{village.township} {village.name}",
            "until": f"{until:%Y-%m-%d %H:%M}",
        }
        yield _("Meeting postponed: %(village)s, answers until %(until)s.") % named
    if len(postponed) > MOST_LATE:
        more = {"number": len(postponed) - MOST_LATE}
        yield _("And %(number)d more: the workbook of the wall page names them all.") % more
