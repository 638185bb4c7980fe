"""The headers of every kind of response."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.web.headers import policy
from tests.web.audit import HEADERS


@pytest.mark.parametrize(
    "path", ["/", "/t/", "/t/1234567812345678", "/v/ABCDEFGHJK", "/nowhere", "/staff/sign-in"]
)
def test_nothing_is_kept_sniffed_framed_or_told_to_others(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    said = answer.headers["Content-Security-Policy"]
    assert said.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in said
    assert "unsafe" not in said


def test_respondents_send_no_referrer_and_staff_only_to_us(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/t/").headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/V/ABC").headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/staff/sign-in").headers["Referrer-Policy"] == "same-origin"


def test_a_view_may_allow_what_its_page_uses() -> None:
    said = policy(style_src="'sha256-x'")
    assert said.startswith("default-src 'none'; ")
    assert said.endswith("; style-src 'sha256-x'")


def test_a_header_that_a_view_has_set_stays(app: Flask) -> None:
    @app.get("/own")
    def own() -> tuple[str, dict[str, str]]:
        return "fine", {"Cache-Control": "private"}

    assert app.test_client().get("/own").headers["Cache-Control"] == "private"
