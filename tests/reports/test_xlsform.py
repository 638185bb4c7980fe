"""XLSForms: what is written comes back, pyxform takes it, and what cannot be asked is told."""

from io import BytesIO
from time import monotonic

import openpyxl
import pytest
from hypothesis import given, settings
from pyxform.xls2xform import convert

from survey.core.drafting import draft as drafts
from survey.core.drafting import edits
from survey.core.drafting.draft import Text
from survey.core.errors import Invalid
from survey.reports import xlsform
from survey.storage.questionnaires import defaults
from tests.core.asked import questionnaires
from tests.hostile.test_workbooks import altered

LIKE = drafts.empty("mass-1", "mass", defaults()["mass"])
SURVEY = ("type", "name", "label", "label::English (en)")
GRADES = [("quality", name, name.title()) for name in ("good", "fairly_good", "average", "poor")]


def read(data, like=LIKE):
    return xlsform.read(BytesIO(data), "form.xlsx", like)


def form(rows, choices=GRADES, columns=SURVEY, settings_row=None, **more_sheets):
    """An XLSForm as somebody else writes it."""
    book = openpyxl.Workbook()
    book.active.title = "survey"
    sheets = {"choices": [("list name", "name", "label"), *choices], **more_sheets}
    if settings_row:
        sheets["settings"] = [tuple(settings_row), tuple(settings_row.values())]
    for row in (columns, *rows):
        book.active.append(row)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def effects(*rows):
    return [("begin group", "effects", "整治效果", "Effects"), *rows, ("end group",)]


def wrong(data):
    found = read(data)
    assert found.draft is None
    return [str(one) for one in found.wrong]


# Our own


def check_with_pyxform(asked, data):
    """Fail unless the reference reader of XLSForms finds every question in its group."""
    made = convert(data, file_type=".xlsx", validate=False)
    assert made.warnings == []
    for question in (*asked.items, *asked.extras):
        dimension = question.key.partition(".")[0]
        assert f'ref="/data/{dimension}/{question.key.replace(".", "_", 1)}"' in made.xform


def with_text(text):
    draft, key = edits.add(LIKE, "effects", "grades")
    asked = edits.question(draft, key)
    return edits.put(draft, asked.model_copy(update={"text": Text(zh="好", en=text)}))


@settings(max_examples=6)
@given(questionnaires())
def test_nothing_is_lost_and_pyxform_takes_it(asked):
    data = xlsform.write(drafts.of(asked))
    found = read(data)
    assert (found.wrong, found.left_out) == ((), ())
    assert drafts.finish(found.draft) == asked
    check_with_pyxform(asked, data)


@pytest.mark.parametrize("audience", ["mass", "self"])
def test_the_questionnaires_of_the_service_are_the_same_afterwards(audience):
    asked = defaults()[audience]
    data = xlsform.write(drafts.of(asked))
    assert drafts.finish(read(data).draft).digest == asked.digest
    check_with_pyxform(asked, data)


def test_what_is_unfinished_comes_back_too():
    draft, key = edits.add(LIKE, "effects", "number")
    draft = edits.put(draft, edits.question(draft, key).model_copy(update={"least": -3}))
    draft, _ = edits.add(draft, "measures", "choice")
    draft, _ = edits.add(draft, "measures", "text")
    draft, _ = edits.add(draft, "measures", "grades")
    assert read(xlsform.write(draft)).draft == draft


@pytest.mark.parametrize("text", ["=1+1", "0012", "1.50", "a_x0041_b", "好\n不好", "TRUE", "${x"])
def test_a_text_that_looks_like_something_else_stays_a_text(text):
    draft = with_text(text)
    assert read(xlsform.write(draft)).draft == draft


def test_what_looks_like_a_reference_is_none_for_the_reference_reader():
    data = xlsform.write(with_text("${gone} or ${"))
    made = convert(data, file_type=".xlsx", validate=False)
    assert made.warnings == []
    assert "<output" not in made.xform


# From elsewhere


def test_a_form_from_elsewhere_becomes_a_draft():
    found = read(
        form(
            effects(
                ("note", "n1", "请说说村里的变化。"),
                ("select_one quality", "Roads now", "村里的路怎么样？", "How are the roads?"),
                ("select_multiple wishes", "wish", "先办什么？"),
                ("integer", "visits", "去过几回？"),
                ("text", "word", "一句话？"),
            ),
            [*GRADES, ("wishes", 1, "路"), ("wishes", "Street light", "路灯")],
            settings_row={"form_title": "我村测评", "form_id": "Our Form 1", "version": "v7"},
        )
    )
    assert found.wrong == ()
    draft = found.draft
    place = edits.dimension(draft, "effects")
    assert (draft.title.zh, draft.key, draft.version) == ("我村测评", "our-form-1", 1)
    assert place.lead.zh == "请说说村里的变化。"
    assert [(one.key, one.text.zh) for one in place.items] == [
        ("effects.roads_now", "村里的路怎么样？")
    ]
    assert draft.wording.fairly_good.en == "Fairly_Good"
    assert [(one.key, one.kind) for one in place.extras] == [
        ("effects.wish", "choices"),
        ("effects.visits", "number"),
        ("effects.word", "text"),
    ]
    assert [one.key for one in place.extras[0].options] == ["a1", "street_light"]
    assert edits.dimension(draft, "measures").title.en == "Rectification measures"


