"""Questionnaires that are being written: begun, saved part by part, finished or thrown away.

Every act reads the row under a lock, so that two who write at once do not undo one another;
whoever saves a part also says which text of it they had seen (`save`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.drafting import draft as drafts
from survey.core.drafting.draft import Draft
from survey.core.errors import Missing
from survey.core.questionnaire import Questionnaire
from survey.core.wording import N_
from survey.storage import audit, questionnaires
from survey.storage.db import now
from survey.storage.tables import AccountRow, QuestionnaireDraftRow, QuestionnaireRow


def listing(session: Session) -> Sequence[tuple[QuestionnaireDraftRow, str]]:
    """Return every draft with the name of who began it, the one last changed first."""
    return [
        (row, name)
        for row, name in session.execute(
            sa.select(QuestionnaireDraftRow, AccountRow.name)
            .join(AccountRow, AccountRow.id == QuestionnaireDraftRow.made_by)
            .order_by(QuestionnaireDraftRow.updated_at.desc(), QuestionnaireDraftRow.id.desc())
        )
    ]


def of_id(session: Session, draft_id: int) -> QuestionnaireDraftRow:
    """Return a draft's row; raises `Missing`."""
    row = session.get(QuestionnaireDraftRow, draft_id)
    if row is None:
        raise Missing(N_("This draft is no longer there. It was finished or thrown away."))
    return row


def read(row: QuestionnaireDraftRow) -> Draft:
    """Return the draft that *row* holds."""
    return drafts.from_dict(row.document)


def add(session: Session, draft: Draft, account: AccountRow, origin: str) -> QuestionnaireDraftRow:
    """Keep a new draft; *origin* says in a few words what it began from."""
    row = QuestionnaireDraftRow(made_by=account.id, audience=draft.audience, origin=origin)
    _write(session, row, draft)
    session.add(row)
    session.flush()
    audit.record(
        session,
        account.username,
        "questionnaire.draft",
        f"{draft.key} {draft.version}",
        draft=row.id,
        origin=origin,
    )
    return row


def _write(session: Session, row: QuestionnaireDraftRow, draft: Draft) -> None:
    row.title = draft.title.zh or draft.title.en
    row.document = draft.to_dict()
    row.updated_at = now(session)


def lock(session: Session, draft_id: int) -> QuestionnaireDraftRow:
    """Return a draft's row that nobody else changes in this transaction; raises `Missing`."""
    row = of_id(session, draft_id)
    session.refresh(row, with_for_update=True)
    return row


def save(
    session: Session,
    row: QuestionnaireDraftRow,
    change: Callable[[Draft], Draft],
    account: AccountRow,
) -> Draft:
    """Put *change* of the draft by *account* in place of it, and return it. *row* is locked.

    The audit log says how many questions it has then, never what they ask.
    """
    draft = read(row)
    changed = change(draft)
    if changed == draft:
        return draft
    _write(session, row, changed)
    audit.record(
        session,
        account.username,
        "questionnaire.save",
        f"{changed.key} {changed.version}",
        draft=row.id,
        questions=len(changed.questions),
    )
    return changed


def remove(session: Session, row: QuestionnaireDraftRow, account: AccountRow) -> None:
    """Throw a draft away."""
    draft = read(row)
    session.delete(row)
    audit.record(
        session,
        account.username,
        "questionnaire.discard",
        f"{draft.key} {draft.version}",
        draft=row.id,
    )


def finish(session: Session, row: QuestionnaireDraftRow, account: AccountRow) -> QuestionnaireRow:
    """Make a kept version of a draft, which rounds can choose, and take the draft away.

    Its version is the next one of its key. Raises `Invalid` with all that is lacking.
    """
    draft = read(row)
    version = questionnaires.next_version(session, draft.key)
    finished = drafts.finish(draft.model_copy(update={"version": version}))
    kept = questionnaires.add(session, finished)
    session.delete(row)
    audit.record(
        session,
        account.username,
        "questionnaire.finish",
        f"{kept.key} {kept.version}",
        digest=kept.digest,
    )
    return kept


def copy(session: Session, questionnaire: Questionnaire) -> Draft:
    """Return the draft of the next version of a kept *questionnaire*."""
    version = questionnaires.next_version(session, questionnaire.key)
    return drafts.of(questionnaire).model_copy(update={"version": version})


def free_key(session: Session, audience: str) -> str:
    """Return a key that no questionnaire and no draft has: ``mass-2``."""
    taken = set(session.scalars(sa.select(QuestionnaireRow.key)))
    taken |= {read(row).key for row in session.scalars(sa.select(QuestionnaireDraftRow))}
    number = 1
    while f"{audience}-{number}" in taken:
        number += 1
    return f"{audience}-{number}"
