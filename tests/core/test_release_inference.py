"""Working out counts for many sources at once gives what trying every combination gives."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.release.inference import Shown, Told, rooms

VALUES = (100.0, 80.0, 60.0, 40.0)
NEAR = 1e-9


def tried(source):
    """The room of each item of *source*, by trying all counts: slow and plain."""
    tables = {place: combinations(source, place) for place in source.counts}
    spans = {place: (40.0, 100.0) for one in source.told for place in one.weights}
    for _ in range(3):
        for place, table in tables.items():
            low, high = spans.get(place, (40.0, 100.0))
            tables[place] = [
                counts for counts in table if low - NEAR <= mean(counts) <= high + NEAR
            ]
            if tables[place]:
                means = [mean(counts) for counts in tables[place]]
                spans[place] = (min(means), max(means))
        for one in source.told:
            low = sum(weight * spans[place][0] for place, weight in one.weights.items())
            high = sum(weight * spans[place][1] for place, weight in one.weights.items())
            spans |= {
                place: (
                    max(spans[place][0], spans[place][1] - (high - one.between[0]) / weight),
                    min(spans[place][1], spans[place][0] + (one.between[1] - low) / weight),
                )
                for place, weight in one.weights.items()
            }
    return {place: room(table) for place, table in tables.items()}


def combinations(source, place):
    low, high = source.graded[place]
    each = [range(max(count - 2, 0), count + 3) for count in source.counts[place]]
    return [counts for counts in product(*each) if max(low, 1) <= sum(counts) <= high]


def mean(counts):
    return sum(count * value for count, value in zip(counts, VALUES, strict=True)) / sum(counts)


def room(table):
    grades = list(zip(*table, strict=True))
    return min((5 if min(g) == 0 else max(g) - min(g) for g in grades), default=0)


@st.composite
def sources(draw):
    """Three items in two dimensions, one of them not shown or of nearly one grade, perhaps."""
    exact = draw(st.lists(st.tuples(*[st.integers(0, 23)] * 4).filter(any), min_size=3, max_size=3))
    shown = draw(st.sets(st.integers(0, 2)))
    loose = draw(st.sampled_from((0.0, 0.2, 1.0)))
    told = []
    for items in ((0, 1), (2,), (0, 1, 2)):
        at = sum(mean(exact[place]) for place in items) / len(items) + draw(st.floats(-0.5, 0.5))
        told.append(Told(dict.fromkeys(items, 1 / len(items)), (at - loose, at + loose)))
    return Shown(
        counts={place: [(count + 2) // 5 * 5 for count in exact[place]] for place in shown},
        graded={
            place: (sum(exact[place]) - draw(st.integers(0, 2)), sum(exact[place]) + 1)
            for place in shown
        },
        told=told[: draw(st.integers(0, 3))],
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(sources(), min_size=1, max_size=4))
def test_many_at_once_are_as_each_by_trying_all_counts(many):
    assert rooms(many, VALUES) == [tried(source) for source in many]


def test_whole_points_are_as_good_as_decimals():
    told = Told({0: 0.5, 1: 0.5}, (90.5, 90.7))
    one = Shown({0: [20, 10, 0, 0], 1: [15, 15, 5, 0]}, {0: (30, 30), 1: (33, 35)}, [told])
    assert rooms([one], (100, 80, 60, 40)) == rooms([one], VALUES) == [tried(one)]


def test_more_sources_than_are_worked_out_at_once_keep_their_order():
    many = [Shown({0: [5 * place, 5, 0, 0]}, {0: (1, 999)}, []) for place in range(150)]
    assert rooms(many, VALUES) == [tried(source) for source in many]
    assert rooms([], VALUES) == []
