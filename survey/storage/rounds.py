"""The rounds: made, opened, closed. The seal is in `seal`, the ballot box in `boxes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import box as ballot_box
from survey.core import codes, keys
from survey.core.errors import Invalid, Missing, Refused
from survey.core.keys import FirstLock
from survey.core.policy import Policy
from survey.core.round import RoundDraft, is_local
from survey.core.wording import N_, Sentence, say
from survey.storage import acts, audit, boxes, questionnaires
from survey.storage import keys as key_folder
from survey.storage.db import now
from survey.storage.tables import (
    AccountingRow,
    AccountRow,
    PosterRow,
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
    row = RoundRow(**kept, policy=draft.policy.model_dump(mode="json"))
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


def _questionnaire(session: Session, audience: str, digest: str) -> str:
    if questionnaires.of_digest(session, digest).audience != audience:
        raise Invalid(N_("This questionnaire is not for this audience. Choose another."))
    return digest


def _take_villages(session: Session, round_: RoundRow, wanted: Sequence[str]) -> None:
    chosen = sa.select(VillageRow).order_by(VillageRow.code)
    if wanted:
        chosen = chosen.where(VillageRow.code.in_(wanted))
    found = session.scalars(chosen).all()
    missing = sorted(set(wanted) - {village.code for village in found})
    if missing:
        raise Invalid(
            N_("The register has no village with the code %(codes)s."), codes=", ".join(missing)
        )
    if not found:
        raise Invalid(N_("The register is empty. Import it before you make a round."))
    session.execute(
        sa.insert(RoundVillageRow),
        [{"round_id": round_.id} | _standing(village) for village in found],
    )


def _standing(village: VillageRow) -> dict[str, Any]:
    return {
        "village_id": village.id,
        "code": village.code,
        "township": village.township,
        "name": village.name,
        "eligible": village.eligible,
        "party_members": village.party_members,
        "group_id": village.group_id,
    }


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
    """Return the villages of *round_* by code; with *codes* those only."""
    chosen = sa.select(RoundVillageRow).where(RoundVillageRow.round_id == round_.id)
    if codes:
        chosen = chosen.where(RoundVillageRow.code.in_(codes))
    return session.scalars(chosen.order_by(RoundVillageRow.code)).all()


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


def obstacles(session: Session, round_: RoundRow, base_address: str) -> list[Sentence]:
    """Return what stands in the way of opening *round_*, each with its remedy."""
    found = []
    if round_.state != "draft":
        found.append(say(N_("The round was opened before.")))
    if not round_.demo and is_local(base_address):
        found.append(
            say(
                N_(
                    "The public address is not set, or phones cannot reach it. Set "
                    "SURVEY_BASE_ADDRESS to the https:// address that villagers will open."
                )
            )
        )
    if round_.closes_at <= now(session):
        found.append(say(N_("The closing time has passed. Choose a later one.")))
    return found


def require_openable(session: Session, round_: RoundRow, base_address: str) -> None:
    """Raise `Refused` with the first of the `obstacles`, if there is one."""
    found = obstacles(session, round_, base_address)
    if found:
        raise Refused(found[0])


def begin_opening(
    session: Session,
    round_: RoundRow,
    account: AccountRow,
    half: str,
    base_address: str,
    cost: tuple[int, int] = keys.MODERATE,
) -> None:
    """Keep that *account* holds half number 1 and proposes to open; nothing secret is kept."""
    require_openable(session, round_, base_address)
    _require_holder(half, 1)
    lock = keys.begin_lock(half, cost)
    acts.propose(session, round_, "round.open", account, lock=vars(lock))


def _require_holder(half: str, holder: int) -> None:
    if keys.holder_of(half) != holder:
        raise Invalid(N_("This is the other holder's half. Type the one that you were shown."))


def finish_opening(
    session: Session,
    round_: RoundRow,
    account: AccountRow,
    half: str,
    base_address: str,
    folder: Path,
    *,
    two_person: bool = True,
) -> None:
    """Open *round_*, locked to both halves, because *account*, holder of number 2, confirms."""
    require_openable(session, round_, base_address)
    _require_holder(half, 2)
    proposal = acts.confirm(session, round_, "round.open", account, two_person=two_person)
    public_key, wrapped = keys.finish_lock(FirstLock(**proposal.detail["lock"]), half)
    _open(session, round_, public_key, base_address, folder, account)
    key_folder.keep_locked(folder, round_.id, wrapped)


def open_with_server_key(
    session: Session,
    round_: RoundRow,
    account: AccountRow,
    base_address: str,
    folder: Path,
    *,
    two_person: bool = True,
) -> None:
    """Open *round_* with a key that the server holds, because *account* confirms it."""
    require_openable(session, round_, base_address)
    acts.confirm(session, round_, "round.open", account, two_person=two_person)
    public_key, private = keys.make_pair()
    _open(session, round_, public_key, base_address, folder, account)
    key_folder.keep_server_key(folder, round_.id, private)


def _open(
    session: Session,
    round_: RoundRow,
    public_key: bytes,
    base_address: str,
    folder: Path,
    account: AccountRow,
) -> None:
    _freeze_villages(session, round_)
    for asked in round_.audiences:
        asked.questionnaire.frozen = True
        questionnaire = questionnaires.read(asked.questionnaire.document)
        asked.ballot_length = ballot_box.ballot_length(questionnaire)
    round_.public_key = public_key
    round_.base_address = base_address
    round_.opened_at = now(session)
    round_.state = "open"
    boxes.make(session, round_.id)
    _make_accounts_and_posters(session, round_)
    audit.record(session, account.username, "round.open", round_.slug)
    key_folder.discard(folder, round_.id)
    key_folder.keep_pepper(folder, round_.id, ballot_box.make_pepper())


def _freeze_villages(session: Session, round_: RoundRow) -> None:
    in_round = sa.select(RoundVillageRow.village_id).where(RoundVillageRow.round_id == round_.id)
    standing = session.scalars(sa.select(VillageRow).where(VillageRow.id.in_(in_round))).all()
    session.execute(
        sa.update(RoundVillageRow),
        [{"round_id": round_.id} | _standing(row) for row in standing],
    )


def _make_accounts_and_posters(session: Session, round_: RoundRow) -> None:
    places = [
        (row.village_id, asked) for row in villages(session, round_) for asked in round_.audiences
    ]
    session.execute(
        sa.insert(AccountingRow),
        [
            {"round_id": round_.id, "village_id": village_id, "audience": asked.audience}
            for village_id, asked in places
        ],
    )
    posters = [
        {
            "code": codes.make_poster_code(),
            "round_id": round_.id,
            "village_id": village_id,
            "audience": asked.audience,
        }
        for village_id, asked in places
        if asked.access != "ticket"
    ]
    if posters:
        session.execute(sa.insert(PosterRow), posters)


def close(session: Session, round_: RoundRow, account: AccountRow, *, two_person: bool) -> None:
    """Close an open round before its time, because a second person confirms."""
    acts.confirm(session, round_, "round.close", account, two_person=two_person)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    if round_.state != "open":
        raise Refused(N_("Only an open round can be closed."))
    _close(round_, now(session))
    audit.record(session, account.username, "round.close", round_.slug)


def close_due(session: Session) -> list[RoundRow]:
    """Close the rounds whose deadline has passed; return them."""
    due = session.scalars(
        sa.select(RoundRow).where(RoundRow.state == "open", RoundRow.closes_at <= now(session))
    ).all()
    for round_ in due:
        boxes.lock_alone(session, round_.id)
        session.refresh(round_, with_for_update=True)
        if round_.state == "open":
            _close(round_, round_.closes_at)
            audit.record(session, "clock", "round.close", round_.slug)
    return list(due)


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
