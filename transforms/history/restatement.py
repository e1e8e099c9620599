"""The ledger of a restatement: every cell that reads otherwise, and the records that make the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.restating.model import (
    REASONS,
    TOTAL,
    CellChange,
    CellKey,
    Counted,
    Details,
    DossierChange,
    Ledger,
    LedgerContext,
    Reason,
)
from transforms.history.restating.parts import Parts, dossier_parts, entry_parts

__all__ = [
    "CellChange",
    "CellKey",
    "Counted",
    "DossierChange",
    "Ledger",
    "LedgerContext",
    "Reason",
    "explain",
    "roll_up",
]


def explain(before: Counted, after: Counted, context: LedgerContext) -> Ledger:
    """Every cell whose value differs between two counts, with the records behind it and a reason each.

    The parts of a cell's records add up to new − old; what they leave over, because the cells were counted
    by other rules than ``context.contribute``, is the change's ``unexplained``. A total (facet ``*``) that
    only one side has changes from or to "không có số liệu"; a facet that does not occur where its total is
    counted is a true zero, as it is in a report. A cell in which records come and go without changing its
    value is no change.
    """
    changed = _changed_cells(before.cells, after.cells)
    parts = (dossier_parts(before, after, context), entry_parts(before, after, context))
    details = _details(parts, {key: number for number, (key, _, _) in enumerate(changed)})
    starts = np.searchsorted(details.cell, np.arange(len(changed) + 1)).tolist()
    reasons = _reasons(details, len(changed))
    changes = []
    for number, (key, old, new) in enumerate(changed):
        told = reasons.get(number, ())
        rest = (new or 0) - (old or 0) - sum(part for _, _, part in told)
        changes.append(CellChange(*key, old, new, told, rest, details, (starts[number], starts[number + 1])))
    return Ledger(tuple(changes), details)


def roll_up(cells: Mapping[CellKey, int], unit: str, units: Iterable[str]) -> dict[CellKey, int]:
    """The cells of those units and, as the cells of ``unit``, their sums; other units are left out.

    A sum exists where any of the units has the cell: who is missing does not count, and is not 0.
    """
    wanted = set(units)
    kept = {key: value for key, value in cells.items() if key[1] in wanted}
    if wanted == {unit}:
        return kept
    sums: dict[CellKey, int] = {}
    for (measure, _, facet), value in kept.items():
        sums[measure, unit, facet] = sums.get((measure, unit, facet), 0) + value
    return {**kept, **sums}


def _changed_cells(
    before: Mapping[CellKey, int], after: Mapping[CellKey, int]
) -> list[tuple[CellKey, int | None, int | None]]:
    """(cell, old, new) by unit, totals first, then measure and facet."""
    values = [
        (key, _value(before, key), _value(after, key))
        for key in sorted({*before, *after}, key=lambda key: (key[1], key[2] != TOTAL, key[0], key[2]))
    ]
    return [(key, old, new) for key, old, new in values if old != new]


def _value(cells: Mapping[CellKey, int], key: CellKey) -> int | None:
    value = cells.get(key)
    measure, unit, facet = key
    if value is None and facet != TOTAL and (measure, unit, TOTAL) in cells:
        return 0
    return value


def _details(parts: Sequence[Parts], cells: Mapping[CellKey, int]) -> Details:
    """The parts of those cells, cell by cell; parts of cells that did not change are left out."""
    records = pa.concat_tables([each.records for each in parts]).combine_chunks()
    order = pc.sort_indices(
        records, sort_keys=[(name, "ascending") for name in ("kind", "unit_code", "code", "file", "row")]
    ).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    offsets = np.cumsum([0, *(each.records.num_rows for each in parts[:-1])])
    cell = np.concatenate(
        [np.array([cells.get(key, -1) for key in each.cells], dtype=np.int64)[each.cell] for each in parts]
    )
    record = rank[np.concatenate([each.record + offset for each, offset in zip(parts, offsets, strict=True)])]
    kept = np.flatnonzero(cell >= 0)
    kept = kept[np.argsort(cell[kept] * (len(order) + 1) + record[kept], kind="stable")]
    reason, before, after = (
        np.concatenate([getattr(each, name) for each in parts])[kept]
        for name in ("reason", "before", "after")
    )
    return Details(records.take(pa.array(order)), cell[kept], record[kept], reason, before, after)


def _reasons(details: Details, cell_count: int) -> dict[int, tuple[tuple[Reason, int, int], ...]]:
    width = len(REASONS)
    slot = details.cell * width + details.reason
    counts = np.bincount(slot, minlength=cell_count * width)
    order = np.argsort(slot, kind="stable")
    differences = np.concatenate([[0], np.cumsum((details.after - details.before)[order])])
    ends = np.cumsum(counts)
    parts = differences[ends] - differences[ends - counts]
    found: dict[int, list[tuple[Reason, int, int]]] = {}
    for each in np.flatnonzero(counts).tolist():
        told = (REASONS[each % width], int(counts[each]), int(parts[each]))
        found.setdefault(each // width, []).append(told)
    return {
        cell: tuple(sorted(told, key=lambda each: (-each[1], each[0].value))) for cell, told in found.items()
    }
