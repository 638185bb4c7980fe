"""What is published of a round tells no suppressed count and no single ballot.

`by_sums` turns everything published of a village into linear facts and solves for the least and
the most that each count can be. What must be left open, and is asserted here:

- below the least number of ballots: everything, from nobody to everybody;
- otherwise, for every item and grade: at least three numbers are possible, or it may be that
  nobody gave it (near an end of the scale it may be plain that nobody gave the grades far away:
  that is what such a score says);
- never that all put an item into the same cell, which would tell what each single ballot says.

How many did not grade an item is no secret: from how many ballots a score comes stands beside it.

For questionnaires with one item to a dimension, where most follows from least, all possible
ballots are tried instead, so that intervals, dispersions and probabilities are attacked as well.
"""

from __future__ import annotations

import ast
import json
import random
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from survey.core.policy import Policy
from survey.core.release import release, release_round, to_dict
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import CELLS, GRADES, Tally, count
from survey.storage import results, rounds
from survey.storage.db import begin_write, db
from survey.storage.tables import SnapshotRow
from tests.core.ballots import FOUR, ballots_of, scores_of
from tests.hostile.by_sums import Attack, Range
from tests.hostile.house import House, build
from tests.printing import reading

HOUSE = Path(__file__).parents[2] / "survey"
POLICY = Policy()
THREE = {
    "investigation": (0, 1, 2),
    "measures": (3, 4, 5),
    "effects": (6, 7, 8),
    "responsibility": (9, 10, 11),
}
SINGLE = {"investigation": (0,), "measures": (1,), "effects": (2,), "responsibility": (3,)}
COLUMNS = {"three": THREE, "uneven": FOUR, "single": SINGLE}
AT_LEAST_OPEN = 2
"""Between the least and the most that a count can be."""

Ballots = Sequence[Sequence[int]]


# The only door


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        place = HOUSE / folder
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield str(path.relative_to(HOUSE)), ast.parse(path.read_text("utf-8"))


