"""Members evaluate alone, then agree; nobody sees another's before handing in their own."""

import pytest

from survey.core.errors import Invalid, Missing, Refused
from survey.core.evaluation import Evaluation
from survey.storage import audit, evaluations, ratings, recusals
from survey.storage.evaluations import Overtaken, Window
from survey.storage.standings import latest, scores_shown, standing, standings
from tests import scene


@pytest.fixture
def city(session):
    return scene.city(session)


def hand_in(session, city, *accounts, value=85):
    for account in accounts:
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation(value))


def seen(session, city, reader):
    return standing(session, city.round_, city.village, reader)


def test_a_draft_is_kept_and_can_be_written_over(session, city):
    for value in (70, 75):
        evaluations.draft(session, city.round_, city.village, city.lead, scene.evaluation(value))
    mine = seen(session, city, city.lead).mine
    assert mine.evaluation.points["effects"] == 75
    assert mine.handed_in_at is None
    assert mine.waited_for


def save(session, city, value, mark, seen, act=evaluations.draft):
    window = Window(mark, seen)
    return act(session, city.round_, city.village, city.lead, scene.evaluation(value), window)


def test_a_stale_window_writes_over_nothing(session, city):
    assert save(session, city, 70, "laptop", 0).revision == 1
    for act in (evaluations.draft, evaluations.hand_in):
        with pytest.raises(Overtaken):
            save(session, city, 60, "phone", 0, act)
    mine = seen(session, city, city.lead).mine
    assert (mine.evaluation.points["effects"], mine.handed_in_at) == (70, None)


def test_a_window_that_has_seen_what_is_saved_writes_over_it(session, city):
    save(session, city, 70, "laptop", 0)
    assert save(session, city, 60, "phone", 1).revision == 2
    with pytest.raises(Overtaken):
        save(session, city, 75, "laptop", 1)


def test_a_window_whose_acknowledgement_was_lost_goes_on(session, city):
    save(session, city, 70, "laptop", 0)
    assert save(session, city, 75, "laptop", 0).revision == 2


def test_one_form_sent_twice_hands_in_once(session, city):
    first = save(session, city, 70, "laptop", 0, evaluations.hand_in)
    head = audit.head(session)
    assert save(session, city, 70, "laptop", 0, evaluations.hand_in) is first
    assert audit.head(session) == head
    with pytest.raises(Refused):
        save(session, city, 75, "laptop", 1, evaluations.hand_in)


def test_a_consensus_that_was_entered_meanwhile_is_read_first(session, city):
    hand_in(session, city, city.lead, city.member, city.third)
    given = (session, city.round_, city.village, city.lead)
    evaluations.agree(*given, scene.consensus(80), seen=0)
    with pytest.raises(Overtaken):
        evaluations.agree(*given, scene.consensus(90), "a sum", seen=0)
    evaluations.agree(*given, scene.consensus(90), "a sum", seen=1)
    assert len(seen(session, city, city.lead).versions) == 2


def test_an_unfinished_evaluation_cannot_be_handed_in(session, city):
    unfinished = Evaluation(points={"effects": 80})
    with pytest.raises(Invalid):
        evaluations.hand_in(session, city.round_, city.village, city.lead, unfinished)


def test_what_is_handed_in_stays_as_it_is(session, city):
    hand_in(session, city, city.lead)
    with pytest.raises(Refused):
        evaluations.draft(session, city.round_, city.village, city.lead, scene.evaluation(50))


def test_others_are_hidden_until_ones_own_is_handed_in(session, city):
    hand_in(session, city, city.member)
    before = {seat.name: seat for seat in seen(session, city, city.lead).seats}
    assert before["Member"].handed_in_at is not None
    assert before["Member"].evaluation is None
    hand_in(session, city, city.lead)
    after = {seat.name: seat for seat in seen(session, city, city.lead).seats}
    assert after["Member"].evaluation.points["effects"] == 85


def test_a_draft_is_never_shown_to_another(session, city):
    evaluations.draft(session, city.round_, city.village, city.member, scene.evaluation())
    hand_in(session, city, city.lead)
    for reader in (city.lead, city.administrator):
        seats = {seat.name: seat for seat in seen(session, city, reader).seats}
        assert seats["Member"].evaluation is None


def test_another_groups_village_is_missing(session, city):
    with pytest.raises(Missing):
        hand_in(session, city, city.stranger)


def test_a_member_without_a_group_evaluates_nothing(session, city):
    with pytest.raises(Missing):
        hand_in(session, city, city.administrator)


def test_no_group_is_not_the_group_of_a_village_without_one(session, city):
    city.village.group_id = None
    city.lead.group_id = None
    session.flush()
    with pytest.raises(Missing):
        hand_in(session, city, city.lead)


def test_a_draft_round_has_nothing_to_evaluate(session):
    city = scene.city(session, state="draft")
    with pytest.raises(Refused):
        hand_in(session, city, city.lead)


def test_who_stands_back_is_listed_not_waited_for_and_sees_nothing(session, city):
    recusals.enter(session, city.round_, city.village, city.member, "my own unit", city.member)
    hand_in(session, city, city.lead, city.third)
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    theirs = seen(session, city, city.member)
    assert [seat.name for seat in theirs.recused] == ["Member"]
    assert not theirs.waiting
    assert all(seat.evaluation is None for seat in theirs.seats if not seat.mine)
    assert not scores_shown(city.round_, theirs, city.member)


