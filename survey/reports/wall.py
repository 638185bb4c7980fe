"""The wall of a round as a workbook: every village, and the townships taken together.

It is given what may be shown, before the seal in full tens, and computes nothing finer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from survey.core import watch
from survey.core.watch import Pace, Watched
from survey.core.wording import Translate

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NO_FIGURE = "—"
A4 = 9
MINUTE = "%Y-%m-%d %H:%M"
_HEAD = 4


@dataclass(frozen=True)
class WallAbout:
    """The round, the day of the figures and what is expected; *tens*: figures are full tens."""

    title: str
    office: str
    day: date
    closes_at: datetime
    pace: Pace
    tens: bool


@dataclass(frozen=True)
class _Column:
    """A column of a sheet: *kind* is text, number or share."""

    title: str
    width: int
    value: Callable[[Any], Any]
    kind: str = "text"


class _Looks:
    """The few looks of a cell."""

    def __init__(self, book: Workbook) -> None:
        base = {"valign": "top", "border": 1, "border_color": "#c9ced4"}
        self.title: Format = book.add_format({"bold": True, "font_size": 16})
        self.note: Format = book.add_format({"text_wrap": False})
        self.head: Format = book.add_format(
            {**base, "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#e8eef3"}
        )
        self.text: Format = book.add_format({**base, "text_wrap": True, "num_format": "@"})
        self.number: Format = book.add_format({**base, "num_format": "#,##0"})
        self.share: Format = book.add_format({**base, "num_format": "0%"})
        self.right: Format = book.add_format({**base, "align": "right", "num_format": "@"})

    def of(self, kind: str, value: Any) -> Format:
        """Return the look of a *value* in a column of *kind*."""
        if kind == "text":
            return self.text
        if isinstance(value, str):
            return self.right
        return self.share if kind == "share" else self.number


def wall(villages: Sequence[Watched], about: WallAbout, translate: Translate) -> bytes:
    """Return the .xlsx with the sheets villages and townships, in the language of *translate*."""
    _ = translate
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    from xlsxwriter import Workbook  # a process that serves respondents has no use for it

    with Workbook(file, options) as book:
        book.set_properties({"title": about.title, "author": about.office})
        looks = _Looks(book)
        sheet = book.add_worksheet(_("Villages"))
        columns = _village_columns(about, translate)
        if any(village.later for village in villages):
            columns.append(_Column(_("Answers until"), 16, _until(about)))
        _fill(sheet, villages, columns, about, looks, translate)
        townships = watch.totals(villages, watch.township_of, about.pace)
        sheet = book.add_worksheet(_("Townships"))
        _fill(sheet, townships, _township_columns(about, translate), about, looks, translate)
    return file.getvalue()


def _village_columns(about: WallAbout, translate: Translate) -> list[_Column]:
    _, pace = translate, about.pace

    def enough(village: Watched) -> str | None:
        if village.enough is None:
            return None
        return _("enough") if village.enough else _("not enough yet")

    return [
        _Column(_("Township"), 12, lambda one: one.township),
        _Column(_("Village code"), 15, lambda one: one.code),
        _Column(_("Village"), 18, lambda one: one.name),
        _Column(_("Acceptance group"), 14, lambda one: one.group or None),
        _Column(_answered(about, translate), 12, _shown(about, translate), "number"),
        _Column(_("Eligible villagers"), 11, lambda one: one.eligible, "number"),
        _Column(_("Share"), 11, lambda one: _part(one.share), "share"),
        _Column(_("Expected by now"), 11, lambda one: pace.by_now(one.eligible), "number"),
        _Column(_("Late"), 8, lambda one: _("late") if pace.is_late(one) else ""),
        _Column(_("Self-evaluation"), 13, enough),
        _Column(_("Evaluated by the group"), 13, lambda one: _("yes") if one.evaluated else ""),
        _Column(_("Village file complete"), 12, lambda one: _part(one.file), "share"),
    ]


def _township_columns(about: WallAbout, translate: Translate) -> list[_Column]:
    _ = translate
    return [
        _Column(_("Township"), 16, lambda one: one.name),
        _Column(_("Villages"), 10, lambda one: one.villages, "number"),
        _Column(_answered(about, translate), 12, lambda one: one.answered, "number"),
        _Column(_("Eligible villagers"), 12, lambda one: one.eligible, "number"),
        _Column(_("Share"), 12, lambda one: _part(one.share), "share"),
        _Column(_("Villages below what is expected"), 12, lambda one: one.late, "number"),
        _Column(_("Self-evaluation: enough"), 14, lambda one: one.enough, "number"),
        _Column(_("Evaluated by the group"), 14, lambda one: one.evaluated, "number"),
    ]


def _answered(about: WallAbout, translate: Translate) -> str:
    _ = translate
    return _("Answered, full tens") if about.tens else _("Answered")


def _shown(about: WallAbout, translate: Translate) -> Callable[[Watched], int | str | None]:
    few = translate("fewer than 10")
    return lambda one: few if about.tens and one.answered == 0 else one.answered


def _until(about: WallAbout) -> Callable[[Watched], str]:
    """Return how a village's deadline is written, in the time zone of the round's."""
    zone = about.closes_at.tzinfo
    return lambda one: f"{one.later.astimezone(zone) if one.later else about.closes_at:{MINUTE}}"


def _part(percent: int | None) -> float | None:
    return None if percent is None else percent / 100


def _fill(
    sheet: Worksheet,
    rows: Sequence[Any],
    columns: Sequence[_Column],
    about: WallAbout,
    looks: _Looks,
    translate: Translate,
) -> None:
    _ = translate
    sheet.write_string(0, 0, about.title, looks.title)
    dates = {"day": f"{about.day:%Y-%m-%d}", "deadline": f"{about.closes_at:{MINUTE}}"}
    sheet.write_string(1, 0, _("As of %(day)s. Answers until %(deadline)s.") % dates, looks.note)
    sheet.write_string(2, 0, about.pace.told.render(translate), looks.note)
    sheet.set_row(_HEAD, 34)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(_HEAD, number, column.title, looks.head)
    for line, row in enumerate(rows, start=_HEAD + 1):
        for number, column in enumerate(columns):
            value = column.value(row)
            value = NO_FIGURE if value is None else value
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(line, number, value, looks.of(column.kind, value))
    _set_up_print(sheet, len(rows), columns)


def _set_up_print(sheet: Worksheet, rows: int, columns: Sequence[_Column]) -> None:
    last = max(_HEAD + 1, _HEAD + rows)
    for number, column in enumerate(columns):
        if column.kind == "share":
            bar = {"type": "data_bar", "bar_color": "#9cc3de"}
            ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            sheet.conditional_format(_HEAD + 1, number, last, number, bar | ends)
    sheet.freeze_panes(_HEAD + 1, 0)
    sheet.autofilter(_HEAD, 0, last, len(columns) - 1)
    sheet.repeat_rows(_HEAD)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
