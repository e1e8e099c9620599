"""One reason for every receipt, register line or filled-in item that counts otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.restating.model import REASONS, SOURCE, Counted, LedgerContext, Numbers, Reason
from transforms.history.restating.pairs import Mask, as_mask, unequal

_KEY = ("kind", "unit_code", "record")
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class EntryReasons:
    """Every record of either side, numbered, with its reason and a row of each side that names it."""

    keys: pa.Array
    sides: tuple[tuple[pa.Table, Numbers], tuple[pa.Table, Numbers]]
    """(entries, for each record a row of them, -1 where it has none), before and after."""
    is_removed: Mask
    reasons: Numbers
    """Places in ``REASONS``."""

    def numbers_of(self, entries: pa.Table) -> Numbers:
        """The record that each row belongs to."""
        found = pc.index_in(_keys(entries), value_set=self.keys)
        return np.asarray(found.to_numpy(zero_copy_only=False)).astype(np.int64)


def find_entry_reasons(
    was: pa.Table, now: pa.Table, before: Counted, after: Counted, context: LedgerContext
) -> EntryReasons:
    """The reasons of the records of two counts; ``was`` and ``now`` have the schema ``ENTRIES``."""
    keys_before, keys_after = _keys(was), _keys(now)
    keys = pc.unique(pa.concat_arrays([keys_before, keys_after]))
    at_before, at_after = (_first_rows(keys, own) for own in (keys_before, keys_after))
    older, newer = (
        side.take(pa.array(rows, mask=rows < 0)) for side, rows in ((was, at_before), (now, at_after))
    )
    is_added, is_removed = at_before < 0, at_after < 0
    is_same_row = np.ones(len(keys), dtype=bool)
    for name, _ in SOURCE:
        is_same_row &= ~unequal(older[name], newer[name])
    has_other_days = (before.closing_day, before.first_day) != (after.closing_day, after.first_day)
    taken_out = pa.array([_SEPARATOR.join(record) for record in sorted(context.removed)], pa.string())
    conditions = [
        (is_added & ~_is_in(newer["unit_code"], before.units), Reason.CATALOGUE_CHANGE),
        (is_added & _is_in(newer["_delivery_id"], context.corrections | before.deliveries), Reason.CORRECTED),
        (is_added, Reason.NEW_DELIVERY),
        (is_removed & ~_is_in(older["unit_code"], after.units), Reason.CATALOGUE_CHANGE),
        (_is_in(older["_delivery_id"], context.retracted), Reason.RETRACTED),
        (is_removed & as_mask(pc.is_in(keys, value_set=taken_out)), Reason.RETRACTED),
        # Its code or number was mended: the record goes on under another name.
        (is_removed, Reason.CORRECTED),
        (is_same_row & np.full(len(keys), has_other_days), Reason.CLOSING_DAY),
        (is_same_row, Reason.CATALOGUE_CHANGE),
    ]
    reasons = np.select(
        [condition for condition, _ in conditions],
        [np.full(len(keys), REASONS.index(reason)) for _, reason in conditions],
        np.full(len(keys), REASONS.index(Reason.CORRECTED)),
    )
    return EntryReasons(keys, ((was, at_before), (now, at_after)), is_removed, reasons)


def _keys(entries: pa.Table) -> pa.Array:
    keys = pc.binary_join_element_wise(*(pc.fill_null(entries[name], "") for name in _KEY), _SEPARATOR)
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys


def _first_rows(keys: pa.Array, own: pa.Array) -> Numbers:
    found = pc.fill_null(pc.index_in(keys, value_set=own).cast(pa.int64()), -1)
    return np.asarray(found.to_numpy(zero_copy_only=False)).astype(np.int64)


def _is_in(column: pa.ChunkedArray, values: frozenset[str]) -> Mask:
    return as_mask(pc.is_in(column, value_set=pa.array(sorted(values), column.type), skip_nulls=True))
