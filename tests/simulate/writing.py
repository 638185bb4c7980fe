"""The words and tables of docs/method-evidence.md."""

import textwrap
from collections.abc import Iterable, Sequence

CHAPTERS_FOLDER = "method-evidence"
WIDTH = 120


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table as lines; the first column is words, all others are figures."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return ["", *(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)), ""]


def paragraph(text: str) -> list[str]:
    """Return *text* as lines, its own line breaks put anew."""
    return [*_wrapped(text), ""]


def bullets(texts: Iterable[str]) -> list[str]:
    """Return each of *texts* as a point of a list."""
    points = (_wrapped(text, initial_indent="- ", subsequent_indent="  ") for text in texts)
    return [*(line for lines in points for line in lines), ""]


def _wrapped(text: str, **indents: str) -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False, **indents
    )


def share(value: float) -> str:
    """Return a share of 0–1 in three digits, as method.md writes it: “.946”."""
    return f"{value:.3f}".removeprefix("0") if value < 1 else "1"


def with_error(value: float, error: float) -> str:
    """Return a share with the standard error of its last digits: “.946 ± .004”."""
    return f"{share(value)} ± {share(error)}"


def picture(name: str, described: str) -> list[str]:
    """Return the line that shows the plot *name*."""
    return ["", f"![{described}]({CHAPTERS_FOLDER}/{name}.svg)", ""]


def about(number: float) -> str:
    """Return *number* rounded to two digits."""
    return f"{float(f'{number:.1e}'):,.0f}"
