"""Nobody's words are read where they would tell who wrote them, whatever a moderator decides."""

from hypothesis import given
from hypothesis import strategies as st

from survey.core.release import readable, release_texts
from survey.core.release.texts import LEAST_BALLOTS, LEAST_TEXTS, Place


def place(village_id, ballots, texts, township="East"):
    return Place(village_id, township, ballots, texts)


def test_a_village_stands_alone_from_both_numbers_on():
    found = readable([place(1, 20, 5), place(2, 19, 5), place(3, 20, 4, "West")])
    assert found.keys() == {1}
    assert (found[1].village_ids, found[1].pooled) == ({1}, False)


def test_small_villages_of_a_township_are_read_together():
    found = readable([place(1, 12, 4), place(2, 8, 1), place(3, 9, 0), place(4, 50, 9)])
    assert found[1] == found[2] == found[3]
    assert (found[1].village_ids, found[1].township) == ({1, 2, 3}, "East")
    assert found[4].village_ids == {4}


def test_a_pool_in_which_one_village_wrote_is_not_read():
    assert readable([place(1, 12, 9), place(2, 19, 0)]) == {}


def test_a_pool_is_of_one_township():
    assert readable([place(1, 12, 4), place(2, 12, 4, "West")]) == {}


def test_where_nobody_voted_nothing_is_pooled():
    assert readable([place(1, 0, 0), place(2, 25, 3), place(3, 4, 2)])[2].village_ids == {2, 3}


PLACES = st.lists(
    st.tuples(st.integers(0, 45), st.floats(0, 1), st.sampled_from(["East", "West", "North"])).map(
        lambda one: (one[0], int(one[0] * one[1]), one[2])
    ),
    max_size=9,
).map(lambda found: [place(number, *one) for number, one in enumerate(found)])


@given(PLACES)
def test_behind_each_text_there_are_always_enough(places):
    by_id = {one.village_id: one for one in places}
    for village_id, found in readable(places).items():
        members = [by_id[one] for one in found.village_ids]
        assert village_id in found.village_ids
        assert sum(one.ballots for one in members) >= LEAST_BALLOTS
        assert sum(one.texts for one in members) >= LEAST_TEXTS
        assert len(members) == 1 or sum(one.texts > 0 for one in members) >= 2
        assert len({one.township for one in members}) == 1
        if len(members) == 1:
            assert not found.township


@given(PLACES)
def test_no_text_is_read_twice(places):
    pools = set(readable(places).values())
    read = [one for pool in pools for one in pool.village_ids]
    assert len(read) == len(set(read))


def test_what_may_not_be_read_is_told_why_and_holds_nothing():
    shown = release_texts(None, ["a"])
    assert shown.texts == ()
    assert "20" in str(shown.withheld)
