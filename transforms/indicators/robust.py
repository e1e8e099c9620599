"""How far a value lies from what is usual, by median and MAD: a few odd months do not move the bound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_TO_SIGMA = 1.4826
"""MAD × this estimates the standard deviation of a normal spread."""


def middle_of(values: NDArray[np.float64]) -> float:
    """The median; ValueError for no values."""
    if values.size == 0:
        raise ValueError("no values to take the middle of")
    return float(np.median(values))


def robust_score(value: float, usual: NDArray[np.float64], least_spread: float) -> float:
    """(value − median) / spread, the spread being 1.4826 × MAD but at least ``least_spread``.

    ``least_spread`` > 0 keeps months that happened to be alike from making every other month unusual.
    """
    middle = middle_of(usual)
    spread = _TO_SIGMA * float(np.median(np.abs(usual - middle)))
    return (value - middle) / max(spread, least_spread)


def share_spread(share: float, count: int) -> float:
    """Standard deviation of a share among ``count`` dossiers, as chance alone makes it."""
    # A share of 0 or 1 seen among few says little: never taken as more certain than one case in all.
    kept = min(max(share, 1 / count), 1 - 1 / count) if count > 1 else 0.5
    return float(np.sqrt(kept * (1 - kept) / count)) if count else 1.0
