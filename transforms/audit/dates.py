"""Days and reporting periods named in a text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.audit.model import PeriodFacts

_NUMERIC = r"(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})"
_LONG = r"(?P<dl>\d{1,2})\s+tháng\s+(?P<ml>\d{1,2})(?:\s+năm\s+(?P<yl>\d{4}))?"
_DAY = re.compile(rf"(?<![\d/.])(?:{_NUMERIC}|{_LONG})(?![\d/])", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:\s*(?:/|-|,)?\s*(?:năm\s*)?(?P<{}>20\d\d))"
_PERIOD = re.compile(
    rf"(?:(?P<months>0?6|0?9|sáu|chín)\s+tháng(?:\s+(?P<half>đầu|cuối))?(?:\s+năm)?{_YEAR.format('y1')}?)"
    rf"|(?:quý\s+(?P<quarter>iv|iii|ii|i|[1-4])(?!\w){_YEAR.format('y2')}?)"
    rf"|(?:tháng\s+(?P<month>1[0-2]|0?[1-9])(?!\d)\s*{_YEAR.format('y3')}?)"
    r"|(?:(?<!\w)năm\s+(?P<y4>20\d\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day at offsets of its text."""

    start: int
    end: int
    day: date


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period at offsets of its text."""

    start: int
    end: int
    period: PeriodFacts


def find_days(text: str, default_year: int | None = None) -> Iterator[NamedDay]:
    """Every real day named day first; a long form without a year takes the default."""
    for match in _DAY.finditer(text):
        day, month = int(match["d"] or match["dl"]), int(match["m"] or match["ml"])
        year = match["y"] or match["yl"] or default_year
        if year is None:
            continue
        try:
            yield NamedDay(match.start(), match.end(), date(int(year), month, day))
        except ValueError:
            continue


def find_periods(text: str, default_year: int | None = None) -> Iterator[NamedPeriod]:
    """Every reporting period named: 9 tháng, 6 tháng đầu năm, quý III, tháng 9, năm 2021."""
    for match in _PERIOD.finditer(text):
        year = match["y1"] or match["y2"] or match["y3"] or match["y4"] or default_year
        if year is None or (match["months"] and not (match["half"] or match["y1"]) and not default_year):
            continue
        if _is_of_a_day(text, match):
            continue
        yield NamedPeriod(match.start(), match.end(), _period(match, int(year)))


def _is_of_a_day(text: str, match: re.Match[str]) -> bool:
    """ "ngày 5 tháng 9 năm 2021" names a day, not a month."""
    return bool(match["month"] or match["y4"]) and bool(
        re.search(r"\d{1,2}\s+(?:tháng\s+\d{1,2}\s+)?$", text[: match.start()])
    )


def _period(match: re.Match[str], year: int) -> PeriodFacts:
    if match["months"]:
        if match["months"].casefold() in ("9", "09", "chín"):
            return months(f"9 tháng năm {year}", year, 1, 9, is_open=True)
        if (match["half"] or "").casefold() == "cuối":
            return months(f"6 tháng cuối năm {year}", year, 7, 12)
        return months(f"6 tháng đầu năm {year}", year, 1, 6)
    if match["quarter"]:
        found = match["quarter"].casefold()
        number = _ROMAN.get(found) or int(found)
        return months(
            f"quý {'I' * number if number < 4 else 'IV'} năm {year}", year, number * 3 - 2, number * 3
        )
    if match["month"]:
        number = int(match["month"])
        return months(f"tháng {number} năm {year}", year, number, number)
    return months(f"năm {year}", year, 1, 12)


def months(label: str, year: int, first: int, last: int, is_open: bool = False) -> PeriodFacts:
    """The period of whole months under both reckonings.

    Start: the 15th of the month before the first (NĐ 09/2019/NĐ-CP Art. 12); earliest end: the 14th of the
    last month; end: its last day in the calendar.
    """
    before = date(year, first, 1) - timedelta(days=1)
    end = date(year, last, calendar.monthrange(year, last)[1])
    return PeriodFacts(label, before.replace(day=15), date(year, last, 14), end, is_open)
