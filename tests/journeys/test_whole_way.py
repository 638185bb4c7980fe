"""The whole way of a round, from an empty machine to a signed rating, by terminal and browser."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from survey.storage import rounds
from survey.storage.db import begin_write, db
from survey.storage.questionnaires import defaults
from tests.journeys.conftest import Terminal
from tests.printing import reading
from tests.web.browser import Browser

REGISTERS = Path(__file__).parents[1] / "data" / "registers"
VILLAGE = "990101100201"
KEYS = {audience: [item.key for item in asked.items] for audience, asked in defaults().items()}


def people(app: Flask, terminal: Terminal) -> dict[str, str]:
    """Add the office and one acceptance group; return the passwords that they chose."""
    wanted = {
        "anna": ("administrator", None),
        "berta": ("administrator", None),
        "lead": ("lead", "第1验收组"),
        "member": ("member", "第1验收组"),
        "stranger": ("lead", "第2验收组"),
    }
    passwords = {}
    for name, (role, group) in wanted.items():
        words = ["person", "add", name, "--name", name.title(), "--role", role]
        said = terminal.run(*words, *(["--group", group] if group else []))
        passwords[name] = choose_password(app, name, said.split()[-1])
    return passwords


def choose_password(app: Flask, name: str, first: str) -> str:
    """Sign in for the first time as *name* and choose a password; return it."""
    chosen = "words of one's own"
    own = Browser(app).sign_in(name, first)
    own.press("Change the password", old=first, new=chosen, again=chosen)
    return chosen


def make_round(terminal: Terminal) -> str:
    moment = datetime.now()
    helped = moment + timedelta(days=2)
    return terminal.run(
        "round",
        "create",
        "spring",
        "--title",
        "Spring",
        "--phone",
        "0310-5550100",
        "--opens",
        (moment - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "--closes",
        (moment + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"),
        "--results-on",
        (moment + timedelta(days=20)).strftime("%Y-%m-%d"),
        "--results-place",
        "the board",
        "--help-on",
        helped.strftime("%Y-%m-%d"),
        "--help-place",
        "the school",
        "--mass",
        "both",
        "--self",
        "ticket",
        "--policy",
        "seal_delay_minutes=0",
    )


def codes_on(pdf: bytes) -> list[str]:
    return [code for page in reading.codes_on(pdf) for code in page]


def answer(app: Flask, address: str, audience: str, grade: str) -> Browser:
    visitor = Browser(app).get(address.removeprefix("https://ping.example.org").lower())
    return visitor.press("Send", **dict.fromkeys(KEYS[audience], grade))


@pytest.fixture
def two(tmp_path: Path) -> list[str]:
    """The options that let two persons act; their passwords come from files."""
    return [
        "--by",
        "anna",
        "--witness",
        "berta",
        "--password-file",
        str(tmp_path / "anna"),
        "--password-file",
        str(tmp_path / "berta"),
    ]


def test_from_a_register_to_a_signed_rating(
    app: Flask, terminal: Terminal, tmp_path: Path, two: list[str]
) -> None:
    terminal.run("prepare")
    said = terminal.run("register", "import", str(REGISTERS / "rectification-41.xlsx"))
    assert "Added 41" in said
    passwords = people(app, terminal)
    for name in ("anna", "berta"):
        (tmp_path / name).write_text(passwords[name])
        (tmp_path / name).chmod(0o600)
    assert "Villages: 41" in make_round(terminal)

    halves = [tmp_path / "half-1", tmp_path / "half-2"]
    key_files = [word for half in halves for word in ("--key-file", str(half))]
    terminal.run("round", "open", "spring", *two, *key_files)
    assert all(stat.S_IMODE(half.stat().st_mode) == 0o600 for half in halves)

    links = list(csv.reader(io.StringIO(terminal.run("links", "spring"))))
    assert links[0] == ["village_code", "village", "audience", "url"]
    assert len(links) == 1 + 41
    address = next(row[3] for row in links if row[0] == VILLAGE)

    posters = tmp_path / "posters.pdf"
    terminal.run(
        "posters", "spring", "--audience", "mass", "--village", VILLAGE, "-o", str(posters)
    )
    assert [code.lower() for code in codes_on(posters.read_bytes())] == [address.lower()]

    slips = print_slips(terminal, tmp_path, two)
    for number, slip in enumerate(slips["mass"]):
        assert answer(app, slip, "mass", "good" if number % 4 else "fairly_good").says("counted")
    for slip in slips["self"][:6]:
        answer(app, slip, "self", "good")
    answer(app, address, "mass", "poor")

    assert "30 or more" in terminal.run("round", "status", "spring")
    assert "no scores yet" in terminal.run("scores", "spring", code=1)
    terminal.run("round", "close", "spring", *two)
    assert (
        Browser(app)
        .get(slips["self"][-1].removeprefix("https://ping.example.org").lower())
        .says("Answering has ended")
    )
    sheet = tmp_path / "sealing.pdf"
    said = terminal.run("round", "seal", "spring", *two, *key_files, "--sheet", str(sheet))
    assert "43 ballots" in said
    assert sheet.read_bytes().startswith(b"%PDF")
    assert list((tmp_path / "instance" / "keys").iterdir()) == []

    check_scores(terminal, two)
    decide(app, passwords)
    check_ledger(app, passwords)
    assert "whole" in terminal.run("audit", "verify")


def print_slips(terminal: Terminal, tmp_path: Path, two: list[str]) -> dict[str, list[str]]:
    one = tmp_path / "mass.pdf"
    terminal.run("tickets", "spring", "--village", VILLAGE, "--count", "36", *two, "-o", str(one))
    several = tmp_path / "self.zip"
    terminal.run(
        "tickets",
        "spring",
        "--audience",
        "self",
        "--village",
        VILLAGE,
        "--village",
        "990101100202",
        "--count",
        "8",
        *two,
        "-o",
        str(several),
    )
    with zipfile.ZipFile(several) as archive:
        names = archive.namelist()
        assert len(names) == 2
        mine = archive.read(next(name for name in names if name.startswith(VILLAGE)))
    found = {"mass": codes_on(one.read_bytes()), "self": codes_on(mine)}
    assert [len(codes) for codes in found.values()] == [36, 8]
    assert all(re.fullmatch(r"HTTPS://PING.EXAMPLE.ORG/T/\d{16}", code) for code in found["mass"])
    return found


def check_scores(terminal: Terminal, two: list[str]) -> None:
    document = json.loads(terminal.run("scores", "spring", "--json"))
    village = next(each for each in document["villages"] if each["code"] == VILLAGE)
    assert village["mass"]["received"] == 36
    assert village["mass"]["source"]["score"] == 95
    assert document["villages"][5]["mass"]["source"] is None
    refusal = terminal.run("scores", "spring", "--exact", code=1)
    assert "--reason" in refusal
    exact = json.loads(
        terminal.run(
            "scores",
            "spring",
            "--json",
            "--exact",
            "--reason",
            "complaint 7",
            "--by",
            "anna",
            *two[2:],
        )
    )
    assert exact["exact"] is True


def decide(app: Flask, passwords: dict[str, str]) -> None:
    place = f"/review/spring/{VILLAGE}"
    for name, value in (("lead", "88"), ("member", "92")):
        browser = Browser(app).sign_in(name, passwords[name]).get(f"{place}?lang=en")
        assert not browser.says("Suggested rating")
        browser.press("Hand in", **points(value))
    lead = Browser(app).sign_in("lead", passwords["lead"]).get(f"{place}?lang=en")
    lead.press("Enter the consensus", **points("90"))
    assert lead.says("Suggested rating", "36 ballots")
    lead.press("Sign", decision="fairly_good", reason="The group is of one mind.")
    Browser(app).sign_in("stranger", passwords["stranger"]).get(place, 404)
    member = Browser(app).sign_in("member", passwords["member"]).get(f"{place}?lang=en")
    assert member.press("Countersign and lock").says("The rating is locked")


def points(value: str) -> dict[str, str]:
    return {f"points.{dimension.key}": value for dimension in defaults()["mass"].dimensions}


def check_ledger(app: Flask, passwords: dict[str, str]) -> None:
    anna = Browser(app).sign_in("anna", passwords["anna"]).get("/review/ledger/spring?lang=en")
    assert anna.says("Lead", "Member", "The group is of one mind.")
    file = anna.client.get("/review/ledger/spring.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    (mine,) = [row for row in rows if VILLAGE in row]
    assert {"Fairly good", "Lead", "Member", "The group is of one mind."} <= set(mine)


def test_a_seal_that_was_cut_short_is_finished_before_the_next_start(
    app: Flask, terminal: Terminal, tmp_path: Path, two: list[str]
) -> None:
    terminal.run("prepare")
    terminal.run("register", "import", str(REGISTERS / "rectification-41.xlsx"))
    for name in ("anna", "berta"):
        said = terminal.run("person", "add", name, "--role", "administrator")
        (tmp_path / name).write_text(said.split()[-1])
        (tmp_path / name).chmod(0o600)
    make_round(terminal)
    key_files = ["--key-file", str(tmp_path / "1"), "--key-file", str(tmp_path / "2")]
    terminal.run("round", "open", "spring", *two, *key_files)
    terminal.run("round", "close", "spring", *two)
    with app.app_context():
        begin_write(db.session)
        rounds.by_slug(db.session, "spring").state = "scrubbing"
        db.session.commit()
    terminal.run("prepare")
    assert "sealed" in terminal.run("round", "status", "spring")
    assert list((tmp_path / "instance" / "keys").iterdir()) == []
