"""Slips counted at the bag."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.storage import accounting, audit
from survey.storage.accounting import Count
from survey.storage.tables import AccountingRow
from tests.scene import Scene, city

WITNESSES = ("Carla", "Dora")


@pytest.fixture
def scene(session: Session) -> Scene:
    """An open round with fifty slips printed for the first village."""
    made = city(session, state="open")
    session.query(AccountingRow).delete()
    session.add(
        AccountingRow(
            round_id=made.round_.id,
            village_id=made.village.village_id,
            audience="mass",
            printed=50,
        )
    )
    for asked in made.round_.audiences:
        asked.access = "ticket"
    session.flush()
    return made


def count(session: Session, scene: Scene, counted: Count) -> None:
    accounting.count(
        session, scene.round_, scene.village.village_id, "mass", counted, scene.administrator
    )


def test_a_count_is_kept_with_both_names(session: Session, scene: Scene) -> None:
    count(session, scene, Count(45, 5, WITNESSES))
    slips = accounting.of_round(session, scene.round_)[0]
    assert (slips.printed, slips.handed_out, slips.returned) == (50, 45, 5)
    assert slips.counted_by == "Carla、Dora"


def test_nobody_has_counted_is_no_zero(session: Session, scene: Scene) -> None:
    slips = accounting.one(session, scene.round_, scene.village.village_id, "mass")
    assert (slips.handed_out, slips.returned) == (None, None)


@pytest.mark.parametrize(
    "counted",
    [
        Count(51, 0, WITNESSES),
        Count(40, 51, WITNESSES),
        Count(-1, 0, WITNESSES),
        Count(40, 5, ("Carla", " carla ")),
        Count(40, 5, ("Carla", "")),
    ],
)
def test_a_count_that_cannot_be_is_refused(session: Session, scene: Scene, counted: Count) -> None:
    with pytest.raises(Invalid):
        count(session, scene, counted)


def test_after_the_seal_a_count_needs_a_reason_and_the_log_keeps_both(
    session: Session, scene: Scene
) -> None:
    count(session, scene, Count(40, 5, WITNESSES))
    scene.round_.state = "sealed"
    with pytest.raises(Invalid):
        count(session, scene, Count(45, 5, WITNESSES))
    count(session, scene, Count(45, 5, WITNESSES, "a bundle was found"))
    detail = audit.listing(session).rows[0].detail
    assert detail["earlier"] == {"handed_out": 40, "returned": 5}
    assert detail["now"] == {"handed_out": 45, "returned": 5}
    assert detail["reason"] == "a bundle was found"


@pytest.mark.parametrize("state", ["draft", "scrubbing", "cancelled"])
def test_where_there_is_nothing_to_count_nothing_is_counted(
    session: Session, scene: Scene, state: str
) -> None:
    scene.round_.state = state
    with pytest.raises(Refused):
        count(session, scene, Count(45, 5, WITNESSES))


def test_another_village_has_no_slips(session: Session, scene: Scene) -> None:
    with pytest.raises(Missing):
        accounting.one(session, scene.round_, 10**6, "mass")


def test_an_audience_with_posters_alone_has_no_slips(session: Session, scene: Scene) -> None:
    for asked in scene.round_.audiences:
        asked.access = "poster"
    session.flush()
    assert accounting.of_round(session, scene.round_) == []
