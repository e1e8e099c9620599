"""Several files that speak of the same dossiers, and files of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from sample_exports.generator.containers import as_html
from sample_exports.generator.defects.reference import (
    EXPORT_NAME,
    RECORDS,
    UNIT,
    Defect,
    DefectFile,
    Record,
    changed,
    list_table,
)
from sample_exports.generator.dossier_lists import FEE_HEADERS, SYNTHETIC
from sample_exports.generator.units import unit_of
from sample_exports.generator.written import Row, RowKind, WrittenTable

_EARLIER = "Danh sach ho so 27-08-2021 17-00"
_OPEN = RECORDS[5][0]
_TWICE = RECORDS[1][0]


def repeat_defects() -> Iterator[Defect]:
    """Defects between files; the latest export wins and nothing is counted twice."""
    clean = as_html(list_table())
    whole = DefectFile(f"{EXPORT_NAME}.xls", clean, data_rows=len(RECORDS))
    yield Defect(
        "gui-hai-lan",
        "the same file twice",
        (whole, DefectFile(f"{EXPORT_NAME}_2.xls", clean, state="unchanged", data_rows=len(RECORDS))),
        findings=("file.repeated",),
    )
    before = changed(RECORDS, RECORDS[2][0], ended="", status=4)
    yield Defect(
        "ban-sua",
        "a corrected file after a first one",
        (DefectFile(f"{_EARLIER}.xls", as_html(list_table(records=before)), data_rows=len(RECORDS)), whole),
    )
    early, late = RECORDS[:6], RECORDS[3:]
    yield Defect(
        "chong-khoang-ngay",
        "overlapping date ranges",
        (
            DefectFile(f"{_EARLIER}.xls", as_html(list_table(records=early)), data_rows=len(early)),
            DefectFile(f"{EXPORT_NAME}.xls", as_html(list_table(records=late)), data_rows=len(late)),
        ),
    )
    ended = changed(RECORDS, _OPEN, ended="2021-09-01", status=9)
    yield Defect(
        "hai-trang-thai",
        "one dossier in two files of the same moment with different statuses",
        (
            DefectFile(f"{EXPORT_NAME} a.xls", clean, data_rows=len(RECORDS)),
            DefectFile(f"{EXPORT_NAME} b.xls", as_html(list_table(records=ended)), data_rows=len(RECORDS)),
        ),
        records=ended,
        findings=("dossier.status.conflict",),
    )
    other = (_TWICE, "2021-08-25", "2021-09-03", "", 4)
    twice = (*RECORDS, other)
    name = "Thủ tục đăng ký lại kết hôn"
    yield Defect(
        "trung-ma-hai-ho-so",
        "one code used by two different dossiers",
        (
            DefectFile(
                f"{EXPORT_NAME}.xls",
                as_html(_last_line_about(name, twice)),
                data_rows=len(twice),
            ),
        ),
        records=tuple(sorted((*(r for r in RECORDS if r[0] != _TWICE), other))),
        findings=("dossier.code.two_dossiers",),
    )
    yield Defect(
        "tep-don-vi-khac",
        "a file of another unit in this unit's folder",
        (DefectFile(f"{EXPORT_NAME}.xls", clean, unit_code=unit_of("16219").code, data_rows=len(RECORDS)),),
        findings=("delivery.unit.mismatch",),
    )
    yield _three_sources()


def _three_sources() -> Defect:
    """List, fee list and overdue list of one unit: the newer overdue list tells the day of a result."""
    late, open_still = RECORDS[5][0], "000.09.42.H56-210715-0001"
    headers = (
        "STT",
        "Mã hồ sơ",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "Ngày có kết quả",
        "Đơn vị giải quyết",
        "Ghi chú",
    )
    unit = f"UBND {UNIT.full_name}"
    lines = (
        ("1", late, "25/08/2021", "30/08/2021", "05/09/2021", unit, ""),
        ("2", open_still, "15/07/2021", "20/07/2021", "", unit, ""),
    )
    rows = [
        Row(RowKind.TITLE, (f"ỦY BAN NHÂN DÂN {UNIT.full_name.upper()} ({SYNTHETIC})",), span=True),
        Row(RowKind.TITLE, ("DANH SÁCH HỒ SƠ QUÁ HẠN",), span=True),
        Row(RowKind.HEADER, headers),
        *(Row(RowKind.DATA, line) for line in lines),
    ]
    fee = ("1", late, "Trực tuyến", "Người Mẫu 0006", "0000001", "01BLP", "AA/21P", "25/08/2021", "25/08/2021", "8,000", "0", "8,000")  # fmt: skip
    fees = [Row(RowKind.HEADER, FEE_HEADERS), Row(RowKind.DATA, fee)]
    only_there = (open_still, "2021-07-15", "2021-07-20", "", None)
    return Defect(
        "ba-nguon",
        "dossier list, fee list and overdue list of one unit join on the dossier code",
        (
            DefectFile(f"{EXPORT_NAME}.xls", as_html(list_table()), data_rows=len(RECORDS)),
            DefectFile(
                "Ho so qua han 06-09-2021 08-00.xls", as_html(WrittenTable(rows, len(headers))), data_rows=2
            ),
            DefectFile(
                "Thu phi le phi 05-09-2021 16-35.xls",
                as_html(WrittenTable(fees, len(FEE_HEADERS))),
                data_rows=1,
            ),
        ),
        records=tuple(sorted((only_there, *changed(RECORDS, late, ended="2021-09-05")))),
        findings=("dossier.only_in_overdue_list",),
    )


def _last_line_about(procedure: str, records: tuple[Record, ...]) -> WrittenTable:
    table = list_table(records=records)
    last = table.rows[-1]
    cells = (*last.cells[:2], procedure, *last.cells[3:])
    return WrittenTable([*table.rows[:-1], Row(last.kind, cells)], table.width, table.sheet)
