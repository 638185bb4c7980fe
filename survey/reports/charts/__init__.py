"""Charts as SVG, drawn once for each content and kept.

Everything is placed in pixels on one empty matplotlib axes, so that labels of any length fit. Only
released figures come here (core/release); the words are translated by the caller. Letters stay
text, set by the reader's own fonts; Noto Sans SC only measures them.
"""

from survey.reports.charts.bars import distribution, distribution_picture
from survey.reports.charts.content import digest
from survey.reports.charts.points import dots, dots_picture
from survey.reports.charts.values import Bar, Distribution, Dot, Dots, Row, Theme, Width

__all__ = [
    "Bar",
    "Distribution",
    "Dot",
    "Dots",
    "Row",
    "Theme",
    "Width",
    "digest",
    "distribution",
    "distribution_picture",
    "dots",
    "dots_picture",
]
