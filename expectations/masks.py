"""Row tests on Arrow columns: true where a row fails, never null, no row loops.

A null never fails a test other than ``is_missing``: absence is a finding of its own, and Great
Expectations leaves nulls out of every other test as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.order import ascends

Mask = Callable[[pa.Table], pa.Array]


def _flat(result: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One boolean array without nulls."""
    filled = pc.fill_null(result, False)
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


def _values(table: pa.Table, column: str, values: Sequence[str | int]) -> pa.Array:
    return pa.array(list(values)).cast(table.schema.field(column).type)


def is_missing(column: str) -> Mask:
    """True where the column is null."""
    return lambda table: _flat(pc.is_null(table[column]))


def is_present(column: str) -> Mask:
    """True where the column is not null."""
    return lambda table: _flat(pc.is_valid(table[column]))


def is_in(column: str, values: Sequence[str | int]) -> Mask:
    """True where the column holds one of the values."""
    return lambda table: _flat(pc.is_in(table[column], value_set=_values(table, column, values)))


def is_not_in(column: str, values: Sequence[str | int]) -> Mask:
    """True where the column holds something else than one of the values, or nothing."""
    return lambda table: pc.invert(is_in(column, values)(table))


def is_below(column: str, minimum: int) -> Mask:
    """True where the column is smaller than the minimum."""
    return lambda table: _flat(pc.less(table[column], minimum))


def is_above(column: str, maximum: int | date) -> Mask:
    """True where the column is greater (a day: later) than the maximum."""
    return lambda table: _flat(
        pc.greater(table[column], pa.scalar(maximum, table.schema.field(column).type))
        if isinstance(maximum, date)
        else pc.greater(table[column], maximum)
    )


def is_unlike(column: str, pattern: str) -> Mask:
    """True where the text does not match the regular expression."""
    return lambda table: _flat(pc.invert(pc.match_substring_regex(table[column], pattern)))


def is_before(column: str, other: str) -> Mask:
    """True where the first column's value is smaller (a day: earlier) than the second's."""
    return lambda table: _flat(pc.less(table[column], table[other]))


def differs(column: str, other: str) -> Mask:
    """True where both columns have a value and the two are not equal."""
    return lambda table: _flat(pc.not_equal(table[column], table[other]))


def both(first: Mask, second: Mask) -> Mask:
    """True where both tests are true."""
    return lambda table: pc.and_(first(table), second(table))


def is_repeated(columns: Sequence[str]) -> Mask:
    """True for every row whose combination of values occurs more than once.

    Rows with a null in any of the columns are left out.
    """

    def fails(table: pa.Table) -> pa.Array:
        names = list(columns)
        whole = [table[name].combine_chunks() for name in names if table[name].null_count == 0]
        if whole and ascends(whole):
            return pa.repeat(
                pa.scalar(False), table.num_rows
            )  # as records come, sorted by what must be unique
        keys = table.select(names).append_column("_index", pa.array(np.arange(table.num_rows)))
        keys = keys.filter(_flat(_all_valid(keys, names)))
        counts = keys.group_by(names).aggregate([("_index", "count")])
        repeated = counts.filter(pc.greater(counts["_index_count"], 1))
        failing = np.zeros(table.num_rows, dtype=bool)
        if repeated.num_rows:
            rows = keys.join(repeated, keys=names, join_type="inner")
            failing[rows["_index"].to_numpy()] = True
        return pa.array(failing)

    return fails


def _all_valid(table: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    valid = pc.is_valid(table[names[0]])
    for name in names[1:]:
        valid = pc.and_(valid, pc.is_valid(table[name]))
    return valid
