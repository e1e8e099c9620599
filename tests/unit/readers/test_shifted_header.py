"""The export with 12 headers over 11 body cells is read where every row proves it, and refused else."""

from __future__ import annotations

import pytest

from tests.support.decorated_sheet import HEADER, Cells, record
from tests.support.export_files import html_file, packaged_profiles
from transforms.readers.model import RawExport, UnreadableFileError, Workbook
from transforms.readers.recognise import recognise
from transforms.readers.sheet import CellCollector

PROFILES = packaged_profiles()
EXTRA = "Người tiếp nhận"
SHIFTED_HEADER = (*HEADER[:2], EXTRA, *HEADER[2:6], *HEADER[7:])
"""Twelve headers: one more in the third place, one person less."""


def _short(cells: Cells) -> Cells:
    return (*cells[:6], *cells[7:], "")


def _read(*rows: Cells) -> RawExport:
    collector = CellCollector()
    for number, cells in enumerate(rows, start=1):
        collector.add(number, [cell or None for cell in cells])
    return recognise(Workbook("html", (collector.build(""),)), PROFILES)


def _refused(*rows: Cells) -> str:
    with pytest.raises(UnreadableFileError) as refusal:
        _read(*rows)
    return refusal.value.code


def test_shifted_list_is_read_one_column_left_with_the_day_of_return() -> None:
    rows = [record(1), record(2, resolved_date="", status_label="Đang xử lý"), record(3)]
    export = _read(("DANH SÁCH HỒ SƠ",), SHIFTED_HEADER, *map(_short, rows), ("Tổng số", "3"))
    assert export.body.column("dossier_code").to_pylist() == [cells[3] for cells in rows]
    assert export.body.column("due_date").to_pylist() == [cells[10] for cells in rows]
    assert export.body.column("returned_date").to_pylist() == [rows[0][11], None, rows[2][11]]
    assert "resolved_date" not in export.body.column_names
    assert (export.profile_id, export.structural_counts["total"]) == ("tandan.dossier.v1", 1)
    (finding,) = export.findings
    assert (finding.code, finding.kind) == ("file.header.shift_read", "dossier")
    assert dict(finding.params) == {
        "name": EXTRA,
        "renamed": "; cột “Ngày kết thúc xử lý” được hiểu là “Ngày trả kết quả”",
    }


def test_one_row_that_lies_under_its_headers_refuses_the_whole_list() -> None:
    straight = (*record(3)[:2], "Người Mẫu 0009", *record(3)[2:6], *record(3)[7:])
    assert (
        _refused(SHIFTED_HEADER, *(_short(record(n)) for n in range(1, 9)), straight) == "file.header.shifted"
    )


def test_row_without_a_code_proves_nothing() -> None:
    rows = [_short(record(1)), _short(record(2)), _short(record(3, dossier_code=""))]
    assert _refused(SHIFTED_HEADER, *rows) == "file.header.shifted"


def test_value_under_the_last_header_disproves_the_shift() -> None:
    rows = [_short(record(number)) for number in (1, 2, 3)]
    assert _refused(SHIFTED_HEADER, *rows[:2], (*rows[2][:-1], "x")) == "file.header.shifted"


def test_shift_without_the_known_extra_header_is_refused() -> None:
    header = tuple("Cán bộ thụ lý" if text == EXTRA else text for text in SHIFTED_HEADER)
    assert _refused(header, *(_short(record(number)) for number in (1, 2, 3))) == "file.header.shifted"


def test_extra_header_with_cells_of_its_own_is_no_shift() -> None:
    rows = [(*record(n)[:2], "Người Mẫu 0009", *record(n)[2:6], *record(n)[7:]) for n in (1, 2, 3)]
    export = _read(SHIFTED_HEADER, *rows)
    assert export.body.column("resolved_date").to_pylist() == [record(n)[11] for n in (1, 2, 3)]
    assert (export.unknown_headers, export.findings) == ((), ())


def test_shifted_list_comes_out_of_its_html_file() -> None:
    from io import BytesIO

    from transforms.readers.workbook import read_workbook

    content = html_file([SHIFTED_HEADER, *(_short(record(number))[:-1] for number in (1, 2))])
    export = recognise(read_workbook(BytesIO(content), "danh-sach.xls"), PROFILES)
    assert export.body.column("status_label").to_pylist() == ["Đã trả kết quả"] * 2
