"""The staff page: people added, shut out, let in, given a new password."""

from __future__ import annotations

from flask import Flask

from survey.storage.db import db
from survey.storage.tables import GroupRow
from tests.printing.reading import codes_of, open_pages, text_of
from tests.web.browser import Browser
from tests.web.conftest import SignIn


def shown(browser: Browser) -> str:
    """The secret that the page shows once."""
    return str(browser.page.xpath("//*[contains(@class, 'secret')]")[0].text_content()).strip()


def invite(anna: Browser, **said: str) -> str:
    """Add Berta; return the code of her invitation."""
    anna.get("/admin/people").follow("Add a person")
    wanted = {"name": "Berta", "username": "berta", "role": "administrator"}
    return shown(anna.press("Add and invite", **wanted | said))


def accept(browser: Browser, code: str, status: int = 200, **typed: str) -> Browser:
    """Choose a password with *code*, as it is typed from the sheet."""
    browser.get("/staff/invitation").press("Go on", code=code)
    words = {"new": "a pass phrase", "again": "a pass phrase"}
    return browser.press("Keep the password and sign in", status, **words | typed)


def test_an_invited_person_chooses_a_password_once(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    code = invite(anna)
    assert not anna.get("/admin/people").says(code)
    assert anna.says("invited until")
    berta = accept(Browser(app), code.upper().replace("-", " "))
    assert berta.path == "/admin/"
    assert Browser(app).sign_in("berta", "a pass phrase").path == "/admin/"
    Browser(app).get(f"/staff/invitation/{code}", 404)
    Browser(app).get("/staff/invitation").press("Go on", 422, code=code)
    assert not anna.get("/admin/people").says("invited until")


def test_looking_at_an_invitation_uses_nothing_up(app: Flask, sign_in: SignIn) -> None:
    code = invite(sign_in())
    for _ in range(2):
        Browser(app).get(f"/staff/invitation/{code}")
    assert accept(Browser(app), code, again="another phrase", status=422).says("not the same")
    assert accept(Browser(app), code, new="short", again="short", status=422).says("10 characters")
    assert accept(Browser(app), code).path == "/admin/"


def test_an_invited_person_may_set_up_the_second_step_at_once(app: Flask, sign_in: SignIn) -> None:
    berta = accept(Browser(app), invite(sign_in()), second_step="y")
    assert berta.path == "/staff/second-step/new"


def test_a_new_invitation_makes_the_old_one_void(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    old = invite(anna)
    new = shown(anna.get("/admin/people").follow("Berta").press("Invite again"))
    Browser(app).get(f"/staff/invitation/{old}", 404)
    assert accept(Browser(app), new).path == "/admin/"


def test_a_disabled_person_s_invitation_is_void(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    code = invite(anna)
    anna.get("/admin/people").follow("Berta").press("Disable")
    Browser(app).get(f"/staff/invitation/{code}", 404)


def test_the_sheet_to_hand_over_carries_link_and_code(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    code = invite(anna)
    (page,) = open_pages(anna.send("Sheet to hand over (PDF)").data)
    link = f"https://vote.example.org/staff/invitation/{code}"
    assert [found.text for found in codes_of(page)] == [link]
    assert all(said in text_of(page) for said in (code, "Berta", "berta", "Administrator"))
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = anna.client.post(
        "/admin/people/1/invitation/sheet", data={"csrf_token": token, "code": code}
    )
    assert answer.status_code == 404


def test_a_member_needs_a_group(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        db.session.add(GroupRow(name="Group 3"))
        db.session.commit()
    browser = sign_in().get("/admin/people/new")
    browser.press("Add and invite", name="Mia", username="mia", role="member", status=422)
    assert browser.says("please choose it")
    group = browser.page.xpath("//select[@name='group']/option")[1].get("value")
    browser.press("Add and invite", group=group)
    assert browser.heading == "Invitation of Mia"
    assert browser.get("/admin/people").rows()[1][1:4] == ["mia", "Member", "Group 3"]


def test_a_taken_user_name_is_pointed_out(sign_in: SignIn) -> None:
    browser = sign_in().get("/admin/people/new")
    taken = {"name": "Another", "username": "ANNA", "role": "administrator"}
    browser.press("Add and invite", 422, **taken)
    assert browser.says("The user name anna is taken")


def test_disabling_shuts_out_and_enabling_lets_in(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    anna.get("/admin/people").follow("Berta").press("Disable")
    assert berta.get("/admin/").path == "/staff/sign-in"
    anna.press("Enable")
    assert anna.says("Berta can sign in again.")


def test_a_new_password_ends_the_sessions(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    password = shown(anna.get("/admin/people").follow("Berta").press("New password"))
    assert berta.get("/admin/").path == "/staff/sign-in"
    assert Browser(app).sign_in("berta", password).path == "/staff/account"


def test_signing_somebody_out_ends_their_sessions(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    anna.get("/admin/people").follow("Berta").press("Sign out everywhere")
    assert berta.get("/admin/").path == "/staff/sign-in"
    assert berta.says("You were signed out meanwhile.")


def test_nobody_disables_themselves(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in().get("/admin/people/1")
    assert "Disable" not in anna.buttons()
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = anna.client.post("/admin/people/1/disable", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Ask another administrator" in answer.text


def test_role_group_and_unit_are_changed_and_written_down(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta", "lead", "Group 1")
    anna.get("/admin/people").follow("Berta").press(
        "Keep", role="observer", unit="Bureau  of roads"
    )
    assert anna.get("/admin/people").rows()[1][2:5] == ["Observer", "—", "Bureau of roads"]
    assert anna.get("/admin/audit?act=person.change").says("Bureau of roads")
    assert berta.get("/review/").says("There is no round to review yet.")


def test_nobody_changes_their_own_role(sign_in: SignIn) -> None:
    anna = sign_in()
    sign_in("berta")
    anna.get("/admin/people/1").press("Keep", 422, role="observer")
    assert anna.says("Ask another administrator to change your own role.")


def test_people_are_found_by_name_group_and_unit(sign_in: SignIn) -> None:
    anna = sign_in()
    sign_in("berta", "lead", "Group 1")
    for asked in ("group 1", "BERT"):
        assert [row[1] for row in anna.get(f"/admin/people?search={asked}").rows()] == ["berta"]
    assert anna.get("/admin/people?search=zzz").says("Nobody is found.")
