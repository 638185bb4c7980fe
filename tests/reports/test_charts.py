"""Charts are SVG with every word in them, drawn once for each content."""

import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from survey.reports import charts
from survey.reports.charts import Bar, Distribution, Dot, Dots, Row, dots_picture
from survey.reports.charts.bars import COLOURS, _ink_on
from survey.reports.charts.canvas import PIXELS

NAMES = ("Good", "Fairly good", "Average", "Poor", "Don't know", "Left blank")
SOURCES = ("Mass", "Self", "Organisational")

DISTRIBUTION = Distribution(
    bars=(
        Bar("How open are the accounts?", (50, 25, 10, 5, 5, 5)),
        Bar("村里的账目，公开得怎么样？", None, "不到20张票，不显示。"),
        Bar("Whether $x^2$ & <b> survive?", None, "≥ 90%", majority=0),
    ),
    names=NAMES,
)
DOTS = Dots(
    rows=(
        Row("Effects", (Dot(86, "86", 83, 89), Dot(95, "≥ 95", 80, 99), Dot(85, "85"))),
        Row("Measures", (None, None, None)),
    ),
    names=SOURCES,
    lowest=40,
    highest=100,
    marks=((80, "Fairly good"), (90, "Good")),
)


def words(svg):
    return " ".join(ElementTree.fromstring(svg).itertext())


def colours(svg):
    return re.findall(r"fill: (#[0-9a-f]{6})", svg.decode())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_every_chart_is_an_svg_of_the_wanted_width(theme, width):
    for draw, chart in ((charts.distribution, DISTRIBUTION), (charts.dots, DOTS)):
        root = ElementTree.fromstring(draw(replace(chart, theme=theme, width=width)))
        assert root.get("width") == f"{PIXELS[width]}pt"


def test_a_distribution_names_its_grades_items_and_counts():
    said = words(charts.distribution(DISTRIBUTION))
    for expected in (*NAMES, "How open are the accounts?", "50", "25", "不到20张票，不显示。"):
        assert expected in said


def test_a_count_too_wide_for_its_segment_is_left_to_the_table():
    bar = Bar("How open are the accounts?", (995, 5, 0, 0, 0, 0))
    said = words(charts.distribution(replace(DISTRIBUTION, bars=(bar,)))).split()
    assert "995" in said
    assert "5" not in said


def test_signs_of_formulae_and_markup_stay_what_they_are():
    assert "Whether $x^2$ & <b> survive?" in words(charts.distribution(DISTRIBUTION))


def test_grades_keep_their_order_and_colours():
    bar = replace(DISTRIBUTION, bars=DISTRIBUTION.bars[:1])
    drawn = [one for one in colours(charts.distribution(bar)) if one in COLOURS["light"]]
    legend, segments = drawn[:5], drawn[5:]
    assert legend == segments == ["#1b6e53", "#6fae8f", "#e0b354", "#b5452c", "#8a8f98"]


def test_a_majority_is_drawn_as_no_more_than_is_known():
    only = replace(DISTRIBUTION, bars=DISTRIBUTION.bars[2:])
    svg = charts.distribution(only)
    assert "≥ 90%" in words(svg)
    assert b"stroke-dasharray" in svg


def test_a_long_label_is_cut_into_lines_not_off():
    label = "村里最要紧的问题找得怎么样" * 6
    svg = charts.distribution(replace(DISTRIBUTION, bars=(Bar(label, None),), width="narrow"))
    assert label in words(svg).replace(" ", "").replace("\n", "")
    assert len(re.findall(r"<text[^>]*>[^<]*要紧", svg.decode())) > 1


def test_dots_show_figures_sources_and_bands():
    said = words(charts.dots(DOTS))
    for expected in (*SOURCES, "Effects", "≥ 95", "Fairly good", "40", "100"):
        assert expected in said


def test_a_row_without_figures_has_no_mark():
    one = charts.dots(replace(DOTS, rows=DOTS.rows[:1]))
    both = charts.dots(DOTS)
    assert both.count(b"<use ") == one.count(b"<use ")


def test_the_same_content_is_drawn_once_and_comes_out_the_same():
    charts.dots.cache_clear()
    first = charts.dots(DOTS)
    assert charts.dots(replace(DOTS)) is first
    charts.dots.cache_clear()
    assert charts.dots(DOTS) == first


def test_the_room_is_cheap_until_something_is_drawn():
    code = "import sys; import survey.reports.charts; print('matplotlib' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_light_ink_stands_on_dark_segments_only():
    assert _ink_on("#1b6e53") == "#ffffff"
    assert _ink_on("#e0b354") != "#ffffff"


def test_a_picture_for_documents_has_a_mark_for_signs_that_the_font_lacks():
    rows = (Row("٣村", (Dot(85.0, "85.0", 82.0, 88.0),)),)
    picture = dots_picture(Dots(rows, ("综合",), 40, 100))
    assert picture.startswith(b"\x89PNG")
    assert picture == dots_picture(Dots((replace(rows[0], label="〓村"),), ("综合",), 40, 100))
