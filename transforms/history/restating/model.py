"""What changed between two counts of one period: cells, the records behind each change, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TOTAL = "*"
"""Facet of a cell that is the sum over facets."""

CellKey = tuple[str, str, str]
"""(measure, unit, facet)."""


class Reason(StrEnum):
    """Why a record counts otherwise than in the earlier publication; one for each record of a cell."""

    CLOSED_LATE = "closed_late"
    """It got an end or a new status from what became known afterwards."""
    CORRECTED = "corrected"
    """A date, unit, status, channel or amount of the same fact reads otherwise."""
    WITHDRAWN = "withdrawn"
    NEW_DELIVERY = "new_delivery"
    """It was unknown before."""
    RECLASSIFIED = "reclassified"
    """Its own procedure text changed, and with it the field."""
    CATALOGUE_CHANGE = "catalogue_change"
    """It reads as before; the catalogue of fields, units, statuses or document types does not."""
    RULEBOOK_CHANGE = "rulebook_change"
    RETRACTED = "retracted"
    """Its delivery was retracted or the record removed."""
    CLOSING_DAY = "closing_day"
    """It reads as before; the two publications count up to different days."""


_TEXT = pa.string()
FACTS = (
    ("received_date", pa.date32()),
    ("due_date", pa.date32()),
    ("resolved_date", pa.date32()),
    ("returned_date", pa.date32()),
    ("status_code", pa.int8()),
)
"""What exports say of a dossier."""
PLACE = (
    ("field_id", _TEXT),
    ("state", _TEXT),
    ("state_at_opening", _TEXT),
    ("channel_group", _TEXT),
    ("placed_as", _TEXT),
    ("is_received_in_window", pa.bool_()),
    ("is_carried_over", pa.bool_()),
    ("is_excluded", pa.bool_()),
)
"""Where a dossier was counted."""
SOURCE = (("_delivery_id", _TEXT), ("_file", _TEXT), ("_sheet", _TEXT), ("_row", pa.int64()))
POPULATION = pa.schema(
    [("dossier_code", _TEXT), ("unit_code", _TEXT), ("procedure", _TEXT), *PLACE, *FACTS, *SOURCE]
)
"""One dossier a row. ``procedure`` is all the text that told its field, in one."""
ENTRIES = pa.schema(
    [
        ("kind", _TEXT),
        ("record", _TEXT),
        ("unit_code", _TEXT),
        ("measure", _TEXT),
        ("facet", _TEXT),
        ("amount", pa.int64()),
        *SOURCE,
    ]
)
"""One receipt, register line or filled-in item a row for each cell that it adds to.

``record`` names it within its kind and unit, as staff know it. A record that the period does not count
stands there once with the measure "", so that a change of its date is not taken for a new record.
"""
CONTRIBUTIONS = pa.schema(
    [("row", pa.int64()), ("measure", _TEXT), ("unit_code", _TEXT), ("facet", _TEXT), ("amount", pa.int64())]
)

Contribute = Callable[[pa.Table], pa.Table]
"""Rows of a population → ``CONTRIBUTIONS``: which cells each row adds to (``row`` from 0).

It must look at each row alone and at no column of ``SOURCE``.
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """One side: the cells of a count and the records that they were counted from."""

    cells: Mapping[CellKey, int]
    population: pa.Table
    """Schema ``POPULATION``; columns that it lacks count as empty, more columns are compared too."""
    entries: pa.Table
    """Schema ``ENTRIES``."""
    first_day: date
    closing_day: date
    rulebook: str
    units: frozenset[str]
    """Units whose records were looked at."""
    deliveries: frozenset[str]
    """Ids of the deliveries that were known."""


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """What neither side says: how dossiers make cells, and what people decided in between."""

    contribute: Contribute
    corrections: frozenset[str] = frozenset()
    """Ids of deliveries that hold corrections."""
    retracted: frozenset[str] = frozenset()
    """Ids of deliveries that people took out."""
    removed: frozenset[tuple[str, str, str]] = frozenset()
    """(kind, unit, record) of receipts and register lines that people took out."""
    rollup: str = ""
    """Unit whose cells are the sums over all the others; empty when there is none."""


