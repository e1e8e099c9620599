"""The periods that a report is compared with, to which day they are counted, and which units' figures compare."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.lineage import identity
from transforms.catalogue.model import PeriodWindow
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.period import (
    HALF,
    MONTH,
    QUARTER,
    PeriodError,
    previous,
    reckon,
    same_last_year,
    window,
)
from transforms.indicators.rollup import Line

SUBJECTS = ("dossier", "fee", "document")
"""Kinds of record whose figures are compared."""
_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6}
_YEAR = 12
_SPARSE = 10
"""A month with less than one tenth of what is usual holds leftovers of another list, not a month's work."""

_LEFTOVERS = timedelta(days=14)
"""Where nothing was finished for longer after the first reception, the first ones were only taken over."""
_QUIET = timedelta(days=7)
"""A small unit receives nothing on some days: its list may tell of a period whole and begin so much later."""


class Relation(StrEnum):
    """What an earlier period is to the report's own."""

    BEFORE = "before"
    LAST_YEAR = "last_year"


class Obstacle(StrEnum):
    """Why the figures of a unit do not compare."""

    NONE = ""
    UNCOVERED = "uncovered"
    """The store does not reach back over the whole of the earlier period."""
    OUTDATED = "outdated"
    """The newest list was taken before the last day that the report counts."""
    CHANGED = "changed"
    """The unit was made of others then."""


@dataclass(frozen=True, slots=True)
class Reach:
    """From when to when the lists of a unit tell everything, by kind of record and stored unit code."""

    since: Mapping[tuple[str, str], date]
    until: Mapping[tuple[str, str], date]
    first: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """Day of the oldest record, by kind of list and stored unit code."""


NO_REACH = Reach({}, {})
"""Nothing is told of anything."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One line of a report beside the line of the same unit in the earlier period."""

    code: str
    earlier_code: str
    obstacle: Obstacle = Obstacle.NONE
    day: date | None = None
    """The first day that the store tells of, or the day of the newest list: whichever stands in the way."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier period beside the report's own, both counted by the same functions."""

    relation: Relation
    period: Period
    table: IndicatorTable | None
    """None where nothing of it compares, so that nothing was counted."""
    lines: Mapping[str, tuple[ComparedLine, ...]]
    """Kind of record → every line of the report."""
    codes: tuple[str, ...] = ()
    """Every line of the node in the earlier period: what its own total then was the sum of."""


def earlier_periods(period: Period) -> tuple[tuple[Relation, Period], ...]:
    """The period before and the same one a year ago; a single one where they are the same (nine months, year)."""
    before, year_ago = previous(period), same_last_year(period)
    if before == year_ago:
        return ((Relation.LAST_YEAR, year_ago),)
    return ((Relation.BEFORE, before), (Relation.LAST_YEAR, year_ago))


def earlier_reckoning(
    reckoning: Reckoning, relation: Relation, period: Period, windows: Sequence[PeriodWindow]
) -> Reckoning | None:
    """How the earlier period is counted; None where the calendar has no window for it.

    A report that closes before its period ends is compared with the same stretch of the earlier period,
    since part of a month against a whole one would always be a fall.
    """
    try:
        start, end = window(period, reckoning.basis, windows)
    except PeriodError:
        return None
    cutoff = None
    if reckoning.closing_day < reckoning.end:
        months = _YEAR if relation is Relation.LAST_YEAR else _MONTHS.get(period.kind, _YEAR)
        cutoff = min(max(_months_before(reckoning.closing_day, months), start), end)
    return reckon(period, reckoning.basis, windows, reckoning.as_of, cutoff, reckoning.rulebook)


def dense_since(records: pa.Table, up_to: date) -> dict[str, date]:
    """Unit code → first day from which its records tell every month up to the newest without a hole.

    ``records``: columns ``unit_code`` and ``day``, date32; days after ``up_to`` are slips of the pen. Exports
    do not say what they leave out: a list that begins in December still holds old dossiers that were open
    then. Going back from the newest month, the first month with next to nothing in it ends what is told.
    Units without dated records are left out.
    """
    dated = records.filter(pc.fill_null(pc.less_equal(records["day"], pa.scalar(up_to)), False))
    month = pc.add(pc.multiply(pc.year(dated["day"]), _YEAR), pc.month(dated["day"]))
    counted = dated.append_column("month", month).group_by(["unit_code", "month"])
    found: dict[str, dict[int, tuple[int, date]]] = {}
    for row in counted.aggregate([("day", "count"), ("day", "min")]).to_pylist():
        found.setdefault(row["unit_code"], {})[row["month"]] = (row["day_count"], row["day_min"])
    return {unit: _first_day(months) for unit, months in found.items()}


def resolving_since(received: Mapping[str, date], resolved: Mapping[str, date]) -> dict[str, date]:
    """Unit code → first day that its list of dossiers tells whole, from ``dense_since`` of both days.

    A list that begins with what was still open then holds dossiers received before, but none finished before.
    """
    return {
        unit: later if (later := resolved.get(unit, day)) - day > _LEFTOVERS else day
        for unit, day in received.items()
    }


def _first_day(months: Mapping[int, tuple[int, date]]) -> date:
    at = max(months)
    told = [months[at][0]]
    while at - 1 in months and months[at - 1][0] * _SPARSE >= median(told):
        at -= 1
        told.append(months[at][0])
    return months[at][1]


def is_told(since: date, other: Reckoning) -> bool:
    """Whether a list that tells everything from that day on tells of the whole period."""
    return since <= other.start + _QUIET


def compare_lines(
    now: Sequence[Line],
    earlier: Sequence[Line],
    subject: str,
    reach: Reach,
    own: Reckoning,
    other: Reckoning,
) -> tuple[ComparedLine, ...]:
    """Each line of the report with the line of the same units in the earlier period, and what stands between them."""
    then = {frozenset(map(identity, line.members)): line.unit.code for line in earlier}
    return tuple(
        _compared(line, then.get(frozenset(map(identity, line.members))), subject, reach, own, other)
        for line in now
    )


def _compared(
    line: Line, earlier_code: str | None, subject: str, reach: Reach, own: Reckoning, other: Reckoning
) -> ComparedLine:
    if earlier_code is None:
        return ComparedLine(line.unit.code, "", Obstacle.CHANGED)
    keys = [(subject, member.code) for member in line.members]
    since = [reach.since.get(key) for key in keys]
    until = [reach.until.get(key) for key in keys]
    known_since = [day for day in since if day is not None]
    known_until = [day for day in until if day is not None]
    if len(known_since) < len(keys) or not is_told(max(known_since), other):
        day = max(known_since) if len(known_since) == len(keys) else None
        return ComparedLine(line.unit.code, earlier_code, Obstacle.UNCOVERED, day)
    if len(known_until) < len(keys) or min(known_until) < own.closing_day:
        day = min(known_until) if len(known_until) == len(keys) else None
        return ComparedLine(line.unit.code, earlier_code, Obstacle.OUTDATED, day)
    return ComparedLine(line.unit.code, earlier_code)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * _YEAR + day.month - 1 - months, _YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
