"""A clean synthetic district in memory: what a night would hold when nothing at all is wrong.

Made with the classes of the sample's generator, then put straight into record tables. Every dossier has a promised
day, a known procedure and dates in order; nobody is early with money; the summaries are counted by the generator,
apart from the product.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache

import pyarrow as pa

from expectations.across import HeldRecords, check_across
from expectations.dossier import check_shared_codes
from expectations.fee import check_fee_dossiers
from expectations.overdue import check_overdue
from expectations.params import build_rule_params
from expectations.runner import check_rows
from pipelines.catalogue_files import packaged_files
from sample_exports.generator.calendar import EXPORT_DAY, EXPORTED, WINDOW_START, add_working_days
from sample_exports.generator.documents import Document, generate_incoming, generate_outgoing
from sample_exports.generator.dossiers import Dossier, generate_dossiers
from sample_exports.generator.expected import dossier_cells
from sample_exports.generator.fees import Receipt, generate_receipts
from sample_exports.generator.units import BINH_LUONG, UNITS, SampleUnit
from transforms.catalogue.classify import classify
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.history.as_known import latest_versions
from transforms.history.joined import join_overdue
from transforms.indicators.due_rule import check_due_dates
from transforms.schema.model import Table
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE, OVERDUE, SUMMARY, SUPPLEMENT

AS_OF = date(2021, 9, 5)
STATUS_LABELS = {
    1: "Mới đăng ký", 3: "Không được tiếp nhận", 4: "Đang xử lý", 5: "Yêu cầu bổ sung giấy tờ",
    7: "Công dân yêu cầu rút hồ sơ", 8: "Dừng xử lý", 9: "Đã xử lý xong", 10: "Đã trả kết quả",
}  # fmt: skip
SIZES = (680, 420, 360, 520, 640, 400, 460, 380, 560, 440, 400, 480, 600, 540)
"""Dossiers of each unit in the nine months."""
Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class District:
    """Rows of every kind as dictionaries, easy to damage; ``tables`` makes record tables of them."""

    dossiers: Rows
    fees: Rows
    documents: Rows
    overdue: Rows
    summaries: Rows
    supplement: Rows

    @property
    def row_count(self) -> int:
        """Rows of all kinds."""
        return sum(len(getattr(self, name)) for name in self.__slots__)

    def copy(self) -> District:
        """A district whose rows may be changed without changing this one."""
        return District(*([dict(row) for row in getattr(self, name)] for name in self.__slots__))


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The packaged catalogue."""
    return load_catalogue(packaged_files())


def units() -> list[SampleUnit]:
    """The units of the clean district: those of the sample but the one of the printed report."""
    others = [unit for unit in UNITS if unit.code != BINH_LUONG]
    return [
        replace(unit, size=size, unknown_share=0.0, carried=6, settled_before=0, dossier_format="csv")
        for unit, size in zip(others, SIZES, strict=False)
    ]


@lru_cache(maxsize=1)
def clean_district() -> District:
    """The district; the same at every call, so copy it before changing anything."""
    found = District([], [], [], [], [], [])
    for unit in units():
        dossiers = [_with_due(dossier) for dossier in generate_dossiers(unit, random.Random(int(unit.code)))]
        shown = [dossier.as_of(EXPORTED) for dossier in dossiers]
        receipts = generate_receipts(unit, shown, random.Random(int(unit.code) + 1))
        outgoing = generate_outgoing(unit, random.Random(int(unit.code) + 2))
        incoming = generate_incoming(unit, random.Random(int(unit.code) + 3))
        found.dossiers.extend(_rows(unit, "ho-so.csv", [_dossier(unit, dossier) for dossier in shown]))
        found.fees.extend(_rows(unit, "thu-phi.xls", [_fee(unit, receipt) for receipt in receipts]))
        documents = [_document(unit, "outgoing", item) for item in outgoing]
        documents += [_document(unit, "incoming", item) for item in incoming]
        found.documents.extend(_rows(unit, "van-ban.xlsx", documents))
        late = [dossier for dossier in shown if _is_overdue(dossier)]
        found.overdue.extend(_rows(unit, "qua-han.xls", [_overdue(unit, dossier) for dossier in late]))
        found.summaries.extend(_rows(unit, "tong-hop.xls", _summary(unit, shown)))
        found.supplement.extend(_rows(unit, "bo-sung.xlsx", _supplement(unit)))
    return found


def check_district(district: District) -> tuple[Finding, ...]:
    """Everything that a night would find in these rows, by the masks alone."""
    params = build_rule_params(catalogue(), AS_OF)
    listed = _table(DOSSIER, district.dossiers)
    overdue = _table(OVERDUE, district.overdue)
    joined = join_overdue(listed, overdue)
    latest = latest_versions(joined.versions, DOSSIER)
    tables = {
        "dossier": latest,
        "fee": latest_versions(_table(FEE, district.fees), FEE),
        "overdue": latest_versions(overdue, OVERDUE),
        "document": latest_versions(_table(DOCUMENT, district.documents), DOCUMENT),
        "summary": latest_versions(_table(SUMMARY, district.summaries), SUMMARY),
        "supplement": latest_versions(_table(SUPPLEMENT, district.supplement), SUPPLEMENT),
    }
    classified = classify(latest, catalogue())
    held = HeldRecords(
        classified,
        joined.versions,
        tables["fee"],
        tables["document"],
        tables["summary"],
        {unit.code: EXPORT_DAY for unit in units()},
    )
    return (
        *(finding for kind, rows in tables.items() for finding in check_rows(kind, rows, params)),
        *check_due_dates(classified, catalogue()),
        *check_overdue(joined.listed, joined.overdue, joined.only),
        *check_shared_codes(latest),
        *check_fee_dossiers(tables["fee"], latest),
        *check_across(held, catalogue(), params),
    )


