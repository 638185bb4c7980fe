"""The demonstration: a fictional city with one round sealed and partly rated, one that is open.

Made through the same doors as anything real. Every step looks first whether it was done, so that
loading again, or after being cut short, finishes what is missing and keeps what is there.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.config import Settings
from survey.demo import earlier, files, people, present, register, writing
from survey.demo.notes import Notes
from survey.storage import questionnaires
from survey.storage.db import begin_write


def load(session: Session, settings: Settings, port: int) -> str:
    """Load what is missing and return what to open and who to sign in as, in plain lines."""
    base = f"http://127.0.0.1:{port}"
    notes = Notes.read(settings.instance_path)
    begin_write(session)
    questionnaires.add_defaults(session)
    register.load(session)
    people.load(session, notes)
    files.load(session, settings)
    writing.load(session)
    notes.write(settings.instance_path)
    session.commit()
    earlier.load(session, settings, base)
    present.load(session, settings, base, notes)
    notes.write(settings.instance_path)
    session.commit()
    return notes.tell(settings.instance_path, base, present.poster_address(session))
