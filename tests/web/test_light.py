"""A process that has only served respondents holds nothing of what only staff need."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask

from tests.storage.round import Office, poster_code
from tests.web.browser import Browser

ROOT = Path(__file__).parents[2]
HEAVY = {
    "scipy": "intervals and tests of the method",
    "matplotlib": "charts",
    "fpdf": "papers",
    "xlsxwriter": "the ledger",
    "python_calamine": "registers in workbooks",
    "docx": "documents",
    "openpyxl": "workbooks",
}
SERVED = """
import json, sys
from survey import create_app
from survey.storage.questionnaires import defaults
from tests.web.browser import Browser

overrides, addresses = json.loads(sys.argv[1])
app = create_app(overrides)
answers = dict.fromkeys([item.key for item in defaults()["mass"].items], "good")
for address in addresses:
    visitor = Browser(app).get(address)
    visitor.press("Send", **answers)
    assert visitor.says("Your answer is counted"), visitor.text
print(json.dumps(sorted(sys.modules)))
"""


def test_a_process_that_served_a_slip_and_a_poster_has_loaded_nothing_heavy(
    app: Flask, place: Office
) -> None:
    village = place.village_ids()[0]
    addresses = [
        f"/t/{place.print(village, 1)[0]}",
        f"/v/{poster_code(place.session, village)}",
    ]
    overrides = {
        "instance_path": app.instance_path,
        "testing": True,
        "base_address": "https://vote.example.org",
        "secret_key": "a secret for tests, long enough to be one",
    }
    done = subprocess.run(
        [sys.executable, "-c", SERVED, json.dumps([overrides, addresses])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert {"numpy", "nacl"} <= loaded
    assert loaded & set(HEAVY) == set()


def test_a_request_starts_no_thread(
    app: Flask, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread and an event loop at its end would cost more than all the rest of a page."""
    started: list[str] = []
    start = threading.Thread.start

    def begin(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", begin)
    visitor.get("/t/")
    assert started == []
