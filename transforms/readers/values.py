"""Text columns to days, amounts, counts and rates. Work is done once per distinct text, then mapped back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.day_bytes import SpeltDays, read_alike
from transforms.readers.repeating import as_strings, is_repeating
from transforms.text_vi import fold, tidy

VIETNAM_OFFSET = timezone(timedelta(hours=7))
"""Vietnam keeps UTC+7 all year, without daylight saving."""

_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2099
_TWO_DIGIT_PIVOT = 69
"""Two-digit years up to 69 are 20yy, later ones 19yy (the POSIX convention): an office's "21" is 2021."""
_SERIAL_FROM, _SERIAL_TO = 20_000, 60_000
"""Excel day numbers taken as dates: 1954-10-03 to 2064-04-08; smaller or larger numbers are no dates."""
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIAL_ORIGIN_1904 = date(1904, 1, 1)
_DAYS_BETWEEN_ORIGINS = (_SERIAL_ORIGIN_1904 - _SERIAL_ORIGIN).days
_LARGEST_AMOUNT = 10**15

_NO_VALUE = re.compile(r"^(?:[\s\-–—_.…]*|null|none|nan|nat|n/a)$", re.IGNORECASE)
# .NET software prints its smallest date where the field is empty.
_EMPTY_DATES = ("01/01/0001", "1/1/0001", "0001-01-01")

