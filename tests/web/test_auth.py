"""Signing in and out, one's own password and language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from survey.storage import accounts
from survey.storage.db import db
from survey.web import access
from tests.web.browser import Browser
from tests.web.conftest import PASSWORD, SignIn
from tests.web.test_access import address
from tests.web.test_scoping import OPEN_TO_ALL


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


def test_empty_fields_are_pointed_out_beside_them(visitor: Browser, sign_in: SignIn) -> None:
    sign_in()
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


# Sessions


def jump(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let sessions be looked at that many minutes from now."""
    later = int(datetime.now(UTC).timestamp()) + 60 * minutes
    monkeypatch.setattr(access, "seconds", lambda: later)


def test_a_session_ends_after_an_hour_without_a_request(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = sign_in()
    jump(monkeypatch, access.IDLE_MINUTES - 1)
    assert anna.get("/admin/").path == "/admin/"
    jump(monkeypatch, 2 * access.IDLE_MINUTES - 2)
    assert anna.get("/admin/").path == "/admin/"
    jump(monkeypatch, 3 * access.IDLE_MINUTES)
    assert anna.get("/admin/register").path == "/staff/sign-in"
    assert anna.says("You were signed out meanwhile.")
    anna.press("Sign in", username="anna", password=PASSWORD)
    assert anna.path == "/admin/register"


def test_a_session_ends_after_twelve_hours_whatever_is_done(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = sign_in()
    for minutes in range(30, access.SESSION_HOURS * 60, 30):
        jump(monkeypatch, minutes)
        assert anna.get("/admin/").path == "/admin/", minutes
    jump(monkeypatch, access.SESSION_HOURS * 60 + 1)
    assert anna.get("/admin/").path == "/staff/sign-in"


def test_a_copied_cookie_is_worth_nothing_after_the_sessions_ended(
    app: Flask, sign_in: SignIn
) -> None:
    anna = sign_in()
    cookie = anna.client.get_cookie("staff")
    assert cookie is not None
    thief = Browser(app)
    thief.client.set_cookie("staff", cookie.value)
    assert thief.get("/admin/").path == "/admin/"
    anna.get("/admin/").press("Sign out")
    assert thief.get("/admin/").path == "/staff/sign-in"


# First passwords


@pytest.fixture
def given(app: Flask) -> str:
    """The password that Mia was given."""
    said = app.test_cli_runner().invoke(args=["person", "add", "mia", "--name", "Mia"]).output
    return said.split()[-1]


@pytest.fixture
def mia(app: Flask, given: str) -> Browser:
    """Somebody who has just signed in for the first time."""
    return Browser(app).sign_in("mia", given)


def test_a_given_password_opens_one_s_own_account_alone(app: Flask, mia: Browser) -> None:
    assert mia.path == "/staff/account"
    assert mia.says("Please choose a password of your own first.")
    token = mia.page.xpath("//input[@name='csrf_token']/@value")[0]
    own = {"auth.account", "auth.change_password", "auth.choose_language", "auth.leave"}
    tried = 0
    for rule in app.url_map.iter_rules():
        if not access.is_staff_path(rule.rule) or rule.endpoint in own | OPEN_TO_ALL:
            continue
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = mia.client.open(address(rule), method=method, data={"csrf_token": token})
            assert (answer.status_code, answer.location) == (302, "/staff/account"), rule
            tried += 1
    assert tried > 50


def test_a_password_of_one_s_own_opens_the_rest(mia: Browser, given: str) -> None:
    own = "words of one's own"
    mia.press("Change the password", old=given, new=given, again=given, status=422)
    assert mia.get("/admin/").path == "/staff/account"
    mia.press("Change the password", old=given, new=own, again=own)
    assert mia.get("/admin/").path == "/admin/"


# Guessing


def test_a_stranger_who_guesses_does_not_keep_the_holder_out(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    anna.press("Sign out")
    stranger = Browser(app).get("/staff/sign-in")
    said = set()
    for number in range(40):
        stranger.press("Sign in", username="anna", password=f"guess {number}", status=422)
        said.add(stranger.text)
    stranger.press("Sign in", username="anna", password=PASSWORD, status=422)
    said.add(stranger.text)
    stranger.press("Sign in", username="nobody", password=PASSWORD, status=422)
    said.add(stranger.text)
    assert len(said) == 1, "every refusal says the same"
    assert anna.press("Sign in", username="anna", password=PASSWORD).path == "/admin/"
    assert anna.get("/admin/people").says("In the last seven days 42 attempts")


def test_a_browser_is_known_only_after_a_sign_in_and_only_under_staff(
    app: Flask, sign_in: SignIn
) -> None:
    sign_in()
    visitor = Browser(app).get("/staff/sign-in")
    visitor.press("Sign in", username="anna", password="wrong", status=422)
    assert visitor.client.get_cookie("device", path="/staff/") is None
    visitor.press("Sign in", username="anna", password=PASSWORD)
    cookie = visitor.client.get_cookie("device", path="/staff/")
    assert cookie is not None
    assert (cookie.http_only, cookie.secure, cookie.same_site) == (True, True, "Strict")
    assert cookie.max_age == 365 * 24 * 3600
    assert visitor.client.get_cookie("device") is None


def test_a_forged_token_is_a_stranger_s(app: Flask, sign_in: SignIn) -> None:
    sign_in()
    forger = Browser(app).get("/staff/sign-in")
    for _ in range(5):
        forger.press("Sign in", username="anna", password="wrong", status=422)
    for value in ("console", '"console"', "ImNvbnNvbGUi", "ImNvbnNvbGUi.forged"):
        forger.client.set_cookie("device", value, path="/staff/")
        forger.press("Sign in", username="anna", password=PASSWORD, status=422)


def test_guessing_the_old_password_in_a_session_is_slowed_too(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in().get("/staff/account")
    new = "quite another sentence"
    for number in range(5):
        typed = {"old": f"guess {number}", "new": new, "again": new}
        browser.press("Change the password", **typed, status=422)
    browser.press("Change the password", old=PASSWORD, new=new, again=new, status=422)
    assert browser.says("The old password is not right.", "wait up to 15 minutes")
