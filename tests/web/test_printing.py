"""The printing page: any villages, A3, covers, bundles by township, accounting forms, test page."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask

from survey.storage import acts, rounds
from survey.storage.db import begin_write, db
from tests.printing.reading import codes_on, open_pages, text_of
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_register import choose
from tests.web.test_rounds import make, open_with_server_key

PAGE = "/admin/rounds/spring/printing"
REGISTER = (
    "村代码,乡镇,村名,户数,应评村民数,党员数,验收组\n"
    "990102100201,东坡镇,清水村,300,80,20,一组\n"
    "990101100202,西河镇,石桥村,200,50,12,一组\n"
    "990102100203,东坡镇,长田村,250,64,9,二组\n"
)
"""The township that comes first by code stands second in the file."""


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator with three villages in two townships."""
    return choose(sign_in(), "register.csv", REGISTER.encode()).press("Import")


@pytest.fixture
def opened(anna: Browser, sign_in: SignIn) -> Browser:
    """A second administrator at the printing page of an open round."""
    berta = sign_in("berta")
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    return berta.get(PAGE)


def texts(pdf: bytes) -> list[str]:
    return [text_of(page) for page in open_pages(pdf)]


def names_on(pages: list[str]) -> list[str]:
    villages = ("清水村", "石桥村", "长田村")
    return [next((name for name in villages if name in page), "") for page in pages]


def test_posters_come_in_the_order_of_delivery(opened: Browser) -> None:
    answer = opened.send("Print posters (PDF)", audience="mass")
    assert names_on(texts(answer.data)) == ["石桥村", "清水村", "长田村"]


def test_villages_are_ticked_or_typed_or_both(opened: Browser) -> None:
    assert opened.says("Tick single villages", "东坡镇", "长田村")
    ticked = opened.send("Print posters (PDF)", audience="mass", ticked=["990102100203"])
    assert names_on(texts(ticked.data)) == ["长田村"]
    both = {"ticked": ["990102100203"], "codes": "990101100202"}
    answer = opened.send("Print posters (PDF)", audience="mass", **both)
    assert names_on(texts(answer.data)) == ["石桥村", "长田村"]
    opened.press("Print posters (PDF)", audience="mass", township="西河镇", **both, status=422)
    assert opened.says("990102100203")
    assert opened.page.xpath("//input[@name='ticked'][@checked]/@value") == ["990102100203"]


def test_a_village_of_another_round_cannot_be_ticked(opened: Browser) -> None:
    opened.press("Print posters (PDF)", audience="mass", ticked=["990909100201"], status=422)


def test_covers_and_a3(opened: Browser) -> None:
    wanted = {"audience": "mass", "size": "A3", "covers": "y"}
    pages = open_pages(opened.send("Print posters (PDF)", **wanted).data)
    assert {tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in pages} == {
        (297, 420)
    }
    said = [text_of(page) for page in pages]
    assert len(said) == 5
    assert "西河镇" in said[0] and "第1捆，共2捆" in said[0]
    assert "东坡镇" in said[2] and "990102100203长田村1—" in said[2]


def test_bundles_come_as_one_pdf_for_each_township(opened: Browser) -> None:
    button = "Print posters (ZIP, a PDF for each township)"
    answer = opened.send(button, audience="mass", covers="y")
    assert answer.mimetype == "application/zip"
    assert answer.headers["X-Accel-Buffering"] == "no"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert files.namelist() == ["1-西河镇.pdf", "2-东坡镇.pdf"]
        assert len(codes_on(files.read("1-西河镇.pdf"))) == 2
        assert len(codes_on(files.read("2-东坡镇.pdf"))) == 3


def plan(anna: Browser, **typed: object) -> Browser:
    anna.get("/admin/rounds/spring/tickets")
    typed = {"audience": "mass", "how": "each", "each": "30", "spare": "10"} | typed
    return anna.press("Propose to print", **typed)


@pytest.mark.parametrize(("per_page", "pages"), [("10", 4), ("16", 3), ("24", 2)])
def test_slips_come_as_many_to_a_page_as_was_planned(
    anna: Browser, opened: Browser, per_page: str, pages: int
) -> None:
    plan(anna, per_page=per_page)
    assert anna.says("99, 9 of them spare", f"{3 * pages} of A4, {per_page} slips on each")
    opened.get("/admin/rounds/spring/tickets")
    assert opened.says("a PDF for each of 3 villages")
    answer = opened.send("Confirm and fetch the sheets")
    assert answer.headers["X-Accel-Buffering"] == "no"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        for name in files.namelist():
            found = codes_on(files.read(name))
            assert len(found) == pages
            assert sum(map(len, found)) == 33


def test_a_plan_from_before_the_choice_is_printed_ten_to_a_page(
    app: Flask, anna: Browser, opened: Browser
) -> None:
    plan(anna, per_page="24", ticked=["990101100202"])
    with app.app_context():
        begin_write(db.session)
        row = acts.find(db.session, rounds.by_slug(db.session, "spring"), "tickets.print")
        assert row is not None
        row.detail = {name: value for name, value in row.detail.items() if name != "per_page"}
        db.session.commit()
    opened.get("/admin/rounds/spring/tickets")
    assert len(codes_on(opened.send("Confirm and fetch the sheets").data)) == 4


def test_accounting_forms_name_what_was_printed(anna: Browser, opened: Browser) -> None:
    plan(anna, ticked=["990101100202"])
    opened.get("/admin/rounds/spring/tickets").send("Confirm and fetch the sheets").get_data()
    answer = opened.get(PAGE).send("Print accounting forms (PDF)", audience="mass")
    pages = texts(answer.data)
    assert names_on(pages) == ["石桥村", "清水村", "长田村"]
    assert "打印33" in pages[0] and "第1份；其中备用3张" in pages[0]
    assert "打印33" not in pages[1]
    one = opened.send("Print accounting forms (PDF)", audience="mass", township="西河镇")
    assert names_on(texts(one.data)) == ["石桥村"]


def test_a_round_of_posters_has_no_accounting_forms(anna: Browser, sign_in: SignIn) -> None:
    berta = sign_in("berta")
    make(anna, key_holding="server", **{"mass-access": "poster", "self_-access": "poster"})
    open_with_server_key(anna, berta)
    berta.get(PAGE)
    assert "Print accounting forms (PDF)" not in berta.buttons()
    token = berta.page.xpath("//input[@name='csrf_token']/@value")[0]
    fields = {"csrf_token": token, "audience": "mass", "township": "", "language": "zh"}
    fields["size"] = "A4"
    berta._take(berta.client.post("/admin/rounds/spring/bag-forms.pdf", data=fields), 409)


@pytest.mark.parametrize("size", ["A4", "A3"])
def test_the_test_page_can_be_fetched_before_anything_is_open(anna: Browser, size: str) -> None:
    make(anna, key_holding="server")
    answer = anna.get(PAGE).download(f"Test page, {size} (PDF)")
    ((*found,),) = codes_on(answer.data)
    assert len(found) == 3
    assert all(code.lower().endswith("/t/" + "0" * 16) for code in found)
    anna.get("/admin/rounds/spring/test-print-A9.pdf", status=404)
