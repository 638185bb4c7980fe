"""The page that is written while a round is sealed, and the seal that needs no one to watch it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.core.errors import Damaged
from survey.storage import acts, audit, boxes, disk, rounds, screens, seal
from survey.storage import keys as key_folder
from survey.storage.db import begin_write, db
from survey.storage.progress import STAGES
from survey.storage.tables import RoundRow, TallyRow
from survey.web.admin import sealing, work
from tests.storage.round import Office, close, fill
from tests.web.browser import Browser
from tests.web.conftest import SignIn

PAGE = "/admin/rounds/spring/seal"
ROUND = "/admin/rounds/spring"
LONG = 30


@pytest.fixture
def closed(place: Office) -> Office:
    """A closed round with five ballots in its box."""
    fill(place, place.village_ids()[0], 5)
    close(place)
    place.session.rollback()
    return place


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator."""
    return sign_in()


@pytest.fixture
def berta(sign_in: SignIn, anna: Browser, closed: Office) -> Browser:
    """A second administrator, before a proposal of the first."""
    anna.get(PAGE).press("Propose to seal")
    return sign_in("berta").get(PAGE)


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[work.Work]]:
    """Every work that a page began; waited for at the end."""
    made: list[work.Work] = []

    class Kept(work.Work):
        def __init__(self, *given: Any) -> None:
            made.append(self)
            super().__init__(*given)

    monkeypatch.setattr(sealing, "Work", Kept)
    yield made
    for one in made:
        one.wait()


class Gate:
    """A place in the middle of a seal where it waits until it is let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        look = screens.look

        def watched(*given: Any, **more: Any) -> screens.Verdicts:
            self.reached.set()
            assert self.open.wait(LONG)
            return look(*given, **more)

        monkeypatch.setattr(screens, "look", watched)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch, works: list[work.Work]) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open.set()


def confirm(browser: Browser) -> dict[str, Any]:
    """What the second person's button sends."""
    fields = {
        part.get("name"): part.get("value")
        for part in browser.page.xpath("//form[@action=$page]//input[@name]", page=PAGE)
    }
    return {"path": PAGE, "data": fields, "headers": browser.headers}


def state(app: Flask) -> str:
    with app.app_context():
        return rounds.by_slug(db.session, "spring").state


def entries(app: Flask, act: str) -> int:
    with app.app_context():
        return audit.listing(db.session, act=act).total


def test_the_page_tells_every_stage_to_its_end_and_then_that_it_is_sealed(
    app: Flask, berta: Browser
) -> None:
    berta.press("Seal the round now")
    told = berta.page.xpath("//ol[@class='stages']/li")
    assert [li.text.strip() for li in told] == list(STAGES.values())
    for li in told:
        values = [int(bar.get("value")) for bar in li.iterfind(".//progress")]
        assert values == sorted(set(values))
        assert (values[0], values[-1]) == (0, 100)
    assert berta.says("The round is sealed. Print the sealing sheet")
    assert berta.response.headers["X-Accel-Buffering"] == "no"
    assert berta.download("Sealing sheet (PDF)").data.startswith(b"%PDF")
    assert berta.follow("To the page of the round").says("Answers sealed")
    assert state(app) == "sealed"


def test_how_many_ballots_there_are_is_not_told_on_the_way(app: Flask, berta: Browser) -> None:
    berta.press("Seal the round now")
    bars = berta.page.xpath("//ol[@class='stages']//progress/@max")
    assert set(bars) == {"100"}


def test_the_head_of_the_page_comes_before_the_work_is_done(
    app: Flask, berta: Browser, gate: Gate
) -> None:
    answer = berta.client.post(**confirm(berta))
    assert answer.status_code == 200
    pieces, seen = iter(answer.response), ""
    while STAGES["opening"] not in seen:
        seen += next(pieces).decode()
    assert "<h1>" in seen
    assert gate.reached.wait(LONG)
    gate.open.set()
    seen += b"".join(pieces).decode()
    assert "The round is sealed." in seen
    answer.close()


def test_who_leaves_in_the_middle_does_not_stop_the_seal(
    app: Flask, berta: Browser, gate: Gate, works: list[work.Work]
) -> None:
    answer = berta.client.post(**confirm(berta))
    next(iter(answer.response))
    assert gate.reached.wait(LONG)
    answer.close()
    gate.open.set()
    works[0].wait()
    assert state(app) == "sealed"
    assert (entries(app, "round.seal"), entries(app, "round.scrub")) == (1, 1)
    assert berta.get(ROUND).says("Answers sealed")


def test_meanwhile_the_pages_say_so_and_a_second_seal_is_refused(
    app: Flask, anna: Browser, berta: Browser, gate: Gate, works: list[work.Work]
) -> None:
    again = confirm(berta)
    berta.client.post(**again)
    assert gate.reached.wait(LONG)
    assert anna.get(ROUND).says("The round is being sealed just now", "Answers closed")
    assert not anna.says("waiting for a second person")
    assert anna.get(PAGE).says("This round is being sealed just now.")
    assert anna.buttons() == ["Sign out"]
    refused = berta.client.post(**again)
    assert refused.status_code == 422
    assert "This round is being sealed just now." in refused.get_data(as_text=True)
    gate.open.set()
    works[0].wait()
    assert len(works) == 1
    assert entries(app, "round.seal") == 1
    assert anna.get(ROUND).says("Answers sealed")


