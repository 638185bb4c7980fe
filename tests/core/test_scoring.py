import gc
import math
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.collector import uncollected
from survey.core.composite import compose
from survey.core.dispersion import moderate
from survey.core.errors import Invalid
from survey.core.interval import interval, probability
from survey.core.scoring import score_round
from survey.core.tallies import count
from tests.core.ballots import (
    ANSWERS,
    FOUR,
    ONE,
    VALUES,
    VECTORS,
    WORKED,
    ballots_of,
    figures_by_hand,
    scores_of,
    village,
    worked_mass,
)

GRADED = st.sampled_from([0, 1, 2, 3])
close = pytest.approx


def vector(name: str) -> dict:
    return next(one for one in VECTORS["external"] if one["id"] == name)


def test_with_phi_one_and_a_normal_quantile_it_is_the_interval_of_wilson():
    given_, wanted = vector("V1")["inputs"], vector("V1")["expected"]
    for (hits, n), limits in zip(given_, wanted, strict=True):
        assert interval(hits / n, n, 1, 0, None, 0, 1) == close(limits, abs=vector("V1")["tol"])


def test_it_is_the_interval_of_the_textbook_where_nobody_says_yes():
    hits, n = vector("V3")["inputs"]
    limits = interval(hits / n, n, 1, 0, None, 0, 1)
    assert limits == close(vector("V3")["expected"], abs=vector("V3")["tol"])


@pytest.mark.parametrize("figure", ["dimension", "source"])
def test_the_worked_example_holds_to_nine_digits(figure):
    scores = scores_of(WORKED["ballots"], ONE, eligible=60)
    score = scores.source if figure == "source" else scores.dimensions["effects"]
    assert [item.value for item in scores.items] == close(WORKED["item_scores"], abs=1e-9)
    assert score.value == close(WORKED["D"], abs=1e-9)
    assert (score.n, score.df) == (WORKED["n"], WORKED["df"])
    assert score.variance == close(WORKED["s2_lin"], abs=1e-9)
    assert score.ratio == close(WORKED["R"], abs=1e-9)
    assert score.phi_v == close(WORKED["phi_v"], abs=1e-9)
    assert score.phi == close(WORKED["phi_hat"], abs=1e-9)
    assert (score.low, score.high) == close(WORKED["ci95"], abs=1e-9)
    for least, chance in WORKED["P_ge"].items():
        assert score.probability_at_least(float(least)) == close(chance, abs=1e-9)
    assert score.flips(80).count == WORKED["flip80"]
    assert score.flips(80).about
    assert scores.shares.unknown == close(WORKED["dk_share"], abs=1e-9)
    assert scores.shares.good == close(WORKED["good_rate"], abs=1e-9)


def test_the_worked_composite_holds_to_nine_digits():
    wanted, mass = WORKED["composite"], worked_mass()
    weights = dict(zip(("self", "mass", "organisational"), wanted["w"], strict=True))
    own = replace(mass, value=wanted["self"])
    composite = compose(own, mass, wanted["org"], weights)
    assert composite.value == close(wanted["C"], abs=1e-9)
    assert (composite.low, composite.high) == close(wanted["C_ci"], abs=1e-9)
    assert composite.mass_needed(80) == close(wanted["mass_needed_80"], abs=1e-9)
    assert composite.mass_needed(90) == close(wanted["mass_needed_90"], abs=1e-9)
    assert composite.probability_at_least(80) == close(wanted["P_C_ge80"], abs=1e-9)
    assert composite.probability_at_least(90) == close(wanted["P_C_ge90"], abs=1e-9)


def test_a_missing_source_makes_no_composite_and_says_which():
    composite = compose(
        None, worked_mass(), None, {"self": 0.1, "mass": 0.4, "organisational": 0.5}
    )
    assert composite.value is None
    assert composite.low is None
    assert composite.probability_at_least(80) is None
    assert composite.mass_needed(80) is None
    assert ["self-evaluation" in str(composite.missing[0]), len(composite.missing)] == [True, 2]


def test_a_source_of_no_weight_is_not_asked_for():
    composite = compose(None, worked_mass(), 88, {"self": 0, "mass": 0.5, "organisational": 0.5})
    assert composite.value == close((WORKED["D"] + 88) / 2)
    without_mass = compose(None, None, 88, {"self": 0, "mass": 0, "organisational": 1})
    assert (without_mass.value, without_mass.low, without_mass.high) == (88, 88, 88)
    assert without_mass.probability_at_least(80) == 1
    assert without_mass.probability_at_least(90) == 0


