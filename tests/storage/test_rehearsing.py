"""A rehearsal: copied from a draft, by one person, of no account, and gone when it is deleted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from survey.core.errors import Refused
from survey.storage import (
    accounting,
    audit,
    copying,
    instrument,
    intake,
    keys,
    predecessors,
    rehearsing,
    removing,
    results,
    rounds,
    scrub,
    seal,
    watch,
)
from survey.storage.db import begin_write
from survey.storage.tables import Base, RemovedRoundRow, RoundRow
from tests.storage.round import BASE, draft, office


@pytest.fixture
def place(session, tmp_path):
    """An office with an open round, a draft, and a rehearsal of the draft in one village."""
    made = office(session, tmp_path / "keys")
    made.draft = rounds.create(session, draft(session, slug="autumn"), "first")
    made.round_ = rehearse(made)
    return made


def rehearse(place):
    session = place.session
    begin_write(session)
    village = rounds.villages(session, place.draft)[:1]
    made = rehearsing.rehearse(
        session, place.draft, village, place.first, "REHEARSAL: Autumn", BASE, place.folder
    )
    session.commit()
    return made


def cast(place, ballots):
    (village,) = place.village_ids()
    codes = place.print(village, len(ballots))
    for code, answers in zip(codes, ballots, strict=True):
        submission = place.by_ticket(code, village, answers)
        assert intake.add(place.session, submission) is intake.Outcome.COUNTED
        place.session.commit()


def seal_alone(place):
    session, round_ = place.session, place.round_
    begin_write(session)
    rehearsing.close(session, round_, place.first)
    session.commit()
    private = keys.server_key(place.folder, round_.id)
    seal.seal(session, round_, private, place.pepper, (place.first, place.first))
    session.commit()
    scrub.scrub(session, round_, place.folder)


def test_it_is_a_round_of_its_own_like_the_draft(place):
    made = place.round_
    assert (made.kind, made.state, made.key_holding) == ("rehearsal", "open", "server")
    assert made.slug == "autumn-rehearsal-1"
    assert place.draft.state == "draft"
    assert [row.questionnaire_digest for row in made.audiences] == [
        row.questionnaire_digest for row in place.draft.audiences
    ]
    assert len(place.village_ids()) == 1
    assert copying.origin_of(place.session, made) is place.draft
    assert copying.copies_of(place.session, place.draft) == [made]
    assert audit.listing(place.session, act="round.rehearse").total == 1


def test_long_names_that_are_cut_alike_have_a_rehearsal_each(place):
    for season in ("spring", "autumn"):
        wanted = draft(place.session, slug=f"acceptance-of-the-villages-2027-{season}")
        place.draft = rounds.create(place.session, wanted, "first")
        place.session.commit()
        assert rehearse(place).state == "open"


def test_it_is_made_of_a_draft_alone(place):
    place.draft.state, place.draft.public_key = "open", b"k" * 32
    with pytest.raises(Refused, match="being prepared"):
        rehearse(place)


def test_no_other_round_is_opened_closed_or_deleted_by_one(place):
    other = rounds.by_slug(place.session, "spring")
    with pytest.raises(Refused):
        rehearsing.close(place.session, other, place.first)
    with pytest.raises(Refused):
        rehearsing.remove(place.session, other, place.first, place.folder)
    assert other.state == "open"


def test_it_names_questions_that_too_many_could_not_answer_and_no_number(place):
    unsure = (-1, *[0] * 11)
    cast(place, [unsure, unsure, *[(0,) * 12] * 3])
    with pytest.raises(Refused, match="must be sealed"):
        rehearsing.findings(place.session, place.round_)
    seal_alone(place)
    found = rehearsing.findings(place.session, place.round_)
    assert (found["mass"].few, found["mass"].positions) == (False, (0,))
    assert (found["self"].few, found["self"].positions) == (True, ())


def test_its_turnout_is_in_tens_and_no_slip_is_told_to_be_used_after_the_seal_either(place):
    cast(place, [(0,) * 12] * 13)
    seal_alone(place)
    (village,) = watch.of_round(place.session, place.round_)
    assert village.answered == 10
    told = accounting.of_round(place.session, place.round_)
    assert [slips.printed for slips in told if slips.audience == "mass"] == [13]
    assert {slips.used for slips in told} == {None}


def test_it_has_no_scores(place):
    cast(place, [(0,) * 12] * 6)
    seal_alone(place)
    with pytest.raises(Refused, match="no scores"):
        results.released(place.session, place.round_)
    with pytest.raises(Refused, match="no scores"):
        instrument.released(place.session, place.round_)


def test_nothing_is_compared_with_it(place):
    seal_alone(place)
    later = rounds.by_slug(place.session, "spring")
    later.state, later.sealed_at = "sealed", place.round_.sealed_at + timedelta(days=1)
    village = rounds.villages(place.session, place.round_)[0]
    assert predecessors.last_of(place.session, later, village) is None


@pytest.mark.parametrize("sealed", [False, True])
def test_deleted_nothing_is_left_but_a_line(place, sealed):
    cast(place, [(0,) * 12] * 3)
    number, session = place.round_.id, place.session
    if sealed:
        seal_alone(place)
    begin_write(session)
    rehearsing.remove(session, place.round_, place.first, place.folder)
    session.commit()
    removing.clear(session)
    for table in Base.metadata.sorted_tables:
        if "round_id" in table.c:
            left = sa.select(sa.func.count()).where(table.c.round_id == number)
            assert session.execute(left.select_from(table)).scalar_one() == 0, table.name
    assert not [
        name
        for name in sa.inspect(session.connection()).get_table_names()
        if name.startswith(f"box{number}_")
    ]
    assert not [name for found, name in keys.listing(place.folder) if found == number]
    (line,) = removing.listing(session)
    assert (line.slug, line.kind, line.removed_by) == ("autumn-rehearsal-1", "rehearsal", "First")
    assert bool(line.seal) is sealed
    assert audit.listing(session, act="round.remove").total == 1
    assert audit.verify(session) is None
    assert rounds.by_slug(session, "spring").state == "open"


def test_nobody_deletes_what_is_being_sealed(place):
    with keys.hold(place.folder, place.round_.id), pytest.raises(Refused, match="being sealed"):
        rehearsing.remove(place.session, place.round_, place.first, place.folder)
    assert place.pepper


def test_every_table_of_a_round_says_so_by_one_column():
    """What hangs on a round by another name would be left behind."""
    for table in Base.metadata.sorted_tables:
        columns = {
            key.parent.name
            for key in table.foreign_keys
            if key.column.table.name in {"round", "round_village", "calibration_village"}
            and key.column.name in {"id", "round_id"}
            and key.column.table.name != table.name
        }
        assert columns <= {"round_id", "origin_id"}, table.name


def test_the_number_of_a_deleted_round_is_given_to_no_other(place):
    session = place.session
    number = place.round_.id
    begin_write(session)
    rehearsing.remove(session, place.round_, place.first, place.folder)
    session.commit()
    again = rehearse(place)
    assert again.id > number
    assert again.slug == "autumn-rehearsal-2"
    assert session.scalars(sa.select(RemovedRoundRow.id)).all() == [number]
    assert session.get(RoundRow, number) is None
