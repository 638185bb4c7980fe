"""What the screens leave behind the seal: a truth each, a seed, and a pool without the flagged."""

import pytest
import sqlalchemy as sa

from survey.core import box, tallies
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.core.scoring import VillageTally, score_round
from survey.core.screening import SCREENS, Flags
from survey.storage import boxes, intake, results, rounds, screens, scrub, seal
from survey.storage.db import begin_write
from survey.storage.intake import Submission
from survey.storage.tables import BallotPartRow, ScreenRow, TallyRow
from tests import scene
from tests.storage.round import office

MIXED = (0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1)


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


def cast(place, village, ballots, access="ticket"):
    """Put *ballots*, each with its bucket, into the box."""
    asked = rounds.audience_of(place.round_, "mass")
    seal_ballot = box.sealer(place.round_.public_key, place.pepper)
    where = Place(place.round_.id, village, "mass", access, asked.questionnaire_digest)
    codes = place.print(village, len(ballots)) if access == "ticket" else [None] * len(ballots)
    for code, (answers, bucket) in zip(codes, ballots, strict=True):
        once = box.make_once()
        if code is None:
            once = box.make_nonce(place.pepper, village, "mass")
            mac = box.read_nonce(place.pepper, once)[2]
        else:
            mac = box.ticket_mac(place.pepper, code)
        sealed = seal_ballot(where, Ballot(answers), asked.ballot_length, bucket)
        tag = box.tag(place.pepper, mac, once)
        submission = Submission(place.round_.id, village, "mass", access, mac, tag, sealed)
        assert intake.add(place.session, submission) is intake.Outcome.COUNTED
    place.session.commit()


def stuffed():
    """Twelve equal ballots in five minutes, among others that come one by one."""
    others = [
        (tuple((number >> item) % 2 for item in range(12)), 5_900_000 + 7 * number)
        for number in range(30)
    ]
    return [(MIXED, 5_900_100)] * 12 + others


def close(place):
    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    place.session.commit()


def do_seal(place):
    persons = (place.first, place.second)
    seal.seal(place.session, place.round_, place.private_key(), place.pepper, persons)


def test_every_village_and_audience_has_its_truths_and_the_stuffed_one_is_flagged(place):
    first, second = place.village_ids()
    cast(place, first, stuffed())
    close(place)
    do_seal(place)
    kept = screens.of_round(place.session, place.round_)
    assert kept["mass"][first].same_window
    assert kept["mass"][first].repeated
    assert kept["mass"][second] == Flags()
    assert kept["self"] == {first: Flags(), second: Flags()}


def test_only_the_ballots_that_make_the_score_are_screened(place):
    first, _ = place.village_ids()
    cast(place, first, stuffed(), access="poster")
    close(place)
    do_seal(place)
    assert screens.of_round(place.session, place.round_)["mass"][first] == Flags()


def test_nothing_but_truths_leaves_the_screens(place):
    columns = {column.name: column.type for column in ScreenRow.__table__.columns}
    assert {name for name, kind in columns.items() if isinstance(kind, sa.Boolean)} == set(SCREENS)
    assert set(columns) - set(SCREENS) == {"round_id", "village_id", "audience"}
    cast(place, place.village_ids()[0], stuffed())
    close(place)
    do_seal(place)
    place.session.commit()
    scrub.scrub(place.session, place.round_, place.folder)
    assert type(place.round_.sealing["screen_seed"]) is int
    for row in place.session.execute(sa.select(*(getattr(ScreenRow, name) for name in SCREENS))):
        assert all(type(value) is bool for value in row)


def test_the_kept_seed_gives_the_same_verdicts_again(place):
    cast(place, place.village_ids()[0], stuffed())
    close(place)
    contents = seal.read(place.session, place.round_, place.private_key(), place.pepper)
    do_seal(place)
    seed = place.round_.sealing["screen_seed"]
    again = screens.look(place.session, place.round_, contents.cells, seed)
    kept = screens.of_round(place.session, place.round_)
    assert again == {
        (village, audience): flags
        for audience, found in kept.items()
        for village, flags in found.items()
    }


