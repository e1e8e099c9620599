"""Days of a column in which all texts are spelt alike, told from their bytes, all rows at a time.

A program writes every moment of a column in one way: "04/09/2021 07:30:00" a million times. A column that
says it in several ways, or in another, is for ``parse_dates`` to read text by text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from transforms.readers.text_bytes import Signs, side_by_side

_FIRST_YEAR, _YEARS = 1900, 200
_MONTHS, _DAYS = 12, 31
_NO_NUMBER = 255
_LENGTHS = (10, 16, 19)
"""A day alone, with hour and minute, with seconds too."""
_BLOCK = 1 << 16
_EPOCH = date(1970, 1, 1)
_NO_DAY = np.iinfo(np.int32).min

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
_Digits = np.ndarray[tuple[int], np.dtype[np.uint8]]
_Numbers = np.ndarray[tuple[int], np.dtype[np.int32]]


@dataclass(frozen=True, slots=True)
class SpeltDays:
    """What the filled rows of a column say.

    ``days``: number of the day from 1970 on, in row order; meaningless where ``is_read`` is false, which
    is where the text is spelt otherwise after all or names no day of 1900-2099.
    """

    days: _Numbers
    is_read: Mask
    day_first: bool

    def distinct_texts(self) -> list[str]:
        """The days that were read, each once, as the column spells them."""
        found = self.days if self.is_read.all() else self.days[self.is_read]
        if not len(found):
            return []
        first = int(found.min())
        # Counting is quicker than sorting, and days lie close together.
        days = np.flatnonzero(np.bincount(found - first)) + first
        spelling = "{:%d/%m/%Y}" if self.day_first else "{:%Y-%m-%d}"
        return [spelling.format(_EPOCH + timedelta(days=int(day))) for day in days]


def read_alike(texts: pa.StringArray) -> SpeltDays | None:
    """The days of the filled texts; None unless all are as long as "04/09/2021", "2021-09-04" or these with a time.

    Read are dd/mm/yyyy and yyyy-mm-dd, alone or with " 07:30" or " 07:30:00" behind (a "T" in place of the
    space), which mean the same to ``parse_date``.
    """
    letters = side_by_side(texts)
    if letters is None or letters.shape[1] not in _LENGTHS:
        return None
    filled = len(letters)
    day_first = bool(letters[0, 2] == ord("/"))
    days, is_read = np.empty(filled, np.int32), np.empty(filled, np.bool_)
    # In pieces that stay near the processor; turned over, so that each sign of the texts lies in one line.
    for start in range(0, filled, _BLOCK):
        signs = np.ascontiguousarray(letters[start : start + _BLOCK].T)
        end = start + signs.shape[1]
        days[start:end], is_read[start:end] = _read(signs, day_first=day_first)
    return SpeltDays(days, is_read, day_first)


def _read(signs: Signs, *, day_first: bool) -> tuple[_Numbers, Mask]:
    """``signs``: one line a place in the text, one column a text."""
    day, month, year = (0, 3, 6) if day_first else (8, 5, 0)
    marks = (("/", 2), ("/", 5)) if day_first else (("-", 4), ("-", 7))
    is_read = np.ones(signs.shape[1], np.bool_)
    for mark, place in marks:
        is_read &= signs[place] == ord(mark)
    if len(signs) > _LENGTHS[0]:
        is_read &= (signs[10] == ord(" ")) | (signs[10] == ord("T"))
        is_read &= (_pair(signs, 11) < 24) & (_pair(signs, 14) < 60) & (signs[13] == ord(":"))
    if len(signs) > _LENGTHS[1]:
        is_read &= (_pair(signs, 17) < 60) & (signs[16] == ord(":"))
    century, of_century = _pair(signs, year), _pair(signs, year + 2)
    is_read &= ((century == 19) | (century == 20)) & (of_century < 100)
    months, days = _pair(signs, month), _pair(signs, day)
    is_read &= (months - np.uint8(1) < _MONTHS) & (days - np.uint8(1) < _DAYS)
    years = century.astype(np.int32) * 100 + of_century - _FIRST_YEAR
    place_of = (years * _MONTHS + months - 1) * _DAYS + days - 1
    # Years from 2100 on, and whatever is no number, lie beyond the calendar.
    found = _calendar().take(place_of, mode="clip")
    is_read &= (found != _NO_DAY) & (years < _YEARS)
    return found, is_read


def _pair(signs: Signs, place: int) -> _Digits:
    """The number of two digits at that place of each text; 100 or more where there is none."""
    tens, ones = signs[place] - np.uint8(ord("0")), signs[place + 1] - np.uint8(ord("0"))
    number: _Digits = tens * np.uint8(10) + ones
    number[(tens > 9) | (ones > 9)] = _NO_NUMBER
    return number


@cache
def _calendar() -> _Numbers:
    """Number of the day from 1970 on by year, month and day of the month from 1900 on; 31 days in each month."""
    numbers = np.full(_YEARS * _MONTHS * _DAYS, _NO_DAY, np.int32)
    epoch = _EPOCH.toordinal()
    for ordinal in range(date(_FIRST_YEAR, 1, 1).toordinal(), date(_FIRST_YEAR + _YEARS, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        place = ((day.year - _FIRST_YEAR) * _MONTHS + day.month - 1) * _DAYS + day.day - 1
        numbers[place] = ordinal - epoch
    return numbers
