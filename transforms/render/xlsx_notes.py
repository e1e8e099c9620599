"""The last sheets of a workbook: how to read it, and the list of every number's name, cell id and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.render.tables import MISSING_MARK
from transforms.render.xlsx_checks import AGREES, DIFFERS, INCOMPLETE
from transforms.render.xlsx_formats import Formats, number_format
from transforms.render.xlsx_info import PlainSheet, fit_on_one_page
from transforms.render.xlsx_layout import TableLayout, cell_name
from transforms.render.xlsx_links import Links
from transforms.render.xlsx_page import PageWords, set_page
from transforms.report.blocks import ReportContext
from transforms.report.forms import NOT_ASKED

NOTES_SHEET = "Ghi chú"
INDEX_SHEET = "Chỉ mục"
SOURCES = (
    ("Hồ sơ, văn bản, phí và lệ phí", "Đếm từ tệp kết xuất của phần mềm mà đơn vị gửi; không nhập tay."),
    (
        "Số liệu bổ sung, Biểu II.07b",
        "Do đơn vị điền trong bảng số liệu bổ sung của kỳ báo cáo; mục chưa điền thì để trống.",
    ),
)
READING = (
    (MISSING_MARK, "Không có số liệu. Thiếu số liệu không phải là số 0."),
    (NOT_ASKED, "Ô không phải điền: cấp mà đơn vị không thống kê hoặc không còn tại thời điểm báo cáo."),
    (
        "Tổng và tỷ lệ",
        "Là công thức, tính lại được từ các ô thành phần. Số đếm được là số cố định, không phải công thức.",
    ),
    (
        f"{AGREES}, {DIFFERS}, {INCOMPLETE}",
        "Kết quả đối chiếu bên phải và bên dưới mỗi biểu, nằm ngoài vùng in; tự tính lại khi ô thay đổi.",
    ),
)
TRACING = (
    "1. Bấm vào ô có con số cần kiểm tra. Hộp Tên ở góc trên bên trái, cạnh thanh công thức, hiện tên của ô, có dạng mc_… ",
    f"2. Mở trang “{INDEX_SHEET}”, tìm tên đó ở cột “Tên” và chép mã ô ở cột “Mã ô”.",
    "3. Chạy lệnh: motcua trace \"<mã ô>\". Lệnh in ra từng hồ sơ, khoản thu hoặc văn bản đứng sau con số: mã, tệp nguồn, trang tính, dòng.",
    "Phần đầu của tên (mc_ và 16 ký tự) cũng là tên dấu trang của con số đó trong tệp Word; số đứng sau dấu “_” cuối cùng là lần in thứ mấy trong tệp này.",
)  # fmt: skip
_INDEX_HEADERS = (("Tên", 26), ("Mã ô", 62), ("Trang tính và ô", 34), ("Nội dung", 58), ("Giá trị", 14))
_LINKED = 5000
"""Longer lists print the places without links, which a workbook can hold only so many of."""


def write_notes(
    sheet: Any,
    context: ReportContext,
    layouts: Sequence[TableLayout],
    formats: Formats,
    links: Links,
    page: PageWords,
) -> None:
    """Warnings, scope, forms and their circulars, marks, and how to get from a number to its dossiers."""
    set_page(sheet, page)
    writer = PlainSheet(sheet, NOTES_SHEET, formats, links)
    writer.across("Ghi chú", formats.get(bold=True, font_size=14), height=19)
    writer.stamps(context)
    writer.scope(context)
    forms = [layout for layout in layouts if layout.table.form_number]
    if forms:
        writer.section("Biểu mẫu")
        for layout in forms:
            table = layout.table
            told = filter(None, (table.form_number, *table.form_box[:1], table.layout_note))
            writer.labelled(layout.sheet, ". ".join(line.rstrip(".") for line in told) + ".")
    for title, lines in (("Nguồn số liệu", SOURCES), ("Cách đọc", READING)):
        writer.section(title)
        for label, text in lines:
            writer.labelled(label, text)
    writer.section("Cách tìm hồ sơ đứng sau một con số")
    for line in TRACING:
        writer.across(line, writer.text)
    fit_on_one_page(writer)


def write_index(sheet: Any, links: Links, formats: Formats, page: PageWords) -> None:
    """A line per named number: its name, cell id, place, what it is, and its value looked up by the name."""
    set_page(sheet, page)
    header, text = formats.header(), formats.get(font_size=10)
    link = formats.get(font_size=10, font_color="#1F4E79", underline=1)
    for column, (label, width) in enumerate(_INDEX_HEADERS):
        sheet.set_column(column, column, width)
        formats.write_text(sheet, 0, column, label, header)
    sheet.set_row(0, 22)
    for row, placed in enumerate(links.placed, 1):
        where = f"{placed.sheet}!{cell_name(placed.row, placed.column)}"
        formats.write_text(sheet, row, 0, placed.name, text)
        formats.write_text(sheet, row, 1, placed.figure.cell_id, text)
        if len(links.placed) <= _LINKED:
            sheet.write_url(row, 2, f"internal:{placed.address}", link, where)
        else:
            sheet.write_string(row, 2, where, text)
        formats.write_text(sheet, row, 3, placed.words, text)
        style = formats.get(font_size=10, align="right", num_format=number_format(placed.figure))
        if placed.is_in_text:
            sheet.write_number(row, 4, placed.figure.value, style)
        else:
            sheet.write_formula(row, 4, f"={placed.name}", style, placed.figure.value)
    last = len(_INDEX_HEADERS) - 1
    sheet.autofilter(0, 0, max(len(links.placed), 1), last)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{cell_name(len(links.placed), last)}"})
