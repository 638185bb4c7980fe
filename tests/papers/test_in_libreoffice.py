"""Papers opened by LibreOffice and looked at as pages: none empty, nothing lost or cut.

All are converted at once, in both languages, from the round of tests/scene.py.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.papers import Reader, city_report, decision_sheet, findings, write_ledger
from survey.storage import evaluations
from survey.storage.db import prepare
from tests import scene
from tests.printing.reading import chinese, english, open_pages, text_of

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed here")

WANTED = {
    "en-report": ("Report on the round", "All villages", "What the figures cannot tell"),
    "zh-report": ("测评情况报告", "各村", "这些数字说明不了什么"),
    "en-sheet": ("Decision sheet", "Signatures on paper", "n = 112"),
    "zh-sheet": ("评定表", "纸质签名", "n = 112"),
    "en-ledger": ("Weight of the mass evaluation", "Distributions", "Overrides"),
    "zh-ledger": ("群众测评权重", "分布", "与建议不同"),
}
MOST_PAGES = {"report": 6, "sheet": 4, "ledger": 14}
DRAFT = {"en": "DRAFT", "zh": "草稿"}
EDGE = 6
"""Pixels at each edge of a page, at 72 to an inch, on which nothing is printed."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Session]:
    path = tmp_path_factory.mktemp("office") / "survey.sqlite"
    shutil.copy(sqlite_template, path)
    engine = sa.create_engine(f"sqlite:///{path}")
    prepare(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture(scope="module")
def converted(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a PDF of each paper."""
    folder = tmp_path_factory.mktemp("papers")
    for name, content in papers_of(session).items():
        (folder / name).write_bytes(content)
    home = tmp_path_factory.mktemp("home").as_uri()
    subprocess.run(
        [
            str(OFFICE),
            f"-env:UserInstallation={home}",
            "--headless",
            *("--convert-to", "pdf", "--outdir", str(folder)),
            *(str(path) for path in sorted(folder.iterdir())),
        ],
        check=True,
        capture_output=True,
    )
    return folder


def papers_of(session: Session) -> dict[str, bytes]:
    city = scene.city(session)
    for village, number in zip(city.villages, (112, 60, 40), strict=True):
        scene.answer(session, city, village, "mass", number)
        scene.answer(session, city, village, "self", 12)
    for account in (city.lead, city.member, city.third):
        evaluations.hand_in(session, city.round_, city.village, account, scene.evaluation())
    evaluations.agree(session, city.round_, city.village, city.lead, scene.consensus())
    found = findings.of_round(session, city.round_)
    made: dict[str, bytes] = {}
    for language, translate in (("en", english), ("zh", chinese)):
        reader = Reader(language, translate)
        made[f"{language}-report.docx"] = city_report(session, city.round_, found, reader)
        made[f"{language}-sheet.docx"] = decision_sheet(city.round_, found[0], reader, "docx")
        made[f"{language}-ledger.xlsx"] = write_ledger(session, city.round_, found, reader)
    return made


def points_of(page: pypdfium2.PdfPage) -> np.ndarray:
    """How light each point of *page* is, 0–255."""
    return np.asarray(page.render(scale=1).to_pil().convert("L"))


@pytest.mark.parametrize("name", WANTED)
def test_a_paper_opens_with_all_its_words_and_no_empty_page(converted: Path, name: str) -> None:
    pages = open_pages((converted / f"{name}.pdf").read_bytes())
    told = "".join(map(text_of, pages))
    for words in WANTED[name]:
        assert "".join(words.split()) in told, words
    assert len(pages) <= MOST_PAGES[name.split("-")[1]]
    for number, page in enumerate(pages, start=1):
        light = points_of(page)
        assert light.min() < 160, f"page {number} is empty"
        inner = light[EDGE:-EDGE, EDGE:-EDGE]
        assert light[:EDGE].min() == light[-EDGE:].min() == 255, f"page {number} is cut"
        assert light[:, :EDGE].min() == light[:, -EDGE:].min() == 255, f"page {number} is cut"
        assert (inner < 200).sum() > 300, f"page {number} has next to nothing on it"


@pytest.mark.parametrize("language", DRAFT)
def test_a_draft_says_so_on_every_page(converted: Path, language: str) -> None:
    for page in open_pages((converted / f"{language}-sheet.pdf").read_bytes()):
        assert DRAFT[language] in text_of(page)
