"""The ledger of a round for the city: every village with its scores and rating, as a workbook.

It is given released figures only, and computes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from survey.core.policy import Policy
from survey.core.wording import N_, Translate
from survey.reports.figures import RATINGS, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Score = float | str | None
"""Points as released, or words such as “≥ 98”; None where there is none or it is held back."""

NO_FIGURE = "—"
A4 = 9


@dataclass(frozen=True)
class LedgerRow:
    """One village: released figures, the suggestion and the decision as keys of ratings.

    *screens* says in words which screens raised a flag.
    """

    code: str
    township: str
    village: str
    group: str
    turnout: str
    mass: Score
    self_: Score
    organisational: Score
    composite: Score
    suggestion: str | None
    decision: str | None
    reason: str = ""
    lead: str = ""
    signed_on: date | None = None
    countersigner: str = ""
    countersigned_on: date | None = None
    screens: str = ""


@dataclass(frozen=True)
class LedgerAbout:
    """What the reader must know of the round: its dates, its constants, the audit log's head."""

    title: str
    office: str
    opens_on: date
    closes_on: date
    sealed_on: date | None
    results_on: date
    policy: Policy
    audit_head: str
    made_on: date


@dataclass(frozen=True)
class _Column:
    title: str
    width: int
    field: str


_COLUMNS = (
    _Column(N_("Village code"), 15, "code"),
    _Column(N_("Township"), 12, "township"),
    _Column(N_("Village"), 18, "village"),
    _Column(N_("Acceptance group"), 14, "group"),
    _Column(N_("Turnout"), 16, "turnout"),
    _Column(N_("Mass evaluation"), 10, "mass"),
    _Column(N_("Self-evaluation"), 10, "self_"),
    _Column(N_("Organisational evaluation"), 10, "organisational"),
    _Column(N_("Composite score"), 10, "composite"),
    _Column(N_("Suggested rating"), 12, "suggestion"),
    _Column(N_("Decided rating"), 12, "decision"),
    _Column(N_("Reason"), 36, "reason"),
    _Column(N_("Lead"), 12, "lead"),
    _Column(N_("Signed on"), 12, "signed_on"),
    _Column(N_("Countersigner"), 12, "countersigner"),
    _Column(N_("Countersigned on"), 12, "countersigned_on"),
    _Column(N_("Screens that raised a flag"), 30, "screens"),
)

_POLICY = {
    "value_good": N_("Points of good"),
    "value_fairly_good": N_("Points of fairly good"),
    "value_average": N_("Points of average"),
    "value_poor": N_("Points of poor"),
    "weight_self": N_("Weight of the self-evaluation"),
    "weight_mass": N_("Weight of the mass evaluation"),
    "weight_organisational": N_("Weight of the organisational evaluation"),
    "band_good": N_("Good from (points)"),
    "band_fairly_good": N_("Fairly good from (points)"),
    "band_average": N_("Average from (points)"),
    "good_needs_positive_share": N_("Share of good and fairly good that a good rating needs"),
    "minimum_mass_ballots": N_("Fewest valid mass ballots for a suggestion"),
    "minimum_turnout": N_("Lowest turnout for a suggestion"),
    "cap_on_good": N_("Largest share of villages rated good"),
    "veto_poor_share": N_("Share of poor that leads to poor"),
    "veto_average_share": N_("Share of poor that allows average at most"),
    "veto_events": N_("Events that allow average at most"),
    "notable_gap": N_("Notable difference of self and mass (points)"),
    "seal_delay_minutes": N_("Minutes between closing and sealing"),
}
_SCORES = {"mass", "self_", "organisational", "composite"}
_RATED = {"suggestion", "decision"}
_MAY_BE_EMPTY = {"why_not", "bound", "reason", "answer", "countersigner"}
_SHARES = {
    "weight_self",
    "weight_mass",
    "weight_organisational",
    "good_needs_positive_share",
    "minimum_turnout",
    "cap_on_good",
    "veto_poor_share",
    "veto_average_share",
}


_NOTES = (
    N_("Scores run from 0 to 100 points, 100 best. They are rounded as the release rules ask."),
    N_("A dash stands where there is no figure, or too few ballots to show one."),
    N_("Turnout: ballots received / people entitled, and their share."),
    N_("Composite: the three voices, each times its weight, added up."),
    N_("“≥” and “≤”: so near to an end of the scale only a bound is shown."),
    N_("Where a decision differs from the suggestion, its reason stands beside it."),
    N_("A flag of a screen asks people to check the ballots; it never changes a score."),
)


class _Formats:
    """The few looks of a cell."""

    def __init__(self, book: Workbook) -> None:
        base = {"valign": "top", "border": 1, "border_color": "#c9ced4"}
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.head: Format = book.add_format(
            {**base, "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#e8eef3"}
        )
        self.text: Format = book.add_format({**base, "text_wrap": True, "num_format": "@"})
        self.right: Format = book.add_format({**base, "align": "right", "num_format": "@"})
        self.whole: Format = book.add_format({**base, "num_format": "0"})
        self.tenths: Format = book.add_format({**base, "num_format": "0.0"})
        self.share: Format = book.add_format({**base, "num_format": "0.0%"})
        self.day: Format = book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"})

    def of(self, value: Any) -> Format:
        """Return the look that suits *value*."""
        if isinstance(value, date):
            return self.day
        if isinstance(value, int | float):
            return self.whole if float(value).is_integer() else self.tenths
        return self.text


