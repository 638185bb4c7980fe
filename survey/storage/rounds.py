"""The rounds: made, opened, closed. The seal is in `seal`, the ballot box in `boxes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.policy import Policy
from survey.core.round import RoundDraft
from survey.core.wording import N_
from survey.storage import acts, audit, boxes, deadlines, questionnaires
from survey.storage.assessed import is_assessed, standing
from survey.storage.db import is_sqlite, now
from survey.storage.tables import (
    AccountRow,
    RemovedRoundRow,
    RoundAudienceRow,
    RoundRow,
    RoundVillageRow,
    VillageRow,
)


@dataclass(frozen=True)
class Turnout:
    """Ballots received so far of one village and audience; exact, for `core.release` only."""

    village: RoundVillageRow
    audience: str
    ballots: int
    expected: int | None


def create(session: Session, draft: RoundDraft, by: str) -> RoundRow:
    """Keep a new round in state draft; raises `Invalid` for a slug, village or text unknown."""
    if session.scalars(sa.select(RoundRow.id).where(RoundRow.slug == draft.slug)).first():
        raise Invalid(
            N_("A round with the short name %(slug)s is there already. Choose another."),
            slug=draft.slug,
        )
    kept = draft.model_dump(exclude={"audiences", "village_codes", "policy"})
    row = RoundRow(id=_new_id(session), **kept, policy=draft.policy.model_dump(mode="json"))
    row.audiences = [
        RoundAudienceRow(
            audience=audience,
            access=wanted.access,
            questionnaire_digest=_questionnaire(session, audience, wanted.questionnaire_digest),
        )
        for audience, wanted in draft.audiences.items()
    ]
    session.add(row)
    session.flush()
    _take_villages(session, row, draft.village_codes)
    audit.record(session, by, "round.create", row.slug)
    return row


def _new_id(session: Session) -> int | None:
    """Return an id that no deleted round had; None where the database never gives one twice.

    The box, the files of the key folder and what a process remembers are named by it.
    """
    if not is_sqlite(session):
        return None
    used = sa.union_all(sa.select(RoundRow.id), sa.select(RemovedRoundRow.id)).subquery()
    return (session.execute(sa.select(sa.func.max(used.c.id))).scalar_one() or 0) + 1


def _questionnaire(session: Session, audience: str, digest: str) -> str:
    if questionnaires.of_digest(session, digest).audience != audience:
        raise Invalid(N_("This questionnaire is not for this audience. Choose another."))
    return digest


def _take_villages(session: Session, round_: RoundRow, wanted: Sequence[str]) -> None:
    chosen = sa.select(VillageRow).where(is_assessed()).order_by(VillageRow.code)
    if wanted:
        chosen = chosen.where(VillageRow.code.in_(wanted))
    found = session.scalars(chosen).all()
    missing = sorted(set(wanted) - {village.code for village in found})
    if missing:
        raise Invalid(
            N_("The register has no village with the code %(codes)s."),
            codes=", ".join(missing),
        )
    if not found:
        raise Invalid(N_("The register is empty. Import it before you make a round."))
    session.execute(
        sa.insert(RoundVillageRow),
        [{"round_id": round_.id} | standing(village) for village in found],
    )


def require_changeable(session: Session, round_: RoundRow) -> None:
    """Raise `Refused` unless *round_* is being prepared and nobody has proposed to open it."""
    if round_.state != "draft":
        raise Refused(
            N_(
                "Questionnaires are chosen while a round is being prepared. What somebody may have"
                " answered stays."
            )
        )
    if acts.pending(session, round_):
        raise Refused(
            N_("Opening this round is proposed already. Please take the proposal back first.")
        )


def ask(session: Session, round_: RoundRow, chosen: dict[str, str], by: str) -> None:
    """Let *round_* ask the *chosen* questionnaires: audience → digest.

    Raises `Refused` as `require_changeable` does, `Invalid` where one is for another audience,
    `Missing` where there is none.
    """
    session.refresh(round_, with_for_update=True)
    require_changeable(session, round_)
    for row in round_.audiences:
        row.questionnaire_digest = _questionnaire(session, row.audience, chosen[row.audience])
    audit.record(session, by, "round.ask", round_.slug, **chosen)


def listing(session: Session) -> Sequence[RoundRow]:
    """Return all rounds, the one that closes last first."""
    return session.scalars(sa.select(RoundRow).order_by(RoundRow.closes_at.desc())).all()


def by_slug(session: Session, slug: str) -> RoundRow:
    """Return the round with the short name *slug*; raises `Missing`."""
    row = session.scalars(sa.select(RoundRow).where(RoundRow.slug == slug)).one_or_none()
    if row is None:
        raise Missing(N_("There is no round with this short name."))
    return row


def live(session: Session) -> Sequence[RoundRow]:
    """Return the rounds that have a ballot box: open or closed."""
    return session.scalars(sa.select(RoundRow).where(RoundRow.state.in_(("open", "closed")))).all()


def villages(
    session: Session, round_: RoundRow, codes: Sequence[str] = ()
) -> Sequence[RoundVillageRow]:
    """Return the villages of *round_* by code; with *codes* those only.

    Raises `Invalid` naming the codes that are not in the round.
    """
    chosen = sa.select(RoundVillageRow).where(RoundVillageRow.round_id == round_.id)
    if codes:
        chosen = chosen.where(RoundVillageRow.code.in_(codes))
    found = session.scalars(chosen.order_by(RoundVillageRow.code)).all()
    unknown = sorted(set(codes) - {row.code for row in found})
    if unknown:
        raise Invalid(
            N_("These codes are not among the villages chosen: %(codes)s."),
            codes=", ".join(unknown),
        )
    return found


def village(session: Session, round_: RoundRow, village_id: int) -> RoundVillageRow:
    """Return one village of *round_*; raises `Missing`."""
    row = session.get(RoundVillageRow, (round_.id, village_id))
    if row is None:
        raise Missing(N_("This village is not in the round."))
    return row


def audience_of(round_: RoundRow, audience: str) -> RoundAudienceRow:
    """Return what *audience* is asked in *round_*; raises `Missing`."""
    for row in round_.audiences:
        if row.audience == audience:
            return row
    raise Missing(N_("This audience is not asked in the round."))


def policy_of(round_: RoundRow) -> Policy:
    """Return the constants of *round_*."""
    return Policy.model_validate(round_.policy)


def close(session: Session, round_: RoundRow, account: AccountRow, *, two_person: bool) -> None:
    """Close an open round before its time, because a second person confirms."""
    acts.confirm(session, round_, "round.close", account, two_person=two_person)
    close_now(session, round_, account)


def close_now(session: Session, round_: RoundRow, account: AccountRow) -> None:
    """Close an open round; raises `Refused` in any other state."""
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    if round_.state != "open":
        raise Refused(N_("Only an open round can be closed."))
    _close(round_, now(session))
    audit.record(session, account.username, "round.close", round_.slug)


def due(session: Session) -> Sequence[RoundRow]:
    """Return the open rounds whose last deadline has passed: they take no answer any more."""
    past = sa.select(RoundRow).where(RoundRow.state == "open", deadlines.ends_at <= now(session))
    return session.scalars(past).all()


def close_due(session: Session) -> list[RoundRow]:
    """Close the rounds whose last deadline has passed; return them."""
    found = due(session)
    for round_ in found:
        boxes.lock_alone(session, round_.id)
        session.refresh(round_, with_for_update=True)
        ended = deadlines.last(session, round_)
        if round_.state == "open" and ended <= now(session):
            _close(round_, ended)
            audit.record(session, "clock", "round.close", round_.slug)
    return list(found)


def _close(round_: RoundRow, moment: datetime) -> None:
    round_.state = "closed"
    round_.closed_at = moment


def seal_allowed_at(round_: RoundRow) -> datetime | None:
    """Return from when a closed round may be sealed; None while it is not closed."""
    if round_.closed_at is None:
        return None
    return round_.closed_at + timedelta(minutes=policy_of(round_).seal_delay_minutes)


def turnout(session: Session, round_: RoundRow) -> list[Turnout]:
    """Return the ballots so far of every village and audience of a live round, by village code.

    With tickets these are used tickets; a poster's ballots count only where there are no tickets.
    """
    box = boxes.of_round(round_.id)
    counted = {
        (row.village_id, row.audience, row.access): row.ballots
        for row in session.execute(sa.select(box.received))
    }
    return [
        Turnout(
            row,
            asked.audience,
            counted.get((row.village_id, asked.audience, main_access(asked.access)), 0),
            row.party_members if asked.audience == "self" else row.eligible,
        )
        for row in villages(session, round_)
        for asked in round_.audiences
    ]


def main_access(access: str) -> str:
    """Return the access whose ballots make the score: tickets, where there are any."""
    return "poster" if access == "poster" else "ticket"


def accesses(access: str) -> tuple[str, ...]:
    """Return the ways in which ballots of an audience come, posters first."""
    return ("poster", "ticket") if access == "both" else (access,)
