"""A villager with a small, old phone: no JavaScript, a narrow screen, a finger, and no patience."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Route

from survey.storage.questionnaires import defaults
from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

FINGER = 48
"""Pixels: the least height of anything that is tapped."""
SEND = {"zh": "交", "en": "Send"}
AS_IT_IS = {"zh": "就这样交", "en": "Send it like this"}
COUNTED = {"zh": "谢谢您，已经算上了。", "en": "Thank you. Your answer is counted."}


@pytest.fixture
def phone(visit: NewVisitor) -> NewVisitor:
    """Return the function that gives a villager a phone without JavaScript."""

    def enter(language: str = "zh", width: int = 360) -> Visitor:
        return visit(language, width, scripts=False)

    return enter


def questions(visitor: Visitor) -> list[Locator]:
    return visitor.page.locator("fieldset").all()


def answer(visitor: Visitor, choice: int = 0, leave_out: int = 0) -> None:
    """Tap the edge of the box around an answer, not its small circle, in all but some questions."""
    asked = questions(visitor)
    for question in asked[: len(asked) - leave_out]:
        box = question.locator("label").nth(choice)
        size = box.bounding_box()
        assert size is not None
        box.click(position={"x": size["width"] - 8, "y": size["height"] / 2})


def chosen(visitor: Visitor) -> list[str]:
    return [str(one.get_attribute("value")) for one in visitor.page.locator(":checked").all()]


def send(visitor: Visitor, language: str = "zh") -> None:
    visitor.press(SEND[language])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("paper", ["poster", "slip"])
def test_an_answer_is_tapped_sent_and_counted(
    demo: Demonstration, phone: NewVisitor, paper: str, language: str
) -> None:
    before = demo.ballots()
    visitor = phone(language).get(demo.poster() if paper == "poster" else demo.slip())
    assert len(questions(visitor)) == len(defaults()["mass"].items)
    answer(visitor)
    visitor.page.locator("textarea").fill("路修好了。")
    send(visitor, language)
    assert visitor.heading == COUNTED[language]
    assert demo.ballots() == before + 1


def test_the_branch_answers_its_own_questionnaire(demo: Demonstration, phone: NewVisitor) -> None:
    visitor = phone().get(demo.slip("self"))
    assert len(questions(visitor)) == len(defaults()["self"].items)
    answer(visitor, 1)
    send(visitor)
    assert visitor.heading == COUNTED["zh"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_missing_items_are_pointed_out_once_and_may_stay_blank(
    demo: Demonstration, phone: NewVisitor, language: str
) -> None:
    before = demo.ballots()
    visitor = phone(language).get(demo.poster())
    answer(visitor, leave_out=2)
    send(visitor, language)
    assert visitor.page.get_by_role("alert").is_visible()
    assert len(visitor.page.locator("fieldset.missing").all()) == 2
    assert len(chosen(visitor)) == len(questions(visitor)) - 2
    visitor.page.get_by_role("alert").get_by_role("link").click()
    top = questions(visitor)[-2].bounding_box()
    assert top is not None and -1 < top["y"] <= FINGER
    visitor.press(AS_IT_IS[language])
    assert visitor.heading == COUNTED[language]
    assert demo.ballots() == before + 1


@pytest.mark.parametrize("paper", ["poster", "slip"])
def test_switching_the_language_keeps_the_answers(
    demo: Demonstration, phone: NewVisitor, paper: str
) -> None:
    before = demo.ballots()
    visitor = phone("zh").get(demo.poster() if paper == "poster" else demo.slip())
    answer(visitor, 2, leave_out=1)
    visitor.page.locator("textarea").fill("路修好了。")
    visitor.press("English")
    assert visitor.says("Is this your village?")
    assert set(chosen(visitor)) == {"average"}
    assert len(chosen(visitor)) == len(questions(visitor)) - 1
    assert visitor.page.locator("textarea").input_value() == "路修好了。"
    visitor.press("中文")
    assert len(chosen(visitor)) == len(questions(visitor)) - 1
    assert demo.ballots() == before


def test_the_enter_key_sends_and_does_not_switch_the_language(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.poster())
    answer(visitor)
    with visitor.page.expect_navigation():
        visitor.page.locator(":checked").last.press("Enter")
    assert visitor.heading == COUNTED["zh"]
    assert demo.ballots() == before + 1


@pytest.mark.parametrize("paper", ["poster", "slip"])
def test_reloading_the_thanks_counts_nothing_twice(
    demo: Demonstration, phone: NewVisitor, paper: str
) -> None:
    visitor = phone().get(demo.poster() if paper == "poster" else demo.slip())
    answer(visitor)
    send(visitor)
    counted = demo.ballots()
    visitor.page.reload()
    assert visitor.heading == COUNTED["zh"]
    assert demo.ballots() == counted


@pytest.mark.parametrize(
    ("paper", "told"), [("poster", "这部手机已经答过一次了。"), ("slip", "这张票已经用过了。")]
)
def test_going_back_after_the_thanks_counts_nothing_twice(
    demo: Demonstration, phone: NewVisitor, paper: str, told: str
) -> None:
    visitor = phone().get("/t/").get(demo.poster() if paper == "poster" else demo.slip())
    answer(visitor)
    send(visitor)
    counted = demo.ballots()
    visitor.page.go_back()
    assert visitor.heading == told
    assert demo.ballots() == counted


def test_an_answer_whose_thanks_were_lost_on_the_way_is_counted_once(
    demo: Demonstration, phone: NewVisitor
) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor)
    visitor.page.route("**/t/**", lose)
    with visitor.page.expect_event("requestfailed"):
        visitor.button(SEND["zh"]).click(no_wait_after=True)
    assert demo.ballots() == before + 1
    visitor.page.unroute("**/t/**")
    visitor.faults.clear()
    visitor.page.reload()
    assert visitor.heading == COUNTED["zh"]
    assert demo.ballots() == before + 1


def test_another_person_may_answer_on_the_same_phone(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.poster())
    answer(visitor)
    send(visitor)
    visitor.get(demo.poster()).press("换一个人用这部手机答")
    answer(visitor, 3)
    send(visitor)
    assert visitor.heading == COUNTED["zh"]
    assert demo.ballots() == before + 2


def test_a_slip_is_typed_and_a_slip_of_the_finger_is_explained(
    demo: Demonstration, phone: NewVisitor
) -> None:
    visitor = phone().get("/t/")
    field = visitor.page.get_by_label("请输入票上的16位号码")
    field.fill("1234")
    visitor.press("继续")
    assert visitor.page.get_by_role("alert").is_visible()
    code = demo.slip().removeprefix("/t/")
    field.fill(f"{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}")
    visitor.press("继续")
    assert len(questions(visitor)) == len(defaults()["mass"].items)


# What fits on a small screen


PLACES = ["poster", "missing", "thanks", "answered", "spent", "/t/", "/t/12", "/v/AAAAAAAAAA"]


def come_to(visitor: Visitor, demo: Demonstration, place: str, language: str) -> None:
    """Bring *visitor* to the page that is called *place*."""
    if place.startswith("/"):
        visitor.get(place)
        return
    path = demo.slip() if place == "spent" else demo.poster()
    visitor.get(path)
    if place != "poster":
        answer(visitor, leave_out=1 if place == "missing" else 0)
        send(visitor, language)
    if place in {"answered", "spent"}:
        visitor.get(path)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_a_page_fits_a_small_screen_and_a_finger(
    demo: Demonstration, phone: NewVisitor, place: str, language: str
) -> None:
    visitor = phone(language)
    come_to(visitor, demo, place, language)
    for width in (320, 360):
        visitor.resize(width)
        assert visitor.sideways() <= 0, width
    tapped = "a, label.pick, input[type=text], textarea, button:not(.default)"
    for target in visitor.page.locator(tapped).all():
        size = target.bounding_box()
        assert size is not None and size["height"] >= FINGER, target.inner_text()
    visitor.page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert visitor.sideways() <= 0, "twice as large"


def test_the_questionnaire_is_one_request(demo: Demonstration, phone: NewVisitor) -> None:
    for path in (demo.poster(), demo.slip(), "/t/"):
        demo.site.seen.clear()
        visitor = phone().get(path)
        assert visitor.requests == [demo.address + path]
        assert demo.site.seen == [f"GET {path}"]
