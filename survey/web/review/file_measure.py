"""A measure's close-out (销号) and its proof: reported done, closed out by another, files."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from survey.core import personal_data
from survey.core.errors import Invalid, Missing, Refused
from survey.core.proof import KINDS, name_of
from survey.core.wording import N_, Sentence, say
from survey.reports import proof_file
from survey.storage import closing_out, proof_files, proofs, village_files
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, VillageRow
from survey.web.access import reviewers
from survey.web.headers import policy
from survey.web.installation import settings
from survey.web.review.blueprint import blueprint
from survey.web.review.file import record_page
from survey.web.review.file_place import FilePlace, find_file
from survey.web.review.proof_form import ProofForm

Act = Callable[[Session, VillageRow, int, AccountRow], None]

_ACTS: dict[str, Act] = {
    "report": closing_out.report_done,
    "close_out": closing_out.close_out,
    "take_back": closing_out.take_back,
}
_MEASURE = "/villages/<code>/measures/<int:number>"
_DOWNLOADED = f"{policy()}; sandbox"


@blueprint.post(f"{_MEASURE}/state")
@reviewers
def move_measure(code: str, number: int) -> ResponseReturnValue:
    """Administrators: report done, close out, take back. The group's lead: close out."""
    begin_write(db.session)
    place = find_file(code)
    act = request.form.get("act", "")
    if act not in _ACTS:
        raise Missing(N_("A measure is reported done, closed out or taken back."))
    place.require(place.may_close_out if act == "close_out" else place.whole)
    _ACTS[act](db.session, place.village, number, place.reader)
    db.session.commit()
    flash(_("Saved."), "well")
    return _back(place, number)


@blueprint.post(f"{_MEASURE}/proofs")
@reviewers
def add_proof(code: str, number: int) -> ResponseReturnValue:
    """Administrators: add a file; pictures lose what the phone wrote beside them."""
    place = find_file(code)
    place.require(place.whole)
    village_files.find(db.session, "measure", place.village, number)
    form = ProofForm()
    if not form.validate_on_submit():
        return record_page(place, number, form)
    try:
        renamed = _keep(place, number, form.file.data)
    except (Invalid, Refused) as fault:
        db.session.rollback()
        return record_page(find_file(code), number, form, fault.sentence)
    if renamed:
        flash(_("The file is kept. Its own name looked personal, so it got a plain one."), "care")
    else:
        flash(_("The file is kept."), "well")
    return _back(find_file(code), number)


def _keep(place: FilePlace, number: int, upload: FileStorage) -> bool:
    """Keep the file that was uploaded; say whether it got another name than its own."""
    code, most = place.village.code, settings().proof_limit
    content = upload.stream.read(most + 1)
    if len(content) > most:
        raise Invalid(_too_large(most))
    kind, kept = proof_file.clean(content)
    named = name_of(upload.filename, kind)
    personal = bool(personal_data.find(named))
    aside = proof_files.lay_aside(settings().proofs, kept)
    try:
        begin_write(db.session)
        place = find_file(code)
        proofs.keep(
            db.session,
            place.village,
            number,
            name_of(None, kind) if personal else named,
            kind,
            aside,
            place.reader,
            settings().proof_total,
        )
        db.session.commit()
    finally:
        aside.unlink(missing_ok=True)
    return personal


def _too_large(most: int) -> Sentence:
    return say(
        N_("This file is larger than %(most)d MB. Please save it smaller."), most=most // 1024**2
    )


@blueprint.get("/villages/<code>/proofs/<int:number>")
@reviewers
def proof(code: str, number: int) -> ResponseReturnValue:
    """Whoever may read the file: a proof, to be saved and not to be opened in the page."""
    place = find_file(code)
    row = proofs.find(db.session, place.village, number)
    content = proof_files.read(settings().proofs, row.digest)
    answer = send_file(
        BytesIO(content), mimetype=KINDS[row.kind], as_attachment=True, download_name=row.name
    )
    answer.headers["Content-Security-Policy"] = _DOWNLOADED
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/villages/<code>/proofs/<int:number>/remove")
@reviewers
def remove_proof(code: str, number: int) -> ResponseReturnValue:
    """Administrators: take a proof away; its file goes where nothing else refers to it."""
    begin_write(db.session)
    place = find_file(code)
    place.require(place.whole)
    measure = proofs.find(db.session, place.village, number).measure
    digest = proofs.remove(db.session, place.village, number, place.reader)
    db.session.commit()
    proofs.forget(db.session, settings().proofs, [digest])
    flash(_("The file is removed."), "well")
    return _back(find_file(code), measure)


def _back(place: FilePlace, number: int) -> ResponseReturnValue:
    where = {"code": place.village.code, "kind": "measure", "number": number}
    return redirect(url_for("review.file_record", **where), 303)