def test_the_seed_of_the_screens_does_not_shuffle_the_ballots(place, monkeypatch):
    """The same box sealed twice with one seed: the parts come out in two orders (of 64!)."""
    monkeypatch.setattr(screens, "make_seed", lambda: 41)
    orders = []

    def insert(session, table, rows):
        if table is BallotPartRow:
            orders.append([row["answers"] for row in rows])

    monkeypatch.setattr(seal, "_insert", insert)
    monkeypatch.setattr(seal, "_require_all_kept", lambda *given: None)
    ballots = [(tuple((number >> item) % 2 for item in range(12)), 0) for number in range(64)]
    cast(place, place.village_ids()[0], ballots)
    close(place)
    for _ in range(2):
        do_seal(place)
        place.session.rollback()
    one, other = orders[0], orders[4]
    assert sorted(one) == sorted(other)
    assert one != other


def test_screens_are_looked_at_before_the_box_is_locked_and_with_the_kept_seed(place, monkeypatch):
    seen = []
    look, lock = screens.look, boxes.lock_alone

    def watched(*given, report):
        seen.append(given[-1])
        return look(*given, report=report)

    monkeypatch.setattr(screens, "look", watched)
    monkeypatch.setattr(boxes, "lock_alone", lambda *given: seen.append("lock") or lock(*given))
    close(place)
    seen.clear()
    do_seal(place)
    assert seen == [place.round_.sealing["screen_seed"], "lock"]


@pytest.fixture
def city(session):
    """Seven villages with a mass evaluation, one of them with too few ballots to be shown."""
    city = scene.city(session)
    group = city.village.group
    for number in range(4):
        more = (f"99030000000{number}", "South", f"More {number}", 400, 20)
        city.villages.append(scene._village(session, city.round_, group, *more))
    for village, number in zip(city.villages, (112, 60, 8, 50, 50, 50, 50), strict=True):
        scene.answer(session, city, village, "mass", number)
    return city


def tally_of(session, city, code):
    village = next(each for each in city.villages if each.code == code)
    key = (city.round_.id, village.village_id, "mass", "ticket")
    return tallies.from_dict(session.get(TallyRow, key).document)


def flag(session, city, village, audience="mass", **flags):
    verdicts = {(village.village_id, audience): Flags(**flags)}
    screens.keep(session, city.round_, verdicts)
    session.flush()


def test_a_flag_is_shown_where_the_score_is_and_nowhere_else(session, city):
    for village in city.villages:
        flag(session, city, village, burst=True, all_good=True)
    shown = results.released(session, city.round_)
    flags = [shown[village.code].flags for village in city.villages[:3]]
    raised = {"mass": ("burst", "all_good"), "self": None}
    assert flags == [raised, raised, {"mass": None, "self": None}]


def test_a_round_without_verdicts_shows_none(session, city):
    shown = results.released(session, city.round_)
    assert shown[city.village.code].flags == {"mass": None, "self": None}


def polarise(session, city, village, shares, audience="mass"):
    """Let whole ballots of *village* be of one grade, in these shares of 20."""
    ballots = [[grade] * 12 for grade, number in enumerate(shares) for _ in range(number)]
    columns = scene.questionnaire(audience).dimension_columns
    tally = tallies.count(ballots, columns, (100, 80, 60, 40))
    key = {"round_id": city.round_.id, "village_id": village.village_id, "access": "ticket"}
    session.merge(TallyRow(**key, audience=audience, document=tally.to_dict()))
    session.flush()


def pool_without(session, city, code):
    """φ_pool of the villages but one, from the tallies."""
    kept = [
        VillageTally(village.code, None, tally_of(session, city, village.code))
        for village in city.villages
        if village.code != code
    ]
    return score_round(kept, (100, 80, 60, 40))[0].source.phi_pool


def test_flagged_villages_do_not_feed_the_pooled_dispersion(session, city):
    for place, village in enumerate(city.villages):
        for audience in ("mass", "self"):
            polarise(session, city, village, (10 - place, 6, 4, place), audience)
    suspect, other = city.villages[6], city.villages[0]
    before = results._count(session, city.round_)
    flag(session, city, suspect, burst=True)
    flag(session, city, other, "self", burst=True)
    after = results._count(session, city.round_)
    pools = [counted.mass[0].source.phi_pool for counted in (before, after)]
    assert pools == [pool_without(session, city, None), pool_without(session, city, suspect.code)]
    assert pools[0] != pools[1]
    assert after.self_[0].source.phi_pool == pool_without(session, city, other.code)
    assert after.self_[0].source.phi_pool not in pools
    scores = [[one.source.value for one in counted.mass] for counted in (before, after)]
    assert scores[0] == scores[1]
