"""What a villager meets behind a poster or a slip, by the pages alone."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from survey.core import codes
from survey.storage import boxes, intake, rounds
from survey.storage.db import begin_write, now
from survey.storage.questionnaires import defaults
from survey.storage.tables import PosterRow
from survey.web.collect import tickets as ticket_pages
from survey.web.collect.guesses import Bucket
from tests.storage.round import Office, poster_code
from tests.web.browser import Browser

KEYS = [item.key for item in defaults()["mass"].items]
GOOD = dict.fromkeys(KEYS, "good")
HEADERS = {
    "Content-Security-Policy": r"default-src 'none'; base-uri 'none'; form-action 'self'; "
    r"frame-ancestors 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; "
    r"script-src 'sha256-[A-Za-z0-9+/=]+' 'self'; img-src data:; connect-src 'self'; "
    r"media-src 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def slip(place: Office) -> str:
    """The code of a slip of the first village."""
    return place.print(place.village_ids()[0], 1)[0]


@pytest.fixture
def poster(place: Office) -> str:
    """The address of the first village's poster for the mass evaluation."""
    return f"/v/{poster_code(place.session, place.village_ids()[0])}"


def count(place: Office, table: str = "intake") -> int:
    place.session.rollback()
    chosen = getattr(boxes.of_round(place.round_.id), table)
    return place.session.execute(sa.select(sa.func.count()).select_from(chosen)).scalar_one()


def change(place: Office, **fields: Any) -> None:
    begin_write(place.session)
    for name, value in fields.items():
        setattr(place.round_, name, value)
    place.session.commit()


def test_a_slip_is_scanned_answered_and_thanked(place: Office, slip: str, visitor: Browser) -> None:
    visitor.get(f"/t/{slip}")
    assert visitor.heading == "Village 1"
    visitor.press("Send", **GOOD, comment="路修好了")
    assert visitor.says("Thank you. Your answer is counted.", "tear it up")
    assert count(place) == count(place, "spent") == 1
    assert visitor.response.headers.getlist("Set-Cookie") == []


def test_a_poster_is_scanned_answered_and_thanked(
    place: Office, poster: str, visitor: Browser
) -> None:
    visitor.get(poster).press("Send", **GOOD)
    assert visitor.says("Your answer is counted")
    assert count(place) == 1
    visitor.get(poster)
    assert visitor.says("Somebody has already answered on this phone")
    visitor.press("Another person wants to answer on this phone").press("Send", **GOOD)
    assert count(place) == 2


def test_the_only_cookie_is_the_same_for_everybody(app: Flask, poster: str, place: Office) -> None:
    cookies = set()
    for _ in range(2):
        visitor = Browser(app)
        visitor.get(poster).press("Send", **GOOD)
        cookies.add(tuple(visitor.response.headers.getlist("Set-Cookie")))
    ((cookie,),) = cookies
    assert cookie.startswith("answered=spring;")
    assert "HttpOnly" in cookie


def test_capital_addresses_work(place: Office, slip: str, poster: str, visitor: Browser) -> None:
    visitor.get(f"/T/{slip}")
    assert visitor.heading == "Village 1"
    visitor.get(f"/V/{poster.removeprefix('/v/')}")
    assert visitor.heading == "Village 1"
    visitor.press("Send", **GOOD)
    assert count(place) == 1


def test_a_code_is_typed(place: Office, slip: str, visitor: Browser) -> None:
    visitor.get("/t/").press("Go on", code=codes.group_ticket_code(slip))
    assert visitor.heading == "Village 1"
    visitor.press("Send", **GOOD)
    assert count(place) == 1


@pytest.mark.parametrize(
    ("typed", "said"), [("123", "16 digits"), ("1234 5678 9012 3456", "One digit is not right")]
)
def test_a_mistyped_code_is_explained(
    place: Office, visitor: Browser, typed: str, said: str
) -> None:
    visitor.get("/t/").press("Go on", 400, code=typed)
    assert visitor.says(said)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_in_the_readers_language(
    app: Flask, place: Office, slip: str, language: str
) -> None:
    visitor = Browser(app, language).get(f"/t/{slip}")
    texts = [item.text.in_language(language) for item in defaults()["mass"].items]
    assert visitor.says(*texts)
    office_asks = (
        "这是The office在问，不是村干部在问" if language == "zh" else "The office is asking"
    )
    assert visitor.says(office_asks)


