"""Which language a page is in, and how it writes what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from survey.core.wording import say
from survey.web import i18n


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        ("en-GB,en;q=0.9", "", "en"),
        ("zh-CN,zh;q=0.9", "", "zh"),
        ("zh-CN", "?lang=en", "en"),
        ("en", "?lang=zh", "zh"),
        ("en", "?lang=fr", "en"),
        ("fr", "", "zh"),
        ("", "", "zh"),
    ],
)
def test_the_address_comes_before_the_browser_and_chinese_is_last(
    app: Flask, accepted: str, query: str, language: str
) -> None:
    with app.test_request_context(f"/{query}", headers={"Accept-Language": accepted}):
        assert i18n.language() == language


def test_times_are_the_round_s_and_not_the_server_s(app: Flask) -> None:
    moment = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)
    with app.test_request_context("/?lang=zh"):
        assert i18n.moment(moment, "Asia/Shanghai") == "2026年5月2日 07:30"
    with app.test_request_context("/?lang=en"):
        assert i18n.moment(moment, "Asia/Shanghai") == "2 May 2026, 07:30"
        assert i18n.moment(moment, "UTC") == "1 May 2026, 23:30"


def test_days_numbers_and_sentences_are_written_for_the_reader(app: Flask) -> None:
    with app.test_request_context("/?lang=zh"):
        assert i18n.day(date(2026, 5, 1)) == "2026年5月1日"
        assert i18n.number(12345) == "12,345"
    with app.test_request_context("/?lang=en"):
        assert i18n.day(date(2026, 5, 1)) == "1 May 2026"
        assert i18n.sentence(say("Row %(row)d", row=3)) == "Row 3"
        assert i18n.sentence("as it is") == "as it is"
