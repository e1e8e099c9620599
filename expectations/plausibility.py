"""Signs that dates may have been filled in rather than recorded: for the level above only, and no verdict.

Each sign has ordinary reasons too, and the wording says so. Nothing is said about fewer than
``LEAST_DOSSIERS`` dossiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.history import (
    LEAST_DOSSIERS,
    LEAST_PAST,
    MONTHS_JUDGED,
    UnitHistory,
    is_unusual_share,
    usual_shares,
)
from transforms.findings import Finding, Place
from transforms.history.order import differs_from_previous, order_versions
from transforms.indicators.plausibility import MonthlyCounts
from transforms.indicators.robust import middle_of
from transforms.report.numbers_vi import date_short, percent
from transforms.schema.tables import DOSSIER

ABOVE_DISTRICT = "plausibility.due_day.above_district"
ABOVE_PAST = "plausibility.due_day.above_past"
MASS_CLOSING = "plausibility.closing_day.mass"
REPEATED_SUPPLEMENT = "plausibility.supplement.repeated"
PLAUSIBILITY_CODES = (ABOVE_DISTRICT, ABOVE_PAST, MASS_CLOSING, REPEATED_SUPPLEMENT)

DUE_DAY_BOUND = 4.0
LEAST_RISE = 0.25
"""By how much the share resolved exactly on the promised day must lie above what is usual."""
LEAST_NEIGHBOURS = 4
MASS_SHARE, MASS_FACTOR, LEAST_MASS = 0.3, 5, 15
"""A day is a mass closing from 30% of the month's closings, 5 times its median day, and 15 dossiers."""
LEAST_REPEATED = 3
_SUPPLEMENT = 5


