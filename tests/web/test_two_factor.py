"""The second step of signing in, on the pages: set up, used, lost, taken away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import zxingcpp
from flask import Flask
from lxml import etree
from PIL import Image, ImageDraw

from survey.storage import audit, db
from survey.storage.db import db as database
from tests.web.browser import Browser
from tests.web.conftest import PASSWORD, SignIn

SVG = "{http://www.w3.org/2000/svg}"
PIXELS = 6

Clock = dict[str, datetime]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The database's clock, to be turned."""
    hands = {"now": datetime(2026, 5, 1, 8, tzinfo=UTC)}
    monkeypatch.setattr(db, "now", lambda session: hands["now"])
    return hands


class App:
    """The app on somebody's phone."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self.totp, self.clock = pyotp.TOTP(secret), clock

    @property
    def code(self) -> str:
        """The next code that the app shows; half a minute goes by before it."""
        self.clock["now"] += timedelta(seconds=30)
        return self.totp.at(self.clock["now"])


def set_up(browser: Browser, clock: Clock) -> tuple[App, list[str]]:
    """Turn the second step on; return the app and the recovery codes."""
    browser.get("/staff/account").follow("Change this").press("Set it up", password=PASSWORD)
    secret = browser.page.xpath("//*[@class='secret']")[0].text_content().replace(" ", "")
    app = App(secret, clock)
    browser.press("Turn it on", code=app.code)
    codes = [item.text_content() for item in browser.page.xpath("//ul[@class='secret']/li")]
    return app, codes


def first_step(app: Flask, next_page: str = "") -> Browser:
    """Give the password; return the browser, which asks for the code now."""
    browser = Browser(app).get(next_page or "/staff/sign-in")
    return browser.press("Sign in", username="anna", password=PASSWORD)


def test_the_picture_holds_what_the_app_needs(sign_in: SignIn, clock: Clock) -> None:
    anna = sign_in().get("/staff/second-step").press("Set it up", password=PASSWORD)
    source = anna.page.xpath("//main//img/@src")[0]
    answer = anna.client.get(source)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "img-src 'self'" in anna.response.headers["Content-Security-Policy"]
    secret = anna.page.xpath("//*[@class='secret']")[0].text_content().replace(" ", "")
    held = pyotp.parse_uri(read(answer.get_data()))
    assert (held.secret, held.name, held.issuer) == (secret, "anna", "Cunping")


def read(svg: bytes) -> str:
    """Return what the QR code in *svg* holds, from its modules drawn as a picture."""
    root = etree.fromstring(svg)
    side = int(root.get("viewBox").split()[2])
    image = Image.new("L", (side * PIXELS, side * PIXELS), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", root.find(f"{SVG}path").get("d")):
        left, top, right = int(x), int(y), int(x) + int(length)
        pen.rectangle(
            (left * PIXELS, top * PIXELS, right * PIXELS - 1, (top + 1) * PIXELS - 1), fill=0
        )
    return str(zxingcpp.read_barcodes(image)[0].text)


def test_password_then_code_lead_to_the_wanted_page(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    phone, _ = set_up(sign_in(), clock)
    browser = first_step(app, "/admin/register?township=East")
    assert browser.heading == "Second step"
    browser.press("Sign in", code=phone.code)
    assert browser.path_and_query == "/admin/register?township=East"


def test_the_password_alone_opens_nothing(app: Flask, sign_in: SignIn, clock: Clock) -> None:
    set_up(sign_in(), clock)
    browser = first_step(app)
    for path in ("/admin/", "/review/", "/staff/account", "/staff/second-step"):
        assert browser.get(path).path == "/staff/sign-in", path


def test_a_wrong_code_is_told_and_an_old_one_not_taken_again(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    phone, _ = set_up(sign_in(), clock)
    code = phone.code
    assert first_step(app).press("Sign in", code=code).path == "/admin/"
    again = first_step(app)
    again.press("Sign in", code=code, status=422)
    assert again.says("This code is not right, was used before")
    again.press("Sign in", code="", status=422)
    assert again.says("Please type the code.")
    assert again.press("Sign in", code=phone.code).path == "/admin/"


def test_the_code_is_asked_for_ten_minutes_long(
    app: Flask, sign_in: SignIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _ = set_up(sign_in(), clock)
    browser = first_step(app)
    later = datetime.now(UTC).timestamp() + 11 * 60
    monkeypatch.setattr("survey.web.access.seconds", lambda: int(later))
    browser.press("Sign in", code=phone.code)
    assert browser.path == "/staff/sign-in"


def test_a_code_without_a_password_is_not_asked_for(app: Flask, sign_in: SignIn) -> None:
    sign_in()
    assert Browser(app).get("/staff/code").path == "/staff/sign-in"


def test_a_recovery_code_stands_in_for_the_phone_once(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    _, codes = set_up(sign_in(), clock)
    assert len(set(codes)) == 10
    browser = first_step(app).press("Sign in", code=codes[0])
    assert browser.says("That recovery code is used up; 9 are left.")
    first_step(app).press("Sign in", code=codes[0], status=422)


def test_new_recovery_codes_need_password_and_code(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    anna = sign_in()
    phone, codes = set_up(anna, clock)
    anna.get("/staff/second-step")
    anna.press("Show me new recovery codes", password="wrong", code=phone.code, status=422)
    anna.press("Show me new recovery codes", password=PASSWORD, code="000000", status=422)
    anna.press("Show me new recovery codes", password=PASSWORD, code=phone.code)
    new = [item.text_content() for item in anna.page.xpath("//ul[@class='secret']/li")]
    assert len(set(codes) | set(new)) == 20
    first_step(app).press("Sign in", code=codes[0], status=422)
    assert first_step(app).press("Sign in", code=new[0]).path == "/admin/"


def test_it_is_turned_off_with_password_and_code(app: Flask, sign_in: SignIn, clock: Clock) -> None:
    anna = sign_in()
    phone, _ = set_up(anna, clock)
    anna.get("/staff/second-step")
    anna.press("Turn the second step off", password="wrong", code=phone.code, status=422)
    anna.press("Turn the second step off", password=PASSWORD, code="000000", status=422)
    assert first_step(app).heading == "Second step"
    anna.press("Turn the second step off", password=PASSWORD, code=phone.code)
    assert anna.says("The second step is off.")
    assert first_step(app).path == "/admin/"


def test_setting_up_needs_the_password(sign_in: SignIn) -> None:
    anna = sign_in().get("/staff/second-step")
    anna.press("Set it up", password="not it", status=422)
    assert anna.client.get("/staff/second-step/new").status_code == 404
    assert anna.client.get("/staff/second-step/new.svg").status_code == 404


def test_a_wrong_first_code_turns_nothing_on(app: Flask, sign_in: SignIn, clock: Clock) -> None:
    anna = sign_in().get("/staff/second-step").press("Set it up", password=PASSWORD)
    anna.press("Turn it on", code="000000", status=422)
    assert anna.says("This is not the code that the app shows now.")
    assert first_step(app).path == "/admin/"


def test_the_secret_is_not_shown_again(sign_in: SignIn, clock: Clock) -> None:
    anna = sign_in()
    set_up(anna, clock)
    for path in ("/staff/second-step/new", "/staff/second-step/new.svg"):
        assert anna.client.get(path).status_code == 404


def test_another_administrator_takes_it_away_after_a_lost_phone(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    anna = sign_in()
    set_up(anna, clock)
    berta = sign_in("berta").get("/admin/people")
    assert berta.rows()[0][5] == "on"
    berta.follow("Anna").press("Take the second step away")
    assert berta.says("Anna signs in with the password alone now.")
    assert anna.get("/admin/").path == "/staff/sign-in"
    assert first_step(app).path == "/admin/"
    with app.app_context():
        newest = audit.listing(database.session).rows[0]
    assert (newest.actor, newest.act, newest.subject) == ("berta", "person.second_factor", "anna")


def test_nobody_takes_their_own_away_without_password_and_code(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    anna = sign_in()
    set_up(anna, clock)
    anna.get("/admin/people")
    assert "Take the second step away" not in anna.buttons()
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = anna.client.post("/admin/people/1/second-step", data={"csrf_token": token})
    assert answer.status_code == 409
    assert first_step(app).heading == "Second step"


def test_the_console_takes_it_away(app: Flask, sign_in: SignIn, clock: Clock) -> None:
    set_up(sign_in(), clock)
    said = app.test_cli_runner().invoke(args=["person", "reset", "anna"]).output.split()[-1]
    browser = Browser(app).sign_in("anna", said)
    assert browser.heading == "Second step"
    result = app.test_cli_runner().invoke(args=["person", "reset", "anna", "--second-factor"])
    assert Browser(app).sign_in("anna", result.output.split()[-1]).path == "/staff/account"


def test_setting_up_and_turning_off_are_in_the_log(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    anna = sign_in()
    phone, _ = set_up(anna, clock)
    anna.get("/staff/second-step")
    anna.press("Turn the second step off", password=PASSWORD, code=phone.code)
    with app.app_context():
        acts = [row.act for row in audit.listing(database.session).rows]
    assert acts == ["second step off", "second step on"]