@given(ballots_of(10))
def test_tallies_give_what_the_ballots_give(ballots):
    scores = scores_of(ballots, FOUR)
    for score, hand in zip(
        [*scores.dimensions.values(), scores.source], figures_by_hand(ballots, FOUR), strict=True
    ):
        assert (score is None) == (hand is None)
        if score is None:
            continue
        assert score.value == close(hand["D"], abs=1e-9)
        assert score.n == hand["n"]
        if score.n > 1:
            assert score.variance == close(hand["squares"] / (score.n - 1), abs=1e-9)


@given(st.lists(ballots_of(10, most=8), min_size=4, max_size=8))
def test_the_pooled_dispersion_is_that_of_the_formula(villages):
    scored = score_round([village(b, code=str(i)) for i, b in enumerate(villages)], VALUES)
    hands = [figures_by_hand(ballots, FOUR) for ballots in villages]
    for place in range(5):
        used = [hand[place] for hand in hands if hand[place] and hand[place]["n"] >= 2]
        above = math.fsum(one["squares"] for one in used)
        below = math.fsum((one["n"] - 1) * (one["D"] - 40) * (100 - one["D"]) for one in used)
        pool = 0.5
        if len(used) >= 5 and below > 1e-9:
            ratio, size = above / below, sum(one["n"] for one in used) / len(used)
            pool = max(min(1, ratio / (1 + ratio / size)), 0.05)
        for scores in scored:
            score = [*scores.dimensions.values(), scores.source][place]
            if score is not None:
                assert score.phi_pool == close(pool, abs=1e-9)


def test_a_flagged_village_does_not_feed_the_pool():
    calm, wild = [[0] * 10, [1] * 10] * 4, [[0] * 10, [3] * 10] * 4
    villages = [village(calm, code=str(i)) for i in range(5)] + [village(wild, code="wild")]
    calm_only = score_round(villages[:5], VALUES)[0].source.phi_pool
    assert score_round(villages, VALUES, flagged={"wild"})[0].source.phi_pool == calm_only
    assert score_round(villages, VALUES)[0].source.phi_pool > calm_only


def test_fewer_than_five_villages_do_not_make_a_pool():
    villages = [village([[0] * 10, [1] * 10], code=str(i)) for i in range(4)]
    assert score_round(villages, VALUES)[0].source.phi_pool == 0.5


def test_villages_that_all_say_only_good_leave_no_evidence_for_the_pool():
    villages = [village([[0] * 10] * 3, code=str(i)) for i in range(6)]
    assert score_round(villages, VALUES)[0].source.phi_pool == 0.5


