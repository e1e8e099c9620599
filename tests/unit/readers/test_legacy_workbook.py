"""Whole files in old character sets: recognised by the same profile, with the same records as in Unicode."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from tests.support.export_files import csv_file, html_file, packaged_profiles, xls_file, xlsx_file
from tests.support.legacy_text import misread, old_bytes
from transforms.readers.legacy.charsets import OLD_CHARSETS, Charset
from transforms.readers.legacy.fonts import XlsxFonts, charset_of_font, is_capital_font
from transforms.readers.model import RawExport, Workbook
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook

PROFILES = packaged_profiles()
HEADER = (
    *("STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp"),
    *("Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"),
)
TITLES = (("Ủy ban nhân dân huyện Như Xuân", *[""] * 11), ("Danh sách hồ sơ từ ngày 01/01/2021", *[""] * 11))
PROCEDURES = ("Thủ tục đăng ký khai sinh", "Đăng ký thường trú", "Cấp bản sao trích lục hộ tịch")


def _rows() -> list[tuple[str, ...]]:
    days = ("05/01/2021 07:30:00", "05/01/2021 08:00:00", "08/01/2021 08:00:00", "06/01/2021 16:00:00")
    records = [
        (
            *(
                str(number),
                "UBND xã Bình Lương",
                PROCEDURES[number % 3],
                f"000.09.42.H56-210105-{number:04d}",
            ),
            *("Đã trả kết quả", "Thôn Mẫu", f"Người Mẫu {number:04d}", f"Người Mẫu {number:04d}", *days),
        )
        for number in range(1, 7)
    ]
    return [*TITLES, HEADER, *records]


def _read(content: bytes) -> tuple[Workbook, RawExport]:
    workbook = read_workbook(io.BytesIO(content), "x")
    return workbook, recognise(workbook, PROFILES)


def _as_bytes(content: bytes, charset: Charset) -> bytes:
    return old_bytes(content.decode(), charset)


def _files(charset: Charset) -> dict[str, bytes]:
    """The same list as the bytes of an old program, and as text that a later program misread."""
    cells = [tuple(misread(cell, charset) for cell in row) for row in _rows()]
    return {
        "csv bytes": _as_bytes(csv_file(_rows(), ";"), charset),
        "tab bytes": _as_bytes(csv_file(_rows(), "\t"), charset),
        "html bytes": _as_bytes(html_file(_rows()), charset),
        "csv cells": csv_file(cells, ",", "utf-8-sig"),
        "html cells": html_file(cells),
        "xlsx cells": xlsx_file({"Sheet1": cells}),
        "xls cells": xls_file(cells),
    }


@pytest.mark.parametrize("charset", OLD_CHARSETS)
@pytest.mark.parametrize("kind", list(_files(Charset.VNI)))
def test_list_in_an_old_set_gives_the_records_of_the_same_list_in_unicode(
    kind: str, charset: Charset
) -> None:
    _, expected = _read(csv_file(_rows()))
    workbook, export = _read(_files(charset)[kind])
    assert export.profile_id == "tandan.dossier.v1"
    assert export.body.to_pydict() == expected.body.to_pydict()
    assert export.titles[-1] == "Danh sách hồ sơ từ ngày 01/01/2021"
    assert [finding.code for finding in workbook.findings] == ["file.encoding.legacy"]
    assert dict(workbook.findings[0].params)["charsets"] == charset.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_list_in_unicode_is_read_without_a_finding(encoding: str) -> None:
    _, expected = _read(csv_file(_rows()))
    workbook, export = _read(csv_file(_rows(), ";", encoding))
    assert export.body.to_pydict() == expected.body.to_pydict()
    assert workbook.findings == ()


def test_html_in_utf16_without_mark_is_read() -> None:
    workbook, export = _read(html_file(_rows()).decode().encode("utf-16-le"))
    assert (workbook.container, export.data_row_count) == ("html", 6)


def test_list_with_a_few_broken_bytes_is_read_and_its_rows_are_named() -> None:
    content = csv_file(_rows()).replace("Thôn Mẫu".encode(), b"Th\xc3n M\xe1u", 1)
    workbook, export = _read(content)
    assert export.data_row_count == 6
    (finding,) = workbook.findings
    assert (finding.code, finding.params) == ("file.text.damaged", (("characters", 2),))
    assert [place.row for place in finding.places] == [4]


def test_capitals_of_a_capital_font_are_read_from_the_workbook() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Sổ")
    small, capital = (book.add_format({"font_name": name}) for name in (".VnTime", ".VnTimeH"))
    for number, row in enumerate(_rows()):
        for position, cell in enumerate(row):
            sheet.write_string(number, position, misread(cell, Charset.TCVN3), small if number else capital)
    book.close()
    workbook, export = _read(buffer.getvalue())
    assert export.titles[0] == "ỦY BAN NHÂN DÂN HUYỆN NHƯ XUÂN"
    assert export.titles[1] == "Danh sách hồ sơ từ ngày 01/01/2021"
    fonts = XlsxFonts(io.BytesIO(buffer.getvalue()))("Sổ")
    assert list(fonts[0]) == [(1, 1, ".VnTimeH"), (2, 9, ".VnTime")]
    assert workbook.findings[0].code == "file.encoding.legacy"


def test_workbook_without_styles_or_with_broken_ones_has_no_fonts() -> None:
    assert XlsxFonts(io.BytesIO(xlsx_file({"A": [("x",)]})))("A") == {}
    assert XlsxFonts(io.BytesIO(xlsx_file({"A": [("x",)]})))("no such sheet") == {}
    assert XlsxFonts(io.BytesIO(b"PK\x03\x04 broken"))("A") == {}


@pytest.mark.parametrize(
    ("font", "charset", "is_capital"),
    [
        (".VnTime", Charset.TCVN3, False),
        (".VnTimeH", Charset.TCVN3, True),
        (".VnArial NarrowH", Charset.TCVN3, True),
        ("VNI-Times", Charset.VNI, False),
        ("VNI Helve", Charset.VNI, False),
        ("Times New Roman", None, False),
        ("VnTimes", None, False),
    ],
)
def test_fonts_are_known_by_their_names(font: str, charset: Charset | None, is_capital: bool) -> None:
    assert (charset_of_font(font), is_capital_font(font)) == (charset, is_capital)
