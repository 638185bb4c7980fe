"""Writing a questionnaire with a script: saved while one writes, moved by hand and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

SAVED = "Saved."


def writer(visit: NewVisitor, demo: Demonstration, username: str = "admin") -> Visitor:
    return visit("en", 1366).sign_in(username, demo.password(username))


def begin(window: Visitor) -> Page:
    window.get("/admin/questionnaires/new").press("Begin to write")
    return window.page


def order(page: Page) -> list[str | None]:
    cards = page.locator("#effects-items > li").all()
    return [card.get_attribute("id") for card in cards]


def test_what_is_written_is_saved_and_seen_on_the_phone_while_writing_goes_on(
    visit: NewVisitor, demo: Demonstration
) -> None:
    page = begin(writer(visit, demo))
    phone = page.frame_locator("#screen")
    asked = phone.locator("[id='effects.service'] legend")
    expect(asked).to_have_text("How well are things done now when you need the village office?")
    english = page.locator("[id='effects.service'] [name='text.en']")
    english.fill("How well are roads and lamps kept?")
    expect(asked).to_have_text("How well are roads and lamps kept?")
    other = page.locator("[id='effects.disputes'] [name='text.en']")
    other.focus()
    page.keyboard.type("X")
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator("[data-notes='effects.service']")).to_contain_text("two questions in one")
    assert other.evaluate("field => field == document.activeElement")
    assert "X" in other.input_value(), "what is being written elsewhere stays"
    page.locator("#effects-kind").select_option("choices")
    page.locator("#effects .filter button").click()
    expect(page.locator("[id='effects.q1'] [name='options.zh']")).to_be_visible()
    expect(page.locator("#advice")).to_contain_text("A new question")
    page.reload()
    assert english.input_value() == "How well are roads and lamps kept?"
    assert "X" in other.input_value()


def test_questions_are_moved_by_keyboard_and_by_hand(
    visit: NewVisitor, demo: Demonstration
) -> None:
    page = begin(writer(visit, demo))
    page.set_viewport_size({"width": 1366, "height": 2400})
    page.locator("[id='effects.remaining'] [name='text.zh']").focus()
    page.keyboard.press("Alt+ArrowUp")
    third = page.locator("#effects-items > li").nth(2)
    expect(third).to_have_id("effects.service")
    assert page.evaluate("document.activeElement.id") == "effects.remaining-text.zh"
    page.locator("#effects").scroll_into_view_if_needed()
    grip, first = third.locator(".handle"), page.locator("#effects-items > li").first
    start, goal = grip.bounding_box(), first.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, goal["y"] + 10, steps=5)
    page.mouse.up()
    expect(page.locator("#effects-items > li").first).to_have_id("effects.service")
    moved = ["effects.service", "effects.disputes", "effects.remaining"]
    assert order(page) == moved
    page.reload()
    assert order(page) == moved


def test_of_two_who_write_the_same_question_the_second_is_asked(
    visit: NewVisitor, demo: Demonstration
) -> None:
    page = begin(writer(visit, demo))
    window = writer(visit, demo, "witness").get(page.url)
    second = window.page
    for one, text in ((page, "The first wrote this?"), (second, "The second wrote this?")):
        one.locator("[id='effects.service'] [name='text.en']").fill(text)
        one.locator("[id='effects.service'] .part-form button").click()
    card = second.locator("[id='effects.service']")
    expect(card).to_contain_text("Kept now: The first wrote this?")
    assert card.locator("[name='text.en']").input_value() == "The second wrote this?"
    card.locator(".part-form button").click()
    expect(second.locator("#saved")).to_have_text(SAVED)
    expect(card).not_to_contain_text("Kept now")
    page.reload()
    kept = page.locator("[id='effects.service'] [name='text.en']")
    assert kept.input_value() == "The second wrote this?"
    (refusal,) = window.faults
    assert refusal.endswith(" 409")
    window.faults.clear()
