"""A unit's newest months against its own past: volume, rates and shares of fields (robust score).

Whole calendar months only, each against the months before it. At least ``LEAST_PAST`` past months are needed;
months before ``BREAKS`` are never the past of later ones. The bounds are wide on purpose: what chance makes
of small numbers must not alarm (``robust.share_spread``), and a month is told once with all that is odd in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from transforms.calendar.work_calendar import WorkCalendar
from transforms.findings import Finding
from transforms.indicators.plausibility import MonthlyCounts, complete_months, last_day
from transforms.indicators.robust import middle_of, robust_score, share_spread
from transforms.readers.owner_unit import FILING_ANYWHERE_FROM
from transforms.report.numbers_vi import percent

VOLUME = "history.volume.unusual"
RATE = "history.rate.unusual"
ON_TIME = "history.on_time.unusual"
SHARE = "history.share.unusual"
TOO_SHORT = "history.too_short"
HISTORY_CODES = (VOLUME, RATE, ON_TIME, SHARE, TOO_SHORT)

LEAST_PAST = 6
"""Past months before a month is judged; until then "chưa đủ dữ liệu"."""
MONTHS_JUDGED = 12
LEAST_DOSSIERS = 30
"""Dossiers below which a rate or a share says nothing."""
BREAKS = (FILING_ANYWHERE_FROM,)
"""From 1/7/2025 communes took over procedures of the districts: series do not go across (DOMAIN.md 7)."""
VOLUME_BOUND, RATE_BOUND = 4.0, 5.0
"""Scores from which a number of dossiers, and a rate or a share, is called unusual."""
LEAST_CHANGE_OF_VOLUME = 10
LEAST_CHANGE_OF_RATE, LEAST_CHANGE_OF_SHARE = 0.10, 0.15
_VOLUME_SPREAD, _RATE_SPREAD = 0.12, 0.03
_FIRST_FULL = 1 / 3
_NAMED_FIELDS = 3


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """One unit's months that can be compared: those within what it delivered, and ended when it did."""

    unit: str
    first: int
    """Position of the first comparable month; equal to ``end`` when there is none."""
    end: int

    def past_of(self, at: int, months: tuple[date, ...]) -> range:
        """Positions of the months that one month is compared with."""
        first = self.first
        for day in BREAKS:
            if months[at] >= day.replace(day=1):
                first = max(first, sum(month < day for month in months))
        return range(min(first, at), at)


def comparable_months(counts: MonthlyCounts, row: int, data_day: date, working_days: NDArray[np.float64]) -> UnitHistory:  # fmt: skip
    """The months of one unit that had ended when its newest list was taken, thin ones at the beginning left out.

    A list that begins in the middle of a month, or holds a few dossiers carried over from before, does not
    show what those months were like.
    """
    end = complete_months(counts, data_day)
    per_day = counts.received[row, :end] / working_days[:end]
    present = per_day[per_day > 0]
    if present.size == 0:
        return UnitHistory(counts.units[row], end, end)
    enough = np.flatnonzero(per_day >= _FIRST_FULL * middle_of(present))
    return UnitHistory(counts.units[row], int(enough[0]), end)


def unit_histories(
    counts: MonthlyCounts, data_days: Mapping[str, date], calendar: WorkCalendar
) -> tuple[tuple[int, UnitHistory], ...]:
    """(row of ``counts``, its comparable months) of every unit whose newest list is known."""
    days = working_days(counts, calendar)
    return tuple(
        (row, comparable_months(counts, row, data_days[unit], days))
        for row, unit in sorted(enumerate(counts.units), key=lambda item: item[1])
        if unit in data_days
    )


def working_days(counts: MonthlyCounts, calendar: WorkCalendar) -> NDArray[np.float64]:
    """Working days of each month, at least 1."""
    return np.array(
        [
            max(1, calendar.working_days_between(month, last_day(month)) + calendar.is_working_day(month))
            for month in counts.months
        ],
        dtype=np.float64,
    )


def check_history(
    counts: MonthlyCounts,
    data_days: Mapping[str, date],
    calendar: WorkCalendar,
    field_names: Mapping[str, str],
) -> tuple[Finding, ...]:
    """Findings of ``HISTORY_CODES`` about the last ``MONTHS_JUDGED`` whole months of every unit.

    ``data_days``: unit → the day its newest list was taken, a unit that is absent is not judged;
    ``field_names``: field id → name. ``history.too_short`` stands once per unit, while its newest whole month
    has too little past.
    """
    days = working_days(counts, calendar)
    found: list[Finding] = []
    for row, history in unit_histories(counts, data_days, calendar):
        newest = history.end - 1
        past = len(history.past_of(newest, counts.months)) if newest >= history.first else 0
        if past < LEAST_PAST:
            found.append(
                Finding(TOO_SHORT, history.unit, "dossier", params=(("months", past), ("needed", LEAST_PAST)))
            )
        for at in range(max(history.first, history.end - MONTHS_JUDGED), history.end):
            before = history.past_of(at, counts.months)
            if len(before) >= LEAST_PAST:
                found += _volume(counts, row, at, before, days)
                found += _rates(counts, row, at, before)
                found += _shares(counts, row, at, before, field_names)
    return tuple(found)


