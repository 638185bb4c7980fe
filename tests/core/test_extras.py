"""Questions that are not graded: read kindly, counted apart, never in a score."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from survey.core import ballot, box, extras, keys, tallies
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.core.errors import Damaged, Invalid
from survey.core.extras import ExtraTally
from survey.core.scoring import VillageTally, score_round
from survey.storage.questionnaires import defaults
from tests import beside

ASKED = beside.questionnaire()
ROAD, MISSING, VISITS, FIRST, WISH = ASKED.extras
VALUES = (100, 80, 60, 40)


def answers(asked):
    """Any answers that could be in one ballot."""
    return st.tuples(*map(answer, asked.extras))


def answer(extra):
    match extra.kind:
        case "choice":
            given_ = st.integers(0, len(extra.options) - 1)
        case "choices":
            places = st.sets(st.integers(0, len(extra.options) - 1), min_size=1)
            given_ = places.map(lambda found: tuple(sorted(found)))
        case "number":
            given_ = st.integers(extra.least, extra.most)
        case _:
            written = st.text(min_size=1, max_size=2 * extra.maximum)
            given_ = written.map(lambda typed: extras.read({extra.key: typed}, extra))
    return st.none() | given_


def test_a_form_is_read_into_one_answer_for_each_question():
    cast = ballot.check(beside.FORM, ASKED)
    assert cast.extras == beside.ANSWERED
    assert extras.fit(cast.extras, ASKED.extras)


def test_a_question_is_never_required():
    cast = ballot.check({}, ASKED)
    assert cast.extras == (None,) * 5
    assert len(ballot.blanks(cast, ASKED)) == len(ballot.unanswered({}, ASKED)) == 12


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("\uff11\uff12", 12),
        ("约7回", 7),
        ("0", 0),
        ("50", 50),
        ("51", None),
        ("-1", None),
        ("5-6", None),
        ("3.5", None),
        ("three", None),
        ("9" * 4000, None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_write_it_or_left_blank(typed, number):
    assert extras.read({VISITS.key: typed}, VISITS) == number


@pytest.mark.parametrize("typed", ["-3", "\u22123", "负3"])
def test_a_number_below_nothing_may_be_asked_for(typed):
    cold = VISITS.model_copy(update={"least": -40})
    assert extras.read({VISITS.key: typed}, cold) == -3


@pytest.mark.parametrize("typed", ["north", "EAST", "0", "east "])
def test_what_is_no_option_is_left_blank(typed):
    assert extras.read({ROAD.key: typed}, ROAD) is None
    assert extras.read({f"{MISSING.key}.{typed}": "1"}, MISSING) is None


@given(st.text(max_size=200))
def test_any_text_becomes_one_clean_line_that_fits(typed):
    found = extras.read({FIRST.key: typed}, FIRST)
    assert found is None or (0 < len(found) <= 60 and found.isprintable())


@given(answers(ASKED))
def test_what_a_ballot_holds_is_read_back(given_):
    assert extras.fit(given_, ASKED.extras)
    assert extras.from_stored(json.loads(json.dumps(given_))) == given_


@pytest.mark.parametrize("value", [True, 1.5, {"a": 1}, [True], ["x"], [[1]]])
def test_what_no_ballot_holds_is_refused(value):
    with pytest.raises(Invalid):
        extras.from_stored([value])


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found[:-1],
        lambda found: (*found, None),
        lambda found: (3, *found[1:]),
        lambda found: (-1, *found[1:]),
        lambda found: ("west", *found[1:]),
        lambda found: (found[0], (), *found[2:]),
        lambda found: (found[0], (2, 0), *found[2:]),
        lambda found: (found[0], (0, 0), *found[2:]),
        lambda found: (found[0], (0, 3), *found[2:]),
        lambda found: (*found[:2], 51, *found[3:]),
        lambda found: (*found[:3], "", found[4]),
        lambda found: (*found[:3], "x" * 61, found[4]),
    ],
)
def test_answers_to_something_else_do_not_fit(change):
    assert not extras.fit(change(beside.ANSWERED), ASKED.extras)


# In the box: one length for everybody, and boxes of earlier rounds open as before.

PUBLIC, PRIVATE = keys.make_pair()
PEPPER = box.make_pepper()


def put_and_open(asked, cast, place=None):
    where = place or Place(7, 41, "mass", "ticket", asked.digest)
    length = box.ballot_length(asked)
    row = box.sealer(PUBLIC, PEPPER)(where, cast, length, 10**9)
    opened = box.opener(PRIVATE, PEPPER, where.round_id, {"mass": asked.digest}, {"mass": length})
    found = opened(row.id, where.village_id, "mass", row.ciphertext, row.row_mac)
    return len(row.ciphertext), found.ballot


@given(answers(ASKED))
def test_every_ballot_with_extras_has_one_length_and_opens(given_):
    cast = Ballot((0,) * 12, "路灯", given_)
    blank = put_and_open(ASKED, Ballot((-2,) * 12, "", (None,) * 5))
    length, found = put_and_open(ASKED, cast)
    assert found == cast
    assert length == blank[0]


@pytest.mark.parametrize("sign", ["\U0010ffff", '"', "\\", "\u2028", "村"])
def test_the_longest_answers_to_everything_fit(sign):
    many = tuple({**beside.FIRST, "key": f"effects.text{one}", "maximum": 300} for one in range(20))
    asked = beside.questionnaire(extras=(*many[:16], beside.ROAD, beside.MISSING, beside.VISITS))
    widest = Place(10**18, 10**18, "mass", "poster", asked.digest)
    longest = tuple(
        sign * extra.maximum if extra.kind == "text" else extras.longest(extra)
        for extra in asked.extras
    )
    cast = Ballot((-1,) * 12, sign * 300, longest)
    assert put_and_open(asked, cast, widest)[1] == cast


@pytest.mark.parametrize(
    ("least", "most", "length"),
    [(-1_000_000, 0, 8), (-40_000, -3, 6), (-5, 1_000_000, 7), (0, 50, len("null"))],
)
def test_no_number_is_longer_than_the_longest(least, most, length):
    extra = VISITS.model_copy(update={"least": least, "most": most})
    assert len(json.dumps(extras.longest(extra))) == length


@pytest.mark.parametrize("audience", ["mass", "self"])
def test_rounds_that_are_open_keep_the_length_they_were_opened_with(audience):
    assert box.ballot_length(defaults()[audience]) == 1408


def test_a_ballot_of_the_version_before_extras_is_opened():
    asked, row_id = defaults()["mass"], bytes(16)
    fields = [7, row_id.hex(), 41, "mass", "ticket", asked.digest, 5, "0123-.012301", "路灯"]
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    padded = (len(plain).to_bytes(4) + plain).ljust(1408, b"\0")
    ciphertext = SealedBox(PublicKey(PUBLIC)).encrypt(padded)
    mac = box.row_mac(PEPPER, row_id, 41, "mass", ciphertext)
    opened = box.opener(PRIVATE, PEPPER, 7, {"mass": asked.digest}, {"mass": 1408})
    found = opened(row_id, 41, "mass", ciphertext, mac)
    assert found.ballot == Ballot((0, 1, 2, 3, -1, -2, 0, 1, 2, 3, 0, 1), "路灯")


# Counts.


def test_options_are_counted_and_combinations_are_not():
    given_ = [(0, 1), (1,), None, (0, 1, 2)]
    tally = extras.count(given_, MISSING)
    assert tally == ExtraTally(4, 3, {"lamps": 2, "water": 3, "bus": 1})
    assert tally.blank == 1
    assert extras.count([(0,), (1,), (1, 2), None, (0, 1)], MISSING).counts == {
        "lamps": 2, "water": 3, "bus": 1,
    }  # fmt: skip


def test_numbers_are_counted_by_what_they_are():
    tally = extras.count([10, 2, None, 10], VISITS)
    assert tally == ExtraTally(4, 3, {"2": 1, "10": 2})


def test_texts_are_counted_and_not_kept():
    assert extras.count(["a", None, "b"], FIRST) == ExtraTally(3, 2, {})


@given(st.lists(answers(ASKED), max_size=30))
def test_a_tally_is_the_same_in_whatever_order_and_survives_its_document(cast):
    for place, extra in enumerate(ASKED.extras):
        column = [one[place] for one in cast]
        tally = extras.count(column, extra)
        assert extras.count(column[::-1], extra) == tally
        assert list(extras.count(column[::-1], extra).counts) == list(tally.counts)
        assert extras.from_dict(json.loads(json.dumps(tally.to_dict()))) == tally


@pytest.mark.parametrize(
    "change", [{"format": "x"}, {"received": 2}, {"counts": None}, {"answered": "many"}]
)
def test_a_spoilt_tally_is_named(change):
    document = extras.count([0, 1, 1], ROAD).to_dict()
    with pytest.raises(Damaged):
        extras.from_dict(document | change)


# Scores.


@given(
    st.lists(
        st.tuples(st.tuples(*[st.integers(-2, 3)] * 12), answers(ASKED)), min_size=1, max_size=30
    )
)
def test_questions_beside_change_no_score(cast):
    plain = defaults()["mass"]
    assert ASKED.dimension_columns == plain.dimension_columns

    def scores(asked, ballots):
        columns = asked.dimension_columns
        tally = tallies.count([one.answers for one in ballots], columns, VALUES)
        return score_round([VillageTally("a", 100, tally)], VALUES)

    with_extras = [Ballot(graded, "", more) for graded, more in cast]
    without = [Ballot(graded) for graded, _ in cast]
    assert scores(ASKED, with_extras) == scores(plain, without)
    assert [ballot.is_valid(one.answers) for one in with_extras] == [
        ballot.is_valid(one.answers) for one in without
    ]
