"""Screen of shares: more all-good ballots than the village's mean lets expect."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LEAST_BALLOTS = 10
LEAST_VILLAGES = 20
FAR = 3.0

_COEFFICIENTS = 3
_HUBER = 1.345
_MAD = 0.6744897501960817
_STEPS = 200
_SETTLED = 1e-10

Floats = NDArray[np.float64]


def all_good(shares: Floats, levels: Floats, sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which villages have too many all-good ballots for their mean, (V).

    *shares* 0–1 of all-good ballots; *levels* 0–1: where the mean lies between the lowest and the
    highest value; *sizes* in ballots. arcsin √share is regressed on the mean and its square
    (Huber), the mean as arcsin √level too; flag where the residual is as rare as 3 normal
    deviations.
    """
    used = sizes >= LEAST_BALLOTS
    flagged = np.zeros(len(shares), dtype=bool)
    if used.sum() < LEAST_VILLAGES:
        return flagged
    heights = _angle(shares[used])
    residuals = heights - _fitted(_curve(_angle(levels[used])), heights)
    spread = _spread(residuals)
    if spread > 0:
        flagged[used] = residuals > _far(len(residuals)) * spread
    return flagged


def _far(villages: int) -> float:
    """Return how many robust deviations of *villages* residuals are as rare as 3 normal ones.

    Three coefficients were fitted: Student's quantile with the degrees of freedom that are left,
    and residuals that much too short.
    """
    from scipy.special import ndtr, stdtrit

    left = villages - _COEFFICIENTS
    return -float(stdtrit(left, ndtr(-FAR))) * math.sqrt(villages / left)


def _angle(shares: Floats) -> Floats:
    """Return arcsin √share: evens out the variance, and keeps the curve flat up to the ceiling."""
    angle: Floats = np.arcsin(np.sqrt(np.clip(shares, 0.0, 1.0)))
    return angle


def _curve(angles: Floats) -> Floats:
    """Return 1, angle and angle², (V, 3), centred so that they are told apart."""
    centred = angles - angles.mean()
    scaled = centred / max(np.abs(centred).max(), _SETTLED)
    return np.stack([np.ones_like(scaled), scaled, scaled**2], axis=1)


def _fitted(design: Floats, heights: Floats) -> Floats:
    """Return the heights that Huber's regression expects, (V).

    Iterated reweighting with the constant 1.345 and the deviation of each step. Source: Huber and
    Ronchetti, Robust Statistics (2009), 7.8.
    """
    weights = np.ones_like(heights)
    fitted = np.zeros_like(heights)
    for _ in range(_STEPS):
        root = np.sqrt(weights)
        solved = np.linalg.lstsq(design * root[:, None], heights * root, rcond=None)[0]
        before, fitted = fitted, design @ solved
        spread = _spread(heights - fitted)
        if spread == 0 or np.abs(fitted - before).max() < _SETTLED:
            break
        away = np.abs(heights - fitted) / spread
        weights = _HUBER / np.maximum(away, _HUBER)
    return fitted


def _spread(residuals: Floats) -> float:
    """Return the median absolute residual, as a standard deviation of normal ones."""
    spread = float(np.median(np.abs(residuals))) / _MAD
    return spread if spread > _SETTLED else 0.0