def named(tree: ast.Module) -> set[str]:
    """Every module, name and attribute that *tree* names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.Attribute):
            found.add(f".{node.attr}")
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


EYES = ("web", "cli", "reports", "printing", "papers", "demo")
INSIDE = (
    "survey.core.scoring",
    "survey.core.dispersion",
    "survey.core.tallies.from_dict",
    "survey.core.tallies.count",
    "survey.core.tallies",
    "survey.storage.results.counted",
    "TallyRow",
    "BallotPartRow",
    "FreeAnswerRow",
    "ExtraTallyRow",
    "survey.core.extras.from_dict",
    "survey.core.extras.count",
    ".counted",
)
ALLOWED = {
    # the names of the six cells
    "web/review/figures.py": {"survey.core.tallies"},
    "reports/figures.py": {"survey.core.tallies"},
}


def test_who_shows_figures_has_no_way_around_the_release() -> None:
    seen = 0
    for name, tree in modules(*EYES):
        around = (named(tree) & set(INSIDE)) - ALLOWED.get(name, set())
        assert not around, f"{name} names {around}"
        seen += 1
    assert seen > 50


def test_exact_scores_are_asked_for_in_one_place() -> None:
    for name, tree in modules("."):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if any(_called(call) == "counted" for call in calls):
            assert name == "storage/results.py", f"{name} asks for exact scores"
        if any(_called(call) == "score_round" for call in calls):
            assert name in {"storage/results.py", "core/recompute.py"}, f"{name} scores"


def test_ballots_of_a_live_round_are_told_in_words_only() -> None:
    """`rounds.turnout` has exact numbers; they go straight into `turnout.before_seal`."""
    users = 0
    for name, tree in modules("web", "cli", "papers", "storage/watch.py"):
        if not any(
            isinstance(node, ast.Attribute) and node.attr == "turnout" and _is(node.value, "rounds")
            for node in ast.walk(tree)
        ):
            continue
        users += 1
        told = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _called(node) in {"before_seal", "tens", "enough"}
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "ballots":
                assert node in told, f"{name}:{node.lineno} uses the exact number"
    assert users >= 3


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


# By sums


def published(
    tally: Tally, audience: str, *, exact: bool = False, seed: int = 1, eligible: int = 400
) -> dict[str, Any]:
    """What is published of the village with *tally*, in a round of six."""
    draw = random.Random(seed)
    others = [
        [draw.choices((0, 1, 2, 3, -1), (55, 30, 9, 3, 3), k=tally.items) for _ in range(30)]
        for _ in range(5)
    ]
    villages = [
        VillageTally("v", eligible, tally),
        *(
            VillageTally(f"w{place}", 400, count(ballots, tally.columns, POLICY.values))
            for place, ballots in enumerate(others)
        ),
    ]
    scores = score_round(villages, POLICY.values, audience=audience)
    both = (scores, []) if audience == "mass" else ([], scores)
    document = to_dict(release_round(*both, POLICY, exact=exact), POLICY, exact=exact)
    source: dict[str, Any] = json.loads(json.dumps(document))["villages"][0][audience]
    return source | {"audience": audience}


def attack(tally: Tally, audience: str, *precisions: bool) -> Attack:
    """The attacker after reading everything; fails where they were told something untrue."""
    graders = tally.counts[:, :GRADES].sum(axis=1).tolist()
    attacker = Attack(tally.columns, POLICY, graders)
    for exact in precisions:
        attacker.read(published(tally, audience, exact=exact), exact=exact)
    assert attacker.knows(tally.counts_all, tally.counts)
    return attacker


def told_too_much(ranges: Mapping[str, Range], received: int) -> list[str]:
    return [
        f"{least} to {most} gave {cell}"
        for cell, (least, most) in ranges.items()
        if least == received
        or (cell in CELLS[:GRADES] and least > 0 and most - least < AT_LEAST_OPEN)
    ]


def alike(number: int, items: int, grade: int = 0) -> Ballots:
    return [[grade] * items] * number


def one_dissents(number: int, items: int, grade: int = 0, other: int = 3) -> Ballots:
    return [*alike(number - 1, items, grade), [other] * items]


def drawn(number: int, items: int, seed: int) -> Ballots:
    draw = random.Random(seed)
    weights = [draw.choice((0, 1, 3, 10, 30, 100)) + (cell == 0) for cell in range(6)]
    return [draw.choices((0, 1, 2, 3, -1, -2), weights, k=items) for _ in range(number)]


def fives_that_tell(number: int, items: int) -> Ballots:
    """Counts of 3, 8 or 13: in fives they all went up, so that their total tells them."""
    grades = [place for place in (1, 2, 3) for _ in range(3)]
    return [[grade] * items for grade in [*grades, *[0] * (number - len(grades))]]


NUMBERS = (10, 19, 20, 22, 49, 50)
ADVERSARIAL = [
    *((name, number, make) for number in NUMBERS for name, make in (
        ("all alike", alike),
        ("one dissents", one_dissents),
        ("one a grade lower", lambda number, items: one_dissents(number, items, 0, 1)),
        ("all fairly good", lambda number, items: alike(number, items, 1)),
        ("one above all", lambda number, items: one_dissents(number, items, 3, 0)),
        ("fives that tell", fives_that_tell),
    )),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "make"),
    [case[1:] for case in ADVERSARIAL],
    ids=[f"{c[0]} {c[1]}" for c in ADVERSARIAL],
)
@pytest.mark.parametrize("columns", COLUMNS.values(), ids=COLUMNS)
def test_no_count_follows_from_what_is_published(
    columns: dict[str, tuple[int, ...]], number: int, make: Any
) -> None:
    items = sum(map(len, columns.values()))
    tally = count(make(number, items), columns, POLICY.values)
    attacker = attack(tally, "mass", False, True)
    for item in {0, items - 1}:
        assert not told_too_much(attacker.ranges(item), number)


@pytest.mark.parametrize("seed", range(36))
def test_no_count_of_drawn_ballots_follows_either(seed: int) -> None:
    draw = random.Random(seed)
    columns = list(COLUMNS.values())[seed % 3]
    audience = draw.choice(("mass", "self"))
    number = draw.choice((10, 11, 14, 19, 20, 21, 22, 23, 27, 30, 49, 50, 80))
    number = draw.choice((5, 6, 9)) if audience == "self" and seed % 2 else number
    items = sum(map(len, columns.values()))
    tally = count(drawn(number, items, seed), columns, POLICY.values)
    attacker = attack(tally, audience, *((False, True) if seed % 4 == 0 else (False,)))
    for item in draw.sample(range(items), 2):
        assert not told_too_much(attacker.ranges(item), number)


@pytest.mark.parametrize(("audience", "number"), [("mass", 4), ("mass", 9), ("self", 4)])
def test_below_the_least_number_every_count_can_be_anything(audience: str, number: int) -> None:
    tally = count(one_dissents(number, 12), THREE, POLICY.values)
    attacker = attack(tally, audience, False, True)
    for item in (0, 11):
        assert set(attacker.ranges(item).values()) == {(0, number)}


@pytest.mark.parametrize("audience", ["mass", "self"])
@settings(max_examples=60, deadline=None)
@given(one=ballots_of(10, least=4, most=4), other=ballots_of(10, least=4, most=4))
def test_below_the_least_number_all_ballots_publish_the_same(
    audience: str, one: Ballots, other: Ballots
) -> None:
    """But for how many are invalid, which is always told."""
    first, second = (scores_of(cast, audience=audience, eligible=60) for cast in (one, other))
    same = {"invalid": second.invalid, "valid": second.valid, "poor_at": {}}
    shown = [replace(release(scores, POLICY), **same) for scores in (first, second)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("number", [10, 19, 30])
def test_one_who_knows_their_own_ballot_learns_no_other(number: int) -> None:
    """The only one who dissents may still not conclude that all others agree."""
    tally = count(one_dissents(number, 12, 0, 1), THREE, POLICY.values)
    attacker = attack(tally, "mass", False)
    attacker.learn(attacker.sum([0], [1]), 1, number)
    good = attacker.range(attacker.sum([0], [0]))
    assert good[0] < number - 1, "all others are known to have said good"


def test_the_attack_succeeds_on_a_careless_service() -> None:
    """The control: means in all their digits, and the same attacker knows the counts."""
    ballots = [[0] * 12] * 9 + [[1] * 12]
    tally = count(ballots, THREE, POLICY.values)
    careful = attack(tally, "mass", False)
    assert not told_too_much(careful.ranges(0), 10)
    careless = careful.hear(0, 98.0)
    assert careless.ranges(0)["good"] == (9, 9)
    assert told_too_much(careless.ranges(0), 10)


def test_the_attack_succeeds_on_counts_in_fives_beside_their_total() -> None:
    """The control: counts in fives that all went up, shown as the specification's bare rule."""
    tally = count(fives_that_tell(22, 12), THREE, POLICY.values)
    shown = published(tally, "mass")
    assert shown["items"][0]["counts"] is None
    shown["items"][0]["counts"] = [15, 5, 5, 5, 0, 0]
    attacker = Attack(THREE, POLICY, [22] * 12).read(shown)
    assert attacker.ranges(0)["poor"] == (3, 3)


