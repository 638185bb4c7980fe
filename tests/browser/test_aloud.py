"""“Read it to me”: one item a screen, spoken by a recording or the phone, never the choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from survey.core.recording import lines_of, read, words_of
from survey.demo.present import SLUG
from survey.storage import accounts, recordings, rounds
from survey.storage.db import begin_write, db
from survey.storage.questionnaires import defaults
from survey.storage.tables import AccountRow
from tests import sounds
from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration
from tests.browser.villager import chosen, come

pytestmark = pytest.mark.browser

MASS = defaults()["mass"]
KEYS = [item.key for item in MASS.items]
RECORDED = KEYS[1]
FINGER = 48
BUTTONS = ("aloud", "next", "back", "again", "leave")
WORDS = {
    "zh": dict(zip(BUTTONS, ("读给我听", "下一个", "上一个", "再听一遍", "全部显示"), strict=True)),
    "en": dict(
        zip(BUTTONS, ("Read it to me", "Next", "Back", "Once more", "Show everything"), strict=True)
    ),
}
SEND = {"zh": "交", "en": "Send"}
STUB = """
  window.said = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  Object.defineProperty(window, "speechSynthesis", {value: {
    getVoices: () => VOICES,
    speak: words => {
      said.push(words.text);
      window.speaking = words;
      document.documentElement.dataset.spoken = 1;
    },
    cancel: () => said.push("|")
  }});
