"""The ten minutes: from an empty installation and one register file to posters and slips, by pages.

Two administrators walk as somebody would who has never seen the service: every page is reached from
the one before it, by what stands on it. Pages, clicks and typed fields are counted; what a person
of no hurry needs for each is in docs/operate.md.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.page import Visitor
from tests.browser.site import Site, serve
from tests.printing import reading

pytestmark = pytest.mark.browser

REGISTER = Path(__file__).parents[1] / "data" / "registers" / "rectification-41.xlsx"
BASE = "https://ping.example.org"
PASSWORD = "a long pass phrase for tests"
VILLAGES = 41
PAGES, CLICKS, FIELDS = 30, 33, 24
"""How much the walk asks of both together: whoever makes it longer changes this, and the docs."""


class Walker(Visitor):
    """Somebody who counts every page that comes, every click and every field that is filled."""

    pages = clicks = fields = 0

    def go(self, locator: Locator) -> Visitor:
        """Click and count the click and the page."""
        self.clicks += 1
        self.pages += 1
        return super().go(locator)

    def download(self, locator: Locator) -> bytes:
        """Click, count it, and return the file."""
        self.clicks += 1
        return super().download(locator)

    def choose(self, label: str) -> Visitor:
        """Choose and count it."""
        self.clicks += 1
        return super().choose(label)

    def begin(self, path: str) -> None:
        """Open the address that stands on the paper or the console."""
        self.pages += 1
        self.get(path)

    def fill(self, **typed: str) -> None:
        """Fill fields by their names and count them."""
        self.fields += len(typed)
        for name, value in typed.items():
            self.page.locator(f"#{name}").fill(value)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An installation without anybody in it."""
    with serve(tmp_path, testing=True, key_cost="minimum", language="en") as served:
        served.run("prepare")
        yield served


def test_ten_minutes_from_nothing_to_paper(chromium: Browser, site: Site) -> None:
    anna, berta = (Walker(chromium, site.address, "en") for _ in range(2))
    set_up(anna, site.run("setup-code").rpartition(":")[2].strip())
    import_register(anna)
    code = invite(anna)
    accept(berta, code)
    make_round(anna)
    open_round(anna, berta)
    posters, slips = print_papers(anna, berta)
    assert len(reading.codes_on(posters)) == VILLAGES
    with zipfile.ZipFile(io.BytesIO(slips)) as sheets:
        assert len(sheets.namelist()) == VILLAGES
    walked = [anna.pages + berta.pages, anna.clicks + berta.clicks, anna.fields + berta.fields]
    assert walked == [PAGES, CLICKS, FIELDS]
    for window in (anna, berta):
        window.leave()


def set_up(anna: Walker, code: str) -> None:
    anna.begin("/admin/")
    anna.fill(code=code, office="The city office", phone="0990-1234567", base_address=BASE)
    anna.fill(name="Anna", username="anna", new=PASSWORD, again=PASSWORD)
    anna.press("Set it up")


def next_step(window: Walker) -> None:
    """Follow the step that the guided list emphasises."""
    window.go(window.page.locator(".steps li.next a"))


def import_register(anna: Walker) -> None:
    next_step(anna)
    anna.follow("Import a file")
    anna.page.get_by_label("File of the register").set_input_files(REGISTER)
    anna.press("Look at it first")
    anna.press("Import")
    anna.follow("Overview")


def invite(anna: Walker) -> str:
    next_step(anna)
    anna.follow("Add a person")
    anna.fill(name="Berta", username="berta")
    anna.choose("Administrator").choose("English")
    anna.press("Add and invite")
    return anna.page.locator("strong.secret").inner_text()


def accept(berta: Walker, code: str) -> None:
    berta.begin("/staff/invitation")
    berta.fill(code=code)
    berta.go(berta.page.locator("main button"))
    berta.fill(new=PASSWORD, again=PASSWORD)
    berta.go(berta.page.locator("main button"))


def make_round(anna: Walker) -> None:
    anna.follow("Overview")
    anna.follow("Make a round")
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    anna.fill(title="Spring", slug="spring", results_place="the board", help_place="the school")
    anna.fill(
        opens_at=f"{today:%Y-%m-%dT%H:%M}",
        closes_at=f"{today + timedelta(days=5):%Y-%m-%dT%H:%M}",
        help_on=f"{today + timedelta(days=2):%Y-%m-%d}",
        results_on=f"{today + timedelta(days=9):%Y-%m-%d}",
    )
    anna.press("Keep the round")


def hold_half(window: Walker, holder: int, button: str) -> None:
    window.press(f"Show me half number {holder}")
    window.fill(half=window.page.locator("#shown-half").inner_text())
    window.press(button)


def open_round(anna: Walker, berta: Walker) -> None:
    anna.follow("Open the round")
    hold_half(anna, 1, "I hold this half; propose to open")
    berta.follow("Overview")
    berta.follow("Spring")
    berta.follow("opening the round")
    hold_half(berta, 2, "I hold this half; open the round")


def print_papers(anna: Walker, berta: Walker) -> tuple[bytes, bytes]:
    berta.follow("Print posters and tickets")
    posters = berta.download(berta.button("Print posters (PDF)"))
    berta.follow("Plan or print tickets")
    berta.choose("The same number for each village")
    berta.fill(each="5")
    berta.press("Propose to print")
    anna.follow("Overview")
    anna.follow("Spring")
    anna.follow("printing tickets")
    return posters, anna.download(anna.button("Confirm and fetch the sheets"))
