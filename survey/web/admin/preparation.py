"""What is left before a round can open: each step ticked by the facts, the next one emphasised."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.core.policy import Policy
from survey.core.round import is_local
from survey.storage import acts, questionnaires, rounds
from survey.storage.db import db, now
from survey.storage.preparation import SIGNATURES, Prepared, prepared
from survey.storage.tables import RoundAudienceRow, RoundRow
from survey.web.i18n import language, listed, moment
from survey.web.installation import about, settings


@dataclass(frozen=True)
class Step:
    """One thing that must be there before a round can open; *why* says how far it is, and why."""

    label: str
    address: str
    done: bool
    why: str
    next: bool = False


def steps(round_: RoundRow | None) -> list[Step]:
    """Return the steps to the opening of the draft *round_*, or to a first round."""
    there = prepared(db.session, round_)
    listed_ = [_register(there), _groups(there), _people(there)]
    listed_ += [_make()] if round_ is None else _of_round(round_)
    undone = next((step for step in listed_ if not step.done), None)
    return [replace(step, next=step is undone) for step in listed_]


def _register(there: Prepared) -> Step:
    return Step(
        _("Import the register of villages"),
        url_for("admin.register"),
        there.villages > 0,
        ngettext("%(num)s village is there.", "%(num)s villages are there.", there.villages)
        if there.villages
        else _("The round asks the villages of your register, an Excel, WPS or CSV file."),
    )


def _groups(there: Prepared) -> Step:
    if there.villages and not there.without_group:
        why = _("Every village has its acceptance group.")
    else:
        why = ngettext(
            "%(num)s village has no acceptance group: the register says which.",
            "%(num)s villages have no acceptance group: the register says which.",
            there.without_group,
        )
    done = there.villages > 0 and there.without_group == 0
    return Step(_("Give each village its acceptance group"), url_for("admin.register"), done, why)


def _people(there: Prepared) -> Step:
    alone = settings().two_person and there.administrators < SIGNATURES
    if alone:
        why = _("Opening and sealing need two administrators: invite a second one.")
    elif there.small_groups:
        why = _(
            "A lead and another member sign each rating. Still lacking: %(groups)s.",
            groups=listed(there.small_groups),
        )
    else:
        why = _("Two persons can sign wherever two must.")
    done = not alone and not there.small_groups and there.villages > 0
    return Step(_("Invite administrators, leads and members"), url_for("admin.people"), done, why)


def _make() -> Step:
    why = _("Title, dates, who is asked and how: one page, kept as a draft.")
    return Step(_("Make a round"), url_for("admin.new_round"), False, why)


def _of_round(round_: RoundRow) -> list[Step]:
    shown = url_for("admin.show_round", slug=round_.slug)
    return [
        Step(
            _("Choose the questionnaires"),
            url_for("admin.round_questionnaires", slug=round_.slug),
            bool(round_.audiences),
            listed(_title(row) for row in round_.audiences),
        ),
        _dates(round_),
        Step(_("Look at the constants of the method"), shown, True, _constants(round_)),
        _printing(round_),
        _key(round_),
    ]


def _title(asked: RoundAudienceRow) -> str:
    return questionnaires.read(asked.questionnaire.document).title.in_language(language())


def _dates(round_: RoundRow) -> Step:
    in_time = round_.closes_at > now(db.session)
    until = moment(round_.closes_at, round_.timezone)
    why = (
        _("Answers are taken until %(moment)s.", moment=until)
        if in_time
        else _("Answers would have ended on %(moment)s: make the round anew.", moment=until)
    )
    address = url_for("admin.show_round", slug=round_.slug, _anchor="dates")
    return Step(_("Set the dates"), address, in_time, why)


def _constants(round_: RoundRow) -> str:
    if rounds.policy_of(round_).model_dump() == Policy().model_dump():
        return _("As the method recommends.")
    return _("Changed from what the method recommends; frozen at the opening.")


def _printing(round_: RoundRow) -> Step:
    base = about().base_address
    reachable = round_.demo or not is_local(base)
    why = (
        _("Posters and slips lead to %(address)s; print them once the round is open.", address=base)
        if reachable
        else _("Phones cannot reach this service: SURVEY_BASE_ADDRESS must be an https:// address.")
    )
    address = url_for("admin.printing", slug=round_.slug)
    return Step(_("Try the printer"), address, reachable, why)


def _key(round_: RoundRow) -> Step:
    begun = acts.find(db.session, round_, "round.open") is not None
    why = (
        _("One person has begun. The second one finishes, and the round is open.")
        if begun
        else _("Two persons make the key of the ballot box, and open the round with it.")
    )
    address = url_for("admin.opening", slug=round_.slug)
    return Step(_("Make the key and open the round"), address, False, why)
