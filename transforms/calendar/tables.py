"""Every day of 1990-2100 in three counting tables, so that reckoning a column takes a few look-ups.

Days are numbers since 1/1/1970, as Arrow's date32 holds them. numpy's own business days know a week and
holidays, but no Saturday that is worked by a swap; counting tables know any day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from transforms.calendar.days_off import WEEKEND, DayOff

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
"""Outside these nothing is reckoned: a day there is a typing error."""
_EPOCH = date(1970, 1, 1)
_THURSDAY = 3
"""Weekday of the epoch."""

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def day_number(day: date) -> int:
    """Days since 1/1/1970."""
    return (day - _EPOCH).days


def number_day(number: int) -> date:
    """The day with that number."""
    return date.fromordinal(_EPOCH.toordinal() + number)


FLOOR, CEILING = day_number(FIRST_DAY), day_number(LAST_DAY)


@dataclass(frozen=True, slots=True, eq=False)
class DayTables:
    """Which days are worked, how many were before each day, and how many doubtful ones."""

    working: Days
    """Numbers of the working days, ascending."""
    worked_before: Days
    """For FLOOR … CEILING + 1: working days before that day."""
    doubtful_before: Days
    """The same for days that are not verified or lie in a year without a calendar."""

    def shift(self, days: Days, counts: Days) -> tuple[Days, Flags]:
        """(the ``counts``-th working day after each day, whether it lies in the tables).

        A negative count goes back; 0 leaves the day as it is, worked or not.
        """
        inside = _is_inside(days)
        place = np.where(inside, days - FLOOR, 0)
        after = self.worked_before[place + 1] + counts - 1
        back = self.worked_before[place] + counts
        index = np.where(counts > 0, after, back)
        is_known = inside & ((counts == 0) | ((index >= 0) & (index < len(self.working))))
        found = self.working[np.clip(index, 0, len(self.working) - 1)]
        return np.where(counts == 0, days, found), is_known

    def between(self, first: Days, last: Days) -> tuple[Days, Flags]:
        """(working days from ``first``, itself not counted, to ``last``; whether both lie in the tables).

        Negative where ``last`` comes before ``first``: then ``last`` is counted and ``first`` is not. So
        the count takes ``shift`` back: between(d, shift(d, n)) = n for every n.
        """
        is_known = _is_inside(first) & _is_inside(last)
        start, end = (np.where(is_known, days - FLOOR, 0) for days in (first, last))
        forward = self.worked_before[end + 1] - self.worked_before[start + 1]
        back = self.worked_before[end] - self.worked_before[start]
        return np.where(end >= start, forward, back), is_known

    def is_working(self, days: Days) -> tuple[Flags, Flags]:
        """(whether each day is worked, whether it lies in the tables)."""
        is_known = _is_inside(days)
        place = np.where(is_known, days - FLOOR, 0)
        return self.worked_before[place + 1] > self.worked_before[place], is_known

    def has_doubt(self, first: Days, last: Days) -> tuple[Flags, Flags]:
        """(whether a doubtful day lies after the earlier of the two, up to the later; both in the tables)."""
        is_known = _is_inside(first) & _is_inside(last)
        start, end = (np.where(is_known, days - FLOOR, 0) for days in (first, last))
        low, high = np.minimum(start, end), np.maximum(start, end)
        return self.doubtful_before[high + 1] > self.doubtful_before[low + 1], is_known


def build_tables(rows: Iterable[DayOff]) -> DayTables:
    """The tables of a week from Monday to Friday with these exceptions."""
    numbers = np.arange(FLOOR, CEILING + 1, dtype=np.int64)
    is_worked = ~np.isin((numbers + _THURSDAY) % 7, WEEKEND)
    is_doubtful = np.ones(len(numbers), dtype=np.bool_)
    rows = tuple(rows)
    for year in {row.day.year for row in rows}:
        is_doubtful[day_number(date(year, 1, 1)) - FLOOR : day_number(date(year, 12, 31)) + 1 - FLOOR] = False
    for row in rows:
        place = day_number(row.day) - FLOOR
        is_worked[place] = row.is_worked
        is_doubtful[place] = row.is_doubtful
    return DayTables(numbers[is_worked], _counted_before(is_worked), _counted_before(is_doubtful))


def _counted_before(flags: Flags) -> Days:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(flags, dtype=np.int64)])


def _is_inside(days: Days) -> Flags:
    return (days >= FLOOR) & (days <= CEILING)
