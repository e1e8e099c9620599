"""Text to days, amounts and counts."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.readers.values import parse_amounts, parse_counts, parse_dates

DAY = date(2021, 8, 3)


@pytest.mark.parametrize(
    "text",
    [
        "03/08/2021",
        "3/8/2021",
        "03-08-2021",
        "03.08.2021",
        "03/08/21",
        " 03/08/2021 ",
        "03/08/2021 00:00:00",
        "03/08/2021 23:59",
        "03/08/2021 8:05",
        "03/08/2021 08:05 SA",
        "08:05:10 03/08/2021",
        "2021-08-03",
        "2021-08-03 07:15:00",
        "2021-08-03T07:15:00.000",
        "2021-08-02T17:00:00.000+0000",
        "2021-08-02T17:00:00Z",
        "2021-08-03T07:00:00+07:00",
        "44411",
        "44411.6875",
        "ngày 03 tháng 8 năm 2021",
        "Ngày 3 tháng 08 năm 2021",
    ],
)
def test_date_in_any_office_shape_is_read_day_first(text: str) -> None:
    days, invalid = parse_dates(pa.array([text]))

    assert days.to_pylist() == [DAY]
    assert invalid.to_pylist() == [False]


@pytest.mark.parametrize(
    "text",
    [
        "31/09/2021",
        "31/09/2021 10:00:00",
        "29/02/2021",
        "09/30/2021",
        "2021-13-01",
        "03/08/2021 25:00:00",
        "03/08/1021",
        "8/2021",
        "12345",
        "70000",
        "hôm qua",
        "03/08-2021",
    ],
)
def test_date_that_does_not_exist_is_invalid_and_never_swapped(text: str) -> None:
    days, invalid = parse_dates(pa.array([text]))

    assert days.to_pylist() == [None]
    assert invalid.to_pylist() == [True]


@pytest.mark.parametrize("text", [None, "", " ", "-", "–", "...", "null", "01/01/0001 00:00:00"])
def test_date_without_value_is_null_and_valid(text: str | None) -> None:
    days, invalid = parse_dates(pa.array([text], pa.string()))

    assert days.to_pylist() == [None]
    assert invalid.to_pylist() == [False]


def test_utc_instant_is_the_next_day_in_vietnam_only_after_seventeen_hours() -> None:
    days, _ = parse_dates(pa.array(["2021-12-31T16:59:59.000+0000", "2021-12-31T17:00:00.000+0000"]))

    assert days.to_pylist() == [date(2021, 12, 31), date(2022, 1, 1)]


def test_two_digit_year_turns_at_sixty_nine() -> None:
    days, _ = parse_dates(pa.array(["01/01/69", "01/01/70"]))

    assert days.to_pylist() == [date(2069, 1, 1), date(1970, 1, 1)]


def test_dates_of_a_chunked_column_keep_their_places() -> None:
    column = pa.chunked_array([["03/08/2021", None], ["31/09/2021"]])

    days, invalid = parse_dates(column)

    assert days.type == pa.date32()
    assert days.to_pylist() == [DAY, None, None]
    assert invalid.to_pylist() == [False, False, True]


@given(st.lists(st.dates(date(1970, 1, 1), date(2069, 12, 31)), max_size=20), st.sampled_from("/-."))
def test_every_day_printed_day_first_is_read_back(days: list[date], mark: str) -> None:
    long = [f"{day.day:02d}{mark}{day.month:02d}{mark}{day.year}" for day in days]
    short = [f"{day.day}{mark}{day.month}{mark}{day.year % 100:02d}" for day in days]
    timed = [f"{text} 23:59:59" for text in long]

    for texts in (long, short, timed, [day.isoformat() for day in days]):
        read, invalid = parse_dates(pa.array(texts, pa.string()))
        assert read.to_pylist() == days
        assert not any(invalid.to_pylist())


@given(st.dates(date(1960, 1, 1), date(2060, 1, 1)), st.floats(0, 0.99))
def test_every_excel_serial_is_read_as_its_day(day: date, fraction: float) -> None:
    serial = (day - date(1899, 12, 30)) / timedelta(days=1)

    assert parse_dates(pa.array([f"{serial + fraction:.4f}"]))[0].to_pylist() in ([day], [day + timedelta(1)])
    assert parse_dates(pa.array([f"{serial:.0f}"]))[0].to_pylist() == [day]


@given(st.text(max_size=30))
def test_date_of_any_text_is_either_read_or_invalid_or_empty(text: str) -> None:
    days, invalid = parse_dates(pa.array([text]))

    assert not (days[0].is_valid and invalid[0].as_py())


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [
        (["11.250.000", "1.363"], [11_250_000, 1_363]),
        (["11,250,000", "1,363"], [11_250_000, 1_363]),
        (["11.250.000 đ", "2.000 đồng", "500VNĐ"], [11_250_000, 2_000, 500]),
        (["11 250 000", "0"], [11_250_000, 0]),
        (["2000", "2000.0", "1.125E7"], [2_000, 2_000, 11_250_000]),
        (["1.363"], [1_363]),
        (["1,363"], [1_363]),
        (["11.250.000,00", "1.363"], [11_250_000, 1_363]),
        (["-5.000", "-"], [-5_000, None]),
        (["", None], [None, None]),
    ],
)
def test_amounts_are_read_with_the_marks_of_their_column(
    texts: list[str | None], amounts: list[int | None]
) -> None:
    read, invalid = parse_amounts(pa.array(texts, pa.string()))

    assert read.type == pa.int64()
    assert read.to_pylist() == amounts
    assert not any(invalid.to_pylist())


@pytest.mark.parametrize(
    ("texts", "invalid"),
    [
        (["11,250,000", "1.363"], [False, True]),
        (["11.250.000", "1,363"], [False, True]),
        (["2000.0", "1.363"], [False, True]),
        (["2000.5"], [True]),
        (["1.36"], [True]),
        (["12 34"], [True]),
        (["mười nghìn"], [True]),
        (["1" * 30], [True]),
    ],
)
def test_amount_that_would_lose_or_gain_money_is_refused(texts: list[str], invalid: list[bool]) -> None:
    read, refused = parse_amounts(pa.array(texts))

    assert refused.to_pylist() == invalid
    assert [value is None for value in read.to_pylist()] == invalid


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), st.sampled_from("., "))
def test_every_amount_printed_with_grouped_thousands_is_read_back(amounts: list[int], mark: str) -> None:
    texts = [f"{amount:,}".replace(",", mark) for amount in amounts]

    assert parse_amounts(pa.array(texts))[0].to_pylist() == amounts


def test_counts_are_whole_numbers_with_or_without_their_noun() -> None:
    counts, invalid = parse_counts(pa.array(["02", "3 bộ", "1.363", "1.0", "-", "1,5", "hai"]))

    assert counts.to_pylist() == [2, 3, None, 1, None, None, None]
    assert invalid.to_pylist() == [False, False, True, False, False, True, True]
