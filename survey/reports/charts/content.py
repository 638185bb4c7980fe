"""What names a picture: all that it shows, and the code that draws it."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from survey.reports.charts.values import Distribution, Dots


def digest(chart: Dots | Distribution) -> str:
    """Return what names the picture of *chart*, the same in every process, without drawing it.

    Figures, words (so the language), theme and width are in *chart*. Another version of this
    package or of matplotlib draws another picture.
    """
    return blake2b(f"{_drawn_by()} {chart!r}".encode(), digest_size=16).hexdigest()


@cache
def _drawn_by() -> str:
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return f"{version('matplotlib')} {blake2b(code, digest_size=16).hexdigest()}"