def check_due_days(
    counts: MonthlyCounts, histories: tuple[tuple[int, UnitHistory], ...], parents: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Units whose work ends exactly on the promised day far more often than their neighbours' or their own did.

    Looked at are dossiers that were promised for later than the next day. ``parents``: unit → its district.
    """
    last_year = {
        counts.units[row]: _sums(
            counts, row, range(max(history.first, history.end - MONTHS_JUDGED), history.end)
        )
        for row, history in histories
    }
    found = [*_above_district(last_year, parents)]
    for row, history in histories:
        parts, wholes = counts.on_due_day[row], counts.with_choice[row]
        for at in range(max(history.first, history.end - MONTHS_JUDGED), history.end):
            usual = usual_shares(parts, wholes, history.past_of(at, counts.months))
            part, whole = int(parts[at]), int(wholes[at])
            if len(usual) >= LEAST_PAST and _is_far_above(part, whole, usual):
                month = counts.months[at]
                named = (("month", f"{month.month}/{month.year}"), ("subject", f"{month:%Y-%m}"))
                params = (*named, *_params(part, whole, middle_of(usual)))
                found.append(Finding(ABOVE_PAST, history.unit, "dossier", "", "resolved_date", params))
    return tuple(found)


def _above_district(
    last_year: Mapping[str, tuple[int, int]], parents: Mapping[str, str]
) -> Iterator[Finding]:
    judged = {unit: sums for unit, sums in last_year.items() if sums[1] >= LEAST_DOSSIERS}
    for unit, (part, whole) in judged.items():
        others = np.array(
            [
                other_part / other_whole
                for other, (other_part, other_whole) in judged.items()
                if other != unit and parents.get(other) == parents.get(unit)
            ]
        )
        if len(others) >= LEAST_NEIGHBOURS and _is_far_above(part, whole, others):
            params = _params(part, whole, middle_of(others))
            yield Finding(ABOVE_DISTRICT, unit, "dossier", "", "resolved_date", params)


def _sums(counts: MonthlyCounts, row: int, months: range) -> tuple[int, int]:
    span = slice(months.start, months.stop)
    return int(counts.on_due_day[row, span].sum()), int(counts.with_choice[row, span].sum())


def _is_far_above(part: int, whole: int, usual: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    if whole < LEAST_DOSSIERS or part / whole <= middle_of(usual):
        return False
    return is_unusual_share(part, whole, usual, LEAST_RISE, DUE_DAY_BOUND)


def _params(part: int, whole: int, usual: float) -> tuple[tuple[str, str | int], ...]:
    return (
        ("part", part),
        ("whole", whole),
        ("rate", percent(part, whole) or ""),
        ("usual", percent(round(usual * 1000), 1000) or ""),
    )


def check_mass_closing(closings: Mapping[tuple[str, date], int], as_of: date) -> tuple[Finding, ...]:
    """One finding per unit and day on which far more was closed than on any ordinary day of that month.

    ``closings``: ``plausibility.count_closings``. Judged are the months of the last year.
    """
    first = date(as_of.year - 1, as_of.month, 1)
    months: defaultdict[tuple[str, int, int], dict[date, int]] = defaultdict(dict)
    for (unit, day), number in closings.items():
        if first <= day <= as_of:
            months[unit, day.year, day.month][day] = number
    found: list[Finding] = []
    for (unit, *_), by_day in sorted(months.items()):
        total = sum(by_day.values())
        day = max(by_day, key=lambda each: (by_day[each], each))
        usual = (
            np.median([number for each, number in by_day.items() if each != day]) if len(by_day) > 1 else 0
        )
        most = by_day[day]
        bound = max(LEAST_MASS, MASS_SHARE * total, MASS_FACTOR * usual)
        if total >= LEAST_DOSSIERS and most >= bound:
            params: tuple[tuple[str, str | int], ...] = (
                ("subject", day.isoformat()),
                ("day", date_short(day)),
                ("part", most),
                ("whole", total),
                ("rate", percent(most, total) or ""),
                ("month", f"{day.month}/{day.year}"),
            )
            found.append(Finding(MASS_CLOSING, unit, "dossier", "", "resolved_date", params))
    return tuple(found)


def check_repeated_supplements(versions: pa.Table) -> tuple[Finding, ...]:
    """Units with at least ``LEAST_REPEATED`` dossiers that were asked for further papers more than once.

    ``versions``: all versions of the dossiers. A request is an unbroken run of exports that show status 5;
    a dossier whose second request fell between two exports is not seen.
    """
    # Only a record with two versions in status 5 can have been asked twice; they are few.
    asked = versions.filter(pc.equal(versions["status_code"], _SUPPLEMENT))
    keys = asked.group_by("dossier_code").aggregate([([], "count_all")])
    codes = keys.filter(pc.greater(keys["count_all"], 1))["dossier_code"]
    if codes.length() == 0:
        return ()
    order = order_versions(
        versions.filter(pc.is_in(versions["dossier_code"], value_set=codes.combine_chunks())), DOSSIER.key
    )
    key_parts = [order.ordered(name) for name in DOSSIER.key]
    is_start = differs_from_previous([*key_parts, order.ordered("status_code")])
    is_request = pc.and_(is_start, pc.fill_null(pc.equal(order.ordered("status_code"), _SUPPLEMENT), False))
    requests = pc.cumulative_sum(pc.cast(is_request, pa.int64()))
    before = pc.subtract(requests.take(order.starts), pc.cast(is_request, pa.int64()).take(order.starts))
    number = pc.subtract(requests.take(order.ends), before)
    latest = order.versions.take(order.rows.take(order.ends)).filter(pc.greater(number, 1))
    sizes = _dossiers_of_units(versions)
    names = ("unit_code", "_file", "_sheet", "_row", "dossier_code", "status_label")
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for unit, file, sheet, row, code, status in zip(
        *(latest[name].to_pylist() for name in names), strict=True
    ):
        places[unit or ""].append(Place(sheet or "", row or 0, code or "", status or "", file or ""))
    return tuple(
        Finding(REPEATED_SUPPLEMENT, unit, "dossier", "", "status_code", places=tuple(found))
        for unit, found in sorted(places.items())
        if len(found) >= LEAST_REPEATED and sizes.get(unit, 0) >= LEAST_DOSSIERS
    )


def _dossiers_of_units(versions: pa.Table) -> dict[str, int]:
    counted = versions.group_by("unit_code").aggregate([("dossier_code", "count_distinct")])
    return dict(
        zip(counted["unit_code"].to_pylist(), counted["dossier_code_count_distinct"].to_pylist(), strict=True)
    )
