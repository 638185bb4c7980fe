"""What the villager's pages refuse, and what they never do: complete, through the pages alone."""

from __future__ import annotations

import logging
import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from survey.core import box, codes
from survey.core.questionnaire import AUDIENCES
from survey.storage import boxes, results, rounds, tallies
from survey.storage.db import begin_write
from survey.storage.questionnaires import defaults
from survey.storage.tables import PosterRow
from survey.web.collect import tickets as ticket_pages
from survey.web.collect.guesses import Bucket
from tests.storage.round import CODES, Office, draft, open_round
from tests.web.browser import Browser

KEYS = [item.key for item in defaults()["mass"].items]
GOOD = dict.fromkeys(KEYS, "good")
POOR = dict.fromkeys(KEYS, "poor")
PHONE = {"environ_base": {"REMOTE_ADDR": "100.64.3.9"}}
"""One address of a carrier, behind which a whole village is."""


@pytest.fixture
def other(place: Office) -> Office:
    """A second open round of the same villages."""
    begin_write(place.session)
    round_ = rounds.create(place.session, draft(place.session, slug="autumn"), "first")
    place.session.commit()
    made = Office(place.session, place.folder, place.first, place.second, round_)
    open_round(made)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A phone with no cookie."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A bucket of this test's own, and the hands of its clock."""
    hands = [0.0]
    monkeypatch.setattr(ticket_pages, "unknown_codes", Bucket(clock=lambda: hands[0]))
    return hands


def inside(made: Office) -> list[tuple[int, str]]:
    """Village and audience of every ballot in the box."""
    made.session.rollback()
    intake = boxes.of_round(made.round_.id).intake
    rows = made.session.execute(sa.select(intake.c.village_id, intake.c.audience))
    return sorted((row.village_id, row.audience) for row in rows)


def spent(made: Office) -> int:
    made.session.rollback()
    table = boxes.of_round(made.round_.id).spent
    return made.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def poster(made: Office, village: int = 0, audience: str = "mass") -> str:
    rows = made.session.query(PosterRow).filter_by(round_id=made.round_.id, audience=audience)
    code = rows.filter_by(village_id=made.village_ids()[village]).one().code
    made.session.rollback()
    return f"/v/{code}"


def hidden(client: FlaskClient, address: str, name: str) -> str:
    page = client.get(address).get_data(as_text=True)
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def by_poster(client: FlaskClient, address: str, **fields: Any) -> int:
    return client.post(address, data={"reminded": "1"} | GOOD | fields, **PHONE).status_code


def by_slip(client: FlaskClient, code: str, once: str, **fields: Any) -> int:
    sent = {"code": code, "once": once, "reminded": "1"} | GOOD | fields
    return client.post("/t/", data=sent, **PHONE).status_code


LIES = {"round": "autumn", "round_id": "2", "access": "ticket", "nonce": "x", "village_code": "9"}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_village_and_audience_come_from_the_slip_or_the_nonce_alone(
    place: Office, client: FlaskClient, audience: str
) -> None:
    """Every name that a form could lie with, in the body and in the address."""
    first, second = place.village_ids()
    foreign = "self" if audience == "mass" else "mass"
    lies = LIES | {
        "village": str(second),
        "village_id": str(second),
        "audience": foreign,
        "address": poster(place, 1, foreign),
    }
    (slip,) = place.print(first, 1, audience)
    sent = {"code": slip, "once": box.make_once(), "reminded": "1"} | GOOD
    assert client.post("/t/", data=lies | sent, query_string=lies).status_code == 200
    address = poster(place, 0, audience)
    nonce = hidden(client, address, "nonce")
    sent = {"nonce": nonce, "reminded": "1"} | GOOD
    assert client.post(address, data=lies | sent, query_string=lies).status_code == 200
    assert inside(place) == [(first, audience)] * 2


def test_a_nonce_is_refused_everywhere_but_at_its_own_poster(
    place: Office, other: Office, client: FlaskClient
) -> None:
    own = poster(place)
    nonce = hidden(client, own, "nonce")
    elsewhere = [
        poster(place, 1),
        poster(place, 0, "self"),
        poster(other),
        poster(other, 1),
        poster(other, 0, "self"),
    ]
    assert [by_poster(client, address, nonce=nonce) for address in elsewhere] == [400] * 5
    assert by_slip(client, nonce, box.make_once()) == 400
    assert spent(place) == spent(other) == 0
    assert by_poster(client, own, nonce=nonce) == 200
    assert inside(place) == [(place.village_ids()[0], "mass")]


