"""Working-day arithmetic: known days, laws over any calendar, columns as single days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.calendar import columns
from transforms.calendar.days_off import DayOff
from transforms.calendar.work_calendar import WorkCalendar, build_calendar

DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 6, 1), date(2021, 6, 30))
COUNTS = st.integers(-40, 40)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Weeks with some weekdays off and some weekend days worked, as a year of holidays and swaps has them."""
    days = draw(st.sets(st.dates(date(2020, 4, 1), date(2021, 9, 30)), max_size=60))
    statuses = draw(st.lists(st.sampled_from(["verified", "unverified"]), min_size=60, max_size=60))
    return build_calendar(
        DayOff(day, "swapped_work" if day.weekday() > 4 else "public_holiday", "thử", status, "thử")
        for day, status in zip(sorted(days), statuses, strict=False)
    )


def plain_add(day: date, count: int, calendar: WorkCalendar) -> date:
    """Day after day, as one counts on a wall calendar."""
    step = DAY if count > 0 else -DAY
    while count:
        day += step
        count -= (1 if step == DAY else -1) * calendar.is_working_day(day)
    return day


def plain_between(first: date, last: date, calendar: WorkCalendar) -> int:
    if last < first:
        # Going back, the day one starts from is not counted and the one arrived at is.
        return -sum(calendar.is_working_day(last + DAY * n) for n in range((first - last).days))
    return sum(calendar.is_working_day(first + DAY * n) for n in range(1, (last - first).days + 1))


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        pytest.param("2021-09-01", 1, "2021-09-06", id="2-3/9 and a weekend"),
        pytest.param("2021-02-09", 3, "2021-02-19", id="Tết 10-16/2"),
        pytest.param("2021-04-29", 2, "2021-05-05", id="30/4, 1/5 and 3/5 in lieu"),
        pytest.param("2021-04-20", 1, "2021-04-22", id="Hùng Kings 21/4"),
        pytest.param("2021-12-30", 5, "2022-01-07", id="3/1 in lieu, over New Year"),
        pytest.param("2025-04-25", 1, "2025-04-26", id="Saturday worked by a swap"),
        pytest.param("2025-12-31", 2, "2026-01-06", id="1-2/1 off by a swap"),
        pytest.param("2026-01-09", 1, "2026-01-10", id="Saturday worked by the swap of 2/1"),
        pytest.param("2026-08-28", 3, "2026-09-07", id="31/8-2/9 off"),
        pytest.param("2021-09-06", -1, "2021-09-01", id="one working day earlier"),
        pytest.param("2021-09-04", 0, "2021-09-04", id="nothing added leaves a Saturday"),
    ],
)
def test_known_days(work_calendar: WorkCalendar, received: str, count: int, due: str) -> None:
    found = work_calendar.add_working_days(date.fromisoformat(received), count)
    assert found.day == date.fromisoformat(due)


def test_day_over_an_unverified_holiday_is_flagged_with_its_name(work_calendar: WorkCalendar) -> None:
    flagged = work_calendar.add_working_days(date(2021, 9, 1), 1)
    assert flagged.is_flagged
    assert flagged.notes == ("ngày 03/9/2021 (Quốc khánh, ngày liền kề: chưa kiểm chứng)",)
    planned = work_calendar.add_working_days(date(2027, 4, 15), 1)
    assert planned.notes == ("ngày 16/4/2027 (Giỗ Tổ Hùng Vương: dự kiến)",)


def test_day_over_verified_holidays_and_one_that_ends_before_the_doubt_are_not_flagged(
    work_calendar: WorkCalendar,
) -> None:
    assert not work_calendar.add_working_days(date(2021, 4, 29), 2).is_flagged
    assert not work_calendar.add_working_days(date(2021, 8, 31), 1).is_flagged
    assert not work_calendar.add_working_days(date(2021, 9, 3), 1).is_flagged


def test_year_without_a_calendar_is_reckoned_with_weekends_and_flagged(work_calendar: WorkCalendar) -> None:
    found = work_calendar.add_working_days(date(2027, 12, 31), 1)
    assert found.day == date(2028, 1, 3)
    assert found.notes == ("chưa có lịch nghỉ lễ của năm 2028",)


