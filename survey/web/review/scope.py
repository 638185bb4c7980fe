"""Which rounds and villages the person who is signed in may see; anything else is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.core.errors import Missing
from survey.core.wording import N_
from survey.storage import evaluated, groups, ratings, recusals, rounds
from survey.storage.db import db
from survey.storage.standings import Standing, scores_shown, standing
from survey.storage.tables import AccountRow, RatingRow, RoundRow, RoundVillageRow
from survey.web.access import REVIEWERS, current_account


@dataclass(frozen=True)
class Place:
    """One village in one round, as its reader may see it."""

    round_: RoundRow
    village: RoundVillageRow
    reader: AccountRow
    standing: Standing
    versions: Sequence[RatingRow]

    @property
    def rating(self) -> RatingRow | None:
        """The version that stands; none before the first signature and after a reopening."""
        return ratings.standing_of(self.versions)

    @property
    def scored(self) -> bool:
        """Whether mass and self scores may be shown to the reader."""
        return scores_shown(self.round_, self.standing, self.reader)

    @property
    def drafting(self) -> bool:
        """Whether the reader has still to write or to hand in their own evaluation."""
        mine = self.standing.mine
        return mine is not None and mine.waited_for and self.standing.agreed is None

    @property
    def locked(self) -> bool:
        """Whether the rating is final."""
        return ratings.is_locked(self.rating)


def rounds_seen() -> list[RoundRow]:
    """Return the rounds that can be evaluated, newest first."""
    return [row for row in rounds.listing(db.session) if _is_evaluated(row)]


def _is_evaluated(round_: RoundRow) -> bool:
    """Say whether groups have to do with *round_*: not before it opens, never with a rehearsal."""
    return round_.state in evaluated.STATES and round_.kind != "rehearsal"


def find_round(slug: str) -> RoundRow:
    """Return the round named *slug*; raises `Missing`, also for one that nobody evaluates."""
    round_ = rounds.by_slug(db.session, slug)
    if not _is_evaluated(round_):
        raise Missing(N_("There is no round with this short name."))
    return round_


def villages_seen(round_: RoundRow) -> Sequence[RoundVillageRow]:
    """Return the villages of *round_* that the reader may see: their group's, or all.

    One from which somebody of the group stands back is not there for them.
    """
    reader = current_account()
    listed = rounds.villages(db.session, round_)
    if looks_on(reader):
        return listed
    own = groups.of_account(db.session, round_, reader)
    theirs = [row for row in listed if row.group_id in own]
    recused = recusals.of_account(db.session, round_, theirs, reader)
    return [row for row in theirs if row.village_id not in recused]


def looks_on(reader: AccountRow) -> bool:
    """Say whether *reader* sits in no acceptance group: sees all villages, evaluates none."""
    return reader.role not in groups.REVIEWING_ROLES


def may_open() -> bool:
    """Say whether the reader may open the page of a village, with its notes; observers may not."""
    return current_account().role in REVIEWERS


def find_village(slug: str, code: str) -> Place:
    """Return the village with *code* in the round *slug*; raises `Missing` for another group's."""
    round_ = find_round(slug)
    found = [row for row in villages_seen(round_) if row.code == code]
    if not found:
        raise Missing(N_("There is no such village in your acceptance group."))
    reader = current_account()
    return Place(
        round_=round_,
        village=found[0],
        reader=reader,
        standing=standing(db.session, round_, found[0], reader),
        versions=ratings.of_village(db.session, round_, found[0]),
    )