# By trying everything


def worlds(number: int) -> Iterator[tuple[int, ...]]:
    """Every way in which *number* ballots can grade one item."""
    for good in range(number + 1):
        for fairly in range(number + 1 - good):
            for average in range(number + 1 - good - fairly):
                yield good, fairly, average, number - good - fairly - average


@pytest.mark.parametrize("exact", [False, True], ids=["usual", "exact"])
@pytest.mark.parametrize(
    ("audience", "number"), [("self", 5), ("self", 9), ("mass", 10), ("mass", 13), ("mass", 20)]
)
def test_of_a_dimension_of_one_item_every_figure_together_tells_no_count(
    audience: str, number: int, exact: bool
) -> None:
    """Score, limits, probabilities, flips, dispersion: all worlds that publish the same."""
    alike = defaultdict(list)
    for world in worlds(number):
        ballots = [[grade] for grade, times in enumerate(world) for _ in range(times)]
        scores = scores_of(ballots, {"effects": (0,)}, audience=audience, eligible=100)
        told = release(scores, POLICY, exact=exact)
        figures = told.dimensions["effects"]
        assert figures is not None
        chances = [figures.probability_at_least(least) for least in (60, 80, 90)]
        flips = [figures.flips(least) for least in (60, 80, 90)]
        alike[repr((figures, told.items, told.withheld, chances, flips))].append(world)
    assert len(alike) > 1
    for together in alike.values():
        ranges = [(min(cell), max(cell)) for cell in zip(*together, strict=True)]
        assert not told_too_much(dict(zip(CELLS, ranges, strict=False)), number), together


# Difference attacks


