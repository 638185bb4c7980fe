"""The accounting form that lies with a bag of slips: filled in by hand before two witnesses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from survey.core.wording import Translate
from survey.printing.form import Form
from survey.printing.paper import Paper
from survey.printing.ticket_words import alone


@dataclass(frozen=True)
class Bag:
    """The slips of one audience: *printed* in all, *spare* of them; *sheets* by their numbers."""

    title: str
    printed: int
    spare: int
    sheets: tuple[int, ...]


@dataclass(frozen=True)
class BagText:
    """What the form of one village says before anybody writes on it."""

    code: str
    village: str
    township: str
    round_title: str
    office: str
    phone: str
    bags: tuple[Bag, ...]
    two_person: bool = True
    mark: str = ""


def bag_forms(texts: Iterable[BagText], language: str, translate: Translate) -> bytes:
    """Return a form for each of *texts*, which begins on a page of its own."""
    _ = translate
    paper = Paper(_("Accounting of slips"), language)
    for text in texts:
        paper.mark = text.mark
        form = Form(
            _("Accounting of slips"), text.office, language, translate, text.mark, paper=paper
        )
        _fill(form, text, translate)
        form.number_pages()
    return paper.finish()


def _fill(form: Form, text: BagText, translate: Translate) -> None:
    _ = translate
    form.heading(text.round_title)
    form.facts(
        [
            (_("Village"), f"{text.township} · {text.village}"),
            (_("Code"), text.code),
            (_("Whom to call"), text.phone),
        ]
    )
    for bag in text.bags:
        form.section(bag.title)
        form.blanks(_cells(bag, translate))
        form.sentence(_sheets(bag, translate), size=9)
        form.signatures(
            [
                _("First witness, name and signature"),
                _("Second witness, name and signature"),
                _("Date and time"),
                _("Place"),
            ]
        )
    form.section(_("How to count"))
    for rule in _rules(translate):
        form.sentence(rule, size=9)
    if not text.two_person:
        form.sentence(alone(translate), size=9, strong=True)


def _cells(bag: Bag, translate: Translate) -> list[tuple[str, str]]:
    _ = translate
    return [
        (_("Printed"), str(bag.printed) if bag.printed else ""),
        (_("Handed out"), ""),
        (_("Handed back unused"), ""),
        (_("Left in the bag"), ""),
        (_("Void (torn, misprinted)"), ""),
    ]


def _sheets(bag: Bag, translate: Translate) -> str:
    _ = translate
    if not bag.sheets:
        return _("No slips are printed yet: write the number in by hand.")
    numbers = {"numbers": ", ".join(map(str, bag.sheets)), "spare": bag.spare}
    return _("Sheets %(numbers)s; %(spare)d of the slips are spare.") % numbers


def _rules(translate: Translate) -> list[str]:
    _ = translate
    return [
        _(
            "Two witnesses who are not officials of this village count what is in the bag before "
            "the first slip is drawn, and what is left after the last. Handed out is what people "
            "took, spare slips too."
        ),
        _(
            "Slips that are handed back are counted, not scanned and not read. Tear up what is "
            "handed back and what is left, before the witnesses."
        ),
        _(
            "Handed out, left and void together are as many as were printed. If not, write down "
            "how many are missing and call at once."
        ),
        _(
            "The office types what was handed out and handed back on the page where slips are "
            "counted, and keeps this form."
        ),
    ]
