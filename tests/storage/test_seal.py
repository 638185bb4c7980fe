"""From box to tallies: everything acknowledged is there once, and the traces are gone."""

import pytest
import sqlalchemy as sa

from survey.core import ballot, keys, tallies
from survey.core.errors import Damaged, Invalid, Refused
from survey.core.policy import Policy
from survey.storage import (
    acts,
    boxes,
    intake,
    opening,
    progress,
    questionnaires,
    rounds,
    scrub,
    seal,
)
from survey.storage import keys as key_folder
from survey.storage.db import begin_write
from survey.storage.tables import BallotPartRow, FreeAnswerRow, TallyRow
from tests.storage.round import BASE, close, draft, fill, office


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


def do_seal(place, accepted=0, report=progress.silent):
    contents = seal.seal(
        place.session,
        place.round_,
        place.private_key(),
        place.pepper,
        (place.first, place.second),
        accepted,
        report=report,
    )
    place.session.commit()
    return contents


def tally_of(place, village, audience="mass", access="ticket"):
    row = place.session.get(TallyRow, (place.round_.id, village, audience, access))
    return tallies.from_dict(row.document)


def test_the_tallies_are_those_of_the_ballots(place):
    first, second = place.village_ids()
    cast = {first: fill(place, first), second: fill(place, second, 3)}
    close(place)
    do_seal(place)
    columns = questionnaires.defaults()["mass"].dimension_columns
    for village, answers in cast.items():
        expected = tallies.count(answers, columns, (100, 80, 60, 40))
        assert tally_of(place, village).to_dict() == expected.to_dict()
    assert tally_of(place, first, "self").received == 0


def test_posters_are_counted_apart_where_there_are_tickets(place):
    village, _ = place.village_ids()
    fill(place, village, 2)
    intake.add(place.session, place.by_poster(village))
    place.session.commit()
    close(place)
    do_seal(place)
    assert tally_of(place, village).received == 2
    assert tally_of(place, village, access="poster").received == 1


def test_the_parts_allow_a_recount_of_every_dimension(place):
    village, _ = place.village_ids()
    cast = fill(place, village)
    close(place)
    do_seal(place)
    for dimension, where in questionnaires.defaults()["mass"].dimension_columns.items():
        parts = place.session.scalars(
            sa.select(BallotPartRow).where(BallotPartRow.dimension == dimension)
        ).all()
        expected = sorted(
            (ballot.is_valid(answers), ballot.to_text(tuple(answers[column] for column in where)))
            for answers in cast
        )
        assert sorted((part.valid, part.answers) for part in parts) == expected


def test_comments_are_kept_apart(place):
    village, _ = place.village_ids()
    fill(place, village, 4)
    close(place)
    do_seal(place)
    texts = set(place.session.scalars(sa.select(FreeAnswerRow.text)))
    assert texts == {f"comment {number}" for number in range(4)}


def test_an_open_round_is_not_sealed(place):
    with pytest.raises(Refused, match="closed"):
        do_seal(place)


def test_sealing_waits_after_closing(session, tmp_path):
    place = office(session, tmp_path / "keys", policy=Policy())
    close(place)
    with pytest.raises(Refused, match="30"):
        do_seal(place)


def test_sealing_twice_is_refused(place):
    close(place)
    do_seal(place)
    with pytest.raises(Refused):
        do_seal(place)


def spoil_ciphertext(box, ids):
    return sa.update(box.intake).where(box.intake.c.id == ids[0]).values(ciphertext=b"x" * 700)


def move_to_other_village(box, ids):
    other = sa.select(sa.func.max(box.received.c.village_id) + 1).scalar_subquery()
    return sa.update(box.intake).where(box.intake.c.id == ids[0]).values(village_id=other)


def remove(box, ids):
    return sa.delete(box.intake).where(box.intake.c.id == ids[0])


def copy(box, ids):
    columns = [column for column in box.intake.c if column.name != "id"]
    row = sa.select(sa.literal(b"y" * 16), *columns).where(box.intake.c.id == ids[0])
    return sa.insert(box.intake).from_select(["id", *(c.name for c in columns)], row)


def remove_with_what_it_spent(box, ids):
    return sa.delete(box.spent).where(
        box.spent.c.mac == sa.select(sa.func.min(box.spent.c.mac)).scalar_subquery()
    )


@pytest.mark.parametrize(
    "attack",
    [spoil_ciphertext, move_to_other_village, remove, copy, remove_with_what_it_spent],
)
def test_a_box_that_was_tampered_with_stops_the_seal(place, attack):
    village, _ = place.village_ids()
    fill(place, village, 5)
    box = boxes.of_round(place.round_.id)
    ids = place.session.scalars(sa.select(box.intake.c.id).order_by(box.intake.c.id)).all()
    place.session.execute(attack(box, ids))
    place.session.commit()
    close(place)
    with pytest.raises(Damaged, match="1"):
        do_seal(place)
    place.session.rollback()
    assert place.round_.state == "closed"
    assert place.session.scalars(sa.select(TallyRow)).all() == []
    contents = do_seal(place, accepted=1)
    assert contents.bad == 1
    assert place.round_.sealing["bad"] == 1


def test_another_number_than_the_accepted_one_stops_the_seal(place):
    fill(place, place.village_ids()[0], 2)
    close(place)
    with pytest.raises(Damaged, match="0"):
        do_seal(place, accepted=1)