def test_the_language_is_switched_without_losing_answers(
    place: Office, slip: str, visitor: Browser
) -> None:
    visitor.get(f"/t/{slip}").press("中文", **GOOD, comment="路")
    assert visitor.says("工作组听大家说话，听得怎么样？")
    assert len(visitor.page.xpath("//input[@checked]")) == len(KEYS)
    visitor.press("English")
    assert visitor.page.findtext(".//textarea") == "路"
    visitor.press("Send")
    assert count(place) == 1


def test_missing_items_are_pointed_out_once(place: Office, slip: str, visitor: Browser) -> None:
    some = {KEYS[0]: "poor", KEYS[3]: "unknown"}
    visitor.get(f"/t/{slip}").press("Send", 422, **some, comment="a word")
    assert visitor.says("Some questions are not answered yet")
    assert len(visitor.page.xpath("//fieldset[@class='missing']//em")) == 10
    assert count(place) == 0
    kept = {(box.get("name"), box.get("value")) for box in visitor.page.xpath("//input[@checked]")}
    assert kept == set(some.items())
    assert visitor.page.findtext(".//textarea") == "a word"
    visitor.press("Send it like this")
    assert visitor.says("Your answer is counted")
    assert count(place) == 1


def test_a_resent_form_gets_the_same_bytes(place: Office, slip: str, app: Flask) -> None:
    visitor = Browser(app).get(f"/t/{slip}")
    pages = [visitor.send("Send", **GOOD).get_data() for _ in range(3)]
    assert len(set(pages)) == 1
    assert count(place) == 1


def test_a_second_form_with_a_spent_slip_is_told_that_it_was_not_counted(
    place: Office, slip: str, app: Flask
) -> None:
    first, second = Browser(app).get(f"/t/{slip}"), Browser(app).get(f"/t/{slip}")
    first.press("Send", **GOOD)
    second.press("Send", 409, **GOOD)
    assert second.says("What was filled in now was not counted", "123")
    third = Browser(app).get(f"/t/{slip}", 410)
    assert third.says("This slip has been used", "The answer given with it is counted")
    assert not third.says("not counted")
    assert count(place) == 1


def test_reading_spends_nothing(place: Office, slip: str, app: Flask) -> None:
    client = app.test_client()
    for _ in range(20):
        assert client.get(f"/t/{slip}").status_code == 200
        assert client.head(f"/t/{slip}").status_code == 200
    assert count(place, "spent") == 0


def test_an_unknown_code_has_its_page(place: Office, visitor: Browser) -> None:
    visitor.get(f"/t/{codes.make_ticket_code()}", 404)
    assert visitor.says("We do not know this code")
    visitor.get("/v/ABCDEFGHJK", 404)
    assert visitor.says("We do not know this code")


def test_guessing_is_slowed_and_a_valid_slip_is_not(
    place: Office, slip: str, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_pages, "unknown_codes", Bucket(capacity=3, clock=lambda: 0.0))
    for _ in range(3):
        visitor.get(f"/t/{codes.make_ticket_code()}", 404)
    visitor.get(f"/t/{codes.make_ticket_code()}", 429)
    assert int(visitor.response.headers["Retry-After"]) > 0
    for _ in range(5):
        visitor.get(f"/t/{slip}")


def test_a_bucket_fills_again_with_time() -> None:
    seconds = [0.0]
    bucket = Bucket(capacity=1, per_second=0.5, clock=lambda: seconds[0])
    assert bucket.draw()
    assert not bucket.draw()
    seconds[0] = 2.0
    assert bucket.draw()


def test_a_void_slip_has_its_page(place: Office, slip: str, app: Flask) -> None:
    visitor = Browser(app).get(f"/t/{slip}")
    begin_write(place.session)
    place.session.execute(sa.update(boxes.of_round(place.round_.id).ticket).values(void=True))
    place.session.commit()
    visitor.press("Send", 409, **GOOD)
    assert visitor.says("no longer valid")
    assert Browser(app).get(f"/t/{slip}", 410).says("no longer valid")
    assert count(place) == 0


def test_before_it_opens_there_is_a_page_with_the_time(
    place: Office, slip: str, poster: str, visitor: Browser
) -> None:
    change(place, opens_at=now(place.session) + timedelta(hours=5))
    for address in (f"/t/{slip}", poster):
        assert visitor.get(address).says("It has not begun yet")


