"""Spellings of numbers, rates and days that offices use."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from transforms.readers.values import parse_amounts, parse_dates, parse_rates


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1\u00a0363", 1_363),
        ("1\u202f363", 1_363),
        ("11\u2009250\u2009000 đ", 11_250_000),
        ("(1.000)", -1_000),
        ("(1.000 đ)", -1_000),
        ("VNĐ 5.000", 5_000),
        ("11.250.000,-", 11_250_000),
        ("0", 0),
        ("-", None),
    ],
)
def test_amount_in_any_office_spelling_is_read(text: str, amount: int | None) -> None:
    read, invalid = parse_amounts(pa.array([text]))
    assert (read.to_pylist(), invalid.to_pylist()) == ([amount], [False])


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("98.81%", 0.9881),
        ("98,81 %", 0.9881),
        ("100", 1.0),
        ("0", 0.0),
        ("100,00%", 1.0),
        ("-", None),
        ("", None),
    ],
)
def test_rate_with_either_decimal_mark_is_read(text: str, rate: float | None) -> None:
    read, invalid = parse_rates(pa.array([text]))
    assert (read.to_pylist(), invalid.to_pylist()) == ([rate], [False])


@pytest.mark.parametrize("text", ["#DIV/0!", "gần hết", "1.363,5", "98.81.2%"])
def test_text_that_is_no_rate_is_invalid(text: str) -> None:
    read, invalid = parse_rates(pa.array([text]))
    assert (read.to_pylist(), invalid.to_pylist()) == ([None], [True])


def test_serial_counts_from_1904_where_the_workbook_says_so() -> None:
    serials = pa.array(["42949", "42949.5"])
    assert parse_dates(serials, is_1904=True)[0].to_pylist() == [date(2021, 8, 3)] * 2
    assert parse_dates(serials)[0].to_pylist() == [date(2017, 8, 2)] * 2


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "########"])
def test_error_is_never_a_day_nor_an_amount(text: str) -> None:
    assert parse_dates(pa.array([text]))[1].to_pylist() == [True]
    assert parse_amounts(pa.array([text]))[1].to_pylist() == [True]
