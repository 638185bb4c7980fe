"""Opening a round: by two holders of a half each, or with a key that the server holds."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import box as ballot_box
from survey.core import codes, keys
from survey.core.errors import Invalid, Refused
from survey.core.keys import FirstLock
from survey.core.round import is_local
from survey.core.wording import N_, Sentence, say
from survey.storage import acts, audit, boxes, questionnaires, rounds
from survey.storage import keys as key_folder
from survey.storage.assessed import standing
from survey.storage.db import now
from survey.storage.tables import (
    AccountingRow,
    AccountRow,
    PosterRow,
    RoundRow,
    RoundVillageRow,
    VillageRow,
)


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
    if not rounds.villages(session, round_):
        found.append(
            say(N_("None of its villages is assessed any more. Make a new round instead."))
        )
    return found


def require_openable(session: Session, round_: RoundRow, base_address: str) -> None:
    """Raise `Refused` with the first of the `obstacles`, if there is one."""
    found = obstacles(session, round_, base_address)
    if found:
        raise Refused(found[0])


def begin(
    session: Session,
    round_: RoundRow,
    account: AccountRow,
    half: str,
    base_address: str,
    cost: tuple[int, int] = keys.MODERATE,
) -> None:
    """Keep that *account* holds half number 1 and proposes to open; nothing secret is kept."""
    require_openable(session, round_, base_address)
    require_holding(round_, "halves")
    _require_holder(half, 1)
    lock = keys.begin_lock(half, cost)
    acts.propose(session, round_, "round.open", account, lock=vars(lock))


def require_holding(round_: RoundRow, holding: str) -> None:
    """Raise `Refused` unless the key of *round_* is held as its form and posters say."""
    if round_.key_holding != holding:
        raise Refused(N_("The key of this round is held in another way: open it on its own page."))


def _require_holder(half: str, holder: int) -> None:
    if keys.holder_of(half) != holder:
        raise Invalid(N_("This is the other holder's half. Type the one that you were shown."))


def finish(
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
    require_holding(round_, "halves")
    _require_holder(half, 2)
    proposal = acts.confirm(session, round_, "round.open", account, two_person=two_person)
    public_key, wrapped = keys.finish_lock(FirstLock(**proposal.detail["lock"]), half)
    _open(session, round_, public_key, base_address, folder, account)
    key_folder.keep_locked(folder, round_.id, wrapped)


def with_server_key(
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
    require_holding(round_, "server")
    acts.confirm(session, round_, "round.open", account, two_person=two_person)
    _with_new_key(session, round_, account, base_address, folder)


def as_rehearsal(
    session: Session, round_: RoundRow, account: AccountRow, base_address: str, folder: Path
) -> None:
    """Open a rehearsal by *account* alone: no villager answers in it, and it counts for nobody."""
    require_openable(session, round_, base_address)
    require_holding(round_, "server")
    if round_.kind != "rehearsal":
        raise Refused(N_("Only a rehearsal is opened by one person."))
    _with_new_key(session, round_, account, base_address, folder)


def _with_new_key(
    session: Session, round_: RoundRow, account: AccountRow, base_address: str, folder: Path
) -> None:
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
    places = session.scalars(sa.select(VillageRow).where(VillageRow.id.in_(in_round))).all()
    session.execute(
        sa.update(RoundVillageRow),
        [{"round_id": round_.id} | standing(row) for row in places],
    )


def _make_accounts_and_posters(session: Session, round_: RoundRow) -> None:
    places = [
        (row.village_id, asked)
        for row in rounds.villages(session, round_)
        for asked in round_.audiences
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