def test_after_the_deadline_nothing_is_counted_but_a_retry_learns_that_it_was(
    place: Office, poster: str, app: Flask
) -> None:
    early, late = place.print(place.village_ids()[0], 2)
    counted, waiting = Browser(app).get(f"/t/{early}"), Browser(app).get(f"/t/{late}")
    thanks = counted.send("Send", **GOOD).get_data()
    by_poster = Browser(app).get(poster)
    place.pass_deadline()
    assert counted.send("Send", **GOOD).get_data() == thanks
    assert waiting.press("Send", **GOOD).says("Answering has ended", "not counted")
    assert by_poster.press("Send", **GOOD).says("Answering has ended")
    assert Browser(app).get(f"/t/{late}").says("Answering has ended")
    assert Browser(app).get(poster).says("Answering has ended")
    assert count(place) == 1


def test_a_withdrawn_poster_sends_to_the_new_one(
    place: Office, poster: str, visitor: Browser
) -> None:
    visitor.get(poster)
    begin_write(place.session)
    place.session.execute(sa.update(PosterRow).values(withdrawn=True))
    place.session.commit()
    visitor.press("Send", 410, **GOOD)
    assert visitor.says("replaced by a new one")
    assert count(place) == 0


def test_a_nonce_is_good_for_its_own_poster_only(place: Office, app: Flask) -> None:
    first, second = (poster_code(place.session, village) for village in place.village_ids())
    visitor = Browser(app).get(f"/v/{first}")
    nonce = visitor.page.xpath("//input[@name='nonce']/@value")[0]
    client = app.test_client()
    for code, value in ((second, nonce), (first, "forged"), (first, ""), (first, nonce[:-2])):
        answer = client.post(f"/v/{code}", data={"nonce": value, "reminded": "1", **GOOD})
        assert answer.status_code == 400
    assert count(place) == 0


def test_village_and_audience_in_the_form_are_ignored(place: Office, slip: str, app: Flask) -> None:
    first, second = place.village_ids()
    visitor = Browser(app).get(f"/t/{slip}")
    fields = {
        box.get("name"): box.get("value") for box in visitor.page.xpath("//input[@type='hidden']")
    }
    app.test_client().post(
        "/t/", data=fields | GOOD | {"village": second, "village_id": second, "audience": "self"}
    )
    place.session.rollback()
    rows = place.session.execute(sa.select(boxes.of_round(place.round_.id).intake)).all()
    assert [(row.village_id, row.audience) for row in rows] == [(first, "mass")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"once": "x"},
        {"once": "0" * 32, "code": ""},
        {"once": "0" * 32, "code": "\x00\ud83d"},
        {"code": "9" * 5000},
    ],
)
def test_rubbish_in_the_form_is_answered_kindly(
    place: Office, app: Flask, data: dict[str, str]
) -> None:
    answer = app.test_client().post(
        "/t/", data={k: v.encode("utf-8", "surrogatepass") for k, v in data.items()}
    )
    assert 400 <= answer.status_code < 500
    assert re.search(r"<h1[ >]", answer.get_data(as_text=True))


def test_a_value_that_is_no_grade_is_refused_and_spends_nothing(
    place: Office, slip: str, visitor: Browser
) -> None:
    visitor.get(f"/t/{slip}").press("Send", 422, **GOOD | {KEYS[2]: "<script>"})
    assert visitor.says("choose it again")
    assert len(visitor.page.xpath("//input[@checked]")) == len(GOOD) - 1
    assert count(place, "spent") == 0


def test_markup_in_a_comment_stays_text(place: Office, slip: str, visitor: Browser) -> None:
    scripts = len(visitor.get(f"/t/{slip}").page.xpath("//script"))
    visitor.press("Send", 422, comment="</textarea><script>alert(1)</script>")
    assert len(visitor.page.xpath("//script")) == scripts
    assert "alert(1)" in visitor.page.findtext(".//textarea")


def test_too_large_a_body_is_refused(place: Office, slip: str, app: Flask) -> None:
    answer = app.test_client().post(
        "/t/", data={"code": slip, "once": "0" * 32, "comment": "x" * 10**6}
    )
    assert answer.status_code == 413


