"""A Word document of A4 pages: headings, lines, tables, with fonts that Chinese offices have.

Every style names its fonts itself, for Chinese too: a theme would choose others on each machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.styles.style import BaseStyle
    from docx.text.paragraph import Paragraph

LATIN, CHINESE = "Calibri", "Microsoft YaHei"
SOFT = "5C646C"
_THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_NO_SIGN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold (XML 1.0, 2.2)."""
_SIZES = {"Normal": 10.5, "Title": 22, "Heading 1": 14, "List Bullet": 10.5}


_MANY = 8
"""Columns from which on a table is set smaller."""


class Page:
    """A document that is filled from top to bottom; *mark* stands at the top of every page."""

    def __init__(self, title: str, author: str, *, mark: str = "") -> None:
        from docx import Document  # a process that serves respondents has no use for it
        from docx.shared import Cm

        self.document = Document()
        self.document.core_properties.title = _plain(title)
        self.document.core_properties.author = _plain(author)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.9)
        self._name_fonts()
        self._number_pages()
        if mark:
            self._mark_pages(mark)

    def _name_fonts(self) -> None:
        from docx.shared import Pt, RGBColor

        for fonts in self.document.styles.element.iter(_tag("rFonts")):
            _name(fonts)
        for style, size in _SIZES.items():
            found: BaseStyle = self.document.styles[style]
            found.font.size = Pt(size)
            found.font.color.rgb = RGBColor(0x1C, 0x20, 0x24)
            _name(found.element.get_or_add_rPr().get_or_add_rFonts())
        for line in self.document.styles["Title"].element.iter(_tag("pBdr")):
            line.getparent().remove(line)

    def _number_pages(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        foot = self.document.sections[0].footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _field(foot, "PAGE")
        foot.add_run(" / ")
        _field(foot, "NUMPAGES")

    def _mark_pages(self, mark: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        head = self.document.sections[0].header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.add_run(_plain(mark)).bold = True

    def title(self, text: str) -> None:
        """Print the title of the document."""
        self.document.add_paragraph(_plain(text), style="Title")

    def heading(self, text: str) -> None:
        """Print the heading of a part."""
        self.document.add_paragraph(_plain(text), style="Heading 1")

    def line(self, text: str, *, quiet: bool = False) -> None:
        """Print a paragraph; a *quiet* one is smaller and grey."""
        from docx.shared import Pt, RGBColor

        run = self.document.add_paragraph().add_run(_plain(text))
        if quiet:
            run.font.size = Pt(9.5)
            run.font.color.rgb = RGBColor.from_string(SOFT)

    def item(self, text: str) -> None:
        """Print a line of a list."""
        self.document.add_paragraph(_plain(text), style="List Bullet")

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Print pairs of a label and a value, one below the other, without lines."""
        from docx.shared import Cm

        wide = [Cm(4.6), Cm(12.4)]
        table = self.document.add_table(rows=0, cols=2)
        table.autofit = False
        for column, width in zip(table.columns, wide, strict=True):
            column.width = width
        for pair in pairs:
            added = table.add_row()
            _keep_whole(added)
            _fill(added.cells, pair, wide, 2, size=10)
        self.document.add_paragraph()

    def signatures(self, labels: Sequence[str]) -> None:
        """Print a line to sign on for each of *labels*, two to a row, kept on one page."""
        from docx.shared import Cm, Pt

        table = self.document.add_table(rows=0, cols=2)
        for start in range(0, len(labels), 2):
            row = table.add_row()
            _keep_whole(row)
            row.height = Cm(2)
            for cell, label in zip(row.cells, labels[start : start + 2], strict=False):
                lines = (cell.paragraphs[0], cell.add_paragraph())
                lines[0].paragraph_format.space_before = Pt(16)
                lines[0].add_run("_" * 30)
                lines[1].add_run(_plain(label)).font.size = Pt(9)
                for line in lines:
                    line.paragraph_format.keep_with_next = True

    def picture(self, png: bytes, words: str) -> None:
        """Print *png* over the whole width; *words* say what it shows to who cannot see it."""
        from docx.shared import Cm

        shape = self.document.add_paragraph().add_run().add_picture(BytesIO(png), width=Cm(17))
        shape._inline.docPr.set("descr", _plain(words))

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        *,
        words: int = 1,
    ) -> None:
        """Print *rows* under *head*, again on every page; the first *words* columns are words.

        *widths* say how wide the columns are beside one another.
        """
        from docx.shared import Cm

        table = self.document.add_table(rows=1, cols=len(head), style="Table Grid")
        table.autofit = False
        wide = [Cm(17 * width / sum(widths)) for width in widths]
        for column, width in zip(table.columns, wide, strict=True):
            column.width = width
        size = 9 if len(head) < _MANY else 8
        _fill(table.rows[0].cells, head, wide, words, strong=True, size=size)
        _repeat(table.rows[0])
        for row in rows:
            added = table.add_row()
            _keep_whole(added)
            _fill(added.cells, row, wide, words, size=size)
        self.document.add_paragraph()

    def save(self, file: IO[bytes]) -> None:
        """Write the document to *file*."""
        self.document.save(file)


def _plain(text: str) -> str:
    return _NO_SIGN.sub("", text)


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))


def _name(fonts: Any) -> None:
    """Name the fonts of a style, and take away what a theme would put in their place."""
    for attribute in _THEMED:
        fonts.attrib.pop(_tag(attribute), None)
    for attribute in ("ascii", "hAnsi", "cs"):
        fonts.set(_tag(attribute), LATIN)
    fonts.set(_tag("eastAsia"), CHINESE)


def _field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field that the program which shows the document fills in."""
    from docx.oxml import OxmlElement

    field = OxmlElement("w:fldSimple")
    field.set(_tag("instr"), instruction)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _repeat(row: Any) -> None:
    _mark(row, "tblHeader")
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    _mark(row, "cantSplit")


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _fill(
    cells: Sequence[Any],
    texts: Sequence[str],
    wide: Sequence[Any],
    words: int,
    *,
    strong: bool = False,
    size: float = 9,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for position, (cell, text, width) in enumerate(zip(cells, texts, wide, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        run = paragraph.add_run(_plain(text))
        run.font.size = Pt(size)
        run.bold = strong
        if position >= words:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
