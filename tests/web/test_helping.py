"""Helping others to answer: what a mark does, and what it does not; the link and the guide."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.core import box
from survey.storage import boxes, rounds
from survey.storage.db import begin_write, now
from survey.storage.questionnaires import defaults
from tests.printing.reading import codes_on
from tests.storage.round import Office, draft, open_round, poster_code
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_two_factor import read

GOOD = {item.key: "good" for item in defaults()["mass"].items}
OF_NONE = "ABCDEFGHIJKLMNOP"


@pytest.fixture
def mark(place: Office) -> str:
    """The mark of the open round."""
    return box.make_mark(place.pepper)


def slip(place: Office) -> str:
    return place.print(place.village_ids()[0], 1)[0]


def opened(place: Office) -> list[box.OpenedBallot]:
    """Open the box as the seal does."""
    place.session.rollback()
    intake = boxes.of_round(place.round_.id).intake
    digests = {row.audience: row.questionnaire_digest for row in place.round_.audiences}
    lengths = {row.audience: row.ballot_length or 0 for row in place.round_.audiences}
    open_ = box.opener(place.private_key(), place.pepper, place.round_.id, digests, lengths)
    columns = (intake.c.id, intake.c.village_id, intake.c.audience, intake.c.ciphertext)
    chosen = sa.select(*columns, intake.c.row_mac)
    return [open_(*row) for row in place.session.execute(chosen)]


def is_now(bucket: int) -> bool:
    return abs(bucket - int(time.time()) // box.BUCKET_SECONDS) <= 1


def another_round(place: Office, slug: str = "autumn") -> Office:
    """A second open round of the same villages."""
    wanted = draft(place.session, slug=slug, title="Autumn")
    round_ = rounds.create(place.session, wanted, "first")
    place.session.commit()
    made = Office(place.session, place.folder, place.first, place.second, round_)
    open_round(made)
    return made


def test_a_helper_types_slip_after_slip(place: Office, mark: str, visitor: Browser) -> None:
    visitor.get(f"/h/{mark}")
    assert visitor.heading == "You are helping others."
    for _ in range(3):
        visitor.press("Go on", code=slip(place))
        assert visitor.says("You are filling this in for somebody else")
        visitor.press("Send", **GOOD)
        assert visitor.says("Your answer is counted", "Give the slip back", "Next slip")
    assert [one.bucket for one in opened(place)] == [0, 0, 0]
    assert visitor.response.headers.getlist("Set-Cookie") == []


def test_the_mark_takes_the_time_away_and_nothing_else(
    place: Office, mark: str, visitor: Browser
) -> None:
    visitor.get(f"/h/{mark}").press("Go on", code=slip(place))
    visitor.press("Send", **GOOD, comment="the road")
    visitor.get(f"/t/{slip(place)}").press("Send", **GOOD, comment="the road")
    helped, alone = sorted(opened(place), key=lambda one: one.bucket)
    assert helped.bucket == 0
    assert is_now(alone.bucket)
    assert (helped.ballot, helped.access) == (alone.ballot, alone.access)


def test_the_mark_survives_missing_items_another_language_and_a_mistyped_code(
    place: Office, mark: str, visitor: Browser
) -> None:
    some = dict(list(GOOD.items())[:5])
    visitor.get(f"/h/{mark}").press("Go on", 400, code="123")
    visitor.press("Go on", code=slip(place)).press("中文").press("English")
    visitor.press("Send", 422, **some).press("Send it like this")
    assert [one.bucket for one in opened(place)] == [0]


@pytest.mark.parametrize("kind", ["invented", "empty", "another round's"])
def test_a_mark_that_is_not_of_the_slip_s_round_is_ignored(
    app: Flask, place: Office, kind: str
) -> None:
    other = another_round(place)
    given = {"invented": OF_NONE, "empty": "", "another round's": box.make_mark(other.pepper)}
    code = slip(place)
    body: dict[str, Any] = {"code": code, "mark": given[kind]}
    client = app.test_client()
    shown = client.post("/t/?lang=en", data=body)
    assert "somebody else" not in shown.text
    sent = client.post("/t/?lang=en", data=body | GOOD | {"once": box.make_once()})
    assert "Your answer is counted" in sent.text
    (ballot,) = opened(place)
    assert is_now(ballot.bucket)


def test_a_poster_knows_no_mark(place: Office, mark: str, app: Flask) -> None:
    village = place.village_ids()[0]
    nonce = box.make_nonce(place.pepper, village, "mass")
    from_poster = Browser(app).get(f"/v/{poster_code(place.session, village)}")
    assert not from_poster.page.xpath("//input[@name='mark']")
    body = GOOD | {"nonce": nonce, "mark": mark}
    assert app.test_client().post(from_poster.path, data=body).status_code == 200
    (ballot,) = opened(place)
    assert is_now(ballot.bucket)


def test_thanks_are_the_same_bytes_however_often_and_for_every_helper(
    place: Office, mark: str, app: Flask
) -> None:
    pages = []
    for _ in range(2):
        visitor = Browser(app).get(f"/h/{mark}").press("Go on", code=slip(place))
        pages += [visitor.send("Send", **GOOD).get_data() for _ in range(2)]
    assert len(set(pages)) == 1


def test_a_used_slip_leads_on_to_the_next(place: Office, mark: str, visitor: Browser) -> None:
    used = slip(place)
    visitor.get(f"/h/{mark}").press("Go on", code=used).press("Send", **GOOD)
    visitor.press("Go on", 410, code=used)
    assert visitor.heading == "This slip has been used."
    visitor.press("Go on", code=slip(place)).press("Send", **GOOD)
    assert len(opened(place)) == 2


def test_an_ordinary_page_says_nothing_of_helping(place: Office, visitor: Browser) -> None:
    visitor.get(f"/t/{slip(place)}")
    assert not visitor.page.xpath("//*[@name='mark' or @id='helped']")
    visitor.press("Send", **GOOD)
    assert not visitor.page.xpath("//form")


@pytest.mark.parametrize("path", [f"/h/{OF_NONE}", "/h/x", "/h/é"])
def test_a_link_of_no_round_is_answered_kindly(place: Office, visitor: Browser, path: str) -> None:
    visitor.get(path, 404)
    assert visitor.heading == "This helper's link is not valid."
    visitor.follow("Type the code of a slip")


def test_a_link_in_capitals_works(place: Office, mark: str, visitor: Browser) -> None:
    assert visitor.get(f"/H/{mark}").heading == "You are helping others."
    assert visitor.get(f"/h/{mark.lower()}").heading == "You are helping others."


def test_before_and_after_the_round_the_link_says_so(
    place: Office, mark: str, visitor: Browser
) -> None:
    begin_write(place.session)
    place.round_.closes_at = now(place.session)
    place.session.commit()
    assert visitor.get(f"/h/{mark}").heading == "Answering has ended."
    place.close_and_seal()
    visitor.get(f"/h/{mark}", 404)


# The office


def test_an_administrator_gets_the_link_to_scan_to_read_and_to_print(
    place: Office, mark: str, sign_in: SignIn
) -> None:
    anna = sign_in().get("/admin/rounds/spring").follow("Helping others to answer")
    address = f"{place.round_.base_address}/h/{mark}"
    assert anna.says(address)
    picture = anna.client.get(anna.page.xpath("//main//img/@src")[0])
    assert read(picture.get_data()) == address.upper()
    for words in ("中文（PDF）", "English (PDF)"):
        ((code,),) = codes_on(anna.download(words).get_data())
        assert code == address.upper()


def test_the_guide_is_printed_by_a_command_too(
    app: Flask, place: Office, mark: str, tmp_path: Path
) -> None:
    written = tmp_path / "guide.pdf"
    command = ["guide", "spring", "--language", "en", "--output", str(written)]
    result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 0, result.output
    ((code,),) = codes_on(written.read_bytes())
    assert code.endswith(f"/H/{mark}")
    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    place.session.commit()
    result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert "while the round is open" in result.output or "测评进行时" in result.output


def test_the_papers_of_helpers_are_there_while_the_round_is_open(
    place: Office, sign_in: SignIn
) -> None:
    anna = sign_in()
    place.pass_deadline()
    for page in ("helpers", "helpers/link.svg", "helpers/guide.pdf", "paper"):
        anna.get(f"/admin/rounds/spring/{page}", 409)
        assert anna.says("while the round is open")


def test_the_page_for_paper_may_send_to_its_own_service_and_nowhere_else(
    place: Office, sign_in: SignIn
) -> None:
    anna = sign_in().get("/admin/rounds/spring").follow("Key paper slips")
    policy = anna.response.headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert anna.says("Slips of: Mass evaluation.")
    anna.follow("Key those of: Self-evaluation")
    assert anna.says("Slips of: Self-evaluation.", *questions("self"))
    assert not anna.page.xpath("//form[@id='slip']//*[@name]"), "nothing in it can be in a URL"


def questions(audience: str) -> list[str]:
    return [item.text.en for item in defaults()[audience].items]


def test_a_round_of_posters_has_no_paper(app: Flask, sign_in: SignIn, place: Office) -> None:
    begin_write(place.session)
    for row in place.round_.audiences:
        row.access = "poster"
    place.session.commit()
    anna = sign_in().get("/admin/rounds/spring")
    assert "Key paper slips" not in anna.text
    anna.get("/admin/rounds/spring/paper", 409)
    assert anna.get("/admin/rounds/spring/helpers").says("Helping needs slips")


@pytest.mark.parametrize("page", ["helpers", "helpers/link.svg", "helpers/guide.pdf", "paper"])
@pytest.mark.parametrize("role", ["lead", "member"])
def test_nobody_but_administrators_sees_these_pages(
    place: Office, sign_in: SignIn, page: str, role: str
) -> None:
    sign_in("lena", role, "Group 1").get(f"/admin/rounds/spring/{page}", 404)
