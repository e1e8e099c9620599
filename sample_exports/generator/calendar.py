"""Working days and promised days of 2020-2021, as the one-stop software reckons them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

WINDOW_START = date(2020, 12, 15)
WINDOW_END = date(2021, 9, 14)
EXPORT_DAY = date(2021, 9, 5)
EXPORTED = datetime.combine(EXPORT_DAY, time(16, 30))
"""When the lists were exported; naive Vietnam time, as every moment here."""
FIRST_EXPORT = datetime.combine(date(2021, 8, 27), time(17, 0))
"""When xã Tân Bình and xã Hóa Quỳ exported a first time."""
LAST_MOMENT = datetime.combine(date(2021, 9, 1), time(17, 0))
"""End of the last working day before the export: 2-3/9 are public holidays, 4-5/9 a weekend."""

DAYS_OFF = frozenset(
    [
        date(2021, 1, 1),
        *(date(2021, 2, day) for day in range(10, 17)),
        date(2021, 4, 21),
        date(2021, 4, 30),
        date(2021, 5, 3),
        date(2021, 9, 2),
        date(2021, 9, 3),
    ]
)
"""Public holidays on weekdays: New Year, Tết, Hùng Kings, 30/4, 1/5 in lieu, National Day."""


def is_working_day(day: date) -> bool:
    """True on a weekday that is no public holiday."""
    return day.weekday() < 5 and day not in DAYS_OFF


def working_days(first: date, last: date) -> list[date]:
    """Every working day from ``first`` to ``last``, both included."""
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if is_working_day(day)]


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def add_calendar_days(day: date, count: int) -> date:
    """``count`` days after ``day``, moved on to the next working day where it falls on a day off."""
    day += timedelta(days=count)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def promised_day(received: datetime, time_value: int | None, time_unit: str) -> date | None:
    """The promised day; same-day procedures received from 15:00 on get the next working day (NĐ 23/2015)."""
    if time_value is None:
        return None
    if time_unit == "same_day":
        return received.date() if received.hour < 15 else add_working_days(received.date(), 1)
    if time_unit == "working_day":
        return add_working_days(received.date(), time_value)
    return add_calendar_days(received.date(), time_value)
