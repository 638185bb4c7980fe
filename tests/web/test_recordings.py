"""Recordings: uploaded and taken away by administrators, served to anybody, in ranges."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml.html import document_fromstring

from survey.core.recording import KINDS
from survey.storage import audit, rounds
from survey.storage.db import begin_write
from survey.storage.questionnaires import defaults
from survey.storage.tables import RecordingRow
from survey.web import reading
from tests import sounds
from tests.storage.round import Office, poster_code
from tests.web.audit import HEADERS
from tests.web.browser import Browser
from tests.web.conftest import SignIn

MASS = defaults()["mass"]
PAGE = "/admin/rounds/spring/recordings"
KEEP = "Keep this recording"
LISTENING = "Listen or record"
DAY = 24 * 3600


@pytest.fixture
def anna(place: Office, sign_in: SignIn) -> Browser:
    """An administrator."""
    return sign_in()


def address(
    app: Flask, place: Office, item: str, language: str = "zh", access: str = "ticket"
) -> str:
    """The page on which *item* of the mass evaluation is recorded."""
    place.session.rollback()
    with app.test_request_context():
        asked = rounds.audience_of(place.round_, "mass")
        texts = reading.of_form(asked, place.round_, access, language)
    return f"{PAGE}/{next(text.words for text in texts if text.item == item)}"


def upload(
    anna: Browser, page: str, content: bytes, name: str = "a.wav", status: int = 200
) -> Browser:
    return anna.get(page).upload(page, content, name, status)


def listing(
    app: Flask, place: Office, access: str = "ticket", language: str = "zh"
) -> dict[str, Any]:
    """What a phone is told when “Read it to me” is tapped."""
    where = f"/s/{place.round_.id}/mass/{access}?lang={language}"
    answer = app.test_client().get(where)
    assert answer.status_code == 200
    return dict(answer.get_json())


def kept(place: Office) -> list[RecordingRow]:
    place.session.rollback()
    return list(place.session.scalars(sa.select(RecordingRow)))


def change(place: Office, **fields: Any) -> None:
    begin_write(place.session)
    for name, value in fields.items():
        setattr(place.round_, name, value)
    place.session.commit()


# The administrators' pages


def test_every_text_of_the_round_is_listed_once_in_its_section(anna: Browser) -> None:
    anna.get("/admin/rounds/spring").follow("Recordings")
    assert anna.heading == "Recordings for people who cannot read"
    links = [link for link in anna.page.iterfind(".//a") if LISTENING in link.text_content()]
    texts = len(MASS.items) + 2
    assert len(links) == 2 * 2 * 2 * texts, "language × audience × access"
    assert anna.says("现在找村里办事，办得怎么样？", "How open are the village accounts?")


def test_the_page_shows_exactly_what_is_to_be_read(
    app: Flask, place: Office, anna: Browser
) -> None:
    anna.get(address(app, place, "effects.remaining"))
    assert anna.says("村里该办还没办的事，还有多少？", "1. 没有了", "5. 不清楚／不想说")
    anna.get(address(app, place, "consent", "en"))
    assert anna.says("The office is asking, not your village officials.", "call 123")
    anna.get(address(app, place, "end", "en"))
    assert anna.says("Anything else you want to say?", "press the large button to send")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_is_kept_and_played_with_its_own_type(
    app: Flask, place: Office, anna: Browser, kind: str
) -> None:
    content = sounds.GOOD[kind][0]
    upload(anna, address(app, place, "effects.service"), content, "any name.txt")
    assert anna.says("The recording is kept.")
    assert anna.says("Older iPhones do not play") == (kind in {"ogg", "webm"})
    (where,) = anna.page.xpath("//audio[not(@id)]/@src")
    answer = app.test_client().get(where)
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == KINDS[kind]
    assert listing(app, place)["sounds"] == {"effects.service": [where, KINDS[kind]]}


@pytest.mark.parametrize("content", sounds.BAD.values(), ids=sounds.BAD)
def test_what_is_no_sound_is_refused_kindly(
    app: Flask, place: Office, anna: Browser, content: bytes
) -> None:
    upload(anna, address(app, place, "effects.service"), content, "a.mp3", 422)
    assert anna.says("This file is no sound that phones play. Please choose")
    assert kept(place) == []


def test_what_is_too_large_too_long_or_missing_is_refused_kindly(
    app: Flask, place: Office, anna: Browser
) -> None:
    page = address(app, place, "effects.service")
    upload(anna, page, sounds.TOO_LARGE, status=422)
    assert anna.says("larger than 1 MB")
    upload(anna, page, sounds.wav(61), status=422)
    assert anna.says("longer than a minute")
    anna.get(page).press(KEEP, 422)
    assert anna.says("Please record it, or choose a file.")
    assert kept(place) == []


def test_one_is_taken_away_and_the_log_tells_of_both(
    app: Flask, place: Office, anna: Browser
) -> None:
    page = address(app, place, "effects.service")
    upload(anna, page, sounds.wav())
    name = kept(place)[0].name
    anna.get(page).press("Take it away")
    assert kept(place) == []
    assert app.test_client().get(f"/s/{name}").status_code == 404
    entries = [one for one in audit.listing(place.session).rows if "recording" in one.act]
    assert [one.act for one in entries] == ["recording.remove", "recording.keep"]
    assert {one.detail["sound"] for one in entries} == {name}
    anna.get("/admin/audit")
    assert anna.says("recording for people who cannot read kept")


def test_more_time_to_answer_silences_the_sentences_that_name_the_deadline(
    app: Flask, place: Office, anna: Browser
) -> None:
    change(place, key_holding="halves")
    upload(anna, address(app, place, "consent"), sounds.wav())
    upload(anna, address(app, place, "effects.service"), sounds.wav(level=1))
    assert set(listing(app, place)["sounds"]) == {"consent", "effects.service"}
    change(place, closes_at=place.round_.closes_at + timedelta(days=1))
    assert set(listing(app, place)["sounds"]) == {"effects.service"}
    anna.get(PAGE)
    assert anna.says("No longer played", "consent")
    anna.press("Take it away")
    assert [row.item for row in kept(place)] == ["effects.service"]


def test_slips_and_posters_have_sentences_of_their_own_and_share_the_questions(
    app: Flask, place: Office, anna: Browser
) -> None:
    upload(anna, address(app, place, "consent", access="poster"), sounds.wav())
    upload(anna, address(app, place, "effects.service"), sounds.wav(level=1))
    assert set(listing(app, place, "poster")["sounds"]) == {"consent", "effects.service"}
    assert set(listing(app, place, "ticket")["sounds"]) == {"effects.service"}
    assert listing(app, place, language="en")["sounds"] == {}


def test_after_answering_has_ended_all_stays_as_it_was(
    app: Flask, place: Office, anna: Browser
) -> None:
    page = address(app, place, "effects.service")
    upload(anna, page, sounds.wav())
    anna.get(page)
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    place.pass_deadline()
    with app.test_request_context():
        again = address(app, place, "effects.service")
    anna.get(again)
    assert anna.says("Answering has ended")
    assert KEEP not in anna.buttons()
    assert "Take it away" not in anna.buttons()
    body = {"csrf_token": token, "file": (io.BytesIO(sounds.wav(level=1)), "a.wav")}
    assert anna.client.post(again, data=body).status_code == 422
    assert anna.client.post(f"{again}/remove", data={"csrf_token": token}).status_code == 409
    assert len(kept(place)) == 1


def test_only_administrators_come_here(
    app: Flask, place: Office, anna: Browser, sign_in: SignIn
) -> None:
    page = address(app, place, "effects.service")
    upload(anna, page, sounds.wav())
    lead = sign_in("lena", "lead", "Group 1")
    token = lead.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    for path in (PAGE, page):
        assert lead.client.get(path).status_code == 404
        assert app.test_client().get(path).location.startswith("/staff/sign-in")
    for path in (page, f"{page}/remove"):
        assert lead.client.post(path, data={"csrf_token": token}).status_code == 404
    assert len(kept(place)) == 1


def test_words_of_no_round_and_recordings_of_another_are_not_found(
    place: Office, anna: Browser
) -> None:
    anna.get(f"{PAGE}/{'0' * 32}", 404)
    token = anna.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    for path in (f"{PAGE}/{'0' * 32}", f"{PAGE}/{'0' * 32}/remove"):
        assert anna.client.post(path, data={"csrf_token": token}).status_code == 404


def test_the_page_of_one_recording_alone_may_use_the_microphone(
    app: Flask, place: Office, anna: Browser
) -> None:
    anna.get(PAGE)
    assert "microphone=()" in anna.response.headers["Permissions-Policy"]
    anna.get(address(app, place, "effects.service"))
    said = anna.response.headers
    assert said["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(self)"
    assert said["Content-Security-Policy"].endswith(
        "style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self' blob:"
    )


# What a villager's phone gets


@pytest.fixture
def sound(app: Flask, place: Office, anna: Browser) -> str:
    """The address of a recording."""
    upload(anna, address(app, place, "effects.service"), sounds.wav())
    return f"/s/{kept(place)[0].name}"


def test_a_recording_is_the_same_for_everybody_and_may_be_kept_for_a_day(
    app: Flask, sound: str
) -> None:
    answer = app.test_client().get(sound, headers={"Accept-Encoding": "gzip", "Cookie": "staff=x"})
    assert answer.headers["Cache-Control"] == f"public, max-age={DAY}, immutable"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(sounds.wav()))
    for name in ("Set-Cookie", "ETag", "Last-Modified", "Content-Encoding", "Content-Disposition"):
        assert name not in answer.headers, name
    assert "Cookie" not in answer.headers.get("Vary", "")
    for name in set(HEADERS) - {"Cache-Control"}:
        assert answer.headers[name] == HEADERS[name]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("0-1", 0, 1), ("100-", 100, None), ("-50", -50, None)]
)
def test_an_iphone_asks_in_ranges(
    app: Flask, sound: str, asked: str, first: int, last: int | None
) -> None:
    whole = sounds.wav()
    answer = app.test_client().get(
        sound, headers={"Range": f"bytes={asked}", "Accept-Encoding": "gzip"}
    )
    wanted = whole[first:] if last is None else whole[first : last + 1]
    begin = first % len(whole)
    assert answer.status_code == 206
    assert answer.data == wanted
    assert answer.headers["Content-Length"] == str(len(wanted))
    assert answer.headers["Content-Range"] == (
        f"bytes {begin}-{begin + len(wanted) - 1}/{len(whole)}"
    )
    assert answer.headers["Cache-Control"].startswith("public")


def test_a_range_beyond_the_end_is_refused(app: Flask, sound: str) -> None:
    answer = app.test_client().get(sound, headers={"Range": "bytes=999999-"})
    assert answer.status_code in {400, 416}
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_there_is_kept_by_nobody(app: Flask, place: Office) -> None:
    for path in (
        "/s/nothing",
        "/s/999/mass/ticket",
        f"/s/{place.round_.id}/nobody/ticket",
        f"/s/{place.round_.id}/mass/both",
    ):
        answer = app.test_client().get(path)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_round_that_is_being_prepared_tells_nothing(app: Flask, place: Office) -> None:
    change(place, state="draft")
    assert app.test_client().get(f"/s/{place.round_.id}/mass/ticket").status_code == 404


def test_the_list_is_small_and_in_the_language_of_the_form(app: Flask, place: Office) -> None:
    assert listing(app, place, language="en")["words"]["again"] == "Once more"
    answer = app.test_client().get(
        f"/s/{place.round_.id}/mass/ticket?lang=zh", headers={"Accept-Encoding": "gzip"}
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 1000


def test_the_form_names_its_list_and_loads_nothing(
    app: Flask, place: Office, visitor: Browser
) -> None:
    code = poster_code(place.session, place.village_ids()[0])
    visitor.get(f"/v/{code}")
    (held,) = [
        one for one in visitor.page.xpath("//script/text()") if "aloud" in one and "<button" in one
    ]
    (where,) = document_fromstring(held).xpath("//button[@id='aloud']/@value")
    assert app.test_client().get(f"/s/{where}").status_code == 200
    assert visitor.page.xpath("//audio | //source | //script[@src]") == []
