"""How old the open dossiers of a count are, and how long the overdue ones are past their day, in working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms.calendar import columns
from transforms.calendar.work_calendar import WorkCalendar
from transforms.indicators.state import column

AGE, LATENESS = "age", "overdue"
"""What a band measures: working days since reception, or since the promised day."""
PENDING = ("pending_within", "pending_overdue")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of working days; ``last`` is None for the open end."""

    first: int
    last: int | None

    @property
    def band_id(self) -> str:
        """ "6-10", "61-"."""
        return f"{self.first}-{'' if self.last is None else self.last}"


BANDS: Mapping[str, tuple[Band, ...]] = {
    AGE: (Band(0, 5), Band(6, 10), Band(11, 20), Band(21, 60), Band(61, None)),
    LATENESS: (Band(0, 5), Band(6, 10), Band(11, 30), Band(31, None)),
}
"""The first four ages end where the usual promises of 5, 10 and 20 working days do, and after a quarter."""
_FROM = {AGE: "received_date", LATENESS: "due_date"}

BacklogCells = Mapping[tuple[str, str, str, str], int]
"""(what is measured, band id, measure, unit code) → dossiers; a band without any is left out."""


def count_backlog(population: pa.Table, closing_day: date, calendar: WorkCalendar) -> BacklogCells:
    """The open dossiers of every unit by age and measure, the overdue ones by lateness.

    The bands of one unit add up to its ``pending_within`` and ``pending_overdue``: days outside the calendar
    and missing ones stand under ``UNKNOWN``.
    """
    found: dict[tuple[str, str, str, str], int] = {}
    for what, measures in ((AGE, PENDING), (LATENESS, PENDING[1:])):
        is_open = pc.is_in(column(population, "placed_as"), value_set=pa.array(measures, pa.string()))
        rows = population.select(["unit_code", "placed_as", _FROM[what]]).filter(is_open)
        rows = rows.append_column("band", bands_of(rows, what, closing_day, calendar))
        counted = rows.group_by(["band", "placed_as", "unit_code"], use_threads=False).aggregate(
            [([], "count_all")]
        )
        for row in counted.to_pylist():
            found[what, row["band"], row["placed_as"], row["unit_code"]] = row["count_all"]
    return found


def parse_band(text: str) -> tuple[str, str] | None:
    """What is measured and the band id of the first part of a cell id ("age.6-10"); None for any other text."""
    what, _, band_id = text.partition(".")
    known = (*(band.band_id for band in BANDS.get(what, ())), UNKNOWN)
    return (what, band_id) if what in BANDS and band_id in known else None


def bands_of(rows: pa.Table, what: str, closing_day: date, calendar: WorkCalendar) -> pa.Array:
    """The band id of each row, ``UNKNOWN`` where its day is missing; KeyError for what nobody measures."""
    until = pa.repeat(pa.scalar(closing_day, pa.date32()), rows.num_rows)
    days = columns.working_days_between(column(rows, _FROM[what]), until, calendar)
    masks = [pc.fill_null(pc.greater_equal(days, band.first), False) for band in reversed(BANDS[what])]
    names = [band.band_id for band in reversed(BANDS[what])]
    chosen = pa.StructArray.from_arrays(masks, names)
    return pc.case_when(chosen, *(pa.scalar(name) for name in names), pa.scalar(UNKNOWN))
