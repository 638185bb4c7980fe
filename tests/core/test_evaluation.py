"""A member's evaluation is read with all its faults at once, and survives its JSON form."""

import pytest

from survey.core.errors import Damaged
from survey.core.evaluation import (
    DIMENSIONS,
    MATERIAL_KEYS,
    MATERIALS,
    NOTE_MAXIMUM,
    Evaluation,
    Scale,
    consensus_of,
    evaluation_of,
    lacks,
    read,
    read_consensus,
    spread,
    to_form,
)
from survey.core.policy import Policy

SCALE = Scale(Policy().values)
FULL = {f"points.{dimension}": "85" for dimension in DIMENSIONS}


def test_whole_points_within_the_scale_are_taken():
    evaluation, faults = read(FULL | {"points.effects": " ９０ "}, SCALE)
    assert faults == {}
    assert evaluation.points["effects"] == 90
    assert evaluation.score == pytest.approx((85 * 3 + 90) / 4)


@pytest.mark.parametrize("text", ["39", "101", "85.5", "-85", "八十五", "1e2", "99999999"])
def test_other_points_are_named_at_their_field_and_left_out(text):
    evaluation, faults = read(FULL | {"points.measures": text}, SCALE)
    assert list(faults) == ["points.measures"]
    assert "40" in str(faults["points.measures"])
    assert "measures" not in evaluation.points


def test_the_scale_follows_the_policy_of_the_round():
    scale = Scale(Policy(value_poor=0).values)
    evaluation, faults = read({"points.effects": "30"}, scale)
    assert faults == {}
    assert evaluation.points == {"effects": 30}


def test_an_unfinished_draft_is_no_fault_but_cannot_be_handed_in():
    evaluation, faults = read({"points.effects": "80", "note.effects": "much better"}, SCALE)
    assert faults == {}
    assert evaluation.score is None
    assert set(lacks(evaluation, SCALE)) == {
        "points.investigation",
        "points.measures",
        "points.responsibility",
    }


def test_interviews_are_counted_by_role_and_number():
    evaluation, faults = read(
        {"number.villager": "12", "said.villager": "roads", "number.raised": "3"}, SCALE
    )
    assert faults == {}
    assert evaluation.heard == 15
    villagers = next(one for one in evaluation.interviews if one.role == "villager")
    assert villagers.said == "roads"


def test_an_interview_without_a_number_stays_without_one():
    evaluation, _ = read({"said.helper": "was there twice"}, SCALE)
    helper = next(one for one in evaluation.interviews if one.role == "helper")
    assert helper.number is None
    assert evaluation.heard == 0


def test_materials_are_ticked_with_a_note():
    evaluation, _ = read({"seen.plan": "yes", "about.plan": "of May"}, SCALE)
    plan = next(one for one in evaluation.materials if one.key == "plan")
    assert (plan.seen, plan.note) == (True, "of May")
    assert evaluation.seen == 1


def test_the_checklist_covers_every_dimension_and_no_key_comes_twice():
    assert tuple(MATERIALS) == DIMENSIONS
    assert len(set(MATERIAL_KEYS)) == len(MATERIAL_KEYS)


def test_a_note_that_is_too_long_is_said_not_silently_cut():
    evaluation, faults = read({"note.effects": "长" * (NOTE_MAXIMUM + 1)}, SCALE)
    assert list(faults) == ["note.effects"]
    assert len(evaluation.notes["effects"]) == NOTE_MAXIMUM


def test_a_note_keeps_its_lines_and_loses_control_signs():
    evaluation, _ = read({"note.effects": "one\r\ntwo\x00\u202e  three"}, SCALE)
    assert evaluation.notes["effects"] == "one\ntwo three"


def test_the_form_comes_back_as_it_was_given():
    form = FULL | {"note.effects": "ok", "number.villager": "7", "seen.plan": "yes"}
    evaluation, _ = read(form, SCALE)
    again, faults = read(to_form(evaluation), SCALE)
    assert faults == {}
    assert again == evaluation


def test_json_form_round_trip():
    evaluation, _ = read(FULL | {"number.villager": "7", "seen.plan": "yes"}, SCALE)
    assert evaluation_of(evaluation.to_dict()) == evaluation
    consensus, _ = read_consensus(FULL | {"statement": "one is ill"}, SCALE)
    assert consensus_of(consensus.to_dict()) == consensus


def test_a_stored_evaluation_that_is_none_is_damage():
    with pytest.raises(Damaged):
        evaluation_of({"points": {"effects": "many"}})


def test_a_consensus_needs_points_in_every_dimension():
    _, faults = read_consensus({"points.effects": "80"}, SCALE)
    assert len(faults) == 3


def test_a_consensus_with_a_wrong_number_is_told_of_that_not_of_a_gap():
    _, faults = read_consensus(FULL | {"points.effects": "200"}, SCALE)
    assert "200" in str(faults["points.effects"])


def test_spread_is_highest_less_lowest_and_absent_below_two():
    high = Evaluation(points={"effects": 95})
    low = Evaluation(points={"effects": 80})
    assert spread([high, low, Evaluation()], "effects") == 15
    assert spread([high, Evaluation()], "effects") is None
