"""The register looked up: pages of villages, what they can be filtered by, acceptance groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing
from survey.core.release.rules import LEAST
from survey.core.wording import N_
from survey.storage.assessed import is_assessed, is_part, is_unit
from survey.storage.tables import GroupRow, HamletRow, VillageRow

PAGE = 50
CAUSES_SHOWN = 100
NO_GROUP = 0
"""Stands for “in no acceptance group” where a group's id is asked."""
STANDINGS = {
    "assessed": N_("assessed"),
    "small": N_("too small to be shown alone"),
    "merged": N_("merged from hamlets"),
    "parts": N_("part of another one"),
    "retired": N_("retired"),
    "every": N_("all, retired and merged ones too"),
}
"""How villages can stand in the register, as the listing is asked for them."""


@dataclass(frozen=True)
class Page:
    """One page of the register, ordered by code; *page* counts from 1."""

    rows: list[VillageRow]
    total: int
    page: int
    pages: int


def listing(
    session: Session,
    search: str = "",
    township: str = "",
    group: int | None = None,
    page: int = 1,
    *,
    cause: str = "",
    standing: str = "assessed",
) -> Page:
    """Return one page of villages whose code begins with *search*, or whose name has it.

    *township* and *cause* are whole texts, *group* the id of an acceptance group or `NO_GROUP`,
    *standing* a key of `STANDINGS`; a page beyond the last is the last.
    """
    conditions = [
        _standing(standing),
        *_searched(search.strip()),
        *((VillageRow.township == township,) if township else ()),
        *((VillageRow.cause == cause,) if cause else ()),
        *((VillageRow.group_id == (group or None),) if group is not None else ()),
    ]
    total = session.scalar(sa.select(sa.func.count(VillageRow.id)).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = session.scalars(
        sa.select(VillageRow)
        .where(*conditions)
        .order_by(VillageRow.code)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Page(list(rows), total, page, pages)


def _standing(standing: str) -> sa.ColumnElement[bool]:
    if standing == "small":
        few = (VillageRow.eligible < LEAST["mass"]) | (VillageRow.party_members < LEAST["self"])
        return is_assessed() & few
    conditions = {
        "assessed": is_assessed,
        "merged": is_unit,
        "parts": is_part,
        "retired": lambda: VillageRow.retired.is_(True),
        "every": sa.true,
    }
    return conditions[standing]()


def _searched(search: str) -> Sequence[sa.ColumnElement[bool]]:
    if not search:
        return ()
    return (
        VillageRow.code.startswith(search, autoescape=True)
        | VillageRow.name.contains(search, autoescape=True)
        | VillageRow.township.contains(search, autoescape=True),
    )


def townships(session: Session) -> list[str]:
    """Return the name of every township with a village to assess, in the order of the codes."""
    return list(
        session.scalars(
            sa.select(VillageRow.township)
            .where(is_assessed())
            .group_by(VillageRow.township)
            .order_by(sa.func.min(VillageRow.code))
        )
    )


def of_township(session: Session, township: str) -> Sequence[VillageRow]:
    """Return the villages to assess in *township* that are not merged, by code."""
    alone = (is_assessed(), ~is_unit(), VillageRow.township == township)
    return session.scalars(sa.select(VillageRow).where(*alone).order_by(VillageRow.code)).all()


def codes_of(session: Session, townships: Sequence[str]) -> list[str]:
    """Return the code of every village to assess in *townships*, whole names, in order."""
    chosen = sa.select(VillageRow.code).where(VillageRow.township.in_(townships), is_assessed())
    return list(session.scalars(chosen.order_by(VillageRow.code)))


def codes_of_groups(session: Session, names: Sequence[str]) -> list[str]:
    """Return the code of every assessed village of the acceptance groups called *names*."""
    wanted = (
        sa.select(VillageRow.code)
        .join(GroupRow, GroupRow.id == VillageRow.group_id)
        .where(GroupRow.name.in_(names), is_assessed())
    )
    return list(session.scalars(wanted.order_by(VillageRow.code)))


def causes(session: Session) -> list[tuple[str, int]]:
    """Return the causes that the register names and how many villages have each, most first."""
    number = sa.func.count(VillageRow.id)
    found = session.execute(
        sa.select(VillageRow.cause, number)
        .where(VillageRow.cause != "", is_assessed())
        .group_by(VillageRow.cause)
        .order_by(number.desc(), VillageRow.cause)
        .limit(CAUSES_SHOWN)
    )
    return [(row[0], row[1]) for row in found]


def parts_in(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Return of how many hamlets each unit among *ids* is made."""
    found = session.execute(
        sa.select(HamletRow.unit_id, sa.func.count())
        .where(HamletRow.unit_id.in_(ids))
        .group_by(HamletRow.unit_id)
    )
    return {row[0]: row[1] for row in found}


def groups(session: Session) -> list[GroupRow]:
    """Return every acceptance group, by name."""
    return list(session.scalars(sa.select(GroupRow).order_by(GroupRow.name)))


def group(session: Session, name: str) -> GroupRow:
    """Return the acceptance group called *name*; raises `Missing`."""
    row = session.scalar(sa.select(GroupRow).where(GroupRow.name == name.strip()))
    if row is None:
        raise Missing(
            N_("There is no acceptance group called %(name)s. Groups come from the register."),
            name=name,
        )
    return row
