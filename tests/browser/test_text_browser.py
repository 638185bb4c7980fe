"""The villager's page in a browser that knows neither style nor script: w3m."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from lxml.html import fromstring

from survey.storage.questionnaires import defaults
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

MASS = defaults()["mass"]


def read(address: str, *options: str) -> str:
    """Return what w3m shows of *address*."""
    if shutil.which("w3m") is None:
        pytest.skip("w3m is not installed: apt-get install w3m")
    shown = subprocess.run(
        ["w3m", "-no-cookie", *options, address],
        capture_output=True,
        check=True,
        timeout=60,
        encoding="utf-8",
        env={"LANG": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"},
    )
    return shown.stdout


def dumped(address: str) -> str:
    return read(address, "-dump", "-cols", "200")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_read_line_by_line_and_nothing_is_chosen_before(
    demo: Demonstration, language: str
) -> None:
    lines = [
        line.strip() for line in dumped(f"{demo.address}{demo.slip()}?lang={language}").splitlines()
    ]
    for item in MASS.items:
        place = lines.index(item.text.in_language(language))
        wording = MASS.wording_of(item)
        labels = [wording.good, wording.fairly_good, wording.average, wording.poor, wording.unknown]
        assert lines[place + 1 : place + 6] == [f"( ){one.in_language(language)}" for one in labels]


def test_what_only_scripts_can_do_is_not_offered(demo: Demonstration) -> None:
    said = dumped(f"{demo.address}{demo.slip()}?lang=en")
    assert "Send" in said
    for words in ("Read it to me", "Wipe them", "not answered yet", "cunping:"):
        assert words not in said


def test_an_answer_is_sent_and_counted(demo: Demonstration, tmp_path: Path) -> None:
    before, path = demo.ballots(), demo.slip()
    with urlopen(f"{demo.address}{path}") as source:
        page = fromstring(source.read().decode())
    hidden = {one.name: one.value for one in page.xpath("//input[@type='hidden']")}
    filled = tmp_path / "filled"
    filled.write_text(urlencode(hidden | {item.key: "good" for item in MASS.items}))
    said = read(f"{demo.address}/t/?lang=en", "-dump", "-post", str(filled))
    assert "Your answer is counted" in said
    assert demo.ballots() == before + 1