def test_everything_that_is_not_here_is_told_at_once_with_its_cell_and_a_remedy():
    columns = (*SURVEY, "relevant", "choice_filter", "calculation", "media::image")
    told = wrong(
        form(
            [
                ("start", "start"),
                ("text", "lost", "在组外"),
                *effects(
                    ("select_one quality", "a", "甲", "", "${b} = 1"),
                    ("select_one towns", "b", "乙"),
                    ("select_one quality or_other", "c", "丙", "", "", "x = 1"),
                    ("geopoint", "d", "丁"),
                    ("image", "e", "戊", "", "", "", "", "e.png"),
                    ("calculate", "f", "己", "", "", "", "1 + 1"),
                    ("begin_repeat", "g", "庚"),
                    ("decimal", "h", "辛"),
                    ("select_one quality", "a", "壬"),
                    ("text", "i", "${a} 之后呢？"),
                ),
                ("begin_group", "household", "家庭"),
                ("integer", "size", "几口人？"),
                ("end_group",),
            ],
            columns=columns,
            entities=[("dataset",), ("people",)],
        )
    )
    for cell, remedy in (
        ("entities A1", "delete it"),
        ("survey A2", "records who answers"),
        ("survey A3", "move it between"),
        ("survey E5", "reword the question"),
        ("survey A6", "no list “towns”"),
        ("survey A7", "list what is possible"),
        ("survey F7", "list all of them"),
        ("survey A8", "would tell who answers"),
        ("survey A9", "no pictures"),
        ("survey H9", "clear the cell"),
        ("survey A10", "nothing is computed"),
        ("survey G10", "clear the cell"),
        ("survey A11", "write each question once"),
        ("survey A12", "Use select_one"),
        ("survey B13", "rename one"),
        ("survey C14", "quotes another answer"),
        ("survey B16", "four dimensions"),
    ):
        assert [cell for one in told if one.startswith(f"{cell}: ") and remedy in one], (cell, told)
    assert len(told) == 17


def test_what_is_left_out_without_harm_is_told_too():
    columns = (*SURVEY, "required", "hint")
    found = read(
        form(effects(("select_one quality", "a", "甲", "A", "yes", "想一想")), columns=columns)
    )
    assert [str(one).partition(": ")[0] for one in found.left_out] == ["survey F3", "survey E3"]
    assert [item.key for item in found.draft.dimensions[2].items] == ["effects.a"]


@pytest.mark.parametrize(
    ("columns", "row", "told"),
    [
        (("type", "name", "label::French (fr)"), ("text", "a", "x"), "survey C1: questions are"),
        (("type", "label"), ("text", "甲"), "survey A1: the columns type and name"),
        ((*SURVEY, "constraint"), ("integer", "a", "甲", "", ". > 3"), "survey E3: this condition"),
        ((*SURVEY, "constraint"), ("text", "a", "甲", "", "regex(., 'x')"), "survey E3: this cond"),
        (SURVEY, ("select_one nowhere", "a", "甲"), "survey A3: there is no list"),
        (SURVEY, ("text", "村", "甲"), "survey B3: “村” cannot be"),
        (SURVEY, ("text", "a", "长" * 301), "survey C3: this text is longer"),
        (SURVEY, ("note", "a", "一"), None),
    ],
)
def test_one_thing_that_is_wrong_is_told_where_it_stands(columns, row, told):
    found = read(form(effects(row), columns=columns))
    if told is None:
        assert found.wrong == ()
    else:
        assert any(str(one).startswith(told) for one in found.wrong), found.wrong


def test_a_formula_without_a_result_is_told():
    told = wrong(form(effects(("text", "a", "=A1"))))
    assert told == ["survey C3: the cell has an error, or a formula without a result. "
                    "Please write its text."]  # fmt: skip


# Files made to do harm


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"type,name\ntext,a\n", "no workbook"),
        (b"PK\x03\x04 and nothing", "no workbook"),
        (b"", "no workbook"),
        (b"x" * (2 * 1024**2 + 1), "too large"),
    ],
)
def test_what_is_no_workbook_is_one_sentence(data, told):
    with pytest.raises(Invalid, match=told):
        read(data)


def test_a_register_is_no_xlsform():
    book = openpyxl.Workbook()
    file = BytesIO()
    book.save(file)
    with pytest.raises(Invalid, match="no sheet called survey"):
        read(file.getvalue())


def test_a_cell_at_the_end_of_the_sheet_is_refused_soon():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    bomb = altered(
        form([]), "xl/worksheets/sheet1.xml", lambda text: text.replace(b"</sheetData>", far)
    )
    with pytest.raises(Invalid, match="too large"):
        read(bomb)


def test_a_form_of_very_many_rows_is_refused():
    begun = monotonic()
    with pytest.raises(Invalid, match="more than 2000 rows"):
        read(form([("text", f"q{number}", "问") for number in range(2_100)]))
    assert monotonic() - begun < 30