@given(ballots_of(10, least=1), st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing(ballots, random):
    shuffled = random.sample(ballots, len(ballots))
    assert scores_of(shuffled) == scores_of(ballots)


@given(st.lists(ballots_of(10, most=6), min_size=5, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_villages_changes_nothing(villages, random):
    named = [village(ballots, code=str(code)) for code, ballots in enumerate(villages)]
    in_order = {one.code: one for one in score_round(named, VALUES)}
    mixed = {one.code: one for one in score_round(random.sample(named, len(named)), VALUES)}
    for code, scores in in_order.items():
        source, other = scores.source, mixed[code].source
        assert (source is None) == (other is None)
        if source is not None:
            assert numbers(source) == close(numbers(other), abs=1e-9)


def numbers(score) -> list[float]:
    return [cell for cell in asdict(score).values() if isinstance(cell, float)]


@given(ballots_of(10, least=1), st.data())
def test_one_better_grade_never_lowers_a_score(ballots, data):
    graded = [(i, j) for i, b in enumerate(ballots) for j, answer in enumerate(b) if answer > 0]
    if not graded:
        return
    i, j = data.draw(st.sampled_from(graded))
    better = [list(ballot) for ballot in ballots]
    better[i][j] -= 1
    before, after = scores_of(ballots), scores_of(better)
    for name, score in before.dimensions.items():
        if score is not None:
            assert after.dimensions[name].value >= score.value - 1e-9
    if before.source is not None:
        assert after.source.value >= before.source.value - 1e-9


@given(ballots_of(10, least=1), st.sampled_from([0, 40, 60, 79.3, 90, 100, 110]))
def test_a_census_has_no_width_and_no_doubt(ballots, threshold):
    scores = scores_of(ballots, eligible=len(ballots))
    for score in [*scores.dimensions.values(), scores.source]:
        if score is None or score.n < len(ballots):
            continue
        assert score.low == score.high == score.value
        if 40 < threshold < 100:
            assert score.probability_at_least(threshold) == float(score.value >= threshold)


def test_a_poster_is_never_a_census():
    scores = scores_of([[0] * 10, [1] * 10], eligible=2, tickets=False)
    assert scores.source.f == 0
    assert scores.source.low < scores.source.value < scores.source.high


@given(ballots_of(10, least=1), st.floats(40, 100), st.integers(0, 60) | st.none())
def test_probability_and_interval_never_contradict_each_other(ballots, threshold, eligible):
    score = scores_of(ballots, eligible=eligible).source
    if score is None or not 40 < threshold < 100 or score.f == 1:
        return
    chance = score.probability_at_least(threshold)
    if threshold < score.low - 1e-7:
        assert chance > 0.975
    elif threshold > score.high + 1e-7:
        assert chance < 0.025
    elif score.low + 1e-7 < threshold < score.high - 1e-7:
        assert 0.025 - 1e-7 <= chance <= 0.975 + 1e-7


@given(
    ballots_of(10, most=12),
    st.integers(0, 30) | st.none(),
    st.booleans(),
    st.floats(0, 1) | st.none(),
)
def test_there_is_never_a_nan_and_limits_stay_within_the_values(ballots, eligible, tickets, pool):
    scores = scores_of(ballots, eligible=eligible, tickets=tickets, phi_pool=pool)
    for score in [*scores.dimensions.values(), scores.source]:
        if score is None:
            continue
        assert all(math.isfinite(number) for number in numbers(score))
        assert 40 <= score.low <= score.value <= score.high <= 100
        if score.free_low is not None:
            assert 40 <= score.free_low <= score.value <= score.free_high <= 100
        for threshold in (0, 40, 60, 80, 99.9, 100, 101):
            assert 0 <= score.probability_at_least(threshold) <= 1


@given(ballots_of(10, least=1), st.data())
def test_unknown_and_blank_leave_the_denominator_and_never_count_as_bad(ballots, data):
    silent = data.draw(st.sampled_from([-1, -2]))
    graded = [[answer if answer >= 0 else silent for answer in ballot] for ballot in ballots]
    more = [*graded, [silent] * 10]
    before, after = scores_of(graded), scores_of(more)
    assert after.received == before.received + 1
    assert after.invalid == before.invalid + 1
    assert after.dimensions == before.dimensions
    assert after.source == before.source


@given(ballots_of(4, least=1))
def test_dimensions_of_one_item_each_are_scored(ballots):
    columns = {"a": (0,), "b": (1,), "c": (2,), "d": (3,)}
    scores = scores_of(ballots, columns)
    assert [score and score.value for score in scores.dimensions.values()] == close(
        [item.value for item in scores.items]
    )


def test_an_item_without_answers_is_left_out_and_named():
    scores = scores_of([[0, -1, 2], [0, -1, 2]], ONE)
    assert scores.left_out == (1,)
    assert scores.items[1].value is None
    assert scores.dimensions["effects"].value == 80


def test_a_dimension_without_answers_makes_the_source_absent_not_a_mean_of_the_rest():
    scores = scores_of([[0, 0, 0, -1, 0, 0, 0, 0, 0, 0]])
    assert scores.dimensions["measures"] is None
    assert scores.dimensions["effects"].value == 100
    assert scores.source is None
    assert scores.poor_at == {0: None, 30: None}


def test_no_ballot_at_all_is_absent_everywhere():
    scores = scores_of([], eligible=50)
    assert scores.source is None
    assert set(scores.dimensions.values()) == {None}
    assert (scores.received, scores.turnout, scores.shares.good) == (0, 0, None)
    assert score_round([], VALUES) == []


def test_one_ballot_has_the_pooled_dispersion_and_is_in_full_doubt():
    score = scores_of([[0, 1, 2]], ONE, phi_pool=0.3).source
    assert (score.phi_v, score.variance, score.ratio) == (0.3, None, None)
    assert score.phi == 1


def test_a_village_of_two_minds_among_calm_ones_stands_by_itself():
    score = scores_of([[0, 0, 0], [3, 3, 3], [0, 0, 0], [3, 3, 3], [0, 0, 0]], ONE, phi_pool=0.1)
    own = score.source
    assert own.phi_v > 0.5
    assert (own.phi, own.df) == (own.phi_v, 4)
    assert (own.low, own.high) == close(
        interval(own.value, 5, own.phi_v, 0, 4, own.lowest, own.highest)
    )


def test_a_calm_village_borrows_from_the_round():
    ballots = [[0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    score = scores_of(ballots, ONE, phi_pool=0.4).source
    assert score.phi_v < 0.4
    assert (score.phi, score.df) == (close((5 * score.phi_v + 10 * 0.4) / 15), 15)


def test_five_who_agree_may_agree_by_luck():
    score = scores_of([[0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]], ONE, phi_pool=0.3)
    assert (score.source.phi, score.source.df) == (close(0.36), 14)


@given(n=st.integers(2, 400), own=st.floats(0, 1), pool=st.floats(0.05, 1))
def test_a_village_borrows_doubt_but_never_calm(n, own, pool):
    phi, df = moderate(n, own, pool)
    least = min(1, 9 / n**2)
    assert max(own, least) - 1e-12 <= phi <= max(own, pool, least) + 1e-12
    assert df == (n - 1 if own > pool else n + 9)


def test_a_score_at_the_top_has_the_pooled_dispersion():
    score = scores_of([[0, 0, 0]] * 7, ONE, phi_pool=0.3).source
    assert (score.value, score.phi_v, score.variance, score.ratio) == (100, 0.3, 0, None)
    assert score.high == 100
    assert score.low < 100


def test_the_number_of_eligible_being_unknown_leaves_turnout_and_free_range_unknown():
    scores = scores_of([[0, 1, 2]] * 3, ONE, eligible=None)
    assert scores.turnout is None
    assert scores.source.free_low is None
    assert scores.source.f == 0


def test_the_range_that_assumes_nothing_puts_everybody_else_at_both_ends():
    score = scores_of([[0, 0, 0], [1, 1, 1]], ONE, eligible=10).source
    assert (score.free_low, score.free_high) == close(((180 + 8 * 40) / 10, (180 + 8 * 100) / 10))


def test_probability_is_certain_at_and_beyond_the_bounds():
    assert probability(70, 5, 0.4, 0, 14, 40, 100, 40) == 1
    assert probability(70, 5, 0.4, 0, 14, 40, 100, 100) == 0
    assert probability(100, 5, 0.4, 0, 14, 40, 100, 100) == 1
    assert probability(100, 5, 0.4, 0, 14, 40, 100, 101) == 0
    assert probability(40, 5, 0.4, 0, 14, 40, 100, 40) == 1


@given(st.lists(st.lists(GRADED, min_size=3, max_size=3), min_size=1, max_size=30))
def test_so_many_forged_ballots_are_enough_and_one_fewer_is_not(ballots):
    """Take all-good ballots away: only then the rest falls below the threshold."""
    score = scores_of(ballots, ONE).source
    for threshold in (60, 80, 90):
        flips = score.flips(threshold)
        total = sum(VALUES[answer] for ballot in ballots for answer in ballot)
        assert not flips.about
        if total < threshold * 3 * len(ballots):
            assert flips.count == 0
        else:
            for forged, falls in ((flips.count, True), (flips.count - 1, False)):
                rest = total - 300 * forged
                assert (rest < threshold * 3 * (len(ballots) - forged)) is falls


def test_the_flip_count_is_exact_where_floats_would_be_one_off():
    ballots = [[0, 0, 1]] * 10  # 93⅓: exactly 6⅔ of 10 above 80, and 10/3 · 3 = 10 above 90
    assert scores_of(ballots, ONE).source.flips(80).count == 7
    assert scores_of(ballots * 3, ONE).source.flips(90).count == 11
    assert scores_of([[0, 0, 0]] * 3, ONE).source.flips(100) is None


def test_what_if_poor_were_worth_less_is_scored_again():
    scores = scores_of([[0, 0, 3], [0, 0, 0]], ONE)
    assert scores.poor_at == {0: close(500 / 6), 30: close(530 / 6)}


@pytest.mark.parametrize("values", [(100, 80, 60), (100, 80, 80, 40), (40, 60, 80, 100)])
def test_values_must_fall(values):
    with pytest.raises(Invalid, match="must fall"):
        score_round([village([[0, 1, 2]], ONE)], values)


def test_tallies_of_other_values_are_refused():
    with pytest.raises(Invalid, match="same questionnaire"):
        score_round([village([[0, 1, 2]], ONE)], (100, 80, 60, 0))


@given(st.lists(ANSWERS, min_size=3, max_size=3), st.integers(2, 200))
def test_scores_do_not_hang_on_how_often_the_same_is_said(ballot, times):
    once, often = scores_of([ballot], ONE), scores_of([ballot] * times, ONE)
    assert (once.source is None) == (often.source is None)
    if once.source:
        assert once.source.value == close(often.source.value)
        assert often.source.variance == close(0, abs=1e-9)


def test_values_that_are_not_whole_are_scored_too():
    tally = count([[0, 1, 3]] * 4, ONE, (100, 66.6, 33.3, 0.1))
    scores = score_round([replace(village([], ONE), tally=tally)], (100, 66.6, 33.3, 0.1))
    assert scores[0].source.value == close(166.7 / 3)


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_of_cycles_rests_while_a_round_is_scored_and_is_left_as_it_was(on):
    before = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(Invalid):
            score_round([village([[0] * 10])], (1, 2, 3, 4))
        assert gc.isenabled() == on
        with uncollected():
            assert not gc.isenabled()
            score_round([village([[0] * 10])], VALUES)
            assert not gc.isenabled()
        assert gc.isenabled() == on
    finally:
        (gc.enable if before else gc.disable)()
