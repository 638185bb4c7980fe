import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.ballot import to_text
from survey.core.ballot_file import MethodInput
from survey.core.errors import Invalid
from survey.core.recompute import MethodOutput, recompute, recompute_text
from tests.core.ballots import FOUR, WORKED, ballots_of, scores_of

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
close = pytest.approx


def document(**change):
    return {
        "values": [100, 80, 60, 40],
        "dimensions": [[0, 1, 2]],
        "villages": [{"code": "a", "eligible": 60, "ballots": WORKED["ballots"]}],
        "phi_pool": WORKED["phi_pool"],
    } | change


def test_the_worked_example_comes_out_to_nine_digits():
    found = recompute(document())["villages"][0]
    assert [item["score"] for item in found["items"]] == close(WORKED["item_scores"], abs=1e-9)
    for figure in (found["dimensions"][0], found["source"]):
        assert figure["score"] == close(WORKED["D"], abs=1e-9)
        assert figure["phi"] == close(WORKED["phi_hat"], abs=1e-9)
        assert [figure["low"], figure["high"]] == close(WORKED["ci95"], abs=1e-9)
        assert figure["at_least"] == close(WORKED["P_ge"], abs=1e-9)
        assert figure["flips"]["80"] == WORKED["flip80"]
        assert figure["flips_about"]
    assert found["unknown_share"] == close(WORKED["dk_share"], abs=1e-9)


@given(ballots_of(10, most=12), st.integers(0, 40) | st.none())
def test_it_gives_what_scoring_gives_and_is_plain_json(ballots, eligible):
    given_ = {
        "values": [100, 80, 60, 40],
        "dimensions": [list(where) for where in FOUR.values()],
        "villages": [{"code": "v", "eligible": eligible, "ballots": ballots}],
        "phi_pool": 0.4,
    }
    found = json.loads(json.dumps(recompute(given_), allow_nan=False))["villages"][0]
    scores = scores_of(ballots, eligible=eligible)
    wanted = [*scores.dimensions.values(), scores.source]
    for figure, score in zip([*found["dimensions"], found["source"]], wanted, strict=True):
        assert (figure is None) == (score is None)
        if score is not None:
            assert figure["score"] == score.value
            assert (figure["low"], figure["high"]) == (score.low, score.high)
    assert (found["received"], found["invalid"]) == (scores.received, scores.invalid)


def test_villages_come_in_their_order_and_share_a_pool_where_none_is_given():
    villages = [
        {"code": str(code), "eligible": None, "ballots": [[0, 1, 2], [1, 1, code % 4]]}
        for code in range(6)
    ]
    found = recompute(
        {key: one for key, one in document(villages=villages).items() if key != "phi_pool"}
    )
    assert [one["code"] for one in found["villages"]] == ["0", "1", "2", "3", "4", "5"]
    assert len({one["source"]["phi_pool"] for one in found["villages"]}) == 1
    assert found["villages"][0]["source"]["phi_pool"] != WORKED["phi_pool"]


def test_no_village_and_no_ballot_are_answered_too():
    assert recompute(document(villages=[]))["villages"] == []
    empty = recompute(document(villages=[{"code": "a", "eligible": None, "ballots": []}]))
    assert empty["villages"][0]["source"] is None
    assert empty["villages"][0]["dimensions"] == [None]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"values": [100, 80, 60]}, "values"),
        ({"values": [40, 60, 80, 100]}, "points must fall"),
        ({"values": [100, 80, 60, float("nan")]}, "values.3"),
        ({"dimensions": []}, "dimensions"),
        ({"dimensions": [[0, 1], []]}, "dimensions.1"),
        ({"dimensions": [[0, 1], [1, 2]]}, "exactly one dimension"),
        ({"dimensions": [[0, 1, 2], [-1]]}, "dimensions.1.0"),
        ({"phi_pool": 2}, "phi_pool"),
        ({"villages": [{"code": "a", "ballots": [[0, 1, 4]]}]}, "villages.0.ballots.0.2"),
        ({"villages": [{"code": "a", "ballots": [[0, 1, True]]}]}, "villages.0.ballots.0.2"),
        ({"villages": [{"code": "a", "ballots": [[0, 1, 2], [0, 1]]}]}, "Ballot 1 of village a"),
        ({"villages": [{"code": "a", "eligible": -1, "ballots": []}]}, "villages.0.eligible"),
        ({"villages": [{"code": "a", "ballots": []}, {"code": "a", "ballots": []}]}, "twice"),
        ({"villages": [{"ballots": []}]}, "villages.0.code"),
        ({"secret": 1}, "secret"),
    ],
)
def test_a_fault_is_named_with_its_place(change, place):
    with pytest.raises(Invalid) as caught:
        recompute(document(**change))
    assert place in str(caught.value)
    assert "docs/method.md" in str(caught.value)


