from dataclasses import replace

import pytest

from survey.core.composite import compose
from survey.core.errors import Invalid
from survey.core.policy import Policy
from survey.core.rating import Event, Evidence, cap, rating_name, suggest
from survey.core.reasons import in_short
from tests.core.ballots import ONE, WORKED, scores_of, worked_mass

POLICY = Policy()
close = pytest.approx


def mass(share_good=0.5, n=60, eligible=200, *, other=1, **how):
    """Ballots of one mind each: *share_good* of them all good, the rest all *other*."""
    good = round(share_good * n)
    ballots = [[0, 0, 0]] * good + [[other] * 3] * (n - good)
    return scores_of(ballots, ONE, eligible=eligible, **how)


def own(n=8, **how):
    return scores_of([[0, 0, 1]] * n, ONE, audience="self", eligible=20, **how)


def evidence(**change):
    return Evidence(**({"mass": mass(), "self_": own(), "organisational": 88.0} | change))


def told(suggestion):
    return " ".join(str(reason) for reason in suggestion.reasons)


def test_a_suggestion_has_a_rating_a_strength_and_reasons():
    found = suggest(evidence(), POLICY)
    assert found.composite.value == close(0.1 * 280 / 3 + 0.4 * 90 + 0.5 * 88)
    assert (found.status, found.rating, found.band) == ("suggested", "fairly_good", "fairly_good")
    assert found.strength == "clear"
    assert sum(found.probabilities.values()) == close(1)
    assert found.mass_needed["fairly_good"] == close((80 - 44 - 28 / 3) / 0.4)
    assert "organisational evaluation 88.0 × 0.5" in told(found)
    assert "“fairly good”" in told(found)


def test_more_ballots_than_slips_handed_out_make_it_void():
    found = suggest(evidence(handed_out={"mass": 59}), POLICY)
    assert (found.status, found.rating, found.band) == ("void", None, None)
    assert "59 slips were handed out" in told(found)
    assert suggest(evidence(handed_out={"mass": 60, "self": None}), POLICY).rating


def test_more_ballots_by_ticket_than_eligible_people_make_it_void():
    found = suggest(evidence(mass=mass(eligible=59)), POLICY)
    assert found.status == "void"
    assert "59 eligible people" in told(found)
    assert suggest(evidence(self_=own(21)), POLICY).status == "void"


def test_more_ballots_by_poster_than_eligible_people_are_no_evidence():
    found = suggest(evidence(mass=mass(eligible=59, tickets=False)), POLICY)
    assert (found.status, found.rating) == ("insufficient", None)
    assert "more than once" in told(found)


def test_the_least_turnout_of_the_round_is_asked_for():
    policy = Policy(minimum_turnout=0.31)
    assert suggest(evidence(), POLICY).rating
    assert "30.0%; this round asks for at least 31.0%" in told(suggest(evidence(), policy))
    assert suggest(evidence(), Policy(minimum_turnout=0.3)).rating
    assert "turnout is not known" in told(suggest(evidence(mass=mass(eligible=None)), policy))


@pytest.mark.parametrize(
    ("n", "eligible", "enough"),
    [
        (30, 200, True),
        (29, 200, False),
        (29, None, False),
        (29, 45, False),
        (30, 45, True),
        (29, 44, False),
        (30, 44, True),
        (20, 30, True),
        (19, 30, False),
        (14, 20, True),
    ],
)
def test_it_takes_thirty_ballots_or_two_thirds_of_a_small_village(n, eligible, enough):
    found = suggest(evidence(mass=mass(n=n, eligible=eligible)), POLICY)
    assert (found.status != "insufficient") is enough
    assert ("valid mass ballots" in told(found)) is not enough


def test_a_dimension_that_a_third_could_not_judge_is_no_evidence():
    third = [[0, 0, -1]] * 40
    assert suggest(evidence(mass=scores_of(third, ONE, eligible=90)), POLICY).band
    more = scores_of([*third, [-1, 0, -1]], ONE, eligible=90)
    assert "don't know" in told(suggest(evidence(mass=more), POLICY))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"organisational": None}, "organisational evaluation is not there"),
        ({"mass": None}, "no mass evaluation"),
        ({"self_": None}, "no self-evaluation"),
    ],
)
def test_without_all_three_sources_nothing_is_suggested(change, words):
    found = suggest(evidence(**change), POLICY)
    assert (found.status, found.rating) == ("insufficient", None)
    assert words in told(found)


