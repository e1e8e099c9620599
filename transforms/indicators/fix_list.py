"""What to mend or close first: the dossiers whose change would move a unit's own indicators most."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.contributions import NOTE
from transforms.indicators.effect import (
    CellKey,
    Changed,
    Counting,
    Deltas,
    Effect,
    cells_of,
    count_deltas,
)
from transforms.indicators.fix_rules import Mending, find_mendings
from transforms.indicators.fix_texts import RULES
from transforms.indicators.measures import FORM_06A, ON_TIME_RATE
from transforms.indicators.model import ALL_FIELDS, IndicatorTable
from transforms.indicators.state import column
from transforms.schema.tables import DOSSIER

SHOWN_FIXES = 20
_FORM = tuple(measure.measure_id for measure in FORM_06A)
_CHANGES_AT_ONCE = 20_000
"""Each is counted with all cells it touches, about 3 KB."""
_RULE_ORDER = {rule: number for number, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Fix:
    """One dossier to mend or close, and what the unit's figures read when only this one is."""

    rule: str
    dossier_code: str
    """Empty for a row without one."""
    column: str
    """Canonical column that is mended."""
    was: str
    value: str
    """What the promise reckons with."""
    file: str
    sheet: str
    row: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class FixGroup:
    """Everything that one rule would mend in one unit, and what it makes together."""

    rule: str
    count: int
    """Dossiers with a promise."""
    moving_count: int
    """Those of them that change a figure."""
    unpromised_count: int
    """Dossiers that fail the rule, but whose right value nobody can assume."""
    effect: Effect
    """All of ``count`` together."""


