"""Texts are read one by one, by nobody of their township, and what is cut is nowhere any more."""

import pytest
import sqlalchemy as sa

from survey.core.errors import Invalid, Missing, Refused
from survey.core.moderation import MARK
from survey.storage import accounts, audit, intake, moderation, rounds, texts
from survey.storage.db import begin_write
from survey.storage.moderation import Desk
from survey.storage.tables import AuditRow, FreeAnswerRow, ModerationRow, VillageRow
from tests.storage.round import PASSWORD, office

NAMED = "Ask Zhang about 13800138000."


@pytest.fixture
def place(session, tmp_path):
    """A sealed round: 22 ballots with 6 comments in the first village, 8 with 3 in the second."""
    made = office(session, tmp_path / "keys")
    big, small = made.village_ids()
    cast(made, big, 22, [NAMED, *(f"big {number}" for number in range(5))])
    cast(made, small, 8, [f"small {number}" for number in range(3)])
    made.close_and_seal()
    return made


def cast(made, village, ballots, comments):
    comments = [*comments, *[""] * (ballots - len(comments))]
    for code, comment in zip(made.print(village, ballots), comments, strict=True):
        submission = made.by_ticket(code, village, comment=comment)
        assert intake.add(made.session, submission) is intake.Outcome.COUNTED
    made.session.commit()


def moderator(place, name="mira", township="", **changes):
    made = accounts.add(
        place.session, name, name, PASSWORD, "moderator", township=township, **changes
    )
    place.session.commit()
    return made


def desk(place, account):
    begin_write(place.session)
    return Desk(place.session, place.round_, account)


def drain(one):
    """Release what waits, one by one; return it."""
    read = []
    while (text := one.next()) is not None:
        one.release(text.id)
        read.append(text.text)
    return read


def shown(place, number=0):
    village = rounds.villages(place.session, place.round_)[number]
    return texts.of_village(place.session, place.round_, village)["mass", "comment"]


def test_what_is_released_is_read_and_what_waits_is_not(place):
    assert shown(place).texts == ()
    one = desk(place, moderator(place))
    first = one.next()
    one.release(first.id)
    assert shown(place).texts == (first.text,)
    assert drain(one)
    assert sorted(shown(place).texts) == sorted([NAMED, *(f"big {n}" for n in range(5))])
    assert one.progress() == moderation.Progress(0, 0, 6, 0)


def test_too_few_are_never_read_not_by_a_moderator_either(place):
    read = drain(desk(place, moderator(place)))
    assert not [text for text in read if text.startswith("small")]
    assert shown(place, 1).withheld is not None
    with pytest.raises(Missing):
        small = sa.select(FreeAnswerRow.id).where(FreeAnswerRow.text == "small 0")
        desk(place, moderator(place, "other")).release(place.session.scalar(small))


def test_small_villages_of_a_township_are_read_as_from_there(session, tmp_path):
    made = office(session, tmp_path / "keys")
    for number, village in enumerate(made.village_ids()):
        cast(made, village, 11, [f"{number} {one}" for one in range(3)])
    made.close_and_seal()
    drain(desk(made, moderator(made)))
    pooled = shown(made)
    assert pooled == shown(made, 1)
    assert (pooled.township, len(pooled.texts)) == ("East", 6)
    everywhere = texts.released(session, made.round_)
    assert everywhere["990101100201"]["mass", "comment"] == pooled


def test_what_is_cut_is_overwritten_and_in_no_entry(place):
    one = desk(place, moderator(place))
    found = by_text(place, NAMED)
    one.redact(found, ["Zhang", "13800138000"])
    place.session.commit()
    moderation.wipe(place.session)
    assert f"Ask {MARK} about {MARK}." in shown(place).texts
    kept = place.session.get(ModerationRow, found)
    assert (kept.state, kept.redacted) == ("released", True)
    for entry in place.session.scalars(sa.select(AuditRow)):
        assert "Zhang" not in str(entry.detail) + entry.subject
    assert audit.listing(place.session, act="text.redact").total == 1


def by_text(place, text):
    return place.session.scalar(sa.select(FreeAnswerRow.id).where(FreeAnswerRow.text == text))


def test_a_cut_that_is_refused_changes_nothing(place):
    one = desk(place, moderator(place))
    found = by_text(place, NAMED)
    with pytest.raises(Invalid):
        one.redact(found, ["Wang"])
    place.session.rollback()
    assert by_text(place, NAMED) == found
    assert place.session.get(ModerationRow, found) is None


def test_what_was_released_can_be_withheld_later_and_the_other_way_round(place):
    one = desk(place, moderator(place))
    found = by_text(place, NAMED)
    one.release(found)
    with pytest.raises(Refused, match="meanwhile"):
        one.withhold(found, "insult")
    one.withhold(found, "insult", again=True)
    assert NAMED not in shown(place).texts
    assert [text.text for text in one.decided("withheld", 0, 10)] == [NAMED]
    one.redact(found, ["Zhang"], again=True)
    one.withhold(found, "person", again=True)
    assert place.session.get(ModerationRow, found).redacted, "it stays cut"


def test_of_two_who_decide_about_one_text_the_second_is_told(place):
    first, second = moderator(place, "ada"), moderator(place, "bea")
    found = by_text(place, "big 1")
    desk(place, first).release(found)
    place.session.commit()
    with pytest.raises(Refused, match="meanwhile"):
        desk(place, second).withhold(found, "foreign")


@pytest.mark.parametrize(
    ("township", "unit"),
    [("East", ""), ("", "East Township Office"), ("", "Bureau of roads"), ("", "Water board")],
)
def test_nobody_reads_texts_from_their_own_township_or_a_tied_unit(place, township, unit):
    for row in place.session.scalars(sa.select(VillageRow)):
        row.paired_unit, row.city_leader = "Bureau of roads", "Li, Water board"
    tied = desk(place, moderator(place, "tied", township, unit=unit))
    assert tied.next() is None
    assert tied.progress() == moderation.Progress(0, 6, 0, 0)
    with pytest.raises(Missing):
        tied.release(by_text(place, NAMED))
    assert desk(place, moderator(place, "free", "West")).next() is not None


def test_it_must_be_known_of_which_township_one_is(place):
    with pytest.raises(Refused, match="of which township"):
        desk(place, moderator(place, "new", None))


@pytest.mark.parametrize("role", ["administrator", "observer"])
def test_nobody_else_reads(place, role):
    with pytest.raises(Missing):
        desk(place, accounts.add(place.session, "x1", "X", PASSWORD, role))


def test_nothing_is_read_before_the_seal(session, tmp_path):
    made = office(session, tmp_path / "keys")
    cast(made, made.village_ids()[0], 22, ["a"] * 6)
    with pytest.raises(Refused, match="sealed"):
        desk(made, moderator(made))
    village = rounds.villages(session, made.round_)[0]
    assert texts.of_village(session, made.round_, village) == {}


def test_each_begins_at_another_place_and_all_is_read_once(place):
    first, second = moderator(place, "ada"), moderator(place, "bea")
    one, other = desk(place, first), desk(place, second)
    read = []
    for reader in (one, other, one, other, one, other):
        text = reader.next()
        reader.release(text.id)
        read.append(text.text)
    assert (one.next(), other.next()) == (None, None)
    assert len(set(read)) == 6
