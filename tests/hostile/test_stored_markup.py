"""Markup and formulas in every text that somebody can write: they stay text wherever they appear.

Register, questionnaire, people, round, comment, evaluation and signature carry a mark that is an
element, an attribute and a template at once; every page, picture, paper and file is then read with
the parser that its reader would use.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from lxml.html import HtmlElement, document_fromstring

from survey.core.inert import inert
from survey.core.keys import make_half
from survey.papers import print_envelope, reader
from survey.storage import rounds
from survey.storage.db import db
from survey.storage.questionnaires import defaults
from tests.hostile.house import PASSWORD, ROUNDS, STAFF, VILLAGE, House, build
from tests.printing import reading
from tests.web.browser import Browser

MARK = "\"'><xss a=1>{{7*7}}&copy"
"""Ends an attribute of either quote, begins an element, asks a template to count, is an entity."""
FORMULA = "=1+2&"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
KEYS = [item.key for item in defaults()["mass"].items]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("instance")
        made = build(folder, str(sqlite_template), patch, mark=MARK, names=FORMULA)
        yield made
        with made.app.app_context():
            db.engine.dispose()


def check_page(page: HtmlElement, where: str) -> int:
    """Fail where the mark is anything but text; return how often it is there as text."""
    assert not page.xpath("//xss | //*[@a]"), f"{where}: the mark has become an element"
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "<", '"', "'")), f"{where}: attribute {name}"
            if name in {"href", "src", "action", "formaction"}:
                assert not value.lower().startswith(("javascript:", "data:text")), where
    text = page.text_content()
    assert "49" not in re.findall(r"\{?\{?7\*7|>49&", text), where
    return text.count(MARK)


def check_file(content: bytes, mimetype: str, where: str) -> int:
    """Read *content* as its reader would; return how often the mark is there as text."""
    if mimetype == "application/pdf":
        text = "".join(map(reading.text_of, reading.open_pages(content)))
        return text.count("<xssa=1>{{7*7}}")
    if mimetype == "image/svg+xml":
        tree = ElementTree.fromstring(content)
        assert not [one for one in tree.iter() if one.tag.endswith(("xss", "script"))], where
        return "".join(tree.itertext()).count("<xss a=1>")
    if mimetype == "text/csv":
        return check_cells(csv.reader(io.StringIO(content.decode("utf-8-sig"))), where)
    if mimetype.endswith("sheet"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"], where
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            inside = b"".join(archive.read(name) for name in names if "sheet" in name)
        assert b"<f>" not in inside, where
        assert not [name for name in names if "external" in name.lower()], where
        return sum(MARK in str(cell.value) for cell in cells)
    if mimetype == "application/json":
        return str(json.loads(content)).count("<xss a=1>")
    if mimetype == "application/schema+json":
        return 0
    if mimetype.endswith(("document", "/zip")):
        return check_archive(content, where)
    raise AssertionError(f"{where}: nobody has said how to read {mimetype}")


def check_archive(content: bytes, where: str) -> int:
    """Read the parts of a Word document, or the files of a ZIP."""
    found = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inside = archive.read(name)
            if name.endswith(".xml"):
                tree = ElementTree.fromstring(inside)
                assert not [one for one in tree.iter() if one.tag.endswith("xss")], where
                found += "".join(tree.itertext()).count("<xss a=1>")
            elif name.endswith(".csv"):
                rows = csv.reader(io.StringIO(inside.decode("utf-8-sig")))
                texts = [[cell for cell in row if not NUMBER.fullmatch(cell)] for row in rows]
                found += check_cells(iter(texts), f"{where}: {name}")
            elif name.endswith(".pdf"):
                found += check_file(inside, "application/pdf", f"{where}: {name}")
    return found


def check_cells(rows: Iterator[list[str]], where: str) -> int:
    cells = [cell for row in rows for cell in row]
    for cell in cells:
        assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell), f"{where}: {cell} is a formula"
    return sum(MARK in cell for cell in cells)


@pytest.mark.parametrize("who", [None, *STAFF])
def test_on_every_page_and_in_every_file_the_mark_is_text(house: House, who: str | None) -> None:
    client = house.browse(who).client
    seen: dict[str, int] = {}
    for rule, address in house.addresses("GET"):
        for language in ("en", "zh"):
            with client.get(f"{address}?lang={language}", follow_redirects=True) as answer:
                content, mimetype, status = answer.get_data(), answer.mimetype, answer.status_code
            assert status < 500, address
            if rule.endpoint == "static":
                continue
            if mimetype == "text/html":
                page = document_fromstring(content.decode())
                found = check_page(page, address)
                assert b"<xss" not in content.replace(b"&lt;xss", b""), address
            else:
                found = check_file(content, mimetype, address)
            seen[rule.endpoint] = seen.get(rule.endpoint, 0) + found
    with_mark = {endpoint for endpoint, count in seen.items() if count}
    assert with_mark >= WITH_MARK[who], f"not seen on {WITH_MARK[who] - with_mark}"


WITH_MARK = {
    None: {"collect.poster", "collect.ticket"},
    "anna": {
        "admin.audit_log",
        "admin.calibration",
        "admin.groups",
        "admin.home",
        "admin.imports",
        "admin.links",
        "admin.new_round",
        "admin.opening_sheet",
        "admin.people",
        "admin.printing",
        "admin.register",
        "admin.rounds",
        "admin.sealing_sheet",
        "admin.show_round",
        "admin.slips",
        "review.desk",
        "review.ledger_file",
        "review.ledger_page",
        "review.village",
    },
    "berta": {"admin.people", "review.village"},
    "lead": {"review.desk", "review.distribution", "review.ledger_file", "review.village"},
    "member": {"review.desk", "review.distribution", "review.ledger_file", "review.village"},
    "stranger": {"review.desk", "review.ledger_file"},
    "mira": {"review.next_text", "review.one_text"},
}
"""Where the mark must have been met, so that an empty page proves nothing."""


@pytest.mark.parametrize("audience", ["mass", "self"])
def test_papers_print_the_mark(house: House, audience: str, tmp_path: Path) -> None:
    anna = house.browse("anna").get("/admin/rounds/summer/printing")
    poster = anna.send("Print posters (PDF)", audience=audience)
    assert check_file(poster.get_data(), poster.mimetype, "posters") >= 3
    slips = tmp_path / "slips.pdf"
    words = f"tickets summer --audience {audience} --village {VILLAGE} --count 2"
    words += f" --by anna --witness berta --output {slips}"
    said = house.app.test_cli_runner().invoke(args=words.split(), input=f"{PASSWORD}\n" * 2)
    assert said.exit_code == 0, said.output
    assert check_file(slips.read_bytes(), "application/pdf", "slips") >= 2
    with house.app.app_context():
        round_ = rounds.by_slug(db.session, "summer")
        sheet = print_envelope(round_, make_half(1), 1, reader("en", two_person=True))
    assert check_file(sheet, "application/pdf", "envelope") >= 1


@pytest.mark.parametrize(
    "text",
    [
        MARK,
        "<script>alert(1)</script>",
        "</textarea><xss a=1>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "{% raw %}{{ config }}{% endraw %}",
        "\u202e<xss a=1>\u202c",
    ],
)
def test_a_comment_and_an_answer_come_back_as_text(house: House, text: str) -> None:
    """The form is shown again with what was typed: in the page, or not at all."""
    phone = Browser(house.app).get(f"/v/{house.poster}")
    scripts = len(phone.page.xpath("//script"))
    phone.press("Send", 422, comment=text, **dict.fromkeys(KEYS[1:], "good"))
    (box,) = phone.page.xpath("//textarea[@name='comment']")
    assert box.text_content() == text
    assert not phone.page.xpath("//xss | //img")
    assert len(phone.page.xpath("//script")) == scripts
    hostile = phone.client.post(
        f"/v/{house.poster}?lang=en",
        data={"nonce": text, "switch": text, text: text, KEYS[0]: text, "comment": text},
    )
    page = document_fromstring(hostile.get_data(as_text=True))
    assert not page.xpath("//xss | //img")
    assert len(page.xpath("//script")) == 1


@pytest.mark.parametrize(
    "name", ["lang", "next", "q", "township", "group", "page", "theme", "width"]
)
def test_what_an_address_says_comes_back_as_text(house: House, name: str) -> None:
    client = house.browse("anna").client
    for _rule, address in house.addresses("GET"):
        with client.get(address, query_string={name: MARK}, follow_redirects=True) as answer:
            if answer.mimetype == "text/html":
                check_page(document_fromstring(answer.get_data(as_text=True)), address)
                assert b"<xss" not in answer.get_data(), address


@pytest.mark.parametrize("address", ["/admin/rounds/{}", "/review/{}/", "/t/{}", "/v/{}", "/{}"])
def test_an_address_that_is_not_there_comes_back_as_text(house: House, address: str) -> None:
    with house.browse("anna").client.get(address.format("%22><xss a=1>")) as answer:
        assert answer.status_code in {400, 404}
        check_page(document_fromstring(answer.get_data(as_text=True)), address)


def test_the_command_writes_no_formula_either(house: House, tmp_path: Path) -> None:
    runner = house.app.test_cli_runner()
    said = runner.invoke(args=["links", "summer"]).output
    assert check_cells(csv.reader(io.StringIO(said)), "links") == 6
    path = tmp_path / "links.csv"
    assert runner.invoke(args=["links", "summer", "-o", str(path)]).exit_code == 0
    text = path.read_text("utf-8-sig")
    assert check_cells(csv.reader(io.StringIO(text)), "links") == 6
    assert f"'{FORMULA}" in text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_an_apostrophe_keeps_a_formula_text(sign: str) -> None:
    assert inert(f"{sign}1") == f"'{sign}1"
    assert inert(f"1{sign}") == f"1{sign}"


def test_the_house_has_what_it_says(house: House) -> None:
    assert set(ROUNDS) == {"spring", "summer", "autumn"}
    page = house.browse("lead").get(f"/review/spring/{VILLAGE}")
    assert page.says(f"reason{MARK}", f"stated{MARK}", f"{FORMULA}Clear Water{MARK}")
