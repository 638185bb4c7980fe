"""flask --app survey doctor: what weakens the promises in this installation, in plain words."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext

from survey.cli.speech import about, say, settings, spoken
from survey.config import Settings
from survey.core.doctor import (
    SEVERITIES,
    Facts,
    Finding,
    Place,
    PostgresFacts,
    SettingFacts,
    SqliteFacts,
    examine,
)
from survey.core.wording import N_
from survey.storage import health
from survey.storage.db import db, is_sqlite
from survey.storage.tables import InstallationRow

WORDS = {"broken": N_("broken"), "weak": N_("weak"), "fine": N_("fine")}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@spoken
def doctor(as_json: bool) -> None:
    """Say what weakens the promises here; fails where one is broken.

    It changes nothing, and cannot see the web server in front, back-ups or snapshots.
    """
    findings = examine(gather(settings()))
    _print_json(findings) if as_json else _print(findings)
    if any(finding.severity == "broken" for finding in findings):
        click.get_current_context().exit(1)


def gather(wanted: Settings) -> Facts:
    """Return the facts of this installation."""
    database = _database_file()
    folders = {wanted.instance_path, wanted.keys} | ({database.parent} if database else set())
    return Facts(
        settings=_setting_facts(wanted),
        places=tuple(_place(folder) for folder in sorted(folders) if folder.is_dir()),
        keys_beside_database=database is not None
        and wanted.keys.resolve().is_relative_to(database.parent),
        database=_database_facts(),
        boxes=health.box_facts(db.session, wanted.keys),
    )


def _setting_facts(wanted: Settings) -> SettingFacts:
    return SettingFacts(
        production=wanted.production,
        debug=current_app.debug,
        two_person=wanted.two_person,
        base_address=_base_address(wanted),
        secret_length=len(wanted.secret_key) if wanted.secret_key else None,
        key_cost=wanted.key_cost,
        server_arguments=os.environ.get("GUNICORN_CMD_ARGS", ""),
    )


def _base_address(wanted: Settings) -> str:
    """Return the public address; a database without tables says nothing of it yet."""
    if sa.inspect(db.session.connection()).has_table(InstallationRow.__tablename__):
        return about().base_address
    return wanted.base_address


def _database_file() -> Path | None:
    if not is_sqlite(db.session):
        return None
    main = db.session.execute(sa.text("PRAGMA database_list")).first()
    return Path(main.file).resolve() if main and main.file else None


def _database_facts() -> SqliteFacts | PostgresFacts:
    ask = health.sqlite if is_sqlite(db.session) else health.postgres
    return ask(db.session)


def _place(folder: Path) -> Place:
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    return Place(
        str(folder),
        _mode(folder),
        tuple((path.name, _mode(path)) for path in files),
    )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        about, sentence = finding.about.render(gettext), finding.sentence.render(gettext)
        click.echo(f"[{gettext(WORDS[finding.severity])}] {about}: {sentence}")
        if finding.remedy:
            click.echo(f"    {finding.remedy.render(gettext)}")
    say("Not seen from here: the web server in front, back-ups, snapshots. See docs/operate.md")


def _print_json(findings: list[Finding]) -> None:
    document = {
        "count": {word: sum(each.severity == word for each in findings) for word in SEVERITIES},
        "findings": [
            {
                "severity": finding.severity,
                "about": finding.about.render(gettext),
                "sentence": finding.sentence.render(gettext),
                "remedy": finding.remedy.render(gettext) if finding.remedy else None,
            }
            for finding in findings
        ],
    }
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
