"""What each record added to each cell before and adds now, with the reason of the difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.restating.dossier_reasons import find_dossier_reasons
from transforms.history.restating.entry_reasons import find_entry_reasons
from transforms.history.restating.model import (
    CONTRIBUTIONS,
    ENTRIES,
    RECORDS,
    TOTAL,
    CellKey,
    Contribute,
    Counted,
    LedgerContext,
    Numbers,
    conform,
)
from transforms.history.restating.pairs import Mask, pair_changed

_CELL = ("measure", "unit_code", "facet")


@dataclass(frozen=True, slots=True)
class Parts:
    """One row for each record and cell to which it adds another amount than before.

    ``record`` is a row of ``records`` (schema ``RECORDS``), ``cell`` a place in ``cells``, ``reason`` one in
    ``REASONS``.
    """

    records: pa.Table
    cells: tuple[CellKey, ...]
    cell: Numbers
    record: Numbers
    reason: Numbers
    before: Numbers
    after: Numbers


def dossier_parts(before: Counted, after: Counted, context: LedgerContext) -> Parts:
    """The parts of dossiers.

    Only dossiers that differ are turned into contributions, so a small change costs little more than one
    comparison of the two populations.
    """
    pairs = pair_changed(before.population, after.population)
    was = _contributions(pairs.before, pairs.is_added, context.contribute)
    now = _contributions(pairs.after, pairs.is_removed, context.contribute)
    net = _with_rollup(_net(was, now), context.rollup)
    reasons = find_dossier_reasons(pairs, before, after, context)
    is_total = np.array([facet == TOTAL for _, _, facet in net.cells], dtype=bool)[net.cell]
    older, newer = pairs.before, pairs.after
    records = _records(
        kind=pa.repeat(pa.scalar("dossier"), older.num_rows),
        code=pc.coalesce(newer["dossier_code"], older["dossier_code"]),
        unit_code=pc.coalesce(newer["unit_code"], older["unit_code"]),
        state_before=older["state"],
        state_after=newer["state"],
        field_before=older["field_id"],
        field_after=newer["field_id"],
        **_place(older, newer, pairs.is_removed),
    )
    reason = reasons.of(net.record, is_total)
    return Parts(records, net.cells, net.cell, net.record, reason, net.before, net.after)


def entry_parts(before: Counted, after: Counted, context: LedgerContext) -> Parts:
    """The parts of receipts, register lines and filled-in items."""
    was, now = conform(before.entries, ENTRIES), conform(after.entries, ENTRIES)
    found = find_entry_reasons(was, now, before, after, context)
    sides = (side.append_column("row", pa.array(found.numbers_of(side))) for side in (was, now))
    counting = (side.filter(pc.not_equal(side["measure"], "")) for side in sides)
    net = _with_rollup(_net(*(side.select(CONTRIBUTIONS.names) for side in counting)), context.rollup)
    older, newer = (side.take(pa.array(rows, mask=rows < 0)) for side, rows in found.sides)
    empty = pa.nulls(older.num_rows, pa.string())
    records = _records(
        kind=pc.coalesce(newer["kind"], older["kind"]),
        code=pc.coalesce(newer["record"], older["record"]),
        unit_code=pc.coalesce(newer["unit_code"], older["unit_code"]),
        state_before=empty,
        state_after=empty,
        field_before=empty,
        field_after=empty,
        **_place(older, newer, found.is_removed),
    )
    reason = found.reasons[net.record]
    return Parts(records, net.cells, net.cell, net.record, reason, net.before, net.after)


@dataclass(frozen=True, slots=True)
class _Net:
    """Records and cells with a difference, in no order that means anything."""

    cells: tuple[CellKey, ...]
    cell: Numbers
    record: Numbers
    before: Numbers
    after: Numbers


def _contributions(rows: pa.Table, is_absent: Mask, contribute: Contribute) -> pa.Table:
    """The contributions of the rows that are there, ``row`` counted among all of them."""
    present = np.flatnonzero(~is_absent)
    made = conform(contribute(rows.take(pa.array(present))), CONTRIBUTIONS).select(CONTRIBUTIONS.names)
    return made.set_column(0, "row", pa.array(present[made["row"].to_numpy()]))


def _net(was: pa.Table, now: pa.Table) -> _Net:
    """The sums of both sides by cell and record, where they differ. Both have the columns ``CONTRIBUTIONS``."""
    coded = [
        pa.chunked_array([*was[name].chunks, *now[name].chunks], was[name].type)
        .combine_chunks()
        .dictionary_encode()
        for name in _CELL
    ]
    sizes = [max(len(each.dictionary), 1) for each in coded]
    numbers = np.zeros(was.num_rows + now.num_rows, dtype=np.int64)
    for each, size in zip(coded, sizes, strict=True):
        numbers = numbers * size + each.indices.to_numpy()
    # One whole number for cell and record groups several times faster than their texts do.
    record = np.concatenate([was["row"].to_numpy(), now["row"].to_numpy()])
    width = int(record.max(initial=0)) + 1
    amounts = [np.asarray(side["amount"].to_numpy()) for side in (was, now)]
    nothing = [np.zeros(side.num_rows, dtype=np.int64) for side in (was, now)]
    key, before, after = _summed(
        numbers * width + record,
        np.concatenate([amounts[0], nothing[1]]),
        np.concatenate([nothing[0], amounts[1]]),
    )
    occurring, cell = np.unique(key // width, return_inverse=True)
    facets = occurring % sizes[2]
    units = occurring // sizes[2] % sizes[1]
    measures = occurring // sizes[2] // sizes[1]
    texts = (
        each.dictionary.take(pa.array(places)).to_pylist()
        for each, places in zip(coded, (measures, units, facets), strict=True)
    )
    return _Net(tuple(zip(*texts, strict=True)), cell, key % width, before, after)


def _with_rollup(net: _Net, rollup: str) -> _Net:
    """The differences and, where there is a unit above, their sums over units for its cells.

    What moved from one of its units to another nets out there.
    """
    if not rollup or not net.cells:
        return net
    above = {key: number for number, key in enumerate(dict.fromkeys((m, f) for m, _, f in net.cells))}
    number = np.array([above[m, f] for m, _, f in net.cells], dtype=np.int64)[net.cell]
    width = int(net.record.max(initial=0)) + 1
    key, before, after = _summed(number * width + net.record, net.before, net.after)
    return _Net(
        (*net.cells, *((measure, rollup, facet) for measure, facet in above)),
        np.concatenate([net.cell, key // width + len(net.cells)]),
        np.concatenate([net.record, key % width]),
        np.concatenate([net.before, before]),
        np.concatenate([net.after, after]),
    )


def _summed(key: Numbers, before: Numbers, after: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The keys whose two sums differ, with both sums."""
    sums = (
        pa.table({"key": key, "before": before, "after": after})
        .group_by("key")
        .aggregate([("before", "sum"), ("after", "sum")])
    )
    found = sums.filter(pc.not_equal(sums["before_sum"], sums["after_sum"]))
    keys, was, now = (
        np.asarray(found[name].to_numpy(), dtype=np.int64) for name in ("key", "before_sum", "after_sum")
    )
    return keys, was, now


def _place(older: pa.Table, newer: pa.Table, is_removed: Mask) -> dict[str, pa.Array]:
    """Where staff find the record: in the newer row, in the older one where it is gone."""
    gone = pa.array(is_removed)
    return {name[1:]: pc.if_else(gone, older[name], newer[name]) for name in ("_file", "_sheet", "_row")}


def _records(**columns: pa.Array) -> pa.Table:
    filled = [
        pc.fill_null(columns[item.name], 0 if item.type == pa.int64() else "").cast(item.type)
        for item in RECORDS
    ]
    return pa.table(filled, schema=RECORDS).combine_chunks()
