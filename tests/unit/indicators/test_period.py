"""Periods: ids, windows, names (DOMAIN.md 1)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.indicators.period_windows import WINDOWS
from transforms.calendar.day_words import official_date
from transforms.indicators.model import Period
from transforms.indicators.period import (
    KINDS,
    PeriodError,
    parse_period,
    period_name,
    periods_containing,
    periods_of_year,
    previous,
    reckon,
    same_last_year,
    window,
    window_words,
)

IDS = ("2021-01", "2021-09", "2021-12", "2021-Q1", "2021-Q4", "2021-6T", "2021-6C", "2021-9T", "2021")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2021-09", Period("2021-09", "month", 2021, 9)),
        ("2021-Q3", Period("2021-Q3", "quarter", 2021, 3)),
        ("2021-6T", Period("2021-6T", "half", 2021, 1)),
        ("2021-6C", Period("2021-6C", "half", 2021, 2)),
        ("2021-9T", Period("2021-9T", "nine_months", 2021, None)),
        ("2021", Period("2021", "year", 2021, None)),
        (" 2021-q3 ", Period("2021-Q3", "quarter", 2021, 3)),
    ],
)
def test_period_id_is_read(text: str, period: Period) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize(
    "text",
    ["", "2021-13", "2021-00", "2021-9", "2021-Q5", "2021-3T", "21-09", "2021-09-05", "quý III", "0000"],
)
def test_wrong_period_id_is_refused_in_vietnamese(text: str) -> None:
    with pytest.raises(PeriodError, match="không đúng mẫu") as refused:
        parse_period(text)
    assert f"“{text}”" in str(refused.value)
    assert "Hãy viết 2021-09 (tháng)" in str(refused.value)
    assert "Hãy viết 2021-09 (tháng)" in str(refused.value)


@pytest.mark.parametrize(
    ("period_id", "basis", "start", "end"),
    [
        ("2021-9T", "nd09", "2020-12-15", "2021-09-14"),
        ("2021-9T", "lich", "2021-01-01", "2021-09-30"),
        ("2021-01", "nd09", "2020-12-15", "2021-01-14"),
        ("2021-09", "nd09", "2021-08-15", "2021-09-14"),
        ("2021-Q1", "nd09", "2020-12-15", "2021-03-14"),
        ("2021-Q2", "nd09", "2021-03-15", "2021-06-14"),
        ("2021-Q3", "nd09", "2021-06-15", "2021-09-14"),
        ("2021-Q4", "nd09", "2021-09-15", "2021-12-14"),
        ("2021-6T", "nd09", "2020-12-15", "2021-06-14"),
        ("2021-6C", "nd09", "2021-06-15", "2021-12-14"),
        ("2021", "nd09", "2020-12-15", "2021-12-14"),
        ("2021-12", "lich", "2021-12-01", "2021-12-31"),
        ("2024-02", "lich", "2024-02-01", "2024-02-29"),
        ("2021-02", "lich", "2021-02-01", "2021-02-28"),
        ("2021-6C", "lich", "2021-07-01", "2021-12-31"),
    ],
)
def test_window_follows_the_basis(period_id: str, basis: str, start: str, end: str) -> None:
    assert window(parse_period(period_id), basis, WINDOWS) == (
        date.fromisoformat(start),
        date.fromisoformat(end),
    )


@pytest.mark.parametrize(("basis", "days"), [("nd09", 274), ("lich", 273)])
def test_nine_months_of_2021_have_as_many_days_as_the_basis_says(basis: str, days: int) -> None:
    start, end = window(parse_period("2021-9T"), basis, WINDOWS)
    assert (end - start).days + 1 == days


@given(year=st.integers(1950, 2090), basis=st.sampled_from(["nd09", "lich"]))
def test_months_quarters_and_halves_tile_the_year_exactly(year: int, basis: str) -> None:
    whole = window(parse_period(str(year)), basis, WINDOWS)
    for ids in (
        [f"{year}-{month:02d}" for month in range(1, 13)],
        [f"{year}-Q{quarter}" for quarter in range(1, 5)],
        [f"{year}-6T", f"{year}-6C"],
        [f"{year}-9T", f"{year}-Q4"],
    ):
        bounds = [window(parse_period(period_id), basis, WINDOWS) for period_id in ids]
        assert (bounds[0][0], bounds[-1][1]) == whole
        for (_, end), (start, _) in itertools.pairwise(bounds):
            assert start == end + timedelta(days=1)


def test_window_that_the_catalogue_lacks_is_refused() -> None:
    without = tuple(row for row in WINDOWS if row.kind != "quarter")
    with pytest.raises(PeriodError, match="chưa quy định ngày chốt số liệu của quý III năm 2021"):
        window(parse_period("2021-Q3"), "nd09", without)


def test_basis_that_the_catalogue_lacks_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PeriodError, match="Không có cách tính kỳ “tuy_chon”; các cách hiện có: lich, nd09"):
        window(parse_period("2021-Q3"), "tuy_chon", WINDOWS)


def test_row_holds_by_the_end_of_its_own_window() -> None:
    (row,) = (row for row in WINDOWS if (row.basis, row.kind) == ("nd09", "year"))
    old = replace(row, end_day=9, valid_to=date(2020, 12, 9))
    new = replace(row, valid_from=date(2020, 12, 10))
    ends = [window(parse_period(str(year)), "nd09", (new, old))[1] for year in (2019, 2020, 2021)]
    # In 2020 both would hold by their own ends, the 14th and the 9th: the first of the list counts.
    assert ends == [date(2019, 12, 9), date(2020, 12, 14), date(2021, 12, 14)]
    assert window(parse_period("2020"), "nd09", (old, new))[1] == date(2020, 12, 9)
    with pytest.raises(PeriodError, match="chỉ áp dụng đến ngày 09/12/2020"):
        window(parse_period("2021"), "nd09", (old,))


def test_periods_of_a_year_are_all_its_kinds() -> None:
    ids = [period.period_id for period in periods_of_year(2021)]
    assert len(ids) == len(set(ids)) == 20
    assert set(IDS) <= set(ids)


@pytest.mark.parametrize(
    ("as_of", "cutoff", "closing_day"),
    [
        ("2021-09-05", None, "2021-09-05"),
        ("2021-12-01", None, "2021-09-14"),
        ("2021-12-01", "2021-09-05", "2021-09-05"),
        ("2021-09-03", "2021-09-05", "2021-09-03"),
        ("2021-12-01", "2021-10-31", "2021-09-14"),
        ("2020-12-15", None, "2020-12-15"),
    ],
)
def test_closing_day_is_the_earliest_of_end_cutoff_and_working_day(
    as_of: str, cutoff: str | None, closing_day: str
) -> None:
    reckoning = reckon(
        parse_period("2021-9T"),
        "nd09",
        WINDOWS,
        date.fromisoformat(as_of),
        date.fromisoformat(cutoff) if cutoff else None,
    )
    assert reckoning.closing_day == date.fromisoformat(closing_day)
    assert (reckoning.start, reckoning.end) == (date(2020, 12, 15), date(2021, 9, 14))
    assert reckoning.rulebook == "tt01"


def test_cutoff_before_the_window_is_refused() -> None:
    with pytest.raises(PeriodError, match="Ngày chốt số liệu 14/12/2020 đứng trước ngày đầu kỳ 15/12/2020"):
        reckon(parse_period("2021-9T"), "nd09", WINDOWS, date(2021, 9, 5), date(2020, 12, 14))


def test_period_that_has_not_begun_is_refused() -> None:
    with pytest.raises(PeriodError, match="Ngày làm việc 05/9/2021 đứng trước ngày đầu kỳ 15/12/2021"):
        reckon(parse_period("2022"), "nd09", WINDOWS, date(2021, 9, 5))


@pytest.mark.parametrize(
    ("day", "basis", "ids"),
    [
        ("2021-09-05", "nd09", ("2021-09", "2021-9T", "2021")),
        ("2021-09-14", "nd09", ("2021-09", "2021-9T", "2021")),
        ("2021-09-15", "nd09", ("2021-10", "2021")),
        ("2021-12-20", "nd09", ("2022-01", "2022-9T", "2022")),
        ("2021-12-20", "lich", ("2021-12", "2021")),
    ],
)
def test_periods_of_a_night_contain_its_working_day(day: str, basis: str, ids: tuple[str, ...]) -> None:
    found = periods_containing(date.fromisoformat(day), ("month", "nine_months", "year"), basis, WINDOWS)
    assert tuple(period.period_id for period in found) == ids


@given(
    day=st.dates(date(1960, 1, 1), date(2080, 12, 31)),
    basis=st.sampled_from(["nd09", "lich"]),
    kind=st.sampled_from(["month", "quarter", "half", "year"]),
)
def test_every_day_lies_in_exactly_one_period_of_a_kind(day: date, basis: str, kind: str) -> None:
    assert len(periods_containing(day, (kind,), basis, WINDOWS)) == 1


def test_unknown_kind_of_period_is_refused() -> None:
    with pytest.raises(ValueError, match="week"):
        periods_containing(date(2021, 9, 5), ("week",), "nd09", WINDOWS)


@pytest.mark.parametrize(
    ("period_id", "before", "last_year"),
    [
        ("2021-01", "2020-12", "2020-01"),
        ("2021-09", "2021-08", "2020-09"),
        ("2021-Q1", "2020-Q4", "2020-Q1"),
        ("2021-6C", "2021-6T", "2020-6C"),
        ("2021-6T", "2020-6C", "2020-6T"),
        ("2021-9T", "2020-9T", "2020-9T"),
        ("2021", "2020", "2020"),
    ],
)
def test_neighbours_of_a_period(period_id: str, before: str, last_year: str) -> None:
    period = parse_period(period_id)
    assert previous(period) == parse_period(before)
    assert same_last_year(period) == parse_period(last_year)


@pytest.mark.parametrize(
    ("period_id", "name"),
    [
        ("2021-09", "tháng 9 năm 2021"),
        ("2021-Q3", "quý III năm 2021"),
        ("2021-Q4", "quý IV năm 2021"),
        ("2021-6T", "6 tháng đầu năm 2021"),
        ("2021-6C", "6 tháng cuối năm 2021"),
        ("2021-9T", "9 tháng năm 2021"),
        ("2021", "năm 2021"),
    ],
)
def test_name_of_a_period(period_id: str, name: str) -> None:
    assert period_name(parse_period(period_id)) == name


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2021-09-05", "05/9/2021"),
        ("2020-12-15", "15/12/2020"),
        ("2021-02-03", "03/02/2021"),
        ("2021-01-31", "31/01/2021"),
        ("2021-03-10", "10/3/2021"),
    ],
)
def test_official_date_pads_days_and_the_first_two_months(day: str, text: str) -> None:
    assert official_date(date.fromisoformat(day)) == text


def test_window_words_end_on_the_closing_day() -> None:
    reckoning = reckon(parse_period("2021-9T"), "nd09", WINDOWS, date(2021, 9, 5))
    assert window_words(reckoning) == "tính từ ngày 15/12/2020 đến ngày 05/9/2021"


@pytest.mark.parametrize("period_id", IDS)
def test_period_id_survives_reading(period_id: str) -> None:
    assert parse_period(period_id).period_id == period_id
    assert parse_period(period_id).kind in KINDS
