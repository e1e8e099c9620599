"""Periods, reckonings and the table of counted cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from transforms.indicators.measure import ALL_FIELDS, Measure, MeasureError, MeasureType
from transforms.indicators.measures import MEASURES, add_over_units

__all__ = [
    "ALL_FIELDS",
    "IndicatorTable",
    "Measure",
    "MeasureError",
    "MeasureType",
    "Period",
    "Reckoning",
]


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period; ``period_id`` is 2021-09, 2021-Q3, 2021-6T, 2021-6C, 2021-9T or 2021."""

    period_id: str
    kind: str
    """month, quarter, half, nine_months, year."""
    year: int
    index: int | None
    """Month, quarter or half number; None for nine months and the year."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Which days a count covers and how: the parameters that every printed figure depends on.

    ``closing_day`` is B = min(window end, cut-off, as_of).
    """

    period: Period
    basis: str
    start: date
    end: date
    closing_day: date
    as_of: date
    rulebook: str = "tt01"
    cutoff: date | None = None

    def cell_id(self, measure_id: str, unit_code: str, field_id: str = ALL_FIELDS) -> str:
        """Cell id = indicator / unit / field / period / basis / B / rulebook (DESIGN.md section 2)."""
        parts = (measure_id, unit_code, field_id, self.period.period_id, self.basis)
        return "/".join((*parts, self.closing_day.isoformat(), self.rulebook))


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """Counted cells of leaf units under one reckoning.

    ``cells``: (measure_id, unit_code, facet) → whole number. The facet is a field id for dossiers, a
    document type for documents, ``*`` for the sum over facets. Every field of every unit that has
    dossiers is present for every form measure, with explicit zeros, ``chua_phan_loai`` included where
    it occurs; ``*`` equals the sum over fields (law 2). A unit without data of a kind has no cells of
    that kind at all: missing is not zero.
    """

    reckoning: Reckoning
    cells: Mapping[tuple[str, str, str], int]
    notes: Mapping[tuple[str, str], int]
    """(note_id, unit_code) → count: unknown_channel, unknown_procedure, missing_due_date,
    not_received, refused, undated_state, paused, withdrawn."""
    population: pa.Table
    """The dossiers behind the cells: the latest version of each with ``field_id``, ``state``,
    ``state_at_opening``, ``is_received_in_window``, ``channel_group``."""
    is_exact: bool = True
    """False under a rulebook by which what is received need not be resolved or pending, nor a closing stock
    be the next opening (``Rulebook.is_exact``)."""

    def units(self, measure_id: str) -> tuple[str, ...]:
        """Codes of the units that have a cell of that measure, sorted."""
        return tuple(sorted({unit for measure, unit, _ in self.cells if measure == measure_id}))

    def facets(self, measure_id: str, units: tuple[str, ...]) -> tuple[str, ...]:
        """Facets of a measure that any of these units has, ``*`` left out, sorted."""
        wanted = set(units)
        found = {facet for measure, unit, facet in self.cells if measure == measure_id and unit in wanted}
        return tuple(sorted(found - {ALL_FIELDS}))

    def value(self, measure_id: str, units: tuple[str, ...], facet: str = ALL_FIELDS) -> int | None:
        """Sum over those units; None when none of them has the cell.

        MeasureError for ratios and distinct counts, which are no sums: ``ratio_of_sums`` and
        ``count_distinct`` make them for any set of units. KeyError for a measure that there is not.
        """
        return add_over_units(
            MEASURES[measure_id], [self.cells.get((measure_id, unit, facet)) for unit in units]
        )
