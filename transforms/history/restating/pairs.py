"""Dossiers of two populations beside each other: which appeared, which went, which read otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.restating.model import POPULATION, SOURCE, Numbers, conform

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
_NOWHERE = -1
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two tables of equal length, row beside row; a row is all null on the side that has no such dossier."""

    before: pa.Table
    after: pa.Table
    is_added: Mask
    is_removed: Mask

    def differs(self, *names: str) -> Mask:
        """True where any of the columns reads otherwise; empty equals empty."""
        found = np.zeros(self.before.num_rows, dtype=bool)
        for name in names:
            found |= unequal(self.before[name], self.after[name])
        return found


def pair_changed(before: pa.Table, after: pa.Table) -> Pairs:
    """The dossiers that are on one side only or differ in any column but their source.

    A dossier is the same when unit and code are; one that changed its unit is recognised by its code where
    that is the only one left without a partner on either side.
    """
    schema = POPULATION
    for table in (before, after):
        for item in table.schema:
            if item.name not in schema.names:
                schema = schema.append(item)
    before, after = conform(before, schema), conform(after, schema)
    beside = _partners(before, after)
    is_gone = np.ones(before.num_rows, dtype=bool)
    is_gone[beside[beside != _NOWHERE]] = False
    # Most rows read as before: only columns that are compared are brought into one order for all of them.
    is_changed = beside == _NOWHERE
    partner = pa.array(beside, mask=is_changed)
    for name in schema.names:
        if name not in dict(SOURCE):
            is_changed |= unequal(before[name].combine_chunks().take(partner), after[name])
    gone = np.flatnonzero(is_gone)
    at_before = np.concatenate([beside[is_changed], gone])
    at_after = np.concatenate([np.flatnonzero(is_changed), np.full(len(gone), _NOWHERE)])
    return Pairs(
        _taken(before, at_before), _taken(after, at_after), at_before == _NOWHERE, at_after == _NOWHERE
    )


def unequal(left: pa.Array | pa.ChunkedArray, right: pa.Array | pa.ChunkedArray) -> Mask:
    """True where two columns differ; a null equals a null, because both mean "not stated"."""
    differs = pc.fill_null(pc.not_equal(left, right), False)
    return as_mask(pc.or_(differs, pc.xor(pc.is_valid(left), pc.is_valid(right))))


def as_mask(values: Any) -> Mask:
    """A column of truths as an array, null as false."""
    filled = pc.fill_null(values, False)
    return np.asarray(filled.to_numpy() if isinstance(filled, pa.ChunkedArray) else filled.to_numpy(False))


def _partners(before: pa.Table, after: pa.Table) -> Numbers:
    """For every row of ``after`` its row of ``before``, -1 where there is none."""
    beside = _rows(pc.index_in(_keys(after), value_set=_keys(before)))
    lonely_after = np.flatnonzero(beside == _NOWHERE)
    is_alone = np.ones(before.num_rows, dtype=bool)
    is_alone[beside[beside != _NOWHERE]] = False
    lonely_before = np.flatnonzero(is_alone)
    if not len(lonely_after) or not len(lonely_before):
        return beside
    codes_after, codes_before = (
        table["dossier_code"].combine_chunks().take(pa.array(rows))
        for table, rows in ((after, lonely_after), (before, lonely_before))
    )
    by_code = pc.index_in(codes_after, value_set=codes_before, skip_nulls=True)
    is_single = pc.and_(_occurs_once(codes_after, codes_after), _occurs_once(codes_after, codes_before))
    found = _rows(pc.if_else(is_single, by_code, pa.scalar(None, by_code.type)))
    moved = found != _NOWHERE
    beside[lonely_after[moved]] = lonely_before[found[moved]]
    return beside


def _keys(table: pa.Table) -> pa.Array:
    """A text for each row that no other row has; the store knows a dossier once, a caller may not."""
    parts = [pc.fill_null(table[name], "") for name in ("unit_code", "dossier_code")]
    keys = pc.binary_join_element_wise(*parts, _SEPARATOR).combine_chunks()
    if len(pc.unique(keys)) == len(keys):
        return keys
    order = np.asarray(pc.sort_indices(keys)).astype(np.int64)
    numbers = keys.dictionary_encode().indices.to_numpy()[order]
    is_first = np.concatenate([[True], numbers[1:] != numbers[:-1]])
    starts = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    ordinal = np.empty(len(order), dtype=np.int64)
    ordinal[order] = np.arange(len(order)) - starts
    return pc.binary_join_element_wise(keys, pa.array(ordinal).cast(pa.string()), _SEPARATOR)


def _occurs_once(codes: pa.Array, among: pa.Array) -> pa.Array:
    counts = pc.value_counts(among)
    once = counts.field("values").filter(pc.equal(counts.field("counts"), 1))
    return pc.is_in(codes, value_set=once)


def _rows(indices: pa.Array) -> Numbers:
    return np.array(pc.fill_null(indices.cast(pa.int64()), _NOWHERE).to_numpy(False), dtype=np.int64)


def _taken(table: pa.Table, rows: Numbers) -> pa.Table:
    return table.take(pa.array(rows, mask=rows == _NOWHERE))