def _volume(
    counts: MonthlyCounts, row: int, at: int, before: range, days: NDArray[np.float64]
) -> Iterator[Finding]:
    number = int(counts.received[row, at])
    usual = counts.received[row, before.start : before.stop] / days[before.start : before.stop] * days[at]
    expected = middle_of(usual)
    least = max(float(np.sqrt(expected)), _VOLUME_SPREAD * expected, 1.0)
    if abs(number - expected) < LEAST_CHANGE_OF_VOLUME:
        return
    if abs(robust_score(number, usual, least)) >= VOLUME_BOUND:
        params = (("total", number), ("usual", round(expected)))
        yield _finding(VOLUME, counts, row, at, "received_date", params)


def _rates(counts: MonthlyCounts, row: int, at: int, before: range) -> Iterator[Finding]:
    work = counts.open_before[row] + counts.received[row]
    for code, column, parts, wholes in (
        (RATE, "resolved_date", counts.resolved[row], work),
        (ON_TIME, "due_date", counts.in_time[row], counts.resolved[row]),
    ):
        usual = usual_shares(parts, wholes, before)
        part, whole = int(parts[at]), int(wholes[at])
        if whole < LEAST_DOSSIERS or len(usual) < LEAST_PAST:
            continue
        if is_unusual_share(part, whole, usual, LEAST_CHANGE_OF_RATE, RATE_BOUND):
            yield _finding(code, counts, row, at, column, _share_params(part, whole, middle_of(usual)))


def _shares(
    counts: MonthlyCounts, row: int, at: int, before: range, field_names: Mapping[str, str]
) -> Iterator[Finding]:
    received = counts.received[row]
    whole = int(received[at])
    if whole < LEAST_DOSSIERS:
        return
    odd: list[tuple[float, str, int]] = []
    for position, field in enumerate(counts.fields):
        parts = counts.received_by_field[row, :, position]
        usual = usual_shares(parts, received, before)
        if len(usual) < LEAST_PAST:
            return
        part, middle = int(parts[at]), middle_of(usual)
        if is_unusual_share(part, whole, usual, LEAST_CHANGE_OF_SHARE, RATE_BOUND):
            now, then = percent(part, whole), percent(round(middle * 1000), 1000)
            words = f"{field_names.get(field, field)} {now} (thường khoảng {then})"
            odd.append((-abs(part / whole - middle), words, part))
    if odd:
        words = "; ".join(text for _, text, _ in sorted(odd)[:_NAMED_FIELDS])
        yield _finding(SHARE, counts, row, at, "procedure_name", (("fields", words), ("total", whole)))


def usual_shares(parts: NDArray[np.int64], wholes: NDArray[np.int64], before: range) -> NDArray[np.float64]:
    """Shares of the past months that have enough dossiers for one."""
    part, whole = parts[before.start : before.stop], wholes[before.start : before.stop]
    enough = whole >= LEAST_DOSSIERS
    return np.asarray(part[enough] / whole[enough], dtype=np.float64)


def is_unusual_share(
    part: int, whole: int, usual: NDArray[np.float64], least_change: float, bound: float
) -> bool:
    """True where part / whole lies beyond the bound from the usual shares, chance among ``whole`` allowed for."""
    middle = middle_of(usual)
    if abs(part / whole - middle) < least_change:
        return False
    least = max(share_spread(middle, whole), _RATE_SPREAD)
    return abs(robust_score(part / whole, usual, least)) >= bound


def _share_params(part: int, whole: int, usual: float) -> tuple[tuple[str, str | int], ...]:
    return (
        ("part", part),
        ("whole", whole),
        ("rate", percent(part, whole) or ""),
        ("usual", percent(round(usual * 1000), 1000) or ""),
    )


def _finding(
    code: str,
    counts: MonthlyCounts,
    row: int,
    at: int,
    column: str,
    params: tuple[tuple[str, str | int], ...],
) -> Finding:
    month = counts.months[at]
    named = (("month", f"{month.month}/{month.year}"), ("subject", f"{month:%Y-%m}"))
    return Finding(code, counts.units[row], "dossier", "", column, (*named, *params))
