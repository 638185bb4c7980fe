"""The register's pages: import with a look first, listing, history."""

from __future__ import annotations

import io
from pathlib import Path

from tests.web.browser import Browser
from tests.web.conftest import SignIn

REGISTERS = Path(__file__).parents[1] / "data" / "registers"
HEADER = "村代码,乡镇,村名,户数,应评村民数,党员数,验收组\n"


def choose(browser: Browser, name: str, content: bytes, status: int = 200) -> Browser:
    browser.get("/admin/register/import")
    return browser.press("Look at it first", file=(io.BytesIO(content), name), status=status)


def choose_file(browser: Browser, name: str, status: int = 200) -> Browser:
    return choose(browser, name, (REGISTERS / name).read_bytes(), status)


def import_file(browser: Browser, name: str) -> Browser:
    return choose_file(browser, name).press("Import")


def test_an_empty_register_says_what_to_do(sign_in: SignIn) -> None:
    browser = sign_in().get("/admin/register")
    assert browser.says("The register is still empty")
    browser.follow("Import a file")
    assert browser.heading == "Import the register"


def test_a_file_is_shown_before_it_is_imported(sign_in: SignIn) -> None:
    browser = choose_file(sign_in(), "rectification-41.xlsx")
    assert browser.heading == "What this file would change"
    assert len(browser.rows()) == 41
    assert browser.get("/admin/register").says("0 villages")


def test_a_confirmed_file_is_in_the_register(sign_in: SignIn) -> None:
    browser = import_file(sign_in(), "rectification-41.xlsx")
    assert browser.says("41 added, 0 changed, 0 unchanged", "41 villages")


def test_a_second_import_shows_old_and_new(sign_in: SignIn) -> None:
    browser = sign_in()
    choose(browser, "a.csv", (HEADER + "990101100201,东坡镇,清水村,300,800,20,一组\n").encode())
    browser.press("Import")
    choose(
        browser,
        "b.csv",
        (
            HEADER
            + "990101100201,东坡镇,清水村,310,800,20,一组\n"
            + "990101100202,东坡镇,石桥村,200,500,12,一组\n"
        ).encode(),
    )
    assert "300 → 310" in browser.rows(0)[0][2]
    assert browser.rows(1)[0][2] == "石桥村"
    assert browser.press("Import").says("1 added, 1 changed, 0 unchanged")


def test_every_problem_is_listed_by_row_and_column_and_nothing_changes(sign_in: SignIn) -> None:
    browser = choose_file(sign_in(), "bad-12.xlsx", status=422)
    assert browser.heading == "This file needs mending"
    assert [row[0] for row in browser.rows()] == ["3", "4", "5", "6", "7", "9", "11"]
    assert all(row[1].isalpha() for row in browser.rows())
    assert "Please check:" in browser.rows()[-1][2]
    assert browser.get("/admin/register").says("0 villages")


def test_what_is_no_register_is_one_sentence(sign_in: SignIn) -> None:
    browser = choose_file(sign_in(), "bad-not-a-register.xlsx", status=422)
    assert browser.heading == "Import the register"
    assert len(browser.page.xpath("//*[@role='alert']//li")) == 1


def test_a_preview_belongs_to_whoever_made_it(sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    choose_file(anna, "rectification-41.xlsx")
    token = anna.page.xpath("//input[@name='token']/@value")[0]
    choose_file(berta, "rectification-41.xlsx")
    assert berta.press("Import", token=token, status=404)
    assert berta.get("/admin/register").says("0 villages")


def test_villages_are_found_by_name_township_and_group(sign_in: SignIn) -> None:
    browser = import_file(sign_in(), "rectification-41.xlsx")
    name, township = browser.rows()[7][2], browser.rows()[7][1]
    browser.press("Search", search=name)
    assert browser.rows()[0][2] == name
    browser.get("/admin/register").press("Search", township=township)
    assert {row[1] for row in browser.rows()} == {township}
    option = browser.page.xpath("//select[@name='group']/option")[1]
    browser.get("/admin/register").press("Search", group=option.get("value"))
    assert {row[6] for row in browser.rows()} == {option.text.strip()}


def test_long_lists_have_pages(sign_in: SignIn) -> None:
    browser = import_file(sign_in(), "city-469.csv")
    assert len(browser.rows()) == 50
    first = browser.rows()[0]
    browser.follow("Next page")
    assert browser.rows()[0] != first
    assert browser.says("Page 2 of 10")


def test_the_history_names_file_and_person(sign_in: SignIn) -> None:
    browser = import_file(sign_in(), "rectification-41.xlsx").follow("Earlier imports")
    assert browser.rows()[0][1:] == ["anna", "rectification-41.xlsx", "41", "0", "0"]


def test_members_do_not_find_the_register(sign_in: SignIn) -> None:
    browser = sign_in("lena", "lead", "Group 1")
    for address in ("/admin/", "/admin/register", "/admin/register/import", "/admin/people"):
        browser.get(address, status=404)
