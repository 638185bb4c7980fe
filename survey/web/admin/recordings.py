"""Recordings for people who cannot read: which there are, and one to upload, record and hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from survey.core import recording
from survey.core.errors import Invalid, Missing, Refused
from survey.core.questionnaire import LANGUAGES
from survey.core.recording import EVERYWHERE, LARGEST
from survey.core.wording import N_, Sentence
from survey.storage import recordings, rounds
from survey.storage.db import begin_write, db
from survey.storage.recordings import CHANGEABLE
from survey.storage.tables import RecordingRow, RoundRow
from survey.web import reading
from survey.web.access import administrators, current_account
from survey.web.admin.blueprint import blueprint
from survey.web.fields import StaffForm
from survey.web.headers import policy
from survey.web.reading import Reading

_POLICY = policy(
    style_src="'self'", script_src="'self'", img_src="'self'", media_src="'self' blob:"
)
_PERMISSIONS = "camera=(), geolocation=(), microphone=(self)"
"""The one page of the service on which a microphone may be used."""


class SoundForm(StaffForm):
    """A sound, uploaded or recorded on the page."""

    file = FileField(
        _l("Sound file"),
        [FileRequired(_l("Please record it, or choose a file."))],
        render_kw={"accept": "audio/*"},
    )


@dataclass(frozen=True)
class Line:
    """A text that is read aloud, and its recording."""

    text: Reading
    row: RecordingRow | None
    everywhere: bool


@dataclass(frozen=True)
class Section:
    """What is read to one audience that comes by *access*, in one language."""

    audience: str
    access: str
    language: str
    lines: list[Line]


@blueprint.get("/rounds/<slug>/recordings")
@administrators
def recorded(slug: str) -> ResponseReturnValue:
    """Administrators: every text that is read aloud in a round, with and without a recording."""
    round_ = rounds.by_slug(db.session, slug)
    words = [text.words for text in reading.of_round(round_)]
    kept = recordings.of_words(db.session, words)
    return render_template(
        "admin/recordings.html",
        round=round_,
        changeable=round_.state in CHANGEABLE,
        sections=_sections(round_, kept),
        left_over=recordings.left_over(db.session, round_, words),
    )


def _sections(round_: RoundRow, kept: dict[str, RecordingRow]) -> list[Section]:
    return [
        Section(
            asked.audience,
            access,
            language,
            _lines(reading.of_form(asked, round_, access, language), kept),
        )
        for language in LANGUAGES
        for asked in round_.audiences
        for access in reading.accesses(asked)
    ]


def _lines(texts: Sequence[Reading], kept: dict[str, RecordingRow]) -> list[Line]:
    found = [(text, kept.get(text.words)) for text in texts]
    return [Line(text, row, row is not None and row.kind in EVERYWHERE) for text, row in found]


@blueprint.get("/rounds/<slug>/recordings/<words>")
@administrators
def recording_of(slug: str, words: str) -> ResponseReturnValue:
    """Administrators: one text, its recording, and how to make one."""
    round_ = rounds.by_slug(db.session, slug)
    return _page(round_, _text(round_, words), SoundForm())


def _text(round_: RoundRow, words: str) -> Reading:
    for text in reading.of_round(round_):
        if text.words == words:
            return text
    raise Missing(N_("Nothing like this is read in this round; its words may have changed."))


def _page(
    round_: RoundRow, text: Reading, form: SoundForm, problem: Sentence | None = None
) -> Response:
    kept = recordings.of_words(db.session, [text.words])
    (line,) = _lines([text], kept)
    page = render_template(
        "admin/recording.html",
        round=round_,
        line=line,
        form=form,
        problem=problem,
        changeable=round_.state in CHANGEABLE,
    )
    response = make_response(page, 422 if problem or form.errors else 200)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Permissions-Policy"] = _PERMISSIONS
    return response


@blueprint.post("/rounds/<slug>/recordings/<words>")
@administrators
def keep_recording(slug: str, words: str) -> ResponseReturnValue:
    """Administrators: keep a sound; one person is enough (storage/recordings says why)."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    text, form = _text(round_, words), SoundForm()
    if not form.validate_on_submit():
        return _page(round_, text, form)
    try:
        sound = recording.read(form.file.data.stream.read(LARGEST + 1))
        recordings.keep(
            db.session, round_, words, text.item, text.language, sound, current_account()
        )
    except (Invalid, Refused) as fault:
        return _page(round_, text, form, fault.sentence)
    db.session.commit()
    flash(_("The recording is kept. Please listen to it once."), "well")
    return redirect(url_for("admin.recording_of", slug=slug, words=words))


@blueprint.post("/rounds/<slug>/recordings/<words>/remove")
@administrators
def remove_recording(slug: str, words: str) -> ResponseReturnValue:
    """Administrators: take a recording away, also one whose words are no longer read."""
    begin_write(db.session)
    round_ = rounds.by_slug(db.session, slug)
    known = [text.words for text in reading.of_round(round_)]
    known += [row.words for row in recordings.left_over(db.session, round_, known)]
    if words not in known:
        raise Missing(N_("This recording is no longer there."))
    recordings.remove(db.session, round_, words, current_account())
    db.session.commit()
    flash(_("The recording is taken away."), "well")
    return redirect(url_for("admin.recorded", slug=slug))
