"""Every page, narrow and wide, in Chinese by day and in English by night: it fits, all of it comes,
and axe finds nothing that stands in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser

from survey.core.recording import lines_of, words_of
from survey.storage.questionnaires import defaults
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

TAGS = {"zh": "zh-Hans", "en": "en"}
WIDTHS = (360, 1366, 1920)
FILES = {
    "static",
    "auth.second_step_picture",
    "admin.draft_file",
    "admin.guide",
    "admin.helper_picture",
    "admin.kept_file",
    "admin.links",
    "admin.opening_sheet",
    "admin.sealing_sheet",
    "admin.test_print",
    "admin.reminder_cards",
    "admin.wall_file",
    "admin.weekly_file",
    "review.distribution",
    "review.dots",
    "review.all_decision_sheets",
    "review.all_summaries",
    "review.export_csv",
    "review.export_json",
    "review.export_schema",
    "review.ledger_file",
    "review.report",
    "review.village_sheet",
    "review.village_summary",
    "review.file_workbook",
    "review.proof",
    "admin.files_workbook",
    "collect.sounds",
    "collect.sound",
}
IN_STORIES = {"auth.ask_code", "auth.first_code", "auth.set_up", "auth.accept"}
"""Pages that are there at one moment of a story alone: test_second_step.py and test_first_run.py
look at them."""
LOCKED, AGREED, WAITED_FOR = "990101100201", "990101102201", "990101102202"
"""Villages of the first group, which has decided, the sixth, which agreed, and the seventh."""
EMPTY = "990101103202"
"""A village whose file is empty."""
FLAGGED = "990101103201"
"""The village with forged ballots, in the first group."""


@dataclass(frozen=True)
class Look:
    """One page and who looks at it."""

    path: str
    reader: str = ""

    def __str__(self) -> str:
        return f"{self.reader or 'visitor'} {self.path}"


VISITOR = [
    Look(path)
    for path in (
        "/",
        "/t/",
        "/t/12",
        "/v/AAAAAAAAAA",
        "/h/AAAAAAAAAA",
        "{poster}",
        "{slip}",
        "{helper}",
        "/staff/sign-in",
        "/staff/invitation",
    )
]
ADMINISTRATOR = [
    Look(path, "admin")
    for path in (
        "/staff/account",
        "/staff/second-step",
        "/admin/",
        "/admin/audit",
        "/admin/register",
        "/admin/register?search=zzz",
        "/admin/register/import",
        "/admin/register?standing=small",
        "/admin/register/1",
        "/admin/register/merge?township=青柳镇",
        "/admin/register/history",
        "/admin/register/history/1",
        "/admin/register/columns",
        "/admin/register/columns/{unnamed}",
        "/admin/register/preview/{preview}",
        "/admin/register/1/own",
        "/admin/files",
        "/admin/files/import",
        "/admin/questionnaires",
        "/admin/questionnaires/new",
        "/admin/questionnaires/drafts/1",
        "/admin/questionnaires/drafts/1/preview",
        "/admin/questionnaires/kept/{digest}",
        "/admin/people",
        "/admin/people/new",
        "/admin/people/3",
        "/admin/groups",
        "/admin/groups/1",
        "/admin/rounds",
        "/admin/rounds/new",
        "/admin/rounds/demo-open",
        "/admin/rounds/demo-open/questionnaires",
        "/admin/rounds/demo-open/open",
        "/admin/rounds/demo-open/printing",
        "/admin/rounds/demo-open/tickets",
        "/admin/rounds/demo-open/slips",
        "/admin/rounds/demo-open/slips/1/mass",
        "/admin/rounds/demo-open/posters/replace",
        "/admin/rounds/demo-open/helpers",
        "/admin/rounds/demo-open/paper",
        "/admin/rounds/demo-open/recordings",
        "/admin/rounds/demo-open/recordings/{words}",
        "/admin/rounds/demo-open/extend",
        "/admin/rounds/demo-open/postpone",
        "/admin/rounds/demo-open/rehearse",
        "/admin/rounds/demo-sealed/reassess",
        "/admin/rounds/demo-sealed/keeping",
        "/admin/retention",
        "/admin/rounds/demo-open/cancel",
        "/admin/rounds/demo-open/close",
        "/admin/rounds/demo-open/seal",
        "/admin/rounds/demo-sealed",
        "/admin/rounds/demo-sealed/slips",
        "/admin/rounds/demo-sealed/instrument",
        "/admin/rounds/demo-sealed/groups",
        "/admin/rounds/demo-sealed/calibration",
        "/admin/rounds/demo-open/calibration",
        "/admin/rounds/demo-open/recusals",
        "/admin/rounds/demo-sealed/appeals",
        "/admin/rounds/demo-sealed/appeals/1",
        "/admin/rounds/demo-open/wall",
        "/admin/rounds/demo-open/wall?every=60",
        "/admin/rounds/demo-sealed/wall",
        "/admin/rounds/demo-open/reminders",
        "/admin/rounds/demo-open/weekly",
        "/admin/nothing-here",
        "/review/",
        "/review/demo-open/",
        "/review/demo-sealed/?sort=mass-up&show=open",
        "/review/ledger/demo-sealed",
        "/review/ledger/demo-sealed/papers",
        "/review/demo-sealed/compared",
        "/review/demo-sealed/meeting",
        "/review/demo-sealed/meeting/map?sort=source.mass&falling=1&by=group",
        "/review/demo-sealed/meeting/what-if?band_good=88&cap_on_good=10",
        "/review/demo-sealed/meeting/projector/map?look=dark",
        "/review/demo-sealed/meeting/projector/what-if?band_good=88",
        f"/review/demo-sealed/{LOCKED}",
        f"/review/villages/{LOCKED}/file",
        f"/review/villages/{LOCKED}/file?new=call_back",
        f"/review/villages/{LOCKED}/file/measure/1",
        f"/review/villages/{EMPTY}/file",
    )
]
GROUPS = [
    Look("/review/demo-sealed/?sort=composite", "lead1"),
    Look(f"/review/demo-sealed/{LOCKED}", "member1"),
    Look(f"/review/demo-sealed/{LOCKED}/computed?all=1", "member1"),
    Look(f"/review/demo-open/{LOCKED}", "lead1"),
    Look(f"/review/demo-sealed/{FLAGGED}", "lead1"),
    Look("/review/ledger/demo-sealed", "lead6"),
    Look(f"/review/villages/{LOCKED}/file", "member1"),
    Look(f"/review/villages/{LOCKED}/file/measure/1", "lead1"),
    Look(f"/review/demo-sealed/{AGREED}", "lead6"),
    Look(f"/review/demo-sealed/{WAITED_FOR}", "lead7"),
]
MODERATOR = [
    Look(path, "moderator1")
    for path in (
        "/review/texts",
        "/review/texts/demo-sealed",
        "/review/texts/demo-sealed/{text}",
        "/review/texts/demo-sealed/decided",
    )
]
EVERY = [*VISITOR, *ADMINISTRATOR, *GROUPS, *MODERATOR]


class Readers:
    """One window for each reader and language, opened when it is first needed."""

    def __init__(self, chromium: Browser, demo: Demonstration) -> None:
        self.chromium, self.demo = chromium, demo
        self.windows: dict[tuple[str, str], Visitor] = {}

    def open(self, reader: str, language: str) -> Visitor:
        """Return the window of *reader*, who is signed in, in *language*."""
        if (reader, language) not in self.windows:
            window = Visitor(self.chromium, self.demo.address, language)
            if reader:
                window.sign_in(reader, self.demo.password(reader))
            self.windows[reader, language] = window
        return self.windows[reader, language]


@pytest.fixture(scope="module")
def readers(chromium: Browser, demo: Demonstration) -> Iterator[Readers]:
    """Those who look at the pages."""
    made = Readers(chromium, demo)
    yield made
    for window in made.windows.values():
        window.leave()


@pytest.fixture(scope="module")
def codes(demo: Demonstration) -> dict[str, str]:
    """A poster, a slip and a helper's link to look behind, and what names a text read aloud."""
    return {
        "poster": demo.poster(),
        "slip": demo.slip(),
        "helper": demo.helper(),
        **demo.waiting_files(),
        "text": demo.waiting_text(),
        "digest": defaults()["mass"].digest,
        "words": words_of(lines_of(defaults()["mass"], "zh")["effects.service"], "zh"),
    }


