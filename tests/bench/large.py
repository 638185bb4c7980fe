"""A large round: 465 villages, 300 ballots each, both audiences; and ballots by the million."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from survey.core.ballot import to_text
from survey.core.policy import Policy
from survey.core.recompute import recompute_text
from survey.core.release import (
    ReleasedVillage,
    derive_round,
    release_all,
    release_cap,
    release_round,
)
from survey.core.resampling import limits
from survey.core.scores import SourceScores
from survey.core.scoring import VillageTally, score_round
from survey.core.tallies import Tally, add, count, from_dict
from survey.storage.questionnaires import defaults

VILLAGES, BALLOTS = 465, 300
ELIGIBLE = 600
MILLION, CHUNK = 1_000_000, 100_000
POLICY = Policy()
_SHARES = {0: 0.55, 1: 0.25, 2: 0.09, 3: 0.04, -1: 0.06, -2: 0.01}

Work = Callable[[], object]
Columns = dict[str, tuple[int, ...]]


def from_ballots(folder: Path) -> Work:
    """From arrays of ballots to all figures of the round: scores, gaps, rates, suggestions."""
    audiences, evaluated = _audiences(), _evaluated()
    return lambda: _derive(
        {
            audience: _score([count(one, columns, POLICY.values) for one in ballots], audience)
            for audience, (columns, ballots) in audiences.items()
        },
        evaluated,
    )


def from_tallies(folder: Path) -> Work:
    """The same from the tallies that the seal keeps, once they are read."""
    tallies, evaluated = drawn(), _evaluated()
    return lambda: _derive(
        {audience: _score(kept, audience) for audience, kept in tallies.items()}, evaluated
    )


def reckoned_from_ballots(folder: Path) -> Work:
    """From arrays of ballots to suggestions, without the rounding that hides who answered."""
    audiences, evaluated = _audiences(), _evaluated()
    return lambda: _reckon(
        {
            audience: [count(one, columns, POLICY.values) for one in ballots]
            for audience, (columns, ballots) in audiences.items()
        },
        evaluated,
    )


def reckoned_from_tallies(folder: Path) -> Work:
    """The same from the tallies that the seal keeps, once they are read."""
    tallies, evaluated = drawn(), _evaluated()
    return lambda: _reckon(tallies, evaluated)


def score(folder: Path) -> Work:
    """Of it the scores with their intervals alone."""
    tallies = drawn()
    return lambda: [_score(kept, audience) for audience, kept in tallies.items()]


def release(folder: Path) -> Work:
    """Of it what of the scores may be shown."""
    scores = _scores()
    return lambda: [release_all(one, POLICY) for one in scores.values()]


def derive(folder: Path) -> Work:
    """Of it gaps, false discovery rate, suggestions and cap: what each new consensus changes."""
    mass, self_ = (release_all(one, POLICY) for one in _scores().values())
    evaluated = _evaluated()
    return lambda: release_cap(derive_round(mass, self_, POLICY, organisational=evaluated), POLICY)


def read_tallies(folder: Path) -> Work:
    """Tallies from the text that the database keeps."""
    texts = [json.dumps(one.to_dict()) for kept in drawn().values() for one in kept]
    return lambda: [from_dict(json.loads(text)) for text in texts]


def from_file(folder: Path) -> Work:
    """`flask --app survey method` on a file for each audience, without its start."""
    return _from_files(folder, "ballots", lambda ballot: ballot)


def from_file_of_signs(folder: Path) -> Work:
    """The same with a text for each ballot instead of a list."""
    return _from_files(folder, "signs", to_text)


def _from_files(folder: Path, field: str, written: Callable[[list[int]], object]) -> Work:
    paths = []
    for audience, (columns, ballots) in _audiences().items():
        document = {
            "values": list(POLICY.values),
            "dimensions": [list(positions) for positions in columns.values()],
            "villages": [
                {"code": str(place), "eligible": ELIGIBLE, field: list(map(written, one))}
                for place, one in enumerate(ballots.tolist())
            ],
        }
        paths.append(folder / f"{audience}.json")
        paths[-1].write_text(json.dumps(document))
    return lambda: [recompute_text(path.read_text()) for path in paths]


def read_file(folder: Path) -> Work:
    """Floor of the file: json.loads and numpy.array."""
    texts = [json.dumps(ballots.tolist()) for _, ballots in _audiences().values()]
    return lambda: [np.array(json.loads(text), dtype=np.int8) for text in texts]


def bootstrap(folder: Path) -> Work:
    """The limits of α from 1,000 drawings, both audiences."""
    audiences = _audiences()
    return lambda: [
        limits(list(ballots.astype(np.int8)), columns, POLICY.values, 41)
        for columns, ballots in audiences.values()
    ]


def products(folder: Path) -> Work:
    """Floor of the bootstrap: a matrix product of the same size for each village and drawing."""
    random = np.random.default_rng(41)
    weights, features = random.random((1000, BALLOTS)), random.random((BALLOTS, 4 * 78))
    return lambda: [(weights @ features).sum() for _ in range(2 * VILLAGES)]


def floor(folder: Path) -> Work:
    """Mean and variance of every item of every village."""
    arrays = [
        (np.array([*POLICY.values, 0, 0], dtype=float)[ballots], ballots >= 0)
        for _, ballots in _audiences().values()
    ]
    return lambda: [
        (points.mean(axis=1, where=graded), points.var(axis=1, where=graded))
        for points, graded in arrays
    ]


def half_a_million(folder: Path) -> Work:
    """Half a million ballots of one village, read in pieces, to its scores."""
    return _millions(folder, MILLION // 2)


def five_million(folder: Path) -> Work:
    """Five million: ten times as many, in as much memory."""
    return _millions(folder, 5 * MILLION)


def counted(folder: Path) -> Work:
    """The same file, read in the same pieces, and every grade counted."""
    path = _file(folder, 5 * MILLION)
    return lambda: [np.bincount(piece.ravel() + 2, minlength=6) for piece in _pieces(path)]


def _millions(folder: Path, number: int) -> Work:
    path, columns = _file(folder, number), defaults()["mass"].dimension_columns
    return lambda: _score(
        [add([count(piece, columns, POLICY.values) for piece in _pieces(path)])], "mass"
    )


def _file(folder: Path, number: int) -> Path:
    """Write *number* ballots of twelve answers, a byte each."""
    path, random = folder / f"{number}.ballots", np.random.default_rng(41)
    with path.open("wb") as file:
        for _ in range(number // CHUNK):
            file.write(_draw(random, (CHUNK, 12)).tobytes())
    return path


def _pieces(path: Path) -> Iterator[np.ndarray]:
    with path.open("rb") as file:
        while piece := file.read(12 * CHUNK):
            yield np.frombuffer(piece, dtype=np.int8).reshape(-1, 12)


def _derive(
    scores: dict[str, list[SourceScores]], evaluated: dict[str, float]
) -> dict[str, ReleasedVillage]:
    released = release_round(scores["mass"], scores["self"], POLICY, organisational=evaluated)
    release_cap(released, POLICY)
    return released


def _reckon(tallies: dict[str, list[Tally]], evaluated: dict[str, float]) -> object:
    scores = {audience: _score(kept, audience) for audience, kept in tallies.items()}
    return derive_round(scores["mass"], scores["self"], POLICY, organisational=evaluated)


def _score(tallies: list[Tally], audience: str) -> list[SourceScores]:
    villages = [
        VillageTally(f"{place:012d}", ELIGIBLE, tally) for place, tally in enumerate(tallies)
    ]
    return score_round(villages, POLICY.values, audience=audience)


def _evaluated() -> dict[str, float]:
    points = np.random.default_rng(41).integers(70, 100, VILLAGES).tolist()
    return {f"{place:012d}": float(point) for place, point in enumerate(points)}


def _scores() -> dict[str, list[SourceScores]]:
    return {audience: _score(kept, audience) for audience, kept in drawn().items()}


def drawn() -> dict[str, list[Tally]]:
    """Return the tallies of every village, by audience."""
    return {
        audience: [count(one, columns, POLICY.values) for one in ballots]
        for audience, (columns, ballots) in _audiences().items()
    }


def _audiences() -> dict[str, tuple[Columns, np.ndarray]]:
    """Return the columns and the answers (villages, ballots, items) of each audience."""
    random = np.random.default_rng(41)
    return {
        audience: (
            questionnaire.dimension_columns,
            _draw(random, (VILLAGES, BALLOTS, len(questionnaire.items))),
        )
        for audience, questionnaire in defaults().items()
    }


def _draw(random: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
    cells = np.array(list(_SHARES), dtype=np.int8)
    return cells[np.searchsorted(np.cumsum(list(_SHARES.values()))[:-1], random.random(size))]
