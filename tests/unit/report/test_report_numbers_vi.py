"""Numbers, dates and amounts as official Vietnamese writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.report.numbers_vi import (
    amount_in_words,
    date_long,
    date_short,
    money,
    padded,
    percent,
    point,
    read_amount_in_words,
    roman,
    thousands,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (7, "7"), (999, "999"), (1363, "1.363"), (11250000, "11.250.000"), (-1363, "-1.363")],
)
def test_thousands_any_number_separates_with_points(number: int, text: str) -> None:
    assert thousands(number) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1, "01"), (9, "09"), (10, "10"), (1363, "1.363")])
def test_padded_counts_one_to_nine_get_a_zero(number: int, text: str) -> None:
    assert padded(number) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (985, 1000, "98,5%"),
        (19, 19, "100%"),
        (0, 12, "0%"),
        (1, 2, "50%"),
        (4996, 10000, "50,0%"),
        (2, 3, "66,7%"),
        (1, 800, "0,1%"),  # 0,125
        (1, 16, "6,3%"),  # 6,25 rounds half up
        (9999, 10000, "99,99%"),
        (1362, 1363, "99,9%"),
        (1, 10000, "0,01%"),
        (999_999, 1_000_000, "99,9999%"),
        (20, 19, "105,3%"),
    ],
)
def test_percent_shares_round_half_up_without_false_extremes(
    numerator: int, denominator: int, text: str
) -> None:
    assert percent(numerator, denominator) == text


def test_percent_zero_denominator_is_missing_rather_than_zero() -> None:
    assert percent(0, 0) is None


def test_percent_negative_count_raises() -> None:
    with pytest.raises(ValueError, match="counts"):
        percent(-1, 5)


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_percent_incomplete_share_never_prints_all_or_nothing(part: int, more: int) -> None:
    text = percent(part, part + more)
    assert text is not None
    printed = float(text.rstrip("%").replace(".", "").replace(",", "."))
    assert 0 < printed < 100
    assert abs(printed - 100 * part / (part + more)) <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi bốn đồng"),
        (55, "Năm mươi lăm đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (2005, "Hai nghìn không trăm linh năm đồng"),
        (11_250_000, "Mười một triệu hai trăm năm mươi nghìn đồng"),
        (11_000_005, "Mười một triệu không trăm linh năm đồng"),
        (1_001_015_000, "Một tỷ không trăm linh một triệu không trăm mười lăm nghìn đồng"),
        (10**15, "Một triệu tỷ đồng"),
    ],
)
def test_amount_in_words_known_amounts_read_as_officials_write(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words


def test_amount_in_words_negative_raises() -> None:
    with pytest.raises(ValueError, match="negative"):
        amount_in_words(-1)


@given(st.integers(0, 10**15))
def test_amount_in_words_read_back_gives_the_amount(amount: int) -> None:
    assert read_amount_in_words(amount_in_words(amount)) == amount


@pytest.mark.parametrize(("text", "amount"), [("Hai ngàn lẻ năm đồng", 2005), ("hai mươi tư", 24)])
def test_read_amount_in_words_southern_forms_are_understood(text: str, amount: int) -> None:
    assert read_amount_in_words(text) == amount


@pytest.mark.parametrize("text", ["", "đồng", "mười ba con"])
def test_read_amount_in_words_other_words_raise(text: str) -> None:
    with pytest.raises(ValueError, match="word"):
        read_amount_in_words(text)


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (date(2021, 9, 5), "05/9/2021", "ngày 05 tháng 9 năm 2021"),
        (date(2021, 1, 18), "18/01/2021", "ngày 18 tháng 01 năm 2021"),
        (date(2021, 2, 1), "01/02/2021", "ngày 01 tháng 02 năm 2021"),
        (date(2020, 12, 15), "15/12/2020", "ngày 15 tháng 12 năm 2020"),
    ],
)
def test_dates_small_days_and_first_two_months_get_a_zero(day: date, short: str, long: str) -> None:
    assert (date_short(day), date_long(day)) == (short, long)


def test_roman_and_point_number_sections() -> None:
    assert [roman(n) for n in (1, 2, 3, 4, 5, 9, 14, 40)] == ["I", "II", "III", "IV", "V", "IX", "XIV", "XL"]
    assert [point(n) for n in range(1, 7)] == ["a", "b", "c", "d", "đ", "e"]


def test_money_amount_carries_its_unit() -> None:
    assert money(11_250_000) == "11.250.000 đồng"
