"""What canonicalisation hands on: typed records, set-apart rows and the counts that must add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from transforms.catalogue.officers import Officer
from transforms.findings import Finding


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What is known about a received file before its rows are read."""

    delivery_id: str
    unit_code: str
    """Unit of the inbox folder; empty when the file itself must tell."""
    file: str
    arrived_at: datetime
    """Naive Vietnam time; used only when neither file name nor title dates the export."""
    exported: tuple[datetime, str] | None = None
    """Time of the export and what said so, where it is known beforehand: from the marker of a returned workbook."""
    officers: tuple[Officer, ...] = ()
    """The workspace's officers file; empty where it is not used."""


@dataclass(frozen=True, slots=True)
class Canonicalised:
    """One delivery as typed rows of its record table.

    ``records`` and ``superseded`` have the schema of ``RECORD_TABLES[kind]`` with ``_known_from`` null
    (the writer sets it); ``superseded`` are rows whose key comes again later in the same file.
    ``quarantined`` has the schema of ``QUARANTINED``, likewise. Conservation: data rows =
    records + superseded + quarantined.
    """

    kind: str
    unit_code: str
    profile_id: str
    exported_at: datetime
    exported_at_source: str
    records: pa.Table
    superseded: pa.Table
    quarantined: pa.Table
    structural_counts: Mapping[str, int]
    findings: tuple[Finding, ...] = ()

    @property
    def data_row_count(self) -> int:
        """Rows of the file that hold a record."""
        return int(self.records.num_rows + self.superseded.num_rows + self.quarantined.num_rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Records of one delivery against what the store knows.

    ``accepted`` are new or changed, ``unchanged_count`` equal the stored latest version,
    ``superseded`` have an older export time than the stored one (kept as versions that never win).
    """

    accepted: pa.Table
    superseded: pa.Table
    unchanged_count: int
    confirmed: pa.Array
    """Keys of the unchanged records: that the delivery said so too matters once another one is taken back."""
    restated: pa.Table
    """Stored rows with the time of the last export that held them: versions to append beside ``superseded``."""
    before: pa.Table
    """The stored row of each record that differs from it, beside ``after``."""
    after: pa.Table
