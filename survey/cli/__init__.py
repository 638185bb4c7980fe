"""flask --app survey …: every act of the office, for scripts and for whoever likes a terminal."""

from __future__ import annotations

from flask import Flask

from survey.cli import (
    doctor,
    installation,
    instrument,
    papers,
    people,
    questionnaires,
    register,
    results,
    round_papers,
    rounds,
    set_up,
    slips,
    watch,
)

GROUPS = (
    register.register,
    questionnaires.questionnaire,
    rounds.round_,
    slips.slips,
    watch.watch,
    people.person,
    installation.audit_log,
)
COMMANDS = (
    papers.posters,
    papers.guide,
    papers.tickets,
    papers.bag_forms,
    papers.test_print,
    papers.links,
    papers.replace_poster,
    results.scores,
    results.method,
    round_papers.ledger,
    round_papers.report,
    round_papers.export,
    round_papers.decision_sheets,
    round_papers.notices,
    instrument.instrument,
    doctor.doctor,
    installation.prepare,
    installation.demo,
    set_up.setup_code,
)

announce = set_up.announce


def add_to(app: Flask) -> None:
    """Give *app* its commands."""
    for command in (*GROUPS, *COMMANDS):
        app.cli.add_command(command)