def test_a_forged_nonce_is_refused(place: Office, other: Office, client: FlaskClient) -> None:
    """One sign changed at each place, cut, grown, made with another key, or made up."""
    own = poster(place)
    nonce = hidden(client, own, "nonce")
    village = place.village_ids()[0]
    letter = {True: "A", False: "B"}
    forged = [
        nonce[:position] + letter[nonce[position] != "A"] + nonce[position + 1 :]
        for position in range(len(nonce) - 1)  # the last sign has bits that mean nothing
    ]
    forged += [nonce[:length] for length in range(0, len(nonce), 7)]
    forged += [f"{nonce}AAAA", nonce * 2, "=" * 40, "\x00", "é", "🗳" * 20]
    forged += [box.make_nonce(bytes(32), village, "mass")]
    forged += [box.make_nonce(other.pepper, village, "mass")]
    assert {by_poster(client, own, nonce=each) for each in forged} == {400}
    assert spent(place) == 0


def test_a_nonce_that_is_played_again_gives_the_same_thanks_and_one_ballot(
    place: Office, client: FlaskClient
) -> None:
    own = poster(place)
    sent = {"nonce": hidden(client, own, "nonce"), "reminded": "1"}
    first = client.post(own, data=sent | GOOD).get_data()
    pages = {client.post(own, data=sent | answers).get_data() for answers in (GOOD, POOR) * 20}
    assert pages == {first}
    assert len(inside(place)) == spent(place) == 1


def test_a_nonce_ends_with_its_round(place: Office, client: FlaskClient) -> None:
    own = poster(place)
    counted, late = (hidden(client, own, "nonce") for _ in range(2))
    assert by_poster(client, own, nonce=counted) == 200
    place.pass_deadline()
    again, new = ({"nonce": nonce, "reminded": "1"} for nonce in (counted, late))
    assert "Your answer is counted" in in_english(client, own, again)
    assert "Answering has ended" in in_english(client, own, new)
    assert len(inside(place)) == 1
    place.close_and_seal()
    assert [("Answering has ended" in in_english(client, own, each)) for each in (again, new)] == [
        True,
        True,
    ]


def in_english(client: FlaskClient, address: str, fields: dict[str, str]) -> str:
    sent = client.post(f"{address}?lang=en", data=fields | GOOD)
    return sent.get_data(as_text=True)


def test_a_slip_is_good_in_its_own_round_alone(
    place: Office, other: Office, client: FlaskClient, bucket: list[float]
) -> None:
    """With two rounds open, each slip goes to the box that it was printed for."""
    village = place.village_ids()[0]
    (here,), (there,) = place.print(village, 1), other.print(village, 1)
    for code in (there, here):
        assert by_slip(client, code, box.make_once()) == 200
        assert by_slip(client, code, box.make_once()) == 409
    assert inside(place) == inside(other) == [(village, "mass")]
    place.close_and_seal()
    assert by_slip(client, here, box.make_once()) == 404
    assert client.get(f"/t/{here}").status_code == 404


@pytest.mark.parametrize("once", ["", "0", "g" * 32, "0" * 31, "0" * 33, "F" * 32, "０" * 32])
def test_a_form_without_its_own_number_is_refused(
    place: Office, client: FlaskClient, bucket: list[float], once: str
) -> None:
    (slip,) = place.print(place.village_ids()[0], 1)
    assert by_slip(client, slip, once) == 404
    assert spent(place) == 0


def test_a_void_slip_is_refused_in_every_way(place: Office, client: FlaskClient) -> None:
    (slip,) = place.print(place.village_ids()[0], 1)
    once = hidden(client, f"/t/{slip}", "once")
    begin_write(place.session)
    place.session.execute(sa.update(boxes.of_round(place.round_.id).ticket).values(void=True))
    place.session.commit()
    grouped = codes.group_ticket_code(slip)
    asked = [client.get(f"/{mark}/{slip}").status_code for mark in "tT"]
    asked += [client.post("/t/", data={"code": typed}).status_code for typed in (slip, grouped)]
    assert asked == [410] * 4
    assert [by_slip(client, typed, once) for typed in (slip, grouped)] == [409] * 2
    assert spent(place) == 0


READERS: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"User-Agent": "WhatsApp/2.0 link preview"},
)