def test_a_seal_by_the_command_is_seen_and_not_disturbed(
    app: Flask, closed: Office, anna: Browser, berta: Browser, works: list[work.Work]
) -> None:
    with key_folder.hold(closed.folder, closed.round_.id):
        assert anna.get(ROUND).says("The round is being sealed just now")
        berta.press("Seal the round now", status=422)
        assert berta.says("This round is being sealed just now.")
    assert works == []
    assert anna.get(ROUND).follow("Seal the round").path == PAGE


def test_a_damaged_box_is_told_and_nothing_is_sealed(
    app: Flask, closed: Office, anna: Browser, berta: Browser
) -> None:
    box = boxes.of_round(closed.round_.id)
    first = sa.select(sa.func.min(box.intake.c.id)).scalar_subquery()
    begin_write(closed.session)
    closed.session.execute(
        sa.update(box.intake).where(box.intake.c.id == first).values(ciphertext=b"x" * 700)
    )
    closed.session.commit()
    berta.press("Seal the round now")
    assert berta.says("Nothing was sealed.", "1 ballots in the box are not as they were put in.")
    assert state(app) == "closed"
    assert berta.follow("Back to sealing").path == PAGE
    assert "Seal the round now" in berta.buttons()
    with app.app_context():
        assert db.session.scalars(sa.select(TallyRow)).all() == []
    anna.get(PAGE).press("Take the proposal back")
    anna.get(PAGE).press("Propose to seal", accepted="1")
    berta.get(PAGE).press("Seal the round now")
    assert berta.says("The round is sealed.")


def test_damage_at_the_very_end_seals_nothing(
    app: Flask, berta: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise Damaged("Not every ballot was kept.")

    monkeypatch.setattr(seal, "_require_all_kept", fail)
    berta.press("Seal the round now")
    assert berta.says("Nothing was sealed.", "Not every ballot was kept.")
    assert not berta.says("The round is sealed.")
    assert (state(app), entries(app, "round.seal")) == ("closed", 0)


def test_a_fault_of_ours_is_logged_and_told_without_its_words(
    app: Flask, berta: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the third wheel")

    monkeypatch.setattr(seal, "_keep_texts", fail)
    berta.press("Seal the round now")
    assert berta.says("Nothing was sealed.", "Something went wrong on our side.")
    assert not berta.says("third wheel")
    assert "third wheel" in caplog.text
    assert state(app) == "closed"


def test_a_disk_that_is_not_clear_is_told_and_finished_later(
    app: Flask, berta: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear = disk.clear

    def fail(*_: Any) -> None:
        raise disk.Refused("Somebody is still reading.")

    monkeypatch.setattr(disk, "clear", fail)
    berta.press("Seal the round now")
    assert berta.says("The answers are counted; their traces", "Somebody is still reading.")
    assert state(app) == "scrubbing"
    monkeypatch.setattr(disk, "clear", clear)
    berta.follow("To the page of the round").press("Finish destroying the traces")
    assert state(app) == "sealed"


def test_a_proposal_that_changes_while_it_is_sealed_seals_nothing(
    app: Flask, anna: Browser, berta: Browser, gate: Gate
) -> None:
    answer = berta.client.post(**confirm(berta))
    assert gate.reached.wait(LONG)
    with app.app_context():
        begin_write(db.session)
        round_ = db.session.scalars(sa.select(RoundRow)).one()
        first = acts.find(db.session, round_, sealing.ACT)
        assert first is not None
        first.detail = {"accepted": 3}
        db.session.commit()
    gate.open.set()
    said = answer.get_data(as_text=True)
    assert "The proposal has changed meanwhile." in said
    assert state(app) == "closed"


def test_one_person_alone_is_refused_at_once(
    app: Flask, anna: Browser, berta: Browser, works: list[work.Work]
) -> None:
    fields = confirm(berta)["data"]
    token = anna.get(PAGE).page.xpath("//input[@name='csrf_token']/@value")[0]
    refused = anna.client.post(PAGE, data=fields | {"csrf_token": token}, headers=anna.headers)
    assert refused.status_code == 422
    assert "This needs a second person." in refused.get_data(as_text=True)
    assert works == []


def test_in_silence_the_last_news_is_told_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "SILENCE_SECONDS", 0.0)
    go = threading.Event()

    def act(report: Any) -> None:
        report("opening", 1, 4)
        assert go.wait(LONG)

    with app.app_context():
        one = work.Work(act)
    told = one.watch()
    assert [next(told) for _ in range(3)] == [work.News("opening", 25)] * 3
    go.set()
    one.wait()
    assert set(told) <= {work.News("opening", 25)}
