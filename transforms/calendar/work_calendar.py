"""Working days of public offices: which days they are, and reckoning with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from transforms.calendar.days_off import WEEKEND, DayOff
from transforms.calendar.tables import (
    FIRST_DAY,
    LAST_DAY,
    DayTables,
    build_tables,
    day_number,
    number_day,
)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A reckoned day, and what about the calendar on the way to it is not certain."""

    day: date
    notes: tuple[str, ...] = ()
    """One phrase for every day that is not verified and every year without a calendar."""

    @property
    def is_flagged(self) -> bool:
        """True where the day may come out otherwise once the calendar is settled."""
        return bool(self.notes)


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """The working week of Monday to Friday with its dated exceptions.

    Made by ``build_calendar``. A year without any row is reckoned with weekends only, and whatever
    touches it is flagged.
    """

    rows: Mapping[date, DayOff]
    years: frozenset[int]
    """Years for which the calendar holds rows."""
    tables: DayTables

    def is_working_day(self, day: date) -> bool:
        """True on a weekday that is not off and on a day worked by a swap."""
        row = self.rows.get(day)
        return row.is_worked if row else day.weekday() not in WEEKEND

    def add_working_days(self, day: date, count: int) -> WorkingDay:
        """The ``count``-th working day after ``day``, which is not counted itself; back for a negative one.

        0 gives the day as it is. ValueError outside 1990-2100.
        """
        found, is_known = self.tables.shift(_one(day), np.array([count], np.int64))
        if not is_known[0]:
            raise _outside(day)
        return self._flagged(day, number_day(int(found[0])))

    def next_working_day(self, day: date) -> WorkingDay:
        """The first working day after ``day``."""
        return self.add_working_days(day, 1)

    def on_or_after(self, day: date) -> WorkingDay:
        """The day itself where it is worked, else the next working day.

        Source: Bộ luật Dân sự 91/2015/QH13, Art. 148.5, on a term that ends on a day off.
        """
        if self.is_working_day(day):
            return WorkingDay(day, self.doubts(day, day))
        return self._flagged(day, self.next_working_day(day).day, with_first=True)

    def working_days_between(self, first: date, last: date) -> int:
        """Working days from ``first``, not counted, to ``last``; negative where ``last`` comes first.

        What ``add_working_days`` adds, this takes back. ValueError outside 1990-2100.
        """
        found, is_known = self.tables.between(_one(first), _one(last))
        if not is_known[0]:
            raise _outside(min(first, last) if first < FIRST_DAY or last < FIRST_DAY else max(first, last))
        return int(found[0])

    def doubts(self, first: date, last: date) -> tuple[str, ...]:
        """What is not certain about the days from ``first`` to ``last``, both included."""
        unsure = [row for day, row in self.rows.items() if first <= day <= last and row.is_doubtful]
        missing = [year for year in range(first.year, last.year + 1) if year not in self.years]
        return (
            *(row.words for row in sorted(unsure, key=lambda row: row.day)),
            *(f"chưa có lịch nghỉ lễ của năm {year}" for year in missing),
        )

    def _flagged(self, start: date, found: date, with_first: bool = False) -> WorkingDay:
        if start == found and not with_first:
            return WorkingDay(found)
        low, high = min(start, found), max(start, found)
        first = low if with_first or found < start else date.fromordinal(low.toordinal() + 1)
        return WorkingDay(found, self.doubts(first, high))


def build_calendar(rows: Iterable[DayOff]) -> WorkCalendar:
    """The calendar with these exceptions; of two rows for one day the later one counts."""
    return _build(tuple(rows))


@lru_cache(maxsize=8)
def _build(rows: tuple[DayOff, ...]) -> WorkCalendar:
    by_day = {row.day: row for row in rows}
    return WorkCalendar(by_day, frozenset(day.year for day in by_day), build_tables(by_day.values()))


def _one(day: date) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([day_number(day)], np.int64)


def _outside(day: date) -> ValueError:
    return ValueError(f"{day} is not reckoned: the calendar holds {FIRST_DAY} to {LAST_DAY}")
