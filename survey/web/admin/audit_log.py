"""The audit log as a page: what the staff did, newest first, and whether the chain is whole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import db
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.installation import settings
from survey.web.limits import number

ACTS = {
    "change password": N_("own password changed"),
    "second step on": N_("own second step turned on"),
    "second step off": N_("own second step turned off"),
    "recovery codes renewed": N_("own recovery codes renewed"),
    "person.add": N_("person added"),
    "person.invite": N_("person invited"),
    "person.accept": N_("invitation accepted"),
    "person.change": N_("person changed"),
    "group.make": N_("acceptance group made"),
    "group.rename": N_("acceptance group renamed"),
    "group.delete": N_("acceptance group deleted"),
    "substitute.name": N_("acting lead named"),
    "substitute.end": N_("acting lead ended"),
    "recusal.enter": N_("person stands back from a village"),
    "recusal.withdraw": N_("person stands back no longer"),
    "set up": N_("installation set up"),
    "person.password": N_("new password given"),
    "person.reset": N_("new password given at the server"),
    "person.second_factor": N_("second step taken away"),
    "person.sign_out": N_("person signed out everywhere"),
    "person.disable": N_("person disabled"),
    "person.enable": N_("person enabled"),
    "register.import": N_("register imported"),
    "register.undo": N_("import into the register undone"),
    "register.columns": N_("columns of a register's file named"),
    "register.forget": N_("columns of a register's file forgotten"),
    "register.edit": N_("village of the register changed"),
    "register.merge": N_("hamlets merged"),
    "register.split": N_("merged hamlets split"),
    "register.retire": N_("village retired"),
    "register.bring_back": N_("retired village brought back"),
    "questionnaire.draft": N_("questionnaire begun"),
    "questionnaire.save": N_("draft of a questionnaire changed"),
    "questionnaire.finish": N_("questionnaire finished"),
    "questionnaire.discard": N_("draft of a questionnaire thrown away"),
    "questionnaire.import": N_("questionnaire kept from a file"),
    "questionnaire.delete": N_("questionnaire taken away"),
    "round.create": N_("round made"),
    "round.ask": N_("questionnaires of a round chosen"),
    "round.open": N_("round opened"),
    "round.close": N_("round closed"),
    "round.seal": N_("round sealed"),
    "round.extend": N_("more time given to answer"),
    "round.postpone": N_("more time given to one village"),
    "round.cancel": N_("round cancelled"),
    "round.rehearse": N_("rehearsal made"),
    "round.reassess": N_("villages to be assessed again"),
    "round.keep": N_("round kept longer"),
    "round.remove": N_("round deleted"),
    "round.destroy": N_("ballot box of a cancelled round destroyed unread"),
    "poster.replace": N_("poster replaced"),
    "recording.keep": N_("recording for people who cannot read kept"),
    "recording.remove": N_("recording for people who cannot read taken away"),
    "sheet.void": N_("sheet of slips voided"),
    "sheet.reprint": N_("sheet of slips printed again"),
    "round.scrub": N_("ballot box destroyed after the seal"),
    "tickets.print": N_("slips printed"),
    "slips.count": N_("slips counted"),
    "scores.exact": N_("exact figures shown"),
    "evaluation.hand_in": N_("own evaluation handed in"),
    "evaluation.step_back": N_("member stood back"),
    "evaluation.come_back": N_("member came back"),
    "consensus.enter": N_("consensus entered"),
    "calibration.enter": N_("calibration villages entered"),
    "meeting.open": N_("calibration meeting opened"),
    "meeting.close": N_("calibration meeting closed"),
    "file.add": N_("entry added to a village file"),
    "file.change": N_("entry of a village file changed"),
    "file.remove": N_("entry of a village file removed"),
    "file.report": N_("measure reported done"),
    "file.close_out": N_("measure closed out"),
    "file.take_back": N_("measure made open again"),
    "file.proof.add": N_("proof added to a measure"),
    "file.proof.remove": N_("proof of a measure removed"),
    "file.import": N_("village files imported"),
    "text.released": N_("text of a villager released"),
    "text.withheld": N_("text of a villager withheld"),
    "text.redact": N_("text of a villager cut and released"),
    "rating.sign": N_("rating signed"),
    "rating.lock": N_("rating locked"),
    "rating.reopen": N_("rating reopened"),
    "appeal.record": N_("appeal recorded"),
    "appeal.answer": N_("appeal answered"),
}
"""What each act is called; one that is not here is shown by its name in the log."""
STEPS = {
    "propose": N_("%(act)s: proposed"),
    "withdraw": N_("%(act)s: proposal taken back"),
}
"""What is added to the name of an act of two persons before it is done."""
_DAYS = ("since", "until")


@blueprint.get("/audit")
@administrators
def audit_log() -> ResponseReturnValue:
    """Administrators: every entry, fifty a page, by person, act, subject and days."""
    asked = {name: _asked(name) for name in ("actor", "act", "subject")}
    days = {name: request.args.get(name, None, type=date.fromisoformat) for name in _DAYS}
    printed = _asked("head")
    head = audit.head(db.session)
    page = audit.listing(
        db.session,
        **asked,
        period=_period(days["since"], days["until"]),
        page=request.args.get("page", 1, type=number),
    )
    query = asked | {name: day.isoformat() for name, day in days.items() if day}
    return render_template(
        "admin/audit.html",
        page=page,
        asked=asked | days,
        printed=printed,
        name_of=name_of,
        actors=audit.actors(db.session),
        acts=audit.acts(db.session),
        fault=audit.verify(db.session, printed or None),
        head=" ".join(head[start : start + 8] for start in range(0, len(head), 8)),
        timezone=settings().timezone,
        address=lambda number: url_for("admin.audit_log", **query, page=number),
    )


def _period(since: date | None, until: date | None) -> audit.Period:
    """Return the days, both included, as moments in the office's time zone."""
    zone = settings().zone
    midnight = time(tzinfo=zone)
    return audit.Period(
        datetime.combine(since, midnight) if since else None,
        datetime.combine(until + timedelta(days=1), midnight)
        if until and until < date.max
        else None,
    )


def name_of(act: str) -> str:
    """Return what *act* is called in the language of the page."""
    done, _dot, step = act.rpartition(".")
    if step in STEPS:
        return gettext(STEPS[step], act=name_of(done))
    return gettext(ACTS[act]) if act in ACTS else act


def _asked(name: str) -> str:
    typed = request.args.get(name, "").strip()
    return typed if typed.isprintable() else ""
