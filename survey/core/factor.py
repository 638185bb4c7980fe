"""McDonald's ω: how much of a sum of items is the one thing that they have in common.

One factor by maximum likelihood on the correlation matrix (Jöreskog, “Some contributions to maximum
likelihood factor analysis”, Psychometrika 32, 1967), ω = (Σλ)² / ((Σλ)² + Σψ) on the items' own
scales (McDonald, “Test theory”, 1999, chapter 6). See docs/method.md, “Instrument”. scipy is
imported inside the functions, because a process that serves respondents has no use for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from survey.core.wording import N_, Sentence, say

LEAST_ITEMS = 3
"""With fewer items one factor has more unknowns than there are covariances."""
NOTHING = 1e-9
"""A variance, in points², that is only rounding."""
_LEAST_UNIQUE = 0.005
_STATIONARY = 1e-4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient, or None with the reason why there is none."""

    value: float | None
    why_not: Sentence | None = None


class Factor(NamedTuple):
    """One factor of J correlated items: loadings λ (J) and unique variances ψ (J), λ² + ψ ≈ 1."""

    loadings: Floats
    unique: Floats

    @property
    def improper(self) -> bool:
        """Whether an item has no variance left of its own (a Heywood case)."""
        return bool((self.unique <= _LEAST_UNIQUE * (1 + 1e-6)).any())


def omega(covariance: Floats) -> Coefficient:
    """Return ω of the sum of the items whose covariances, (J, J) in points², are given.

    None for fewer than three items, an item that does not vary, covariances that no answers could
    have (pairs of items stand on different ballots), and an improper solution.
    """
    if len(covariance) < LEAST_ITEMS:
        return Coefficient(None, say(_FEW_ITEMS, least=LEAST_ITEMS))
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    if (spread**2 <= NOTHING).any():
        return Coefficient(None, say(_CONSTANT))
    correlation = covariance / np.outer(spread, spread)
    if np.linalg.eigvalsh(correlation)[0] <= NOTHING:
        return Coefficient(None, say(_IMPOSSIBLE))
    found = one_factor(correlation)
    if found is None or found.improper:
        return Coefficient(None, say(_IMPROPER))
    common = float(spread @ found.loadings) ** 2
    return Coefficient(common / (common + float(spread**2 @ found.unique)))


_FEW_ITEMS = N_("It takes %(least)d questions or more.")
_CONSTANT = N_("To one of the questions everybody gave the same answer.")
_IMPOSSIBLE = N_("Two of the questions say the same, or too few answer all of them.")
_IMPROPER = N_("The questions do not go together in the way that this figure takes for granted.")


def one_factor(correlation: Floats) -> Factor | None:
    """Return the factor of a positive definite *correlation* (J, J), J ≥ 3, or None.

    Loadings add up to 0 or more. None where the search does not end.
    """
    from scipy.optimize import minimize

    start = (1 - 0.5 / len(correlation)) / np.diag(np.linalg.inv(correlation))
    found = minimize(
        _misfit,
        np.clip(start, _LEAST_UNIQUE, 1.0),
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST_UNIQUE, 1.0)] * len(correlation),
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
    )
    unique = np.asarray(found.x)
    slope = _misfit(unique, correlation)[1]
    if np.abs(np.clip(unique - slope, _LEAST_UNIQUE, 1.0) - unique).max() > _STATIONARY:
        return None
    loadings, _ = _common(unique, correlation)
    return Factor(loadings if loadings.sum() >= 0 else -loadings, unique)


def _common(unique: Floats, correlation: Floats) -> tuple[Floats, Floats]:
    """Return the best loadings for *unique*, and what of the scaled matrix they leave over."""
    root = np.sqrt(unique)
    roots, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    return root * vectors[:, -1] * np.sqrt(max(roots[-1] - 1, 0.0)), roots[:-1]


def _misfit(unique: Floats, correlation: Floats) -> tuple[float, Any]:
    """Return by how much the best factor for *unique* misfits (Jöreskog's F), and its slope."""
    loadings, left = _common(unique, correlation)
    slope = (loadings**2 + unique - 1) / unique**2
    return float((left - np.log(left) - 1).sum()), slope
