"""Files that are no export: a summary made by hand, a lock file of a spreadsheet left open."""

from __future__ import annotations

from sample_exports.generator.calendar import EXPORT_DAY, WINDOW_START
from sample_exports.generator.containers import as_xlsx
from sample_exports.generator.dossier_lists import titles
from sample_exports.generator.units import SampleUnit
from sample_exports.generator.written import Row, RowKind, SampleFile, WrittenTable


def refused_summary(unit: SampleUnit) -> SampleFile:
    """A table of results typed by hand: no profile fits it."""
    rows = titles(unit, "TỔNG HỢP KẾT QUẢ CẢI CÁCH HÀNH CHÍNH", WINDOW_START, EXPORT_DAY)
    rows.append(Row(RowKind.HEADER, ("TT", "Nội dung", "Kết quả", "Ghi chú")))
    results = (("Hồ sơ đã tiếp nhận", 226), ("Hồ sơ đã giải quyết", 220), ("Văn bản đã ban hành", 92))
    for number, (label, value) in enumerate(results, start=1):
        rows.append(Row(RowKind.DATA, (number, label, value, "")))
    return SampleFile(
        unit.code,
        "Tong hop ket qua CCHC 05-09-2021.xlsx",
        as_xlsx(WrittenTable(rows, 4)),
        state="refused",
        refusal_code="file.profile.none",
        case="refused_file",
    )


def lock_file(unit: SampleUnit) -> SampleFile:
    """What a spreadsheet program leaves beside a workbook that is still open."""
    owner = "Người Mẫu"
    content = bytes([len(owner)]) + owner.encode("utf-16-le")
    return SampleFile(
        unit.code,
        "~$So van ban di 05-09-2021.xlsx",
        content.ljust(165, b"\x00"),
        case="lock_file",
        is_passed_over=True,
    )
