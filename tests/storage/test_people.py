"""Invitations, acting leads, who stands back and the set-up code, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.storage import (
    accounts,
    db,
    evaluations,
    groups,
    invitations,
    ratings,
    recusals,
    set_up,
    substitutes,
)
from survey.storage.installation import About
from survey.storage.standings import standing
from survey.storage.substitutes import Term
from survey.storage.tables import GroupRow, InvitationRow, SetUpCodeRow, VillageRow
from tests import scene
from tests.scene import Scene

KEY = "a key of the service, long enough to be one"
PHRASE = "a long pass phrase"


@pytest.fixture
def city(session: Session) -> Scene:
    return scene.city(session)


def term(session: Session, first: int = 0, last: int = 0) -> Term:
    day = groups.today(session, "Asia/Shanghai")
    return Term(day + timedelta(days=first), day + timedelta(days=last), "The lead is ill.")


def group(session: Session, city: Scene) -> GroupRow:
    return groups.by_id(session, city.lead.group_id or 0)


def leads(session: Session, city: Scene) -> list[str]:
    seats = standing(session, city.round_, city.village, city.administrator).seats
    return [seat.name for seat in seats if seat.lead]


# Invitations


def test_an_invitation_is_good_once_and_its_hash_alone_is_kept(
    session: Session, city: Scene
) -> None:
    code = invitations.issue(session, city.member)
    (row,) = session.query(InvitationRow).all()
    assert code.replace("-", "").encode() not in row.digest
    assert invitations.find(session, code.upper().replace("-", " ")) is city.member
    before = city.member.session_key
    assert invitations.accept(session, code, PHRASE) is city.member
    assert accounts.matches(city.member, PHRASE)
    assert city.member.session_key != before
    with pytest.raises(Missing):
        invitations.accept(session, code, PHRASE)


def test_an_invitation_expires_and_a_newer_one_takes_its_place(
    session: Session, city: Scene
) -> None:
    old = invitations.issue(session, city.member)
    new = invitations.issue(session, city.member)
    with pytest.raises(Missing):
        invitations.find(session, old)
    row = session.get_one(InvitationRow, city.member.id)
    row.made_at, row.expires_at = row.made_at - timedelta(days=9), db.now(session)
    session.flush()
    with pytest.raises(Missing):
        invitations.find(session, new)


# Acting leads


def test_an_acting_lead_leads_alone_and_another_person_countersigns(
    session: Session, city: Scene
) -> None:
    substitutes.name(session, group(session, city), city.third, term(session), city.administrator)
    assert leads(session, city) == ["Third"]
    for account in (city.lead, city.member, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    with pytest.raises(Refused):
        evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    evaluations.agree(session, city.round_, city.village, city.third, scene.consensus())
    signed = {"suggestion": "good", "evidence": {}, "decision": "good"}
    ratings.sign(session, city.round_, city.village, city.third, **signed)
    with pytest.raises(Refused):
        ratings.countersign(session, city.round_, city.village, city.third, 1)
    ratings.countersign(session, city.round_, city.village, city.lead, 1)


@pytest.mark.parametrize(("first", "last"), [(1, 2), (-2, -1)])
def test_before_and_after_the_named_days_the_lead_leads(
    session: Session, city: Scene, first: int, last: int
) -> None:
    days = term(session, first, last)
    substitutes.name(session, group(session, city), city.third, days, city.administrator)
    assert leads(session, city) == ["Lead"]


def test_a_disabled_acting_lead_and_an_ended_term_give_the_lead_back(
    session: Session, city: Scene
) -> None:
    own = group(session, city)
    row = substitutes.name(session, own, city.third, term(session), city.administrator)
    city.third.disabled = True
    session.flush()
    assert leads(session, city) == ["Lead"]
    city.third.disabled = False
    substitutes.end(session, row.id, city.administrator)
    assert leads(session, city) == ["Lead"]
    with pytest.raises(Refused):
        substitutes.end(session, row.id, city.administrator)


def test_who_may_be_named(session: Session, city: Scene) -> None:
    own = group(session, city)
    assert city.stranger in substitutes.candidates(session, own)
    for wrong in (city.administrator,):
        with pytest.raises(Invalid):
            substitutes.name(session, own, wrong, term(session), city.administrator)
    substitutes.name(session, own, city.stranger, term(session, 0, 3), city.administrator)
    with pytest.raises(Invalid):
        substitutes.name(session, own, city.third, term(session, 3, 5), city.administrator)


# Standing back


def test_a_tied_unit_is_kept_out_of_everything(session: Session, city: Scene) -> None:
    session.get_one(VillageRow, city.village.village_id).city_leader = "王某（市委组织部副部长）"
    city.member.unit = "市委组织部"
    session.flush()
    others = recusals.of_account(session, city.round_, city.villages, city.member)
    assert others == {city.village.village_id}
    with pytest.raises(Missing):
        evaluations.hand_in(session, city.round_, city.village, city.member, scene.evaluation())
    for account in (city.lead, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    signed = {"suggestion": "good", "evidence": {}, "decision": "good"}
    ratings.sign(session, city.round_, city.village, city.lead, **signed)
    with pytest.raises(Refused):
        ratings.countersign(session, city.round_, city.village, city.member, 1)


def test_what_was_handed_in_stays_but_counts_no_more(session: Session, city: Scene) -> None:
    evaluations.hand_in(session, city.round_, city.village, city.member, scene.evaluation())
    recusals.enter(
        session, city.round_, city.village, city.member, "her brother", city.administrator
    )
    seen = standing(session, city.round_, city.village, city.administrator)
    assert [seat.name for seat in seen.recused] == ["Member"]
    assert not seen.handed_in
    recusals.withdraw(session, city.round_, city.village, city.member, city.administrator)
    seen = standing(session, city.round_, city.village, city.administrator)
    assert [seat.name for seat in seen.handed_in] == ["Member"]


# The last administrator, and the first


def test_the_last_administrator_stays_one(session: Session, city: Scene) -> None:
    wanted = accounts.Particulars("Admin", "observer", None, "")
    with pytest.raises(Refused):
        accounts.change(session, city.administrator, wanted)
    changed = accounts.change(
        session, city.member, accounts.Particulars("Member", "observer", None, " 市 财政局 ")
    )
    assert changed == {
        "role": ["member", "observer"],
        "group": ["Group 1", ""],
        "unit": ["", "市 财政局"],
    }


def test_the_set_up_is_done_once(session: Session) -> None:
    code = set_up.code(session, KEY)
    assert set_up.code(session, KEY) == code
    assert set_up.code(session, KEY + "x") != code
    with pytest.raises(Refused):
        set_up.check(session, "2222-2222-2222", KEY)
    assert session.get_one(SetUpCodeRow, 1).failures == 1
    set_up.check(session, code.upper(), KEY)
    said = About("The office", "https://vote.example.org", "zh", "0990-1")
    set_up.finish(session, "anna", "Anna", PHRASE, said)
    for again in (set_up.code, set_up.renew):
        with pytest.raises(Missing):
            again(session, KEY)
    with pytest.raises(Missing):
        set_up.check(session, code, KEY)
