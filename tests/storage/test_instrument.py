"""How good the questions are: limits of α leave the seal, the rest follows from the tallies."""

import numpy as np
import pytest
import sqlalchemy as sa

from survey.core.errors import Refused
from survey.core.reliability import LEAST_BALLOTS
from survey.storage import instrument, intake, rounds, seal
from survey.storage.db import begin_write
from survey.storage.tables import ReliabilityRow
from tests import scene
from tests.storage.round import Office, office

SCALES = {"investigation", "measures", "effects", "responsibility", "whole"}


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


def fill(place: Office, number: int) -> None:
    """Cast *number* ballots in each village by people who see everything in one light."""
    draw = np.random.default_rng(5)
    for village in place.village_ids():
        light = draw.normal(size=(number, 1)) + draw.normal(size=(number, 12))
        answers = np.digitize(light, [0.5, 1.5, 2.5]).tolist()
        begin_write(place.session)
        for code, ballot in zip(place.print(village, number), answers, strict=True):
            submission = place.by_ticket(code, village, tuple(ballot))
            assert intake.add(place.session, submission) is intake.Outcome.COUNTED
        place.session.commit()


def do_seal(place: Office) -> None:
    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    place.session.commit()
    persons = (place.first, place.second)
    seal.seal(place.session, place.round_, place.private_key(), place.pepper, persons)
    place.round_.state = "sealed"
    place.session.commit()


def test_limits_of_alpha_leave_the_seal_and_nothing_finer(place):
    fill(place, LEAST_BALLOTS // 2 + 5)
    do_seal(place)
    rows = place.session.scalars(sa.select(ReliabilityRow)).all()
    assert {(row.audience, row.scale) for row in rows} == {("mass", scale) for scale in SCALES}
    assert all(row.low < row.high for row in rows)
    assert all(
        round(end * 100) == pytest.approx(end * 100) for row in rows for end in (row.low, row.high)
    )
    assert isinstance(place.round_.sealing["alpha_seed"], int)
    found = instrument.released(place.session, place.round_)
    for one in found["mass"].scales:
        assert one.limits[0] <= one.alpha.value <= one.limits[1]
        assert one.omega.value == pytest.approx(one.alpha.value, abs=0.03)
    assert found["self"].few is not None


def test_the_limits_are_those_of_the_ballots_in_the_box(place):
    fill(place, LEAST_BALLOTS // 2)
    contents = seal.read(place.session, place.round_, place.private_key(), place.pepper)
    again = instrument.resample(place.round_, contents.cells, 17)
    assert again == instrument.resample(place.round_, contents.cells, 17)
    assert set(again["mass"]) == SCALES
    assert again["self"] == {}


def test_few_ballots_leave_no_limits_and_no_figures(place):
    fill(place, 12)
    do_seal(place)
    assert place.session.scalars(sa.select(ReliabilityRow)).all() == []
    found = instrument.released(place.session, place.round_)["mass"]
    assert found.valid == 24
    assert found.scales == ()
    assert {item.good for item in found.items} == {None}


def test_there_is_nothing_before_the_seal(place):
    with pytest.raises(Refused, match="sealed first"):
        instrument.released(place.session, place.round_)


def test_a_round_sealed_before_there_were_limits_has_the_rest(session):
    city = scene.city(session)
    for village in city.villages:
        scene.answer(session, city, village, "mass", 150)
    found = instrument.released(session, city.round_)["mass"]
    assert found.valid == 450
    assert all(one.limits is None for one in found.scales)
    assert len(found.scales) == len(SCALES)
    assert all(one.alpha.value is not None for one in found.scales)


@pytest.mark.parametrize(
    "changes", [{"low": 0.9, "high": 0.8}, {"high": 1.1}, {"scale": "trust"}, {"audience": "all"}]
)
def test_limits_that_cannot_be_are_not_stored(session, changes):
    city = scene.city(session)
    cell = {"round_id": city.round_.id, "audience": "mass", "scale": "whole"}
    session.add(ReliabilityRow(**cell | {"low": 0.5, "high": 0.9} | changes))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
