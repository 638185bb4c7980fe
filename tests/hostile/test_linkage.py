"""After the seal: who holds everything cannot join a slip to an answer.

The attacker has the files of the database with their logs, a dump, a backup from before the
ballots came in, one from while the round was open, all slips in the order in which they were
answered, and knows which rows each slip became. Each attack joins at least 95 % of the slips of a
naive box (tests/hostile/naive.py) to their answers, and does no better than luck on ours.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.ballot import from_text
from survey.core.questionnaire import DIMENSIONS
from survey.storage import intake, rounds, scrub, seal
from survey.storage.db import begin_write, prepare
from tests import beside
from tests.conftest import TEMPLATE, command, text
from tests.hostile.attacker import attacks, chance, loot
from tests.hostile.attacker.attacks import COMMENT, Attack
from tests.hostile.attacker.chance import LUCK
from tests.hostile.attacker.loot import Loot, Shelf, Slip
from tests.hostile.naive import Naive
from tests.storage.round import office

SIZES = (12, 60, 300)
KINDS = (*DIMENSIONS, COMMENT)
WISH = beside.WISH["key"]
"""A question for a few words, which only our box asks: its answers lie beside the comments."""
OUR_KINDS = (*KINDS, WISH)
UNIQUE = 125
"""So many different answers three items have: four grades, or no opinion."""
LINKED = 0.95


@dataclass(frozen=True)
class Plan:
    """An attack, and what of which naive box falls to it."""

    attack: Attack
    falls: tuple[str, ...] = KINDS
    keyed: bool = False


SQLITE = {
    "rowid": Plan(attacks.by_rowid),
    "cell offset": Plan(attacks.by_cell_offset, (COMMENT,), keyed=True),
    "page order": Plan(attacks.by_page),
    "dump order": Plan(attacks.by_dump),
    "read by key, then rowid": Plan(attacks.by_reading(attacks.by_rowid), DIMENSIONS, keyed=True),
    "read by key, then cell offset": Plan(
        attacks.by_reading(attacks.by_cell_offset), DIMENSIONS, keyed=True
    ),
}
# Rows of unequal length fill gaps of earlier pages of a heap: only answers lie there as they came.
POSTGRES = {
    "ctid": Plan(attacks.by_ctid, DIMENSIONS),
    "dump order": Plan(attacks.by_dump, DIMENSIONS),
    "xmin, in order": Plan(attacks.by_age),
    "xmin, equal": Plan(attacks.by_transaction),
    "read by key, then ctid": Plan(attacks.by_reading(attacks.by_ctid), DIMENSIONS, keyed=True),
}
BOTH = {
    "time": Plan(attacks.by_time),
    "log": Plan(attacks.by_log),
    "backup before the ballots": Plan(attacks.by_early_backup),
    "backup while open": Plan(attacks.by_late_backup),
    "ciphertext length": Plan(attacks.by_length, (COMMENT,)),
    "bytes beside a slip's": Plan(attacks.by_carving),
}
ENGINES = {"sqlite": SQLITE | BOTH, "postgres": POSTGRES | BOTH}
PLACES = ("rowid", "page order", "ctid", "dump order")
"""The attacks that put rows in an order, by which parts of one ballot could be joined as well."""

Answers = Mapping[str, str]
Guesses = Mapping[tuple[str, str], attacks.Guesses]
"""By attack and kind."""


@dataclass(frozen=True)
class Finding:
    """The truth about the slips of one box, and what each attack guessed."""

    truth: list[Answers]
    guesses: Guesses

    def scores(self, attack: str, kind: str) -> list[chance.Score]:
        """Return how the guesses of *attack* compare with the truth: by slip, by neighbour."""
        truth, guesses = [slip[kind] for slip in self.truth], self.guesses[attack, kind]
        side = chance.neighbours(guesses, truth)
        return [chance.matches(guesses, truth), *([side] if side else [])]


def villagers(number: int) -> list[Answers]:
    """Return what each of *number* villagers answers: all different, in no order of any kind.

    300 villagers share the 125 answers that three items have; comments differ in text and length.
    """
    draw = random.Random(number)
    numbers = {dimension: draw.sample(range(number), number) for dimension in DIMENSIONS}
    lengths = draw.sample(range(number), number)
    marks = draw.sample(range(16**8), number)
    return [
        {dimension: _in_grades(numbers[dimension][one]) for dimension in DIMENSIONS}
        | {COMMENT: f"Remark {marks[one]:08x}{_of_length(lengths[one])}"}
        | {WISH: f"Wish {marks[-one]:08x}{_of_length(lengths[-one] // 4)}"}
        for one in range(number)
    ]


def _of_length(number: int) -> str:
    return "村" * (number // 3) + "!" * (number % 3)


def _in_grades(number: int) -> str:
    return "".join("0123-"[number // 5**place % 5] for place in range(3))


OURS = {
    dimension: Shelf(
        "ballot_part", lambda row, d=dimension: row["answers"] if row["dimension"] == d else None
    )
    for dimension in DIMENSIONS
} | {
    item: Shelf("free_answer", lambda row, i=item: row["text"] if row["item"] == i else None)
    for item in (COMMENT, WISH)
}
NAIVE = {
    dimension: Shelf("answer", lambda row, d=dimension: json.loads(row["answers"])[d])
    for dimension in DIMENSIONS
} | {COMMENT: Shelf("remark", lambda row: row["text"])}


def rob_ours(address: str, folder: Path, number: int) -> tuple[Loot, list[Answers]]:
    """Let *number* villagers answer, seal and scrub through survey.storage, and rob it."""
    engine = sa.create_engine(address, hide_parameters=True)
    prepare(engine)
    with Session(engine) as session:
        place = office(session, folder / "keys", audiences=beside.audiences(session))
        village = place.village_ids()[0]
        start = loot.log_position(engine)
        codes = place.print(village, number)
        early = loot.backup(engine)
        people, slips = villagers(number), []
        for code, answers in zip(codes, people, strict=True):
            graded = from_text("".join(answers[dimension] for dimension in DIMENSIONS))
            more = (*beside.ANSWERED[:3], None, answers[WISH])
            cast = place.by_ticket(code, village, graded, comment=answers[COMMENT], extras=more)
            assert intake.add(session, cast) is intake.Outcome.COUNTED
            session.commit()
            known = {code.encode(), cast.mac, cast.tag, cast.ballot.id, cast.ballot.row_mac}
            slips.append(Slip(answers, frozenset(known)))
        late = loot.backup(engine)
        place.pass_deadline()
        begin_write(session)
        rounds.close_due(session)
        session.commit()
        key, persons = place.private_key(), (place.first, place.second)
        seal.seal(session, place.round_, key, place.pepper, persons)
        session.commit()
        scrub.scrub(session, place.round_, place.folder)
        assert place.round_.state == "sealed"
        session.commit()
        return _rob(engine, OURS, slips, early, late, start, folder), people


def rob_naive(
    address: str, folder: Path, number: int, *, keyed: bool
) -> tuple[Loot, list[Answers]]:
    """Let *number* villagers answer in a naive box, close it, and rob it."""
    box = Naive(address, keyed=keyed)
    start = loot.log_position(box.engine)
    made = box.issue(number)
    early = loot.backup(box.engine)
    people, slips = villagers(number), []
    for (code, numbered), answers in zip(made, people, strict=True):
        dimensions = {dimension: answers[dimension] for dimension in DIMENSIONS}
        box.submit(code, numbered, dimensions, answers[COMMENT])
        slips.append(Slip(answers, frozenset({code.encode(), numbered})))
    late = loot.backup(box.engine)
    box.close()
    return _rob(box.engine, NAIVE, slips, early, late, start, folder), people


def _rob(
    engine: sa.Engine,
    shelves: Mapping[str, Shelf],
    slips: list[Slip],
    early: loot.Backup,
    late: loot.Backup,
    start: int,
    folder: Path,
) -> Loot:
    log, files = loot.log(engine, start), loot.files(engine)
    return Loot(engine, shelves, slips, early, late, loot.dump(engine), log, files, folder)


def judge(engine: str, robbed: Loot, people: list[Answers], *, keyed: bool | None) -> Finding:
    """Try the attacks of *engine*, of naive boxes those that this kind falls to."""
    guesses = {
        (name, kind): plan.attack(robbed, kind)
        for name, plan in ENGINES[engine].items()
        if keyed in (None, plan.keyed)
        for kind in (OUR_KINDS if keyed is None else plan.falls)
        if name != "log" or kind == COMMENT or (kind in DIMENSIONS and len(people) <= UNIQUE)
    }
    robbed.engine.dispose()
    return Finding(people, guesses)


Judge = Callable[[str, int, str], Finding]
"""(engine, size, box) → finding, where box is ours, rows or keys."""


@pytest.fixture(scope="module")
def finding(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Return the function that fills a box once, robs it and tries every attack on it."""

    @contextmanager
    def database(engine: str, box: str, folder: Path) -> Iterator[str]:
        if engine == "sqlite":
            path = folder / "survey.sqlite"
            if box == "ours":
                shutil.copy(request.getfixturevalue("sqlite_template"), path)
            yield f"sqlite:///{path}"
            return
        server: sa.URL = request.getfixturevalue("postgres_server")
        name = f"linkage_{uuid4().hex}"
        command(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {TEMPLATE}" * (box == "ours")))
        yield text(server.set(database=name))
        command(server, f"DROP DATABASE {name} WITH (FORCE)")

    @cache
    def find(engine: str, number: int, box: str) -> Finding:
        folder = tmp_path_factory.mktemp(f"{engine}-{number}-{box}")
        with database(engine, box, folder) as address:
            if box == "ours":
                return judge(engine, *rob_ours(address, folder, number), keyed=None)
            keyed = box == "keys"
            return judge(engine, *rob_naive(address, folder, number, keyed=keyed), keyed=keyed)

    return find


EVERY = [
    pytest.param(engine, number, name, marks=[pytest.mark.postgres] * (engine == "postgres"))
    for engine, plans in ENGINES.items()
    for number in SIZES
    for name in plans
]


@pytest.mark.parametrize(("engine", "number", "attack"), EVERY)
def test_what_links_the_naive_box_does_no_better_than_luck_on_ours(
    finding: Judge, engine: str, number: int, attack: str
) -> None:
    plan = ENGINES[engine][attack]
    naive = finding(engine, number, "keys" if plan.keyed else "rows")
    ours = finding(engine, number, "ours")
    tried = [kind for kind in plan.falls if (attack, kind) in naive.guesses]
    assert tried
    linked = {kind: naive.scores(attack, kind)[0] for kind in tried}
    assert {kind: score for kind, score in linked.items() if score.rate < LINKED} == {}
    left = {kind: ours.scores(attack, kind) for kind in OUR_KINDS if (attack, kind) in ours.guesses}
    assert set(left) >= set(tried)
    known = {kind: found for kind, found in left.items() if min(s.by_luck for s in found) < LUCK}
    assert known == {}


PAIRED = [case for case in EVERY if case.values[2] in PLACES]


@pytest.mark.parametrize(("engine", "number", "attack"), PAIRED)
def test_the_parts_of_one_ballot_are_not_joined_by_their_places(
    finding: Judge, engine: str, number: int, attack: str
) -> None:
    def score(found: Finding, one: str, other: str) -> chance.Score:
        true = [(slip[one], slip[other]) for slip in found.truth]
        seen = zip(found.guesses[attack, one], found.guesses[attack, other], strict=True)
        return chance.pairs(list(seen), true)

    plan = ENGINES[engine][attack]
    naive = finding(engine, number, "keys" if plan.keyed else "rows")
    ours = finding(engine, number, "ours")
    for one, other in pairwise(DIMENSIONS):
        assert score(naive, one, other).rate >= LINKED
        assert score(ours, one, other).by_luck > LUCK
    for one in KINDS:
        assert score(ours, one, WISH).by_luck > LUCK
