"""A round on the administrators' pages: made, opened by two, printed, closed, sealed."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from survey.storage import accounts, registers, rounds
from survey.storage.db import db
from survey.storage.tables import RoundRow
from tests.web.browser import Browser
from tests.web.conftest import PASSWORD, SignIn
from tests.web.test_register import choose

CSV = (
    "村代码,乡镇,村名,户数,应评村民数,党员数,验收组\n"
    "990101100201,东坡镇,清水村,300,800,20,一组\n"
    "990101100202,东坡镇,石桥村,200,500,12,一组\n"
    "990102100201,西河镇,长田村,250,640,,二组\n"
)


def answers(**other: Any) -> dict[str, Any]:
    """What an administrator types for a round that is open now."""
    now = datetime.now()
    return {
        "title": "Spring round",
        "slug": "spring",
        "opens_at": (now - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"),
        "help_on": str(date.today() + timedelta(days=5)),
        "help_place": "the school",
        "results_on": str(date.today() + timedelta(days=20)),
        "results_place": "the village hall",
        "phone": "0310-5550100",
        "mass-access": "both",
        "self_-access": "ticket",
    } | other


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator with three villages in the register."""
    return choose(sign_in(), "register.csv", CSV.encode()).press("Import")


@pytest.fixture
def berta(sign_in: SignIn) -> Browser:
    """A second administrator."""
    return sign_in("berta")


def make(browser: Browser, **other: Any) -> Browser:
    return browser.get("/admin/rounds/new").press("Keep the round", **answers(**other))


def shown_half(browser: Browser) -> str:
    return str(browser.page.xpath("//*[@id='shown-half']")[0].text_content()).strip()


def open_with_halves(anna: Browser, berta: Browser) -> tuple[str, str]:
    """Open the round as two persons do; return both halves."""
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    first = shown_half(anna)
    anna.press("I hold this half; propose to open", half=first)
    berta.get("/admin/rounds/spring/open").press("Show me half number 2")
    second = shown_half(berta)
    berta.press("I hold this half; open the round", half=second)
    return first, second


def open_with_server_key(anna: Browser, berta: Browser) -> None:
    anna.get("/admin/rounds/spring/open").press("Propose to open")
    berta.get("/admin/rounds/spring/open").press("Open the round now")


def state(app: Flask) -> str:
    with app.app_context():
        return rounds.by_slug(db.session, "spring").state


def test_a_round_is_made_from_the_form(app: Flask, anna: Browser) -> None:
    make(anna)
    assert anna.path == "/admin/rounds/spring"
    assert anna.says("Being prepared", "Everything is ready", "Tickets and poster")
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        assert len(rounds.villages(db.session, round_)) == 3
        assert rounds.policy_of(round_).veto_average_share == 1 / 3
        assert round_.office == "市委组织部"


def test_times_are_in_the_office_s_zone(app: Flask, anna: Browser) -> None:
    make(anna, opens_at="2026-05-01T08:00", closes_at="2099-05-10T18:00", results_on="2099-06-01")
    with app.app_context():
        assert rounds.by_slug(db.session, "spring").opens_at.isoformat() == (
            "2026-05-01T00:00:00+00:00"
        )
    assert anna.says("1 May 2026, 08:00")


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({"which": "townships", "townships": ["东坡镇"]}, ["990101100201", "990101100202"]),
        (
            {"which": "codes", "codes": "990102100201,\n990101100202"},
            ["990101100202", "990102100201"],
        ),
    ],
)
def test_villages_are_chosen_by_township_or_code(
    app: Flask, anna: Browser, chosen: dict[str, Any], codes: list[str]
) -> None:
    make(anna, **chosen)
    with app.app_context():
        found = rounds.villages(db.session, rounds.by_slug(db.session, "spring"))
        assert [row.code for row in found] == codes


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "Spring round"}, "small letters, digits and dashes"),
        ({"closes_at": "2020-01-01T08:00"}, "Answers must end after they begin."),
        ({"results_on": str(date.today())}, "Results cannot hang before the answers end."),
        ({"which": "townships"}, "Please tick at least one township."),
        ({"which": "codes", "codes": "999999999999"}, "no village with the code 999999999999"),
        ({"mass-asked": None, "self_-asked": None}, "Please choose at least one audience."),
        ({"policy-value_good": "70"}, "The points must fall from good to poor."),
        ({"policy-weight_mass": "50"}, "The three weights must add up to 100 percent."),
        ({"policy-cap_on_good": "a fifth"}, "Largest share of villages rated good"),
        ({"phone": ""}, "Please fill this in."),
    ],
)
def test_what_will_not_do_is_pointed_out_and_the_rest_is_kept(
    anna: Browser, wrong: dict[str, Any], said: str
) -> None:
    anna.get("/admin/rounds/new")
    anna.press("Keep the round", **answers(**wrong), status=422)
    assert anna.says(said)
    assert anna.page.xpath("//input[@name='help_place']/@value") == ["the school"]


