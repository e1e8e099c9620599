"""What a publication is, and the line of the store that makes it one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from pipelines.editions import INTERNAL
from pipelines.store import Store
from transforms.report.report_types import DEFAULT_TYPE
from transforms.schema.tables import PUBLICATION

MANIFEST = "manifest.json"
CONTEXT = "context.json"
CELLS = "cells.parquet"
POPULATION = "population.parquet"
FORMAT = "motcua.publication.v1"
_SUMMARY = (
    *(
        "unit_code",
        "period_id",
        "basis",
        "report_type",
        "edition",
        "number",
        "document_number",
        "document_date",
        "requested_by",
    ),
    *("as_of", "closing_day", "known_at", "rulebook", "catalogue_version", "restates", "note"),
)


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """Everything issued of one unit, period, way of reckoning it, type and edition of report; numbered from 1."""

    unit_code: str
    period_id: str
    basis: str
    report_type: str = DEFAULT_TYPE
    edition: str = INTERNAL


@dataclass(frozen=True, slots=True)
class Publication:
    """One line of ``PUBLICATION``. ``inputs``: (delivery id, SHA-256); ``files``: name → SHA-256, manifest included."""

    unit_code: str
    period_id: str
    basis: str
    number: int
    document_number: str
    document_date: date
    requested_by: str
    as_of: date
    known_at: datetime
    cutoff: date | None
    closing_day: date
    rulebook: str
    catalogue_version: str
    product_version: str
    inputs: tuple[tuple[str, str], ...]
    files: Mapping[str, str]
    context_sha256: str
    restates: int | None
    note: str
    known_from: datetime
    report_type: str = DEFAULT_TYPE
    edition: str = INTERNAL

    @property
    def series(self) -> Series:
        """Where it belongs."""
        return Series(self.unit_code, self.period_id, self.basis, self.report_type, self.edition)

    def summary(self) -> dict[str, Any]:
        """What a list of publications shows of it."""
        return {name: _plain(getattr(self, name)) for name in _SUMMARY}

    def as_row(self) -> dict[str, Any]:
        """The line as it is stored."""
        row: dict[str, Any] = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in ("inputs", "files")
        }
        row["inputs_json"] = json.dumps(
            [{"delivery_id": delivery, "sha256": sha256} for delivery, sha256 in self.inputs]
        )
        row["files_json"] = json.dumps(dict(self.files), ensure_ascii=False, sort_keys=True)
        return row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Publication:
        """The publication that a stored line tells of."""
        plain = {name: value for name, value in row.items() if not name.endswith("_json")}
        plain["report_type"] = plain.get("report_type") or DEFAULT_TYPE  # older lines do not tell
        plain["edition"] = plain.get("edition") or INTERNAL
        inputs = tuple((item["delivery_id"], item["sha256"]) for item in json.loads(row["inputs_json"]))
        return cls(**plain, inputs=inputs, files=json.loads(row["files_json"]))


def read_publications(store: Store, known_at: datetime | None = None) -> tuple[Publication, ...]:
    """Every publication known at that instant, by unit, period, basis and number."""
    rows = store.read(PUBLICATION, known_at)
    rows = rows.sort_by([(name, "ascending") for name in (*PUBLICATION.key, "report_type", "edition")])
    return tuple(Publication.from_row(row) for row in rows.to_pylist())


def append_publication(store: Store, publication: Publication) -> None:
    """Commit: from here on it is published."""
    store.append(PUBLICATION, pa.Table.from_pylist([publication.as_row()], schema=PUBLICATION.arrow_schema()))


def render_manifest(publication: Publication, sizes: Mapping[str, int]) -> bytes:
    """``manifest.json``: the line in plain sight beside the files, without its own hash."""
    row = publication.as_row()
    content = {
        "format": FORMAT,
        **{name: _plain(value) for name, value in row.items() if not name.endswith("_json")},
        "inputs": json.loads(row["inputs_json"]),
        "files": {
            name: {"sha256": sha256, "bytes": sizes[name]}
            for name, sha256 in sorted(publication.files.items())
            if name != MANIFEST
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