def test_day_off_moves_to_the_next_working_day_and_a_working_day_stays(work_calendar: WorkCalendar) -> None:
    assert work_calendar.on_or_after(date(2021, 9, 2)).day == date(2021, 9, 6)
    assert work_calendar.on_or_after(date(2021, 9, 6)).day == date(2021, 9, 6)
    assert work_calendar.next_working_day(date(2021, 9, 6)).day == date(2021, 9, 7)


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1), date(201, 9, 5)])
def test_day_outside_the_tables_is_refused(work_calendar: WorkCalendar, day: date) -> None:
    with pytest.raises(ValueError, match="1990-01-01 to 2100-12-31"):
        work_calendar.add_working_days(day, 1)
    with pytest.raises(ValueError, match=str(day)):
        work_calendar.working_days_between(date(2021, 9, 5), day)


@settings(max_examples=60)
@given(calendar=calendars(), day=DAYS, count=COUNTS)
def test_adding_equals_counting_day_by_day(calendar: WorkCalendar, day: date, count: int) -> None:
    assert calendar.add_working_days(day, count).day == plain_add(day, count, calendar)


@settings(max_examples=60)
@given(calendar=calendars(), first=DAYS, last=DAYS)
def test_distance_equals_counting_day_by_day(calendar: WorkCalendar, first: date, last: date) -> None:
    assert calendar.working_days_between(first, last) == plain_between(first, last, calendar)


@settings(max_examples=60)
@given(calendar=calendars(), day=DAYS, count=COUNTS)
def test_distance_takes_back_what_was_added(calendar: WorkCalendar, day: date, count: int) -> None:
    assert calendar.working_days_between(day, calendar.add_working_days(day, count).day) == count


@settings(max_examples=60)
@given(
    calendar=calendars(), day=DAYS, later=st.integers(0, 20), count=st.integers(0, 30), more=st.integers(0, 9)
)
def test_later_start_or_longer_time_never_ends_earlier(
    calendar: WorkCalendar, day: date, later: int, count: int, more: int
) -> None:
    end = calendar.add_working_days(day, count).day
    assert calendar.add_working_days(day + DAY * later, count).day >= end
    assert calendar.add_working_days(day, count + more).day >= end
    assert calendar.is_working_day(calendar.add_working_days(day, count + 1).day)


@settings(max_examples=30)
@given(calendar=calendars(), pairs=st.lists(st.tuples(DAYS, DAYS, COUNTS), min_size=1, max_size=20))
def test_columns_say_what_single_days_say(
    calendar: WorkCalendar, pairs: Sequence[tuple[date, date, int]]
) -> None:
    first, last = ([pair[n] for pair in pairs] for n in (0, 1))
    counts = [count for *_, count in pairs]
    a, b = pa.array(first, pa.date32()), pa.array(last, pa.date32())
    assert columns.add_working_days(a, pa.array(counts), calendar).to_pylist() == [
        calendar.add_working_days(day, count).day for day, count in zip(first, counts, strict=True)
    ]
    assert columns.working_days_between(a, b, calendar).to_pylist() == [
        calendar.working_days_between(*pair) for pair in zip(first, last, strict=True)
    ]
    assert columns.is_working_day(a, calendar).to_pylist() == [calendar.is_working_day(day) for day in first]
    assert columns.next_working_day(a, calendar).to_pylist() == [
        calendar.next_working_day(day).day for day in first
    ]
    assert columns.on_or_after(a, calendar).to_pylist() == [calendar.on_or_after(day).day for day in first]
    expected = [
        bool(calendar.doubts(min(pair) + DAY, max(pair))) if pair[0] != pair[1] else False
        for pair in zip(first, last, strict=True)
    ]
    assert columns.has_doubt(a, b, calendar).to_pylist() == expected


def test_missing_and_impossible_days_of_a_column_stay_empty(work_calendar: WorkCalendar) -> None:
    days = pa.array([None, date(201, 9, 5), date(2021, 9, 1)], pa.date32())
    assert columns.add_working_days(days, 1, work_calendar).to_pylist() == [None, None, date(2021, 9, 6)]
    assert columns.is_working_day(days, work_calendar).to_pylist() == [None, None, True]
    assert columns.working_days_between(
        days, pa.array([date(2021, 9, 6)] * 3), work_calendar
    ).to_pylist() == [None, None, 1]
    counts = pa.array([1, 1, None], pa.int64())
    assert columns.add_working_days(days, counts, work_calendar).to_pylist() == [None, None, None]


def test_chunked_and_empty_columns_are_taken(work_calendar: WorkCalendar) -> None:
    chunked = pa.chunked_array([[date(2021, 9, 1)], [date(2021, 9, 3)]], pa.date32())
    assert columns.next_working_day(chunked, work_calendar).to_pylist() == [date(2021, 9, 6)] * 2
    assert columns.next_working_day(pa.array([], pa.date32()), work_calendar).to_pylist() == []
