"""Exports that held a record again unchanged: when each record was really exported last.

A version is stored only when content changed, so a record that newer exports merely repeat keeps the
export time of its first version. What those exports held is remembered as ranges of keys; without it an
export from between the two that arrives late would win over what is newer than itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.schema.keys import KEY_SEPARATOR, key_texts
from transforms.schema.model import Table
from transforms.schema.tables import CONFIRMED


def last_exported(rows: pa.Table, table: Table, confirmed: pa.Table) -> pa.Array:
    """When each record was last exported: its own ``_exported_at``, or the latest export that confirmed it.

    ``rows``: latest versions of ``table``; ``confirmed``: rows of ``CONFIRMED`` about the same kind, known
    at the same instant. A range confirms only what was known when it was written: versions of an earlier
    ``_known_from``. Cost: the ranges younger than the oldest row, each a search in the sorted keys.
    """
    own = rows.column("_exported_at").combine_chunks()
    if rows.num_rows == 0 or confirmed.num_rows == 0:
        return own
    younger = pc.greater(confirmed.column("_exported_at"), pc.min(own))
    ranges = confirmed.filter(pc.fill_null(younger, False))
    if ranges.num_rows == 0:
        return own
    keys = key_texts(rows, table)
    order = pc.sort_indices(keys).to_numpy()
    ordered = keys.take(pa.array(order)).to_pylist()
    # A version without an instant is being written now: nothing can have confirmed it yet.
    last_instant = np.iinfo(np.int64).max
    known = _whole(rows.column("_known_from"), last_instant)[order]
    exported = _whole(own, 0)[order]
    bounds = [ranges.column(name).to_pylist() for name in ("first_key", "last_key")]
    moments = _whole(ranges.column("_exported_at"), 0), _whole(ranges.column("_known_from"), 0)
    for first, last, exported_at, known_from in zip(*bounds, *moments, strict=True):
        span = slice(bisect_left(ordered, first), bisect_right(ordered, last))
        held = (known[span] < known_from) & (exported[span] < exported_at)
        exported[span][held] = exported_at
    result = np.empty_like(exported)
    result[order] = exported
    return pa.array(result).cast(own.type)


def confirmed_ranges(
    known: pa.Table, records: pa.Table, confirmed: pa.Array, table: Table, kind: str
) -> pa.Table:
    """What a delivery confirms, as rows of ``CONFIRMED`` with ``_known_from`` null; empty where nothing.

    ``known``: latest versions of the delivery's units before it; ``records``: its own; ``confirmed``: keys
    (``key_texts``) of the records that it holds unchanged. Every known record of
    one unit with a key in a range is in ``records``, so that the usual export, which repeats everything
    since the start of the year, gives one row per unit.
    """
    if len(confirmed) == 0:
        return CONFIRMED.empty()
    delivered = key_texts(records, table)
    keys = pc.unique(pa.concat_arrays([key_texts(known, table), delivered]))
    keys = keys.take(pc.sort_indices(keys))
    is_held = _bools(pc.is_in(keys, value_set=delivered))
    units = pc.list_element(pc.split_pattern(keys, KEY_SEPARATOR, max_splits=1), 0)
    same_unit = _bools(pc.equal(units.slice(1), units.slice(0, len(units) - 1)))
    after_held = np.concatenate([[False], is_held[:-1] & same_unit])
    before_held = np.concatenate([is_held[1:] & same_unit, [False]])
    starts = np.flatnonzero(is_held & ~after_held)
    stops = np.flatnonzero(is_held & ~before_held)
    counted = np.concatenate([[0], np.cumsum(_bools(pc.is_in(keys, value_set=confirmed)))])
    says_something = counted[stops + 1] > counted[starts]
    starts, stops = starts[says_something], stops[says_something]
    size = len(starts)
    first_row = records.slice(0, 1).to_pylist()[0]
    columns = {
        "unit_code": units.take(pa.array(starts)),
        "kind": pa.repeat(pa.scalar(kind, pa.string()), size),
        "first_key": keys.take(pa.array(starts)),
        "last_key": keys.take(pa.array(stops)),
        "_delivery_id": pa.repeat(pa.scalar(first_row["_delivery_id"], pa.string()), size),
        "_exported_at": pa.repeat(
            pa.scalar(first_row["_exported_at"], CONFIRMED.column("_exported_at").type), size
        ),
        "_known_from": pa.nulls(size, CONFIRMED.column("_known_from").type),
    }
    return pa.table([columns[name] for name in CONFIRMED.names], schema=CONFIRMED.arrow_schema())


def _whole(column: pa.Array | pa.ChunkedArray, missing: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    values = pc.fill_null(column.cast(pa.int64()), missing)
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    # A copy: the array is written to.
    return np.array(values.to_numpy(zero_copy_only=False), dtype=np.int64)


def _bools(values: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=bool)