@pytest.mark.parametrize(
    ("poor", "rating"), [(0, "good"), (29, "fairly_good"), (30, "average"), (46, "poor")]
)
def test_many_poor_answers_are_a_veto(poor, rating):
    ballots = [[3] * 3] * poor + [[0] * 3] * (90 - poor)
    generous = Policy(weight_mass=0.02, weight_organisational=0.88)
    found = suggest(
        evidence(mass=scores_of(ballots, ONE, eligible=500), organisational=100.0), generous
    )
    assert found.band == rating
    assert found.rating == rating


def test_just_half_poor_is_not_more_than_half():
    ballots = [[3] * 3] * 45 + [[0] * 3] * 45
    generous = Policy(weight_mass=0.02, weight_organisational=0.88)
    mass_ = scores_of(ballots, ONE, eligible=500)
    assert suggest(evidence(mass=mass_, organisational=100.0), generous).band == "average"


def test_an_event_of_the_list_with_its_document_is_a_veto():
    policy = Policy(veto_events=("fraud",))
    found = suggest(evidence(events=(Event("fraud", "No. 7"),)), policy)
    assert found.rating == "average"
    assert "fraud (No. 7)" in told(found)
    with pytest.raises(Invalid, match="not on this round's list"):
        suggest(evidence(events=(Event("theft", "No. 8"),)), policy)
    with pytest.raises(Invalid, match="needs the document"):
        suggest(evidence(events=(Event("fraud", " "),)), policy)


def test_good_also_needs_nine_tenths_good_and_fairly_good_answers():
    high = evidence(mass=mass(0.9, other=2), organisational=97.0)
    assert suggest(high, POLICY).rating == "good"
    lower = suggest(evidence(mass=mass(0.88, other=2), organisational=97.0), POLICY)
    assert lower.composite.value > 90
    assert (lower.band, lower.strength) == ("fairly_good", "clear")
    assert "at least 90% of the villagers' answers" in told(lower)


@pytest.mark.parametrize(
    ("organisational", "band"),
    [(92, "good"), (91.9, "fairly_good"), (72, "fairly_good"), (71.9, "average"), (31.9, "poor")],
)
def test_the_bands_begin_exactly_where_the_policy_says(organisational, band):
    even = scores_of([[1, 1, 1]] * 40 + [[0, 0, 0]] * 40 + [[0, 0, 1]] * 0, ONE, eligible=None)
    policy = Policy(weight_self=0, weight_mass=0.5, weight_organisational=0.5)
    calm = replace(even, source=replace(even.source, value=88.0))
    found = suggest(evidence(mass=calm, self_=None, organisational=organisational), policy)
    assert found.band == band


def test_strength_says_how_sure_the_band_is():
    seen = {}
    for points in range(70, 101):
        found = suggest(evidence(mass=mass(0.7, n=30), organisational=float(points)), POLICY)
        seen[found.strength] = found
        chance = found.probabilities[found.band]
        wanted = "clear" if chance >= 0.8 else "borderline" if chance >= 0.5 else "undecided"
        assert found.strength == wanted
        assert (found.between is None) == (chance >= 0.8)
    assert {"clear", "borderline"} <= set(seen)
    assert "This is close" in told(seen["borderline"])


def test_undecided_names_two_bands_and_suggests_none():
    policy = Policy(
        weight_self=0,
        weight_mass=0.9,
        weight_organisational=0.1,
        minimum_mass_ballots=10,
        good_needs_positive_share=0,
    )
    split = mass(0.7, n=10, eligible=None, other=3, phi_pool=1)
    found = suggest(evidence(mass=split, organisational=65.0), policy)
    assert found.composite.value == close(80.3)
    assert max(found.probabilities.values()) < 0.5
    assert (found.status, found.rating, found.band) == ("undecided", None, "fairly_good")
    assert (found.strength, found.between) == ("undecided", ("fairly_good", "average"))
    assert "do not decide" in told(found)


def test_posters_only_are_never_more_than_borderline():
    found = suggest(evidence(mass=mass(tickets=False)), POLICY)
    assert (found.rating, found.strength) == ("fairly_good", "borderline")
    assert "posters only" in told(found)


