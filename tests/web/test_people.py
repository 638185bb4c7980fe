"""The staff page: people added, shut out, let in, given a new password."""

from __future__ import annotations

from flask import Flask

from survey.storage.db import db
from survey.storage.tables import GroupRow
from tests.web.browser import Browser
from tests.web.conftest import SignIn


def shown_password(browser: Browser) -> str:
    return str(browser.page.xpath("//*[contains(@class, 'secret')]")[0].text_content()).strip()


def test_a_new_person_signs_in_with_the_password_that_was_shown(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in().get("/admin/people").follow("Add a person")
    browser.press("Add", name="Berta", username="berta", role="administrator")
    password = shown_password(browser)
    berta = Browser(app).sign_in("berta", password)
    assert berta.says("Please choose a password of your own first.")
    assert not browser.get("/admin/people").says(password)


def test_a_member_needs_a_group(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        db.session.add(GroupRow(name="Group 3"))
        db.session.commit()
    browser = sign_in().get("/admin/people/new")
    browser.press("Add", name="Mia", username="mia", role="member", status=422)
    assert browser.says("please choose it")
    group = browser.page.xpath("//select[@name='group']/option")[1].get("value")
    browser.press("Add", group=group)
    assert browser.heading == "Password of Mia"
    assert browser.get("/admin/people").rows()[1][:4] == ["Mia", "mia", "Member", "Group 3"]


def test_a_taken_user_name_is_pointed_out(sign_in: SignIn) -> None:
    browser = sign_in().get("/admin/people/new")
    browser.press("Add", name="Another", username="ANNA", role="administrator", status=422)
    assert browser.says("The user name anna is taken")


def test_disabling_shuts_out_and_enabling_lets_in(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    anna.get("/admin/people").press("Disable")
    assert berta.get("/admin/").path == "/staff/sign-in"
    anna.press("Enable")
    assert anna.says("Berta can sign in again.")


def test_a_new_password_ends_the_sessions(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    password = shown_password(anna.get("/admin/people").press("New password"))
    assert berta.get("/admin/").path == "/staff/sign-in"
    assert Browser(app).sign_in("berta", password).path == "/staff/account"


def test_signing_somebody_out_ends_their_sessions(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    anna.get("/admin/people").press("Sign out everywhere")
    assert berta.get("/admin/").path == "/staff/sign-in"
    assert berta.says("You were signed out meanwhile.")


def test_nobody_disables_themselves(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in().get("/admin/people")
    assert "Disable" not in anna.buttons()
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    anna.client.post("/admin/people/1/disable", data={"csrf_token": token})
    assert anna.get("/admin/people").says("Ask another administrator")