def test_the_scrub_leaves_no_box_and_no_key(place):
    fill(place, place.village_ids()[0], 3)
    close(place)
    do_seal(place)
    scrub.scrub(place.session, place.round_, place.folder)
    assert place.round_.state == "sealed"
    names = sa.inspect(place.session.get_bind()).get_table_names()
    assert not [name for name in names if name.startswith("box")]
    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize("done", ["nothing", "dropped", "discarded"])
def test_a_scrub_that_was_cut_short_is_finished(place, done):
    fill(place, place.village_ids()[0], 3)
    close(place)
    do_seal(place)
    if done != "nothing":
        begin_write(place.session)
        boxes.drop(place.session, place.round_.id)
        place.session.commit()
    if done == "discarded":
        key_folder.discard(place.folder, place.round_.id)
    assert scrub.resume(place.session, place.folder) == ["spring"]
    assert place.round_.state == "sealed"
    assert scrub.resume(place.session, place.folder) == []


def test_a_sealed_sqlite_file_holds_neither_ticket_digest_nor_ciphertext(place):
    if place.session.get_bind().dialect.name != "sqlite":
        pytest.skip("the files of PostgreSQL are looked at in tests/hostile")
    village, _ = place.village_ids()
    fill(place, village, 30)
    box = boxes.of_round(place.round_.id)
    macs = place.session.scalars(sa.select(box.spent.c.mac)).all()
    ids = place.session.scalars(sa.select(box.intake.c.id)).all()
    close(place)
    do_seal(place)
    scrub.scrub(place.session, place.round_, place.folder)
    path = place.session.get_bind().url.database
    from pathlib import Path

    seen = b"".join(each.read_bytes() for each in Path(path).parent.glob("survey.sqlite*"))
    assert not [mac for mac in macs if mac in seen]
    assert not [row_id for row_id in ids if row_id in seen]


def test_two_halves_open_the_box(session, tmp_path):
    place = office(session, tmp_path / "keys", key_holding="halves")
    cast = fill(place, place.village_ids()[0], 2)
    close(place)
    wrapped = key_folder.locked(place.folder, place.round_.id)
    private = keys.unwrap(wrapped, place.halves, place.round_.public_key)
    contents = seal.seal(session, place.round_, private, place.pepper, (place.first, place.second))
    assert contents.ballots == len(cast)


def test_the_same_person_does_not_open_a_round_alone(session, tmp_path):
    place = office(session, tmp_path / "keys")
    begin_write(session)
    acts.propose(session, place.round_, "round.close", place.first)
    with pytest.raises(Refused):
        rounds.close(session, place.round_, place.first, two_person=True)
    rounds.close(session, place.round_, place.second, two_person=True)
    assert place.round_.state == "closed"


def test_the_first_holder_cannot_use_the_second_half(session, tmp_path):
    place = office(session, tmp_path / "keys")
    with pytest.raises((Invalid, Refused)):
        opening.begin(
            session, place.round_, place.first, keys.make_half(2), "https://x.example.org"
        )


def test_a_round_is_opened_only_in_the_way_that_its_posters_tell(session, tmp_path):
    """Who may read the answers is what villagers are promised; no other door may open the round."""
    place = office(session, tmp_path / "keys")
    for slug, holding in (("halved", "halves"), ("served", "server")):
        rounds.create(session, draft(session, slug=slug, key_holding=holding), "first")
    session.commit()
    halved, served = rounds.by_slug(session, "halved"), rounds.by_slug(session, "served")
    acts.propose(session, halved, "round.open", place.first)
    with pytest.raises(Refused):
        opening.with_server_key(session, halved, place.second, BASE, place.folder)
    with pytest.raises(Refused):
        opening.begin(session, served, place.first, keys.make_half(1), BASE, keys.MINIMUM)
    assert (halved.state, served.state) == ("draft", "draft")


def told(news):
    """Return how often each stage was told, in the order in which they were first heard of."""
    return {stage: [done for name, done, _ in news if name == stage] for stage, _, _ in news}


def test_every_stage_is_told_in_order_from_its_beginning_to_its_end(place, monkeypatch):
    monkeypatch.setattr(progress, "STEP", 10)
    fill(place, place.village_ids()[0], 25)
    close(place)
    news = []
    do_seal(place, report=lambda *heard: news.append(heard))
    scrub.scrub(place.session, place.round_, place.folder, report=lambda *heard: news.append(heard))
    assert list(dict.fromkeys(stage for stage, _, _ in news)) == list(progress.STAGES)
    assert [stage for stage, _, _ in news] == sorted(
        (stage for stage, _, _ in news), key=list(progress.STAGES).index
    )
    assert told(news) == {
        "opening": [0, 10, 20, 25],
        "screening": [0, 1, 2],
        "reliability": [0, 1, 2],
        "keeping": [0, 10, 20, 30, 40, 50, 60, 70, 80, 100],
        "clearing": [0, 1, 2, 3],
    }
    assert all(done <= total for _, done, total in news)


def test_an_empty_box_has_stages_too(place):
    close(place)
    news = []
    do_seal(place, report=lambda *heard: news.append(heard))
    assert ("opening", 1, 1) in news
    assert ("keeping", 1, 1) in news


def test_one_at_a_time_holds_the_round_and_only_while_it_lasts(place):
    close(place)
    assert not key_folder.is_held(place.folder, place.round_.id)
    with key_folder.hold(place.folder, place.round_.id):
        assert key_folder.is_held(place.folder, place.round_.id)
        with pytest.raises(Refused, match="being sealed just now"):
            key_folder.hold(place.folder, place.round_.id)
    assert not key_folder.is_held(place.folder, place.round_.id)
    do_seal(place)
    scrub.scrub(place.session, place.round_, place.folder)
    assert not key_folder.is_held(place.folder, place.round_.id)
