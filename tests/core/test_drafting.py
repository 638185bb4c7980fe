"""Drafts: nothing is lost in and out, all that is lacking is told, hints stand in their places."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.cleaning import clean
from survey.core.drafting import draft as drafts
from survey.core.drafting import edits, lacking, parts, phrasing
from survey.core.drafting.draft import Text, Wording
from survey.core.drafting.shown import GAP, shown
from survey.core.errors import Invalid, Missing
from survey.storage.questionnaires import defaults
from tests.core.asked import questionnaires


@pytest.fixture
def mass():
    return drafts.of(defaults()["mass"])


@pytest.fixture
def bare():
    return drafts.empty("mass-1", "mass", defaults()["mass"])


def changed(draft, key, **fields):
    return edits.put(draft, edits.question(draft, key).model_copy(update=fields))


def said(notes, place):
    return [str(note.sentence) for note in notes if note.place == place]


@settings(max_examples=12)
@given(questionnaires())
def test_a_questionnaire_is_the_same_after_a_draft_and_its_file(asked):
    draft = drafts.of(asked)
    assert drafts.finish(draft) == asked
    assert drafts.from_dict(json.loads(json.dumps(draft.to_dict()))) == draft
    assert lacking.faults_of(draft) == []


@settings(max_examples=12)
@given(questionnaires(), st.data())
def test_a_draft_can_be_finished_exactly_where_nothing_is_lacking(asked, data):
    draft = drafts.of(asked)
    for _ in range(data.draw(st.integers(0, 3))):
        key = data.draw(st.sampled_from([question.key for _, question in draft.questions]))
        draft = data.draw(
            st.sampled_from(
                (
                    changed(draft, key, text=Text(zh="好")),
                    edits.remove(draft, key) if len(draft.questions) > 1 else draft,
                    edits.add(draft, key.split(".")[0], "choice")[0],
                    draft.model_copy(update={"title": Text()}),
                )
            )
        )
    faults = lacking.faults_of(draft)
    if faults:
        with pytest.raises(Invalid):
            drafts.finish(draft)
    else:
        assert drafts.of(drafts.finish(draft)) == draft
    places = {"title", *(one.key for one in draft.dimensions)}
    assert {note.place for note in faults} <= places | {one.key for _, one in draft.questions}


def test_an_empty_draft_lacks_an_item_in_each_dimension(bare):
    faults = lacking.faults_of(bare)
    assert [note.place for note in faults] == [one.key for one in bare.dimensions]
    assert all("no graded question" in str(note.sentence) for note in faults)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("choice", "two answers"),
        ("choices", "two answers"),
        ("number", "smallest number"),
        ("number", "largest number"),
        ("text", "Chinese is missing"),
        ("grades", "English is missing"),
    ],
)
def test_what_a_new_question_lacks_is_told_at_its_place(mass, kind, told):
    draft, key = edits.add(mass, "effects", kind)
    assert any(told in one for one in said(lacking.faults_of(draft), key))


def test_a_missing_translation_is_told_by_what_it_is_of(mass):
    wording = mass.wording.model_copy(update={"poor": Text(zh="差")})
    own = Wording(good=Text(zh="没有了", en="None"))
    draft = changed(mass.model_copy(update={"wording": wording}), "effects.service", wording=own)
    faults = lacking.faults_of(draft)
    assert said(faults, "wording") == ["What “Poor” is called is missing in English."]
    assert len(said(faults, "effects.service")) == 8


def test_numbers_the_wrong_way_round_and_texts_too_long_are_told(mass):
    draft, key = edits.add(mass, "effects", "number")
    draft = changed(draft, key, text=Text(zh="几次", en="How often"), least=5, most=5)
    assert said(lacking.faults_of(draft), key) == ["The smallest number must be below the largest."]
    draft = changed(draft, key, least=0, most=2_000_000)
    assert said(lacking.faults_of(draft), key) == ["This part must be 1e+06 or less."]


@settings(max_examples=12)
@given(questionnaires(), st.data())
def test_whatever_is_unfinished_can_be_looked_at(asked, data):
    draft = drafts.of(asked)
    keys = [question.key for _, question in draft.questions]
    for key in data.draw(st.lists(st.sampled_from(keys), unique=True)):
        draft = edits.remove(draft, key)
    for kind in drafts.KINDS:
        draft, key = edits.add(draft, "effects", kind)
    draft = draft.model_copy(update={"title": Text(), "wording": Wording()})
    seen = shown(draft)
    assert len(seen.extras) == len([one for _, one in draft.questions if one.kind != "grades"])
    assert seen.title.zh == seen.wording.poor.en == GAP


@pytest.mark.parametrize(("least", "most"), [(5, 5), (9, 1), (None, -4), (2 * 10**6, -(10**9))])
def test_numbers_that_cannot_be_asked_can_be_looked_at(mass, least, most):
    draft, key = edits.add(mass, "effects", "number")
    (extra,) = shown(changed(draft, key, least=least, most=most)).extras
    assert -1_000_000 <= extra.least < extra.most <= 1_000_000


def test_a_missing_language_is_shown_in_the_other(mass):
    draft = changed(mass, "effects.service", text=Text(zh="办事怎么样？"))
    (item,) = (item for item in shown(draft).items if item.key == "effects.service")
    assert item.text.en == "办事怎么样？"


# Parts


@settings(max_examples=12)
@given(questionnaires())
def test_a_form_that_nobody_touched_changes_nothing(asked):
    draft = drafts.of(asked)
    places = ["title", "wording", "comment", *(one.key for one in draft.dimensions)]
    for place in (*places, *(question.key for _, question in draft.questions)):
        values = parts.values(draft, place)
        lines = [line for value in values.values() for line in value.splitlines()]
        if lines == [clean(line) for line in lines]:
            assert parts.change(draft, place, values) == draft


def test_a_stamp_names_what_stands_in_one_part_alone(mass):
    other = changed(mass, "effects.service", text=Text(zh="别的", en="Other"))
    moved = {
        question.key
        for _, question in mass.questions
        if parts.stamp(mass, question.key) != parts.stamp(other, question.key)
    }
    assert moved == {"effects.service"}


@pytest.mark.parametrize("written", ["many", "1.5", "0x10", "1e3", "9" * 5000])
def test_what_is_no_whole_number_is_told(mass, written):
    draft, key = edits.add(mass, "effects", "number")
    with pytest.raises(Invalid, match="no whole number"):
        parts.change(draft, key, {"least": written})


def test_characters_that_nobody_types_are_dropped(mass):
    document = mass.to_dict()
    document["title"]["zh"] = "群\x00众\x1b测评\r"
    assert drafts.from_dict(document).title.zh == "群众测评"


# Edits


def test_a_question_moves_among_those_of_its_dimension_and_no_further(mass):
    def order(draft):
        return [item.key for item in edits.dimension(draft, "effects").items]

    first, second, third = order(mass)
    assert order(edits.move(mass, third, -1)) == [first, third, second]
    assert order(edits.move(mass, first, 2)) == [second, third, first]
    for step in (-1, -5):
        assert order(edits.move(mass, first, step)) == [first, second, third]
    assert order(edits.move(mass, first, 50)) == [second, third, first]
    assert edits.move(mass, third, -1).dimensions[0] == mass.dimensions[0]


def test_what_was_taken_away_meanwhile_is_missing(mass):
    without = edits.remove(mass, "effects.service")
    assert len(without.questions) == 11
    with pytest.raises(Missing, match="no longer there"):
        edits.move(without, "effects.service", 1)


def test_a_dimension_that_is_full_takes_no_more(bare):
    for _ in range(40):
        bare, _key = edits.add(bare, "effects", "grades")
    with pytest.raises(Invalid, match="no more fit"):
        edits.add(bare, "effects", "grades")
    keys = [question.key for _, question in bare.questions]
    assert len(set(keys)) == 40


def test_an_option_that_keeps_its_words_keeps_its_key():
    first = edits.options((), "路\n灯\n\n水", "Roads\nLights\n\nWater")
    assert [one.key for one in first] == ["a1", "a2", "a3"]
    second = edits.options(first, "水\n灯泡\n桥", "Water\nLights\nBridge")
    assert [(one.key, one.text.zh) for one in second] == [
        ("a3", "水"),
        ("a2", "灯泡"),
        ("a4", "桥"),
    ]
    with pytest.raises(Invalid, match="20 answers"):
        edits.options((), "\n".join(map(str, range(21))), "")


# Hints


def test_the_questionnaire_for_villagers_gives_no_cause_for_a_hint(mass):
    assert phrasing.hints_of(mass) == []


def test_hints_stand_at_their_questions_in_the_order_of_the_page(mass):
    draft = changed(mass, "responsibility.helpers", text=Text(zh="不好的事", en="The bad"))
    draft = changed(draft, "effects.service", text=Text(zh="村里的路和灯", en="Roads"))
    assert [note.place for note in phrasing.hints_of(draft)] == [
        "effects.service",
        "responsibility.helpers",
    ]


@pytest.mark.parametrize(
    ("zh", "en", "told"),
    [
        ("路和灯修得怎么样？", "", "two questions"),
        ("路修得快不快以及好不好？", "", "two questions"),
        ("路怎么样？", "How are roads and lamps?", "two questions"),
        ("没办的事多不多？", "", "negation"),
        ("路怎么样？", "Are promises not kept?", "negation"),
        ("路怎么样？", "Who doesn't help?", "negation"),
        ("信访办得怎么样？", "", "frighten"),
        ("路怎么样？", "How are petitions handled?", "frighten"),
        ("您的电话是多少？", "", "who somebody is"),
        ("您多大年纪？", "", "who somebody is"),
        ("路怎么样？", "What is your name?", "who somebody is"),
        ("路" * 19, "", "19 signs; 18 fit"),
    ],
)
def test_wording_that_experience_warns_of_is_pointed_out(mass, zh, en, told):
    draft = changed(mass, "effects.service", text=Text(zh=zh, en=en))
    assert [told in one for one in said(phrasing.hints_of(draft), "effects.service")] == [True]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("大家参与得怎么样？", "How was the standing of the band?"),
        ("邻里和睦不和睦？", "Do neighbours get along?"),
        ("有没有及时办好？", "Was it done in time?"),
        ("差不多都办了吗？", "Was nearly all of it done?"),
        ("路" * 18, "Notable progress?"),
    ],
)
def test_words_that_only_look_like_it_are_left_in_peace(mass, zh, en):
    draft = changed(mass, "effects.service", text=Text(zh=zh, en=en))
    assert said(phrasing.hints_of(draft), "effects.service") == []


def test_a_negation_with_a_wording_of_its_own_is_fine(mass):
    own = Wording(good=Text(zh="没有了", en="None"))
    draft = changed(mass, "effects.service", text=Text(zh="没办的事", en="Undone"), wording=own)
    assert said(phrasing.hints_of(draft), "effects.service") == []


def test_more_than_two_minutes_are_pointed_out(mass):
    for _ in range(4):
        mass, _key = edits.add(mass, "effects", "grades")
    assert any("16 questions" in one for one in said(phrasing.hints_of(mass), "title"))


def test_the_same_words_twice_are_pointed_out_at_the_second(mass):
    same = edits.question(mass, "effects.service").text
    draft = changed(mass, "effects.remaining", text=same)
    told = said(phrasing.hints_of(draft), "effects.remaining")
    assert [one.startswith("Another question") for one in told] == [True, True]
    draft, key = edits.add(mass, "effects", "choice")
    twice = edits.options((), "路\n路", "Roads\nLights")
    assert "Two of its answers say the same: “路”." in said(
        phrasing.hints_of(changed(draft, key, options=twice)), key
    )


def test_a_comment_may_name_what_it_does_not_want(mass):
    comment = mass.comment.model_copy(update={"text": Text(zh="写下您的姓名和电话", en="Name?")})
    draft = mass.model_copy(update={"comment": comment})
    assert len(said(phrasing.hints_of(draft), "comment")) == 1