def _with_due(dossier: Dossier) -> Dossier:
    if dossier.received is None or dossier.due is not None:
        return dossier
    # A procedure without a time of its own was still promised for some day.
    due = max(
        add_working_days(dossier.received.date(), 10), dossier.ended.date() if dossier.ended else date.min
    )
    return replace(dossier, due=due)


def _rows(unit: SampleUnit, file: str, rows: Rows) -> Rows:
    provenance = {
        "_delivery_id": f"lan-nhan-{unit.code}-{file}",
        "_file": f"{unit.code}-{file}",
        "_sheet": "",
        "_exported_at": EXPORTED,
        "_known_from": datetime(2021, 9, 5, 11, tzinfo=UTC),
        "_removal": None,
    }
    return [{**row, **provenance, "_row": number} for number, row in enumerate(rows, start=5)]


def _dossier(unit: SampleUnit, dossier: Dossier) -> dict[str, object]:
    procedure = dossier.procedure
    return {
        "unit_code": unit.code,
        "dossier_code": dossier.code,
        "procedure_code": procedure.code,
        "procedure_name": procedure.name,
        "field_name": procedure.field_name,
        "status_code": dossier.status,
        "status_label": STATUS_LABELS[dossier.status],
        "channel_code": dossier.channel,
        "filed_date": dossier.filed.date(),
        "received_date": _day(dossier.received),
        "due_date": dossier.due,
        "resolved_date": _day(dossier.ended),
        "returned_date": _day(dossier.returned),
        "copies_count": 1,
    }


def _fee(unit: SampleUnit, receipt: Receipt) -> dict[str, object]:
    return {
        "unit_code": unit.code,
        "receipt_number": receipt.number,
        "dossier_code": receipt.dossier.code,
        "channel_code": receipt.dossier.channel,
        "received_date": _day(receipt.dossier.received),
        "collected_date": receipt.collected.date(),
        "charge_amount": receipt.charge,
        "duty_amount": receipt.duty,
        "total_amount": receipt.total,
    }


def _document(unit: SampleUnit, direction: str, document: Document) -> dict[str, object]:
    return {
        "unit_code": unit.code,
        "direction": direction,
        "register_number": str(document.register_number) if direction == "incoming" else None,
        "symbol": document.symbol,
        "document_type_id": document.type_id,
        "issuer_level": document.issuer_level if direction == "incoming" else "xa",
        "issued_date": document.issued,
        "arrived_date": document.arrived if direction == "incoming" else None,
    }


def _is_overdue(dossier: Dossier) -> bool:
    if dossier.due is None or dossier.received is None or dossier.status in (1, 3, 5, 7, 8):
        return False
    return (_day(dossier.ended) or EXPORT_DAY) > dossier.due


def _overdue(unit: SampleUnit, dossier: Dossier) -> dict[str, object]:
    return {
        "unit_code": unit.code,
        "dossier_code": dossier.code,
        "received_date": _day(dossier.received),
        "due_date": dossier.due,
        "resolved_date": _day(dossier.ended),
    }


def _summary(unit: SampleUnit, dossiers: Sequence[Dossier]) -> Rows:
    cells = dossier_cells(dossiers, {dossier.code: dossier.channel for dossier in dossiers})
    names = {dossier.procedure.field_id: dossier.procedure.field_name for dossier in dossiers}
    postal = Counter(
        dossier.procedure.field_id
        for dossier in dossiers
        if dossier.channel == 3
        and dossier.received
        and dossier.received.date() >= WINDOW_START
        and dossier.status not in (1, 3)
    )
    return [
        {**_summary_line(unit, name, field, cells), "received_postal": postal[field]}
        for field, name in sorted(names.items())
        if f"received_total:{field}" in cells
    ]


def _summary_line(unit: SampleUnit, name: str, field: str, cells: Mapping[str, int]) -> dict[str, object]:
    same = ("received_total", "carried_over", "received_online", "early", "on_time", "late")
    counts = {column: cells[f"{column}:{field}"] for column in (*same, "pending_within", "pending_overdue")}
    in_window = cells[f"received_online:{field}"] + cells[f"received_direct:{field}"]
    return {
        "unit_code": unit.code,
        "window_start": WINDOW_START,
        "window_end": EXPORT_DAY,
        "field_name": name,
        "received_in_window": in_window,
        **counts,
    }


def _supplement(unit: SampleUnit) -> Rows:
    numbers = {"staff_total_count": 22, "staff_official_count": 19, "staff_part_time_count": 3, "staff_qualified_count": 18,
               "trained_count": 4, "trained_professional_count": 2}  # fmt: skip
    return [
        {"unit_code": unit.code, "period_id": "2021-9T", "item_id": item, "ordinal": 1, "number_value": value}
        for item, value in numbers.items()
    ]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _table(table: Table, rows: Rows) -> pa.Table:
    columns = [pa.array([row.get(column.name) for row in rows], column.type) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=table.arrow_schema())
