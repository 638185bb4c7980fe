"""Drafts of questionnaires: kept, changed under a lock, finished into a version that stays."""

import pytest
from sqlalchemy.orm import Session

from survey.core.drafting import draft as forms
from survey.core.drafting import edits
from survey.core.drafting.draft import Text
from survey.core.errors import Invalid, Missing, Refused
from survey.storage import accounts, acts, audit, drafts, questionnaires, rounds
from survey.storage.db import begin_write, is_sqlite
from survey.storage.questionnaires import defaults
from tests import scene

MASS, SELF = defaults()["mass"], defaults()["self"]
PASSWORD = "a long pass phrase"


@pytest.fixture
def anna(session):
    row = accounts.add(session, "anna", "Anna", PASSWORD, "administrator")
    questionnaires.add_defaults(session)
    session.commit()
    return row


@pytest.fixture
def city(session):
    return scene.city(session, state="draft")


def copied(session, account):
    return drafts.add(session, drafts.copy(session, MASS), account, "village-mass 1")


def renamed(title):
    return lambda draft: draft.model_copy(update={"title": Text(zh=title, en=title)})


def acts_of(session):
    return [
        (row.actor, row.act, row.subject)
        for row in reversed(audit.listing(session).rows)
        if row.act.startswith("questionnaire")
    ]


def test_a_draft_comes_back_as_it_was_kept(session, anna):
    draft, key = edits.add(drafts.copy(session, MASS), "effects", "number")
    row = drafts.add(session, draft, anna, "village-mass 1")
    session.commit()
    session.expire_all()
    assert drafts.read(drafts.of_id(session, row.id)) == draft
    ((found, name),) = drafts.listing(session)
    assert (found.title, found.audience, name) == ("群众测评", "mass", "Anna")
    assert key == "effects.q1"


def test_the_next_version_has_the_next_number(session, anna):
    row = copied(session, anna)
    assert drafts.read(row).version == 2
    drafts.save(session, row, renamed("Second"), anna)
    drafts.save(session, row, renamed("Second"), anna)
    assert drafts.finish(session, row, anna).version == 2
    assert drafts.copy(session, MASS).version == 3
    assert drafts.listing(session) == []
    assert acts_of(session) == [
        ("anna", "questionnaire.draft", "village-mass 2"),
        ("anna", "questionnaire.save", "village-mass 2"),
        ("anna", "questionnaire.finish", "village-mass 2"),
    ]


def test_the_log_counts_the_questions_of_a_change_and_quotes_none(session, anna):
    row = copied(session, anna)
    drafts.save(session, row, lambda draft: edits.add(draft, "effects", "choice")[0], anna)
    (kept,) = audit.listing(session, act="questionnaire.save").rows
    assert kept.detail == {"draft": row.id, "questions": len(forms.of(MASS).questions) + 1}


def test_two_drafts_of_one_questionnaire_get_two_versions(session, anna):
    rows = [copied(session, anna), copied(session, anna)]
    for number, row in enumerate(rows):
        drafts.save(session, row, renamed(f"Number {number}"), anna)
    assert [drafts.finish(session, row, anna).version for row in rows] == [2, 3]


def test_what_lacks_something_stays_a_draft(session, anna):
    row = copied(session, anna)
    drafts.save(session, row, lambda draft: edits.add(draft, "effects", "choice")[0], anna)
    session.commit()
    with pytest.raises(Invalid, match="options"):
        drafts.finish(session, row, anna)
    session.rollback()
    assert [found.id for found, _ in drafts.listing(session)] == [row.id]