def test_a_short_name_is_taken_once(anna: Browser) -> None:
    make(anna)
    anna.get("/admin/rounds/new").press("Keep the round", **answers(), status=422)
    assert anna.says("A round with the short name spring is there already")


def test_two_holders_open_a_round(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna)
    open_with_halves(anna, berta)
    assert state(app) == "open"
    assert berta.says("The round is open.", "fewer than 10", "not enough yet", "out of")


def test_no_half_is_kept_anywhere(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna)
    halves = open_with_halves(anna, berta)
    kept = b"".join(
        path.read_bytes() for path in app.extensions["settings"].instance_path.rglob("*.*")
    )
    for half in halves:
        assert half.encode() not in kept
        assert half.replace("-", "").encode() not in kept


def test_a_mistyped_half_is_refused_and_not_shown_again(app: Flask, anna: Browser) -> None:
    make(anna)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    half = shown_half(anna)
    wrong = half[:2] + ("A" if half[2] != "A" else "B") + half[3:]
    anna.press("I hold this half; propose to open", half=wrong, status=422)
    assert anna.says("One sign of this key half is not right")
    assert not anna.says(half)
    anna.press("I hold this half; propose to open", half=half.lower().replace("-", " "))
    assert anna.says("Your half is taken")


def test_another_half_than_the_shown_one_is_refused(anna: Browser) -> None:
    make(anna)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    earlier = shown_half(anna)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    anna.press("I hold this half; propose to open", half=earlier, status=422)
    assert anna.says("This is not the half that you were shown")


def test_one_person_cannot_hold_both_halves(app: Flask, anna: Browser) -> None:
    make(anna)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    anna.press("I hold this half; propose to open", half=shown_half(anna))
    assert anna.says("A second person now confirms it")
    assert "Show me half number 2" not in anna.buttons()
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    page = anna._take(
        anna.client.post("/admin/rounds/spring/open/half/2", data={"csrf_token": token}), 200
    )
    page.press("I hold this half; open the round", half=shown_half(page), status=409)
    assert page.says("This needs a second person")
    assert state(app) == "draft"


def test_the_envelope_sheet_is_a_pdf_of_the_shown_half(anna: Browser) -> None:
    make(anna)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    sheet = anna.send("Sheet for the envelope (PDF)")
    assert sheet.data.startswith(b"%PDF")
    assert sheet.headers["Cache-Control"] == "no-store"


