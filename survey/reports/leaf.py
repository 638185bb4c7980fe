"""A paper of core/leaf as a Word document."""

from __future__ import annotations

from io import BytesIO

from survey.core.leaf import Facts, Grid, Heading, Leaf, Part, Picture, Points, Say, Sign
from survey.reports.word import Page


def document(leaf: Leaf) -> bytes:
    """Return *leaf* as .docx."""
    page = Page(f"{leaf.title} · {leaf.subtitle}", leaf.office, mark=leaf.mark)
    page.line(leaf.office, quiet=True)
    page.title(leaf.title)
    page.line(leaf.subtitle)
    for part in leaf.parts:
        _print(page, part)
    file = BytesIO()
    page.save(file)
    return file.getvalue()


def _print(page: Page, part: Part) -> None:
    match part:
        case Heading(text):
            page.heading(text)
        case Say(text, quiet):
            page.line(text, quiet=quiet)
        case Points(texts):
            for text in texts:
                page.item(text)
        case Facts(pairs):
            page.facts(pairs)
        case Grid(head, rows, widths, words):
            page.table(head, rows, widths, words=words)
        case Sign(labels):
            page.signatures(labels)
        case Picture(png, words):
            page.picture(png, words)
