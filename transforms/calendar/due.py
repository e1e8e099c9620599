"""The day by which a procedure's result is due, and lateness in working days.

Day by day: lists of dossiers hold no hour of reception. Sources: NĐ 23/2015/NĐ-CP, Art. 7, and Luật Hộ
tịch 60/2014/QH13, Art. 5.2, for "the same day, the next working day when received after 15:00"; Bộ luật
Dân sự 91/2015/QH13, Art. 147-148: the first day is not counted, and a term that ends on a day off ends on
the next working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from transforms.calendar import columns
from transforms.calendar.work_calendar import WorkCalendar, WorkingDay

SAME_DAY, WORKING_DAY, CALENDAR_DAY = "same_day", "working_day", "calendar_day"
"""Units of a procedure's time, as ``procedures.csv`` has them."""
AFTERNOON_LIMIT = time(15, 0)
"""Received later than this, a same-day procedure is due on the next working day."""


def due_day(
    received: date | datetime, time_value: int | None, time_unit: str, calendar: WorkCalendar
) -> WorkingDay | None:
    """The day the result is due; None where the procedure has no time.

    What is received on a day off counts as received on the next working day. With a plain date the hour
    is not known, and a same-day procedure is due that day.
    """
    if time_unit not in (SAME_DAY, WORKING_DAY, CALENDAR_DAY) or time_value is None:
        return None
    is_late_in_day = isinstance(received, datetime) and received.time() > AFTERNOON_LIMIT
    day = received.date() if isinstance(received, datetime) else received
    if time_unit == CALENDAR_DAY:
        return calendar.on_or_after(day + timedelta(days=time_value))
    start = calendar.on_or_after(day)
    if time_unit == SAME_DAY:
        time_value = 1 if is_late_in_day and start.day == day else 0
    found = calendar.add_working_days(start.day, time_value)
    return WorkingDay(found.day, (*start.notes, *(note for note in found.notes if note not in start.notes)))


def due_days(
    received: pa.Array, time_values: pa.Array, time_units: pa.Array, calendar: WorkCalendar
) -> pa.Array:
    """``due_day`` of whole columns (days, whole numbers, units); date32, null where nothing is due."""
    start = columns.on_or_after(received, calendar)
    steps = pc.if_else(_is(time_units, SAME_DAY), pa.scalar(0, pa.int64()), time_values.cast(pa.int64()))
    plain = pc.add(received.cast(pa.int32()).cast(pa.int64()), time_values.cast(pa.int64()))
    nothing = pa.scalar(None, pa.date32())
    by_calendar = columns.on_or_after(plain.cast(pa.int32()).cast(pa.date32()), calendar)
    by_work = columns.add_working_days(start, steps, calendar)
    is_by_work = pc.or_(_is(time_units, SAME_DAY), _is(time_units, WORKING_DAY))
    found = pc.if_else(is_by_work, by_work, pc.if_else(_is(time_units, CALENDAR_DAY), by_calendar, nothing))
    return pc.if_else(pc.is_valid(time_values), found, nothing)


def late_working_days(
    due: pa.Array, ended: pa.Array, calendar: WorkCalendar, paused: pa.Array | None = None
) -> pa.Array:
    """Working days from the promised day to the end, 0 where it was met; int64, null where either is missing.

    ``paused``: working days for which the work waited for the citizen (papers to supplement, money to pay),
    where the export tells them; they are taken off. Null counts as none.
    """
    late = columns.working_days_between(due, ended, calendar)
    if paused is not None:
        late = pc.subtract(late, pc.fill_null(paused.cast(pa.int64()), 0))
    return pc.max_element_wise(late, pa.scalar(0, pa.int64()), skip_nulls=False)


def _is(units: pa.Array, unit: str) -> pa.Array:
    return pc.fill_null(pc.equal(units, unit), False)
