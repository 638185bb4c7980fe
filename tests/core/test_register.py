"""Checking a register's table: what is mended, what is doubted, what is refused, and how."""

import time

import pytest

from survey.core.errors import Invalid
from survey.core.register import (
    LABELS,
    Entry,
    Fault,
    from_list,
    has_header,
    read_rows,
    to_list,
)
from survey.core.register_header import letter

HEADER = ["村编码", "乡镇", "村名", "户数", "应评村民数", "党员数", "验收组"]
GOOD = ["990101100201", "青柳镇", "前柳屯村", 93.0, 232.0, 14.0, "第1验收组"]


def with_cell(name: str, value) -> list:
    row = list(GOOD)
    row[HEADER.index(name)] = value
    return row


def read_one(name: str, value) -> Entry:
    register = read_rows([HEADER, with_cell(name, value)])
    assert register.problems == ()
    return register.entries[0]


def problem_of(name: str, value):
    register = read_rows([HEADER, with_cell(name, value)])
    assert len(register.problems) == 1
    return register.problems[0]


def test_a_good_row_becomes_an_entry():
    register = read_rows([HEADER, GOOD])

    assert register.problems == ()
    assert register.entries == (
        Entry("990101100201", "青柳镇", "前柳屯村", 93, 232, 14, acceptance_group="第1验收组"),
    )


def test_an_entry_survives_its_list_form():
    entry = read_rows([HEADER, GOOD]).entries[0]

    assert from_list(to_list(entry)) == entry


@pytest.mark.parametrize(
    "code",
    [
        990101100201.0,
        990101100201,
        "９９０１０１１００２０１",
        " 9901 0110 0201 ",
        "'990101100201",
        '="990101100201"',
        "990101100201\u200b",
    ],
)
def test_codes_are_mended(code):
    assert read_one("村编码", code).code == "990101100201"


@pytest.mark.parametrize(
    ("name", "mended"),
    [
        (" 兴 隆村 ", "兴隆村"),
        ("兴\u3000隆村", "兴隆村"),
        ("New  Village", "New Village"),
        ("é\u200b", "é"),
        ("<script>alert(1)</script>村", "<script>alert(1)</script>村"),
        ("\ue863家村", "\ue863家村"),
        ("\U00031350家村", "\U00031350家村"),
    ],
)
def test_names_are_mended_and_lose_no_rare_character(name, mended):
    assert read_one("村名", name).name == mended


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (232.0, 232),
        ("２３２", 232),
        ("1,878", 1878),
        ("232人", 232),
        ("232.0", 232),
        (0, 0),
        ("", None),
        (None, None),
        ("—", None),
        ("/", None),
    ],
)
def test_counts_are_mended_and_nothing_is_none(value, number):
    assert read_one("户数", 900)
    assert read_rows([HEADER, with_cell("党员数", value)]).entries[0].party_members == number


@pytest.mark.parametrize("value", ["三百", "1.5", 1.5, -5.0, "-5", True, float("nan"), 1e9, "5e3"])
def test_what_is_no_count_is_an_error_in_its_cell(value):
    problem = problem_of("应评村民数", value)

    assert (problem.cell, problem.severity) == ("E2", "error")


@pytest.mark.parametrize(
    "code", ["", "12345", "99010110020１a", "北张村", 99010110020.5, "9" * 500]
)
def test_what_is_no_code_is_an_error_that_stays_short(code):
    problem = problem_of("村编码", code)

    assert (problem.cell, problem.severity) == ("A2", "error")
    assert len(str(problem.sentence)) < 150


@pytest.mark.parametrize("code", ["9.90101E+11", "9.90101e11", "9.90101Ｅ+11", "9.90101100201E+11"])
def test_a_code_in_scientific_notation_tells_what_excel_did(code):
    sentence = str(problem_of("村编码", code).sentence)

    assert "Excel" in sentence
    assert "as text" in sentence


def test_a_code_that_excel_rounded_is_doubted():
    problem = problem_of("村编码", 990101000000.0)

    assert (problem.cell, problem.severity) == ("A2", "warning")


@pytest.mark.parametrize("name", ["村编码", "乡镇", "村名"])
def test_a_needed_cell_that_is_blank_is_an_error(name):
    problem = problem_of(name, "  ")

    assert problem.severity == "error"
    assert "missing" in str(problem.sentence)


def test_a_formula_without_a_result_is_an_error_that_names_the_cell():
    problem = problem_of("村名", Fault.NO_RESULT)

    assert (problem.row, problem.column, problem.severity) == (2, "C", "error")
    assert "C2" in str(problem.sentence)
    assert "G2" in str(problem_of("验收组", Fault.ERROR).sentence)


