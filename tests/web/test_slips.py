"""Slips, posters and deadlines on the administrators' pages and on the command line."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from survey.core.round import spoken
from survey.storage import (
    accounting,
    audit,
    cancelling,
    disk,
    intake,
    posters,
    results,
)
from survey.storage.accounting import Count
from survey.storage.db import begin_write
from survey.storage.questionnaires import defaults
from survey.storage.tables import AuditRow, RoundRow
from tests.storage.round import CODES, PASSWORD, Office, poster_code
from tests.web.browser import Browser
from tests.web.conftest import SignIn

KEYS = [item.key for item in defaults()["mass"].items]
GOOD = dict.fromkeys(KEYS, "good")
PAGE = "/admin/rounds/spring"


@pytest.fixture
def anna(place: Office, sign_in: SignIn) -> Browser:
    """An administrator."""
    return sign_in()


@pytest.fixture
def berta(place: Office, sign_in: SignIn) -> Browser:
    """A second administrator."""
    return sign_in("berta")


@pytest.fixture
def two(place: Office, tmp_path: Path) -> list[str]:
    """The options that let two persons act, whose passwords come from files."""
    words = ["--by", "first", "--witness", "second"]
    for name in ("first", "second"):
        (tmp_path / name).write_text(PASSWORD)
        (tmp_path / name).chmod(0o600)
        words += ["--password-file", str(tmp_path / name)]
    return words


@pytest.fixture
def one(two: list[str]) -> list[str]:
    """The options of one person who acts alone."""
    return [*two[:2], *two[4:6]]


def run(app: Flask, *words: str, code: int = 0) -> str:
    """Run ``flask --app survey`` *words* and return what it says, in English."""
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"language": "en"})
    result: Result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == code, f"{words}: {result.output} {result.exception!r}"
    return result.output


def fresh(place: Office) -> Session:
    place.session.rollback()
    place.session.expire_all()
    return place.session


def sheet_page(place: Office) -> str:
    return f"{PAGE}/slips/{place.village_ids()[0]}/mass"


def answer(app: Flask, code: str, status: int = 200) -> Browser:
    return Browser(app).get(f"/t/{code}").press("Send", status, **GOOD)


def test_spare_slips_are_planned_on_top_and_counted_apart(
    app: Flask, place: Office, anna: Browser, berta: Browser
) -> None:
    anna.get(f"{PAGE}/tickets")
    anna.press("Propose to print", audience="mass", how="share", share="50", spare="10")
    assert [row[3:] for row in anna.rows()] == [["55", "5"], ["55", "5"]]
    berta.get(f"{PAGE}/tickets").send("Confirm and fetch the sheets")
    rows = berta.get(f"{PAGE}/slips").rows()
    assert rows[0][2:] == ["55", "5", "—", "—", "—", "—", "—", "Count and sheets"]
    assert "Printed: 55, of these spare: 5." in berta.get(sheet_page(place)).text


def test_a_stolen_sheet_is_printed_again_by_two(
    app: Flask, place: Office, anna: Browser, berta: Browser
) -> None:
    codes = place.print(place.village_ids()[0], 12)
    answer(app, codes[0])
    anna.get(sheet_page(place)).press("Propose to print it again")
    assert "Void the sheet and fetch the new one" not in anna.buttons()
    berta.get(PAGE).follow("printing a sheet of slips again")
    assert berta.path == sheet_page(place)
    paper = berta.send("Void the sheet and fetch the new one")
    assert paper.data.startswith(b"%PDF")
    assert paper.headers["Cache-Control"] == "no-store"
    assert Browser(app).get(f"/t/{codes[1]}", 410).says("no longer valid")
    assert Browser(app).get(f"/t/{codes[0]}", 410).says("The answer given with it is counted")
    berta.get(sheet_page(place))
    assert berta.says("Printed 24", "Sheet 1", "Sheet 2", "Void")
    assert len([button for button in berta.buttons() if button == "Propose to void it"]) == 1


def test_a_sheet_is_voided_by_two(app: Flask, place: Office, anna: Browser, berta: Browser) -> None:
    codes = place.print(place.village_ids()[0], 12)
    anna.get(sheet_page(place)).press("Propose to void it")
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    refused = anna.client.post(
        f"{sheet_page(place)}/sheets/1/void", data={"csrf_token": token}, headers=anna.headers
    )
    assert refused.status_code == 409
    assert Browser(app).get(f"/t/{codes[0]}").says("Village 1")
    berta.get(sheet_page(place)).press("Void the sheet now")
    assert berta.says("Sheet 1 is void.")
    Browser(app).get(f"/t/{codes[0]}", 410)


def test_a_proposal_for_a_sheet_can_be_taken_back(place: Office, anna: Browser) -> None:
    place.print(place.village_ids()[0], 12)
    anna.get(sheet_page(place)).press("Propose to void it").press("Take the proposal back")
    assert "Propose to void it" in anna.get(sheet_page(place)).buttons()


def test_a_handful_of_slips_is_not_voided(place: Office, anna: Browser) -> None:
    place.print(place.village_ids()[0], 4)
    anna.get(sheet_page(place))
    assert anna.says("A sheet of fewer than 5 slips is not voided")
    assert "Propose to void it" not in anna.buttons()


def test_an_unknown_sheet_or_act_is_refused(place: Office, anna: Browser) -> None:
    place.print(place.village_ids()[0], 12)
    anna.get(sheet_page(place))
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    for number, act, status in ((1, "sheet.burn", 400), (9, "sheet.void", 404)):
        address = f"{sheet_page(place)}/sheets/{number}/propose"
        sent = anna.client.post(address, data={"csrf_token": token, "act": act})
        assert sent.status_code == status


def test_no_page_tells_before_the_seal_how_many_slips_were_used(
    app: Flask, place: Office, anna: Browser, berta: Browser, two: list[str]
) -> None:
    """Of 300 slips 137 are used and 163 are void: neither number is anywhere."""
    village = place.village_ids()[0]
    for code in place.print(village, 300)[:137]:
        intake.add(place.session, place.by_ticket(code, village))
        place.session.commit()
    run(app, "slips", "void", "spring", "--village", CODES[0], "--sheet", "1", *two)
    said = [run(app, "slips", "spring"), run(app, "round", "status", "spring")]
    for address in (PAGE, f"{PAGE}/slips", sheet_page(place)):
        said.append(anna.get(address).text)
    said += [str(row.detail) for row in fresh(place).scalars(sa.select(AuditRow))]
    for text in said:
        assert not re.search(r"(?<!\d)(137|163)(?!\d)", text)


def test_more_used_than_handed_out_is_flagged_everywhere(
    app: Flask, place: Office, anna: Browser
) -> None:
    village = place.village_ids()[0]
    for code in place.print(village, 40)[:35]:
        answer(app, code)
    session = fresh(place)
    begin_write(session)
    counted = Count(30, 10, ("Carla", "Dora"))
    accounting.count(session, place.round_, village, "mass", counted, place.first)
    session.commit()
    flag = "35 slips were used, but only 30 were handed out."
    assert not anna.get(f"{PAGE}/slips").says(flag)
    place.close_and_seal()
    assert anna.get(f"{PAGE}/slips").says("The slips do not add up", flag)
    assert anna.says("Used, returned and void slips are 45 together, but only 40 were printed.")
    assert anna.rows()[0][2:8] == ["40", "0", "30", "35", "10", "0"]
    assert flag in run(app, "slips", "spring")
    assert flag in run(app, "round", "status", "spring")
    released = results.released(fresh(place), place.round_)[CODES[0]]
    assert released.suggestion.status == "void"
    said = " ".join(str(reason) for reason in released.suggestion.reasons)
    assert "35 ballots, but 30 slips were handed out" in said


def test_slips_are_counted_again_after_the_seal_with_a_reason(
    app: Flask, place: Office, anna: Browser
) -> None:
    for code in place.print(place.village_ids()[0], 12)[:9]:
        answer(app, code)
    place.close_and_seal()
    anna.get(sheet_page(place))
    count = {"handed_out": "10", "returned": "3", "first": "Carla", "second": "Dora"}
    anna.press("Keep the count", **count, status=422)
    assert anna.says("say why the slips are counted again")
    anna.press("Keep the count", **count, reason="a bundle was found")
    assert anna.rows()[0][2:8] == ["12", "0", "10", "9", "3", "0"]


def test_the_command_line_counts_voids_and_prints_again(
    app: Flask, place: Office, two: list[str], one: list[str], tmp_path: Path
) -> None:
    codes = place.print(place.village_ids()[0], 12)
    cell = ["spring", "--village", CODES[0]]
    witnesses = ["--witnessed-by", "Carla", "Dora"]
    taken = ["--handed-out", "11", "--returned", "1"]
    assert "are counted" in run(app, "slips", "count", *cell, *taken, *witnesses, *one)
    assert f"{CODES[0]}\tVillage 1\tmass\t12\t0\t11\t—\t1\t—\n" in run(app, "slips", "spring")
    paper = tmp_path / "again.pdf"
    said = run(app, "slips", "reprint", *cell, "--sheet", "1", *two, "--output", str(paper))
    assert "12 new tickets" in said
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_mode & 0o777 == 0o600
    Browser(app).get(f"/t/{codes[0]}", 410)
    assert "Sheet 2 is void" in run(app, "slips", "void", *cell, "--sheet", "2", *two)
    again = run(app, "slips", "void", *cell, "--sheet", "2", *two, code=1)
    assert "void already" in again
    missing = tmp_path / "missing.pdf"
    words = ["slips", "reprint", *cell, "--sheet", "2", *two, "--output", str(missing)]
    run(app, *words, code=1)
    assert not missing.exists()


def test_a_leaked_poster_is_replaced_and_the_old_one_says_so(
    app: Flask, place: Office, anna: Browser
) -> None:
    old = poster_code(place.session, place.village_ids()[0])
    waiting = Browser(app).get(f"/v/{old}")
    anna.get(f"{PAGE}/printing").follow("Replace a poster")
    anna.press("Withdraw it and make a new one", 422, audience="mass", code="999999999999")
    assert anna.says("not among the villages chosen: 999999999999")
    anna.press("Withdraw it and make a new one", audience="mass", code=f" {CODES[0]} ")
    assert anna.says("The poster of Village 1 is replaced.")
    assert anna.get(f"{PAGE}/posters/replace").says(f"Replaced so far {CODES[0]} Village 1")
    for address in (f"/v/{old}", f"/V/{old}"):
        assert Browser(app).get(address, 410).says("This poster was replaced by a new one")
    waiting.press("Send", 410, **GOOD)
    new = posters.of_round(fresh(place), place.round_, "mass", [CODES[0]])
    assert [Browser(app).get(f"/v/{found.code}").heading for found in new] == ["Village 1"]
    table = anna.get(f"{PAGE}/printing").download("Addresses of all posters").get_data(True)
    assert old not in table
    assert new[0].code in table


def test_the_command_line_replaces_a_poster(app: Flask, place: Office, one: list[str]) -> None:
    old = poster_code(place.session, place.village_ids()[0])
    said = run(app, "replace-poster", "spring", "--village", CODES[0], *one)
    address = re.search(r"https://\S+/v/(\w+)", said)
    assert address is not None
    assert address[1] != old
    Browser(app).get(f"/v/{old}", 410)
    Browser(app).get(f"/v/{address[1]}")


def test_a_faulty_round_is_cancelled_by_two_and_its_papers_say_so(
    app: Flask, place: Office, anna: Browser, berta: Browser
) -> None:
    slip, other = place.print(place.village_ids()[0], 2)
    poster = f"/v/{poster_code(place.session, place.village_ids()[0])}"
    answer(app, slip)
    by_slip, by_poster = Browser(app).get(f"/t/{other}"), Browser(app).get(poster)
    fresh(place)
    anna.get(PAGE).follow("Cancel the round").press("Propose to cancel", 422, reason="")
    anna.press("Propose to cancel", reason="the wrong questionnaire")
    assert "Cancel the round and destroy its box" not in anna.buttons()
    berta.get(PAGE).follow("cancelling the round")
    assert berta.says("the wrong questionnaire")
    berta.press("Cancel the round and destroy its box")
    assert berta.says("The round was cancelled. Its box was destroyed unread.")
    assert not berta.says("waiting for a second person")
    cancelled = "This evaluation was cancelled. The answers given so far were destroyed unread"
    assert Browser(app).get(poster).says("Answering has ended", cancelled)
    assert by_poster.press("Send", **GOOD).says(cancelled, "not counted")
    for page in (Browser(app).get(f"/t/{slip}", 404), by_slip.press("Send", 404, **GOOD)):
        assert page.says("“Spring” was cancelled: its slips are no longer valid", "Call 123")
    assert sorted(place.folder.iterdir()) == []
    assert fresh(place).get_one(RoundRow, place.round_.id).destroyed_at is not None
    assert audit.verify(place.session) is None


def test_after_the_deadline_of_a_cancelled_round_its_slips_are_unknown(
    app: Flask, place: Office, two: list[str]
) -> None:
    (slip,) = place.print(place.village_ids()[0], 1)
    said = run(app, "round", "cancel", "spring", "--reason", "stolen slips", *two)
    assert "Its box was destroyed unread." in said
    fresh(place)
    place.pass_deadline()
    assert not Browser(app).get(f"/t/{slip}", 404).says("cancelled")


def test_a_destruction_that_was_cut_short_is_finished_on_the_page(
    app: Flask, place: Office, anna: Browser
) -> None:
    session = fresh(place)
    begin_write(session)
    cancelling.propose(session, place.round_, place.first, "a reason")
    cancelling.cancel(session, place.round_, place.second, two_person=True)
    session.commit()
    assert "round resume" in run(app, "round", "status", "spring")
    assert anna.get(PAGE).says("Its box is not destroyed yet.")
    anna.press("Finish destroying the box")
    assert anna.says("Its box was destroyed unread.")
    assert list(place.folder.iterdir()) == []


def test_who_reads_meanwhile_holds_up_the_destruction_and_the_page_says_so(
    app: Flask,
    place: Office,
    anna: Browser,
    berta: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disk, "_PATIENCE_SECONDS", 0.1)
    anna.get(f"{PAGE}/cancel").press("Propose to cancel", reason="the wrong questionnaire")
    session = fresh(place)
    place.village_ids()  # this session now reads, until it is told to stop
    berta.get(f"{PAGE}/cancel").press("Cancel the round and destroy its box")
    assert berta.says("Somebody is still reading the database", "Its box is not destroyed yet.")
    session.rollback()
    berta.press("Finish destroying the box")
    assert berta.says("Its box was destroyed unread.")


def test_resume_finishes_it_too(app: Flask, place: Office) -> None:
    session = fresh(place)
    begin_write(session)
    cancelling.propose(session, place.round_, place.first, "a reason")
    cancelling.cancel(session, place.round_, place.second, two_person=True)
    session.commit()
    assert "box of cancelled round spring was destroyed" in run(app, "round", "resume")
    assert run(app, "round", "resume") == ""


def test_people_get_more_time_from_two(
    app: Flask, place: Office, anna: Browser, berta: Browser
) -> None:
    round_ = place.round_
    until = spoken(round_.closes_at + timedelta(days=1), round_.timezone)
    typed = until.strftime("%Y-%m-%dT%H:%M")
    anna.get(PAGE).follow("Give people more time")
    anna.press("Propose the later time", 422, until="2020-01-01T08:00")
    assert anna.says("must be later than the one that holds now")
    anna.press("Propose the later time", 422, until="2099-01-01T08:00")
    assert anna.says("Choose a deadline that is not after that day")
    anna.press("Propose the later time", until=typed)
    assert "Take answers until then" not in anna.buttons()
    berta.get(PAGE).follow("giving people more time").press("Take answers until then")
    assert berta.says("There is more time now.")
    found = fresh(place).get_one(RoundRow, round_.id)
    assert spoken(found.closes_at, found.timezone).strftime("%Y-%m-%dT%H:%M") == typed


def test_the_command_line_gives_more_time(app: Flask, place: Office, two: list[str]) -> None:
    round_ = place.round_
    until = spoken(round_.closes_at + timedelta(days=1), round_.timezone)
    said = run(app, "round", "extend", "spring", "--until", f"{until:%Y-%m-%dT%H:%M}", *two)
    assert f"{until:%Y-%m-%d %H:%M}" in said
    run(app, "round", "extend", "spring", "--until", "2020-01-01T08:00", *two, code=1)


@pytest.mark.parametrize("page", ["cancel", "extend", "posters/replace"])
def test_a_page_says_why_when_it_is_too_late(place: Office, anna: Browser, page: str) -> None:
    place.close_and_seal()
    anna.get(f"{PAGE}/{page}")
    assert anna.says("open")
    assert not any("Propose to cancel" in words for words in anna.buttons())
