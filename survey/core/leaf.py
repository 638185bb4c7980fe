"""A paper as its parts from top to bottom, whatever it is made into: Word or PDF.

All texts are in the reader's language; widths of columns are beside one another, not absolute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """The heading of a part."""

    text: str


@dataclass(frozen=True)
class Say:
    """A paragraph; a *quiet* one is smaller."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Points:
    """Lines of a list."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and a value."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """*rows* under *head*, again on every page; the first *words* columns are words."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    words: int = 1


@dataclass(frozen=True)
class Sign:
    """Lines to sign on by hand, with what stands under each."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A PNG over the whole width, and what it shows in words for who cannot see it."""

    png: bytes
    words: str


Part = Heading | Say | Points | Facts | Grid | Sign | Picture


@dataclass(frozen=True)
class Leaf:
    """A paper: *mark* stands at the top of every page."""

    title: str
    subtitle: str
    office: str
    mark: str
    parts: tuple[Part, ...]

    def texts(self) -> Iterator[str]:
        """Yield everything that is written on it, for a font to be cut to."""
        yield from (self.title, self.subtitle, self.office, self.mark)
        for part in self.parts:
            yield from _texts(part)


def _texts(part: Part) -> Iterator[str]:
    match part:
        case Heading(text) | Say(text):
            yield text
        case Points(texts) | Sign(texts):
            yield from texts
        case Facts(pairs):
            for pair in pairs:
                yield from pair
        case Grid(head, rows):
            yield from head
            for row in rows:
                yield from row
        case Picture(_, words):
            yield words
