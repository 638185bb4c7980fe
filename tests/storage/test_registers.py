"""The register in the database: imports by code, previews, look-ups, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing
from survey.core.register import Entry, read_rows
from survey.reports import register_file
from survey.storage import registers
from survey.storage.tables import AccountRow, GroupRow, RegisterPreviewRow, VillageRow

SAMPLES = Path(__file__).parents[1] / "data" / "registers"
EAST = Entry("990101100201", "青柳镇", "东村", 90, 230, 14, acceptance_group="第1验收组")
WEST = Entry("990101100202", "青柳镇", "西村", 80, 200, 12, acceptance_group="第2验收组")
HILL = Entry("990101101201", "大槐镇", "100%_山村")


def entries_of(name: str) -> tuple[Entry, ...]:
    with (SAMPLES / name).open("rb") as stream:
        return read_rows(register_file.read(stream, name)).entries


def account(session: Session, username: str) -> AccountRow:
    row = AccountRow(
        username=username,
        name=username,
        password_hash="-",
        role="administrator",
        session_key=username,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.add(row)
    session.flush()
    return row


def village(session: Session, code: str) -> VillageRow:
    return session.scalars(sa.select(VillageRow).where(VillageRow.code == code)).one()


def test_the_first_import_adds_every_village_and_its_group(session):
    entries = entries_of("rectification-41.xlsx")

    changes = registers.apply(session, entries, "王", "rectification-41.xlsx")

    assert changes.counts == {"added": 41, "changed": 0, "unchanged": 0}
    assert session.scalar(sa.select(sa.func.count(VillageRow.id))) == 41
    assert [group.name for group in registers.groups(session)] == [
        f"第{number}验收组" for number in range(1, 8)
    ]
    row = village(session, entries[0].code)
    assert (row.name, row.eligible, row.group.name) == ("前柳屯村", 232, "第1验收组")


@pytest.mark.parametrize(
    "name",
    [
        "rectification-41-titled.xlsx",
        "rectification-41.gb18030.csv",
        "rectification-41.utf8-bom.csv",
        "rectification-41.en.csv",
    ],
)
def test_the_same_register_in_another_shape_changes_nothing(session, name):
    registers.apply(session, entries_of("rectification-41.xlsx"), "王", "first")

    assert registers.apply(session, entries_of(name), "王", name).counts == {
        "added": 0,
        "changed": 0,
        "unchanged": 41,
    }


def test_comparing_tells_old_and_new_and_writes_nothing(session):
    registers.apply(session, [EAST, WEST], "王", "first")

    changes = registers.compare(
        session, [replace(EAST, eligible=240, acceptance_group="第3验收组"), WEST, HILL]
    )

    assert changes.added == (HILL,)
    assert changes.unchanged == 1
    assert [
        (change.entry.code, difference.field, difference.old, difference.new)
        for change in changes.changed
        for difference in change.differences
    ] == [
        (EAST.code, "eligible", 230, 240),
        (EAST.code, "acceptance_group", "第1验收组", "第3验收组"),
    ]
    assert village(session, EAST.code).eligible == 230
    assert len(registers.groups(session)) == 2


def test_importing_again_updates_by_code_and_leaves_the_others(session):
    registers.apply(session, [EAST, WEST], "王", "first")
    seen_before = village(session, EAST.code)

    registers.apply(session, [replace(EAST, name="东新村", acceptance_group="新组")], "李", "2")

    assert (seen_before.name, seen_before.group.name) == ("东新村", "新组")
    assert village(session, WEST.code).name == "西村"


def test_a_blank_cell_leaves_what_is_kept(session):
    registers.apply(session, [EAST], "王", "first")

    changes = registers.apply(
        session, [Entry(EAST.code, EAST.township, EAST.name, households=95)], "王", "codes only"
    )

    assert [difference.field for difference in changes.changed[0].differences] == ["households"]
    row = village(session, EAST.code)
    assert (row.households, row.eligible, row.group.name) == (95, 230, "第1验收组")


def test_an_import_that_is_rolled_back_leaves_nothing(session):
    registers.apply(session, [EAST], "王", "first")
    session.rollback()

    assert registers.listing(session).total == 0
    assert registers.groups(session) == []
    assert registers.history(session) == []


def test_the_history_tells_who_imported_what_newest_first(session):
    registers.apply(session, [EAST], "王", "one.xlsx")
    registers.apply(session, [replace(EAST, eligible=1), WEST], "李", "two.csv")

    assert [
        (row.by, row.filename, row.added, row.changed, row.unchanged)
        for row in registers.history(session)
    ] == [("李", "two.csv", 1, 1, 0), ("王", "one.xlsx", 1, 0, 0)]


def test_a_preview_comes_back_once_and_whole(session):
    owner = account(session, "wang")
    token = registers.keep_preview(session, owner, "台账.xlsx", [EAST, HILL])

    assert registers.take_preview(session, owner, token) == registers.Preview(
        "台账.xlsx", (EAST, HILL)
    )
    with pytest.raises(Missing):
        registers.take_preview(session, owner, token)


def test_a_preview_is_not_given_to_another_account(session):
    owner, other = account(session, "wang"), account(session, "li")
    token = registers.keep_preview(session, owner, "台账.xlsx", [EAST])

    with pytest.raises(Missing):
        registers.take_preview(session, other, token)
    assert registers.take_preview(session, owner, token).entries == (EAST,)


def test_a_preview_older_than_a_day_is_refused_and_dropped_by_the_next(session):
    owner = account(session, "wang")
    token = registers.keep_preview(session, owner, "台账.xlsx", [EAST])
    session.get(RegisterPreviewRow, token).created_at -= timedelta(days=1, minutes=1)
    session.flush()

    with pytest.raises(Missing):
        registers.take_preview(session, owner, token)
    registers.keep_preview(session, owner, "台账.xlsx", [EAST])
    assert session.scalars(sa.select(RegisterPreviewRow.token)).all() != [token]
    assert session.scalar(sa.select(sa.func.count(RegisterPreviewRow.token))) == 1


def test_the_listing_searches_codes_names_and_townships(session):
    registers.apply(session, [EAST, WEST, HILL], "王", "first")

    def found(search: str) -> list[str]:
        return [row.name for row in registers.listing(session, search).rows]

    assert found("") == ["东村", "西村", "100%_山村"]
    assert found("9901011012") == ["100%_山村"]
    assert found(" 西 ") == ["西村"]
    assert found("青柳") == ["东村", "西村"]
    assert found("0%_") == ["100%_山村"]
    assert found("东_") == []


def test_the_listing_filters_by_township_and_group(session):
    registers.apply(session, [EAST, WEST, HILL], "王", "first")
    group = session.scalars(sa.select(GroupRow).where(GroupRow.name == "第2验收组")).one()

    assert registers.listing(session, township="大槐镇").total == 1
    assert [row.name for row in registers.listing(session, group=group.id).rows] == ["西村"]
    assert registers.townships(session) == ["青柳镇", "大槐镇"]


def test_the_listing_comes_in_pages(session):
    many = [Entry(f"9901011{number:05d}", "镇", f"村{number}") for number in range(101)]
    registers.apply(session, many, "王", "many")

    last = registers.listing(session, page=9)

    assert (last.total, last.pages, last.page) == (101, 3, 3)
    assert [row.name for row in last.rows] == ["村100"]
    assert len(registers.listing(session, page=0).rows) == registers.PAGE
    assert registers.listing(session, "nowhere").pages == 1
