"""The cells and the dossiers of one report as tables that are kept with its publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.model import IndicatorTable
from transforms.schema.published import PUBLISHED_CELL, PUBLISHED_DOSSIER

WITHHELD = "withheld"
Printed = Mapping[str, int | float]
"""Cell id → value of every figure that a report prints."""


def published_cells(
    table: IndicatorTable,
    node_code: str,
    leaf_codes: Sequence[str],
    printed: Printed,
    hidden: frozenset[tuple[str, str, str]] = frozenset(),
) -> pa.Table:
    """Rows of ``PUBLISHED_CELL`` by cell id: every counted cell and note of the leaves, their sums under a
    roll-up's own code, and whatever else the report prints (shares, sums of measures, supplement numbers).

    A cell that no leaf has is not a row: missing is not zero. ``hidden``: (measure, unit, facet) of cells that a
    public edition leaves out; their rows say so and hold no value.
    """
    rows: dict[str, dict[str, Any]] = {}
    for (measure, facet), by_unit in _counted(table, leaf_codes).items():
        if _is_rollup(node_code, leaf_codes):
            total = table.value(measure, tuple(leaf_codes), facet)
            by_unit = by_unit if total is None else {**by_unit, node_code: total}
        for unit, value in by_unit.items():
            cell_id = table.reckoning.cell_id(measure, unit, facet)
            is_hidden = (measure, unit, facet) in hidden
            rows[cell_id] = _row(cell_id, WITHHELD if is_hidden else "count", measure, unit, facet, value)
            if is_hidden:
                rows[cell_id]["value"] = None
    # A withheld 0 is a withheld number too.
    for measure, unit, facet in hidden:
        cell_id = table.reckoning.cell_id(measure, unit, facet)
        rows.setdefault(cell_id, {**_row(cell_id, WITHHELD, measure, unit, facet, 0), "value": None})
    for note, by_unit in _noted(table, leaf_codes).items():
        for unit, value in _with_sum(by_unit, node_code, leaf_codes).items():
            cell_id = "note/" + table.reckoning.cell_id(note, unit)
            rows[cell_id] = _row(cell_id, "note", note, unit, "*", value)
    for cell_id, shown in printed.items():
        rows.setdefault(cell_id, _row(cell_id, "printed", "", node_code, "", shown))["is_printed"] = True
    return pa.Table.from_pylist([rows[key] for key in sorted(rows)], schema=PUBLISHED_CELL.arrow_schema())


def published_population(table: IndicatorTable, leaf_codes: Sequence[str]) -> pa.Table:
    """Rows of ``PUBLISHED_DOSSIER`` by unit and code: every dossier of the leaves, counted or not.

    ``transforms.indicators.population.rows_of_measure`` works on it as on the population itself.
    """
    schema = PUBLISHED_DOSSIER.arrow_schema()
    own = pc.is_in(table.population["unit_code"], value_set=pa.array(list(leaf_codes), pa.string()))
    rows = table.population.filter(own).select(schema.names).cast(schema)
    return rows.sort_by([(name, "ascending") for name in PUBLISHED_DOSSIER.key])


def _counted(table: IndicatorTable, leaf_codes: Sequence[str]) -> dict[tuple[str, str], dict[str, int]]:
    wanted = set(leaf_codes)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for (measure, unit, facet), value in table.cells.items():
        if unit in wanted:
            found.setdefault((measure, facet), {})[unit] = value
    return found


def _noted(table: IndicatorTable, leaf_codes: Sequence[str]) -> dict[str, dict[str, int]]:
    wanted = set(leaf_codes)
    found: dict[str, dict[str, int]] = {}
    for (note, unit), value in table.notes.items():
        if unit in wanted:
            found.setdefault(note, {})[unit] = value
    return found


def _with_sum(by_unit: Mapping[str, int], node_code: str, leaf_codes: Sequence[str]) -> dict[str, int]:
    is_rollup = _is_rollup(node_code, leaf_codes)
    return {**by_unit, node_code: sum(by_unit.values())} if is_rollup else dict(by_unit)


def _is_rollup(node_code: str, leaf_codes: Sequence[str]) -> bool:
    return tuple(leaf_codes) != (node_code,)


def _row(
    cell_id: str, kind: str, measure_id: str, unit_code: str, facet: str, value: float
) -> dict[str, Any]:
    is_whole = isinstance(value, int)
    return {
        "cell_id": cell_id,
        "kind": kind,
        "measure_id": measure_id,
        "unit_code": unit_code,
        "facet": facet,
        "value": value if is_whole else None,
        "rate": None if is_whole else value,
        "is_printed": False,
    }