@pytest.mark.parametrize(
    ("language", "scheme", "examined_at"), [("zh", "light", 1366), ("en", "dark", 360)]
)
@pytest.mark.parametrize("look", EVERY, ids=str)
def test_a_page_fits_and_has_no_barrier(
    readers: Readers,
    codes: dict[str, str],
    look: Look,
    language: str,
    scheme: Scheme,
    examined_at: int,
) -> None:
    window = readers.open(look.reader, language)
    window.page.emulate_media(color_scheme=scheme)
    window.get(look.path.format(**codes))
    assert window.page.locator("html").get_attribute("lang") == TAGS[language]
    for width in WIDTHS:
        window.resize(width)
        assert window.sideways() <= 0, width
        assert window.undrawn() == [], width
    window.resize(examined_at)
    assert window.barriers() == []
    assert not window.faults


def test_no_view_is_left_out(demo: Demonstration, codes: dict[str, str]) -> None:
    rules = demo.site.app.url_map
    seen = {
        rules.bind("").match(look.path.format(**codes).partition("?")[0])[0]
        for look in EVERY
        if "nothing" not in look.path
    }
    views = {rule.endpoint for rule in rules.iter_rules() if "GET" in (rule.methods or ())}
    assert views - FILES - IN_STORIES - seen == set()


def test_the_demonstration_shows_what_a_flag_looks_like_in_one_village(
    demo: Demonstration,
) -> None:
    lines = [line.split("\t") for line in demo.site.run("scores", "demo-sealed").splitlines()]
    raised = {line[0]: line[-1] for line in lines if line[-1] != "—"}
    assert raised.keys() == {FLAGGED}
    assert "same_window" in raised[FLAGGED]
    assert len(lines) == 41
