"""Recordings are kept, replaced, found and taken away, and the log names each sound."""

import pytest
import sqlalchemy as sa

from survey.core.errors import Missing, Refused
from survey.core.recording import LARGEST, Sound, read
from survey.storage import audit, recordings, rounds
from survey.storage.db import begin_write
from survey.storage.tables import RecordingRow
from tests import sounds
from tests.storage.round import office

WORDS = "a" * 32
ITEM = ("effects.service", "zh")


@pytest.fixture
def place(session, tmp_path):
    return office(session, tmp_path / "keys")


def keep(place, content=None, words=WORDS):
    begin_write(place.session)
    sound = read(content or sounds.wav())
    recordings.keep(place.session, place.round_, words, *ITEM, sound, place.first)
    place.session.commit()
    return sound


def logged(session):
    return [
        (row.act, row.actor, row.detail["sound"])
        for row in reversed(audit.listing(session).rows)
        if row.act.startswith("recording.")
    ]


def test_a_recording_is_found_by_its_words_and_by_its_sound(place):
    sound = keep(place)
    (row,) = recordings.of_words(place.session, [WORDS, "b" * 32]).values()
    assert (row.item, row.language, row.kind, row.size) == (*ITEM, "wav", len(sound.content))
    assert sa.inspect(row).unloaded >= {"content"}, "a list need not read the sounds"
    place.session.expunge_all()
    found = recordings.by_name(place.session, sound.name)
    assert found is not None
    assert found.content == sound.content
    assert recordings.by_name(place.session, "b" * 32) is None


def test_another_one_takes_its_place_and_both_are_in_the_log(place):
    first, second = keep(place), keep(place, sounds.wav(level=1))
    assert first.name != second.name
    assert recordings.by_name(place.session, first.name) is None
    assert recordings.by_name(place.session, second.name) is not None
    who = place.first.username
    assert logged(place.session) == [
        ("recording.keep", who, first.name),
        ("recording.keep", who, second.name),
    ]
    assert audit.verify(place.session) is None


def test_the_same_sound_may_read_two_texts(place):
    sound = keep(place)
    keep(place, words="b" * 32)
    assert recordings.by_name(place.session, sound.name).content == sound.content


def test_one_is_taken_away_and_the_log_keeps_its_name(place):
    sound = keep(place)
    recordings.remove(place.session, place.round_, WORDS, place.second)
    place.session.commit()
    assert recordings.of_words(place.session, [WORDS]) == {}
    assert logged(place.session)[-1] == ("recording.remove", place.second.username, sound.name)
    with pytest.raises(Missing):
        recordings.remove(place.session, place.round_, WORDS, place.second)


def test_what_reads_other_words_than_the_round_s_is_left_over(place):
    keep(place)
    assert recordings.left_over(place.session, place.round_, [WORDS]) == []
    (row,) = recordings.left_over(place.session, place.round_, ["b" * 32])
    assert row.words == WORDS


def test_nothing_is_changed_once_answering_has_ended(place):
    keep(place)
    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    place.session.commit()
    with pytest.raises(Refused, match="until answering has ended"):
        keep(place, sounds.wav(level=1))
    place.session.rollback()
    with pytest.raises(Refused):
        recordings.remove(place.session, place.round_, WORDS, place.first)
    assert len(recordings.of_words(place.session, [WORDS])) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "exe"),
        ("language", "fr"),
        ("content", b""),
        ("content", bytes(LARGEST + 1)),
        ("round_id", 999),
    ],
)
def test_the_table_itself_holds_nothing_else(place, name, value):
    values = {"words": WORDS, "language": "zh", "item": "a", "round_id": place.round_.id}
    values |= {"kind": "wav", "size": 1, "name": "b" * 32, "content": b"x"}
    place.session.add(RecordingRow(**values | {name: value}))
    with pytest.raises(sa.exc.IntegrityError):
        place.session.flush()


def test_a_sound_is_named_by_its_content_alone():
    assert Sound("wav", b"x", None).name == Sound("mp3", b"x", 3.0).name
