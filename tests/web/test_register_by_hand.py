"""The register's pages beyond a simple import: filters, one village, hamlets, undo, columns."""

from __future__ import annotations

import io

import pytest

from survey.web.admin import imports
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_register import HEADER, choose

SMALL = (
    HEADER
    + "990101100201,东坡镇,清水村,3,8,5,一组\n"
    + "990101100202,东坡镇,石桥村,2,7,5,一组\n"
    + "990101100203,东坡镇,大柳村,200,500,12,\n"
)
FOREIGN = "序,甲,乙,丙\n1,990101100201,东坡镇,清水村\n2,990101100202,东坡镇,石桥村\n"


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    return choose(sign_in(), "small.csv", SMALL.encode()).press("Import")


def test_the_register_is_filtered_and_the_address_can_be_sent_on(anna: Browser) -> None:
    anna.press("Search", group="0")
    assert [row[2] for row in anna.rows()] == ["大柳村"]
    sent = anna.path_and_query
    assert [row[2] for row in anna.get(sent).rows()] == ["大柳村"]
    anna.press("Search", group="", standing="retired")
    assert anna.says("Nothing found", "Which ones")


def test_one_village_is_edited_and_a_fault_stands_at_its_field(anna: Browser) -> None:
    anna.follow("清水村").press("Save", eligible="many", status=422)
    assert "whole number" in anna.page.xpath("//*[@id='eligible-fault']")[0].text_content()
    assert anna.press("Save", eligible="9", cause="无班子").says("Saved.")
    assert anna.get("/admin/audit").says("village of the register changed", "eligible: [8, 9]")


def test_an_edit_over_somebody_elses_names_what_is_kept_now(anna: Browser, sign_in: SignIn) -> None:
    anna.follow("清水村")
    sign_in("berta").get(anna.path).press("Save", eligible="9")
    anna.press("Save", eligible="6", status=422)
    assert anna.says("changed this village meanwhile", "kept now: 9")
    assert anna.press("Save").says("Saved.")
    assert anna.page.xpath("//input[@id='eligible']/@value") == ["6"]


def test_hamlets_are_merged_named_and_split(anna: Browser) -> None:
    anna.follow("Hamlets too small").follow("Merge")
    ids = anna.page.xpath("//input[@name='ticked']/@value")
    anna.press("Merge", ticked=ids[:1], name="清石村", status=422)
    assert anna.says("at least two villages")
    anna.press("Merge", ticked=ids[:2], name="清石村")
    assert anna.heading == "清石村"
    assert [row[1] for row in anna.rows()] == ["清水村", "石桥村", "Together"]
    assert anna.rows()[2][3] == "15"
    assert anna.get("/admin/register").says("merged from 2 hamlets", "2 villages")
    anna.follow("清石村").follow("清水村").press("Save", eligible="9")
    assert anna.follow("清石村").rows()[2][3] == "16"
    assert anna.press("Split it again").says("each of them stands alone")
    assert anna.get("/admin/register").says("3 villages")


def test_a_village_is_retired_and_brought_back(anna: Browser) -> None:
    anna.follow("大柳村").press("Retire it")
    assert anna.get("/admin/register").says("2 villages")
    anna.get("/admin/register?standing=retired").follow("大柳村").press("Bring it back")
    assert anna.get("/admin/register").says("3 villages")


def test_the_last_import_is_undone(anna: Browser) -> None:
    choose(anna, "wrong.csv", SMALL.replace(",8,", ",88,").encode()).press("Import")
    anna.get("/admin/register/history").follow("wrong.csv")
    assert "8 → 88" in anna.rows()[0][2]
    assert anna.press("Undo this import").says("as it was before", "undone by anna")
    assert anna.get("/admin/register").rows()[0][4] == "8"
    anna.get("/admin/register/history").follow("wrong.csv")
    assert anna.says("This import was undone.")
    assert "Undo this import" not in anna.buttons()


def test_columns_are_named_once_and_known_the_next_time(anna: Browser) -> None:
    choose(anna, "foreign.csv", FOREIGN.encode())
    assert anna.heading == "Which column is which?"
    anna.press("Read the file so", **{"column-1": "code", "column-2": "code"}, status=422)
    assert anna.says("chosen for column B and for column C")
    anna.press("Read the file so", **{"column-2": "township", "column-3": "name"})
    assert anna.heading == "What this file would change"
    choose(anna, "next.csv", FOREIGN.replace("石桥村", "石新村").encode())
    assert "石桥村 → 石新村" in anna.rows()[0][2]
    anna.get("/admin/register/columns").press("Forget")
    choose(anna, "next.csv", FOREIGN.encode())
    assert anna.heading == "Which column is which?"


def test_a_file_that_is_known_can_be_read_by_hand(anna: Browser) -> None:
    anna.get("/admin/register/import")
    file = (io.BytesIO(SMALL.encode()), "small.csv")
    anna.press("Look at it first", file=file, by_hand="y")
    assert anna.heading == "Which column is which?"
    assert anna.page.xpath("//select/option[@selected]/@value")[:2] == ["code", "township"]


def test_a_file_is_named_by_whoever_chose_it(anna: Browser, sign_in: SignIn) -> None:
    choose(anna, "foreign.csv", FOREIGN.encode())
    berta = sign_in("berta").get(anna.path, status=404)
    assert berta.says("no longer kept")


def test_a_large_file_shows_how_far_it_has_come(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE_FILE", 10)
    monkeypatch.setattr(imports, "MANY", 10)
    browser = sign_in()
    choose(browser, "small.csv", SMALL.encode())
    assert browser.says("Reading the file", "Comparing it with the register", "100%")
    assert browser.get("/admin/register/import").says("Waiting for your yes", "small.csv")
    choose(browser, "bad.csv", SMALL.replace("500", "minus").encode())
    assert browser.says("needs a look") or browser.says("need a look")
    city = choose(browser, "city.csv", _many().encode()).follow("See what it would change")
    assert city.says("Page 1 of 2")
    assert city.press("Import").says("Writing the register", "The register is written.")
    assert city.get("/admin/register").says("60 villages")


def _many() -> str:
    rows = (f"9901012{number:05d},东坡镇,村{number},1,2,3,一组\n" for number in range(60))
    return HEADER + "".join(rows)
