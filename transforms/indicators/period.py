"""Reporting periods: reading their ids, their windows under a basis, their names and neighbours.

Windows are data (``PeriodWindow``): NĐ 09/2019/NĐ-CP Art. 12 for ``nd09``, the calendar for ``lich``, and
whatever else a workspace defines. Bounds are inclusive at both ends.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

from transforms.calendar.day_words import official_date
from transforms.catalogue.model import PeriodWindow
from transforms.indicators.model import Period, Reckoning

MONTH, QUARTER, HALF, NINE_MONTHS, YEAR = "month", "quarter", "half", "nine_months", "year"
KINDS = (MONTH, QUARTER, HALF, NINE_MONTHS, YEAR)

_PERIOD_ID = re.compile(r"(20\d\d|19\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|6([TC])|(9T)))?")
_INDEX_COUNT = {MONTH: 12, QUARTER: 4, HALF: 2}
_ROMAN = ("I", "II", "III", "IV")


class PeriodError(ValueError):
    """A period that cannot be read or counted; the text is a Vietnamese sentence for the user."""


def parse_period(text: str) -> Period:
    """The period with that id: 2021-09, 2021-Q3, 2021-6T, 2021-6C, 2021-9T or 2021.

    White space around it and lower case do not matter. PeriodError for anything else.
    """
    found = _PERIOD_ID.fullmatch(text.strip().upper())
    if found is None:
        raise PeriodError(
            f"Kỳ báo cáo “{text}” không đúng mẫu. Hãy viết 2021-09 (tháng), 2021-Q3 (quý), "
            "2021-6T (6 tháng đầu năm), 2021-6C (6 tháng cuối năm), 2021-9T (9 tháng) hoặc 2021 (cả năm)."
        )
    year, month, quarter, half, nine_months = found.groups()
    if month:
        return _period(MONTH, int(year), int(month))
    if quarter:
        return _period(QUARTER, int(year), int(quarter))
    if half:
        return _period(HALF, int(year), 1 if half == "T" else 2)
    return _period(NINE_MONTHS if nine_months else YEAR, int(year), None)


def window(period: Period, basis: str, windows: Sequence[PeriodWindow]) -> tuple[date, date]:
    """First and last day of the period under that basis, both inside it.

    Of the rows for this kind of period the one holds in whose validity its own window ends. PeriodError
    when the catalogue has none.
    """
    row = _window_row(period, basis, windows)
    if row is None:
        check_basis(basis, windows)
        raise PeriodError(
            f"Danh mục kỳ báo cáo chưa quy định ngày chốt số liệu của {period_name(period)} theo cách tính “{basis}”"
            f"{_validity_words(period, basis, windows)}."
        )
    return _bounds(period, row)


def check_basis(basis: str, windows: Sequence[PeriodWindow]) -> None:
    """PeriodError that names the known bases when this is none of them."""
    known = list(dict.fromkeys(row.basis for row in windows))
    if basis not in known:
        raise PeriodError(f"Không có cách tính kỳ “{basis}”; các cách hiện có: {', '.join(sorted(known))}.")


def reckon(
    period: Period,
    basis: str,
    windows: Sequence[PeriodWindow],
    as_of: date,
    cutoff: date | None = None,
    rulebook: str = "tt01",
) -> Reckoning:
    """The days that a count of the period covers, with B = min(window end, cut-off, as_of).

    PeriodError when the cut-off or the working day lies before the window: nothing could be counted.
    """
    start, end = window(period, basis, windows)
    if cutoff is not None and cutoff < start:
        raise PeriodError(
            f"Ngày chốt số liệu {official_date(cutoff)} đứng trước ngày đầu kỳ {official_date(start)} "
            f"của {period_name(period)}. Hãy chọn ngày chốt nằm trong kỳ."
        )
    if as_of < start:
        raise PeriodError(
            f"Ngày làm việc {official_date(as_of)} đứng trước ngày đầu kỳ {official_date(start)} "
            f"của {period_name(period)}, nên chưa có số liệu để tổng hợp."
        )
    closing_day = min(day for day in (end, cutoff, as_of) if day is not None)
    return Reckoning(period, basis, start, end, closing_day, as_of, rulebook, cutoff)


def periods_containing(
    day: date, kinds: Sequence[str], basis: str, windows: Sequence[PeriodWindow]
) -> tuple[Period, ...]:
    """The periods of those kinds whose window contains the day, in the order of ``kinds``.

    A kind whose windows leave the day out (nine months in December) or are not in the catalogue gives
    none. ValueError for a kind that does not exist.
    """
    found: list[Period] = []
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"unknown kind of period: {kind}")
        for year in (day.year - 1, day.year, day.year + 1):
            for index in _indexes(kind):
                period = _period(kind, year, index)
                if _window_row(period, basis, windows) is None:
                    continue
                start, end = window(period, basis, windows)
                if start <= day <= end:
                    found.append(period)
    return tuple(found)


def periods_of_year(year: int) -> tuple[Period, ...]:
    """Every period of a year: its months, quarters, halves, the nine months and the year itself."""
    return tuple(_period(kind, year, index) for kind in KINDS for index in _indexes(kind))


def periods_between(first: Period, last: Period, kinds: Sequence[str]) -> tuple[Period, ...]:
    """The periods of those kinds that lie between the first month of one and the last month of the other.

    Months are those of the period's name, whatever its window. PeriodError when the range is turned around.
    """
    start, end = _named_months(first)[0], _named_months(last)[1]
    if end < start:
        raise PeriodError(
            f"Khoảng thời gian bị đảo ngược: {period_name(first)} đứng sau {period_name(last)}. Hãy đổi chỗ hai kỳ."
        )
    every = (period for year in range(start[0], end[0] + 1) for period in periods_of_year(year))
    return tuple(
        period
        for period in every
        if period.kind in kinds and start <= _named_months(period)[0] and _named_months(period)[1] <= end
    )


def _named_months(period: Period) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last (year, month) of what the period is called after."""
    length = {MONTH: 1, QUARTER: 3, HALF: 6, NINE_MONTHS: 9, YEAR: 12}[period.kind]
    first = (period.index - 1) * length + 1 if period.index else 1
    return (period.year, first), (period.year, first + length - 1)


