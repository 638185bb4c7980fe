"""The villager's form, as it is made for one visitor: 1,000 times each."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from survey import create_app
from survey.core.box import make_once
from survey.core.questionnaire import Questionnaire
from survey.storage.questionnaires import defaults
from survey.web.collect import pages
from survey.web.collect.pages import Sheet

VISITS = 1000

Work = Callable[[], object]


def spliced(folder: Path) -> Work:
    """What a visit costs: the pressed page with the village and a new number in it, compressed."""
    return _visits(folder, pages.form)


def rendered(folder: Path) -> Work:
    """The same page rendered by Jinja and compressed for each visitor."""
    return _visits(folder, lambda sheet: pages.form(sheet, filled={}))


def floor(folder: Path) -> Work:
    """A page of the same size that is the same for everybody, compressed once."""
    content = gzip.compress(b"x" * 16_000, 9)
    return _visits(folder, lambda sheet: pages.make_response(content, 200))


def _visits(folder: Path, visit: Callable[[Sheet], Any]) -> Work:
    app = create_app({"instance_path": folder, "testing": True})
    questionnaire = defaults()["mass"]

    def work() -> None:
        with app.test_request_context("/t/1?lang=zh", headers={"Accept-Encoding": "gzip"}):
            for _ in range(VISITS):
                visit(_sheet(questionnaire))

    return work


def _sheet(questionnaire: Questionnaire) -> Sheet:
    round_: Any = SimpleNamespace(
        id=1, demo=False, office="市委组织部", phone="0000-1234567", key_holding="halves",
        timezone="Asia/Shanghai", closes_at=datetime(2026, 12, 11, 10, tzinfo=UTC),
        results_place="村公示栏", results_on=date(2026, 12, 18),
    )  # fmt: skip
    village: Any = SimpleNamespace(name="前柳屯村", township="青柳镇")
    return Sheet(
        round=round_, village=village, questionnaire=questionnaire, audience="mass",
        access="ticket", ballot_length=0, address="/t/",
        hidden={"code": "1234567812345678", "once": make_once()},
    )  # fmt: skip
