"""A paper of core/leaf as a PDF of A4 pages, set like the sheets that persons sign."""

from __future__ import annotations

from itertools import zip_longest

from survey.core.leaf import Facts, Grid, Heading, Leaf, Part, Picture, Points, Say, Sign
from survey.core.wording import Translate
from survey.printing.form import INNER, PAGE_OF, Form
from survey.printing.paper import Paper
from survey.printing.typeface import cut

_QUIET = 9.0
_FOLLOWING, _SIGNING = 30.0, 60.0
"""Millimetres kept for a heading and what follows it."""


def sheet(leaf: Leaf, language: str, translate: Translate) -> bytes:
    """Return *leaf* as PDF. Pictures are for Word alone: a sheet that is signed has none."""
    face = cut([*leaf.texts(), translate(PAGE_OF)])
    paper = Paper(leaf.title, language, leaf.mark, typeface=face)
    form = Form(leaf.title, leaf.office, language, translate, leaf.mark, paper=paper)
    form.heading(leaf.subtitle)
    for part, after in zip_longest(leaf.parts, leaf.parts[1:]):
        _print(form, part, _SIGNING if isinstance(after, Sign) else _FOLLOWING)
    return form.finish()


def _print(form: Form, part: Part, room: float) -> None:
    match part:
        case Heading(text):
            form.section(text, room)
        case Say(text, quiet):
            form.sentence(text, _QUIET) if quiet else form.sentence(text)
        case Points(texts):
            form.points(texts)
        case Facts(pairs):
            form.facts(pairs)
        case Grid(head, rows, widths, words):
            wide = [INNER * width / sum(widths) for width in widths]
            form.grid(wide, head, rows, words)
        case Sign(labels):
            form.signatures(labels)
        case Picture():
            raise TypeError("a printed sheet has no pictures")