def test_standing_back_needs_a_reason_and_can_be_undone(session, city):
    with pytest.raises(Invalid):
        recusals.enter(session, city.round_, city.village, city.member, "  ", city.member)
    recusals.enter(session, city.round_, city.village, city.member, "by mistake", city.member)
    recusals.withdraw(session, city.round_, city.village, city.member, city.administrator)
    assert seen(session, city, city.member).mine.waited_for


def test_only_the_lead_enters_the_consensus(session, city):
    hand_in(session, city, city.lead, city.member, city.third)
    with pytest.raises(Refused):
        evaluations.agree(session, city.round_, city.village, city.member, scene.consensus())


def test_a_member_stands_in_where_the_lead_is_recused(session, city):
    recusals.enter(session, city.round_, city.village, city.lead, "my own unit", city.lead)
    hand_in(session, city, city.member, city.third)
    evaluations.agree(session, city.round_, city.village, city.member, scene.consensus(90))
    assert latest(session, city.round_)[city.village.village_id].consensus.score == 90


def test_the_consensus_waits_for_everybody_or_says_why_not(session, city):
    hand_in(session, city, city.lead, city.member)
    with pytest.raises(Invalid, match="Third"):
        evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    spoken = scene.consensus(statement="Third is in hospital.")
    evaluations.agree(session, city.round_, city.village, city.lead, spoken)
    assert seen(session, city, city.third).agreed.consensus.statement == "Third is in hospital."


def test_nothing_is_agreed_before_anybody_has_handed_in(session, city):
    with pytest.raises(Refused):
        evaluations.agree(
            session, city.round_, city.village, city.lead, scene.consensus(statement="in a hurry")
        )


def test_after_the_consensus_nobody_hands_in_any_more(session, city):
    hand_in(session, city, city.lead)
    spoken = scene.consensus(statement="the others are away")
    evaluations.agree(session, city.round_, city.village, city.lead, spoken)
    with pytest.raises(Refused):
        hand_in(session, city, city.member)


def test_scores_are_shown_to_members_only_after_the_consensus(session, city):
    assert not scores_shown(city.round_, seen(session, city, city.lead), city.lead)
    assert scores_shown(city.round_, seen(session, city, city.administrator), city.administrator)
    hand_in(session, city, city.lead, city.member, city.third)
    assert not scores_shown(city.round_, seen(session, city, city.lead), city.lead)
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    assert scores_shown(city.round_, seen(session, city, city.member), city.member)


def test_nobody_sees_scores_before_the_seal(session):
    city = scene.city(session, state="closed")
    hand_in(session, city, city.lead, city.member, city.third)
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    for reader in (city.lead, city.administrator):
        assert not scores_shown(city.round_, seen(session, city, reader), reader)


def test_a_change_after_the_scores_needs_a_reason_and_keeps_the_first(session, city):
    hand_in(session, city, city.lead, city.member, city.third)
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus(80))
    with pytest.raises(Invalid):
        evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus(95))
    evaluations.agree(
        session, city.round_, city.village, city.lead, scene.consensus(82), "a sum was wrong"
    )
    versions = seen(session, city, city.lead).versions
    assert [(one.version, one.consensus.score) for one in versions] == [(1, 80), (2, 82)]
    assert versions[1].reason == "a sum was wrong"


def test_before_the_seal_a_change_needs_no_reason(session):
    city = scene.city(session, state="open")
    hand_in(session, city, city.lead, city.member, city.third)
    for value in (80, 82):
        evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus(value))
    assert len(seen(session, city, city.lead).versions) == 2


def test_nothing_changes_once_the_rating_is_locked(session, city):
    hand_in(session, city, city.lead, city.member, city.third)
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus(85))
    ratings.sign(
        session,
        city.round_,
        city.village,
        city.lead,
        suggestion="good",
        evidence={},
        decision="good",
    )
    ratings.countersign(session, city.round_, city.village, city.member, 1)
    with pytest.raises(Refused):
        evaluations.agree(
            session, city.round_, city.village, city.lead, scene.consensus(70), "too late"
        )


def test_a_desk_of_villages_is_read_at_once(session, city):
    hand_in(session, city, city.lead)
    found = standings(session, city.round_, city.villages, city.lead)
    assert [len(found[village.village_id].handed_in) for village in city.villages] == [1, 0, 0]
    assert [len(found[village.village_id].seats) for village in city.villages] == [3, 3, 1]


def test_a_disabled_member_is_not_waited_for_but_what_they_handed_in_stays(session, city):
    hand_in(session, city, city.member)
    city.member.disabled = True
    city.third.disabled = True
    session.flush()
    group = seen(session, city, city.lead)
    assert [seat.name for seat in group.waiting] == ["Lead"]
    assert [seat.name for seat in group.handed_in] == ["Member"]


def test_each_act_is_in_the_audit_log(session, city):
    before = audit.head(session)
    hand_in(session, city, city.lead)
    assert audit.head(session) != before
    assert audit.verify(session) is None
