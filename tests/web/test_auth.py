"""Signing in and out, one's own password and language."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.storage import accounts
from survey.storage.db import db
from tests.web.browser import Browser
from tests.web.conftest import PASSWORD, SignIn


def test_right_name_and_password_lead_to_the_first_page(sign_in: SignIn) -> None:
    browser = sign_in()
    assert browser.path == "/admin/"
    assert browser.says("Anna", "Sign out")


def test_a_wrong_password_is_told_kindly_and_keeps_the_name(
    visitor: Browser, sign_in: SignIn
) -> None:
    sign_in()
    visitor.get("/staff/sign-in")
    visitor.press("Sign in", username="anna", password="something else", status=422)
    assert visitor.says("This name and password do not go together")
    assert visitor.page.xpath("//input[@name='username']/@value") == ["anna"]
    assert not any(visitor.page.xpath("//input[@name='password']/@value"))


def test_an_unknown_name_is_told_the_same(visitor: Browser, sign_in: SignIn) -> None:
    sign_in()
    visitor.get("/staff/sign-in")
    known = visitor.press("Sign in", username="anna", password="wrong one", status=422).text
    unknown = visitor.press("Sign in", username="nobody", password="wrong one", status=422).text
    assert known == unknown


def test_empty_fields_are_pointed_out_beside_them(visitor: Browser) -> None:
    visitor.get("/staff/sign-in").press("Sign in", status=422)
    assert visitor.says("Please type your user name.", "Please type your password.")


def test_a_page_for_staff_sends_to_sign_in_and_back(visitor: Browser, sign_in: SignIn) -> None:
    sign_in()
    visitor.get("/admin/register?township=East")
    assert visitor.path == "/staff/sign-in"
    visitor.press("Sign in", username="anna", password=PASSWORD)
    assert visitor.path_and_query == "/admin/register?township=East"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example",
        "/admin/\r\nX: y",
        "/v/ABC",
        "admin/register",
    ],
)
def test_next_never_leads_elsewhere(app: Flask, sign_in: SignIn, target: str) -> None:
    sign_in()
    browser = Browser(app)
    browser.client.get("/staff/sign-in", query_string={"next": target})
    browser._take(browser.client.get("/staff/sign-in", query_string={"next": target}), 200)
    form = {"username": "anna", "password": PASSWORD}
    form["csrf_token"] = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = browser.client.post("/staff/sign-in", query_string={"next": target}, data=form)
    assert answer.location == "/admin/"


def test_signing_out_ends_every_session_of_the_account(app: Flask, sign_in: SignIn) -> None:
    first = sign_in()
    second = Browser(app).sign_in("anna", PASSWORD)
    first.press("Sign out")
    assert first.get("/admin/").path == "/staff/sign-in"
    assert second.get("/admin/").path == "/staff/sign-in"


def test_signing_out_needs_a_guarded_form(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    assert browser.client.post("/staff/sign-out").status_code == 400
    assert browser.get("/admin/").path == "/admin/"


def test_a_new_password_replaces_the_old_one(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    other = Browser(app).sign_in("anna", PASSWORD)
    browser.get("/staff/account")
    new = "quite another sentence"
    browser.press("Change the password", old=PASSWORD, new=new, again=new)
    assert browser.says("Your password is changed")
    assert other.get("/admin/").path == "/staff/sign-in"
    assert Browser(app).sign_in("anna", new).path == "/admin/"


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("not it", "quite another one", "quite another one", "The old password is not right"),
        (PASSWORD, "quite another one", "quite another two", "The two are not the same"),
        (PASSWORD, "short", "short", "10 characters or more"),
        (PASSWORD, "anna anna anna", "anna anna anna", "too easy to guess"),
        (PASSWORD, PASSWORD, PASSWORD, "must be another one"),
    ],
)
def test_a_password_that_will_not_do_is_explained(
    sign_in: SignIn, old: str, new: str, again: str, said: str
) -> None:
    browser = sign_in().get("/staff/account")
    browser.press("Change the password", old=old, new=new, again=again, status=422)
    assert browser.says(said)


def test_the_language_is_remembered_for_the_next_time(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in().get("/staff/account")
    browser.press("Keep the language", language="zh")
    assert browser.page.get("lang") == "zh-Hans"
    with app.app_context():
        account = accounts.by_username(db.session, "anna")
        assert account is not None
        assert account.language == "zh"


def test_lang_in_the_address_holds_for_the_session(sign_in: SignIn) -> None:
    browser = sign_in()
    assert browser.get("/admin/?lang=zh").page.get("lang") == "zh-Hans"
    assert browser.get("/admin/register").page.get("lang") == "zh-Hans"
    assert browser.get("/admin/?lang=en").page.get("lang") == "en"


def test_a_disabled_person_is_out_at_once(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    sign_in("berta")
    with app.app_context():
        account = accounts.by_username(db.session, "anna")
        assert account is not None
        accounts.disable(db.session, account)
        db.session.commit()
    assert browser.get("/admin/").path == "/staff/sign-in"
    browser.press("Sign in", username="anna", password=PASSWORD, status=422)
