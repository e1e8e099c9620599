"""Promised days beside what the procedures' own times give, and lateness in working days.

The promised day of the software stays what counts (DOMAIN.md 3.8): its holiday table and the hour of
reception are not in the lists, so a difference is a hint and no more.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from transforms.calendar import columns
from transforms.calendar.due import SAME_DAY, due_days, late_working_days
from transforms.calendar.work_calendar import WorkCalendar, build_calendar
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding, Place
from transforms.indicators.state import State, column

DIFFERS = "dossier.due_date.differs_from_rule"
_NEEDED = ("unit_code", "_file", "_sheet", "_row", "dossier_code", "due_date")


def rule_due_days(classified: pa.Table, catalogue: Catalogue) -> pa.Array:
    """The day each dossier is due by its procedure's time; date32, null where time or reception is unknown.

    ``classified``: dossiers with ``procedure_id`` (``catalogue.classify``).
    """
    calendar = build_calendar(catalogue.days_off)
    values, units = _times(classified, catalogue)
    return due_days(column(classified, "received_date"), values, units, calendar)


def late_days(population: pa.Table, closing_day: date, catalogue: Catalogue) -> pa.Array:
    """Working days by which each dossier is late at B; int64.

    A resolved one to the day its work ended, an open one past its day to B; 0 where it was or is in time;
    null where no promised day is known, the day of the end is not told, or the dossier is not counted as
    early, on time, late, within or overdue. ``population``: ``indicators.population.build_population``.
    """
    state = column(population, "state")
    ended = pc.coalesce(column(population, "resolved_date"), column(population, "returned_date"))
    at_b = pa.scalar(closing_day, pa.date32())
    until = pc.if_else(_is_in(state, (State.OVERDUE,)), at_b, ended)
    late = late_working_days(
        column(population, "due_date"), until, build_calendar(catalogue.days_off), paused=None
    )
    has_due = pc.is_valid(column(population, "due_date"))
    in_time = pc.and_(_is_in(state, (State.EARLY, State.ON_TIME, State.WITHIN)), has_due)
    nothing = pa.scalar(None, pa.int64())
    return pc.if_else(
        in_time,
        pa.scalar(0, pa.int64()),
        pc.if_else(_is_in(state, (State.LATE, State.OVERDUE)), late, nothing),
    )


def check_due_dates(classified: pa.Table, catalogue: Catalogue) -> tuple[Finding, ...]:
    """One finding per unit whose promised days differ from the procedures' times, with every row concerned.

    Same-day procedures may also be promised for the next working day, because the lists tell no hour. Rows
    without a promised day, or of a procedure without a time, are not judged. A place's value is the
    promised day.
    """
    calendar = build_calendar(catalogue.days_off)
    values, units = _times(classified, catalogue)
    by_rule = due_days(column(classified, "received_date"), values, units, calendar)
    promised = column(classified, "due_date")
    latest = _latest_allowed(by_rule, units, calendar)
    is_later = pc.fill_null(pc.greater(promised, latest), False)
    is_earlier = pc.fill_null(pc.less(promised, by_rule), False)
    rows = classified.select(list(_NEEDED)).append_column("is_later", is_later)
    failing = rows.filter(pc.or_(is_later, is_earlier)).sort_by([(name, "ascending") for name in _NEEDED[:4]])
    found: list[Finding] = []
    values_by_column = (failing[name].to_pylist() for name in failing.column_names)
    for unit, group in groupby(zip(*values_by_column, strict=True), key=itemgetter(0)):
        members = list(group)
        files = {file or "" for _, file, *_ in members}
        only = files.pop() if len(files) == 1 else ""
        later = sum(is_late for *_, is_late in members)
        places = tuple(
            Place(sheet or "", row or 0, code or "", f"{due:%d/%m/%Y}", "" if only else file or "")
            for _, file, sheet, row, code, due, _ in members
        )
        params = (("later", later), ("earlier", len(members) - later))
        found.append(Finding(DIFFERS, unit, "dossier", only, "due_date", params, places))
    return tuple(found)


def _latest_allowed(by_rule: pa.Array, units: pa.Array, calendar: WorkCalendar) -> pa.Array:
    is_same_day = pc.fill_null(pc.equal(units, SAME_DAY), False)
    return pc.if_else(is_same_day, columns.next_working_day(by_rule, calendar), by_rule)


def _times(classified: pa.Table, catalogue: Catalogue) -> tuple[pa.Array, pa.Array]:
    """(time, its unit) of every dossier's procedure, null where none is known."""
    procedures = [procedure for procedure in catalogue.procedures if procedure.time_unit]
    at = pc.index_in(
        column(classified, "procedure_id"),
        value_set=pa.array([procedure.code for procedure in procedures], pa.string()),
    )
    values = pa.array([procedure.time_value for procedure in procedures], pa.int64())
    units = pa.array([procedure.time_unit for procedure in procedures], pa.string())
    return values.take(at), units.take(at)


def _is_in(state: pa.Array, states: tuple[State, ...]) -> pa.Array:
    return pc.is_in(state, value_set=pa.array([str(item) for item in states], state.type))
