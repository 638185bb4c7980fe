"""The staff's way in a real browser: register, round, two halves, slips, seal, rating, ledger.

One story in parts: each test goes on where the one before it stopped.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from playwright.sync_api import Browser

from survey.core.evaluation import DIMENSIONS
from survey.storage.questionnaires import defaults
from tests.browser.page import Visitor
from tests.browser.site import Site, apart, serve
from tests.printing import reading
from tests.web import browser as without_pictures

pytestmark = pytest.mark.browser

REGISTERS = Path(__file__).parents[1] / "data" / "registers"
BASE = "http://ping.example.org"
VILLAGE, NEIGHBOUR = "990101100201", "990101100202"
ROUND = "/admin/rounds/spring"
REVIEW = f"/review/spring/{VILLAGE}"
GROUP = "第1验收组"
ITEMS = {audience: [item.key for item in asked.items] for audience, asked in defaults().items()}


@dataclass
class Story:
    """What the parts hand on: who is signed in, the halves on paper, the printed codes."""

    chromium: Browser
    site: Site
    people: dict[str, Visitor] = field(default_factory=dict)
    halves: list[str] = field(default_factory=list)
    slips: dict[str, list[str]] = field(default_factory=dict)

    def sign_in(self, username: str, password: str) -> Visitor:
        """Open a window in which *username* is signed in and chooses a password of their own."""
        window = Visitor(self.chromium, self.site.address)
        self.people[username] = window
        window.sign_in(username, password).page.locator("#old").fill(password)
        for place in ("#new", "#again"):
            window.page.locator(place).fill("words of one's own")
        return window.press("Change the password")

    def add(self, name: str, role: str) -> None:
        """Let the administrator add *name* to the group; *name* then signs in."""
        window = self.people["anna"].get("/admin/people/new")
        window.page.locator("#name").fill(name.title())
        window.page.locator("#username").fill(name)
        window.choose(f"{role} of an acceptance group")
        window.page.locator("#group").select_option(label=GROUP)
        window.choose("English").press("Add and invite")
        self.accept(name, window.page.locator("strong.secret").inner_text())

    def accept(self, name: str, code: str) -> None:
        """Open a window in which *name* takes the invitation of *code* and chooses a password."""
        window = Visitor(self.chromium, self.site.address)
        self.people[name] = window
        window.get("/staff/invitation").page.locator("#code").fill(code)
        window.go(window.page.locator("main button"))
        for place in ("#new", "#again"):
            window.page.locator(place).fill("words of one's own")
        window.go(window.page.locator("main button"))


@pytest.fixture(scope="module")
def story(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """An installation with two administrators and nothing else."""
    settings = {"key_cost": "minimum", "language": "en", "base_address": BASE}
    with serve(tmp_path_factory.mktemp("office"), **settings) as site:
        site.run("prepare")
        made = Story(chromium, site)
        for name in ("anna", "berta"):
            said = site.run(
                "person", "add", name, "--name", name.title(), "--role", "administrator"
            )
            made.sign_in(name, said.split()[-1])
        yield made
        for window in made.people.values():
            window.leave()


def pages_of(pdf: bytes) -> list[list[str]]:
    """Return the QR codes on each page of *pdf*, as addresses of this server."""
    return [[code.lower().removeprefix(BASE) for code in page] for page in reading.codes_on(pdf)]


def look_well(window: Visitor) -> None:
    """The page on the screen fits a phone and a projector, and axe has nothing to say."""
    for width in (360, 1920, 1366):
        window.resize(width)
        assert window.sideways() <= 0, (window.page.url, width)
    assert window.barriers() == []


def test_a_bad_register_is_answered_with_every_problem(story: Story) -> None:
    anna = story.people["anna"].get("/admin/").follow("Register").follow("Import a file")
    anna.page.get_by_label("File of the register").set_input_files(REGISTERS / "bad-12.xlsx")
    anna.press("Look at it first")
    assert anna.says("Nothing was imported.")
    rows = anna.page.locator("tbody td:first-child").all_inner_texts()
    assert rows == ["3", "4", "5", "6", "7", "9", "11"]
    look_well(anna)


def test_a_good_register_is_previewed_then_imported(story: Story) -> None:
    anna = story.people["anna"].follow("Choose the mended file")
    file = REGISTERS / "rectification-41.xlsx"
    anna.page.get_by_label("File of the register").set_input_files(file)
    anna.press("Look at it first")
    assert anna.heading == "What this file would change"
    look_well(anna)
    anna.press("Import")
    assert anna.says("Imported: 41 added, 0 changed, 0 unchanged.")


def test_a_round_is_made(story: Story) -> None:
    anna = story.people["anna"].get("/admin/rounds").follow("Make a round")
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    times = {"opens_at": today - timedelta(days=1), "closes_at": today + timedelta(days=5)}
    days = {"help_on": today + timedelta(days=2), "results_on": today + timedelta(days=9)}
    words = {"title": "Spring", "slug": "spring", "results_place": "the board"}
    words |= {"help_place": "the school", "phone": "0000-1234567"}
    words |= {name: f"{moment:%Y-%m-%dT%H:%M}" for name, moment in times.items()}
    words |= {name: f"{moment:%Y-%m-%d}" for name, moment in days.items()}
    for name, value in words.items():
        anna.page.locator(f"#{name}").fill(value)
    anna.choose("The codes listed below")
    anna.page.locator("summary", has_text="Codes of villages").click()
    anna.page.locator("#codes").fill(f"{VILLAGE}\n{NEIGHBOUR}")
    mass = anna.page.get_by_role("group", name="Mass evaluation")
    mass.get_by_label("Both", exact=True).check()
    anna.page.locator("summary", has_text="Constants of the method").click()
    anna.page.get_by_label("Minutes between closing and sealing").fill("0")
    look_well(anna)
    anna.press("Keep the round")
    assert anna.says("Spring", "Everything is ready.", "Tickets and poster")
    look_well(anna)


def print_envelope(window: Visitor) -> None:
    """Open the sheet for the envelope, which comes in a window of its own."""
    with window.context.expect_page() as opened:
        window.button("Sheet for the envelope (PDF)").click()
    opened.value.wait_for_load_state()
    assert opened.value.url.endswith("/sheet")
    opened.value.close()


def hold_half(story: Story, name: str, holder: int, button: str) -> Visitor:
    """Let *name* see half number *holder*, fetch its sheet, and type it back from there."""
    window = story.people[name].get(f"{ROUND}/open").press(f"Show me half number {holder}")
    shown = window.page.locator("#shown-half").inner_text()
    look_well(window)
    print_envelope(window)
    story.halves.append(shown)
    window.page.locator("#half").fill(shown.lower().replace("-", " "))
    return window.press(button)


def test_two_persons_open_it_with_a_half_each(story: Story) -> None:
    anna = hold_half(story, "anna", 1, "I hold this half; propose to open")
    assert anna.says("Now a second person opens the round with the other.")
    assert not anna.button("Show me half number 2").count()
    berta = hold_half(story, "berta", 2, "I hold this half; open the round")
    assert berta.says("The round is open.")
    assert story.halves[0] != story.halves[1]


def test_posters_are_printed(story: Story) -> None:
    anna = story.people["anna"].get(ROUND).follow("Print posters and tickets")
    found = pages_of(anna.download(anna.button("Print posters (PDF)")))
    assert len(found) == 2
    anna.get(found[0][0])
    assert anna.says("Is this your village?")


def plan_slips(story: Story, audience: str, codes: str, number: int) -> bytes:
    """Let one administrator plan *number* slips for each of *codes* and the other fetch them."""
    anna = story.people["anna"].get(f"{ROUND}/tickets")
    anna.choose("The same number for each village").choose(audience)
    anna.page.get_by_role("spinbutton", name="Number for each village").fill(str(number))
    anna.page.get_by_label("Spare slips on top, percent").fill("0")
    anna.page.locator("#codes").fill(codes)
    anna.press("Propose to print")
    assert anna.says("A second person now confirms it")
    berta = story.people["berta"].get(f"{ROUND}/tickets")
    look_well(berta)
    return berta.download(berta.button("Confirm and fetch the sheets"))


def test_slips_are_planned_by_one_and_fetched_by_the_other(story: Story) -> None:
    sheets = plan_slips(story, "Mass evaluation", VILLAGE, 36)
    story.slips["mass"] = list(chain.from_iterable(pages_of(sheets)))
    archive = plan_slips(story, "Self-evaluation", f"{VILLAGE}\n{NEIGHBOUR}", 6)
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        names = files.namelist()
        mine = files.read(next(name for name in names if name.startswith(VILLAGE)))
    assert len(names) == 2
    story.slips["self"] = list(chain.from_iterable(pages_of(mine)))
    assert [len(codes) for codes in story.slips.values()] == [36, 6]


def answer_all(story: Story) -> None:
    for audience, codes in story.slips.items():
        for number, path in enumerate(codes):
            visitor = without_pictures.Browser(story.site.app).get(path)
            grade = "good" if number % 4 else "fairly_good"
            visitor.press("Send", **dict.fromkeys(ITEMS[audience], grade))
            assert visitor.says("Your answer is counted.")


def test_it_is_closed_by_two_persons(story: Story) -> None:
    apart(answer_all, story)
    anna = story.people["anna"].get(ROUND)
    assert anna.says("30 or more")
    look_well(anna)
    anna.follow("Close early").press("Propose to close now")
    berta = story.people["berta"].get(ROUND).follow("closing the round early")
    look_well(berta)
    berta.press("Close the round now")
    assert berta.says("Answers closed")


def test_it_is_sealed_with_both_halves(story: Story) -> None:
    story.people["anna"].get(ROUND).follow("Seal the round").press("Propose to seal")
    berta = story.people["berta"].get(f"{ROUND}/seal")
    look_well(berta)
    for holder, half in enumerate(story.halves, start=1):
        berta.page.get_by_label(f"Half number {holder}").fill(half)
    berta.press("Seal the round now")
    assert berta.says("The round is sealed. Print the sealing sheet")
    sheet = berta.download(berta.page.get_by_role("link", name="Sealing sheet (PDF)"))
    assert sheet.startswith(b"%PDF")


def fill_points(window: Visitor, prefix: str, points: int) -> None:
    for dimension in DIMENSIONS:
        window.page.locator(f"#{prefix}-points-{dimension}").fill(str(points))


def test_the_group_evaluates_each_alone(story: Story) -> None:
    story.add("lead", "Lead")
    story.add("member", "Member")
    for name, points in (("lead", 88), ("member", 92)):
        window = story.people[name].get("/review/").get(REVIEW)
        assert not window.says("Suggested rating")
        look_well(window)
        fill_points(window, "own", points)
        window.press("Hand in")
        assert window.says("Handed in. Thank you.")


def test_the_group_agrees_and_sees_the_scores(story: Story) -> None:
    lead = story.people["lead"].get(REVIEW)
    fill_points(lead, "agreed", 90)
    look_well(lead)
    lead.press("Enter the consensus")
    assert lead.says("Suggested rating", "36 ballots")
    assert lead.undrawn() == []
    look_well(lead)


def test_the_lead_signs_and_a_member_countersigns(story: Story) -> None:
    lead = story.people["lead"]
    lead.page.locator("#decision-fairly_good").check()
    lead.page.locator("#decision-reason").fill("The group is of one mind.")
    lead.press("Sign")
    assert lead.says("Another member of the group now countersigns.")
    member = story.people["member"].get(REVIEW)
    member.press("Countersign and lock")
    assert member.says("The rating is locked.")
    look_well(member)


def test_the_ledger_has_the_rating(story: Story) -> None:
    anna = story.people["anna"].get("/review/ledger/spring")
    row = anna.page.locator("tbody tr", has_text="The group is of one mind.")
    assert "Fairly good" in row.inner_text()
    look_well(anna)
    file = anna.download(anna.page.get_by_role("link", name="Download as .xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0]
    (mine,) = [line for line in sheet.values if VILLAGE in line]
    assert {"Fairly good", "The group is of one mind."} <= set(mine)
