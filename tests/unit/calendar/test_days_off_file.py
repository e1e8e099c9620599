"""The packaged days off of 2020-2027: beside an independent library, beside the law, and each with its standing."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from transforms.calendar.days_off import STATUS_NAMES, DayOff
from transforms.calendar.work_calendar import WorkCalendar
from transforms.catalogue.model import Catalogue

YEARS = range(2020, 2028)
ACCEPTED_DIFFERENCES = {
    date(2025, 2, 1): "the library adds the fourth day of Tết beyond the five days; a Saturday, off anyway",
    date(2026, 1, 2): "off by a swap that the library does not know (12729/VPCP-KGVX, 25/12/2025)",
    date(2026, 1, 10): "worked by the same swap",
}
"""Day → why the file differs from the library."""


@pytest.fixture(scope="module")
def rows(catalogue: Catalogue) -> dict[date, DayOff]:
    return {row.day: row for row in catalogue.days_off}


def test_file_differs_from_the_library_only_where_a_reason_is_known(rows: dict[date, DayOff]) -> None:
    library = holidays.country_holidays("VN", years=YEARS)
    off = {day for day, row in rows.items() if not row.is_worked}
    worked = {day for day, row in rows.items() if row.is_worked}
    library_worked = {day for day in library.weekend_workdays if day.year in YEARS}
    assert (off ^ set(library)) | (worked ^ library_worked) == set(ACCEPTED_DIFFERENCES)


def test_every_year_has_the_days_of_the_labour_code(rows: dict[date, DayOff]) -> None:
    for year in YEARS:
        assert all(date(year, month, day) in rows for month, day in ((1, 1), (4, 30), (5, 1), (9, 2))), year
        names = [row.name for row in rows.values() if row.day.year == year and row.kind == "public_holiday"]
        assert len([name for name in names if name.startswith("Tết Nguyên đán")]) == 5, year
        assert len([name for name in names if name.startswith("Quốc khánh")]) == (1 if year == 2020 else 2), (
            year
        )
        assert names.count("Giỗ Tổ Hùng Vương") == 1, year


def test_every_holiday_on_a_weekend_is_made_up_on_a_working_weekday(rows: dict[date, DayOff]) -> None:
    for year in YEARS:
        on_weekend = [
            row
            for row in rows.values()
            if row.day.year == year and row.kind == "public_holiday" and row.day.weekday() > 4
        ]
        in_lieu = [row for row in rows.values() if row.day.year == year and row.kind == "compensation"]
        assert len(on_weekend) == len(in_lieu), year
        assert all(row.day.weekday() < 5 for row in in_lieu), year


def test_verified_rows_name_the_law_or_a_decision_and_the_others_name_none(rows: dict[date, DayOff]) -> None:
    assert {row.status for row in rows.values()} == set(STATUS_NAMES)
    for row in rows.values():
        assert bool(row.decision) == (row.status == "verified"), row
        assert row.source, row


def test_swaps_come_in_pairs_and_only_the_one_with_its_dispatch_is_verified(rows: dict[date, DayOff]) -> None:
    off = [row for row in rows.values() if row.kind == "swapped_off"]
    worked = [row for row in rows.values() if row.kind == "swapped_work"]
    assert len(off) == len(worked) == 4
    assert {row.day for row in (*off, *worked) if row.status == "verified"} == {
        date(2026, 1, 2), date(2026, 1, 10),
    }  # fmt: skip


def test_what_depends_on_a_decision_to_come_is_planned(rows: dict[date, DayOff]) -> None:
    next_year = {row.day: row.status for row in rows.values() if row.day.year == 2027}
    fixed = {day for day, status in next_year.items() if status == "verified"}
    assert fixed == {
        date(2027, 1, 1), date(2027, 4, 30), date(2027, 5, 1), date(2027, 5, 3), date(2027, 9, 2),
    }  # fmt: skip
    assert set(next_year.values()) == {"verified", "planned"}


def test_year_of_the_example_is_off_on_the_published_days(work_calendar: WorkCalendar) -> None:
    off = [
        day
        for day in (
            date.fromordinal(number)
            for number in range(date(2021, 1, 1).toordinal(), date(2022, 1, 1).toordinal())
        )
        if day.weekday() < 5 and not work_calendar.is_working_day(day)
    ]
    tet = [date(2021, 2, day) for day in (10, 11, 12, 15, 16)]
    assert off == [
        date(2021, 1, 1), *tet, date(2021, 4, 21), date(2021, 4, 30), date(2021, 5, 3), date(2021, 9, 2), date(2021, 9, 3),
    ]  # fmt: skip
