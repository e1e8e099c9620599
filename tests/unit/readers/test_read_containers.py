"""What each container's reader makes of the cells: text, places and row numbers."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import xlsxwriter

from tests.support.export_files import csv_file, html_file, xls_file, xlsx_file
from transforms.readers.model import RawSheet, UnreadableFileError, Workbook
from transforms.readers.workbook import read_workbook


def _read(content: bytes) -> Workbook:
    return read_workbook(io.BytesIO(content), "x")


def _cells(sheet: RawSheet) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in sheet.cells.columns), strict=True))


def test_html_spans_leave_covered_places_empty() -> None:
    page = (
        "<table><tr><td colspan=3>Tiêu đề</td></tr>"
        "<tr><th rowspan=2>STT</th><th colspan='2'>Ngày</th></tr>"
        "<tr><th>Nhận</th><th>Trả</th></tr>"
        "<tr><td>1</td><td>a</td><td>b</td></tr></table>"
    )
    (sheet,) = _read(page.encode()).sheets
    assert _cells(sheet) == [
        ("Tiêu đề", None, None),
        ("STT", "Ngày", None),
        (None, "Nhận", "Trả"),
        ("1", "a", "b"),
    ]
    assert sheet.row_numbers.to_pylist() == [1, 2, 3, 4]


def test_html_text_keeps_breaks_and_entities_and_drops_layout_space() -> None:
    page = "<table><tr><td>\n  Mã\n  hồ sơ </td><td>A<br>B</td><td>&nbsp;</td><td>1 &lt; 2 &#7879;</td></tr></table>"
    (sheet,) = _read(page.encode()).sheets
    assert _cells(sheet) == [("Mã hồ sơ", "A\nB", None, "1 < 2 ệ")]


def test_html_in_utf8_is_read_as_utf8_whatever_the_page_declares() -> None:
    page = '<html><meta charset="iso-8859-1"><table><tr><td>Hộ tịch</td></tr></table></html>'
    assert _cells(_read(page.encode()).sheets[0]) == [("Hộ tịch",)]


def test_html_without_closing_tags_of_rows_and_cells_is_read() -> None:
    page = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    assert _cells(_read(page.encode()).sheets[0]) == [("a", "b"), ("c", "d")]


def test_html_table_inside_a_cell_is_a_sheet_of_its_own() -> None:
    page = "<table><tr><td>1</td><td>x<table><tr><td>inner</td></tr></table>y</td></tr><tr><td>2</td></tr></table>"
    outer, inner = _read(page.encode()).sheets
    assert _cells(outer) == [("1", "xy"), ("2", None)]
    assert _cells(inner) == [("inner",)]


def test_html_rows_without_content_keep_their_numbers() -> None:
    (sheet,) = _read(html_file([("a",), ("",), (" \u00a0",), ("b",)])).sheets
    assert (_cells(sheet), sheet.row_numbers.to_pylist()) == ([("a",), ("b",)], [1, 4])


def test_html_utf16_page_is_read() -> None:
    page = "<table><tr><td>Hộ tịch</td></tr></table>".encode("utf-16")
    assert _cells(_read(page).sheets[0]) == [("Hộ tịch",)]


def test_excel_cells_come_out_as_text() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Sổ")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_datetime(4, 1, datetime(2021, 9, 5), day)  # noqa: DTZ001
    sheet.write_datetime(4, 2, datetime(2021, 9, 5, 14, 30, 5), day)  # noqa: DTZ001
    sheet.write_number(4, 3, 12)
    sheet.write_number(4, 4, 12.5)
    sheet.write_string(6, 1, "1.001193")
    sheet.write_string(6, 2, "  Hộ\n tịch ")
    sheet.write_number(6, 3, 11250000, book.add_format({"num_format": "#,##0"}))
    sheet.write_boolean(6, 4, True)
    book.close()
    (found,) = _read(buffer.getvalue()).sheets
    assert _cells(found) == [
        ("2021-09-05 00:00:00", "2021-09-05 14:30:05", "12", "12.5"),
        ("1.001193", "Hộ\n tịch", "11250000", "true"),
    ]
    assert found.row_numbers.to_pylist() == [5, 7]


def test_excel_hidden_sheets_are_flagged() -> None:
    content = xlsx_file({"Thấy": [("a",)], "Ẩn": [("b",)], "Trống": []}, hidden=["Ẩn"])
    sheets = _read(content).sheets
    assert [(sheet.name, sheet.is_hidden, sheet.cells.num_rows) for sheet in sheets] == [
        ("Thấy", False, 1),
        ("Ẩn", True, 1),
        ("Trống", False, 0),
    ]


def test_excel_97_workbook_is_read() -> None:
    workbook = _read(xls_file([("Mã hồ sơ", "Số"), (None, None), ("A", 12)]))
    assert workbook.container == "xls"
    assert _cells(workbook.sheets[0]) == [("Mã hồ sơ", "Số"), ("A", "12")]
    assert workbook.sheets[0].row_numbers.to_pylist() == [1, 3]


def test_decomposed_letters_are_composed() -> None:
    (sheet,) = _read(html_file([("Ho\u0323\u0302 ti\u0323ch",)])).sheets
    assert _cells(sheet) == [("Hộ tịch",)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_found_by_consistency(delimiter: str) -> None:
    rows = [("Số", "Trích yếu", "Ngày"), ("1", "Về việc: a, b; c", "05/09/2021"), ("2", "x", "06/09/2021")]
    (sheet,) = _read(csv_file(rows, delimiter)).sheets
    assert _cells(sheet) == rows


def test_csv_with_titles_above_keeps_line_numbers() -> None:
    content = "\ufeffUBND XÃ\r\n\r\nSố;Tên\r\n1;a\r\n2;b\r\n".encode()
    (sheet,) = _read(content).sheets
    assert _cells(sheet) == [("UBND XÃ", None), ("Số", "Tên"), ("1", "a"), ("2", "b")]
    assert sheet.row_numbers.to_pylist() == [1, 3, 4, 5]


def test_csv_line_break_inside_quotes_stays_one_record() -> None:
    content = 'Số,Tên,Ghi chú\n1,"a\nb",x\n\n2,"nói ""vâng""",y\n'.encode()
    (sheet,) = _read(content).sheets
    assert _cells(sheet) == [("Số", "Tên", "Ghi chú"), ("1", "a\nb", "x"), ("2", 'nói "vâng"', "y")]
    assert sheet.row_numbers.to_pylist() == [1, 2, 5]


def test_csv_rows_of_uneven_length_are_kept() -> None:
    (sheet,) = _read(b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n").sheets
    assert _cells(sheet) == [
        ("a", "b", "c", None),
        ("1", "2", "3", None),
        ("4", "5", None, None),
        ("6", "7", "8", "9"),
    ]


def test_csv_separator_line_decides_the_delimiter() -> None:
    (sheet,) = _read(b"sep=;\na;b,c\n1;2,3\n").sheets
    assert _cells(sheet)[1:] == [("a", "b,c"), ("1", "2,3")]


@pytest.mark.parametrize(
    "content",
    ['Số,Tên,Ghi chú\n1,"a,x\n2,b,y\n3,c,z\n', 'Số,Tên,Ghi chú\n1,"a,x\n2,b,y\n3,"c",z\n'],
    ids=["never closed", "closed by a later quote"],
)
def test_csv_quote_that_swallows_rows_is_refused_with_its_line(content: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        _read(content.encode())
    assert (refusal.value.code, dict(refusal.value.params)) == ("file.csv.quotes", {"line": 2})
