"""An administrator records in the browser, listens, and keeps what was heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from survey.core.recording import lines_of, words_of
from survey.demo.present import SLUG
from survey.storage import accounts, recordings, rounds
from survey.storage.db import begin_write, db
from survey.storage.questionnaires import defaults
from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

WORDS = words_of(lines_of(defaults()["mass"], "zh")["measures.done"], "zh")
PAGE = f"/admin/rounds/{SLUG}/recordings"
TONE = """
  navigator.mediaDevices.getUserMedia = async () => {
    window.clock = new AudioContext();
    const tone = clock.createOscillator(), out = clock.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    return window.heard = out.stream;
  };
"""
REFUSAL = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('denied'));"
HALF_A_SECOND = """async () => {
  while (!window.clock || clock.currentTime < .5) await new Promise(requestAnimationFrame);
}"""


@pytest.fixture
def admin(demo: Demonstration, visit: NewVisitor) -> Iterator[Visitor]:
    """An administrator at the page of one recording."""
    yield visit("en", 1366).sign_in("admin", demo.password("admin"))
    demo.site.ask(forget)


def forget() -> None:
    """Leave the demonstration as it was."""
    begin_write(db.session)
    account = accounts.by_username(db.session, "admin")
    assert account is not None
    if recordings.of_words(db.session, [WORDS]):
        recordings.remove(db.session, rounds.by_slug(db.session, SLUG), WORDS, account)
    db.session.commit()


def kinds(demo: Demonstration) -> list[tuple[str, int]]:
    return demo.site.ask(
        lambda: [(row.kind, row.size) for row in recordings.of_words(db.session, [WORDS]).values()]
    )


def test_what_was_recorded_is_heard_first_and_then_kept(
    demo: Demonstration, admin: Visitor
) -> None:
    admin.context.add_init_script(TONE)
    page = admin.get(f"{PAGE}/{WORDS}").page
    admin.button("Record it here").click()
    page.get_by_role("status").filter(has_text="speak now").wait_for()
    page.evaluate(HALF_A_SECOND)
    admin.button("Stop").click()
    page.get_by_role("status").filter(has_text="listen to it").wait_for()
    assert page.locator("#heard").is_visible()
    assert page.evaluate("heard.getTracks().every(one => one.readyState == 'ended')")
    assert kinds(demo) == [], "nothing is kept before the button is pressed"
    admin.press("Keep this recording")
    assert admin.says("The recording is kept.")
    ((kind, size),) = kinds(demo)
    assert kind in {"webm", "m4a", "ogg"}
    assert 100 < size < 100_000
    kept = page.locator("audio:not(#heard)")
    kept.evaluate(
        """one => new Promise((come, fail) => {
          one.onloadeddata = come;
          one.onerror = () => fail(one.error);
          one.load();
          one.preload = "auto";
        })"""
    )


def test_a_microphone_that_is_refused_is_told_and_a_file_still_works(admin: Visitor) -> None:
    admin.context.add_init_script(REFUSAL)
    admin.get(f"{PAGE}/{WORDS}")
    admin.button("Record it here").click()
    admin.page.get_by_role("status").filter(has_text="gives no microphone").wait_for()
    assert admin.button("Record it here").is_visible()
    assert admin.page.locator("#file").is_enabled()


def test_the_microphone_is_allowed_on_this_page_alone(admin: Visitor) -> None:
    allowed = "document.featurePolicy.allowsFeature('microphone')"
    assert admin.get(f"{PAGE}/{WORDS}").page.evaluate(allowed)
    assert not admin.get(PAGE).page.evaluate(allowed)


def test_a_browser_without_a_recorder_shows_the_file_alone(admin: Visitor) -> None:
    admin.context.add_init_script("delete window.MediaRecorder;")
    admin.get(f"{PAGE}/{WORDS}")
    assert not admin.button("Record it here").is_visible()
    assert admin.button("Keep this recording").is_visible()