@pytest.mark.parametrize("other", [None, [], "text", 7])
def test_what_is_no_document_is_refused(other):
    with pytest.raises(Invalid, match="cannot be scored"):
        recompute(other)


def test_thousands_of_faults_are_not_all_listed():
    ballots = [[9, 9, 9]] * 1000
    with pytest.raises(Invalid) as caught:
        recompute(document(villages=[{"code": "a", "ballots": ballots}]))
    assert str(caught.value).count("villages.0") == 20
    assert "and 2980 more" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "model", "mode"),
    [("input", MethodInput, "validation"), ("output", MethodOutput, "serialization")],
)
def test_the_schemas_in_docs_are_those_of_the_code(name, model, mode):
    written = json.loads((SCHEMAS / f"method-{name}.schema.json").read_text("utf-8"))
    assert written == model.model_json_schema(mode=mode)


def test_scipy_is_not_loaded_until_a_score_is_computed():
    modules = "scoring, rating, release, recompute, gaps, tallies"
    code = f"import sys; from survey.core import {modules}; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_worked_example_of_the_docs_is_that_of_the_vectors():
    page = (SCHEMAS.parent / "method.md").read_text("utf-8")
    found = recompute(json.loads(page.split("```json")[1].split("```")[0]))["villages"][0]
    assert found["source"]["score"] == close(WORKED["D"], abs=1e-9)
    assert found["eligible"] == WORKED["N"]


def test_text_gives_what_its_document_gives():
    given = document()
    assert json.loads(recompute_text(json.dumps(given))) == recompute(given)


@given(ballots_of(10, most=12))
def test_signs_give_what_ballots_give(ballots):
    where = {"dimensions": [list(items) for items in FOUR.values()]}
    lists = document(villages=[{"code": "a", "ballots": ballots}], **where)
    signs = document(villages=[{"code": "a", "signs": list(map(to_text, ballots))}], **where)
    assert recompute(signs) == recompute(lists)
    assert json.loads(recompute_text(json.dumps(signs))) == recompute(lists)


@pytest.mark.parametrize(
    ("village", "told"),
    [
        ({"signs": ["012", "0x1"]}, r"villages.0.signs.1"),
        ({"signs": ["012", "01"]}, "Ballot 1 of village a has 2 answers for 3 items"),
        ({"signs": ["012"], "ballots": [[0, 1, 2]]}, "either ballots or signs"),
        ({}, "either ballots or signs"),
    ],
)
def test_signs_that_cannot_be_read_are_told(village, told):
    wrong = document(villages=[{"code": "a"} | village])
    for scored in (lambda: recompute(wrong), lambda: recompute_text(json.dumps(wrong))):
        with pytest.raises(Invalid, match=told):
            scored()


def test_faults_of_a_text_are_told_as_those_of_its_document():
    wrong = document(villages=[{"code": "a", "ballots": [[0, 1, 2], [0, 1, 4], [0, True, 1]]}])
    for scored in (lambda: recompute(wrong), lambda: recompute_text(json.dumps(wrong))):
        with pytest.raises(Invalid, match=r"villages.0.ballots.1.2.*villages.0.ballots.2.1"):
            scored()
    with pytest.raises(json.JSONDecodeError):
        recompute_text("{")


@pytest.mark.parametrize("answer", [4, -3, 127, 300, -129, 2**70, True, 1.0, "1", None, []])
def test_a_text_accepts_no_answer_that_its_document_may_not_have(answer):
    wrong = document(villages=[{"code": "a", "ballots": [[0, 1, 2], [0, answer, 1]]}])
    told = []
    for scored in (lambda: recompute(wrong), lambda: recompute_text(json.dumps(wrong))):
        with pytest.raises(Invalid, match=r"villages.0.ballots.1.1: must be") as caught:
            scored()
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_the_first_ballot_that_does_not_fit_is_named():
    ballots = [[0, 1, 2], [0, 1], [0], [0, 1]]
    with pytest.raises(Invalid, match="Ballot 1 of village a has 2 answers for 3 items"):
        recompute(document(villages=[{"code": "a", "ballots": ballots}]))
