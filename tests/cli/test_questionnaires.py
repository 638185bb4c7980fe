"""Questionnaires on the command line: looked over, kept, written out, as JSON and as XLSForm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from survey.core import questionnaire as questions
from survey.core.drafting import draft as forms
from survey.core.drafting import edits
from survey.reports import questionnaire_file
from survey.storage import audit, questionnaires
from survey.storage.db import db
from survey.storage.questionnaires import defaults

MASS = defaults()["mass"]


@pytest.fixture(autouse=True)
def kept(app: Flask) -> None:
    with app.app_context():
        questionnaires.add_defaults(db.session)
        db.session.commit()


def run(app: Flask, *words: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["questionnaire", *words])
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_what_is_written_out_can_be_kept_elsewhere(app: Flask, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"ours.{kind}"
    assert "ours" in run(app, "export", "village-mass", "--output", str(file))
    with file.open("rb") as stream:
        found = questionnaire_file.read(stream, file.name, forms.of(defaults()["self"]))
    assert forms.finish(found.draft) == MASS
    other = found.draft.model_copy(update={"key": "elsewhere", "version": 3})
    file.write_bytes(questionnaire_file.write(other, kind))
    assert "elsewhere, version 3" in run(app, "import", str(file), "--by", "zhang")
    with app.app_context():
        assert ("elsewhere", 3) in {
            (row.key, row.version) for row in questionnaires.listing(db.session)
        }
        assert audit.listing(db.session).rows[0].actor == "zhang"


def test_the_newest_version_is_written_unless_one_is_named(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        newer = questions.from_dict(json.loads(MASS.to_json()) | {"version": 2})
        questionnaires.add(db.session, newer)
        db.session.commit()
    file = tmp_path / "a.json"
    for more, version in (((), 2), (("--version", "1"), 1)):
        run(app, "export", "village-mass", "--output", str(file), *more)
        assert json.loads(file.read_text("utf-8"))["version"] == version
    for words in (("nowhere", "--output", str(file)), ("village-mass", "--output", "a.pdf")):
        run(app, "export", *words, status=1)


def test_a_file_is_looked_over(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(questionnaire_file.write(forms.of(defaults()["self"]), "xlsx"))
    said = run(app, "check", str(file))
    assert "? measures.meetings: Are these two questions" in said
    assert "This questionnaire can be asked." in said
    unfinished, _ = edits.add(forms.of(MASS), "effects", "number")
    file.write_bytes(questionnaire_file.write(unfinished, "xlsx"))
    said = run(app, "check", str(file), status=1)
    assert "! effects.q1: The smallest number that is possible is missing." in said


def test_a_file_that_cannot_be_asked_is_not_kept(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "form.json"
    file.write_text('{"surprise": 1}', "utf-8")
    assert "surprise" in run(app, "import", str(file), status=1)
    unfinished, _ = edits.add(forms.of(MASS), "effects", "number")
    file.write_bytes(questionnaire_file.write(unfinished, "json"))
    run(app, "import", str(file), status=1)
    with app.app_context():
        assert len(questionnaires.listing(db.session)) == 2
