"""XML 2003, binary and OpenDocument workbooks, pages in one file, and cells that hold errors or formulas."""

from __future__ import annotations

import io
import struct

import pytest
import xlsxwriter

from tests.support.container_files import (
    mhtml_file,
    ods_cell,
    ods_document,
    xlsb_file,
    xml2003_document,
    xml2003_file,
)
from tests.support.export_files import csv_file, html_file, xls_file
from transforms.readers.model import RawSheet, UnreadableFileError, Workbook
from transforms.readers.workbook import read_workbook


def _read(content: bytes) -> Workbook:
    return read_workbook(io.BytesIO(content), "x")


def _cells(sheet: RawSheet) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in sheet.cells.columns), strict=True))


def _sheet(rows: str, name: str = "A", after: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table ss:ExpandedRowCount="1000000000">{rows}</Table>{after}</Worksheet>'


def _attribute(name: str, value: int) -> str:
    return f'{name}="{value}"'


def _data(kind: str, text: str, attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


def test_xml2003_index_leaves_out_cells_and_rows() -> None:
    rows = (
        f"<Row>{_data('String', 'a')}{_data('String', 'd', _attribute('ss:Index', 4))}</Row>"
        f'<Row ss:Index="5">{_data("String", "b")}</Row><Row ss:Span="2"/><Row>{_data("String", "c")}</Row>'
    )
    (sheet,) = _read(xml2003_document(_sheet(rows))).sheets
    assert _cells(sheet) == [("a", None, None, "d"), ("b", None, None, None), ("c", None, None, None)]
    assert sheet.row_numbers.to_pylist() == [1, 5, 9]


def test_xml2003_merged_cells_leave_covered_places_empty() -> None:
    rows = f"<Row>{_data('String', 'Tiêu đề', _attribute('ss:MergeAcross', 1))}{_data('String', 'x')}</Row>"
    (sheet,) = _read(xml2003_document(_sheet(rows))).sheets
    assert _cells(sheet) == [("Tiêu đề", None, "x")]


def test_xml2003_values_are_spelled_as_in_other_workbooks() -> None:
    rows = "".join(
        f"<Row>{_data(kind, text)}</Row>"
        for kind, text in (
            ("DateTime", "2021-09-05T00:00:00.000"),
            ("DateTime", "2021-09-05T14:30:05.000"),
            ("Number", "12"),
            ("Number", "12.0"),
            ("Number", "12.5"),
            ("Number", "1.1000000000000001"),
            ("Number", "11250000"),
            ("Boolean", "1"),
            ("Error", "#N/A"),
            ("String", "  Hộ&#10; tịch "),
        )
    )
    (sheet,) = _read(xml2003_document(_sheet(rows))).sheets
    assert [text for (text,) in _cells(sheet)] == [
        "2021-09-05 00:00:00",
        "2021-09-05 14:30:05",
        "12",
        "12",
        "12.5",
        "1.1",
        "11250000",
        "true",
        "#N/A",
        "Hộ\n tịch",
    ]


def test_xml2003_rich_text_is_read_and_comments_are_not() -> None:
    rich = (
        '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>Hộ</B> tịch</ss:Data>'
        '<Comment ss:Author="x"><Data>ghi chú</Data></Comment></Cell>'
    )
    (sheet,) = _read(xml2003_document(_sheet(f"<Row>{rich}</Row>"))).sheets
    assert _cells(sheet) == [("Hộ tịch",)]


def test_xml2003_worksheets_come_in_order_and_hidden_ones_are_flagged() -> None:
    hidden = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
    row = f"<Row>{_data('String', 'a')}</Row>"
    content = xml2003_document(_sheet(row, "Thấy") + _sheet(row, "Ẩn", hidden) + _sheet("", "Trống"))
    sheets = _read(content).sheets
    assert [(sheet.name, sheet.is_hidden, sheet.cells.num_rows) for sheet in sheets] == [
        ("Thấy", False, 1),
        ("Ẩn", True, 1),
        ("Trống", False, 0),
    ]


@pytest.mark.parametrize(
    "attribute", ['ss:Index="1"', 'ss:Index="-3"', 'ss:Index="x"', 'ss:MergeAcross="1.5"']
)
def test_xml2003_places_that_cannot_be_are_refused(attribute: str) -> None:
    rows = f"<Row>{_data('String', 'a')}{_data('String', 'b', attribute)}</Row>"
    with pytest.raises(UnreadableFileError) as refusal:
        _read(xml2003_document(_sheet(rows)))
    assert refusal.value.code == "file.broken"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml2003_is_read_in_every_unicode_encoding(encoding: str) -> None:
    content = xml2003_file((("Hộ tịch",),)).decode().encode(encoding)
    assert _cells(_read(content).sheets[0]) == [("Hộ tịch",)]


def test_page_in_one_file_is_read_as_a_page() -> None:
    workbook = _read(mhtml_file((("Mã hồ sơ", "Lĩnh vực"), ("A=1", "Hộ tịch"))))
    assert workbook.container == "html"
    assert _cells(workbook.sheets[0]) == [("Mã hồ sơ", "Lĩnh vực"), ("A=1", "Hộ tịch")]


def test_xlsb_numbers_and_text_are_read() -> None:
    workbook = _read(xlsb_file((("Mã", 12, 12.5), (None, None, "x"))))
    assert workbook.container == "xlsb"
    assert _cells(workbook.sheets[0]) == [("Mã", "12", "12.5"), (None, None, "x")]


def test_formulas_are_read_as_their_last_result_and_errors_as_their_text() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("A")
    for row, (formula, result) in enumerate(
        (("=1+1", 2), ('="a"&"b"', "ab"), ("=1/0", "#DIV/0!"), ("=#REF!", "#REF!"), ("=NA()", "#N/A")),
        start=2,
    ):
        sheet.write_formula(row, 1, formula, None, result)
    book.close()
    (found,) = _read(buffer.getvalue()).sheets
    assert [text for (text,) in _cells(found)] == ["2", "ab", "#DIV/0!", "#REF!", "#N/A"]
    assert found.row_numbers.to_pylist() == [3, 4, 5, 6, 7], "a cell with an error only is content"


def test_excel_97_error_cell_is_read_as_its_text() -> None:
    content = xls_file((("Mã", 1.0),))
    number = struct.pack("<HHHHHd", 0x0203, 14, 0, 1, 0, 1.0)
    error = struct.pack("<HHHHHBB", 0x0205, 8, 0, 1, 0, 0x2A, 1)
    pad = struct.pack("<HH", 0x00FF, len(number) - len(error) - 4) + bytes(len(number) - len(error) - 4)
    (sheet,) = _read(content.replace(number, error + pad)).sheets
    assert _cells(sheet) == [("Mã", "#N/A")]


def test_ods_repeated_cells_and_rows_are_laid_out() -> None:
    rows = (
        f"<table:table-row>{ods_cell('a', _attribute('table:number-columns-repeated', 2))}{ods_cell('b')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{ods_cell("c")}</table:table-row>'
    )
    (sheet,) = _read(ods_document(f'<table:table table:name="A">{rows}</table:table>')).sheets
    assert _cells(sheet) == [("a", "a", "b"), ("c", None, None), ("c", None, None)]
    assert sheet.row_numbers.to_pylist() == [1, 5, 6]


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xe1\xbb", b"\xed\xa0\x80"])
@pytest.mark.parametrize("write", [csv_file, html_file, xml2003_file], ids=["csv", "html", "xml2003"])
def test_damaged_byte_in_unicode_text_costs_its_letter_and_names_its_row(write: object, bad: bytes) -> None:
    rows = (
        ("Mã hồ sơ", "Lĩnh vực"),
        ("A-1", "Hộ tịch"),
        ("A-2", "Đất đai"),
        *((f"A-{n}", "Hộ tịch") for n in range(3, 20)),
    )
    content = write(rows).replace("Đất".encode(), b"D" + bad + b"t")  # type: ignore[operator]
    workbook = _read(content)
    cells = _cells(workbook.sheets[0])
    assert [*cells[:2], *cells[3:]] == [*rows[:2], *rows[3:]]
    assert cells[2][0] == "A-2"
    assert "\ufffd" in str(cells[2][1])
    (finding,) = [finding for finding in workbook.findings if finding.code == "file.text.damaged"]
    assert [place.row for place in finding.places] == [3]


def test_csv_doubled_quotes_and_breaks_inside_quotes_keep_line_numbers() -> None:
    content = 'Số;Trích yếu\n1;"Về việc ""A"";\nxem tiếp"\n2;b\n'
    (sheet,) = _read(content.encode()).sheets
    assert _cells(sheet) == [("Số", "Trích yếu"), ("1", 'Về việc "A";\nxem tiếp'), ("2", "b")]
    assert sheet.row_numbers.to_pylist() == [1, 2, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("has_last_end", [True, False])
def test_csv_line_ends_of_every_system_are_read(end: str, has_last_end: bool) -> None:
    content = end.join(["Số;Tên", "1;a", "2;b"]) + (end if has_last_end else "")
    (sheet,) = _read(content.encode()).sheets
    assert _cells(sheet) == [("Số", "Tên"), ("1", "a"), ("2", "b")]
    assert sheet.row_numbers.to_pylist() == [1, 2, 3]


def test_csv_larger_than_one_piece_is_read_whole() -> None:
    rows = [
        ("Mã hồ sơ", "Lĩnh vực"),
        *((f"A-{number}", "Hộ tịch và đất đai " * 5) for number in range(20_000)),
    ]
    for ragged in ((), (("chỉ một ô",),)):
        content = csv_file([*rows, *ragged], ";")
        assert len(content) > 2 << 20
        (sheet,) = _read(content).sheets
        assert sheet.cells.num_rows == len(rows) + len(ragged)
        assert sheet.cells.column(0)[20_000].as_py() == "A-19999"