def test_a_busy_database_keeps_the_answers_on_the_page(
    place: Office, slip: str, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    visitor.get(f"/t/{slip}")
    with monkeypatch.context() as broken:
        broken.setattr(intake, "put", busy)
        visitor.press("Send", 503, **GOOD, comment="路")
    assert int(visitor.response.headers["Retry-After"]) > 0
    assert visitor.says("Not sent yet")
    assert len(visitor.page.xpath("//input[@checked]")) == len(KEYS)
    visitor.press("Send")
    assert visitor.says("Your answer is counted")
    assert count(place) == 1


def test_respondent_pages_are_one_response_under_a_strict_policy(
    place: Office, slip: str, poster: str, app: Flask
) -> None:
    client = app.test_client()
    for address in (f"/t/{slip}", poster, "/t/", "/v/UNKNOWN", f"/t/{codes.make_ticket_code()}"):
        answer = client.get(address)
        for name, pattern in HEADERS.items():
            assert re.fullmatch(pattern, answer.headers[name]), f"{address}: {name}"
        assert "Cookie" not in answer.headers.get("Vary", "")
        text = answer.get_data(as_text=True)
        assert not re.search(r"<(img|iframe)|url\(|@import|(src|href)=.?(http|//)", text)
        assert not re.search(r"<script [^>]*src|<link [^>]*stylesheet", text)


@pytest.mark.parametrize("name", ["style", "script"])
def test_what_is_inline_is_what_the_policy_names(
    place: Office, slip: str, app: Flask, name: str
) -> None:
    answer = app.test_client().get(f"/t/{slip}")
    said = answer.headers["Content-Security-Policy"]
    inline = re.findall(f"<{name}>(.*?)</{name}>", answer.get_data(as_text=True), re.DOTALL)
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert f"{name}-src 'sha256-{digest}'" in said


def test_pages_are_compressed_for_who_can_read_it(place: Office, slip: str, app: Flask) -> None:
    client = app.test_client()
    plain = client.get(f"/t/{slip}")
    packed = client.get(f"/t/{slip}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    once = rb'value="[0-9a-f]{32}"'
    assert re.sub(once, b"", gzip.decompress(packed.get_data())) == re.sub(
        once, b"", plain.get_data()
    )
    assert len(packed.get_data()) < len(plain.get_data()) / 2


def test_after_an_early_close_it_is_said_when_that_was(
    place: Office, poster: str, visitor: Browser
) -> None:
    closed = datetime(2026, 3, 1, 4, tzinfo=UTC)
    change(place, state="closed", opens_at=closed - timedelta(days=3), closed_at=closed)
    assert visitor.get(poster).says("Answers were taken until 1 March 2026, 12:00.")


ROUND_TRIP = 6000
OF_THE_SERVER = (
    "HTTP/1.1 200 OK\r\nServer: gunicorn\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\n"
    "Connection: keep-alive\r\n\r\n"
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("paper", ["slip", "poster"])
def test_a_questionnaire_of_a_village_with_a_long_name_fits_one_round_trip(
    place: Office, slip: str, poster: str, app: Flask, paper: str, language: str
) -> None:
    begin_write(place.session)
    village = rounds.villages(place.session, place.round_)[0]
    village.name, village.township = "新城子东关前柳屯村", "青柳堡乡"
    place.round_.office, place.round_.results_place = "市委组织部", "村部门口公示栏"
    place.round_.phone = "0415-1234567"
    place.session.commit()
    address = f"/t/{slip}" if paper == "slip" else poster
    answer = app.test_client().get(
        f"{address}?lang={language}", headers={"Accept-Encoding": "gzip, deflate, br"}
    )
    headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    assert len(OF_THE_SERVER) + len(headers) + len(answer.get_data()) <= ROUND_TRIP


def test_a_sealed_round_is_closed_for_posters_and_unknown_for_slips(
    place: Office, slip: str, poster: str, app: Flask
) -> None:
    from survey.storage import scrub, seal

    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    place.session.commit()
    seal.seal(
        place.session, place.round_, place.private_key(), place.pepper, (place.first, place.second)
    )
    place.session.commit()
    scrub.scrub(place.session, place.round_, place.folder)
    assert Browser(app).get(poster).says("Answering has ended")
    assert Browser(app).get(f"/t/{slip}", 404).says("earlier evaluation")


def test_no_log_line_holds_a_code_when_something_breaks(
    place: Office,
    slip: str,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(intake, "ticket", fault)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get(f"/t/{slip}", headers={"User-Agent": "canary-agent"})
    assert answer.status_code == 500
    assert "broken on purpose" in caplog.text
    assert slip not in caplog.text
    assert "canary-agent" not in caplog.text
