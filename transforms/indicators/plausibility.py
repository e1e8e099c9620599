"""Dossiers per unit and calendar month, for comparing a unit with its own past and with its neighbours.

Counted by dates alone, so that a month of last year gives the same numbers tonight as it did then; the
figures that reports print come from ``volume`` and its rulebook.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.indicators.state import column

Counts = NDArray[np.int64]

OUTSIDE_STATUSES = (1, 3)
"""Newly registered and refused: never received."""
PAUSED_STATUSES = (5, 6, 8)
YEARS_BACK = 5
"""Months before that many years are left out, and with them mistyped years."""
TIME_TO_CHOOSE = 2
"""Days between reception and promised day from which the day of the end is a choice: what is promised for
the same or the next day nearly always ends on the promised day."""


@dataclass(frozen=True, slots=True)
class MonthlyCounts:
    """Numbers by unit × month, rows and columns as ``units`` and ``months`` name them."""

    units: tuple[str, ...]
    months: tuple[date, ...]
    """First days of the months, ascending and without gaps; the last one is the month of ``as_of``."""
    received: Counts
    resolved: Counts
    open_before: Counts
    """Open when the month began."""
    in_time: Counts
    """Resolved on or before the promised day, or without one."""
    with_choice: Counts
    """Resolved, and promised for at least ``TIME_TO_CHOOSE`` days after reception."""
    on_due_day: Counts
    """Of these: resolved exactly on the promised day."""
    fields: tuple[str, ...]
    received_by_field: Counts
    """Units × months × fields."""


def count_months(classified: pa.Table, as_of: date, excluded_fields: tuple[str, ...] = ()) -> MonthlyCounts:
    """Numbers of every unit that has dossiers, up to the month of ``as_of``.

    ``classified``: the version of each dossier that counts, with ``field_id`` (``catalogue.classify``). A
    dossier is resolved on its end date, else on the day of return; paused and stopped ones are not.
    """
    kept = classified.filter(pc.invert(_is_outside(classified, excluded_fields)))
    last = _month_number(as_of)
    months = tuple(_first_day(number) for number in range(last - 12 * YEARS_BACK, last + 1))
    first = last - 12 * YEARS_BACK
    units = column(kept, "unit_code").dictionary_encode()
    fields = column(kept, "field_id").dictionary_encode()
    unit_at = units.indices.to_numpy(zero_copy_only=False)
    received, resolved, due = (_days(days) for days in (column(kept, "received_date"), closing_days(kept), column(kept, "due_date")))  # fmt: skip
    received_at, resolved_at = _months(received, first), _months(resolved, first)
    shape = (len(units.dictionary), len(months))

    def count(month_at: Counts, mask: NDArray[np.bool_] | None = None) -> Counts:
        inside = (month_at >= 0) & (month_at < shape[1])
        inside = inside if mask is None else inside & mask
        cells = unit_at[inside].astype(np.int64) * shape[1] + month_at[inside]
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    received_count = count(received_at)
    # What ended although it was received before the first month was never counted as open.
    was_counted = received_at >= 0
    resolved_count = count(resolved_at)
    moves = received_count - count(np.maximum(resolved_at, received_at), was_counted & (resolved_at >= 0))
    has_due = due != _NEVER
    has_choice = has_due & (due - received >= TIME_TO_CHOOSE)
    field_count = len(fields.dictionary)
    inside = (received_at >= 0) & (received_at < shape[1])
    by_field = (unit_at[inside].astype(np.int64) * shape[1] + received_at[inside]) * field_count
    by_field = by_field + fields.indices.to_numpy(zero_copy_only=False)[inside]
    return MonthlyCounts(
        tuple(units.dictionary.to_pylist()),
        months,
        received_count,
        resolved_count,
        np.cumsum(moves, axis=1) - moves,
        count(resolved_at, ~has_due | (resolved <= due)),
        count(resolved_at, has_choice),
        count(resolved_at, has_choice & (resolved == due)),
        tuple(fields.dictionary.to_pylist()),
        np.bincount(by_field, minlength=shape[0] * shape[1] * field_count).reshape(*shape, field_count),
    )


def count_closings(dossiers: pa.Table) -> Mapping[tuple[str, date], int]:
    """(unit, day) → dossiers that ended on that day, leaving out those received on the same day.

    A busy morning of certifications ends the same day and says nothing about when work is closed.
    """
    kept = dossiers.filter(pc.invert(_is_outside(dossiers, ())))
    ended = closing_days(kept)
    is_later = pc.fill_null(pc.greater(ended, column(kept, "received_date")), False)
    pairs = pa.table({"unit": column(kept, "unit_code"), "day": ended}).filter(is_later)
    counted = pairs.group_by(["unit", "day"]).aggregate([([], "count_all")])
    names = ("unit", "day", "count_all")
    return {
        (unit, day): number
        for unit, day, number in zip(*(counted[name].to_pylist() for name in names), strict=True)
    }


def closing_days(dossiers: pa.Table) -> pa.Array:
    """The day on which each dossier's work ended, by its dates; null while it is open, paused or stopped."""
    ended = pc.coalesce(column(dossiers, "resolved_date"), column(dossiers, "returned_date"))
    is_paused = _has_status(dossiers, PAUSED_STATUSES)
    return pc.if_else(is_paused, pa.scalar(None, pa.date32()), ended)


def complete_months(counts: MonthlyCounts, data_day: date) -> int:
    """How many of the months, from the first, had ended when the unit's newest list was taken."""
    return sum(last_day(month) <= data_day for month in counts.months)


def last_day(month: date) -> date:
    """The last day of the month in which the day lies."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


_NEVER = np.iinfo(np.int64).min // 2


def _is_outside(dossiers: pa.Table, excluded_fields: tuple[str, ...]) -> pa.Array:
    outside = pc.or_(_has_status(dossiers, OUTSIDE_STATUSES), pc.is_null(column(dossiers, "received_date")))
    outside = pc.or_(outside, pc.is_null(column(dossiers, "unit_code")))
    if not excluded_fields:
        return outside
    excluded = pc.is_in(column(dossiers, "field_id"), value_set=pa.array(list(excluded_fields)))
    return pc.or_(outside, excluded)


def _has_status(dossiers: pa.Table, codes: tuple[int, ...]) -> pa.Array:
    status = column(dossiers, "status_code")
    return pc.is_in(status, value_set=pa.array(codes, status.type))


def _days(days: pa.Array) -> Counts:
    numbers: Counts = pc.fill_null(days.cast(pa.int32()).cast(pa.int64()), _NEVER).to_numpy(
        zero_copy_only=False
    )
    return numbers


def _months(days: Counts, first: int) -> Counts:
    """Month numbers counted from ``first``, below 0 for earlier days and for none."""
    known = np.where(days == _NEVER, 0, days)
    months: Counts = known.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - first
    return np.where(days == _NEVER, -1, months)


def _month_number(day: date) -> int:
    return (day.year - 1970) * 12 + day.month - 1


def _first_day(number: int) -> date:
    return date(1970 + number // 12, number % 12 + 1, 1)
