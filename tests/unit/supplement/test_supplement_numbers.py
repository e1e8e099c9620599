"""Whole numbers as clerks write them."""

from __future__ import annotations

import pytest

from transforms.supplement.numbers import parse_whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("22", 22),
        ("0", 0),
        ("22 người", 22),
        ("22người", 22),
        ("1.363", 1363),
        ("1,363 tin bài", 1363),
        ("1 363", 1363),
        ("11.250.000 đồng", 11_250_000),
        ("11,250,000", 11_250_000),
        ("22.0", 22),
        ("05", 5),
        (" 3 ", 3),
    ],
)
def test_number_with_marks_or_unit_is_read(text: str, number: int) -> None:
    assert parse_whole_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "khoảng 20", "19/22", "-3", "22,5", "1.36", "1.363,000", "hai mươi", "20 - 22", "3 người 2 xã"],
)
def test_doubtful_number_is_not_guessed(text: str) -> None:
    assert parse_whole_number(text) is None
