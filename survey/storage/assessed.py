"""Which villages of the register are assessed, and what a round copies of one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from survey.storage.tables import HamletRow, VillageRow


def is_assessed() -> sa.ColumnElement[bool]:
    """Return the condition on a village that new rounds take it: not retired, no mere part."""
    return VillageRow.retired.is_(False) & ~is_part()


def is_part() -> sa.ColumnElement[bool]:
    """Return the condition that a village stands in the register under another one's code."""
    return (
        sa.exists()
        .where(HamletRow.village_id == VillageRow.id, HamletRow.unit_id != VillageRow.id)
        .correlate(VillageRow)
    )


def is_unit() -> sa.ColumnElement[bool]:
    """Return the condition that a line of the register is several hamlets, assessed as one."""
    return (
        sa.exists()
        .where(HamletRow.village_id == VillageRow.id, HamletRow.unit_id == VillageRow.id)
        .correlate(VillageRow)
    )


def standing(village: VillageRow) -> dict[str, Any]:
    """Return what a round copies of a village of the register."""
    return {
        "village_id": village.id,
        "code": village.code,
        "township": village.township,
        "name": village.name,
        "eligible": village.eligible,
        "party_members": village.party_members,
        "group_id": village.group_id,
    }
