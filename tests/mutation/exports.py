"""Faults in the cells of an export, found while it is read: the file is written anew and read as any other."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sample_exports.generator.calendar import EXPORT_DAY, EXPORTED, WINDOW_START
from sample_exports.generator.containers import as_csv, as_html
from sample_exports.generator.documents import generate_outgoing
from sample_exports.generator.dossier_lists import csv_list, fee_list
from sample_exports.generator.dossiers import generate_dossiers
from sample_exports.generator.fees import generate_receipts
from sample_exports.generator.registers import outgoing_csv
from sample_exports.generator.units import SampleUnit
from sample_exports.generator.written import Row, RowKind, WrittenTable
from tests.mutation.district import catalogue, units
from transforms.canonical.build import canonicalise
from transforms.canonical.model import DeliveryContext
from transforms.findings import Finding
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook

PER_KIND = 10
Cells = list[object]


@dataclass(frozen=True, slots=True)
class CellFault:
    """A way in which the rows of an export go wrong; ``change`` takes the row and the row before it."""

    name: str
    code: str
    source: str
    """dossier, fee or document."""
    change: Callable[[Cells, Cells], None]


def _put(column: int, value: str) -> Callable[[Cells, Cells], None]:
    def change(row: Cells, _before: Cells) -> None:
        row[column] = value

    return change


def _repeat(*columns: int, differ: Mapping[int, str] | None = None) -> Callable[[Cells, Cells], None]:
    """The row takes the key of the row before it, or all of it when no column is named."""

    def change(row: Cells, before: Cells) -> None:
        for column in columns or range(len(row)):
            row[column] = before[column]
        for column, value in (differ or {}).items():
            row[column] = value

    return change


# Columns of sample_exports.generator.dossier_lists: CSV_HEADERS and FEE_HEADERS; of registers: outgoing CSV.
EXPORT_FAULTS = (
    CellFault("row without a code", "dossier.code.missing", "dossier", _put(0, "")),
    CellFault("31 September", "dossier.date.impossible", "dossier", _put(7, "31/09/2021")),
    CellFault("row exported twice", "dossier.code.repeated", "dossier", _repeat()),
    CellFault("one code for two rows", "dossier.code.two_dossiers", "dossier", _repeat(0, differ={1: "1.001653", 2: "Đổi, cấp lại Giấy xác nhận khuyết tật", 7: "03/02/2021"})),
    CellFault("status nobody knows", "dossier.status.unknown", "dossier", _put(5, "Đang chờ trăng lên")),
    CellFault("channel nobody knows", "dossier.channel.unknown", "dossier", _put(4, "Qua bồ câu")),
    CellFault("procedure code that is none", "dossier.procedure_code.unreadable", "dossier", _put(1, "abc.xyz")),
    CellFault("receipt without a dossier", "fee.code.missing", "fee", _put(1, "")),
    CellFault("amount that is no number", "fee.amount.unreadable", "fee", _put(11, "nhiều")),
    CellFault("day of collection that is none", "fee.date.impossible", "fee", _put(8, "30/02/2021 08:00:00")),
    CellFault("total that is no sum", "fee.total.mismatch", "fee", _put(11, "1,234,000")),
    CellFault("receipt exported twice", "fee.receipt.repeated", "fee", _repeat()),
    CellFault("one receipt, two payments", "fee.receipt.two_payments", "fee", _repeat(1, 4)),
    CellFault("day of a document that is none", "document.date.impossible", "document", _put(3, "32/13/2021")),
)  # fmt: skip


@lru_cache(maxsize=4)
def _written(source: str) -> tuple[SampleUnit, WrittenTable]:
    unit = units()[3]
    shown = [dossier.as_of(EXPORTED) for dossier in generate_dossiers(unit, random.Random(7))]
    if source == "dossier":
        return unit, csv_list([dossier for dossier in shown if dossier.due])
    if source == "fee":
        return unit, fee_list(
            unit, generate_receipts(unit, shown, random.Random(8)), WINDOW_START, EXPORT_DAY
        )
    return unit, outgoing_csv(generate_outgoing(replace(unit, number=30), random.Random(9)))


def read_damaged(
    fault: CellFault | None, source: str, seed: int = 1
) -> tuple[tuple[Finding, ...], set[int], int]:
    """(findings of the file, sheet rows that were damaged, its data rows); nothing damaged without a fault."""
    unit, table = _written(source)
    rows = list(table.rows)
    damaged: set[int] = set()
    if fault is not None:
        data = [
            at
            for at, row in enumerate(rows)
            if row.kind is RowKind.DATA and rows[at - 1].kind is RowKind.DATA
        ]
        # Never two neighbours: a repeated row must repeat a sound one.
        for at in random.Random(seed).sample(data[1::3], PER_KIND):
            cells = list(rows[at].cells)
            column_count = len(cells)
            fault.change(cells, list(rows[at - 1].cells))
            assert len(cells) == column_count
            rows[at] = Row(RowKind.DATA, tuple(cells))
            damaged |= {at + 1, at}  # sheet rows count from 1; a repeat may be told at either row
    return _read(unit, source, replace(table, rows=rows)), damaged, table.data_rows()


def _read(unit: SampleUnit, source: str, table: WrittenTable) -> tuple[Finding, ...]:
    content = as_html(table) if source == "fee" else as_csv(table, ",")
    name = f"{source} 05-09-2021.{'xls' if source == 'fee' else 'csv'}"
    raw = recognise(read_workbook(io.BytesIO(content), name), catalogue().profiles)
    arrived = datetime(2021, 9, 5, 20)  # noqa: DTZ001 - naive Vietnam time, as deliveries have it
    context = DeliveryContext("lan-nhan-1", unit.code, name, arrived)
    return (*raw.findings, *canonicalise(raw, context, catalogue()).findings)
