"""Acceptance groups side by side: how each scores beside the villagers, and decides.

Groups have villages of their own, so severity and quality cannot be told apart. Nothing here
changes a score. Everything is made from released figures. See docs/method.md, “Groups”.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.core.scores import figure
from survey.core.wording import N_, Sentence, say

NOTE = N_("Groups differ; the villages may too.")
LEAST_CALIBRATION_VILLAGES = 3
STRENGTHS = ("clear", "borderline", "undecided", "insufficient", "void")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One village: its group, the group's points, the released mass score, and the decision.

    None where there is none or it is withheld; *bound* of the mass score: “≥”, “≤” or nothing.
    *strength*: how strong the suggestion of now is, or why there is none (`STRENGTHS`).
    """

    group: str
    organisational: float | None
    mass: float | None
    bound: str = ""
    suggestion: str | None = None
    decision: str | None = None
    strength: str = "insufficient"

    @property
    def compared(self) -> bool:
        """Whether both scores are there."""
        return self.organisational is not None and self.mass is not None


@dataclass(frozen=True, kw_only=True)
class GroupFigures:
    """One group's means in points over the *compared* of its *villages*; None where there are none.

    *difference* is organisational − mass. *bound*, *turned* stand before *mass* and *difference*
    where mass scores are bounds. *overridden* of the *decided* villages that had a suggestion were
    decided otherwise; *unsuggested* were decided without one. *deviation*, in points, comes from
    calibration villages, and *adjusted* is organisational − deviation: beside it, never instead.
    *spreads*: the lowest and the highest village behind `organisational`, `mass`, `difference`.
    *strengths*: of how many villages the suggestion is how strong, every one of `STRENGTHS`.
    """

    group: str
    villages: int
    compared: int
    organisational: float | None
    mass: float | None
    difference: float | None
    bound: str
    decided: int
    overridden: int
    unsuggested: int
    spreads: Mapping[str, tuple[float, float]]
    strengths: Mapping[str, int]
    deviation: float | None = None
    adjusted: float | None = None

    @property
    def mass_text(self) -> str:
        """The mean mass score as it is written."""
        return "" if self.mass is None else figure(self.mass, 1, self.bound)

    @property
    def difference_text(self) -> str:
        """The difference as it is written, with its sign."""
        if self.difference is None:
            return ""
        turned = {"≥": "≤", "≤": "≥"}.get(self.bound, self.bound)
        return f"{turned} {self.difference:+.1f}".lstrip()

    @property
    def deviation_text(self) -> str:
        """The deviation as it is written, with its sign."""
        return "" if self.deviation is None else f"{round(self.deviation, 1) + 0.0:+.1f}"


def compare(
    villages: Iterable[Judged],
    deviations: Mapping[str, float] | None = None,
    ends: tuple[float, float] = (40.0, 100.0),
) -> list[GroupFigures]:
    """Return the figures of every group of *villages*, by the group's name.

    *deviations* as from `deviations`; an adjusted mean stays between the *ends* of the scale.
    """
    by_group: dict[str, list[Judged]] = {}
    for village in villages:
        by_group.setdefault(village.group, []).append(village)
    return [
        _figures(group, by_group[group], (deviations or {}).get(group), ends)
        for group in sorted(by_group)
    ]


def _figures(
    group: str, villages: list[Judged], deviation: float | None, ends: tuple[float, float]
) -> GroupFigures:
    compared = [village for village in villages if village.compared]
    organisational = _mean([village.organisational for village in compared])
    mass = _mean([village.mass for village in compared])
    both = organisational is not None and mass is not None
    decided = [village for village in villages if village.decision]
    suggested = [village for village in decided if village.suggestion]
    adjusted = None
    if organisational is not None and deviation is not None:
        adjusted = min(max(organisational - deviation, ends[0]), ends[1])
    return GroupFigures(
        group=group,
        villages=len(villages),
        compared=len(compared),
        organisational=organisational,
        mass=mass,
        difference=(organisational or 0.0) - (mass or 0.0) if both else None,
        bound=_bound({village.bound for village in compared} - {""}),
        decided=len(suggested),
        overridden=sum(village.decision != village.suggestion for village in suggested),
        unsuggested=len(decided) - len(suggested),
        spreads=_spreads(compared),
        strengths={one: sum(v.strength == one for v in villages) for one in STRENGTHS},
        deviation=deviation,
        adjusted=adjusted,
    )


def _mean(points: list[float | None]) -> float | None:
    given = [one for one in points if one is not None]
    return sum(given) / len(given) if given else None


def _spreads(compared: list[Judged]) -> dict[str, tuple[float, float]]:
    pairs = [(one.organisational or 0.0, one.mass or 0.0) for one in compared]
    columns = {
        "organisational": [own for own, _mass in pairs],
        "mass": [mass for _own, mass in pairs],
        "difference": [own - mass for own, mass in pairs],
    }
    return {name: (min(points), max(points)) for name, points in columns.items() if points}


def _bound(bounds: set[str]) -> str:
    return "≈" if len(bounds) > 1 else "".join(bounds)


@dataclass(frozen=True)
class Calibration:
    """What the calibration villages tell: *deviations* in points by group, empty where nothing.

    *told*: which villages counted, or why nothing is shown.
    """

    deviations: dict[str, float]
    told: tuple[Sentence, ...]


def calibrate(names: Sequence[str], points: Mapping[str, Mapping[str, float]]) -> Calibration:
    """Return what the villages *names* tell of the groups; *points* as for `deviations`."""
    if not names:
        return Calibration({}, (say(N_("No calibration villages are named.")),))
    if len(points) < 2:
        return Calibration({}, (say(N_("Fewer than two groups: there is nothing to compare.")),))
    common = shared(points)
    found = deviations(points)
    return Calibration(found, _counted(names, common) if found else _lacking(names, points, common))


def _counted(names: Sequence[str], common: set[str]) -> tuple[Sentence, ...]:
    counted = tuple(name for name in names if name in common)
    left_out = tuple(name for name in names if name not in common)
    told = say(N_("Calibration villages that counted: %(villages)s."), villages=counted)
    if not left_out:
        return (told,)
    message = N_("Not counted, because not every group has scored it: %(villages)s.")
    return told, say(message, villages=left_out)


def _lacking(
    names: Sequence[str], points: Mapping[str, Mapping[str, float]], common: set[str]
) -> tuple[Sentence, ...]:
    missing = tuple(group for group, scored in points.items() if len(scored) < len(names))
    return (
        say(
            N_(
                "Calibration villages with points of every group: %(number)d. Nothing is compared"
                " below %(least)d."
            ),
            number=len(common),
            least=LEAST_CALIBRATION_VILLAGES,
        ),
        say(N_("Points are still missing from: %(groups)s."), groups=missing),
    )


def shared(points: Mapping[str, Mapping[str, float]]) -> set[str]:
    """Return the villages that every group has scored; *points* as for `deviations`."""
    return set.intersection(*(set(scored) for scored in points.values())) if points else set()


def deviations(points: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return how many points each group scores above the mean of all, on the same villages.

    *points*: by group and by name of a calibration village, whose files every group scored. Only
    villages that all groups scored count; nothing for fewer than two groups or three villages.
    """
    if len(points) < 2:
        return {}
    common = shared(points)
    if len(common) < LEAST_CALIBRATION_VILLAGES:
        return {}
    of_group = {
        group: sum(scored[code] for code in sorted(common)) / len(common)
        for group, scored in points.items()
    }
    middle = sum(of_group.values()) / len(of_group)
    return {group: mean - middle for group, mean in of_group.items()}
