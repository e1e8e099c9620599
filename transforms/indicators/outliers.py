"""Units whose share lies far from that of the others: against their median, with the spread that chance allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from transforms.indicators.robust import middle_of, robust_score, share_spread

LEAST_DOSSIERS = 30
"""Dossiers in the denominator below which a share says nothing, and ranks nobody."""
LEAST_OTHERS = 4
"""Other units with enough dossiers that a comparison needs."""
LEAST_DISTANCE = 0.10
BOUND = 3.5
"""The usual bound for a robust score (Iglewicz and Hoaglin 1993)."""
_LEAST_SPREAD = 0.03


@dataclass(frozen=True, slots=True)
class Outlier:
    """One unit's share beside the median of the others."""

    unit_code: str
    numerator: int
    denominator: int
    median: float
    others: int
    score: float
    """Negative where the unit lies below the others."""


def find_outliers(shares: Mapping[str, tuple[int, int]]) -> tuple[Outlier, ...]:
    """The units far from the others, the farthest first.

    ``shares``: unit code → (numerator, denominator). A unit is judged with ``LEAST_DOSSIERS`` in its denominator
    and ``LEAST_OTHERS`` other such units; it must lie ``LEAST_DISTANCE`` and ``BOUND`` spreads from the median
    of the others, itself left out so that it does not hide behind its own weight.
    """
    judged = {unit: pair for unit, pair in sorted(shares.items()) if pair[1] >= LEAST_DOSSIERS}
    found = []
    for unit, (numerator, denominator) in judged.items():
        others = np.array([n / d for other, (n, d) in judged.items() if other != unit], dtype=np.float64)
        if others.size < LEAST_OTHERS:
            continue
        middle, share = middle_of(others), numerator / denominator
        score = robust_score(share, others, max(share_spread(middle, denominator), _LEAST_SPREAD))
        if abs(share - middle) >= LEAST_DISTANCE and abs(score) >= BOUND:
            found.append(Outlier(unit, numerator, denominator, middle, int(others.size), score))
    return tuple(sorted(found, key=lambda each: (-abs(each.score), each.unit_code)))
