"""Questions that are not graded, on the phone and on the desk of an acceptance group."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.core import box, extras
from survey.core.extras import ExtraTally
from survey.storage import accounts, boxes, questionnaires, rounds
from survey.storage.db import db
from survey.storage.tables import ExtraTallyRow
from tests import beside, scene
from tests.storage.round import Office
from tests.storage.round import beside as beside_app
from tests.web.browser import Browser
from tests.web.conftest import SignIn

ASKED = beside.questionnaire()
GOOD = {item.key: "good" for item in ASKED.items}
VILLAGE = "/review/spring/990101100201"


@pytest.fixture
def asking(app: Flask) -> Iterator[Office]:
    """An open round that asks beside its grades."""
    with beside_app(app, beside.audiences) as made:
        yield made


@pytest.fixture
def slip(asking: Office) -> str:
    return f"/t/{asking.print(asking.village_ids()[0], 1)[0]}"


def opened(place: Office) -> list[box.OpenedBallot]:
    """Open the box as the seal does."""
    place.session.rollback()
    intake = boxes.of_round(place.round_.id).intake
    digests = {row.audience: row.questionnaire_digest for row in place.round_.audiences}
    lengths = {row.audience: row.ballot_length or 0 for row in place.round_.audiences}
    open_ = box.opener(place.private_key(), place.pepper, place.round_.id, digests, lengths)
    columns = (intake.c.id, intake.c.village_id, intake.c.audience, intake.c.ciphertext)
    chosen = sa.select(*columns, intake.c.row_mac)
    return [open_(*row) for row in place.session.execute(chosen)]


def ciphertexts(place: Office) -> list[bytes]:
    intake = boxes.of_round(place.round_.id).intake
    return list(place.session.scalars(sa.select(intake.c.ciphertext)))


def test_a_villager_answers_what_stands_beside_the_grades(
    asking: Office, slip: str, visitor: Browser
) -> None:
    visitor.get(slip)
    legends = [legend.text_content().split("\n")[0] for legend in visitor.page.iter("legend")]
    assert legends[9].startswith("Which road should be mended first?")
    assert visitor.says("You may tick several.", "A whole number from 0 to 50, or nothing.")
    visitor.press("Send", **GOOD, **beside.FORM)
    assert visitor.says("Your answer is counted")
    assert [one.ballot.extras for one in opened(asking)] == [beside.ANSWERED]


def test_nothing_beside_is_required_and_who_leaves_it_out_is_not_asked_again(
    asking: Office, slip: str, visitor: Browser
) -> None:
    visitor.get(slip).press("Send", **GOOD)
    assert visitor.says("Your answer is counted")
    assert [one.ballot.extras for one in opened(asking)] == [(None,) * 5]


def test_a_number_out_of_range_sends_nobody_back(
    asking: Office, slip: str, visitor: Browser
) -> None:
    visitor.get(slip).press("Send", **GOOD, **beside.FORM | {"effects.visits": "many"})
    assert visitor.says("Your answer is counted")
    assert [one.ballot.extras for one in opened(asking)] == [
        (*beside.ANSWERED[:2], None, *beside.ANSWERED[3:])
    ]


def test_what_was_answered_beside_stays_when_a_grade_is_missing_or_the_language_changes(
    asking: Office, slip: str, visitor: Browser
) -> None:
    graded = dict(list(GOOD.items())[1:])
    visitor.get(slip).press("Send", 422, **graded, **beside.FORM)
    missing = [one.get("id") for one in visitor.page.iter("fieldset") if one.get("class")]
    assert missing == [ASKED.items[0].key], "nothing beside is pointed out"
    visitor.press("中文")
    assert visitor.says("哪条路最该先修？", "可以选几个")
    visitor.press("交", **{ASKED.items[0].key: "poor"})
    (found,) = opened(asking)
    assert found.ballot.extras == beside.ANSWERED
    assert found.ballot.answers[0] == 3


def test_an_option_can_be_taken_back(asking: Office, slip: str, visitor: Browser) -> None:
    visitor.get(slip).press("Send", **GOOD, **{"effects.road": ""})
    assert [one.ballot.extras[0] for one in opened(asking)] == [None]


def test_all_ballots_have_one_length_whatever_was_answered(asking: Office, app: Flask) -> None:
    longest = beside.FORM | {
        "effects.first": "\U0001f600" * 60, "responsibility.wish": '"' * 100, "comment": "村" * 300,
        "effects.missing.water": "1", "effects.visits": "50",
    }  # fmt: skip
    for code, filled in zip(
        asking.print(asking.village_ids()[0], 3), ({}, beside.FORM, longest), strict=True
    ):
        Browser(app).get(f"/t/{code}").press("Send", **GOOD, **filled)
    assert len({len(one) for one in ciphertexts(asking)}) == 1
    assert len(ciphertexts(asking)) == 3


def test_they_are_read_aloud_with_their_options(asking: Office, sign_in: SignIn) -> None:
    page = sign_in().get("/admin/rounds/spring/recordings")
    assert page.says("Which road should be mended first?", "今年去村委会办过几回事？")
    row = next(
        link
        for link in page.page.iter("a")
        if "missing in the village" in link.get("aria-label", "")
    )
    page.get(row.get("href"))
    assert page.says("You may tick several.", "1. Street lamps", "3. A bus")


def test_they_can_be_keyed_from_paper(asking: Office, sign_in: SignIn) -> None:
    page = sign_in().get("/admin/rounds/spring/paper")
    assert page.says("One number: 1 The one in the east · 2 The one in the west · 3 None")
    assert page.says("A whole number from 0 to 50, or nothing.")


# After the seal


@pytest.fixture
def city(app: Flask) -> None:
    """A sealed round with a village whose consensus is entered, and what was asked beside."""
    with app.app_context():
        made = scene.city(db.session, password_hash=accounts._HASHER.hash(scene.PASSWORD))
        for asked in made.round_.audiences:
            row = questionnaires.add(db.session, beside.questionnaire(asked.audience))
            asked.questionnaire_digest = row.digest
        village = made.villages[0]
        for audience, number in (("mass", 112), ("self", 12)):
            scene.answer(db.session, made, village, audience, number)
            for one, extra in enumerate(ASKED.extras):
                keep(made, village.village_id, audience, extra.key, TALLIES[audience][one])
        db.session.commit()


TALLIES = {
    "mass": (
        ExtraTally(112, 92, {"east": 61, "west": 23, "none": 8}),
        ExtraTally(112, 80, {"lamps": 78, "water": 31, "bus": 12}),
        extras.count([2] * 40 + [9] * 30 + [None] * 42, ASKED.extras[2]),
        ExtraTally(112, 70, {}),
        ExtraTally(112, 0, {}),
    ),
    "self": (
        ExtraTally(12, 11, {"east": 11, "west": 0, "none": 0}),
        ExtraTally(12, 0, {"lamps": 0, "water": 0, "bus": 0}),
        ExtraTally(12, 0, {}),
        ExtraTally(12, 0, {}),
        ExtraTally(12, 0, {}),
    ),
}


def keep(made: scene.Scene, village: int, audience: str, extra: str, tally: ExtraTally) -> None:
    db.session.add(
        ExtraTallyRow(
            round_id=made.round_.id,
            village_id=village,
            audience=audience,
            access="ticket",
            extra=extra,
            document=tally.to_dict(),
        )
    )


def agreed(app: Flask) -> Browser:
    points = {f"points.{dimension}": "86" for dimension in scene.DIMENSIONS}
    lead = Browser(app).sign_in("lead", scene.PASSWORD).get(VILLAGE)
    assert not lead.says("Other questions")
    lead.press("Hand in", **points)
    assert not lead.says("Other questions")
    return lead.press("Enter the consensus", **points, statement="The others are away.")


@pytest.mark.usefixtures("city")
def test_the_group_sees_them_after_its_consensus_and_that_they_are_not_scored(app: Flask) -> None:
    lead = agreed(app)
    assert lead.says("Other questions: Mass evaluation", "Not scored")
    rows = [row for number in range(20) for row in table(lead, number)]
    assert ["The one in the east", "60", "63%"] in rows
    assert ["Left blank", "20", ""] in rows
    assert ["Street lamps", "—", "≥ 90%"] in rows
    assert lead.says("Half of the answers are about 2 or less.", "a quarter about 9 or more")
    assert lead.says("Too few wrote")
    assert lead.says("Fewer than 20 answers")
    assert not lead.says("61"), "no exact count"


def table(browser: Browser, number: int) -> list[list[str]]:
    try:
        return browser.rows(number)
    except IndexError:
        return []


@pytest.mark.usefixtures("city")
def test_they_change_no_figure_of_the_village(app: Flask) -> None:
    with app.app_context():
        from survey.storage import results

        round_ = rounds.by_slug(db.session, "spring")
        shown = results.released(db.session, round_)
        plain = scene.questionnaire("mass").dimension_columns
        assert ASKED.dimension_columns == plain
        assert shown["990101100201"].mass is not None
        assert len(shown["990101100201"].mass.items) == 12
