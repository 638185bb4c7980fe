"""From village to village with a keyboard: j and k, the arrows, and how to turn them off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser


def test_keys_go_through_the_order_of_the_desk_until_they_are_turned_off(
    visit: NewVisitor, demo: Demonstration
) -> None:
    window = visit("en", 1366).sign_in("lead1", demo.password("lead1"))
    page = window.get("/review/demo-sealed/?sort=mass").page
    villages = page.locator("[data-row]").all_inner_texts()
    heading = page.locator("h1")

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    def stands_at(place: int) -> None:
        """Wait for the page of a village, and for its script, which makes the button."""
        expect(heading).to_have_text(villages[place])
        expect(window.button("Turn the keys off")).to_be_visible()

    press("j", "j", "k", "j", "Enter")
    stands_at(1)
    press("j")
    stands_at(2)
    press("ArrowLeft")
    stands_at(1)
    page.get_by_role("region", name="Scores by dimension and source").focus()
    press("ArrowLeft")
    press("Control+j")
    expect(heading).to_have_text(villages[1])
    window.button("Turn the keys off").click()
    press("j")
    expect(window.button("Turn the keys on")).to_be_visible()
    page.reload()
    expect(window.button("Turn the keys on")).to_be_visible()
    expect(heading).to_have_text(villages[1])
    window.button("Turn the keys on").click()
    press("k")
    expect(heading).to_have_text(villages[0])
    assert not window.faults
