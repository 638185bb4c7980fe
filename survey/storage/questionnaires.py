"""The questionnaires that are kept: named by their digest, never changed once a round uses them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import questionnaire as questionnaires
from survey.core.errors import Invalid, Missing, Refused
from survey.core.questionnaire import Questionnaire
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.tables import QuestionnaireRow, RoundAudienceRow, RoundRow

DEFAULTS = Path(__file__).parents[1] / "questionnaires"


def add(session: Session, questionnaire: Questionnaire) -> QuestionnaireRow:
    """Keep *questionnaire*; the same text again gives the row that is there.

    Raises `Invalid` where the same key and version are there with another text: a text that
    somebody may have answered is never changed, it gets the next version number.
    """
    known = session.get(QuestionnaireRow, questionnaire.digest)
    if known:
        return known
    _refuse_other_text(session, questionnaire)
    row = QuestionnaireRow(
        digest=questionnaire.digest,
        key=questionnaire.key,
        version=questionnaire.version,
        audience=questionnaire.audience,
        title=questionnaire.title.zh,
        document=questionnaire.to_json(),
    )
    session.add(row)
    session.flush()
    return row


def _refuse_other_text(session: Session, questionnaire: Questionnaire) -> None:
    taken = session.scalars(
        sa.select(QuestionnaireRow.version).where(
            QuestionnaireRow.key == questionnaire.key,
            QuestionnaireRow.version == questionnaire.version,
        )
    ).one_or_none()
    if taken is not None:
        raise Invalid(
            N_("Version %(version)d of %(key)s is there with another text. Use the next number."),
            version=questionnaire.version,
            key=questionnaire.key,
        )


def defaults() -> dict[str, Questionnaire]:
    """Return the questionnaire that the service brings for each audience."""
    texts = [path.read_text("utf-8") for path in sorted(DEFAULTS.glob("*.json"))]
    found = map(questionnaires.from_json, texts)
    return {questionnaire.audience: questionnaire for questionnaire in found}


def add_defaults(session: Session) -> None:
    """Keep the questionnaires that the service brings, where they are not kept yet."""
    for questionnaire in defaults().values():
        add(session, questionnaire)


def listing(session: Session) -> Sequence[QuestionnaireRow]:
    """Return all questionnaires by audience, key and version."""
    return session.scalars(
        sa.select(QuestionnaireRow).order_by(
            QuestionnaireRow.audience, QuestionnaireRow.key, QuestionnaireRow.version
        )
    ).all()


def uses(session: Session) -> dict[str, list[RoundRow]]:
    """Return the rounds that ask each questionnaire, by digest, the one that closes last first."""
    found: dict[str, list[RoundRow]] = {}
    rows = session.execute(
        sa.select(RoundAudienceRow.questionnaire_digest, RoundRow)
        .join(RoundRow, RoundRow.id == RoundAudienceRow.round_id)
        .order_by(RoundRow.closes_at.desc())
    )
    for digest, round_ in rows:
        found.setdefault(digest, []).append(round_)
    return found


def next_version(session: Session, key: str) -> int:
    """Return the version that the next text of *key* gets: 1, 2, 3 …."""
    newest = sa.select(sa.func.max(QuestionnaireRow.version)).where(QuestionnaireRow.key == key)
    return (session.execute(newest).scalar_one() or 0) + 1


def remove(session: Session, digest: str, by: str) -> None:
    """Forget a questionnaire that no round asks; raises `Missing` or `Refused`."""
    row = session.get(QuestionnaireRow, digest)
    if row is None:
        raise Missing(N_("There is no such questionnaire."))
    if digest in {one.digest for one in defaults().values()}:
        raise Refused(N_("This questionnaire comes with the service and stays as a template."))
    if digest in uses(session):
        raise Refused(N_("A round asks this questionnaire, so it stays."))
    session.delete(row)
    audit.record(session, by, "questionnaire.delete", f"{row.key} {row.version}", digest=digest)


def of_digest(session: Session, digest: str) -> Questionnaire:
    """Return the questionnaire named by *digest*; raises `Missing`."""
    row = session.get(QuestionnaireRow, digest)
    if row is None:
        raise Missing(N_("There is no such questionnaire."))
    return read(row.document)


@lru_cache(maxsize=64)
def read(document: str) -> Questionnaire:
    """Return the questionnaire of a stored *document*; the same text is read once."""
    return questionnaires.from_json(document)