def test_a_proposal_can_be_taken_back(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    anna.get("/admin/rounds/spring/open").press("Propose to open")
    anna.press("Take the proposal back")
    assert "Propose to open" in berta.get("/admin/rounds/spring/open").buttons()


def test_what_stands_in_the_way_is_said_before(anna: Browser) -> None:
    make(anna, opens_at="2020-01-01T08:00", closes_at="2020-01-09T08:00")
    assert anna.says("Before the round can open:", "Choose a later one")
    assert anna.get("/admin/rounds/spring/open").says("Choose a later one")


def test_posters_are_printed_for_a_township(anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    berta.follow("Print posters and tickets")
    pdf = berta.send("Print posters (PDF)", audience="mass", township="东坡镇")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.data.count(b"/Type /Page\n") == 2
    berta.press(
        "Print posters (PDF)", audience="mass", township="", codes="999999999999", status=422
    )
    assert berta.says("not among the villages chosen")


def test_poster_addresses_come_as_csv(anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    answer = berta.get("/admin/rounds/spring/printing").download("Addresses of all posters")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["code", "village", "audience", "address"]
    assert [row[:3] for row in rows[1:]] == [
        ["990101100201", "清水村", "mass"],
        ["990101100202", "石桥村", "mass"],
        ["990102100201", "长田村", "mass"],
    ]
    assert all(row[3].startswith("https://vote.example.org/v/") for row in rows[1:])


def test_tickets_are_planned_by_one_and_fetched_once_by_another(
    anna: Browser, berta: Browser
) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    anna.get("/admin/rounds/spring/tickets")
    anna.press("Propose to print", audience="mass", how="share", share="10", spare="5")
    assert [row[3] for row in anna.rows()] == ["84", "53", "68"]
    assert "Confirm and fetch the sheets" not in anna.buttons()
    berta.get("/admin/rounds/spring/tickets")
    answer = berta.send("Confirm and fetch the sheets")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert len(names) == 3
    assert all(name.endswith(".pdf") for name in names)
    berta._take(
        berta.client.post(
            "/admin/rounds/spring/tickets/print",
            data={"csrf_token": berta.page.xpath("//input[@name='csrf_token']/@value")[0]},
        ),
        409,
    )
    printed = [row[2] for row in berta.get("/admin/rounds/spring/slips").rows()]
    assert printed == ["84", "0", "53", "0", "68", "0"]


def test_one_village_s_tickets_are_one_pdf(anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    anna.get("/admin/rounds/spring/tickets")
    anna.press(
        "Propose to print", audience="self", how="each", each="12", spare="0", codes="990102100201"
    )
    answer = berta.get("/admin/rounds/spring/tickets").send("Confirm and fetch the sheets")
    assert answer.data.startswith(b"%PDF")


def test_a_share_of_an_unknown_number_names_the_village(anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    anna.get("/admin/rounds/spring/tickets")
    anna.press("Propose to print", audience="self", how="share", share="100", status=422)
    assert anna.says("how many may answer in 长田村")


def test_slips_are_counted_by_two_witnesses(anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    anna.get("/admin/rounds/spring/tickets")
    anna.press("Propose to print", audience="mass", how="each", each="50", spare="0")
    berta.get("/admin/rounds/spring/tickets").send("Confirm and fetch the sheets")
    berta.get("/admin/rounds/spring/slips").follow("Count and sheets")
    count = {"handed_out": "60", "returned": "5", "first": "Carla", "second": "Dora"}
    berta.press("Keep the count", **count, status=422)
    assert berta.says("Only 50 slips were printed")
    berta.press("Keep the count", **count | {"handed_out": "45", "second": "carla"}, status=422)
    assert berta.says("Two different persons")
    berta.press("Keep the count", **count | {"handed_out": "45"})
    assert berta.rows()[0][2:9] == ["50", "0", "45", "—", "5", "—", "Carla、Dora"]


def test_closing_early_needs_two(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    anna.get("/admin/rounds/spring/close").press("Propose to close now")
    assert "Close the round now" not in anna.buttons()
    berta.get("/admin/rounds/spring").follow("closing the round early").press("Close the round now")
    assert state(app) == "closed"
    assert berta.says("The round is closed.")
    assert berta.follow("Seal the round").says("It can be sealed from")


def test_both_halves_seal_a_closed_round(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna, **{"policy-seal_delay_minutes": "0"})
    first, second = open_with_halves(anna, berta)
    anna.get("/admin/rounds/spring/close").press("Propose to close now")
    berta.get("/admin/rounds/spring/close").press("Close the round now")
    anna.get("/admin/rounds/spring/seal").press("Propose to seal")
    assert "Seal the round now" not in anna.buttons()
    berta.get("/admin/rounds/spring/seal")
    berta.press("Seal the round now", first=first, second=first, status=422)
    assert berta.says("Both halves are needed")
    assert not berta.says(first)
    berta.press("Seal the round now", first=first, second=second)
    assert state(app) == "sealed"
    assert berta.download("Sealing sheet (PDF)").data.startswith(b"%PDF")


def test_a_server_key_seals_too(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server", **{"policy-seal_delay_minutes": "0"})
    open_with_server_key(anna, berta)
    berta.get("/admin/rounds/spring/close").press("Propose to close now")
    anna.get("/admin/rounds/spring/close").press("Close the round now")
    berta.get("/admin/rounds/spring/seal").press("Propose to seal")
    anna.get("/admin/rounds/spring/seal").press("Seal the round now")
    assert state(app) == "sealed"


def test_the_first_page_ticks_what_is_done(anna: Browser, berta: Browser) -> None:
    assert steps(anna) == ["done", "done", "next", ""]
    assert anna.says("Still lacking: 一组, 二组.")


def steps(anna: Browser) -> list[str]:
    return [one.get("class") for one in anna.get("/admin/").page.xpath("//ol[@class='steps']/li")]


def add(app: Flask, role: str) -> None:
    """Add somebody with *role* to each acceptance group."""
    with app.app_context():
        for group in registers.groups(db.session):
            accounts.add(db.session, f"{role}{group.id}", "", PASSWORD, role, group)
        db.session.commit()


def test_the_first_page_guides_each_draft_to_its_opening(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna)
    add(app, "lead")
    assert steps(anna) == ["done", "done", "next", "done", "done", "done", "done", ""]
    add(app, "member")
    assert steps(anna) == [*["done"] * 7, "next"]
    (dates,) = anna.get("/admin/").page.xpath("//a[text()='Set the dates']/@href")
    address, _hash, anchor = dates.partition("#")
    assert anna.get(address).page.xpath(f"//*[@id='{anchor}']/following-sibling::dd")
    anna.get("/admin/").follow("Make the key and open the round")
    assert anna.path == "/admin/rounds/spring/open"
    open_with_halves(anna, berta)
    assert steps(anna) == []


def test_an_unknown_round_is_not_found(app: Flask, anna: Browser) -> None:
    with app.app_context():
        assert db.session.query(RoundRow).count() == 0
    for page in ("", "/open", "/close", "/seal", "/printing", "/tickets", "/slips"):
        anna.get(f"/admin/rounds/nowhere{page}", status=404)


def test_a_round_closes_by_itself_at_its_deadline(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna, **{"policy-seal_delay_minutes": "0"})
    first, second = open_with_halves(anna, berta)
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        round_.closes_at = round_.opens_at + timedelta(hours=1)
        db.session.commit()
    anna.get("/admin/rounds/spring/seal").press("Propose to seal")
    berta.get("/admin/rounds/spring/seal")
    berta.press("Seal the round now", first=first, second=second)
    assert state(app) == "sealed"
