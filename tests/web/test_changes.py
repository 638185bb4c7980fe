"""A round beside the one before: whose villages, which differences, and none that is hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from survey.storage import accounts
from survey.storage.db import db
from tests import scene
from tests.storage.test_predecessors import agree, earlier
from tests.web.browser import Browser

PAGE = "/review/spring/compared"


@pytest.fixture
def city(app: Flask) -> None:
    """A sealed round of three villages, and the one before it with scores of all."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        before = earlier(db.session, made)
        for village, then in zip(made.villages, before.villages, strict=True):
            scene.answer(db.session, made, village, "mass", 90)
            if then is not before.villages[0]:  # `earlier` has answered for the first
                scene.answer(db.session, before, then, "mass", 90)
        for whole in (made, before):
            ours = replace(whole, villages=whole.villages[:1])
            agree(db.session, ours)
        db.session.commit()


Browse = Callable[[str], Browser]


def test_an_administrator_sees_every_village_beside_its_last_round(browse: Browse) -> None:
    rows = browse("admin").get(PAGE).rows()
    assert [row[0].split()[0] for row in rows] == ["Clear", "Stone", "Long"]
    assert {row[1] for row in rows} == {"Winter"}
    first = rows[0]
    assert first[4].startswith("+")
    assert "more than chance" in first[4]
    assert "…" in first[4]
    assert "not shown" in first[7]  # nobody answered the self-evaluation


def test_the_same_is_said_as_on_the_village_s_page(browse: Browse) -> None:
    admin = browse("admin")
    change = admin.get(PAGE).rows()[0][4].split()[0].lstrip("+")
    assert admin.get("/review/spring/990101100201").says(f"{change} points more")


def test_a_group_sees_its_own_and_what_it_has_agreed_on(browse: Browse) -> None:
    lead = browse("lead").get(PAGE)
    rows = lead.rows()
    assert [row[0].split()[0] for row in rows] == ["Clear", "Stone"]
    assert rows[0][4].startswith("+")
    assert rows[1][1] == "Shown when the group has entered its consensus."
    assert not lead.says("Long Meadow")
    assert not browse("stranger").get(PAGE).says("Clear Water")


def test_without_an_earlier_round_it_says_so(browse: Browse) -> None:
    assert browse("admin").get("/review/winter/compared").says("No village here had a round before")
