"""The second step before a real browser: the QR code on the screen, a code, a paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.page import Visitor
from tests.browser.site import Site, serve

PASSWORD = "words of one's own"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An installation with one administrator, whose first password was given to them."""
    with serve(tmp_path, language="en") as site:
        site.run("prepare")
        yield site


def look_well(window: Visitor) -> None:
    """The page fits a phone and a projector, shows its pictures, and axe has nothing to say."""
    for width in (360, 1920, 1366):
        window.resize(width)
        assert window.sideways() <= 0, (window.page.url, width)
    assert window.undrawn() == []
    assert window.barriers() == []


def fill(window: Visitor, **typed: str) -> Visitor:
    for name, value in typed.items():
        window.page.locator(f"#{name}").fill(value)
    return window


def code_on_screen(window: Visitor) -> str:
    """Read the QR code as a phone would: from the screen."""
    picture = Image.open(io.BytesIO(window.page.locator("main img").screenshot()))
    return str(zxingcpp.read_barcodes(picture)[0].text)


def test_a_second_step_from_the_screen_to_the_next_sign_in(chromium: Browser, site: Site) -> None:
    given = site.run("person", "add", "anna", "--name", "Anna").split()[-1]
    anna = Visitor(chromium, site.address)
    anna.sign_in("anna", given)
    look_well(anna)
    fill(anna, old=given, new=PASSWORD, again=PASSWORD).press("Change the password")
    anna.follow("Change this")
    look_well(anna)
    fill(anna, password=PASSWORD).press("Set it up")
    look_well(anna)
    phone = pyotp.parse_uri(code_on_screen(anna))
    assert isinstance(phone, pyotp.TOTP)
    first = phone.now()
    fill(anna, code=first).press("Turn it on")
    look_well(anna)
    recovery = anna.page.locator("ul.secret li").all_inner_texts()
    anna.follow("I have written them down").press("Sign out")
    anna.sign_in("anna", PASSWORD)
    assert anna.heading == "Second step"
    look_well(anna)
    fill(anna, code=first).press("Sign in")
    assert anna.says("was used before"), "the code that turned it on is used up"
    look_well(anna)
    fill(anna, code=recovery[3]).press("Sign in")
    assert anna.heading == "Overview"
    assert anna.says("9 are left")
    anna.get("/admin/people").follow("Audit log")
    assert anna.says("own second step turned on", "person added")
    look_well(anna)
    anna.leave()
