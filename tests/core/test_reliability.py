"""How good the questions are: by hand, straight from the ballots, and against known factors."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.multivariate.factor import Factor as Oracle

from survey.core import factor, reliability, resampling
from survey.core.reliability import WHOLE, measure
from survey.core.tallies import add, count
from tests.core.ballots import FOUR, ONE, VALUES, VECTORS, ballots_of

close = pytest.approx
SEED = 20260301
HALVES = {"one": (0, 1, 2), "other": (3, 4, 5)}


def of(ballots, columns=ONE):
    return measure(count(ballots, columns, VALUES))


def scale(ballots, name, columns=ONE):
    return next(one for one in of(ballots, columns).scales if one.name == name)


def drawn(n, items=3, pull=1.0, seed=SEED, missing=0.0):
    """Ballots of people who see all items in the light of one impression; near the ceiling."""
    draw = np.random.default_rng(seed)
    seen = pull * draw.normal(size=(n, 1)) + draw.normal(size=(n, items))
    answers = np.digitize(seen, [0.6, 1.6, 2.4]).astype(np.int8)
    answers[draw.random(answers.shape) < missing] = -1
    return answers


# α


def test_alpha_by_hand():
    # Values 100 100 80, 80 60 80, 60 60 60, 100 80 60: items vary by 366⅔, 366⅔ and 133⅓,
    # sums 280 220 180 240 by 1733⅓. α = 3/2 (1 − 866⅔ / 1733⅓) = .75.
    ballots = [[0, 0, 1], [1, 2, 1], [2, 2, 2], [0, 1, 2]]
    assert scale(ballots, "effects").alpha.value == close(0.75, abs=1e-12)


def test_alpha_of_ten_items_is_that_of_another_program():
    vector = next(one for one in VECTORS["external"] if one["id"] == "V6")
    covariance = np.cov(np.array(vector["inputs"], dtype=float), rowvar=False)
    found, there = reliability.alphas(covariance[None], np.ones((1, 10, 10), dtype=bool))
    assert there.all()
    assert found == close(vector["expected"]["alpha"], abs=vector["tol"])


def pairwise(ballots, j, k):
    """Covariance of two items over the valid ballots that grade both, by a loop."""
    both = [
        (VALUES[ballot[j]], VALUES[ballot[k]])
        for ballot in ballots
        if 2 * sum(answer >= 0 for answer in ballot) >= len(ballot)
        if ballot[j] >= 0 and ballot[k] >= 0
    ]
    if len(both) < 2:
        return None
    means = [math.fsum(side) / len(both) for side in zip(*both, strict=True)]
    return math.fsum((a - means[0]) * (b - means[1]) for a, b in both) / (len(both) - 1)


@settings(max_examples=50)
@given(ballots_of(10, most=12))
def test_all_coefficients_are_those_of_the_ballots_and_never_nan(ballots):
    found = of(ballots, FOUR)
    for one in found.scales:
        where = FOUR.get(one.name, tuple(range(10)))
        table = [[pairwise(ballots, j, k) for k in where] for j in where]
        if any(cell is None for row in table for cell in row):
            assert one.alpha.value is None
            assert one.omega.value is None
            continue
        total = math.fsum(cell for row in table for cell in row)
        if len(where) > 1 and total > 1e-6 and one.alpha.value is not None:
            own = math.fsum(table[place][place] for place in range(len(where)))
            wanted = len(where) / (len(where) - 1) * (1 - own / total)
            assert one.alpha.value == close(wanted, rel=1e-9, abs=1e-9)
    figures = [
        *(figure for one in found.scales for figure in (one.alpha, one.omega)),
        *(item.r for item in found.items),
    ]
    for figure in figures:
        assert (figure.value is None) == (figure.why_not is not None)
        assert figure.value is None or math.isfinite(figure.value)


def test_without_blanks_item_total_r_is_the_correlation_with_the_sum_of_the_others():
    ballots = drawn(300, items=6)
    points = np.array(VALUES)[ballots]
    for item in of(ballots, HALVES).items:
        others = [place for place in HALVES[item.dimension] if place != item.position]
        wanted = np.corrcoef(points[:, item.position], points[:, others].sum(axis=1))[0, 1]
        assert item.r.value == close(wanted, abs=1e-9)


def test_an_item_turned_round_has_a_negative_r():
    ballots = drawn(300)
    ballots[:, 2] = 3 - ballots[:, 2]
    assert of(ballots).items[2].r.value < 0


@pytest.mark.parametrize(
    ("ballots", "reason"),
    [
        ([[0, 0, 0]] * 5, "Everybody gave the same answer."),
        ([[0, -1, 1], [1, -1, 0]], "Too few answer these questions together."),
    ],
)
def test_where_there_is_no_alpha_it_says_why(ballots, reason):
    found = scale(ballots, "effects")
    assert found.alpha.value is None
    assert str(found.alpha.why_not) == reason


def test_a_dimension_of_one_item_has_neither_alpha_nor_r():
    found = of(drawn(50, items=10), FOUR)
    alone = next(one for one in found.scales if one.name == "measures")
    assert (alone.alpha.value, alone.omega.value, found.items[3].r.value) == (None, None, None)
    assert next(one for one in found.scales if one.name == WHOLE).alpha.value is not None


def test_n_is_that_of_the_two_items_answered_together_least():
    ballots = [[0, 1, 2]] * 7 + [[0, -1, 1]] * 2 + [[1, 0, -1]] * 4
    assert scale(ballots, "effects").n == 7


# ω


@pytest.mark.parametrize(
    ("loadings", "unique"),
    [
        ([0.8, 0.7, 0.6], [0.36, 0.51, 0.64]),
        ([16, 3, 9, 12], [80, 20, 300, 150]),
        ([10] * 12, [300] * 12),
    ],
)
def test_omega_of_a_known_factor_is_its_own(loadings, unique):
    loadings, unique = np.array(loadings, dtype=float), np.array(unique, dtype=float)
    covariance = np.outer(loadings, loadings) + np.diag(unique)
    wanted = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    assert factor.omega(covariance).value == close(wanted, abs=1e-6)


def test_omega_of_three_items_is_that_of_the_algebra():
    vector = next(one for one in VECTORS["external"] if one["id"] == "V15")
    found = factor.omega(np.array(vector["inputs"], dtype=float))
    assert found.value == close(vector["expected"], abs=vector["tol"])


def test_the_factor_is_that_of_another_program():
    points = np.array(VALUES)[drawn(600, items=6)]
    correlation = np.corrcoef(points.T)
    found = factor.one_factor(correlation)
    wanted = Oracle(corr=correlation, n_factor=1, method="ml").fit()
    assert np.abs(found.loadings) == close(np.abs(wanted.loadings.ravel()), abs=1e-4)
    assert found.unique == close(wanted.uniqueness, abs=1e-4)


def test_equal_items_have_the_same_omega_and_alpha():
    covariance = np.full((4, 4), 30.0) + np.diag([50.0] * 4)
    alpha, _ = reliability.alphas(covariance, np.ones((4, 4), dtype=bool))
    assert factor.omega(covariance).value == close(float(alpha), abs=1e-6)


HEYWOOD = np.array([[1.0, 0.8, 0.8], [0.8, 1.0, 0.3], [0.8, 0.3, 1.0]])


@pytest.mark.parametrize(
    ("covariance", "reason"),
    [
        (np.eye(2), "It takes 3 questions or more."),
        (np.diag([1.0, 1.0, 0.0]), "To one of the questions everybody gave the same answer."),
        (np.ones((3, 3)), "Two of the questions say the same"),
        (HEYWOOD, "do not go together in the way"),
    ],
)
def test_where_there_is_no_omega_it_says_why(covariance, reason):
    found = factor.omega(covariance)
    assert found.value is None
    assert reason in str(found.why_not)


@given(st.integers(0, 2**32 - 1), st.integers(3, 7))
def test_omega_is_a_share_whatever_the_answers(seed, items):
    ballots = drawn(40, items, pull=2.0, seed=seed, missing=0.2)
    found = scale(ballots, "one", {"one": tuple(range(items))}).omega
    assert found.value is None or 0 <= found.value <= 1


# Limits of α


def limits(villages, columns=ONE, **how):
    return resampling.limits(villages, columns, VALUES, **{"seed": SEED} | how)


def test_limits_are_the_same_for_the_same_seed_and_have_alpha_between_them():
    villages = [drawn(60, seed=place, missing=0.1) for place in range(10)]
    found = limits(villages)
    assert found == limits(villages)
    assert set(found) == {"effects", WHOLE}
    alpha = measure(add([count(village, ONE, VALUES) for village in villages])).scales[0].alpha
    low, high = found["effects"]
    assert low < alpha.value < high
    assert (low, high) == (round(low, 2), round(high, 2))


def test_the_work_is_done_in_blocks_that_change_nothing_of_substance(monkeypatch):
    villages = [drawn(450, seed=1), drawn(30, seed=2)]
    whole = limits(villages)["effects"]
    monkeypatch.setattr(resampling, "_CELLS", 5_000)
    assert limits(villages)["effects"] == close(whole, abs=0.021)


def test_every_drawing_has_the_ballots_of_the_village_once_on_average():
    weights = resampling._weights(np.random.default_rng(SEED), 400, 50)
    assert (weights.sum(axis=1) == 50).all()
    # The mean of 400 binomial weights has a standard deviation of 1/20: five of them.
    assert weights.mean(axis=0) == close(1, abs=0.25)
    assert 0.8 < weights.var() < 1.2  # 1 − 1/50, were they drawn with replacement


def test_sums_of_every_ballot_once_are_those_of_the_tally():
    ballots = resampling._valid(drawn(60, items=6, missing=0.3))
    pairs = np.tril_indices(6)
    sums = resampling._features(ballots, pairs, VALUES).sum(axis=0)[None]
    n, total, crossed = resampling._squares(sums, pairs, 6)
    wanted = count(ballots, HALVES, VALUES)
    assert (n[0] == wanted.pair_n).all()
    assert (total[0] == wanted.pair_sum).all()
    assert (crossed[0] == wanted.pair_product).all()


def test_invalid_ballots_move_no_limit():
    villages = [drawn(420)]
    with_invalid = [np.concatenate([villages[0], np.array([[0, -1, -2]] * 9, dtype=np.int8)])]
    assert limits(with_invalid) == limits(villages)


@pytest.mark.parametrize("villages", [[], [drawn(399)], [np.full((500, 3), -1, dtype=np.int8)]])
def test_there_are_no_limits_of_few_ballots(villages):
    assert limits(villages) == {}


def test_there_are_no_limits_where_all_answer_alike():
    assert limits([np.zeros((500, 3), dtype=np.int8)]) == {}


def test_limits_cover_the_alpha_of_all_villagers():
    """120 samples of 480 ballots in 12 villages, near the ceiling: about 95 in 100 hold it."""
    everybody = [drawn(20_000, pull=0.9, seed=1000 + place) for place in range(12)]
    tally = add([count(village, ONE, VALUES) for village in everybody])
    true = measure(tally).scales[0].alpha.value
    draw = np.random.default_rng(SEED)
    held = widths = 0
    for seed in range(120):
        sample = [village[draw.integers(0, len(village), 40)] for village in everybody]
        low, high = limits(sample, seed=seed, replicates=300)["effects"]
        held += low <= true <= high
        widths += high - low
    # Binomial with .95: 114 ± 2.4; four standard deviations down. A census would not be so wide.
    assert held >= 104
    assert 0.03 < widths / 120 < 0.2
