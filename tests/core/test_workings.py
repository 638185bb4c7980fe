"""Who has nothing but a line of the page and a calculator gets what the line says."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as students

from survey.core.policy import Policy
from survey.core.rating import rating_name
from survey.core.release import percent, release_round
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import count
from survey.core.wording import Sentence
from survey.core.workings import work_out
from survey.core.workings.step import Printed
from survey.core.workings.village import About

DIMENSIONS = ("investigation", "measures", "effects", "responsibility")
POLICY = Policy()
SIZES = {"twelve": (3, 3, 3, 3), "uneven": (1, 2, 4, 3)}
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
CODE = "990101100201"


def columns_of(sizes):
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    return {
        name: tuple(range(end - size, end))
        for name, size, end in zip(DIMENSIONS, sizes, ends, strict=True)
    }


def released(mass, self_, *, sizes=(3, 3, 3, 3), policy=POLICY, beside=(), **how):
    """The village of *mass* and *self_* ballots; *beside*: mass ballots of the other villages."""
    columns = columns_of(sizes)

    def scored(audience, ballots, eligible, tickets=True):
        villages = [
            VillageTally(
                CODE if place == 0 else f"{990101100300 + place}",
                eligible if place == 0 else 400,
                count(one, columns, policy.values),
                tickets,
            )
            for place, one in enumerate([ballots, *beside])
        ]
        return score_round(villages, policy.values, audience=audience)

    found = release_round(
        scored("mass", mass, how.get("eligible", 400), how.get("tickets", True)) if mass else [],
        scored("self", self_, how.get("members", 30)) if self_ else [],
        policy,
        organisational={CODE: how.get("organisational", 86.25)},
    )
    return found[CODE]


def worked_out(village, *, sizes=(3, 3, 3, 3), policy=POLICY):
    items = [f"Item {place + 1}" for place in range(sum(sizes))]
    about = About(
        name="Clear Water",
        policy=policy,
        questions={"mass": items, "self": items},
        points=dict(zip(DIMENSIONS, (86, 87, 85, 87), strict=True)),
    )
    return {block.key: block for block in work_out(village, about)}


def steps_of(blocks):
    return [step for block in blocks.values() for step in block.steps]


def draw(number, seed=0, spread=3, items=12):
    """Ballots that differ, the same each time."""
    return [
        tuple((place * 7 + item * 3 + seed + place // 3) % spread for item in range(items))
        for place in range(number)
    ]


# A pocket calculator


def root(value):
    return Fraction(math.sqrt(value))


def t_inv(share, df):
    return Fraction(float(students.ppf(float(share), int(df))))


def t_dist(value, df, _):
    return Fraction(float(students.cdf(float(value), int(df))))


def calculate(formula):
    """The value of a printed *formula*: only what is on the page goes in."""
    written = formula.replace("×", "*").replace("÷", "/").replace("−", "-").replace("²", "**2")
    written = written.replace("⌊", "floor(").replace("⌋", ")").replace("√", "root")
    written = written.replace("T.INV", "t_inv").replace("T.DIST", "t_dist")
    assert re.fullmatch(r"[\d\s.+*/(),a-z_TRUE-]*", written), formula
    names = {"TRUE": True, "floor": math.floor, "root": root, "t_inv": t_inv, "t_dist": t_dist}
    return eval(NUMBER.sub(r"Fraction('\g<0>')", written), names | {"Fraction": Fraction})


def number(text):
    return Fraction(
        re.search(r"[−+-]?\s*\d+(?:\.\d+)?", text)[0].replace("−", "-").replace(" ", "")
    )


def last_digit(text):
    decimals = re.search(r"\d+(?:\.(\d+))?", text)[1] or ""
    return Fraction(1, 10 ** len(decimals))


def check(step):
    """*step* says what its own printed numbers give, to half of the last printed digit."""
    found = calculate(step.formula)
    # a float may stand a hair beside a decimal in the middle of two others
    slack = Fraction(1, 2) * last_digit(step.result) + Fraction(1, 10**9)
    assert abs(found - number(step.result)) <= slack, step
    check_shown(step, found)


NEAR = Fraction(1, 2000)
COARSEST = 50
"""To so many points a score of very few answers may be rounded."""


def check_shown(step, found):
    """What the village page has is the result, rounded as the line says."""
    shown, rule = step.shown, str(step.rule or "")
    if not shown or isinstance(shown, Sentence) or "bound" in rule or "about" in rule:
        return
    if "outward" in rule:
        upper = "Upper" in str(step.title) or "best" in str(step.title)
        away = number(shown) - found if upper else found - number(shown)
        assert -NEAR <= away < COARSEST, step
    elif "percent" in rule:
        assert shown in {percent(float(found) + move) for move in (-NEAR, 0, NEAR)}, step
    elif rule == "rounded":
        assert abs(found - number(shown)) <= last_digit(shown) / 2 + NEAR, step
    elif "steps of" in rule:
        assert abs(found - number(shown)) <= number(rule) / 2, step
    else:
        assert shown.lstrip("≥≤≈ ").startswith(tuple("+-0123456789")), step


grades = st.sampled_from((0, 0, 0, 1, 1, 2, 3, -1, -2))


@st.composite
def rounds(drawn):
    """A round with a village of some shape, from few ballots to many, calm to torn."""
    sizes = drawn(st.sampled_from(tuple(SIZES.values())))
    items = sum(sizes)
    pattern = st.lists(grades, min_size=items, max_size=items).map(tuple)
    patterns = drawn(st.lists(pattern, min_size=1, max_size=6))
    number_of = drawn(st.integers(5, 150))
    mass = [patterns[place * place % len(patterns)] for place in range(number_of)]
    self_ = [patterns[place % len(patterns)] for place in range(drawn(st.integers(3, 24)))]
    weights = drawn(st.sampled_from(((0.1, 0.4, 0.5), (0.3, 0.3, 0.4), (0.2, 0.6, 0.2))))
    policy = Policy(
        **dict(zip(("weight_self", "weight_mass", "weight_organisational"), weights, strict=True)),
        value_poor=drawn(st.sampled_from((0, 30, 40))),
        minimum_mass_ballots=drawn(st.sampled_from((10, 30))),
    )
    return {
        "sizes": sizes,
        "policy": policy,
        "mass": mass,
        "self_": self_,
        "beside": [draw(12, seed, drawn(st.integers(2, 4)), items) for seed in range(5)],
        "eligible": drawn(st.sampled_from((None, number_of, 400))),
        "members": drawn(st.sampled_from((len(self_), 30))),
        "tickets": drawn(st.booleans()),
        "organisational": drawn(st.sampled_from((None, 61.5, 83.25, 97.75))),
    }


@settings(deadline=None)
@given(rounds())
def test_each_line_gives_what_it_says(drawn):
    how = dict(drawn)
    sizes, policy = how.pop("sizes"), how.pop("policy")
    village = released(how.pop("mass"), how.pop("self_"), sizes=sizes, policy=policy, **how)
    for step in steps_of(worked_out(village, sizes=sizes, policy=policy)):
        assert str(step.title)
        assert str(step.said)
        if step.formula:
            check(step)
    for score in scores_in(village):
        assert float(score.low_text) <= score.low
        assert float(score.high_text) >= score.high


def scores_in(village):
    for source in (village.mass, village.self_):
        scores = [source.source, *source.dimensions.values()] if source else []
        yield from (score for score in scores if score)


def said(blocks, key):
    block = blocks[key]
    told = [*block.said, *(part for step in block.steps for part in (step.title, step.said))]
    return " ".join(str(one) for one in told)


def text_of(blocks):
    """Everything that the page shows, line by line."""
    return [
        " | ".join(str(part or "") for part in (step.title, step.said, step.formula, step.result))
        + f" | {step.shown} | {step.rule}"
        for step in steps_of(blocks)
    ] + [str(one) for block in blocks.values() for one in block.said]


def test_the_page_ends_at_the_figures_of_the_village_page():
    village = released(draw(60), draw(12, 1), beside=[draw(30, seed) for seed in range(5)])
    blocks = worked_out(village)
    mass = {str(step.title): step for step in blocks["mass-all"].steps}
    assert mass["Lower limit"].shown == village.mass.source.low_text
    assert mass["Upper limit"].shown == village.mass.source.high_text
    assert mass["Mean"].shown == village.mass.source.text
    whole = {str(step.title): step for step in blocks["composite"].steps}
    assert whole["Composite"].shown == village.composite.text
    assert whole["Organisational evaluation"].result == "86.25"
    needed = village.suggestion.mass_needed
    for rating, points in needed.items():
        step = whole[f"Mass score needed for “{rating_name(rating)}”"]
        assert number(step.result) == pytest.approx(points, abs=1e-8)
    for dimension, gap in village.gaps.items():
        steps = {str(step.title): step for step in blocks[f"gap-{dimension}"].steps}
        assert steps["Lower limit"].shown == f"{gap.low:+.1f}"
        assert steps["Upper limit"].shown == f"{gap.high:+.1f}"


def test_each_band_is_as_likely_as_the_village_page_says():
    village = released(draw(60), draw(12, 1))
    steps = {str(step.title): step for step in worked_out(village)["suggestion"].steps}
    for rating, chance in village.suggestion.probabilities.items():
        step = steps.get(f"How likely “{rating_name(rating)}” is")
        if step is None:
            assert chance == 0
        else:
            assert step.shown == percent(chance)
            assert float(step.result) == pytest.approx(chance, abs=1e-4)


def test_every_corner_of_the_weights_is_there():
    village = released(draw(60), draw(12, 1))
    corners = [
        step
        for step in worked_out(village)["robustness"].steps
        if "a fifth higher or lower" in str(step.title)
    ]
    found = village.suggestion.robustness
    assert len(corners) == found.of
    band = str(rating_name(village.suggestion.band))
    assert sum(str(step.shown) == band for step in corners) == found.same
    values = [float(step.result) for step in corners]
    assert (min(values), max(values)) == pytest.approx((found.lowest, found.highest), abs=1e-4)


def test_what_if_poor_were_worth_less_tells_the_band_and_no_score():
    village = released(draw(60), draw(12, 1))
    steps = {str(step.title): step for step in worked_out(village)["robustness"].steps}
    for points, band in village.suggestion.robustness.poor_at.items():
        step = steps[f"If poor were worth {points} points"]
        assert (step.formula, step.result) == ("", "")
        assert str(step.shown) == str(rating_name(band))


def test_a_calm_village_borrows_and_a_torn_one_stands_by_itself():
    torn = [(0,) * 12, (3,) * 12] * 15
    calm = [[(1,) * 12] * 29 + [(0,) * 12]] * 5
    stands = worked_out(released(torn, [], beside=calm))
    words = said(stands, "mass-all")
    assert "stands by itself" in words
    assert "(29 degrees of freedom)" in words
    borrows = worked_out(released(calm[0], [], beside=[torn] * 5))
    words = said(borrows, "mass-all")
    assert "ten ballots of the round's kind are added" in words
    assert "(39 degrees of freedom)" in words


def test_a_handful_who_agree_may_agree_by_luck():
    handful = worked_out(released(draw(60), [(1,) * 12] * 5, beside=[draw(30, 2)] * 5))
    step = next(
        one for one in handful["self-all"].steps if str(one.title) == "What is reckoned with (φ)"
    )
    assert "So few may agree by luck. With 5 ballots" in str(step.said)
    assert (step.formula, step.result) == ("(3 ÷ 5)²", "0.36")


def test_nothing_comes_from_a_figure_that_is_not_released():
    """Ballots that differ, where the release says the same: not a letter of the page differs."""
    one = draw(60)
    other = [one[0], ((one[1][0] + 1) % 2, *one[1][1:]), *one[2:]]
    beside = [draw(30, seed) for seed in range(5)]
    first, second = (released(mass, draw(12, 1), beside=beside) for mass in (one, other))
    exact = [
        score_round(
            [VillageTally(CODE, 400, count(mass, columns_of((3,) * 4), POLICY.values))],
            POLICY.values,
        )[0].source.value
        for mass in (one, other)
    ]
    assert exact[0] != exact[1]
    assert first == second
    assert text_of(worked_out(first)) == text_of(worked_out(second))


def test_what_is_withheld_says_why_and_nothing_else():
    blocks = worked_out(released(draw(9), draw(4)))
    for key in ("mass-all", "mass-effects", "self-all", "self-effects"):
        assert not blocks[key].steps
        assert "ballots: not shown" in said(blocks, key)
    assert "no composite" in said(blocks, "composite")
    assert not [step for step in steps_of(blocks) if step.formula and "86" not in step.formula]


def test_without_a_source_the_others_are_still_worked_out():
    blocks = worked_out(released(draw(60), []))
    assert "self-all" not in blocks
    assert blocks["mass-all"].steps
    assert "no self-evaluation score" in said(blocks, "composite")
    assert "not compared" in said(blocks, "gap-effects")


def test_a_dimension_nobody_answered_takes_the_score_with_it():
    blank = [ballot[:3] + (-1,) * 3 + ballot[6:] for ballot in draw(60)]
    blocks = worked_out(released(blank, draw(12)))
    assert "Nobody answered this." in said(blocks, "mass-measures")
    assert not blocks["mass-all"].steps
    assert blocks["mass-effects"].steps


def test_where_everybody_answered_nothing_is_guessed():
    blocks = worked_out(released(draw(60), draw(12), eligible=60))
    steps = {str(step.title): step for step in blocks["mass-all"].steps}
    assert "nothing is guessed" in str(steps["Limits"].said)
    assert not {"Lower limit", "If all others said the worst"} & set(steps)


def test_by_poster_no_share_is_reckoned_with():
    words = said(worked_out(released(draw(60), draw(12), tickets=False)), "mass-all")
    assert "By poster anybody could answer" in words


def test_a_bound_reaches_to_the_end_of_the_scale():
    village = released([(0,) * 12] * 60, draw(12))
    assert village.mass.source.text == "≥ 98"
    steps = {str(step.title): step for step in worked_out(village)["mass-all"].steps}
    assert steps["Upper limit"].shown == "100"
    assert "end of the scale" in str(steps["Upper limit"].rule)
    item = worked_out(village)["mass-effects"].steps[0]
    assert (item.formula, item.result) == ("0.9 × 100 + 0.1 × 40", "94")


def items_of(village):
    blocks = worked_out(village)
    steps = [step for key, block in blocks.items() if "mass" in key for step in block.steps]
    by_title = {str(step.title): step for step in steps}
    return [(item, by_title[f"Item {item.position + 1}"]) for item in village.mass.items]


def test_counts_that_are_withheld_have_no_arithmetic():
    for item, step in items_of(released(draw(24), draw(12))):
        assert item.counts is None
        assert (step.formula, step.result) == ("", "")
        assert "could be worked out" in str(step.said)
    for item, step in items_of(released(draw(60), draw(12))):
        assert item.counts is not None
        assert step.shown == item.text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.5, 2, "0.5"), (2 / 3, 4, "0.6667"), (-3.25, 1, "−3.2"), (120, 3, "120"), (0.0, 2, "0")],
)
def test_a_number_goes_on_from_what_is_printed(value, digits, text):
    printed = Printed(value, digits)
    assert str(printed) == f"{printed}" == text
    assert float(printed) == float(number(text))
