"""A round as eyes may see it: everything derived comes from what was released."""

import json

import pytest

from survey.core.policy import Policy
from survey.core.release import release_cap, release_round, to_dict
from tests.core.ballots import mixed, scores_of

POLICY = Policy()
close = pytest.approx


def a_round(n=40, own=8, exact=False, **how):
    mass = [scores_of(mixed(n), code=code, eligible=500) for code in ("a", "b")]
    self_ = [scores_of([[0] * 9 + [1]] * own, audience="self", code="a", eligible=40)]
    return release_round(
        mass, self_, POLICY, organisational={"a": 88.0, "b": 90.0}, exact=exact, **how
    )


def test_the_composite_is_made_of_released_scores():
    village = a_round()["a"]
    mass, own = village.mass.source, village.self_.source
    assert village.composite.value == close(0.1 * own.value + 0.4 * mass.value + 0.5 * 88)
    assert (own.text, village.composite.text) == ("≥ 98", f"≥ {village.composite.value:.1f}")
    assert village.composite.low == close(village.composite.value + 0.4 * (mass.low - mass.value))
    assert village.suggestion.rating == "fairly_good"


@pytest.mark.parametrize("exact", [False, True])
def test_a_withheld_source_counts_as_missing(exact):
    village = a_round(own=4, exact=exact)["a"]
    assert village.composite.value is None
    assert village.suggestion.rating is None
    assert set(village.gaps.values()) == {None}
    assert "no self-evaluation" in " ".join(map(str, village.suggestion.reasons))
    assert a_round(n=9)["a"].composite.value is None


def test_gaps_are_differences_of_released_scores():
    village = a_round()["a"]
    for name, gap in village.gaps.items():
        own, mass = village.self_.dimensions[name], village.mass.dimensions[name]
        assert gap.value == own.value - mass.value


def test_a_village_with_one_source_only_is_there_too():
    round_ = release_round([], [scores_of(mixed(12), audience="self", code="z")], POLICY)
    assert round_["z"].mass is None
    assert round_["z"].self_.source.text == "82"
    assert round_["z"].gaps == {}


def test_slips_and_events_reach_the_suggestion():
    assert a_round(handed_out={"a": {"mass": 39}})["a"].suggestion.status == "void"


def floats_in(part):
    if isinstance(part, dict | list):
        inside = part.values() if isinstance(part, dict) else part
        return [number for one in inside for number in floats_in(one)]
    return [part] if isinstance(part, float) else []


@pytest.mark.parametrize("exact", [False, True])
def test_the_json_form_holds_released_figures_only(exact):
    released_round = a_round(exact=exact)
    document = json.loads(json.dumps(to_dict(released_round, POLICY, exact=exact)))
    assert document["exact"] is exact
    digits = 6 if exact else 2
    assert all(number == round(number, digits) for number in floats_in(document["villages"]))
    assert [one["code"] for one in document["villages"]] == ["a", "b"]
    first = document["villages"][0]
    source = released_round["a"].mass.source
    assert first["mass"]["source"]["text"] == source.text
    assert first["mass"]["source"]["score"] == close(source.value, abs=1e-6)
    assert first["mass"]["source"]["at_least"]["80"] == close(
        source.probability_at_least(80), abs=0.005
    )
    assert first["suggestion"]["reasons"]
    assert document["villages"][1]["self"] is None
    assert document["policy"]["weight_mass"] == 0.4
    assert document["cap"]["limit"] == 0


def test_the_json_form_says_why_in_the_readers_language():
    document = to_dict(a_round(n=9), POLICY, translate=lambda message: f"<{message}>")
    assert document["villages"][0]["mass"]["withheld"]["source"].startswith("<Fewer than 10")


def test_the_cap_stands_on_released_composites():
    assert release_cap(a_round(), POLICY).ranked == ()
