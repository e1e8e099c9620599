"""Small months of small units for the checks that look across rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from expectations.params import RuleParams
from tests.support.pipe_table import DEFAULTS
from transforms.schema.model import Table
from transforms.schema.tables import DOSSIER

AGENCY, OTHER_AGENCY = "000.09.42.H56", "000.01.42.H56"
UNIT, OTHER = "16204", "16174"
PARAMS = RuleParams(date(2021, 9, 5), {UNIT: AGENCY, OTHER: OTHER_AGENCY})


def rows_of(table: Table, rows: Sequence[dict[str, object]]) -> pa.Table:
    """Rows as a table of the full schema, provenance filled in."""
    filled = [{**DEFAULTS, "_row": number, **row} for number, row in enumerate(rows, start=5)]
    columns = [pa.array([row.get(column.name) for row in filled], column.type) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=table.arrow_schema())


def coded(days: dict[date, Iterable[int]], unit: str = UNIT, agency: str = AGENCY) -> list[dict[str, object]]:
    """Dossiers that carry those numbers on those days."""
    return [
        {"unit_code": unit, "dossier_code": f"{agency}-{day:%y%m%d}-{number:04d}", "received_date": day}
        for day, numbers in days.items()
        for number in numbers
    ]


def full_days(first: date, count: int, size: int) -> dict[date, Iterable[int]]:
    """``count`` days from ``first``, each with the numbers 1..size."""
    return {first + timedelta(days=n): range(1, size + 1) for n in range(count)}


@dataclass(frozen=True)
class Month:
    """What a unit did in one month: received, of which ended on the third day, and on the promised day."""

    received: int
    ended: int | None = None
    on_due_day: int = 0
    field: str = "ho_tich"
    others: int = 0
    """Received besides in the field chung_thuc, all ended."""


def months(plan: Sequence[Month], first: date = date(2021, 1, 1), unit: str = UNIT) -> pa.Table:
    """Classified dossiers of consecutive months, spread over the first 20 days of each."""
    rows: list[dict[str, object]] = []
    for at, month in enumerate(plan):
        start = date(first.year + (first.month - 1 + at) // 12, (first.month - 1 + at) % 12 + 1, 1)
        ended = month.received if month.ended is None else month.ended
        for number in range(month.received + month.others):
            day = start + timedelta(days=number % 20)
            is_other = number >= month.received
            due = day + timedelta(days=5)
            end = due if number < month.on_due_day else day + timedelta(days=3)
            rows.append(
                {
                    "unit_code": unit,
                    "dossier_code": f"{unit}-{start:%y%m}-{number}",
                    "status_code": 10 if is_other or number < ended else 4,
                    "received_date": day,
                    "due_date": due,
                    "resolved_date": end if is_other or number < ended else None,
                    "field_id": "chung_thuc" if is_other else month.field,
                }
            )
    table = rows_of(DOSSIER, rows)
    return table.append_column("field_id", pa.array([row["field_id"] for row in rows], pa.string()))
