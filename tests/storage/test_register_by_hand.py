"""The register changed by hand: edited, merged, split, retired; imports undone; on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.core.register import Entry
from survey.storage import opening, questionnaires, registers, rounds
from survey.storage.tables import AuditRow, GroupRow, RegisterImportRow, RoundRow, VillageRow
from tests.storage.round import draft
from tests.storage.test_registers import account, village

EAST = Entry("990101100201", "青柳镇", "东湾", 6, 9, 6, "无班子", acceptance_group="第1验收组")
WEST = Entry("990101100202", "青柳镇", "西湾", 5, 8, 5, "无班子", acceptance_group="第1验收组")
LARGE = Entry("990101100203", "青柳镇", "大村", 300, 800, 40, "有矛盾")


@pytest.fixture
def anna(session: Session):
    questionnaires.add_defaults(session)
    registers.apply(session, [EAST, WEST, LARGE], "anna", "first.xlsx")
    return account(session, "anna")


def ids(session, *entries):
    return [village(session, entry.code).id for entry in entries]


def merged(session, anna):
    return registers.merge(session, ids(session, EAST, WEST), "东西湾", anna)


def names(session, **asked):
    return [row.name for row in registers.listing(session, **asked).rows]


def newest(session):
    return session.scalars(
        sa.select(RegisterImportRow).order_by(RegisterImportRow.id.desc())
    ).first()


def test_hamlets_are_one_village_with_their_sum(session, anna):
    unit = merged(session, anna)
    assert (unit.code, unit.name, unit.eligible, unit.party_members) == (
        EAST.code,
        "东西湾",
        17,
        11,
    )
    assert names(session) == ["东西湾", "大村"]
    assert names(session, standing="parts") == ["西湾"]
    assert [part.entry for part in registers.parts(session, unit.id)] == [EAST, WEST]
    assert registers.codes_of(session, ["青柳镇"]) == [EAST.code, LARGE.code]


def test_an_import_of_a_part_changes_the_part_and_the_sum_follows(session, anna):
    unit = merged(session, anna)
    changes = registers.apply(
        session, [replace(EAST, eligible=12), replace(WEST, name="小西湾")], "anna", "second.xlsx"
    )
    assert changes.counts == {"added": 0, "changed": 2, "unchanged": 0}
    assert (unit.name, unit.eligible) == ("东西湾", 20)
    assert [part.entry.name for part in registers.parts(session, unit.id)] == ["东湾", "小西湾"]
    assert registers.own(session, unit.id).eligible == 12
    assert registers.compare(session, [replace(EAST, eligible=12)]).unchanged == 1


def test_a_split_gives_each_hamlet_back_what_it_said(session, anna):
    unit = merged(session, anna)
    registers.apply(session, [replace(EAST, eligible=12)], "anna", "second.xlsx")
    registers.split(session, unit, anna)
    assert names(session) == ["东湾", "西湾", "大村"]
    assert registers.line(session, unit.id) == replace(EAST, eligible=12)


def test_a_village_that_was_not_merged_is_not_split(session, anna):
    unit = merged(session, anna)
    part, large = ids(session, WEST, LARGE)
    for one in (part, large):
        with pytest.raises(Refused, match="not made of merged hamlets"):
            registers.split(session, session.get_one(VillageRow, one), anna)
    assert [part.entry for part in registers.parts(session, unit.id)] == [EAST, WEST]


def test_a_village_is_merged_once(session, anna):
    unit = merged(session, anna)
    with pytest.raises(Invalid, match="merged already"):
        registers.merge(session, [unit.id, *ids(session, LARGE)], "全", anna)


def test_a_draft_follows_and_an_opened_round_holds_the_unit(session, anna):
    round_ = rounds.create(session, draft(session, village_codes=()), "anna")
    unit = merged(session, anna)
    assert [row.name for row in rounds.villages(session, round_)] == ["东西湾", "大村"]
    registers.split(session, unit, anna)
    assert [row.name for row in rounds.villages(session, round_)] == ["东湾", "西湾", "大村"]
    unit = merged(session, anna)
    round_.state, round_.public_key = "open", b"k" * 32
    round_.opened_at = round_.opens_at + timedelta(days=36500)
    session.flush()
    with pytest.raises(Refused, match="was opened with it"):
        registers.split(session, unit, anna)


def test_a_retired_village_leaves_drafts_and_comes_into_no_new_round(session, anna):
    round_ = rounds.create(session, draft(session, village_codes=()), "anna")
    large = ids(session, LARGE)[0]
    registers.retire(session, large, anna)
    assert [row.name for row in rounds.villages(session, round_)] == ["东湾", "西湾"]
    assert names(session) == ["东湾", "西湾"]
    assert names(session, standing="retired") == ["大村"]
    with pytest.raises(Invalid, match=LARGE.code):
        rounds.create(
            session,
            draft(session, slug="again", village_codes=(LARGE.code,)),
            "anna",
        )
    registers.bring_back(session, large, anna)
    assert names(session) == ["东湾", "西湾", "大村"]


def test_a_draft_without_a_village_left_cannot_be_opened(session, anna):
    round_ = rounds.create(session, draft(session, village_codes=()), "anna")
    for id_ in ids(session, EAST, WEST, LARGE):
        registers.retire(session, id_, anna)
    found = opening.obstacles(session, round_, "https://vote.example.org")
    assert "None of its villages" in " ".join(map(str, found))


def test_a_part_cannot_be_retired_by_itself(session, anna):
    merged(session, anna)
    with pytest.raises(Refused, match="Split"):
        registers.retire(session, ids(session, WEST)[0], anna)


def test_an_edit_is_written_and_audited_with_old_and_new(session, anna):
    id_ = ids(session, WEST)[0]
    registers.edit(session, id_, WEST, replace(WEST, eligible=None, name="小西湾"), anna)
    assert registers.own(session, id_) == replace(WEST, eligible=None, name="小西湾")
    entry = session.scalars(sa.select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert (entry.act, entry.subject) == ("register.edit", WEST.code)
    assert entry.detail == {"eligible": [8, None], "name": ["西湾", "小西湾"]}


def test_an_edit_of_what_somebody_changed_meanwhile_is_refused(session, anna):
    id_ = ids(session, WEST)[0]
    registers.edit(session, id_, WEST, replace(WEST, eligible=7), anna)
    with pytest.raises(Refused, match="meanwhile"):
        registers.edit(session, id_, WEST, replace(WEST, name="另名"), anna)


def test_a_code_that_another_village_has_is_refused(session, anna):
    with pytest.raises(Invalid, match="东湾"):
        registers.edit(session, ids(session, WEST)[0], WEST, replace(WEST, code=EAST.code), anna)


def test_an_edit_of_a_hamlet_moves_the_sum(session, anna):
    unit = merged(session, anna)
    registers.edit(session, unit.id, EAST, replace(EAST, eligible=4), anna)
    assert (unit.eligible, unit.name) == (12, "东西湾")


def test_an_undone_import_leaves_the_register_as_it_was(session, anna):
    more = Entry("990101100209", "青柳镇", "新村", acceptance_group="第9验收组")
    round_ = rounds.create(session, draft(session, village_codes=()), "anna")
    registers.apply(session, [replace(EAST, eligible=50), more], "anna", "wrong.xlsx")
    registers.undo(session, newest(session), anna)
    assert registers.compare(session, [EAST, WEST, LARGE]).unchanged == 3
    assert names(session) == ["东湾", "西湾", "大村"]
    assert [row.name for row in session.scalars(sa.select(GroupRow))] == ["第1验收组"]
    assert len(rounds.villages(session, round_)) == 3
    assert newest(session).undone_by == "anna"


def test_imports_are_undone_newest_first(session, anna):
    first = newest(session)
    registers.apply(session, [replace(EAST, eligible=50)], "anna", "second.xlsx")
    registers.apply(session, [EAST, WEST], "anna", "third.xlsx")
    registers.apply(session, [EAST, WEST], "anna", "nothing new.xlsx")
    assert "third.xlsx" in str(registers.obstacle(session, first))
    third = registers.history(session)[1]
    registers.undo(session, third, anna)
    assert village(session, EAST.code).eligible == 50
    assert "second.xlsx" in str(registers.obstacle(session, first))


def test_an_import_stays_once_a_round_was_opened(session, anna):
    round_ = rounds.create(session, draft(session, village_codes=()), "anna")
    round_.opened_at = newest(session).at
    session.flush()
    with pytest.raises(Refused, match=round_.title):
        registers.undo(session, newest(session), anna)
    assert session.scalar(sa.select(sa.func.count(VillageRow.id))) == 3


def test_an_import_whose_village_was_edited_since_stays_and_says_which(session, anna):
    id_ = ids(session, WEST)[0]
    registers.edit(session, id_, WEST, replace(WEST, cause="别的"), anna)
    assert "西湾" in str(registers.obstacle(session, newest(session)))
    registers.edit(session, id_, replace(WEST, cause="别的"), WEST, anna)
    assert registers.obstacle(session, newest(session)) is None
    registers.retire(session, id_, anna)
    assert "西湾" in str(registers.obstacle(session, newest(session)))


def test_an_import_from_before_changes_were_kept_stays(session, anna):
    session.add(
        RegisterImportRow(
            at=newest(session).at, by="anna", filename="old", added=1, changed=0, unchanged=0
        )
    )
    session.flush()
    assert "before the service kept" in str(registers.obstacle(session, newest(session)))


def test_the_listing_is_filtered_by_cause_missing_group_and_size(session, anna):
    assert registers.causes(session) == [("无班子", 2), ("有矛盾", 1)]
    assert names(session, cause="无班子") == ["东湾", "西湾"]
    assert names(session, group=registers.NO_GROUP) == ["大村"]
    assert names(session, standing="small") == ["东湾", "西湾"]
    assert len(names(session, standing="every")) == 3


def test_columns_named_by_hand_are_remembered_until_they_are_forgotten(session, anna):
    registers.remember(
        session, ["甲", "乙", "丙"], {"code": 0, "township": 1, "name": 2}, "a", anna
    )
    (kept,) = registers.layouts(session)
    assert registers.remembered(session) == {kept.signature: {"code": 0, "township": 1, "name": 2}}
    registers.forget(session, kept.signature, anna)
    assert registers.remembered(session) == {}


def test_a_preview_comes_in_pages_and_keeps_only_what_the_file_says(session, anna):
    many = [Entry(f"9901012{number:05d}", "镇", f"村{number}") for number in range(60)]
    said = Entry(EAST.code, EAST.township, "东新湾")
    token = registers.keep_preview(session, anna, "a.xlsx", [said, WEST, *many])
    kept = registers.preview(session, anna, token)
    assert kept.counts == {"added": 60, "changed": 1, "unchanged": 1, "doubt": 0}
    page = registers.preview_page(session, kept, "added", 2)
    assert (len(page.rows), page.pages) == (10, 2)
    (change,) = registers.preview_page(session, kept, "changed").rows
    assert change.differences == (registers.Difference("name", "东湾", "东新湾"),)
    assert said in registers.take_preview(session, anna, token).entries


def test_a_round_is_still_found_by_its_village(session, anna):
    round_ = rounds.create(session, draft(session, village_codes=()), "anna")
    round_.state, round_.public_key = "open", b"k" * 32
    session.flush()
    ((found, place),) = registers.live_places(session, ids(session, LARGE)[0])
    assert (found, place.name) == (session.get(RoundRow, round_.id), "大村")