def test_robustness_is_taken_at_all_corners_of_the_weights():
    wanted, score = WORKED["composite"], worked_mass()
    source = scores_of(WORKED["ballots"] * 3, ONE, eligible=60)
    found = suggest(
        evidence(
            mass=replace(source, source=score),
            self_=replace(own(), source=replace(score, value=wanted["self"])),
            organisational=wanted["org"],
        ),
        POLICY,
    )
    corners = found.robustness
    assert (corners.lowest, corners.highest) == close(wanted["weights20_min_max"], abs=1e-9)
    assert (corners.same, corners.of) == (8, 8)


def test_what_if_poor_were_worth_less_is_told_where_it_matters():
    found = suggest(evidence(mass=mass(0.8, other=3), organisational=76.0), POLICY)
    assert found.band == "fairly_good"
    assert found.robustness.poor_at == {0: "average", 30: "fairly_good"}
    assert "worth 0 points instead of 40, the band would be “average”" in told(found)
    assert "worth 30 points" not in told(found)


def test_forged_ballots_that_would_explain_the_band_are_counted():
    found = suggest(evidence(organisational=80.0), POLICY)
    needed = found.mass_needed["fairly_good"]
    assert found.flips == found.composite.mass.flips(round(needed, 9))
    assert found.flips.count == int(60 * (90 - needed) / (100 - needed)) + 1
    assert f"{found.flips.count} forged all-good ballots" in told(found)
    assert suggest(evidence(organisational=20.0), POLICY).flips is None


def test_the_cap_is_a_ceiling_rounded_down_and_says_how_sure_the_cut_is():
    suggestions = {
        f"v{place}": suggest(
            evidence(mass=mass(0.95, n=40 + place), organisational=99.0 - place), POLICY
        )
        for place in range(5)
    }
    assert {one.rating for one in suggestions.values()} == {"good"}
    found = cap(suggestions, Policy(cap_on_good=0.4))
    assert (found.limit, found.binds, found.last_in, found.first_out) == (2, True, "v1", "v2")
    assert found.ranked == ("v0", "v1", "v2", "v3", "v4")
    assert 0.5 < found.probability < 1


def test_the_cap_is_never_a_quota_to_fill():
    suggestions = {str(place): suggest(evidence(), POLICY) for place in range(41)}
    found = cap(suggestions, POLICY)
    assert (found.limit, found.binds, found.ranked) == (8, False, ())
    assert found.probability is None


def test_two_villages_of_the_same_score_are_a_toss():
    one = suggest(evidence(mass=mass(0.95), organisational=97.0), POLICY)
    found = cap({"a": one, "b": one, "c": one}, Policy(cap_on_good=0.34))
    assert (found.last_in, found.first_out, found.probability) == ("a", "b", 0.5)
    nothing = cap({"a": one}, POLICY)
    assert (nothing.limit, nothing.binds, nothing.probability) == (0, True, None)


def test_the_chance_at_the_cut_follows_the_weight_of_the_mass_evaluation():
    better, other = worked_mass(), replace(worked_mass(), value=83.0)
    suggestion = suggest(evidence(mass=mass(0.95), organisational=97.0), POLICY)

    def chance(weights):
        return cap(
            {
                code: replace(suggestion, composite=compose(better, score, 90.0, weights))
                for code, score in (("a", better), ("b", other))
            },
            Policy(cap_on_good=0.5),
        ).probability

    full = chance({"self": 0, "mass": 1, "organisational": 0})
    half = chance({"self": 0, "mass": 0.5, "organisational": 0.5})
    assert full == close(half, abs=1e-9)
    assert 0.5 < full < 1


def test_ratings_have_names():
    assert str(rating_name("fairly_good")) == "fairly good"


def in_few_words(**change):
    found = suggest(evidence(**change), POLICY)
    return found, [str(one) for one in in_short(found)]


def test_in_short_it_is_three_sentences_the_composite_the_band_and_how_sure():
    found, short = in_few_words()
    assert len(short) == 3
    assert short[0].startswith("The composite is")
    assert short[1] == "From 80 points on, that is “fairly good”."
    assert short[2] in told(found)


def test_in_short_a_veto_that_holds_the_rating_down_stands_for_the_band():
    found, short = in_few_words(mass=mass(0.4, other=3), organisational=100.0)
    assert found.band == "poor"
    assert "“poor”; with more than" in short[1]
    mild, short = in_few_words(mass=mass(0.6, other=3), organisational=100.0)
    assert mild.band == "average"
    assert "the rating is at most “average”" in short[1]


def test_in_short_without_a_band_it_is_why_there_is_none():
    found, short = in_few_words(organisational=None)
    assert found.band is None
    assert short == [str(one) for one in found.reasons[:3]]
