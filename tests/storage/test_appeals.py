"""A locked rating is reopened by an administrator or an appeal that is upheld; all of it stays."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from survey.core.errors import Invalid, Missing, Refused
from survey.storage import appeals, audit, evaluations, ratings, recusals, removing
from survey.storage.appeals import Contest
from survey.storage.db import begin_write, is_sqlite
from survey.storage.tables import AppealAnswerRow, AppealRow, RatingRow, ReopeningRow, RoundRow
from tests import scene

CAME = date(2026, 3, 20)
LETTER = Contest("committee", "letter", CAME, "The road was finished in May.", CAME)


@pytest.fixture
def city(session):
    """A village whose rating the lead and a member have signed."""
    city = scene.city(session)
    for account in (city.lead, city.member, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    sign(session, city)
    countersign(session, city, 1)
    return city


def sign(session, city, **typed):
    decided = {"suggestion": "good", "decision": "good", "evidence": {}} | typed
    return ratings.sign(session, city.round_, city.village, city.lead, **decided)


def countersign(session, city, version, account=None):
    return ratings.countersign(session, city.round_, city.village, account or city.member, version)


def reopen(session, city, account=None, version=1, reason="a list was left out"):
    by = account or city.administrator
    return ratings.reopen(session, city.round_, city.village, by, version, reason)


def appeal(session, city, contest=LETTER, account=None, seen=0):
    by = account or city.administrator
    return appeals.record(session, city.round_, city.village, by, contest, seen)


def answer(session, city, outcome, text="We went there and looked.", account=None, number=1):
    by = account or city.administrator
    return appeals.answer(session, city.round_, city.village, by, number, outcome, text)


def versions(session, city):
    return ratings.of_village(session, city.round_, city.village)


# Reopening


def test_a_reopened_rating_is_open_and_its_version_and_signatures_stay(session, city):
    head = versions(session, city)[0].audit_head
    reopen(session, city)
    (kept,) = versions(session, city)
    assert (kept.signed_name, kept.countersigned_name, kept.audit_head) == ("Lead", "Member", head)
    assert (kept.reopening.reason, kept.reopening.reopened_name) == ("a list was left out", "Admin")
    assert not ratings.is_locked(kept)
    assert ratings.latest(session, city.round_) == {}
    assert ratings.reopened(session, city.round_) == {city.village.village_id: kept}
    entry = audit.listing(session, act="rating.reopen").rows[0]
    assert (entry.actor, entry.detail["reason"]) == ("admin", "a list was left out")


def test_the_new_version_begins_unsigned_and_is_signed_twice_again(session, city):
    reopen(session, city)
    evaluations.agree(
        session, city.round_, city.village, city.lead, scene.consensus(70), "the list"
    )
    sign(session, city, decision="average", reason="the list")
    assert not ratings.is_locked(versions(session, city)[-1])
    countersign(session, city, 2)
    first, second = versions(session, city)
    assert (first.decision, second.decision) == ("good", "average")
    assert ratings.is_locked(second)
    assert ratings.latest(session, city.round_)[city.village.village_id] is second
    reopen(session, city, version=2, reason="once more")
    assert [row.reopening.reason for row in versions(session, city)] == [
        "a list was left out",
        "once more",
    ]


@pytest.mark.parametrize("who", ["lead", "member", "third", "stranger"])
def test_only_an_administrator_reopens(session, city, who):
    with pytest.raises(Refused):
        reopen(session, city, getattr(city, who))


def test_who_signed_it_and_is_an_administrator_now_does_not_reopen_or_answer_it(session, city):
    appeal(session, city)
    for signer in (city.lead, city.member):
        signer.role, signer.group_id = "administrator", None
        with pytest.raises(Refused, match="You signed"):
            reopen(session, city, signer)
        with pytest.raises(Refused, match="You signed"):
            answer(session, city, "not_upheld", account=signer)


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 2001])
def test_reopening_needs_a_reason(session, city, reason):
    with pytest.raises(Invalid):
        reopen(session, city, reason=reason)


@pytest.mark.parametrize("version", [0, 2])
def test_what_is_reopened_is_what_was_read(session, city, version):
    with pytest.raises(Refused):
        reopen(session, city, version=version)


def test_what_is_not_locked_is_not_reopened(session, city):
    reopen(session, city)
    with pytest.raises(Refused):
        reopen(session, city)
    sign(session, city)
    with pytest.raises(Refused):
        reopen(session, city, version=2)


def test_a_countersignature_of_what_was_reopened_meanwhile_is_refused(session, city):
    reopen(session, city)
    with pytest.raises(Refused, match="reopened meanwhile"):
        countersign(session, city, 1, city.third)


def test_two_who_act_at_once_are_told_apart_by_what_is_stored_then(session, city, engine):
    """What this session has read is not what it decides by: another has written since.

    On SQLite nobody can come between reading and writing of one transaction.
    """
    session.commit()
    if not is_sqlite(session):
        begin_write(session)
        read = versions(session, city)
        assert read[0].reopening is None
    with sa.orm.Session(engine) as other:
        begin_write(other)
        round_ = other.get_one(RoundRow, city.round_.id)
        village = other.merge(city.village, load=True)
        administrator = other.merge(city.administrator, load=True)
        ratings.reopen(other, round_, village, administrator, 1, "by the other")
        other.commit()
    if is_sqlite(session):
        begin_write(session)
    with pytest.raises(Refused):
        reopen(session, city)
    with pytest.raises(Refused, match="reopened meanwhile"):
        countersign(session, city, 1, city.third)


def test_one_form_sent_twice_signs_once(session, city):
    reopen(session, city)
    sign(session, city, seen=1)
    with pytest.raises(Refused):
        sign(session, city, seen=1)
    assert len(versions(session, city)) == 2


def test_one_may_stand_back_again_once_it_is_reopened(session, city):
    with pytest.raises(Refused):
        recusals.enter(session, city.round_, city.village, city.third, "a cousin", city.third)
    reopen(session, city)
    recusals.enter(session, city.round_, city.village, city.third, "a cousin", city.third)


# Appeals


def test_an_appeal_says_who_by_office_how_when_what_and_by_when(session, city):
    row = appeal(session, city)
    assert appeals.of_round(session, city.round_) == {city.village.village_id: [row]}
    assert (row.number, row.appellant, row.way, row.received_on, row.answer_by) == (
        1,
        "committee",
        "letter",
        CAME,
        CAME,
    )
    assert (row.contested, row.recorded_name) == ("The road was finished in May.", "Admin")
    assert row.rating.version == 1
    assert row.answer is None
    assert ratings.is_locked(row.rating), "who appeals changes nothing yet"


@pytest.mark.parametrize(
    "wrong",
    [
        Contest("Li Ming", "letter", CAME, "The road."),
        Contest("committee", "pigeon", CAME, "The road."),
        Contest("committee", "letter", CAME, "  "),
        Contest("committee", "letter", CAME + timedelta(days=36500), "The road."),
        Contest("committee", "letter", CAME, "The road.", CAME - timedelta(days=1)),
    ],
)
def test_an_appeal_that_cannot_be_is_not_recorded(session, city, wrong):
    with pytest.raises(Invalid):
        appeal(session, city, wrong)
    assert appeals.of_village(session, city.round_, city.village) == []


def test_only_a_locked_rating_is_contested(session, city):
    reopen(session, city)
    with pytest.raises(Refused):
        appeal(session, city)


def test_one_form_sent_twice_records_one_appeal(session, city):
    appeal(session, city)
    with pytest.raises(Refused):
        appeal(session, city)
    assert appeal(session, city, seen=1).number == 2


@pytest.mark.parametrize("who", ["lead", "member", "stranger"])
def test_a_group_neither_records_nor_answers(session, city, who):
    with pytest.raises(Refused):
        appeal(session, city, account=getattr(city, who))
    appeal(session, city)
    with pytest.raises(Refused):
        answer(session, city, "not_upheld", account=getattr(city, who))


@pytest.mark.parametrize("outcome", ["not_upheld", "withdrawn"])
def test_an_appeal_that_is_not_upheld_leaves_the_lock(session, city, outcome):
    appeal(session, city)
    given = answer(session, city, outcome)
    (row,) = appeals.of_village(session, city.round_, city.village)
    assert row.answer is given
    assert (given.outcome, given.answered_name) == (outcome, "Admin")
    assert ratings.is_locked(versions(session, city)[0])


def test_an_appeal_that_is_upheld_reopens_the_rating_and_is_linked(session, city):
    row = appeal(session, city)
    answer(session, city, "upheld", "The road is there.")
    (kept,) = versions(session, city)
    assert (kept.reopening.appeal_id, kept.reopening.reason) == (row.id, "The road is there.")
    acts = [entry.act for entry in audit.listing(session).rows]
    assert acts[:3] == ["rating.reopen", "appeal.answer", "appeal.record"]


def test_an_appeal_that_is_upheld_after_another_reopened_it_stands_beside_it(session, city):
    appeal(session, city)
    reopen(session, city)
    assert answer(session, city, "upheld").outcome == "upheld"
    assert versions(session, city)[0].reopening.appeal_id is None


def test_an_answer_stays(session, city):
    appeal(session, city)
    answer(session, city, "not_upheld")
    with pytest.raises(Refused):
        answer(session, city, "upheld")
    assert ratings.is_locked(versions(session, city)[0])


def test_an_answer_says_what_and_why_to_an_appeal_that_is_there(session, city):
    appeal(session, city)
    with pytest.raises(Invalid):
        answer(session, city, "perhaps")
    with pytest.raises(Invalid):
        answer(session, city, "upheld", " ")
    with pytest.raises(Missing):
        answer(session, city, "upheld", number=2)


def test_what_they_contest_is_in_no_entry_of_the_log(session, city):
    appeal(session, city)
    answer(session, city, "not_upheld", "Nobody saw a road.")
    logged = str([entry.detail for entry in audit.listing(session).rows])
    assert "road" not in logged


def test_a_round_is_deleted_with_its_appeals(session, city, tmp_path):
    appeal(session, city)
    answer(session, city, "upheld")
    removing.remove(session, city.round_, tmp_path, "admin", "Admin")
    for table in (RatingRow, ReopeningRow, AppealRow, AppealAnswerRow):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_the_table_takes_no_reopening_without_a_reason(session, city):
    reopening = ReopeningRow(
        rating_id=versions(session, city)[0].id,
        round_id=city.round_.id,
        reason="",
        reopened_by=city.administrator.id,
        reopened_name="Admin",
        reopened_at=scene.MOMENT,
    )
    session.add(reopening)
    with pytest.raises(IntegrityError):
        session.flush()
