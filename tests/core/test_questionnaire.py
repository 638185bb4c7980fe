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


@pytest.mark.parametrize(
    ("audience", "digest"),
    [("mass", "1cbc2d9e9ec56541f57da103755e176c"), ("self", "bd4111a604d9d8ceadbde5194cdef0ef")],
)
def test_what_was_kept_before_there_were_extras_is_named_as_before(audience, digest):
    assert defaults()[audience].digest == digest


OPTIONS = [{"key": key, "text": {"zh": key, "en": key}} for key in ("east", "west")]
EXTRAS = [
    {"kind": "choice", "options": OPTIONS},
    {"kind": "choices", "options": OPTIONS},
    {"kind": "number", "least": -3, "most": 50},
    {"kind": "text", "maximum": 60},
]


def with_extras(*extras):
    asked = document()
    asked["dimensions"][2]["extras"] = [
        {"key": f"effects.extra{number}", "text": {"zh": "问", "en": "Ask"}} | extra
        for number, extra in enumerate(extras)
    ]
    return asked


def test_questions_that_are_not_graded_survive_their_file():
    asked = questionnaires.from_dict(with_extras(*EXTRAS))
    assert [extra.kind for extra in asked.extras] == ["choice", "choices", "number", "text"]
    assert len(asked.items) == 12
    assert questionnaires.from_json(asked.to_json()) == asked
    assert json.loads(asked.to_json())["dimensions"][2]["extras"][2].keys() == {
        "key", "kind", "text", "least", "most",
    }  # fmt: skip


def test_a_short_text_has_a_hundred_characters_unless_told():
    assert questionnaires.from_dict(with_extras({"kind": "text"})).extras[0].maximum == 100


@pytest.mark.parametrize(
    "extra",
    [
        {"kind": "essay"},
        {"kind": "choice"},
        {"kind": "choice", "options": OPTIONS[:1]},
        {"kind": "choice", "options": [OPTIONS[0], OPTIONS[0]]},
        {"kind": "choices", "options": [OPTIONS[0] | {"key": "East"}, OPTIONS[1]]},
        {"kind": "choices", "options": OPTIONS, "maximum": 3},
        {"kind": "number", "least": 3},
        {"kind": "number", "least": 3, "most": 3},
        {"kind": "number", "least": 0, "most": 1_000_001},
        {"kind": "number", "least": 0.5, "most": 3},
        {"kind": "text", "maximum": 301},
        {"kind": "text", "key": "effects.service"},
        {"kind": "text", "key": "measures.extra"},
    ],
)
def test_an_extra_that_does_not_fit_is_refused(extra):
    with pytest.raises(Invalid):
        questionnaires.from_dict(with_extras(extra))


def test_a_dimension_has_at_most_twenty_extras():
    assert len(questionnaires.from_dict(with_extras(*EXTRAS * 5)).extras) == 20
    with pytest.raises(Invalid):
        questionnaires.from_dict(with_extras(*EXTRAS * 5, EXTRAS[0]))
