"""The first sheet: what a person reads, fills in and prints."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.unit.returned.mend_case import UNIT_NAME, clerks_workbook, line, marker, sent
from transforms.readers.workbook import read_workbook
from transforms.returned.build import render_returned
from transforms.returned.lines import MendLine, sort_lines
from transforms.returned.model import MEND_HEADERS, MEND_SHEET
from transforms.returned.read import split_returned


def front(lines: tuple[MendLine, ...], with_file: bool = True, kind: str = "dossier") -> Worksheet:
    source = sent(clerks_workbook()) if with_file else None
    content = render_returned(marker(kind=kind), UNIT_NAME, lines, source)
    return openpyxl.load_workbook(io.BytesIO(content))[MEND_SHEET]


def test_head_names_unit_file_and_time_and_the_header_stands_in_row_five() -> None:
    sheet = front((line(5),))
    assert sheet["A1"].value == "NỘI DUNG CẦN SỬA – xã Bình Lương"
    assert "“Giải trình”" in str(sheet["A2"].value)
    about = (
        "Đơn vị: xã Bình Lương (16204) · Tệp: Danh sach ho so 05-09-2021.xlsx · Kết xuất: 05/09/2021 16:30"
    )
    assert sheet["A3"].value == about
    assert tuple(cell.value for cell in sheet[5]) == MEND_HEADERS


def test_line_says_what_where_and_what_to_do_in_words_of_the_file() -> None:
    sheet = front((line(8, "dossier_code", "critical", value="31/09/2021"),))
    assert [cell.value for cell in sheet[6]] == [
        1, "dossier.due_date.missing", "Nghiêm trọng", "Có 1 hồ sơ không có ngày hẹn trả (dòng 8).", "Hồ sơ", 8,
        "Mã hồ sơ", "000.09.42.H56-210901-0004", "31/09/2021", "Hãy bổ sung ngày hẹn trả.", None, None,
    ]  # fmt: skip
    link = sheet["F6"].hyperlink
    assert link is not None
    assert link.location == "'Hồ sơ'!D8"


def test_lines_come_critical_first_then_by_row_and_the_whole_file_before_its_rows() -> None:
    mixed = [line(8), line(5), line(7, severity="critical"), line(5, severity="info"), line(0, "", "warning")]
    assert [(found.severity, found.row) for found in sort_lines(mixed)] == [
        ("critical", 7), ("warning", 0), ("warning", 5), ("warning", 8), ("info", 5),
    ]  # fmt: skip


def test_finding_without_a_row_has_one_line_with_an_empty_row() -> None:
    sheet = front((line(0, ""),))
    assert (sheet["F6"].value, sheet["F6"].hyperlink) == (None, None)


def test_page_prints_on_a4_landscape_with_its_header_on_every_page() -> None:
    sheet = front((line(5),))
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$5:$5", "A6")
    assert sheet["D6"].alignment.wrap_text
    assert (sheet.row_dimensions[6].height or 0) > 30, "room for the wrapped sentence"


def test_explanation_given_before_is_filled_in_and_read_back() -> None:
    explained = replace(line(5), explanation="Thủ tục không quy định thời hạn", author="Văn thư")
    content = render_returned(marker(), UNIT_NAME, [explained, line(6)], sent(clerks_workbook()))
    back = split_returned(read_workbook(io.BytesIO(content), "x.xlsx"))
    assert [(e.line, e.text, e.author) for e in back.explanations] == [
        (1, "Thủ tục không quy định thời hạn", "Văn thư")
    ]


def test_text_that_looks_like_a_formula_is_quoted_in_the_list() -> None:
    cell = front((replace(line(5), value="=cmd|x"),))["I6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=cmd|x", "s", True)


def test_refused_file_gets_a_list_alone_that_says_it_was_not_taken() -> None:
    sheet = front((line(0, "", "critical", code="file.broken"),), with_file=False, kind="")
    assert "chưa được nhận" in str(sheet["A2"].value)
    assert "Nhận: 05/09/2021 16:30" in str(sheet["A3"].value)
    assert sheet["A4"].value is None


def test_original_that_is_gone_leaves_the_list_and_says_so() -> None:
    sheet = front((line(5),), with_file=False)
    assert "không còn được lưu" in str(sheet["A4"].value)
    assert (sheet["F6"].value, sheet["F6"].hyperlink) == (5, None)
    assert "sửa trong phần mềm" in str(sheet["A2"].value)
