"""The village file: what is missing is counted by hand; what is typed is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import proof
from survey.core.errors import Invalid
from survey.core.village_file import (
    EMPTY,
    KINDS,
    RECORDS,
    CallBack,
    Measure,
    Meeting,
    Problem,
    Tally,
    completeness,
    fingerprint,
    from_list,
    to_list,
)
from survey.core.village_file_fields import (
    FIELDS,
    lacking,
    make,
    option_of,
    read_values,
    typed_of,
)
from survey.core.village_file_import import Known, Planned, plan, planned_of
from survey.core.village_file_table import columns_of, read_tables

DAY = date(2026, 3, 1)
CODE = "990101100201"
RECORDS_OF = {
    "problem": Problem(number=1, text="Accounts\nof the well", cause="No board", petition=True),
    "measure": Measure(number=2, problem=1, text="Disclose", office="Finance", deadline=DAY),
    "call_back": CallBack(
        number=3,
        problem=1,
        on=DAY,
        way="visit",
        raised="fairly",
        other_party="unit",
        other="unreached",
        note="Wants a wall",
    ),
    "meeting": Meeting(number=4, occasion="party_day", on=DAY, topic="Accounts", present=0),
}
WHOLE = Tally(
    problems=2,
    with_cause=2,
    with_measure=2,
    petitions=1,
    called_back=1,
    measures=3,
    with_office=3,
    with_deadline=3,
    with_proof=3,
    closed=3,
    meetings=1,
    party_days=1,
)


def test_a_whole_file_is_complete_and_an_empty_one_says_where_to_begin() -> None:
    whole = completeness(WHOLE)
    assert (whole.met, whole.asked, whole.percent) == (20, 20, 100)
    assert whole.missing == ()
    empty = completeness(EMPTY)
    assert (empty.met, empty.asked, empty.percent) == (0, 3, 0)
    assert str(empty.missing[0]) == "The list of problems is still empty."
    assert str(empty.short) == "file empty"


@pytest.mark.parametrize(
    ("less", "sentence"),
    [
        ({"with_cause": 1}, "Problems without a cause: 1."),
        ({"with_measure": 0}, "Problems without a measure: 2."),
        ({"called_back": 0}, "Petitioned problems without a call-back: 1."),
        ({"with_office": 2}, "Measures without an office: 1."),
        ({"with_deadline": 2}, "Measures without a deadline: 1."),
        ({"with_proof": 1}, "Measures without proof: 2."),
        ({"closed": 1}, "Measures not closed out: 2."),
        ({"meetings": 0}, "No branch meeting is recorded."),
        ({"party_days": 0}, "No party day is recorded."),
    ],
)
def test_each_thing_that_lacks_is_named_with_its_number(
    less: dict[str, int], sentence: str
) -> None:
    found = completeness(replace(WHOLE, **less))
    assert [str(one) for one in found.missing] == [sentence]
    missing = sum(getattr(WHOLE, name) - number for name, number in less.items())
    assert (found.met, found.asked) == (20 - missing, 20)
    assert found.percent < 100


def test_a_percentage_is_never_rounded_up_to_a_whole_file() -> None:
    many = replace(WHOLE, problems=400, with_cause=399, with_measure=400)
    assert completeness(many).percent == 99


def test_the_short_form_tells_of_open_and_overdue_measures() -> None:
    found = completeness(replace(WHOLE, closed=1, overdue=1))
    assert str(found.short) == "file 90%, open measures: 2, overdue: 1"
    assert "of 20 things that belong into it, 18 are there" in str(found.sentence)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_survives_its_form_its_list_and_its_preview(kind: str) -> None:
    record = RECORDS_OF[kind]
    values, faults = read_values(kind, typed_of(kind, record))
    assert faults == {}
    assert make(kind, record.number, values) == record
    assert from_list(to_list(kind, record)) == (kind, record)
    planned = Planned(CODE, kind, record, None, True)
    assert planned_of(planned.to_list()) == planned


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_needed_is_asked_for_and_the_fields_are_those_of_the_record(kind: str) -> None:
    made = RECORDS[kind].__dataclass_fields__
    assert set(made) == {one.name for one in FIELDS[kind]} | {"number"}
    assert lacking(kind, {}).keys() == {one.name for one in FIELDS[kind] if one.needed}


@pytest.mark.parametrize(
    ("kind", "name", "typed"),
    [
        ("measure", "deadline", "soon"),
        ("measure", "deadline", "2026-02-30"),
        ("measure", "deadline", "1026-02-03"),
        ("measure", "problem", "0"),
        ("measure", "problem", "1.5"),
        ("measure", "office", "o" * 61),
        ("problem", "petition", "perhaps"),
        ("problem", "text", "o" * 1001),
        ("call_back", "way", "by pigeon"),
        ("meeting", "present", "-1"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field(kind: str, name: str, typed: str) -> None:
    values, faults = read_values(kind, {name: typed})
    assert set(faults) == {name}
    assert values == {}


@pytest.mark.parametrize(
    "typed", ["2026-03-01", "2026/3/1", "2026.03.01", "2026年3月1日", "2026-03-01 00:00:00"]
)
def test_a_date_is_read_as_offices_write_it(typed: str) -> None:
    assert read_values("measure", {"deadline": typed}) == ({"deadline": DAY}, {})


def test_an_option_is_known_by_its_key_and_in_both_languages() -> None:
    for kind in KINDS:
        for one in FIELDS[kind]:
            for key, (english, chinese) in one.options.items():
                for name in (key, english, english.upper(), *chinese.split()):
                    assert option_of(name, one.options) == key


def test_the_chinese_names_of_columns_and_options_are_those_of_the_workbook(chinese) -> None:
    for kind in KINDS:
        for column in columns_of(kind):
            assert chinese(column.label) in column.chinese.split(), column
        for one in FIELDS[kind]:
            for english, names in one.options.values():
                assert chinese(english) in names.split(), english


def test_a_fingerprint_tells_any_change() -> None:
    record = RECORDS_OF["measure"]
    assert fingerprint(record) == fingerprint(replace(record))
    assert fingerprint(record) != fingerprint(replace(record, office="Land"))


# A workbook


def header(kind: str) -> list[str]:
    return [column.label for column in columns_of(kind)]


def problem_row(code: str = CODE, number: object = "", text: str = "Roof", cause: str = "Rain"):
    return [code, "", "", number, text, cause, "no"]


def measure_row(number: object = "", problem: object = 1, text: str = "Mend", state: str = ""):
    return [CODE, "", "", number, problem, text, "", "", state, ""]


def planned(*tables, known=None):
    return plan(read_tables(tables), known if known is not None else {CODE: Known()})


def test_new_rows_get_the_next_numbers_and_may_refer_to_one_another() -> None:
    kept = Known({("problem", 3): Problem(number=3, text="Road")})
    problems = [header("problem"), problem_row(), problem_row(number=9), problem_row()]
    measures = [header("measure"), measure_row(problem=10), measure_row(problem=3)]
    found = planned(measures, problems, known={CODE: kept})
    assert found.problems == []
    assert [(one.kind, one.record.number) for one in found.added] == [
        ("problem", 10),
        ("problem", 9),
        ("problem", 11),
        ("measure", 1),
        ("measure", 2),
    ]


def test_a_blank_cell_says_nothing_and_the_same_again_changes_nothing() -> None:
    kept = Problem(number=1, text="Roof", cause="Rain", petition=True)
    row = [CODE, "", "", 1.0, "", "", ""]
    assert planned(
        [header("problem"), row], known={CODE: Known({("problem", 1): kept})}
    ).counts == {"added": 0, "changed": 0, "unchanged": 1}
    row[5] = "Storm"
    (one,) = planned([header("problem"), row], known={CODE: Known({("problem", 1): kept})}).changed
    assert one.record == replace(kept, cause="Storm")
    assert one.old == kept


def test_every_fault_is_named_by_sheet_row_and_column_at_once() -> None:
    problems = [
        ["A title"],
        header("problem"),
        problem_row(number=1),
        problem_row(number=1),
        problem_row(code="990101100299"),
        problem_row(code="99"),
        problem_row(text=""),
        [],
    ]
    measures = [header("measure"), measure_row(problem=7), measure_row(state="nearly")]
    found = planned(problems, measures)
    assert [(one.kind, one.row, one.column) for one in found.faults] == [
        ("problem", 6, "A"),
        ("measure", 3, "I"),
        ("problem", 4, "D"),
        ("problem", 5, "A"),
        ("problem", 7, "E"),
        ("measure", 2, "E"),
    ]


def test_what_looks_personal_is_pointed_out_and_does_not_hinder() -> None:
    found = planned([header("problem"), problem_row(text="王书记不公开")])
    assert [(one.row, one.column, one.grave) for one in found.problems] == [(2, "E", False)]
    assert len(found.added) == 1
    assert found.faults == []


def test_a_state_only_moves_forward_and_what_is_reported_done_is_not_written_over() -> None:
    kept = Known(
        {
            ("problem", 1): Problem(number=1, text="Roof"),
            ("measure", 1): Measure(number=1, problem=1, text="Mend"),
            ("measure", 2): Measure(number=2, problem=1, text="Mend"),
            ("measure", 4): Measure(number=4, problem=1, text="Mend"),
        },
        {1: "open", 2: "done", 4: "done"},
    )
    rows = [
        measure_row(1, state="closed out"),
        measure_row(2, state="under way"),
        measure_row(3, state="已办结"),
        measure_row(4, state="reported done"),
    ]
    found = planned([header("measure"), *rows], known={CODE: kept})
    assert [(one.record.number, one.report) for one in (*found.changed, *found.added)] == [
        (1, True),
        (3, True),
    ]
    assert found.unchanged == 2
    other = planned([header("measure"), measure_row(2, text="Paint")], known={CODE: kept})
    assert [(one.row, one.column) for one in other.faults] == [(2, "D")]


def test_a_workbook_of_something_else_is_one_sentence() -> None:
    with pytest.raises(Invalid, match="No sheet of this workbook"):
        read_tables([[["村编码", "乡镇", "村名"], [CODE, "East", "Clear Water"]]])


# Proof


@given(st.binary(max_size=64))
def test_what_is_no_kind_of_proof_is_refused_and_nothing_else_happens(content: bytes) -> None:
    begins = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
    if not content.startswith(begins):
        with pytest.raises(Invalid):
            proof.kind_of(content)


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("会议 记录.PDF", "会议 记录.pdf"),
        ("C:\\a\\photo.jpeg", "photo.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ('q"uo:te*.pdf', "quote.pdf"),
        (".pdf", "proof.pdf"),
        (None, "proof.pdf"),
        ("n" * 300 + ".pdf", "n" * 80 + ".pdf"),
    ],
)
def test_a_file_s_name_is_made_harmless(filename: str | None, name: str) -> None:
    assert proof.name_of(filename, "pdf") == name
