"""A small city for tests of the acceptance groups: two groups, three villages, one round."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from survey.core import proof, tallies
from survey.core.evaluation import DIMENSIONS, Consensus, Evaluation
from survey.core.policy import Policy
from survey.core.questionnaire import Questionnaire, from_json
from survey.storage import proof_files, questionnaires
from survey.storage.tables import (
    AccountingRow,
    AccountRow,
    GroupRow,
    MeasureRow,
    ProblemRow,
    ProofRow,
    RoundAudienceRow,
    RoundRow,
    RoundVillageRow,
    TallyRow,
    VillageRow,
)

QUESTIONNAIRES = Path(__file__).parents[1] / "survey" / "questionnaires"
PASSWORD = "a long pass phrase for tests"
MOMENT = datetime(2026, 3, 1, 8, tzinfo=UTC)
VILLAGES = (
    ("990101100201", "East Hill", "Clear Water", 400, 30, 0),
    ("990101100202", "East Hill", "Stone Bridge", 300, 22, 0),
    ("990102100201", "West Ferry", "Long Meadow", 500, 40, 1),
)


@dataclass
class Scene:
    """What `city` made; *villages* in the order of their codes."""

    round_: RoundRow
    villages: list[RoundVillageRow]
    lead: AccountRow
    member: AccountRow
    third: AccountRow
    stranger: AccountRow
    administrator: AccountRow

    @property
    def village(self) -> RoundVillageRow:
        return self.villages[0]


def points(value: int) -> dict[str, int]:
    return dict.fromkeys(DIMENSIONS, value)


def evaluation(value: int = 85) -> Evaluation:
    return Evaluation(points=points(value))


def consensus(value: int = 85, statement: str = "") -> Consensus:
    return Consensus(points=points(value), statement=statement)


def city(session: Session, *, state: str = "sealed", password_hash: str = "-") -> Scene:
    """Return a round in *state* with its villages and staff; no ballots yet."""
    groups = [GroupRow(name="Group 1"), GroupRow(name="Group 2")]
    session.add_all(groups)
    session.flush()
    round_ = _round(session, state)
    villages = [_village(session, round_, groups[place], *rest) for *rest, place in VILLAGES]
    people = {
        "lead": _account("lead", "lead", groups[0], password_hash),
        "member": _account("member", "member", groups[0], password_hash),
        "third": _account("third", "member", groups[0], password_hash),
        "stranger": _account("stranger", "lead", groups[1], password_hash),
        "administrator": _account("admin", "administrator", None, password_hash),
    }
    session.add_all(people.values())
    session.flush()
    return Scene(round_, villages, **people)


def answer(
    session: Session,
    scene: Scene,
    village: RoundVillageRow,
    audience: str,
    number: int,
    weights: tuple[int, int, int, int, int] = (55, 30, 9, 3, 3),
) -> None:
    """Keep the tally of *number* drawn ballots; *weights* of good … poor, unknown."""
    asked = questionnaire(audience)
    draw = random.Random(f"{village.code} {audience}")
    ballots = [
        tuple(draw.choices((0, 1, 2, 3, -1), weights, k=len(asked.items))) for _ in range(number)
    ]
    values = Policy(**scene.round_.policy).values
    tally = tallies.count(ballots, asked.dimension_columns, values)
    cell = {
        "round_id": scene.round_.id,
        "village_id": village.village_id,
        "audience": audience,
    }
    session.add(TallyRow(**cell, access="ticket", document=tally.to_dict()))
    session.add(AccountingRow(**cell, printed=number + 20, handed_out=number + 5))
    session.flush()


def begin_file(session: Session, village: RoundVillageRow, folder: Path) -> None:
    """Begin the file of *village*: a problem with a measure and its proof, each the first."""
    kept = proof_files.lay_aside(folder, b"%PDF-1.7")
    digest = proof.digest_of(b"%PDF-1.7")
    proof_files.put_in_place(kept, digest)
    one = {"village_id": village.village_id}
    session.add(ProblemRow(**one, number=1, text="The roof leaks"))
    session.flush()
    session.add(MeasureRow(**one, number=1, problem=1, text="Mend it"))
    session.flush()
    session.add(
        ProofRow(**one, measure=1, digest=digest, kind="pdf", name="a.pdf", size=8, added_at=MOMENT)
    )
    session.flush()


def questionnaire(audience: str) -> Questionnaire:
    return from_json((QUESTIONNAIRES / f"{audience}.json").read_text("utf-8"))


def _round(session: Session, state: str) -> RoundRow:
    round_ = RoundRow(
        slug="spring",
        title="Spring round",
        state=state,
        timezone="Asia/Shanghai",
        opens_at=MOMENT,
        closes_at=MOMENT.replace(day=10),
        results_on=date(2026, 3, 20),
        results_place="village board",
        help_on=date(2026, 3, 5),
        help_place="village office",
        office="The office",
        phone="0000-1234",
        base_address="https://survey.example",
        policy=Policy().model_dump(mode="json"),
        key_holding="server",
        public_key=bytes(32),
        sealed_at=MOMENT.replace(day=11) if state == "sealed" else None,
    )
    for audience in ("mass", "self"):
        asked = questionnaire(audience)
        questionnaires.add(session, asked)
        round_.audiences.append(
            RoundAudienceRow(audience=audience, questionnaire_digest=asked.digest, access="ticket")
        )
    session.add(round_)
    session.flush()
    return round_


def _village(
    session: Session,
    round_: RoundRow,
    group: GroupRow,
    code: str,
    township: str,
    name: str,
    eligible: int,
    party_members: int,
) -> RoundVillageRow:
    listed = VillageRow(
        code=code,
        township=township,
        name=name,
        eligible=eligible,
        party_members=party_members,
        group_id=group.id,
    )
    session.add(listed)
    session.flush()
    village = RoundVillageRow(
        round_id=round_.id,
        village_id=listed.id,
        code=code,
        township=township,
        name=name,
        eligible=eligible,
        party_members=party_members,
        group_id=group.id,
    )
    session.add(village)
    session.flush()
    return village


def _account(username: str, role: str, group: GroupRow | None, password_hash: str) -> AccountRow:
    return AccountRow(
        username=username,
        name=username.title(),
        password_hash=password_hash,
        role=role,
        group_id=group.id if group else None,
        language="en",
        session_key=f"key-{username}",
        created_at=MOMENT,
    )