def test_reading_a_hundred_times_in_any_way_spends_nothing(
    place: Office, client: FlaskClient
) -> None:
    (slip,) = place.print(place.village_ids()[0], 1)
    addresses = (f"/t/{slip}", poster(place))
    for number in range(100):
        headers = READERS[number % len(READERS)]
        for address in addresses:
            assert client.get(address, headers=headers).status_code == 200
            assert client.head(address, headers=headers).status_code == 200
        client.options(addresses[0], headers=headers)
        assert client.post("/t/", data={"code": slip}, headers=headers).status_code == 200
        asked = {"code": slip, "once": box.make_once()} | GOOD
        client.get("/t/", query_string=asked, headers=headers)
        client.put("/t/", data=asked, headers=headers)
    assert spent(place) == 0
    assert inside(place) == []
    assert by_slip(client, slip, box.make_once()) == 200


def test_a_village_behind_one_address_is_never_slowed(
    place: Office, client: FlaskClient, bucket: list[float]
) -> None:
    """300 slips are scanned and answered in a minute, while somebody there guesses codes."""
    slips = place.print(place.village_ids()[0], 300)
    statuses: Counter[int] = Counter()
    for number, slip in enumerate(slips):
        bucket[0] = number / 5
        for _ in range(3):
            client.get(f"/t/{codes.make_ticket_code()}", **PHONE)
        once = hidden(client, f"/t/{slip}", "once")
        statuses[by_slip(client, slip, once)] += 1
    assert client.get(f"/t/{codes.make_ticket_code()}", **PHONE).status_code == 429
    assert statuses == {200: 300}
    assert len(inside(place)) == 300


GUESSES = 10_000


def test_ten_thousand_guesses_are_slowed_and_counted_and_find_nothing(
    place: Office,
    client: FlaskClient,
    bucket: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In 200 seconds: 60 at once and one a second are looked at, and a line a minute is logged."""
    place.print(place.village_ids()[0], 1000)
    draw = random.Random(20_261_124)
    guesses = []
    while len(guesses) < GUESSES:
        body = f"{draw.randrange(10**15):015d}"
        guesses.append(body + codes.check_digit(body))
    statuses: Counter[int] = Counter()
    with caplog.at_level(logging.WARNING):
        for number, guess in enumerate(guesses):
            bucket[0] = number * 200 / GUESSES
            statuses[client.get(f"/t/{guess}").status_code] += 1
        bucket[0] += 60
        client.get("/t/")
    assert set(statuses) == {404, 429}
    assert statuses[404] in range(60 + 198, 60 + 201)
    lines = [record.getMessage() for record in caplog.records]
    counts = [int(line.removeprefix("Unknown codes tried: ")) for line in lines]
    assert len(counts) in (4, 5)
    assert sum(counts) == GUESSES
    assert not re.search(r"\d{6}", caplog.text)


def test_a_slowed_guess_is_told_when_to_come_back(
    place: Office, app: Flask, bucket: list[float]
) -> None:
    visitor = Browser(app)
    for _ in range(60):
        visitor.get(f"/t/{codes.make_ticket_code()}", 404)
    visitor.get(f"/t/{codes.make_ticket_code()}", 429)
    assert visitor.response.headers["Retry-After"] == "60"
    bucket[0] += 1
    visitor.get(f"/t/{codes.make_ticket_code()}", 404)


def scores(made: Office) -> object:
    """Everything that is released of the first village's mass evaluation, and its suggestion."""
    made.session.expire_all()
    released = results.released(made.session, made.round_)[CODES[0]]
    return released.mass, released.composite, released.suggestion


def test_five_hundred_posters_do_not_move_the_score_of_the_tickets(
    place: Office, other: Office, client: FlaskClient
) -> None:
    """Two rounds get the same forty slips; one also gets 500 poor answers by poster."""
    draw = random.Random(4)
    sheets = [
        dict.fromkeys(KEYS, draw.choice(("good", "fairly_good", "average"))) for _ in range(40)
    ]
    for made in (place, other):
        for code, filled in zip(made.print(made.village_ids()[0], 40), sheets, strict=True):
            assert by_slip(client, code, box.make_once(), **filled) == 200
    address = poster(place)
    for _ in range(500):
        assert client.get(address).status_code == 200
        nonce = box.make_nonce(place.pepper, place.village_ids()[0], "mass")
        assert by_poster(client, address, nonce=nonce, **POOR) == 200
    assert (len(inside(place)), len(inside(other))) == (540, 40)
    for made in (place, other):
        made.close_and_seal()
    assert scores(place) == scores(other)
    cell = (place.village_ids()[0], "mass")
    assert tallies.received(place.session, place.round_)[cell] == 540
    assert tallies.used_tickets(place.session, place.round_)[cell] == 40
