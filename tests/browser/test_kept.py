"""What a phone with scripts keeps of the choices, how it is wiped, and who can use the page."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.site import Demonstration
from tests.browser.villager import answer, chosen, come, send, stored, thanked, waiting

pytestmark = pytest.mark.browser

DAY = 86_400_000
"""Milliseconds."""


def test_the_code_leaves_the_address_and_is_not_kept_with_choices(
    demo: Demonstration, phone: NewVisitor
) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    assert visitor.page.url == f"{demo.address}/t/"
    answer(visitor, 1)
    (draft,) = stored(visitor.page)
    everything = visitor.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "fairly_good" in draft["body"]
    assert path.removeprefix("/t/") not in everything
    assert "once" not in everything


def test_choices_outlive_a_closed_page_and_a_reload(demo: Demonstration, phone: NewVisitor) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    answer(visitor, 2, leave_out=3)
    visitor.page.locator("textarea").fill("路修好了。")
    visitor.get("about:blank").get(path)
    assert chosen(visitor.page) == ["average"] * 9
    assert visitor.page.locator("textarea").input_value() == "路修好了。"
    visitor.page.reload()
    come(visitor.page, "form")
    assert chosen(visitor.page) == ["average"] * 9


def test_a_poster_s_choices_stay_in_their_tab(demo: Demonstration, phone: NewVisitor) -> None:
    visitor = phone().get(demo.poster())
    answer(visitor, 2, leave_out=3)
    visitor.page.reload()
    assert chosen(visitor.page) == ["average"] * 9
    other = visitor.context.new_page()
    other.goto(demo.poster())
    assert chosen(other) == []


def test_another_slip_wipes_the_choices_of_the_one_before(
    demo: Demonstration, phone: NewVisitor
) -> None:
    first, second = demo.slip(), demo.slip()
    visitor = phone().get(first)
    answer(visitor, 3)
    visitor.get(second)
    assert chosen(visitor.page) == []
    assert stored(visitor.page) == []
    visitor.get(first)
    assert chosen(visitor.page) == []


def test_choices_are_wiped_by_hand_and_after_a_day(demo: Demonstration, phone: NewVisitor) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    answer(visitor, 1)
    visitor.page.locator("#wipe").click()
    assert chosen(visitor.page) == stored(visitor.page) == []
    answer(visitor, 1)
    visitor.page.evaluate(
        f"""Object.keys(localStorage).forEach(key => {{
          const draft = JSON.parse(localStorage[key]);
          draft.at -= {DAY + 1};
          localStorage[key] = JSON.stringify(draft);
        }})"""
    )
    visitor.get("/t/")
    assert stored(visitor.page) == []


def test_what_is_missing_is_pointed_out_on_the_phone_alone(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before, path = demo.ballots(), demo.slip()
    visitor = phone().get(path)
    demo.site.seen.clear()
    answer(visitor, leave_out=2)
    send(visitor)
    assert visitor.page.evaluate("document.activeElement.id") == "summary"
    assert len(visitor.page.locator("fieldset.missing").all()) == 2
    visitor.page.locator("#first").click()
    assert demo.site.seen == []
    send(visitor)
    thanked(visitor)
    assert demo.ballots() == before + 1


def test_the_language_is_switched_and_the_answer_still_counts_once(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor, 1)
    visitor.press("English")
    assert set(chosen(visitor.page)) == {"fairly_good"}
    send(visitor)
    come(visitor.page, "thanks")
    assert demo.ballots() == before + 1


def test_a_phone_that_keeps_nothing_still_sends(demo: Demonstration, phone: NewVisitor) -> None:
    before = demo.ballots()
    visitor = phone()
    visitor.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new Error('denied'); }});"
    )
    visitor.get(demo.slip())
    answer(visitor)
    assert not visitor.page.locator("#kept").is_visible()
    send(visitor)
    thanked(visitor)
    assert demo.ballots() == before + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_page_can_be_seen_and_heard_by_all(
    demo: Demonstration, phone: NewVisitor, scheme: Literal["light", "dark"]
) -> None:
    visitor = phone(320).get(demo.slip())
    visitor.page.emulate_media(color_scheme=scheme)
    assert visitor.barriers() == []
    answer(visitor, leave_out=1)
    send(visitor)
    assert visitor.page.locator("#summary").is_visible()
    assert visitor.barriers() == []
    visitor.context.set_offline(True)
    send(visitor)
    waiting(visitor)
    assert visitor.barriers() == []
    visitor.faults.clear()
    visitor.context.set_offline(False)
    thanked(visitor)
    assert visitor.barriers() == []


def test_it_is_answered_with_the_keyboard_alone(demo: Demonstration, phone: NewVisitor) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    keys = visitor.page.keyboard
    visitor.page.locator("input[type=radio]").first.focus()
    for _ in range(12):
        keys.press("Space")
        keys.press("Tab")
    assert chosen(visitor.page) == ["good"] * 12
    assert visitor.page.evaluate("document.activeElement.id") == "comment"
    keys.press("Tab")
    keys.press("Enter")
    thanked(visitor)
    assert demo.ballots() == before + 1
