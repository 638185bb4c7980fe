"""Acceptance groups side by side: how each scores beside the villagers, and decides.

Groups have villages of their own, so severity and quality cannot be told apart. Nothing here
changes a score. Everything is made from released figures. See docs/method.md, “Groups”.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey.core.scores import figure
from survey.core.wording import N_

NOTE = N_("Groups differ; the villages may too.")
LEAST_CALIBRATION_VILLAGES = 3


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One village: its group, the group's points, the released mass score, and the decision.

    None where there is none or it is withheld; *bound* of the mass score: “≥”, “≤” or nothing.
    """

    group: str
    organisational: float | None
    mass: float | None
    bound: str = ""
    suggestion: str | None = None
    decision: str | None = None

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
        deviation=deviation,
        adjusted=adjusted,
    )


def _mean(points: list[float | None]) -> float | None:
    given = [one for one in points if one is not None]
    return sum(given) / len(given) if given else None


def _bound(bounds: set[str]) -> str:
    return "≈" if len(bounds) > 1 else "".join(bounds)


def deviations(points: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return how many points each group scores above the mean of all, on the same villages.

    *points*: by group and by code of a calibration village, whose files every group scored. Only
    villages that all groups scored count; nothing for fewer than two groups or three villages.
    """
    if len(points) < 2:
        return {}
    common = set.intersection(*(set(scored) for scored in points.values()))
    if len(common) < LEAST_CALIBRATION_VILLAGES:
        return {}
    of_group = {
        group: sum(scored[code] for code in sorted(common)) / len(common)
        for group, scored in points.items()
    }
    middle = sum(of_group.values()) / len(of_group)
    return {group: mean - middle for group, mean in of_group.items()}
