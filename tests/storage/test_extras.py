"""Questions that are not graded through the box: taken apart at the seal, released after it."""

import random
from collections import Counter

import pytest
import sqlalchemy as sa

from survey.core import extras, tallies
from survey.core.ballot import Ballot
from survey.core.errors import Damaged, Refused
from survey.storage import extras as store
from survey.storage import intake, rounds, seal
from survey.storage.tables import BallotPartRow, ExtraTallyRow, FreeAnswerRow, TallyRow
from tests import beside
from tests.storage.round import close, office

ASKED = beside.questionnaire()
ROAD, MISSING, VISITS, FIRST, WISH = ASKED.extras


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys", audiences=beside.audiences(session))


def ballots(number):
    """Ballots of which no two are alike, each part in an order of its own."""
    draw = random.Random(number)
    return [
        Ballot(
            tuple(draw.randint(0, 3) for _ in range(12)),
            f"comment {one}",
            (
                draw.choice((None, 0, 1, 2)),
                draw.choice((None, (0,), (1,), (0, 1), (0, 2), (0, 1, 2))),
                draw.choice((None, *range(50))),
                draw.choice((None, f"first {one}")),
                f"wish {one}",
            ),
        )
        for one in range(number)
    ]


def cast(place, village, found, audience="mass"):
    for code, one in zip(place.print(village, len(found), audience), found, strict=True):
        submission = place.by_ticket(
            code, village, one.answers, audience=audience, comment=one.comment, extras=one.extras
        )
        assert intake.add(place.session, submission) is intake.Outcome.COUNTED
        place.session.commit()


def do_seal(place, accepted=0):
    persons = (place.first, place.second)
    seal.seal(place.session, place.round_, place.private_key(), place.pepper, persons, accepted)
    place.session.commit()


def tally_of(place, village, extra, audience="mass", access="ticket"):
    key = (place.round_.id, village, audience, access, extra.key)
    return extras.from_dict(place.session.get(ExtraTallyRow, key).document)


def test_what_is_kept_are_the_counts_of_each_question_and_nothing_of_whose_they_are(place):
    first, second = place.village_ids()
    found = {first: ballots(12), second: ballots(3)}
    for village, here in found.items():
        cast(place, village, here)
    close(place)
    do_seal(place)
    for village, here in found.items():
        for number, extra in enumerate(ASKED.extras):
            expected = extras.count([one.extras[number] for one in here], extra)
            assert tally_of(place, village, extra) == expected
    assert tally_of(place, first, ROAD, "self").received == 0
    assert tally_of(place, first, ROAD, access="poster").received == 0
    columns = {column.name for column in sa.inspect(ExtraTallyRow).columns}
    assert columns == {"round_id", "village_id", "audience", "access", "extra", "document"}


def test_texts_are_kept_item_by_item_in_an_order_of_their_own(place, monkeypatch):
    shuffled = []
    monkeypatch.setattr(seal._random, "shuffle", lambda found: found and shuffled.append(found))
    village, _ = place.village_ids()
    here = ballots(8)
    cast(place, village, here)
    close(place)
    do_seal(place)
    rows = place.session.execute(sa.select(FreeAnswerRow.item, FreeAnswerRow.text))
    expected = Counter(("comment", one.comment) for one in here)
    for number, extra in ((3, FIRST), (4, WISH)):
        expected += Counter((extra.key, one.extras[number]) for one in here if one.extras[number])
    assert Counter(map(tuple, rows)) == expected
    of_texts = [{one[-1].split()[0] for one in found} for found in shuffled if len(found[0]) == 2]
    assert of_texts == [{"comment"}, {"first"}, {"wish"}]


def test_grades_are_kept_as_if_nothing_else_had_been_asked(place):
    village, _ = place.village_ids()
    here = ballots(9)
    cast(place, village, here)
    close(place)
    do_seal(place)
    kept = tallies.from_dict(
        place.session.get(TallyRow, (place.round_.id, village, "mass", "ticket")).document
    )
    columns = ASKED.dimension_columns
    expected = tallies.count([one.answers for one in here], columns, (100, 80, 60, 40))
    assert kept.to_dict() == expected.to_dict()
    assert {len(row) for row in place.session.scalars(sa.select(BallotPartRow.answers))} == {3}


def test_a_ballot_that_answers_something_else_stops_the_seal(place):
    village, _ = place.village_ids()
    good, bad = ballots(2)
    cast(place, village, [good, Ballot(bad.answers, "", (9, None, None, None, None))])
    close(place)
    with pytest.raises(Damaged, match="1 ballots"):
        do_seal(place)
    place.session.rollback()
    do_seal(place, accepted=1)
    assert tally_of(place, village, ROAD).received == 1


def test_nothing_is_released_before_the_seal_and_by_the_rules_after_it(place):
    village, _ = place.village_ids()
    here = ballots(40)
    cast(place, village, here)
    row = rounds.village(place.session, place.round_, village)
    with pytest.raises(Refused):
        store.released(place.session, place.round_, row)
    place.close_and_seal()
    shown = store.released(place.session, place.round_, row)
    assert [found.extra for found in shown["mass"]] == list(ASKED.extras)
    road, missing, visits, first, wish = shown["mass"]
    assert road.options
    assert all(one.count % 5 == 0 for one in (*road.options, *missing.options) if one.count)
    assert visits.quartiles
    assert first.withheld
    assert wish.withheld
    assert all(found.withheld for found in shown["self"])


def test_a_round_that_asks_nothing_beside_has_nothing_to_show(session, tmp_path):
    place = office(session, tmp_path / "keys")
    place.close_and_seal()
    row = rounds.villages(session, place.round_)[0]
    assert store.released(session, place.round_, row) == {"mass": (), "self": ()}
