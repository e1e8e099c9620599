"""What the indicators would read if some dossiers read otherwise, counted by the functions that count them.

Every dossier adds to the cells by itself, so what changes is what the changed dossiers add less what they
added before; a thousand possible changes cost one count of a thousand dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import Catalogue
from transforms.indicators.build import population_of
from transforms.indicators.contributions import NOTE, dossier_contributions, ledger_cells
from transforms.indicators.measures import OVERDUE_RATE, RATIOS
from transforms.indicators.model import ALL_FIELDS, IndicatorTable, Reckoning
from transforms.indicators.state import DossierHistory, column
from transforms.indicators.volume import note_masks

CellKey = tuple[str, str, str]
"""Measure (notes under ``note.<id>``), unit, facet."""
_DAY = pa.date32()


@dataclass(frozen=True, slots=True)
class Counting:
    """How one period is counted: what every change is measured by."""

    dossiers: DossierHistory
    """As stored, before any is put under the line of its unit."""
    fees: pa.Table
    reckoning: Reckoning
    catalogue: Catalogue
    place: Callable[[DossierHistory], DossierHistory] = lambda dossiers: dossiers
    """Puts dossiers under the lines of their units (``rollup.place_dossiers``)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Dossiers as they would read in the next export; one row is one change, apart from every other."""

    at: pa.Array
    """Row of ``Counting.dossiers.latest``, int64; null for a dossier that is not counted at all so far."""
    after: pa.Table
    """Schema of ``latest``."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell before and after; a note has the measure ``note.<id>``."""

    measure_id: str
    unit_code: str
    facet: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RateChange:
    """One share before and after, each as (numerator, denominator)."""

    measure_id: str
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """The cells that change, by measure and facet, and the shares made from them."""

    cells: tuple[CellChange, ...]
    rates: tuple[RateChange, ...]

    def after(self, measure_id: str, facet: str = ALL_FIELDS) -> int | None:
        """The promised value of a cell; None where it does not change."""
        found = (c.after for c in self.cells if (c.measure_id, c.facet) == (measure_id, facet))
        return next(found, None)


class Deltas:
    """What each change adds to each cell. Changes are numbered as the rows of ``Changed``."""

    def __init__(self, rows: pa.Table, units: pa.Array) -> None:
        """``rows``: row, measure, unit_code, facet, amount (never 0); ``units``: line that each change counts under."""
        self.rows = rows.sort_by("row").combine_chunks()
        self.units = units
        keys = [
            self.rows[name].combine_chunks().dictionary_encode() for name in ("measure", "unit_code", "facet")
        ]
        key = np.zeros(rows.num_rows, np.int64)
        for part in keys:
            key = key * len(part.dictionary) + part.indices.to_numpy()
        unique, self._key = np.unique(key, return_inverse=True)
        first = np.unique(self._key, return_index=True)[1] if len(unique) else unique
        named = self.rows.select(["measure", "unit_code", "facet"]).take(pa.array(first)).to_pylist()
        self._cells: list[CellKey] = [(row["measure"], row["unit_code"], row["facet"]) for row in named]
        self._row = self.rows["row"].to_numpy()
        self._amount = self.rows["amount"].to_numpy()
        self._bounds = np.searchsorted(self._row, np.arange(len(units) + 1))

    def effect(self, changes: Sequence[int], unit_code: str, cells: Mapping[CellKey, int]) -> Effect:
        """What these changes make together of the unit's own cells; they must be about different dossiers."""
        parts = [np.arange(self._bounds[number], self._bounds[number + 1]) for number in changes]
        at = np.concatenate(parts) if parts else np.array([], np.int64)
        summed: dict[tuple[str, str], int] = {}
        keys, position = np.unique(self._key[at], return_inverse=True)
        amounts = np.zeros(len(keys), np.int64)
        np.add.at(amounts, position, self._amount[at])
        for key, amount in zip(keys.tolist(), amounts.tolist(), strict=True):
            measure, unit, facet = self._cells[key]
            if unit == unit_code:
                summed[measure, facet] = amount
        return build_effect(unit_code, summed, cells)


def build_effect(
    unit_code: str, deltas: Mapping[tuple[str, str], int], cells: Mapping[CellKey, int]
) -> Effect:
    """The effect of these differences (measure, facet) on the unit's cells (``ledger_cells``)."""
    before = {key: cells.get((key[0], unit_code, key[1]), 0) for key in deltas}
    changes = [
        CellChange(measure, unit_code, facet, before[measure, facet], before[measure, facet] + amount)
        for (measure, facet), amount in sorted(deltas.items())
        if amount
    ]
    rates = []
    for measure_id, ratio in RATIOS.items():
        if measure_id == OVERDUE_RATE.measure_id:
            continue  # compares units with each other; its two cells are told already
        sides = [
            (_sum(ratio.numerator, unit_code, cells, shift), _sum(ratio.denominator, unit_code, cells, shift))
            for shift in ({}, deltas)
        ]
        if sides[0] != sides[1]:
            rates.append(RateChange(measure_id, sides[0], sides[1]))
    return Effect(tuple(changes), tuple(rates))