@pytest.fixture
def house(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    made = build(tmp_path / "instance", str(sqlite_template), monkeypatch)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def test_a_consensus_changes_nothing_that_is_said_of_the_ballots(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two releases of one round, before and after: no figure of the ballots is told twice."""
    with house.app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        after = to_dict(results.released(db.session, round_), POLICY)
        monkeypatch.setattr(results, "latest", lambda *_: {})
        before = to_dict(results.released(db.session, round_), POLICY)
    assert after["villages"][0]["organisational"] == 85
    assert before["villages"][0]["organisational"] is None
    for one, other in zip(before["villages"], after["villages"], strict=True):
        for part in ("mass", "self", "gaps"):
            assert one[part] == other[part]


def test_no_total_over_villages_is_published() -> None:
    villages = {"a": scores_of([[0] * 10] * 30, code="a"), "b": scores_of([[0] * 10] * 9, code="b")}
    document = to_dict(release_round(list(villages.values()), [], POLICY), POLICY)
    assert set(document) == {"format", "exact", "policy", "villages", "cap"}
    assert set(document["cap"]) == {
        "limit", "ranked", "binds", "last_in", "first_out", "probability"
    }  # fmt: skip


# Before the seal


def seen_by(house: House, who: str | None) -> dict[str, str]:
    """What *who* reads on every page and paper of the open round, by address."""
    browser = house.browse(who)
    read = {}
    for rule, address in house.addresses("GET"):
        if "static" in rule.endpoint or "/spring" in address or rule.endpoint in OWN_PAGES:
            continue
        with browser.client.get(f"{address}?lang=en") as answer:
            read[address] = legible(answer.get_data(), answer.mimetype)
    return read


OWN_PAGES = {"collect.ticket", "collect.poster"}
"""A villager's own, each with a number of its own."""


def legible(content: bytes, mimetype: str) -> str:
    if mimetype == "application/pdf":
        return " ".join(map(reading.text_of, reading.open_pages(content)))
    if mimetype.startswith("application/vnd.openxmlformats"):
        return parts_of(content)
    text = content.decode()
    return re.sub(r'name="(csrf_token|token|proof|window)"[^>]*value="[^"]*"', "", text)


def parts_of(content: bytes) -> str:
    """Every part of a workbook or document but when it was made."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace")
            for name in sorted(archive.namelist())
            if name != "docProps/core.xml"
        )


COMMANDS = (
    ("round", "status", "summer"),
    ("slips", "show", "summer"),
    ("scores", "summer"),
    ("scores", "summer", "--json"),
    ("links", "summer"),
    ("watch", "reminders", "summer"),
    ("audit", "verify"),
    ("person", "list"),
)


def said_by_commands(house: House) -> dict[tuple[str, ...], str]:
    runner = house.app.test_cli_runner()
    return {words: runner.invoke(args=list(words)).output for words in COMMANDS}


def test_nothing_that_staff_can_see_changes_before_the_next_full_ten(house: House) -> None:
    """From 13 ballots to 19, and from 5 of the branch to 8: every page and command is the same."""
    slips, own = house.print(20), house.print(8, "self")  # printed first: that may be seen
    house.answer(slips[:13])
    house.answer(own[:5], "self")
    people = (None, "anna", "lead", "stranger", "mira")
    before = {who: seen_by(house, who) for who in people}, said_by_commands(house)
    house.answer(slips[13:19])
    house.answer(own[5:], "self")
    after = {who: seen_by(house, who) for who in people}, said_by_commands(house)
    assert before[1] == after[1]
    for who in people:
        for address, text in before[0][who].items():
            assert after[0][who][address] == text, f"{who} sees it at {address}"
    assert "10 or more" in before[0]["anna"]["/admin/rounds/summer"]
    assert "10 or more" in before[1]["round", "status", "summer"]
    house.answer(slips[19:])
    assert "20 or more" in seen_by(house, "anna")["/admin/rounds/summer"]


WATCHED = (
    "/admin/rounds/summer/wall?expected=100",
    "/admin/rounds/summer/wall?township=East&every=15",
    "/admin/rounds/summer/wall.xlsx?expected=100",
    "/admin/rounds/summer/reminders?expected=100&language=zh",
    "/admin/rounds/summer/reminders.pdf?expected=100",
)


def watched(house: House) -> dict[str, str]:
    """What the wall, the reminders and a report that is made anew tell an administrator."""
    with house.app.app_context():
        db.session.execute(sa.delete(SnapshotRow))
        db.session.commit()
    anna = house.browse("anna")
    anna.get("/admin/rounds/summer/weekly").press("Make today's report")
    read = {}
    for address in (*WATCHED, "/admin/rounds/summer/weekly.docx?expected=100"):
        answer = anna.client.get(address)
        assert answer.status_code == 200, address
        read[address] = legible(answer.get_data(), answer.mimetype)
    with house.app.app_context():
        kept = db.session.execute(sa.select(SnapshotRow.__table__)).all()
    return read | {"kept": repr(kept)}


def test_nothing_that_is_watched_or_kept_changes_before_the_next_full_ten(house: House) -> None:
    """The wall, reminders and reports, where every village is late, at 13 ballots and at 19."""
    with house.app.app_context():  # the time is over, so that all are late and the clock stands
        begin_write(db.session)
        round_ = rounds.by_slug(db.session, "summer")
        round_.opens_at -= timedelta(days=4000)
        db.session.commit()
    slips, own = house.print(20), house.print(8, "self")
    house.answer(slips[:13])
    house.answer(own[:5], "self")
    before = watched(house)
    house.answer(slips[13:19])
    house.answer(own[5:], "self")
    after = watched(house)
    for address, text in before.items():
        assert after[address] == text, address
    house.answer(slips[19:])
    last = watched(house)
    assert [address for address, text in before.items() if last[address] == text] == []