def previous(period: Period) -> Period:
    """The period of the same kind just before: the last month of last year before January.

    Nine months and years go back one year.
    """
    if period.index is None:
        return same_last_year(period)
    if period.index > 1:
        return _period(period.kind, period.year, period.index - 1)
    return _period(period.kind, period.year - 1, _INDEX_COUNT[period.kind])


def same_last_year(period: Period) -> Period:
    """The same period of the year before."""
    return _period(period.kind, period.year - 1, period.index)


def period_name(period: Period) -> str:
    """How staff write the period: "tháng 9 năm 2021", "quý III năm 2021", "9 tháng năm 2021"."""
    if period.kind == MONTH:
        return f"tháng {period.index} năm {period.year}"
    if period.kind == QUARTER and period.index:
        return f"quý {_ROMAN[period.index - 1]} năm {period.year}"
    if period.kind == HALF:
        return f"6 tháng {'đầu' if period.index == 1 else 'cuối'} năm {period.year}"
    if period.kind == NINE_MONTHS:
        return f"9 tháng năm {period.year}"
    return f"năm {period.year}"


def window_words(reckoning: Reckoning) -> str:
    """The days that were counted: "tính từ ngày 15/12/2020 đến ngày 05/9/2021", the last being B."""
    return f"tính từ ngày {official_date(reckoning.start)} đến ngày {official_date(reckoning.closing_day)}"


def _period(kind: str, year: int, index: int | None) -> Period:
    suffix = {
        MONTH: f"-{index or 0:02d}",
        QUARTER: f"-Q{index}",
        HALF: "-6T" if index == 1 else "-6C",
        NINE_MONTHS: "-9T",
        YEAR: "",
    }[kind]
    return Period(f"{year}{suffix}", kind, year, index)


def _indexes(kind: str) -> tuple[int | None, ...]:
    return tuple(range(1, _INDEX_COUNT[kind] + 1)) if kind in _INDEX_COUNT else (None,)


def _window_row(period: Period, basis: str, windows: Sequence[PeriodWindow]) -> PeriodWindow | None:
    """The catalogue's row for the period: the one of its index, else the one for every index; the first that holds."""
    rows = [
        row
        for row in windows
        if row.basis == basis and row.kind == period.kind and row.holds_for(_bounds(period, row)[1])
    ]
    by_index = [row for row in rows if row.index is not None and row.index == period.index]
    for_all = [row for row in rows if row.index is None]
    return next(iter(by_index or for_all), None)


def _bounds(period: Period, row: PeriodWindow) -> tuple[date, date]:
    first_month = period.index if period.kind == MONTH and period.index else 1
    start = _day(period.year, first_month + row.start_month_offset, row.start_day)
    return start, _day(period.year, first_month + row.end_month_offset, row.end_day)


def _validity_words(period: Period, basis: str, windows: Sequence[PeriodWindow]) -> str:
    """ "; quy định hiện có chỉ áp dụng từ ngày 12/3/2019" where rows exist that do not hold for the period."""
    rows = [row for row in windows if row.basis == basis and row.kind == period.kind]
    starts = [row.valid_from for row in rows if row.valid_from]
    ends = [row.valid_to for row in rows if row.valid_to]
    end = _bounds(period, rows[0])[1] if rows else date.min
    if starts and end < min(starts):
        return f"; quy định hiện có chỉ áp dụng từ ngày {official_date(min(starts))}"
    if ends and end > max(ends):
        return f"; quy định hiện có chỉ áp dụng đến ngày {official_date(max(ends))}"
    return ""


def _day(year: int, month: int, day: int) -> date:
    """The day of a month counted from January of ``year``, 0 and 13 reaching into other years."""
    years, month_index = divmod(month - 1, 12)
    last = calendar.monthrange(year + years, month_index + 1)[1]
    return date(year + years, month_index + 1, min(day, last) if day else last)