def ledger(
    rows: Sequence[LedgerRow],
    about: LedgerAbout,
    translate: Translate,
    tables: Sequence[Table] = (),
) -> bytes:
    """Return the .xlsx: ledger, a sheet for each of *tables*, method, in *translate*'s language."""
    _ = translate
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    from xlsxwriter import Workbook  # a process that serves respondents has no use for it

    with Workbook(file, options) as book:
        book.set_properties({"title": about.title, "author": about.office})
        formats = _Formats(book)
        _fill_ledger(book.add_worksheet(_("Ledger")), rows, about, formats, translate)
        for table in tables:
            _fill_table(book.add_worksheet(_(table.title)), table, about, formats, translate)
        _fill_method(book.add_worksheet(_("Method")), about, formats, translate)
    return file.getvalue()


def _fill_ledger(
    sheet: Worksheet,
    rows: Sequence[LedgerRow],
    about: LedgerAbout,
    formats: _Formats,
    translate: Translate,
) -> None:
    sheet.write_string(0, 0, about.title, formats.title)
    sheet.set_row(1, 34)
    for number, column in enumerate(_COLUMNS):
        sheet.set_column(number, number, column.width)
        sheet.write_string(1, number, translate(column.title), formats.head)
    for line, row in enumerate(rows, start=2):
        for number, column in enumerate(_COLUMNS):
            value = _shown(row, column.field, translate)
            worded = column.field in _SCORES and isinstance(value, str)
            _write(sheet, line, number, value, formats.right if worded else formats.of(value))
    _finish_list(sheet, len(rows), len(_COLUMNS))


def _fill_table(
    sheet: Worksheet, table: Table, about: LedgerAbout, formats: _Formats, translate: Translate
) -> None:
    """Write one of the released tables; lengths of text are whole, numbers are numbers."""
    sheet.write_string(0, 0, f"{about.title} · {translate(table.title)}", formats.title)
    sheet.set_row(1, 34)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(1, number, translate(column.title), formats.head)
    for line, cells in enumerate(table.lines, start=2):
        for number, column in enumerate(table.columns):
            value = column.shown(cells.get(column.key), translate)
            empty = "" if column.key in _MAY_BE_EMPTY else NO_FIGURE
            _write(sheet, line, number, empty if value is None else value, formats.of(value))
    if not table.lines:
        sheet.write_string(2, 0, translate(N_("None.")), formats.text)
    _finish_list(sheet, len(table.lines), len(table.columns))


def _finish_list(sheet: Worksheet, lines: int, columns: int) -> None:
    sheet.freeze_panes(2, 3)
    sheet.autofilter(1, 0, max(2, lines + 1), columns - 1)
    sheet.repeat_rows(0, 1)
    sheet.set_landscape()
    _set_up_print(sheet)


def _shown(row: LedgerRow, field: str, translate: Translate) -> Any:
    value = getattr(row, field)
    if value is None:
        return NO_FIGURE
    return translate(RATINGS[value]) if field in _RATED else value


def _fill_method(
    sheet: Worksheet, about: LedgerAbout, formats: _Formats, translate: Translate
) -> None:
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 60)
    sheet.write_string(0, 0, about.title, formats.title)
    for line, (name, value, look) in enumerate(_facts(about, formats, translate), start=1):
        sheet.write_string(line, 0, name, formats.text)
        _write(sheet, line, 1, NO_FIGURE if value is None else value, look)
    _set_up_print(sheet)


def _facts(
    about: LedgerAbout, formats: _Formats, translate: Translate
) -> list[tuple[str, Any, Format]]:
    """Return name, value and look of each line of the sheet method."""
    _ = translate
    dates = (
        (_("Office"), about.office),
        (_("Opens on"), about.opens_on),
        (_("Closes on"), about.closes_on),
        (_("Sealed on"), about.sealed_on),
        (_("Results on"), about.results_on),
        (_("Ledger made on"), about.made_on),
        (_("Head of the audit log"), about.audit_head),
    )
    facts = [(name, value, formats.of(value)) for name, value in dates]
    for field, name in _POLICY.items():
        value = getattr(about.policy, field)
        if isinstance(value, tuple):
            value = "; ".join(value) or None
        is_share = field in _SHARES and value is not None
        facts.append((_(name), value, formats.share if is_share else formats.of(value)))
    return facts + [(_("Please note"), _(note), formats.text) for note in _NOTES]


def policy_lines(policy: Policy, translate: Translate) -> tuple[tuple[str, str], ...]:
    """Return name and value of each constant of *policy* as people read them."""
    return tuple(
        (translate(name), _policy_text(field, getattr(policy, field)))
        for field, name in _POLICY.items()
    )


def _policy_text(field: str, value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(value) or NO_FIGURE
    if value is None:
        return NO_FIGURE
    return f"{100 * value:.4g}%" if field in _SHARES else f"{value:g}"


def _write(sheet: Worksheet, line: int, column: int, value: Any, look: Format) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value, look)
    else:
        sheet.write_string(line, column, value, look)


def _set_up_print(sheet: Worksheet) -> None:
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
