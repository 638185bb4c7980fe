"""A member's evaluation is saved while they write, outlives a lost connection, and stays theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import NewVisitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

VILLAGE = "/review/demo-sealed/990101102202"
"""A village of the seventh group, which has not begun."""
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('evaluation:')).length"


def lose(route: Route) -> None:
    route.abort("connectionreset")


def test_what_a_member_writes_is_saved_kept_and_nobody_else_s(
    visit: NewVisitor, demo: Demonstration
) -> None:
    window = visit("en", 1366).sign_in("lead7", demo.password("lead7"))
    page = window.get(VILLAGE).page
    state, note = page.locator("#kept-state"), page.locator("#own-note-effects")
    page.locator("#own-points-effects").fill("80")
    expect(state).to_contain_text("Saved")
    assert page.evaluate(COPIES) == 0, "what is acknowledged is not kept here"

    page.route("**/draft", lose)
    note.fill("written without a connection")
    expect(state).to_contain_text("kept on this device")
    page.unroute("**/draft")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(state).to_contain_text("Saved")

    page.route("**/draft", lose)
    note.fill("lost with the page")
    expect(state).to_contain_text("kept on this device")
    page.unroute("**/draft")
    page.reload()
    expect(note).to_have_value("lost with the page")
    expect(state).to_contain_text("Saved")
    assert page.evaluate(COPIES) == 0

    page.route("**/draft", lose)
    note.fill("nobody else's")
    expect(state).to_contain_text("kept on this device")
    page.evaluate("localStorage.setItem('evaluation:0:demo-sealed:1', 'of somebody before')")
    page.reload()
    assert page.evaluate(COPIES) == 1, "what another person left is forgotten, one's own is not"
    window.press("Sign out")
    assert page.evaluate(COPIES) == 0
    window.sign_in("member7", demo.password("member7")).get(VILLAGE)
    expect(note).to_have_value("")
    lost = [fault for fault in window.faults if "/draft" in fault or "ERR_CONNECTION" in fault]
    assert lost == window.faults
    window.faults.clear()
