"""Questionnaires: the two that come with the service, and what the schema refuses."""

import copy
import json

import pytest

from survey.core import questionnaire as questionnaires
from survey.core.errors import Invalid
from survey.core.questionnaire import DIMENSIONS, LANGUAGES
from survey.storage.questionnaires import DEFAULTS, defaults

AUDIENCES = ("mass", "self")


def document(audience="mass"):
    return json.loads((DEFAULTS / f"{audience}.json").read_text("utf-8"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_questionnaires_that_come_with_the_service_are_whole(audience):
    asked = defaults()[audience]
    assert [dimension.key for dimension in asked.dimensions] == list(DIMENSIONS)
    assert len(asked.items) == 12
    for item in asked.items:
        for language in LANGUAGES:
            assert item.text.in_language(language)
            assert asked.wording_of(item).poor.in_language(language)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_questionnaire_survives_its_file(audience):
    asked = defaults()[audience]
    assert questionnaires.from_json(asked.to_json()) == asked
    assert questionnaires.from_json(asked.to_json()).digest == asked.digest


def test_another_word_is_another_digest():
    changed = document()
    changed["dimensions"][0]["items"][0]["text"]["en"] += "!"
    assert questionnaires.from_dict(changed).digest != defaults()["mass"].digest


def test_columns_name_every_item_once():
    columns = defaults()["mass"].dimension_columns
    assert sorted(place for where in columns.values() for place in where) == list(range(12))


def spoil(change):
    spoilt = copy.deepcopy(document())
    change(spoilt)
    return spoilt


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(format="cunping-questionnaire/9"),
        lambda d: d["dimensions"].pop(),
        lambda d: d["dimensions"].reverse(),
        lambda d: d["dimensions"][0].update(items=[]),
        lambda d: d["dimensions"][0]["items"].append(d["dimensions"][0]["items"][0]),
        lambda d: d["dimensions"][0]["items"][0].update(key="effects.heard"),
        lambda d: d["dimensions"][0]["items"][0].update(key="investigation.<b>"),
        lambda d: d["dimensions"][0]["items"][0]["text"].pop("en"),
        lambda d: d["wording"].pop("unknown"),
        lambda d: d.update(audience="everybody"),
        lambda d: d.update(surprise=1),
    ],
)
def test_what_does_not_fit_is_refused(change):
    with pytest.raises(Invalid):
        questionnaires.from_dict(spoil(change))


def test_all_faults_are_told_at_once():
    def change(d):
        d["version"] = 0
        d["title"] = {"zh": "", "en": "x"}

    with pytest.raises(Invalid) as refusal:
        questionnaires.from_dict(spoil(change))
    assert "version" in str(refusal.value)
    assert "title" in str(refusal.value)


def test_a_file_that_is_no_json_is_told_by_its_place():
    with pytest.raises(Invalid, match="line 1"):
        questionnaires.from_json("{")


def test_dimensions_may_have_different_numbers_of_items():
    def change(d):
        d["dimensions"][1]["items"] = d["dimensions"][1]["items"][:1]

    assert len(questionnaires.from_dict(spoil(change)).items) == 10