@dataclass(frozen=True, slots=True)
class FixList:
    """The mendings of one unit and period, those that move its figures most first."""

    unit_code: str
    groups: tuple[FixGroup, ...]
    fixes: tuple[Fix, ...]
    """The first ones only; ``total_count`` tells how many move a figure."""
    total_count: int


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Mendings as one table of changes, row beside row."""

    changed: Changed
    rules: pa.Array
    columns: pa.Array
    was: pa.Array
    value: pa.Array

    def take(self, rows: pa.Array) -> _Numbered:
        """Some of them."""
        changed = Changed(self.changed.at.take(rows), self.changed.after.take(rows))
        parts = (self.rules, self.columns, self.was, self.value)
        return _Numbered(changed, *(part.take(rows) for part in parts))


def build_fix_lists(
    table: IndicatorTable,
    counting: Counting,
    apart: Sequence[Mending] = (),
    explained: Collection[tuple[str, str]] = (),
    shown: int = SHOWN_FIXES,
) -> dict[str, FixList]:
    """Unit → its fix-list, for every unit that has anything to mend, see ``find_mendings`` for what that is.

    ``table``: the count of ``counting``, whose population lies beside ``counting.dossiers``. ``apart``: mendings
    of rows that are not counted so far. ``explained``: (rule, unit) that people have explained; they are not
    asked for again. Applying a fix, or all of a group, and counting anew gives exactly the effect that stands
    here, provided that the value is the one that it reckons with and the export is of the working day.

    The order goes by the change of the on-time rate, then by cells of Biểu II.06a over all fields, then by
    cells of single fields, then by notes; what changes nothing is not listed.
    """
    found = find_mendings(
        table.population,
        counting.dossiers.latest,
        counting.dossiers.status_since,
        counting.reckoning,
        counting.catalogue,
    )
    mendings = (*found, *apart)
    if not mendings:
        return {}
    numbered = _number(mendings)
    owners = _owners(counting, table, numbered.changed)
    unpromised: dict[str, dict[str, int]] = {}
    for mending in mendings:
        for unit, count in mending.unpromised.items():
            if (mending.rule, unit) not in explained:
                unpromised.setdefault(unit, {})[mending.rule] = count
    cells = cells_of(table)
    lists = {unit: FixList(unit, _groups({}, left), (), 0) for unit, left in unpromised.items()}
    for rows in _batches(owners):
        part = numbered.take(rows)
        deltas = count_deltas(counting, part.changed)
        units = deltas.units.to_pylist()
        rules = part.rules.to_pylist()
        of_unit: dict[str, list[int]] = {}
        for number, (unit, rule) in enumerate(zip(units, rules, strict=True)):
            if (rule, unit) not in explained:
                of_unit.setdefault(unit, []).append(number)
        scores = _Scores(deltas, units, cells)
        for unit, own in of_unit.items():
            lists[unit] = _build_list(unit, own, unpromised.get(unit, {}), part, deltas, scores, cells, shown)
    return dict(sorted(lists.items()))


def _owners(counting: Counting, table: IndicatorTable, changed: Changed) -> pa.Array:
    """The unit under which each change counts; a mending moves no dossier to another unit."""
    units = column(table.population, "unit_code").take(changed.at)
    apart = pc.indices_nonzero(pc.is_null(changed.at))
    if not len(apart):
        return units
    told = count_deltas(counting, Changed(changed.at.take(apart), changed.after.take(apart))).units
    return pc.replace_with_mask(units, pc.is_null(changed.at), told)


def _batches(owners: pa.Array) -> Iterator[pa.Array]:
    """Row numbers in order, those of one unit together, so many at once that memory stays bounded."""
    codes = pc.fill_null(owners, "").dictionary_encode().indices.to_numpy()
    rows = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes))
    start = 0
    for place, end in enumerate(ends):
        if place + 1 == len(ends) or ends[place + 1] - start > _CHANGES_AT_ONCE:
            yield pa.array(rows[start:end])
            start = end


def _build_list(
    unit: str,
    own: Sequence[int],
    unpromised: Mapping[str, int],
    numbered: _Numbered,
    deltas: Deltas,
    scores: _Scores,
    cells: Mapping[CellKey, int],
    shown: int,
) -> FixList:
    rules = numbered.rules
    by_rule: dict[str, list[int]] = {}
    for number, rule in zip(own, rules.take(pa.array(own)).to_pylist(), strict=True):
        by_rule.setdefault(rule, []).append(number)
    moving_of = {rule: scores.moving(numbers) for rule, numbers in by_rule.items()}
    found = {
        rule: FixGroup(
            rule,
            len(numbers),
            len(moving_of[rule]),
            unpromised.get(rule, 0),
            deltas.effect(numbers, unit, cells),
        )
        for rule, numbers in by_rule.items()
    }
    rows = numbered.changed.after
    codes = column(rows, "dossier_code")
    moving = scores.strongest(np.concatenate(list(moving_of.values())), shown)
    first = heapq.nsmallest(
        shown,
        moving.tolist(),
        key=lambda n: (*scores.key(n), _RULE_ORDER.get(rules[n].as_py(), len(_RULE_ORDER)), codes[n].as_py()),
    )
    at = pa.array(first, pa.int64())
    named = rows.select(["dossier_code", "_file", "_sheet", "_row"]).take(at).to_pylist()
    about = [part.take(at).to_pylist() for part in (rules, numbered.columns, numbered.was, numbered.value)]
    fixes = tuple(
        Fix(
            rule,
            # A code that is only made up for counting is not shown.
            was if name == "dossier_code" else row["dossier_code"],
            name,
            was,
            value,
            row["_file"] or "",
            row["_sheet"] or "",
            row["_row"] or 0,
            deltas.effect([number], unit, cells),
        )
        for number, row, rule, name, was, value in zip(first, named, *about, strict=True)
    )
    return FixList(unit, _groups(found, unpromised), fixes, sum(map(len, moving_of.values())))


def _groups(found: Mapping[str, FixGroup], unpromised: Mapping[str, int]) -> tuple[FixGroup, ...]:
    """The groups of a unit, those that move most first; rules that promise nothing have one too."""
    nothing = Effect((), ())
    rest = [FixGroup(rule, 0, 0, left, nothing) for rule, left in unpromised.items() if rule not in found]
    return tuple(
        sorted(
            [*rest, *found.values()],
            key=lambda group: (*_weight(group.effect), _RULE_ORDER.get(group.rule, len(_RULE_ORDER))),
        )
    )


class _Scores:
    """How much each change moves the cells of its own unit."""

    def __init__(self, deltas: Deltas, units: Sequence[str], cells: Mapping[CellKey, int]) -> None:
        rows = deltas.rows
        size = len(units)
        number = rows["row"].to_numpy()
        amount = rows["amount"].to_numpy()
        own = pa.array(units, pa.string()).take(rows["row"].combine_chunks())
        is_own = _bools(pc.equal(rows["unit_code"], own))
        is_note = _bools(pc.starts_with(rows["measure"], NOTE))
        is_all = _bools(pc.equal(rows["facet"], ALL_FIELDS)) & ~is_note
        is_form = _bools(pc.is_in(rows["measure"], value_set=pa.array(_FORM))) & is_all
        self._parts = [
            np.bincount(number[mask], np.abs(amount[mask]), minlength=size)
            for mask in (is_own & is_form, is_own & ~is_all & ~is_note, is_own & is_note)
        ]
        above = _bools(pc.is_in(rows["measure"], value_set=pa.array(ON_TIME_RATE.numerator)))
        below = _bools(pc.is_in(rows["measure"], value_set=pa.array(ON_TIME_RATE.denominator)))
        above, below = (
            np.bincount(number[mask], amount[mask], minlength=size)
            for mask in (is_own & is_all & above, is_own & is_all & below)
        )
        known = {unit: _rate_parts(unit, cells) for unit in set(units)}
        start = np.array([known[unit] for unit in units], dtype=float).reshape(size, 2)
        self._rate = np.abs(_rate(start[:, 0] + above, start[:, 1] + below) - _rate(start[:, 0], start[:, 1]))

    def moving(self, numbers: Sequence[int]) -> np.ndarray:
        """Those changes that move any cell or note of their unit."""
        at = np.array(numbers, np.int64)
        return at[np.logical_or.reduce([part[at] > 0 for part in self._parts])]

    def strongest(self, numbers: np.ndarray, count: int) -> np.ndarray:
        """So many of these changes as go before the others by ``key``, and all that are as strong as the last."""
        if count == 0:
            return numbers[:0]
        if len(numbers) <= count:
            return numbers
        parts = [-np.round(self._rate[numbers], 12), *(-part[numbers] for part in self._parts)]
        order = np.lexsort(parts[::-1])
        last = order[count - 1]
        is_level = np.logical_and.reduce([part == part[last] for part in parts])
        is_level[order[:count]] = True
        return numbers[is_level]

    def key(self, number: int) -> tuple[float, ...]:
        """Sort key, strongest first."""
        return (-round(float(self._rate[number]), 12), *(-float(part[number]) for part in self._parts))


def _weight(effect: Effect) -> tuple[float, ...]:
    """The same order for what a whole group makes together."""
    rate = 0.0
    for change in effect.rates:
        if change.measure_id == ON_TIME_RATE.measure_id:
            sides = [above / below if below else 0.0 for above, below in (change.before, change.after)]
            rate = abs(sides[1] - sides[0])
    moved = [(c.measure_id, c.facet, abs(c.after - c.before)) for c in effect.cells]
    form = sum(size for measure, facet, size in moved if facet == ALL_FIELDS and measure in _FORM)
    fields = sum(size for _, facet, size in moved if facet != ALL_FIELDS)
    notes = sum(size for measure, _, size in moved if measure.startswith(NOTE))
    return -round(rate, 12), -form, -fields, -notes


def _number(mendings: Sequence[Mending]) -> _Numbered:
    schema = DOSSIER.arrow_schema()
    after = [mending.after.select(schema.names).cast(schema) for mending in mendings]
    return _Numbered(
        Changed(
            pa.concat_arrays([mending.at.cast(pa.int64()) for mending in mendings]),
            pa.concat_tables(after).combine_chunks(),
        ),
        pa.concat_arrays([pa.repeat(pa.scalar(each.rule, pa.string()), len(each.at)) for each in mendings]),
        *(
            pa.concat_arrays([_text(part) for part in parts])
            for parts in zip(*((each.columns, each.was, each.value) for each in mendings), strict=True)
        ),
    )


def _text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return (column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column).cast(pa.string())


def _rate_parts(unit: str, cells: Mapping[CellKey, int]) -> tuple[int, int]:
    above, below = (
        sum(cells.get((measure, unit, ALL_FIELDS), 0) for measure in measures)
        for measures in (ON_TIME_RATE.numerator, ON_TIME_RATE.denominator)
    )
    return above, below


def _rate(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    rates = np.zeros_like(above)
    np.divide(above, below, out=rates, where=below != 0)
    return rates


def _bools(mask: pa.Array | pa.ChunkedArray) -> np.ndarray:
    mask = mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
    return np.asarray(mask.to_numpy(zero_copy_only=False), dtype=bool)
