"""The map of scores: numbers and reasons in every cell, sorted without ever ranking."""

import pytest

from survey.core import heat
from survey.core.errors import Invalid
from survey.core.evaluation import DIMENSIONS, Consensus
from survey.core.heat import Cell, Line
from survey.core.wording import say
from tests.core.test_release_round import a_round

ENDS = (40.0, 100.0)
POINTS = Consensus(points=dict.fromkeys(DIMENSIONS, 88), statement="")


def line(code, value, group="A", township="East"):
    cells = {column: Cell(value, str(value)) for column in heat.COLUMNS}
    return Line(code=code, name=f"name {code}", township=township, group=group, cells=cells)


def codes(lines):
    return "".join(one.code for one in lines)


def test_every_cell_has_its_number_range_and_n_or_a_reason():
    shown = a_round()["a"]
    cells = heat.cells(shown, POINTS, ENDS)
    assert tuple(cells) == heat.COLUMNS
    mass = cells["effects.mass"]
    score = shown.mass.dimensions["effects"]
    assert (mass.text, mass.low, mass.high, mass.n) == (
        score.text,
        score.low_text,
        score.high_text,
        score.n,
    )
    assert (cells["source.organisational"].text, cells["source.organisational"].n) == ("88", None)
    withheld = heat.cells(a_round(own=4)["a"], None, ENDS)
    assert {str(one.why) for name, one in withheld.items() if one.value is None} == {
        "Fewer than 5 ballots: not shown, so that nobody's answer can be told.",
        "The group has no consensus yet.",
    }
    assert all(one.why for one in withheld.values() if one.value is None)


def test_hidden_scores_and_a_source_that_was_not_asked_say_so():
    why = say("Later.")
    hidden = heat.cells(None, POINTS, ENDS, why)
    assert all(hidden[f"{one}.mass"].why == why for one in DIMENSIONS)
    assert str(heat.cells(a_round()["b"], None, ENDS)["source.self"].why).startswith("This round")


def test_steps_of_colour_rise_with_the_score_and_meet_the_legend():
    assert [heat.step(value, ENDS) for value in (40, 49.9, 50, 89.9, 90, 100)] == [
        1,
        1,
        2,
        5,
        6,
        6,
    ]
    assert heat.legend(ENDS)[0] == (1, 40, 50)
    assert heat.legend(ENDS)[-1] == (6, 90, 100)


def test_the_order_follows_a_column_and_keeps_places_together():
    lines = [line("b", 70.0, "B"), line("a", 90.0, "B"), line("c", 80.0), line("d", None)]
    column = heat.COLUMNS[0]
    assert codes(heat.arrange(lines)) == "abcd"
    assert codes(heat.arrange(lines, column)) == "bcad"
    assert codes(heat.arrange(lines, column, falling=True)) == "acbd", "what is not shown is last"
    assert codes(heat.arrange(lines, column, falling=True, by="group")) == "cdab"
    assert codes(heat.arrange(lines, "name", falling=True)) == "dcba"


@pytest.mark.parametrize(("column", "by"), [("cells", ""), ("effects", ""), ("", "code")])
def test_it_is_sorted_by_nothing_else(column, by):
    with pytest.raises(Invalid):
        heat.arrange([], column, by=by)


def test_each_reason_is_told_once():
    why = say("Few.")
    first = Line(code="a", name="a", township="", group="", cells={"x": Cell(why=why)})
    assert heat.reasons([first, first]) == [why]
