"""Invented records that the wording of reports is tried on: counted like real ones, of units that are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from transforms.schema.model import Table
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

_KNOWN_FROM = datetime(2021, 9, 20, tzinfo=UTC)
_EXPORTED_AT = datetime(2021, 9, 20, 8)  # noqa: DTZ001 - offices print local time only
_TERM = timedelta(days=10)
_ONLINE, _DIRECT = 2, 1
_DONE, _IN_HAND = 9, 4
_DAYS = {
    "early": timedelta(days=6),
    "on_time": _TERM,
    "late": timedelta(days=13),
}
"""What became of a dossier → days from reception to its end; open ones have none."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Dossiers of one unit and field that were received from one day on, one each day, and what became of them.

    ``outcome``: early, on_time, late or open.
    """

    unit_code: str
    field_name: str
    first_day: date
    count: int
    outcome: str
    is_online: bool = False


@dataclass(frozen=True, slots=True)
class Papers:
    """Documents that a unit issued, one each day, and fees that it took on the first day."""

    unit_code: str
    first_day: date
    document_types: Sequence[str] = ()
    received_count: int = 0
    charge_amount: int = 0
    duty_amount: int = 0


def dossier_rows(batches: Sequence[Batch]) -> pa.Table:
    """Versions in the schema ``DOSSIER``; no citizen stands behind any of them."""
    return _table(DOSSIER, (row for batch in batches for row in _dossiers(batch)))


def fee_rows(papers: Sequence[Papers]) -> pa.Table:
    """Receipts in the schema ``FEE``."""
    return _table(
        FEE,
        (
            {
                "unit_code": each.unit_code,
                "receipt_number": str(number),
                "dossier_code": "mau",
                "collected_date": each.first_day,
                "charge_amount": each.charge_amount,
                "duty_amount": each.duty_amount,
                "total_amount": each.charge_amount + each.duty_amount,
            }
            for number, each in enumerate(papers, 1)
            if each.charge_amount or each.duty_amount
        ),
    )


def document_rows(papers: Sequence[Papers]) -> pa.Table:
    """Register lines in the schema ``DOCUMENT``."""
    return _table(DOCUMENT, (row for each in papers for row in _documents(each)))


def _dossiers(batch: Batch) -> Iterator[dict[str, Any]]:
    channel = "online" if batch.is_online else "direct"
    key = f"mau-{batch.field_name}-{batch.first_day.isoformat()}-{batch.outcome}-{channel}"
    for at in range(batch.count):
        received = batch.first_day + timedelta(days=at)
        days = _DAYS.get(batch.outcome)
        yield {
            "unit_code": batch.unit_code,
            "dossier_code": f"{key}-{at}",
            "procedure_name": f"Thủ tục mẫu {batch.field_name}",
            "field_name": batch.field_name,
            "channel_code": _ONLINE if batch.is_online else _DIRECT,
            "status_code": _IN_HAND if days is None else _DONE,
            "received_date": received,
            "due_date": received + _TERM,
            "resolved_date": None if days is None else received + days,
        }


def _documents(papers: Papers) -> Iterator[dict[str, Any]]:
    for at, type_id in enumerate(papers.document_types):
        yield {
            "unit_code": papers.unit_code,
            "direction": "outgoing",
            "symbol": f"{at}/mau",
            "document_type_id": type_id,
            "issued_date": papers.first_day + timedelta(days=at % 28),
        }
    for at in range(papers.received_count):
        yield {
            "unit_code": papers.unit_code,
            "direction": "incoming",
            "register_number": str(at),
            "symbol": f"{at}/mau",
            "document_type_id": "quyet_dinh",
            "issuer_level": "huyen",
            "arrived_date": papers.first_day + timedelta(days=at % 28),
        }


def _table(table: Table, rows: Iterator[dict[str, Any]]) -> pa.Table:
    provenance = {
        "_delivery_id": "mau", "_file": "mau.xlsx", "_exported_at": _EXPORTED_AT, "_known_from": _KNOWN_FROM,
    }  # fmt: skip
    numbered = [{**row, **provenance, "_row": number} for number, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(numbered, schema=table.arrow_schema())