_CLOCK = r"(?:[01]?\d|2[0-3])[:hg][0-5]\d(?:[:m][0-5]\d(?:\.\d+)?s?)?(?: ?(?:AM|PM|SA|CH))?"
_DAY_FIRST = re.compile(
    rf"^(?:{_CLOCK},? )?(\d{{1,2}}) ?([/.\-]) ?(\d{{1,2}}) ?\2 ?(\d{{4}}|\d{{2}})(?:[ ,T]+{_CLOCK})?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"^(\d{{4}})([/.\-])(\d{{1,2}})\2(\d{{1,2}})(?:[ T]+({_CLOCK}) ?(Z|[+\-]\d{{2}}(?::?\d{{2}})?)?)?$",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_WORDS = re.compile(r"^(?:ngay )?(\d{1,2}) thang (\d{1,2})(?: nam)? (\d{4})$")
# The shapes of which nearly all rows are; only their first ten characters say the day.
_COMMON = (
    r"^(?:\d{2}/\d{2}/\d{4}|\d{4}-\d{2}-\d{2})"
    r"(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?$"
)

_CURRENCY = re.compile(r"^(?:vnđ|vnd|₫)\s*|\s*(?:đồng|dong|vnđ|vnd|đ|₫|d)\.?$|[.,][-–—]$", re.IGNORECASE)
_COUNTED = re.compile(r"\s*(?:bộ|bản|hồ sơ|cái|tờ)\.?$", re.IGNORECASE)
_SPACED = re.compile(r"^[+-]?[1-9]\d{0,2}(?: \d{3})+$")
_WHOLE = re.compile(r"^[+-]?\d+$")
_GROUPED = re.compile(r"^[+-]?[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})+(?:(?!\1)([.,])(\d+))?$")
_GROUPED_ONCE_DECIMAL = re.compile(r"^[+-]?[1-9]\d{0,2}([.,])\d{3}(?!\1)([.,])(\d+)$")
_EITHER = re.compile(r"^[+-]?[1-9]\d{0,2}([.,])\d{3}$")
_DECIMAL = re.compile(r"^([+-]?\d+)([.,])(\d+)$")
_IN_BRACKETS = re.compile(r"^\((\d[^()]*)\)$")
"""Accountants' minus: "(1.000)"."""
_RATE = re.compile(r"^([+-]?\d{1,6})(?:[.,](\d+))? ?(%?)$")
_EXPONENT = re.compile(r"^[+-]?\d(?:\.\d+)?E\+?\d{1,2}$", re.IGNORECASE)


def parse_date(text: str, *, is_1904: bool = False) -> date | None:
    """The day that a text names, or None where it says "no value" ("", "-", "01/01/0001").

    Always day first, never swapped: "09/30/2021" is refused rather than guessed; a column whose months
    stand first was turned by ``settle_date_order`` before. Read are D/M/Y with "/", "-" or ".", year
    first (ISO), both with or without a time; an instant with "Z" or an offset becomes the Vietnam day;
    Excel day numbers 20000-60000, counted from 1904 where the workbook says so (``is_1904``); "ngày 03
    tháng 8 năm 2021". Two-digit years up to 69 are 20yy. Raises ValueError for anything else, for days
    that do not exist ("31/09/2021"), for errors ("#N/A") and for years outside 1900-2099.
    """
    text = tidy(text)
    if _NO_VALUE.match(text) or text.startswith(_EMPTY_DATES):
        return None
    if found := _DAY_FIRST.match(text):
        return _day(_full_year(found[4]), int(found[3]), int(found[1]))
    if found := _YEAR_FIRST.match(text):
        day = _day(int(found[1]), int(found[3]), int(found[4]))
        return _vietnam_day(day, found[5], found[6]) if found[6] else day
    if found := _SERIAL.match(text):
        number = int(found[1]) + (_DAYS_BETWEEN_ORIGINS if is_1904 else 0)
        if _SERIAL_FROM <= number <= _SERIAL_TO:
            return _SERIAL_ORIGIN + timedelta(days=number)
    if found := _WORDS.match(fold(text)):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    raise ValueError(text)


def parse_dates(texts: pa.Array, *, is_1904: bool = False) -> tuple[pa.Array, pa.Array]:
    """Days (date32) of a text column, and a mask of the texts that name no existing day.

    See ``parse_date`` for what is read. The mask is never null; a text without a value is null and valid.
    """
    texts = _one_array(texts)
    if is_repeating(texts):
        days, failed = parse_dates(texts.dictionary, is_1904=is_1904)
        return days.take(texts.indices), pc.fill_null(failed.take(texts.indices), False)
    alike = read_alike(texts)
    return (
        _parse_dates(texts, is_1904=is_1904) if alike is None else _spelt_dates(texts, alike, is_1904=is_1904)
    )


def _parse_dates(texts: pa.StringArray, *, is_1904: bool) -> tuple[pa.Array, pa.Array]:
    text = pc.utf8_trim_whitespace(texts)
    # Distinct instants are many, distinct days few: drop the time before looking at distinct texts.
    common = pc.match_substring_regex(text, _COMMON)
    days = pc.if_else(common, pc.utf8_slice_codeunits(text, 0, 10), text)
    return parse_unique(days, partial(parse_date, is_1904=is_1904), pa.date32())


def _spelt_dates(texts: pa.StringArray, alike: SpeltDays, *, is_1904: bool) -> tuple[pa.Array, pa.Array]:
    """``parse_dates`` of texts of one spelling; the few that are none of it are read like any other."""
    size = len(texts)
    filled = None if not texts.null_count else np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
    days, is_null = alike.days, None
    if filled is not None:
        days, is_null = np.zeros(size, np.int32), np.ones(size, np.bool_)
        days[filled], is_null[filled] = alike.days, False
    parsed = pa.array(days, mask=is_null).view(pa.date32())
    none_failed = pa.repeat(pa.scalar(False), size)
    others = np.flatnonzero(~alike.is_read)
    if not len(others):
        return parsed, none_failed
    rows = others if filled is None else filled[others]
    read, failed = _parse_dates(texts.take(pa.array(rows)), is_1904=is_1904)
    is_other = np.zeros(size, np.bool_)
    is_other[rows] = True
    mask = pa.array(is_other)
    return pc.replace_with_mask(parsed, mask, read), pc.replace_with_mask(none_failed, mask, failed)


def parse_amounts(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Whole đồng (int64) of a money column, and a mask of the texts that are no whole amount.

    "11.250.000", "11,250,000", "11 250 000", "11.250.000 đ", "2000", "2000.0", "(1.000)" below zero. Whether "." or ","
    groups thousands is settled from the whole column, never from one cell: "1.363" is 1363 unless the
    column shows "." as a decimal mark ("2000.5") or groups with "," ("11,250,000"), and is then refused.
    """
    return _parse_whole_numbers(texts, _CURRENCY)


def parse_counts(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Whole numbers (int64) of a count column ("1.363", "02", "3 bộ"), and a mask of those that are none.

    Thousands are settled per column as in ``parse_amounts``.
    """
    return _parse_whole_numbers(texts, _COUNTED)


def parse_rates(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Rates in 0..1 (float64) of a percent column, and a mask of the texts that are none.

    "98.81%", "98,81 %", "100" and the plain "0" that software prints where the denominator is 0: all are
    percent, with or without the sign, because no cell alone tells 0.5 from 0,5 %. A rate has no
    thousands, so "." and "," are both decimal marks. More than 100 % is kept: it is for a rule to doubt.
    """
    return parse_unique(texts, _rate, pa.float64())


def parse_unique(
    texts: pa.Array, parse: Callable[[str], object], value_type: pa.DataType
) -> tuple[pa.Array, pa.Array]:
    """``parse`` over the distinct texts, mapped back: values and a never-null mask of its ValueErrors.

    Texts that are dictionary encoded already are not sorted out again.
    """
    texts = _one_array(texts)
    size = len(texts)
    if texts.null_count == size:
        return pa.nulls(size, value_type), pa.repeat(pa.scalar(False), size)
    encoded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    values: list[object] = []
    failed: list[bool] = []
    for text in encoded.dictionary.to_pylist():
        try:
            values.append(parse(text))
            failed.append(False)
        except ValueError:
            values.append(None)
            failed.append(True)
    parsed = pa.array(values, value_type).take(encoded.indices)
    if not any(failed):
        return parsed, pa.repeat(pa.scalar(False), size)
    return parsed, pc.fill_null(pa.array(failed, pa.bool_()).take(encoded.indices), False)


def _rate(text: str) -> float | None:
    text = tidy(text)
    if _NO_VALUE.match(text):
        return None
    found = _RATE.match(text)
    if not found:
        raise ValueError(text)
    # Through the decimal digits, so that 98.81 % is 0.9881 and not its neighbour.
    return float(f"{found[1]}.{found[2] or '0'}e-2")


def _one_array(texts: pa.Array) -> pa.Array:
    if not isinstance(texts, pa.ChunkedArray):
        return texts
    return texts.chunk(0) if texts.num_chunks == 1 else texts.combine_chunks()


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year <= _TWO_DIGIT_PIVOT else 1900 + year


def _day(year: int, month: int, day: int) -> date:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ValueError(year)
    return date(year, month, day)


def _vietnam_day(day: date, clock: str, zone: str) -> date:
    """The day in Vietnam of an instant: "2021-09-04T17:00:00.000+0000" is 2021-09-05."""
    hour, minute = (int(part) for part in re.split(r"[:hg]", clock, flags=re.IGNORECASE)[:2])
    offset = timedelta(0)
    if zone.upper() != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = -offset if zone[0] == "-" else offset
    instant = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - offset
    return instant.astimezone(VIETNAM_OFFSET).date()


def _parse_whole_numbers(texts: pa.Array, suffix: re.Pattern[str]) -> tuple[pa.Array, pa.Array]:
    # Anew where texts repeat: what no row says any more must not tell how the others are meant.
    encoded = as_strings(_one_array(texts)).dictionary_encode()
    bare = {text: _bare_number(text, suffix) for text in encoded.dictionary.to_pylist() if text is not None}
    marks = _settle_thousands(bare.values())
    return parse_unique(encoded, lambda text: _whole_number(bare[text], marks), pa.int64())


def _bare_number(text: str, suffix: re.Pattern[str]) -> str:
    """The number without its unit; brackets become a minus."""
    bare = _IN_BRACKETS.sub(r"-\1", tidy(text))
    # Twice, for a sign before the number and one after it; a lone dash is no number without its unit.
    return bare if _NO_VALUE.match(bare) else suffix.sub("", suffix.sub("", bare))


def _settle_thousands(texts: Iterable[str]) -> frozenset[str]:
    """The marks that group thousands in a column, from every cell that leaves no doubt."""
    grouping: set[str] = set()
    decimal: set[str] = set()
    for text in texts:
        if found := _GROUPED.match(text) or _GROUPED_ONCE_DECIMAL.match(text):
            grouping.add(found[1])
            decimal.update(found[2] or "")
        elif not _EITHER.match(text) and (found := _DECIMAL.match(text)):
            decimal.add(found[2])
    other = {".": ",", ",": "."}
    # Without evidence a mark groups, as Vietnamese amounts have no fraction.
    undecided = {mark for mark in ".," if mark not in decimal and other[mark] not in grouping}
    return frozenset(grouping | undecided)


def _whole_number(text: str, thousands: frozenset[str]) -> int | None:
    if _NO_VALUE.match(text):
        return None
    number: int | None = None
    if _WHOLE.match(text):
        number = int(text)
    elif _SPACED.match(text):
        number = int(text.replace(" ", ""))
    elif found := _GROUPED.match(text) or _GROUPED_ONCE_DECIMAL.match(text):
        number = _without_fraction(text.replace(found[1], ""), found[2])
    elif (found := _EITHER.match(text)) and found[1] in thousands:
        number = int(text.replace(found[1], ""))
    elif found := _DECIMAL.match(text):
        number = _without_fraction(text, found[2])
    elif _EXPONENT.match(text) and float(text).is_integer():
        number = int(float(text))
    if number is None or abs(number) > _LARGEST_AMOUNT:
        raise ValueError(text)
    return number


def _without_fraction(text: str, mark: str | None) -> int | None:
    """The whole part where the fraction is zeros only; None where something would be lost."""
    whole, _, fraction = text.partition(mark) if mark else (text, "", "")
    return int(whole) if not fraction.strip("0") else None
