"""How dates and numbers are spelt, and values that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sample_exports.generator.containers import as_html, as_xlsx
from sample_exports.generator.defects.reference import (
    EXPORT_NAME,
    RECORDS,
    Defect,
    DefectFile,
    Record,
    Spelling,
    changed,
    list_table,
    without,
)
from sample_exports.generator.dossier_lists import FEE_HEADERS
from sample_exports.generator.written import Row, RowKind, WrittenTable

_RECEIVED, _DUE, _ENDED = 9, 10, 11
_FIRST = RECORDS[0][0]


def spelling_defects() -> Iterator[Defect]:
    """Defects of values; what is readable in any spelling must give the same days."""
    for slug, what, pattern in (
        ("nam-hai-chu-so", "two-digit years", "{d:02d}/{m:02d}/{yy:02d}"),
        ("ngay-gach-noi", "days with dashes, no leading zero", "{d}-{m}-{y}"),
        ("ngay-thang-dao", "month and day swapped in the whole column", "{m:02d}/{d:02d}/{y}"),
        ("ngay-iso", "ISO days", "{y}-{m:02d}-{d:02d}"),
    ):
        yield _list(slug, what, Spelling(day=pattern, clock=False))
    yield _list("gio-khong", "days with 00:00 times", Spelling(day="{d:02d}/{m:02d}/{y} 00:00", clock=False))
    yield Defect(
        "so-se-ri-excel",
        "Excel serial dates stored as text and as numbers",
        (DefectFile(f"{EXPORT_NAME}.xlsx", as_xlsx(_serial_table()), data_rows=len(RECORDS)),),
    )
    yield _list(
        "ngay-31-9",
        "a day that does not exist, 31/09/2021",
        Spelling(replaced={(_FIRST, _RECEIVED): "31/09/2021 08:05:00"}),
        records=without(RECORDS, _FIRST),
        quarantined=1,
        findings=("dossier.date.impossible",),
    )
    yield _list(
        "ngay-tuong-lai",
        "a day of reception in the future",
        Spelling(replaced={(_FIRST, _RECEIVED): "02/08/2031 08:05:00"}),
        records=changed(RECORDS, _FIRST, received="2031-08-02"),
        findings=("dossier.received_date.in_future",),
    )
    yield _utc()
    yield _money()


def _list(
    slug: str,
    what: str,
    spelling: Spelling,
    records: tuple[Record, ...] = RECORDS,
    quarantined: int = 0,
    findings: tuple[str, ...] = (),
) -> Defect:
    content = as_html(list_table(spelling))
    file = DefectFile(f"{EXPORT_NAME}.xls", content, data_rows=len(RECORDS), quarantined=quarantined)
    return Defect(slug, what, (file,), records, findings)


def _serial_table() -> WrittenTable:
    table = list_table(Spelling(clock=False))
    rows: list[Row] = []
    for number, row in enumerate(table.rows):
        if row.kind is RowKind.DATA:
            days = [_serial(str(text)) for text in row.cells[8:12]]
            shown = [day if number % 2 else str(day) for day in days]
            row = replace(row, cells=(*row.cells[:8], *("" if day == 0 else text for day, text in zip(days, shown, strict=True))))  # fmt: skip
        rows.append(row)
    return replace(table, rows=rows)


def _serial(text: str) -> int:
    """Days since 30/12/1899, as Excel counts them; 0 for none."""
    if not text:
        return 0
    day, month, year = (int(part) for part in text.split("/"))
    return (date(year, month, day) - date(1899, 12, 30)).days


def _utc() -> Defect:
    """An API export: instants of 17:00 UTC belong to the next day in Vietnam."""
    headers = ("code", "procedure.code", "procedure.sector", "agency", "appliedDate", "acceptedDate",
               "appointmentDate", "completedDate", "dossierStatus", "dossierReceivingKind")  # fmt: skip
    names = {None: "", 4: "Đang xử lý", 9: "Đã xử lý xong", 10: "Đã trả kết quả"}
    rows = [Row(RowKind.HEADER, headers)]
    for code, received, due, ended, status in RECORDS:
        days = [_instant(day) for day in (received, received, due, ended)]
        rows.append(
            Row(
                RowKind.DATA,
                (
                    code,
                    "1.001193.000.00.00.H56",
                    "Hộ tịch",
                    "UBND xã Bình Lương",
                    *days,
                    names[status],
                    "Trực tiếp",
                ),
            )
        )
    content = as_xlsx(WrittenTable(rows, len(headers)))
    file = DefectFile("Ho so API 05-09-2021 16-30.xlsx", content, data_rows=len(RECORDS))
    return Defect("gio-utc", "UTC instants that are the next day in Vietnam", (file,))


def _instant(iso: str) -> str:
    if not iso:
        return ""
    before = date.fromordinal(date.fromisoformat(iso).toordinal() - 1)
    return f"{before.isoformat()}T17:00:00.000+0000"


def _money() -> Defect:
    """A fee list whose amounts are text in three spellings, beside the list of dossiers."""
    spelt = ("11,250,000", "1.363", "11.250.000 đ")
    plain = (11_250_000, 1_363, 11_250_000)
    rows = [Row(RowKind.HEADER, FEE_HEADERS)]
    for number, (record, text) in enumerate(zip(RECORDS, spelt, strict=False), start=1):
        day = "02/08/2021"
        cells = (str(number), record[0], "Trực tiếp", f"Người Mẫu {number:04d}", f"{number:07d}", "01BLP", "AA/21P",
                 day, day, "0", text, text)  # fmt: skip
        rows.append(Row(RowKind.DATA, cells))
    rows.append(Row(RowKind.TOTAL, ("Tổng số", "0", str(sum(plain)), str(sum(plain))), span=True))
    fees = DefectFile(
        "Thu phi le phi 05-09-2021 16-35.xls", as_html(WrittenTable(rows, len(FEE_HEADERS))), data_rows=3
    )
    return Defect(
        "so-viet-dang-chu",
        "amounts stored as text: 1.363, 11,250,000, 11.250.000 đ",
        (DefectFile(f"{EXPORT_NAME}.xls", as_html(list_table()), data_rows=len(RECORDS)), fees),
    )
