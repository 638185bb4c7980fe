"""Refusals and faults as pages of their own."""

from __future__ import annotations

import sqlite3

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from survey.core.errors import Damaged, Invalid, Missing, Refused, SurveyError
from survey.core.wording import N_
from tests.web.browser import Browser


@pytest.mark.parametrize(
    ("kind", "status"), [(Invalid, 400), (Refused, 409), (Missing, 404), (Damaged, 500)]
)
def test_a_refusal_says_its_sentence(app: Flask, kind: type[SurveyError], status: int) -> None:
    @app.get("/refuse")
    def refuse() -> str:
        raise kind(N_("The %(thing)s is not there. Look again."), thing="<b>box</b>")

    page = Browser(app).get("/refuse", status=status)
    assert page.says("The <b>box</b> is not there. Look again.")


@pytest.mark.parametrize("status", [400, 404, 405, 413, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_status_has_a_kind_page(app: Flask, status: int, language: str) -> None:
    @app.get("/fault")
    def fault() -> str:
        abort(status)

    page = Browser(app, language).get("/fault", status=status)
    assert page.page.get("lang") == {"en": "en", "zh": "zh-Hans"}[language]
    assert str(status) in page.text


def test_another_status_is_answered_as_the_nearest(app: Flask) -> None:
    @app.get("/fault")
    def fault() -> str:
        abort(415)

    assert Browser(app).get("/fault", status=400).says("This could not be read")


def test_a_bug_is_not_shown_to_anybody(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/bug")
    def bug() -> str:
        raise RuntimeError("secret detail")

    page = Browser(app).get("/bug", status=500)
    assert page.says("Something went wrong on our side")
    assert not page.says("secret detail")


def test_a_database_that_does_not_answer_asks_to_come_back(app: Flask) -> None:
    @app.get("/busy")
    def busy() -> str:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    page = Browser(app).get("/busy", status=503)
    assert page.response.headers["Retry-After"] == "20"


def test_the_page_of_an_error_asks_no_database(app: Flask) -> None:
    with app.app_context():
        path = app.extensions["settings"].instance_path / "survey.sqlite"
    path.rename(path.with_suffix(".away"))
    visitor = Browser(app)
    assert visitor.get("/admin/nowhere", status=404).says("There is no such page")


def test_a_wrong_method_names_the_right_one(app: Flask) -> None:
    answer = app.test_client().get("/admin/register/confirm")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