def count_deltas(counting: Counting, changed: Changed) -> Deltas:
    """What each change does to each cell and note, by counting the dossiers as they are and as they would be.

    The changes are told by an export of the working day: a status that changes does so from that day on.
    """
    is_known = pc.is_valid(changed.at)
    number = pa.array(range(len(changed.at)), pa.int64()).filter(is_known)
    before, _ = _contributions(counting, _taken(counting.dossiers, changed.at.filter(is_known)))
    after, units = _contributions(counting, _told(counting, changed))
    before = before.set_column(0, "row", number.take(before["row"]))
    before = before.set_column(4, "amount", pc.negate(before["amount"]))
    both = pa.concat_tables([before, after])
    keys = ["row", "measure", "unit_code", "facet"]
    summed = both.group_by(keys, use_threads=False).aggregate([("amount", "sum")])
    summed = summed.select([*keys, "amount_sum"]).rename_columns([*keys, "amount"])
    return Deltas(summed.filter(pc.not_equal(summed["amount"], 0)), units)


def cells_of(table: IndicatorTable) -> dict[CellKey, int]:
    """The cells and notes that effects are told from."""
    return ledger_cells(table)


def _contributions(counting: Counting, dossiers: DossierHistory) -> tuple[pa.Table, pa.Array]:
    placed = counting.place(dossiers)
    population = population_of(placed, counting.fees, counting.reckoning, counting.catalogue)
    for note_id, mask in note_masks(population, counting.reckoning).items():
        population = population.append_column(NOTE + note_id, mask)
    return dossier_contributions(population), column(population, "unit_code")


@dataclass(frozen=True, slots=True)
class _Picked:
    """Some dossiers of a history, any of them as often as wanted (``state.DossierHistory``)."""

    latest: pa.Table
    status_since: pa.Array
    _statuses: Callable[[date], pa.Array]
    _times: Callable[[int, date], pa.Array]

    def statuses_on(self, day: date) -> pa.Array:
        """The status shown by the newest export on or before the day, null when none is."""
        return self._statuses(day)

    def times_shown(self, status: int, day: date) -> pa.Array:
        """How many separate unbroken runs of the status exports on or before the day showed, int64."""
        return self._times(status, day)


def _taken(dossiers: DossierHistory, at: pa.Array) -> DossierHistory:
    return _Picked(
        dossiers.latest.take(at).combine_chunks(),
        dossiers.status_since.take(at),
        lambda day: dossiers.statuses_on(day).take(at),
        lambda status, day: dossiers.times_shown(status, day).take(at),
    )


def _told(counting: Counting, changed: Changed) -> DossierHistory:
    """The dossiers with an export of the working day that shows them changed; a later one is not overtaken."""
    stored = counting.dossiers
    status = column(changed.after, "status_code")
    exported = pc.cast(column(changed.after, "_exported_at"), _DAY)
    told_on = pc.max_element_wise(exported, pa.scalar(counting.reckoning.as_of, _DAY))
    was = column(stored.latest, "status_code").take(changed.at)
    is_same = pc.and_(
        pc.is_valid(changed.at),
        pc.or_(
            pc.fill_null(pc.equal(was, status), False),
            pc.and_(pc.is_null(was), pc.is_null(status)),
        ),
    )
    since = pc.if_else(is_same, stored.status_since.take(changed.at).cast(_DAY), told_on)

    def _statuses(day: date) -> pa.Array:
        is_told = pc.less_equal(told_on, pa.scalar(day, _DAY))
        return pc.if_else(is_told, status, stored.statuses_on(day).take(changed.at))

    def _times(asked: int, day: date) -> pa.Array:
        before = pc.fill_null(stored.times_shown(asked, day).take(changed.at), 0)
        is_told = pc.and_(pc.less_equal(told_on, pa.scalar(day, _DAY)), pc.invert(is_same))
        is_new_run = pc.and_(is_told, pc.fill_null(pc.equal(status, pa.scalar(asked, status.type)), False))
        return pc.add(before, is_new_run.cast(pa.int64()))

    return _Picked(changed.after.combine_chunks(), since, _statuses, _times)


def _sum(
    measures: Iterable[str],
    unit_code: str,
    cells: Mapping[CellKey, int],
    shift: Mapping[tuple[str, str], int],
) -> int:
    return sum(
        cells.get((measure, unit_code, ALL_FIELDS), 0) + shift.get((measure, ALL_FIELDS), 0)
        for measure in measures
    )