"""
VOICES = """[
  {lang: "zh-HK", localService: true}, {lang: "zh-CN", localService: false},
  {lang: "zh_CN", localService: true, name: "good"},
  {lang: "en-GB", localService: true, name: "good"}
]"""


@pytest.fixture
def recorded(demo: Demonstration) -> Iterator[str]:
    """The address of the recording of the second item in Chinese; the others have none."""
    sound = read(sounds.wav(0.2))
    words = words_of(lines_of(MASS, "zh")[RECORDED], "zh")

    def somebody() -> AccountRow:
        account = accounts.by_username(db.session, "admin")
        assert account is not None
        return account

    def keep() -> None:
        begin_write(db.session)
        round_ = rounds.by_slug(db.session, SLUG)
        recordings.keep(db.session, round_, words, RECORDED, "zh", sound, somebody())
        db.session.commit()

    def remove() -> None:
        begin_write(db.session)
        recordings.remove(db.session, rounds.by_slug(db.session, SLUG), words, somebody())
        db.session.commit()

    demo.site.ask(keep)
    yield f"/s/{sound.name}"
    demo.site.ask(remove)


@pytest.fixture
def phone(visit: NewVisitor) -> NewVisitor:
    """Return the function that gives a villager a phone whose voice writes down what it says."""

    def enter(language: str = "zh", width: int = 360, voices: str = VOICES) -> Visitor:
        visitor = visit(language, width)
        visitor.context.add_init_script(STUB.replace("VOICES", voices))
        return visitor

    return enter


def listen(visitor: Visitor) -> Visitor:
    """Tap “Read it to me”."""
    visitor.button(WORDS[visitor.language]["aloud"]).click()
    visitor.page.locator("form.aloud").wait_for()
    return visitor


def tap(visitor: Visitor, what: str, times: int = 1) -> Visitor:
    for _ in range(times):
        visitor.button(WORDS[visitor.language][what]).click()
    return visitor


def said(page: Page) -> list[str]:
    """What was spoken since this was last asked; ``|`` where it was hushed."""
    return list(page.evaluate("said.splice(0)"))


def spoken(page: Page) -> list[str]:
    return [one for one in said(page) if one != "|"]


def on_screen(page: Page) -> list[str]:
    """The items that can be seen."""
    return [str(one.get_attribute("id")) for one in page.locator("fieldset:visible").all()]


def progress(page: Page) -> str:
    return page.locator(".aloud-row strong").inner_text()


def answer_on_the_way(visitor: Visitor, choice: int = 0) -> None:
    """Choose in every item, screen by screen, to the last screen."""
    for key in KEYS:
        tap(visitor, "next")
        visitor.page.locator(f"[id='{key}'] label").nth(choice).click()
    tap(visitor, "next")


def test_nothing_of_it_is_loaded_before_the_tap(
    demo: Demonstration, phone: NewVisitor, recorded: str
) -> None:
    path = demo.poster()
    visitor = phone().get(path)
    assert visitor.requests == [demo.address + path]
    listen(visitor)
    loaded = [address.removeprefix(demo.address) for address in visitor.requests[1:]]
    assert loaded[0] == "/static/aloud.js"
    assert [one.partition("?")[2] for one in loaded[1:]] == ["lang=zh"], (
        "no sound of another screen"
    )


def test_the_five_sentences_then_one_item_a_screen_then_the_comment(
    demo: Demonstration, phone: NewVisitor
) -> None:
    visitor = listen(phone().get(demo.poster()))
    page = visitor.page
    assert on_screen(page) == []
    assert page.locator("form ol li:visible").count() == 5
    assert page.locator("h1").is_visible()
    for number, key in enumerate(KEYS, start=1):
        tap(visitor, "next")
        assert on_screen(page) == [key]
        assert progress(page) == f"{number} / 12"
        assert not page.locator("form ol").is_visible()
        assert page.locator("form > button:not(.default):visible, textarea:visible").count() == 0
    lead = MASS.dimensions[3].lead
    assert lead is not None
    assert visitor.says(lead.zh)
    tap(visitor, "next")
    assert on_screen(page) == []
    assert page.locator("textarea").is_visible()
    assert visitor.button(SEND["zh"]).last.is_visible()
    assert not visitor.button(WORDS["zh"]["next"]).is_visible()
    tap(visitor, "back")
    assert on_screen(page) == [KEYS[-1]]


def test_the_question_is_spoken_then_the_choices_by_their_numbers(
    demo: Demonstration, phone: NewVisitor
) -> None:
    visitor = listen(phone().get(demo.poster()))
    page = visitor.page
    assert spoken(page) == [one.inner_text() for one in page.locator("form ol li").all()]
    assert page.evaluate("speaking.voice.name") == "good"
    tap(visitor, "next")
    assert spoken(page) == list(lines_of(MASS, "zh")[KEYS[0]])
    tap(visitor, "again")
    assert spoken(page) == list(lines_of(MASS, "zh")[KEYS[0]])
    tap(visitor, "next", 9)
    said(page)
    tap(visitor, "again")
    assert spoken(page) == list(lines_of(MASS, "zh")["responsibility.secretary"])
    tap(visitor, "next", 3)
    assert spoken(page)[-1] == "现在请按大按钮交上去。交了就不能改了。"


def test_in_english_too(demo: Demonstration, phone: NewVisitor) -> None:
    visitor = tap(listen(phone("en").get(demo.slip())), "next")
    assert spoken(visitor.page)[-6:] == list(lines_of(MASS, "en")[KEYS[0]])


def test_what_is_spoken_and_shown_as_spoken_never_hangs_on_the_choice(
    demo: Demonstration, phone: NewVisitor
) -> None:
    heard = []
    for choice in (None, 0, 4):
        visitor = phone().get(demo.slip())
        listen(visitor)
        for key in KEYS:
            tap(visitor, "next")
            before = visitor.page.evaluate("said.length")
            if choice is not None:
                visitor.page.locator(f"[id='{key}'] label").nth(choice).click()
            assert visitor.page.evaluate("said.length") == before, "choosing says and stops nothing"
            tap(visitor, "again")
        tap(visitor, "back", 3).page.evaluate("speaking.onstart()")
        lit = visitor.page.locator(".now").inner_text()
        heard.append((said(visitor.page), lit))
    assert heard[0] == heard[1] == heard[2]


def test_a_question_that_was_left_open_is_read_without_saying_so(
    demo: Demonstration, phone: NewVisitor
) -> None:
    visitor = phone().get(demo.poster())
    visitor.page.evaluate(
        "document.querySelectorAll('legend').forEach(one => one.innerHTML += ' <em>还没答</em>')"
    )
    tap(listen(visitor), "next")
    assert spoken(visitor.page)[-6:] == list(lines_of(MASS, "zh")[KEYS[0]])


def test_each_line_is_lit_while_it_is_spoken_and_all_look_the_same(
    demo: Demonstration, phone: NewVisitor
) -> None:
    visitor = tap(listen(phone().get(demo.poster())), "next")
    page = visitor.page
    page.locator("fieldset:visible label").nth(1).click()
    page.evaluate("speaking.onstart()")
    assert page.locator(".now").inner_text().split() == ["5", "不清楚／不想说"]
    page.evaluate("speaking.onend()")
    assert page.locator(".now").count() == 0
    assert page.locator("fieldset:visible .sign").all_inner_texts() == list("12345")
    colours = page.locator("fieldset:visible label").evaluate_all(
        "all => all.map(one => getComputedStyle(one).color + getComputedStyle(one).borderColor)"
    )
    assert len(set(colours)) == 1


def test_a_recording_is_played_where_there_is_one_and_fetched_once(
    demo: Demonstration, phone: NewVisitor, recorded: str
) -> None:
    visitor = tap(listen(phone().get(demo.poster())), "next")
    said(visitor.page)
    demo.site.seen.clear()
    with visitor.page.expect_response(f"**{recorded}") as answer:
        tap(visitor, "next")
    assert answer.value.status in {200, 206}
    visitor.page.locator(".now").wait_for(state="detached")
    assert spoken(visitor.page) == []
    tap(visitor, "again")
    visitor.page.locator(".now").wait_for()
    assert set(demo.site.seen) == {f"GET {recorded}"}
    visitor.page.locator(".now").wait_for(state="detached")
    assert spoken(visitor.page) == []


def test_a_recording_that_does_not_come_is_spoken_by_the_phone(
    demo: Demonstration, phone: NewVisitor, recorded: str
) -> None:
    visitor = tap(listen(phone().get(demo.poster())), "next")
    visitor.page.route(f"**{recorded}", lambda route: route.fulfill(status=404))
    visitor.page.evaluate("said.length = 0; delete document.documentElement.dataset.spoken")
    tap(visitor, "next")
    visitor.page.locator("html[data-spoken]").wait_for()
    assert spoken(visitor.page) == list(lines_of(MASS, "zh")[RECORDED])
    visitor.faults.clear()


@pytest.mark.parametrize("voices", ["[]", VOICES.replace("zh_CN", "fr")])
def test_where_nobody_can_read_it_a_kind_line_says_so_and_the_rest_works(
    demo: Demonstration, phone: NewVisitor, voices: str
) -> None:
    before = demo.ballots()
    visitor = listen(phone(voices=voices).get(demo.slip()))
    visitor.page.get_by_role("status").filter(has_text="现在读不出来").wait_for()
    assert spoken(visitor.page) == []
    answer_on_the_way(visitor)
    visitor.button(SEND["zh"]).last.click()
    come(visitor.page, "thanks")
    assert demo.ballots() == before + 1


def test_where_the_browser_wants_another_tap_it_is_asked_for(
    demo: Demonstration, phone: NewVisitor, recorded: str
) -> None:
    visitor = phone()
    visitor.context.add_init_script(
        "Audio.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
    )
    tap(listen(visitor.get(demo.poster())), "next", 2)
    visitor.page.get_by_role("status").filter(has_text="再听一遍").wait_for()
    assert visitor.page.locator(".now").inner_text().endswith("再听一遍")


def test_it_is_hushed_by_going_on_by_hiding_the_page_and_by_sending(
    demo: Demonstration, phone: NewVisitor
) -> None:
    visitor = listen(phone().get(demo.slip()))
    said(visitor.page)
    tap(visitor, "next")
    assert said(visitor.page)[0] == "|"
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert set(said(visitor.page)) == {"|"}
    visitor.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert set(said(visitor.page)) == {"|"}
    tap(visitor, "back")
    answer_on_the_way(visitor)
    said(visitor.page)
    visitor.page.context.set_offline(True)
    visitor.button(SEND["zh"]).last.click()
    visitor.page.locator("#state", has_text="等网络").wait_for()
    assert set(said(visitor.page)) == {"|"}
    visitor.faults.clear()
    visitor.page.context.set_offline(False)
    come(visitor.page, "thanks")
    assert set(said(visitor.page)) <= {"|"}


def test_sent_from_the_last_screen_it_is_counted_once_and_the_next_person_begins_anew(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = listen(phone().get(demo.slip()))
    answer_on_the_way(visitor, 2)
    visitor.page.locator("textarea").fill("路修好了。")
    visitor.button(SEND["zh"]).last.click()
    come(visitor.page, "thanks")
    assert demo.ballots() == before + 1
    said(visitor.page)
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert said(visitor.page) == [], "nothing of the last page listens any more"
    visitor.get(demo.slip())
    assert visitor.page.locator("fieldset:visible").count() == 12


def test_choices_outlive_the_mode_and_a_closed_page(demo: Demonstration, phone: NewVisitor) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    visitor.page.locator(f"[id='{KEYS[0]}'] label").nth(3).click()
    tap(listen(visitor), "next", 2)
    visitor.page.locator(f"[id='{KEYS[1]}'] label").nth(1).click()
    tap(visitor, "leave")
    page = visitor.page
    assert chosen(page) == ["poor", "fairly_good"]
    assert on_screen(page) == KEYS
    assert page.locator(".sign, .away, .aloud, .aloud-row").count() == 0
    assert visitor.button(WORDS["zh"]["aloud"]).is_visible()
    visitor.get("about:blank").get(path)
    assert chosen(page) == ["poor", "fairly_good"]
    listen(visitor)
    tap(visitor, "leave")
    visitor.button(WORDS["zh"]["aloud"]).click()
    page.locator("form.aloud").wait_for()
    assert chosen(page) == ["poor", "fairly_good"]


def test_what_is_missing_is_reached_from_the_summary(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = listen(phone().get(demo.slip()))
    answer_on_the_way(visitor)
    visitor.page.evaluate(
        f"document.getElementById('{KEYS[4]}').querySelector(':checked').checked = 0"
    )
    visitor.button(SEND["zh"]).last.click()
    visitor.page.locator("#summary").wait_for()
    visitor.page.locator("#first").click()
    assert on_screen(visitor.page) == [KEYS[4]]
    assert not visitor.page.locator("#summary").is_visible()
    tap(visitor, "next", 8)
    visitor.button(SEND["zh"]).last.click()
    come(visitor.page, "thanks")
    assert demo.ballots() == before + 1


def test_by_keyboard_nothing_is_spoken_over_a_screen_reader(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = listen(phone().get(demo.poster()))
    page = visitor.page
    said(page)
    visitor.button(WORDS["zh"]["next"]).press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "LEGEND"
    assert spoken(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == ["fairly_good"]
    assert spoken(page) == []
    page.keyboard.press("Enter")
    assert on_screen(page) == [KEYS[1]]
    assert page.evaluate("document.getElementById('summary').hidden"), "nothing was sent"
    assert demo.ballots() == before
    visitor.button(WORDS["zh"]["again"]).press("Enter")
    assert spoken(page) == list(lines_of(MASS, "zh")[KEYS[1]])


def test_two_quick_taps_open_it_once(demo: Demonstration, phone: NewVisitor) -> None:
    visitor = phone().get(demo.poster())
    visitor.button(WORDS["zh"]["aloud"]).dblclick()
    visitor.page.locator("form.aloud").wait_for()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.locator(".sign").count() == 5 * 12
    assert visitor.page.get_by_role("button", name=WORDS["zh"]["leave"]).count() == 1


def test_a_list_that_does_not_come_leaves_the_form_as_it_is_and_may_be_asked_for_again(
    demo: Demonstration, phone: NewVisitor
) -> None:
    def fail(route: Route) -> None:
        route.abort()

    visitor = phone().get(demo.poster())
    visitor.page.route("**/s/**", fail, times=1)
    with visitor.page.expect_event("requestfailed"):
        visitor.button(WORDS["zh"]["aloud"]).click()
    assert on_screen(visitor.page) == KEYS
    visitor.faults.clear()
    listen(visitor)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_fits_a_small_screen_and_a_finger_and_has_no_barrier(
    demo: Demonstration, phone: NewVisitor, language: str
) -> None:
    visitor = listen(phone(language, 320).get(demo.slip()))
    for screen in range(14):
        assert visitor.sideways() <= 0, screen
        for target in visitor.page.locator(
            "form button:not(.default):visible, label.pick:visible"
        ).all():
            size = target.bounding_box()
            assert size is not None and size["height"] >= FINGER, target.inner_text()
        if screen in {0, 1, 9, 13}:
            visitor.page.evaluate("speaking.onstart && speaking.onstart()")
            for scheme in ("light", "dark"):
                visitor.page.emulate_media(color_scheme=scheme)
                assert visitor.barriers() == [], screen
        if screen < 13:
            tap(visitor, "next")
    visitor.page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert visitor.sideways() <= 0, "twice as large"
