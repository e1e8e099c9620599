"""The units of a roll-up side by side: places by a rate, with the volume that the rate rests on.

A rate of few dossiers says little and a unit that sent nothing has none: both are lines of their own kind,
never a place and never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from transforms.indicators.measures import ON_TIME_RATE, ratio_of_sums
from transforms.indicators.model import IndicatorTable
from transforms.indicators.outliers import LEAST_DOSSIERS


class Standing(StrEnum):
    """What the line of a unit is."""

    RANKED = "ranked"
    FEW = "few"
    """Fewer dossiers than ``LEAST_DOSSIERS`` behind the rate: shown, without a place."""
    SILENT = "silent"
    """No dossier list: nothing is known, which is not 0."""


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """One line of a ranking; its figures come from the unit's own cells."""

    unit_code: str
    standing: Standing
    place: int | None = None
    """1 for the highest rate; units with the same rate share a place and the next one is left out (1, 1, 3)."""


def rank_units(
    table: IndicatorTable, unit_codes: Sequence[str], rate_id: str = ON_TIME_RATE.measure_id
) -> tuple[RankedUnit, ...]:
    """Every unit once: those with a place first, the best first, then those with few dossiers, then the silent.

    Within the same place the larger denominator comes first, then the order given, which also holds for the
    units without a place. Rates are compared exactly, not as they are printed. ``unit_codes``: keys of the
    lines as in ``table``. MeasureError for a measure that is no ratio.
    """
    pairs = {code: ratio_of_sums(table, rate_id, (code,)) for code in unit_codes}
    rated = {code: pair for code, pair in pairs.items() if pair is not None and pair[1] >= LEAST_DOSSIERS}
    rates = {code: Fraction(*pair) for code, pair in rated.items()}
    ordered = sorted(rated, key=lambda code: (-rates[code], -rated[code][1]))
    values = [rates[code] for code in ordered]
    ranked = [RankedUnit(code, Standing.RANKED, values.index(rates[code]) + 1) for code in ordered]
    few = [RankedUnit(code, Standing.FEW) for code, pair in pairs.items() if pair and code not in rated]
    silent = [RankedUnit(code, Standing.SILENT) for code, pair in pairs.items() if pair is None]
    return (*ranked, *few, *silent)
