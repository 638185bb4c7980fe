"""Which files can be a recording, and which words one belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.errors import Invalid
from survey.core.recording import (
    CONSENT,
    EVERYWHERE,
    KINDS,
    LARGEST,
    LONGEST,
    lines_of,
    read,
    words_of,
)
from survey.storage.questionnaires import defaults
from tests import sounds

MASS = defaults()["mass"]


@pytest.mark.parametrize(
    ("kind", "content"), [(kind, one) for kind, all_ in sounds.GOOD.items() for one in all_]
)
def test_a_sound_is_known_by_its_first_bytes(kind, content):
    sound = read(content)
    assert sound.kind == kind
    assert sound.content == content


def test_every_kind_is_tried():
    assert set(sounds.GOOD) == set(KINDS)
    assert set(KINDS) > EVERYWHERE


@pytest.mark.parametrize("content", sounds.BAD.values(), ids=sounds.BAD)
def test_what_no_phone_plays_is_refused(content):
    with pytest.raises(Invalid, match="no sound that phones play"):
        read(content)


@pytest.mark.parametrize("make", [sounds.wav, sounds.mp4, sounds.ogg])
def test_a_length_is_known_where_the_file_says_it(make):
    assert read(make(LONGEST - 1)).seconds == pytest.approx(LONGEST - 1, abs=0.1)
    with pytest.raises(Invalid, match="longer than a minute"):
        read(make(LONGEST + 1))


def test_a_file_that_does_not_say_its_length_is_bounded_by_its_size_alone():
    assert read(sounds.MP3).seconds is None
    assert read(sounds.mp4(0)).seconds is None
    assert len(sounds.TOO_LARGE) > LARGEST
    with pytest.raises(Invalid, match="larger than 1 MB"):
        read(sounds.TOO_LARGE)
    read(sounds.MP3 + bytes(LARGEST - len(sounds.MP3)))


@given(
    st.sampled_from([one for all_ in sounds.GOOD.values() for one in all_]),
    st.integers(0, 80),
    st.binary(max_size=80),
)
def test_a_file_that_is_cut_or_spoilt_is_a_sound_or_refused_and_never_a_fault(head, kept, tail):
    try:
        sound = read(head[:kept] + tail)
    except Invalid:
        return
    assert sound.kind in KINDS


def test_the_lead_is_read_before_the_first_item_of_its_dimension_alone():
    lines = lines_of(MASS, "en")
    assert list(lines) == [item.key for item in MASS.items]
    lead = MASS.dimensions[3].lead.en
    assert [key for key, said in lines.items() if lead in said] == ["responsibility.secretary"]
    assert lines["measures.done"] == (
        "How well were the promises carried out?",
        "1. Good",
        "2. Fairly good",
        "3. Average",
        "4. Poor",
        "5. Don’t know / rather not say",
    )
    assert lines_of(MASS, "zh")["effects.remaining"][1] == "1. 没有了"


def test_words_are_the_same_only_where_every_line_and_the_language_are():
    first = words_of(("a", "b"), "en")
    assert first == words_of(("a", "b"), "en")
    assert len({first, words_of(("a", "c"), "en"), words_of(("a", "b"), "zh")}) == 3
    assert CONSENT not in {item.key for item in MASS.items}
