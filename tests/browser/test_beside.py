"""Questions that are not graded on a phone with scripts, and on the page that keys paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from survey.core import box
from survey.core.extras import Answer
from survey.storage import boxes, keys, rounds, tickets
from survey.storage.db import begin_write, db
from tests import beside
from tests.browser.page import Visitor
from tests.browser.site import Site, serve
from tests.browser.villager import send, thanked
from tests.storage.round import PASSWORD, office

pytestmark = pytest.mark.browser

GRADES = "1" * 12


@dataclass
class Asking:
    """A served round that asks beside its grades."""

    site: Site

    def __post_init__(self) -> None:
        self.site.ask(
            lambda: office(db.session, self._keys, audiences=beside.audiences(db.session))
        )

    @property
    def _keys(self) -> Path:
        return Path(self.site.app.extensions["settings"].keys)

    def slip(self) -> str:
        """Return the code of a new slip."""
        return self.site.ask(self._slip)

    def _slip(self) -> str:
        begin_write(db.session)
        round_ = rounds.by_slug(db.session, "spring")
        village = rounds.villages(db.session, round_)[0].village_id
        pepper = keys.pepper(self._keys, round_.id)
        (code,) = tickets.issue(db.session, round_, village, "mass", 1, pepper)
        db.session.commit()
        return code

    def extras(self) -> list[tuple[Answer, ...]]:
        """Return what the ballots in the box hold beside their grades."""
        return self.site.ask(self._extras)

    def _extras(self) -> list[tuple[Answer, ...]]:
        round_ = rounds.by_slug(db.session, "spring")
        intake = boxes.of_round(round_.id).intake.c
        open_ = box.opener(
            keys.server_key(self._keys, round_.id),
            keys.pepper(self._keys, round_.id),
            round_.id,
            {row.audience: row.questionnaire_digest for row in round_.audiences},
            {row.audience: row.ballot_length or 0 for row in round_.audiences},
        )
        rows = db.session.execute(
            sa.select(
                intake.id, intake.village_id, intake.audience, intake.ciphertext, intake.row_mac
            )
        )
        return [open_(*row).ballot.extras for row in rows]


@pytest.fixture
def asking(tmp_path: Path, sqlite_template: Path) -> Iterator[Asking]:
    shutil.copy(sqlite_template, tmp_path / "survey.sqlite")
    with serve(tmp_path, key_cost="minimum") as site:
        yield Asking(site)


@pytest.fixture
def visitor(chromium: Browser, asking: Asking) -> Iterator[Visitor]:
    found = Visitor(chromium, asking.site.address, "zh", 360)
    yield found
    found.leave()


def test_what_is_answered_beside_is_kept_read_aloud_and_sent(
    asking: Asking, visitor: Visitor
) -> None:
    code = asking.slip()
    visitor.get(f"/t/{code}")
    page = visitor.page
    for item in page.locator("fieldset[id]").all():
        item.locator("label").first.click()
    page.locator("[data-key='effects.road'] label").nth(1).click()
    for option in (0, 2):
        page.locator("[data-key='effects.missing'] label").nth(option).click()
    page.locator("#effects\\.visits").fill("7")
    page.locator("#effects\\.first").fill("Lamps by the well")
    assert page.locator("#done").inner_text() == "12 / 12"
    visitor.get("about:blank").get(f"/t/{code}")
    ticked = page.locator("[data-key] :checked").all()
    assert [one.get_attribute("name") for one in ticked] == [
        "effects.road", "effects.missing.lamps", "effects.missing.bus",
    ]  # fmt: skip
    assert page.locator("#effects\\.visits").input_value() == "7"
    page.locator("#aloud").click()
    page.locator(".aloud").wait_for()
    for _ in range(11):
        page.get_by_role("button", name="下一个").click()
    assert page.locator("legend:visible").inner_text().startswith("村里还缺什么？")
    assert page.locator(".sign:visible").all_inner_texts() == ["1", "2", "3"]
    page.get_by_role("button", name="全部显示").click()
    page.locator("#responsibility\\.wish").fill("To listen")
    send(visitor)
    thanked(visitor)
    assert asking.extras() == [beside.ANSWERED]


def test_they_are_keyed_from_paper_twice_and_sent_where_both_agree(
    asking: Asking, visitor: Visitor
) -> None:
    same, other = asking.slip(), asking.slip()
    visitor.sign_in("first", PASSWORD)
    visitor.get("/admin/rounds/spring/paper?lang=zh")
    page = visitor.page
    page.locator("#code").wait_for()

    def key(code: str, *typed: str) -> None:
        page.locator("#code").focus()
        page.keyboard.type(code + GRADES)
        for number, text in enumerate(typed, start=1):
            page.locator(f"#extra-{number}").fill(text)
        page.keyboard.press("Enter")

    key(same, "4", "1 3", "7", "Lamps by the well", "To listen")
    assert page.locator("#fault").inner_text().startswith("这里和题目对不上")
    page.locator("#extra-1").fill("2")
    page.keyboard.press("Enter")
    key(other, "1", "", "-7")
    page.locator("#extra-3").fill("8")
    page.keyboard.press("Enter")
    page.locator("#finish").click()
    key(same, "2", "3，1", "7", "Lamps, by the well.", "To listen")
    key(other, "1", "", "7")
    page.locator("#finish").click()
    assert "今年去村委会办过几回事" in page.locator("#differing").inner_text()
    page.locator("#send").click()
    page.locator("#counted", has_text="1").wait_for()
    assert asking.extras() == [beside.ANSWERED]