def test_two_who_change_different_parts_at_once_both_keep_theirs(session, engine, anna):
    """On PostgreSQL the second has read the row already; on SQLite they would wait with that."""
    row = copied(session, anna)
    draft_id = row.id
    session.commit()
    with Session(engine) as other:
        if not is_sqlite(other):
            begin_write(other)
            seen = drafts.of_id(other, draft_id)
            assert drafts.read(seen).comment
        begin_write(session)
        drafts.save(session, drafts.lock(session, draft_id), renamed("Anna's"), anna)
        session.commit()
        if is_sqlite(other):
            begin_write(other)
        locked = drafts.lock(other, draft_id)
        drafts.save(
            other,
            locked,
            lambda draft: draft.model_copy(update={"comment": None}),
            accounts.by_username(other, "anna"),
        )
        other.commit()
    session.expire_all()
    found = drafts.read(drafts.of_id(session, draft_id))
    assert (found.title.en, found.comment) == ("Anna's", None)


def test_a_draft_that_was_thrown_away_is_missing(session, anna):
    row = copied(session, anna)
    draft_id = row.id
    drafts.remove(session, row, anna)
    session.commit()
    for look in (drafts.of_id, drafts.lock):
        with pytest.raises(Missing, match="no longer there"):
            look(session, draft_id)


def test_a_key_of_its_own_is_none_that_is_known(session, anna):
    assert drafts.free_key(session, "mass") == "mass-1"
    draft = forms.empty("mass-1", "mass", MASS)
    row = drafts.add(session, draft, anna, "")
    assert drafts.free_key(session, "mass") == "mass-2"
    full = forms.of(MASS).model_copy(update={"key": "mass-1"})
    drafts.save(session, row, lambda _draft: full, anna)
    drafts.finish(session, row, anna)
    assert drafts.free_key(session, "mass") == "mass-2"


# Kept versions


def second(session, account, title="Second"):
    row = copied(session, account)
    drafts.save(session, row, renamed(title), account)
    return drafts.finish(session, row, account)


def test_a_version_that_no_round_asks_can_be_taken_away(session, city):
    kept = second(session, city.administrator)
    questionnaires.remove(session, kept.digest, "admin")
    with pytest.raises(Missing):
        questionnaires.of_digest(session, kept.digest)
    with pytest.raises(Missing):
        questionnaires.remove(session, kept.digest, "admin")


@pytest.mark.parametrize("state", ["draft", "open", "sealed", "cancelled"])
def test_a_version_that_a_round_asks_stays(session, state):
    city = scene.city(session, state="draft")
    kept = second(session, city.administrator)
    rounds.ask(session, city.round_, {"mass": kept.digest, "self": SELF.digest}, "admin")
    city.round_.public_key = b"k" * 32
    city.round_.state = state
    session.flush()
    with pytest.raises(Refused, match="A round asks"):
        questionnaires.remove(session, kept.digest, "admin")
    assert [row.slug for row in questionnaires.uses(session)[kept.digest]] == ["spring"]


def test_what_comes_with_the_service_stays(session, anna):
    with pytest.raises(Refused, match="comes with the service"):
        questionnaires.remove(session, MASS.digest, "anna")


def test_a_round_in_preparation_can_ask_another_version(session, city):
    kept = second(session, city.administrator)
    rounds.ask(session, city.round_, {"mass": kept.digest, "self": SELF.digest}, "admin")
    session.flush()
    session.expire_all()
    assert rounds.audience_of(city.round_, "mass").questionnaire_digest == kept.digest
    with pytest.raises(Invalid, match="not for this audience"):
        rounds.ask(session, city.round_, {"mass": SELF.digest, "self": SELF.digest}, "admin")
    with pytest.raises(Missing):
        rounds.ask(session, city.round_, {"mass": "0" * 32, "self": SELF.digest}, "admin")


def test_once_it_is_open_or_proposed_nothing_else_is_asked(session, city):
    chosen = {"mass": MASS.digest, "self": SELF.digest}
    acts.propose(session, city.round_, "round.open", city.administrator)
    with pytest.raises(Refused, match="take the proposal back"):
        rounds.ask(session, city.round_, chosen, "admin")
    city.round_.public_key = b"k" * 32
    city.round_.state = "open"
    session.flush()
    with pytest.raises(Refused, match="while a round is being prepared"):
        rounds.ask(session, city.round_, chosen, "admin")