@dataclass(frozen=True, slots=True)
class DossierChange:
    """One record's part in the change of one cell: what it added before and what it adds now.

    ``kind`` is dossier, fee, document or supplement; ``code`` the dossier code, the receipt with its
    dossier, the symbol or the item. States and fields are those of a dossier, empty otherwise. The place
    is that of the newer row, of the older one where the record is gone.
    """

    kind: str
    code: str
    unit_code: str
    reason: Reason
    before: int
    after: int
    state_before: str
    state_after: str
    field_before: str
    field_after: str
    file: str
    sheet: str
    row: int


RECORDS = pa.schema(
    [
        ("kind", _TEXT),
        ("code", _TEXT),
        ("unit_code", _TEXT),
        ("state_before", _TEXT),
        ("state_after", _TEXT),
        ("field_before", _TEXT),
        ("field_after", _TEXT),
        ("file", _TEXT),
        ("sheet", _TEXT),
        ("row", pa.int64()),
    ]
)
REASONS = tuple(Reason)
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Details:
    """Every part of every change, cell by cell and within it by record: numbers only, because there may be millions.

    ``record`` is a row of ``records`` (schema ``RECORDS``), ``reason`` a place in ``REASONS``.
    """

    records: pa.Table
    cell: Numbers
    record: Numbers
    reason: Numbers
    before: Numbers
    after: Numbers

    def of(self, start: int, stop: int) -> tuple[DossierChange, ...]:
        """The parts from ``start`` up to ``stop``."""
        span = slice(start, stop)
        rows = self.records.take(pa.array(self.record[span])).to_pylist()
        numbers = (each[span].tolist() for each in (self.reason, self.before, self.after))
        return tuple(
            DossierChange(reason=REASONS[reason], before=before, after=after, **row)
            for row, reason, before, after in zip(rows, *numbers, strict=True)
        )


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that reads otherwise; None is "không có số liệu", which is not 0."""

    measure: str
    unit: str
    facet: str
    old: int | None
    new: int | None
    reasons: tuple[tuple[Reason, int, int], ...]
    """(reason, number of records, their part of the difference), most records first."""
    unexplained: int
    """What the records do not account for: 0 unless the cells were not counted from these records."""
    _details: Details = field(repr=False, compare=False)
    _span: tuple[int, int] = field(repr=False, compare=False)

    @property
    def difference(self) -> int:
        """New minus old, a missing value standing for nothing."""
        return (self.new or 0) - (self.old or 0)

    @property
    def record_count(self) -> int:
        """Number of records behind the change."""
        return self._span[1] - self._span[0]

    @property
    def dossiers(self) -> tuple[DossierChange, ...]:
        """The records whose parts, with ``unexplained``, add up to the difference; by kind, unit and code."""
        return self._details.of(*self._span)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every cell that changed, in the order of unit, measure and facet; totals before their parts."""

    changes: tuple[CellChange, ...]
    _details: Details = field(repr=False, compare=False)

    @property
    def reasons(self) -> dict[tuple[str, Reason], int]:
        """(kind of record, reason) → number of records behind all changes, each record counted once a reason."""
        width = len(REASONS)
        told = np.unique(self._details.record * width + self._details.reason)
        kinds = self._details.records["kind"].take(pa.array(told // width)).to_pylist()
        found = Counter(
            (kind, REASONS[number]) for kind, number in zip(kinds, (told % width).tolist(), strict=True)
        )
        return dict(sorted(found.items(), key=lambda item: (item[0][0], -item[1], item[0][1])))

    @property
    def unexplained(self) -> tuple[CellChange, ...]:
        """Changes that the records do not account for in full; normally none."""
        return tuple(change for change in self.changes if change.unexplained)


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with every column of the schema, first and in order; what it lacks is null."""
    columns = [
        pc.cast(table[item.name], item.type)
        if item.name in table.column_names
        else pa.nulls(table.num_rows, item.type)
        for item in schema
    ]
    more = [name for name in table.column_names if name not in schema.names]
    names = [*schema.names, *more]
    return pa.table([*columns, *(table[name] for name in more)], names=names).combine_chunks()