def test_a_row_with_nothing_but_a_fault_is_not_empty():
    register = read_rows([HEADER, GOOD, [None, None, Fault.NO_RESULT]])

    assert [problem.cell for problem in register.errors] == ["A3", "B3", "C3"]


def test_a_code_given_twice_names_the_first_row():
    register = read_rows([["台账"], HEADER, GOOD, [], with_cell("村名", "另一村")])

    assert [(problem.cell, problem.severity) for problem in register.problems] == [("A5", "error")]
    assert "row 3" in str(register.problems[0].sentence)
    assert len(register.entries) == 1


def test_the_same_name_in_a_township_is_doubted():
    problem = read_rows([HEADER, GOOD, with_cell("村编码", "990101100202")]).problems[0]

    assert (problem.cell, problem.severity) == ("C3", "warning")


def test_more_than_ten_eligible_villagers_a_household_are_doubted():
    assert read_one("应评村民数", 930).eligible == 930
    assert problem_of("应评村民数", 931).severity == "warning"


def test_more_party_members_than_eligible_villagers_are_doubted():
    assert problem_of("党员数", 233).cell == "F2"


def test_a_text_without_end_is_refused():
    assert read_one("村名", "村" * 60)
    assert problem_of("村名", "村" * 61).severity == "error"


def test_every_problem_is_told_at_once():
    register = read_rows([HEADER, ["1", "", "", "a", "b", "c", ""], GOOD])

    assert [problem.cell for problem in register.errors] == ["A2", "B2", "C2", "D2", "E2", "F2"]
    assert [entry.code for entry in register.entries] == ["990101100201"]
    assert register.warnings == ()


def test_the_header_is_found_below_titles_in_any_order_and_wording():
    table = [
        ["2026年整顿台账", "", ""],
        [],
        ["制表：办公室"],
        ["序号", "村 名 ", "所属乡（镇）", "应评村民数（人）", "*统计代码：", "备注"],
        [1.0, "前柳屯村", "青柳镇", 232.0, 990101100201.0, "无"],
    ]

    assert read_rows(table).entries == (Entry("990101100201", "青柳镇", "前柳屯村", eligible=232),)


def test_english_headers_are_read():
    table = [["Village code", "TOWNSHIP", "village_name", "Acceptance group"], [*GOOD[:3], "G1"]]

    assert read_rows(table).entries[0].acceptance_group == "G1"


def test_a_second_column_for_a_field_is_passed_over_and_said():
    register = read_rows([[*HEADER, "总户数"], [*GOOD, 5]])

    assert register.entries[0].households == 93
    assert [(problem.cell, problem.severity) for problem in register.problems] == [
        ("H1", "warning")
    ]


def test_empty_rows_are_passed_over_and_totals_are_said():
    register = read_rows([HEADER, GOOD, [], ["", None, " "], ["合 计", "", "", 93, 232, 14]])

    assert len(register.entries) == 1
    assert [(problem.cell, problem.severity) for problem in register.problems] == [
        ("A5", "warning")
    ]


def test_rows_shorter_than_the_header_are_read():
    assert read_rows([HEADER, GOOD[:3]]).entries[0].eligible is None


@pytest.mark.parametrize("table", [[], [[]], [["", None, "  "]]])
def test_an_empty_table_is_one_sentence(table):
    with pytest.raises(Invalid, match="empty"):
        read_rows(table)


def test_a_table_without_header_is_one_sentence_that_names_the_columns():
    assert not has_header([["猫", "狗"], ["1", "2"]])
    with pytest.raises(Invalid, match="Village code, Township, Village name"):
        read_rows([["猫", "狗"], ["1", "2"]])


def test_missing_columns_are_one_sentence_that_names_them(chinese):
    with pytest.raises(Invalid, match="Village code, Village name") as caught:
        read_rows([["乡镇", "户数"], ["青柳镇", 5]])
    assert "村编码、村名" in caught.value.sentence.render(chinese)


def test_a_header_without_villages_is_one_sentence():
    with pytest.raises(Invalid, match="row 2"):
        read_rows([["台账"], HEADER, [], ["合计"]])


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_excel_names_them(column, name):
    assert letter(column) == name


def test_every_field_has_a_chinese_name(chinese):
    assert all(chinese(name) != name for name in LABELS.values())


def test_fifty_thousand_rows_are_read_in_seconds():
    rows = [
        [990000000201 + number, f"乡{number // 40}", f"村{number}", *GOOD[3:]]
        for number in range(50_000)
    ]
    begin = time.process_time()

    register = read_rows([HEADER, *rows])

    assert len(register.entries) == 50_000
    assert time.process_time() - begin < 10
