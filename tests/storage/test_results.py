"""A sealed round is scored once; what comes out is released, and stands on the consensus."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.storage import evaluations, results
from survey.storage.db import prepare
from survey.storage.tables import AccountingRow, Base, TallyRow
from tests import scene


@pytest.fixture
def city(session):
    city = scene.city(session)
    for village, number in zip(city.villages, (112, 60, 8), strict=True):
        scene.answer(session, city, village, "mass", number)
        scene.answer(session, city, village, "self", 12)
    return city


def agree(session, city, value):
    evaluations.hand_in(session, city.round_, city.village, city.lead, scene.evaluation(value))
    alone = scene.consensus(value, statement="the others are away")
    evaluations.agree(session, city.round_, city.village, city.lead, alone)


def test_there_are_no_results_before_the_seal(session):
    city = scene.city(session, state="closed")
    scene.answer(session, city, city.village, "mass", 50)
    with pytest.raises(Refused):
        results.released(session, city.round_)


def test_every_village_has_its_scores_with_n_and_interval(session, city):
    shown = results.released(session, city.round_)
    assert list(shown) == [village.code for village in city.villages]
    mass = shown[city.village.code].mass
    assert (mass.received, mass.eligible, mass.source.n) == (112, 400, 112)
    assert mass.source.low < mass.source.value < mass.source.high
    assert shown[city.village.code].self_.eligible == 30


def test_too_few_ballots_are_withheld_with_the_reason(session, city):
    few = results.released(session, city.round_)[city.villages[2].code].mass
    assert few.source is None
    assert few.withheld["source"]


def test_a_village_without_any_ballot_is_there_without_a_score(session):
    city = scene.city(session)
    scene.answer(session, city, city.village, "mass", 40)
    shown = results.released(session, city.round_)
    empty = shown[city.villages[1].code]
    assert (empty.mass.received, empty.mass.source, empty.self_.source) == (0, None, None)


def test_the_composite_waits_for_the_consensus_and_follows_it(session, city):
    before = results.released(session, city.round_)[city.village.code]
    assert before.composite.value is None
    assert before.suggestion.rating is None
    agree(session, city, 86)
    after = results.released(session, city.round_)[city.village.code]
    assert after.organisational == 86
    assert after.composite.value is not None


def test_slips_handed_out_reach_the_suggestion(session, city):
    agree(session, city, 86)
    cell = (city.round_.id, city.village.village_id, "mass")
    session.get(AccountingRow, cell).handed_out = 100
    session.flush()
    assert results.released(session, city.round_)[city.village.code].suggestion.status == "void"


def test_tallies_are_read_once(session, city):
    first = results.counted(session, city.round_)
    session.execute(sa.delete(TallyRow))
    assert results.counted(session, city.round_) is first


def test_what_is_kept_belongs_to_one_database(session, city, tmp_path):
    mine = results.counted(session, city.round_)
    other = sa.create_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    prepare(other)
    Base.metadata.create_all(other)
    with Session(other) as elsewhere:
        theirs = scene.city(elsewhere)
        assert (theirs.round_.id, theirs.round_.sealed_at) == (
            city.round_.id,
            city.round_.sealed_at,
        )
        assert results.counted(elsewhere, theirs.round_) is not mine
    other.dispose()


def test_where_there_are_tickets_posters_make_no_score(session, city):
    ticket = session.get(
        TallyRow, (city.round_.id, city.village.village_id, "mass", "ticket")
    ).document
    for audience in city.round_.audiences:
        audience.access = "both"
    session.add(
        TallyRow(
            round_id=city.round_.id,
            village_id=city.village.village_id,
            audience="mass",
            access="poster",
            document=ticket | {"received": ticket["received"] + 500},
        )
    )
    session.flush()
    assert results.released(session, city.round_)[city.village.code].mass.received == 112
