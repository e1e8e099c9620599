"""Working days of whole columns: Arrow arrays of days in, Arrow arrays out, nulls kept.

A day outside 1990-2100 is a typing error and gives null, as a missing day does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from transforms.calendar.tables import Days, Flags
from transforms.calendar.work_calendar import WorkCalendar


def is_working_day(days: pa.Array, calendar: WorkCalendar) -> pa.Array:
    """True on working days; bool."""
    numbers, given = _numbers(days)
    found, is_known = calendar.tables.is_working(numbers)
    return _array(found, given & is_known, pa.bool_())


def next_working_day(days: pa.Array, calendar: WorkCalendar) -> pa.Array:
    """The first working day after each day; date32."""
    return add_working_days(days, 1, calendar)


def on_or_after(days: pa.Array, calendar: WorkCalendar) -> pa.Array:
    """The day itself where it is worked, else the next working day; date32."""
    numbers, given = _numbers(days)
    # The first working day after the day before.
    found, is_known = calendar.tables.shift(numbers - 1, np.ones(len(numbers), np.int64))
    return _array(found, given & is_known, pa.date32())


def add_working_days(days: pa.Array, counts: pa.Array | int, calendar: WorkCalendar) -> pa.Array:
    """The ``counts``-th working day after each day (whole numbers, or one for all); date32."""
    numbers, given = _numbers(days)
    if isinstance(counts, int):
        steps, told = np.full(len(numbers), counts, np.int64), np.ones(len(numbers), np.bool_)
    else:
        steps, told = _values(counts)
    found, is_known = calendar.tables.shift(numbers, steps)
    return _array(found, given & told & is_known, pa.date32())


def working_days_between(first: pa.Array, last: pa.Array, calendar: WorkCalendar) -> pa.Array:
    """Working days from ``first``, not counted, to ``last``; negative where ``last`` comes first; int64."""
    (start, has_start), (end, has_end) = _numbers(first), _numbers(last)
    found, is_known = calendar.tables.between(start, end)
    return _array(found, has_start & has_end & is_known, pa.int64())


def has_doubt(first: pa.Array, last: pa.Array, calendar: WorkCalendar) -> pa.Array:
    """True where a day that is not verified lies between the two (the earlier one itself left out); bool."""
    (start, has_start), (end, has_end) = _numbers(first), _numbers(last)
    found, is_known = calendar.tables.has_doubt(start, end)
    return _array(found, has_start & has_end & is_known, pa.bool_())


def _numbers(days: pa.Array | pa.ChunkedArray) -> tuple[Days, Flags]:
    return _values(days.cast(pa.date32()).cast(pa.int32()))


def _values(column: pa.Array | pa.ChunkedArray) -> tuple[Days, Flags]:
    """(numbers with 0 for null, which are given)."""
    array: Any = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    given: Flags = array.is_valid().to_numpy(zero_copy_only=False)
    values: Days = array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return values, given


def _array(values: Days | Flags, is_given: Flags, kind: pa.DataType) -> pa.Array:
    raw = values.astype(np.int32) if pa.types.is_date32(kind) else values
    return pa.array(raw, mask=~is_given).cast(kind)
