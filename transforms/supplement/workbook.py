"""The supplement workbook: what a unit fills in because no export holds it."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from transforms.catalogue.form_layout import form_items
from transforms.catalogue.model import Catalogue, SupplementItem, Unit
from transforms.supplement.numbers import parse_whole_number
from transforms.text_cells import is_formula_like

DATA_SHEET = "Số liệu"
HELP_SHEET = "Hướng dẫn"
HEADERS = ("Mã mục", "Mục báo cáo", "Nội dung cần điền", "Giá trị", "Đơn vị tính", "Hướng dẫn")
HEADER_ROW = 3
"""Index of the header row, from 0; three title rows stand above it."""
VALUE_COLUMN = 3
SPARE_ROWS = 3
"""Empty rows that a list item keeps after its prefilled values."""

SECTION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "I.1": "I.1. Kế hoạch cải cách hành chính",
        "I.2": "I.2. Kiểm tra cải cách hành chính",
        "I.3": "I.3. Tuyên truyền cải cách hành chính",
        "I.4": "I.4. Tổ chức, chỉ đạo; thi đua, sáng kiến",
        "II.1": "II.1. Cải cách thể chế",
        "II.2": "II.2. Cải cách thủ tục hành chính",
        "II.3": "II.3. Cải cách tổ chức bộ máy",
        "II.4": "II.4. Cải cách chế độ công vụ",
        "II.5": "II.5. Cải cách tài chính công",
        "II.6": "II.6. Hiện đại hóa hành chính",
        "III.0": "III. Đánh giá chung",
        "III.1": "III.1. Tồn tại, hạn chế",
        "III.2": "III.2. Nguyên nhân",
        "IV": "IV. Phương hướng, nhiệm vụ",
        "V": "V. Kiến nghị, đề xuất",
        "ky": "Nơi nhận và chữ ký",
    }
)
"""Printed name of each section of the report; an unknown section prints as it is."""

INSTRUCTIONS = (
    "Chỉ điền vào cột “Giá trị” của trang “Số liệu”; không sửa, không xóa các cột khác và các dòng tiêu đề.",
    "Mục có nhiều ý: mỗi dòng ghi một ý. Mỗi mục đã có sẵn dòng trống; nếu thiếu, hãy chèn thêm dòng và chép “Mã mục” xuống.",
    "Mục không có nội dung: để trống. Dòng trống được bỏ qua và không bị coi là lỗi.",
    "Mục số lượng: chỉ ghi số nguyên, ví dụ 22; không có thì ghi 0. Để trống nghĩa là chưa có số liệu, khác với 0.",
    "Mục có danh sách chọn: bấm vào ô rồi chọn một giá trị trong danh sách.",
    "Văn bản viện dẫn: ghi đủ loại văn bản, số, ký hiệu, ngày ban hành, cơ quan ban hành và nội dung; chỉ viện dẫn văn bản còn hiệu lực.",
    "Nội dung điền sẵn (nếu có) lấy từ kỳ trước: hãy rà soát, sửa lại cho đúng kỳ này trước khi gửi.",
    "Không ghi họ tên, số định danh, số điện thoại, địa chỉ của công dân vào bất kỳ ô nào.",
    "Điền xong, lưu tệp ở dạng .xlsx và đặt vào thư mục của đơn vị cùng các tệp kết xuất khác.",
)

_WIDTHS = (23, 24, 28, 62, 9, 32)
_LINE_HEIGHT = 15.5
"""Points of one printed line."""
# A constant: a workbook made twice from the same values is the same file (DESIGN.md law 3).
_CREATED = datetime(2021, 1, 1)  # noqa: DTZ001 - a property without a zone


def asked_items(
    catalogue: Catalogue, unit: Unit, day: date, report_types: Collection[str] = ()
) -> tuple[SupplementItem, ...]:
    """What that unit is asked for on that day: every item but the columns of forms that are for other levels.

    ``report_types``: the types of report that are written; what only others ask for is left out.
    """
    columns = form_items(catalogue.forms)
    return tuple(
        item
        for item in catalogue.supplement_items
        if item.is_asked_by(report_types)
        and (
            item.item_id not in columns
            or any(column.is_asked_of(unit.level, day) for column in columns[item.item_id])
        )
    )


def write_workbook(
    unit: Unit,
    period_id: str,
    items: tuple[SupplementItem, ...],
    previous: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> bytes:
    """The xlsx file for one unit and period, prefilled with ``previous`` (item id → values in order).

    One row per single item; a list item has its previous values and three spare rows. The same
    arguments give the same bytes. Values are always written as text or numbers, never as formulas.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": "Số liệu bổ sung báo cáo cải cách hành chính", "created": _CREATED})
    _write_data_sheet(book, unit, period_id, items, previous)
    _write_help_sheet(book)
    book.close()
    return target.getvalue()


def _write_data_sheet(
    book: xlsxwriter.Workbook,
    unit: Unit,
    period_id: str,
    items: tuple[SupplementItem, ...],
    previous: Mapping[str, tuple[str, ...]],
) -> None:
    sheet = book.add_worksheet(DATA_SHEET)
    title = book.add_format({"bold": True, "font_name": "Times New Roman", "font_size": 13})
    header = book.add_format(
        {
            "bold": True,
            "font_name": "Times New Roman",
            "border": 1,
            "bg_color": "#DDEBF7",
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    base = {"font_name": "Times New Roman", "border": 1, "text_wrap": True, "valign": "top"}
    label = book.add_format({**base, "bg_color": "#F2F2F2"})
    value = book.add_format({**base, "num_format": "@"})
    # Keeps a text such as "- Một ý" or "=1+1" a text even after a clerk edits and saves the cell.
    quoted = book.add_format({**base, "num_format": "@", "quote_prefix": True})
    number = book.add_format({**base, "num_format": "#,##0"})

    for index, line in enumerate(title_lines(unit, period_id)):
        sheet.write_string(index, 0, line, title)
    for column, text in enumerate(HEADERS):
        sheet.write_string(HEADER_ROW, column, text, header)
        sheet.set_column(column, column, _WIDTHS[column])

    row = HEADER_ROW
    for item in items:
        for text in _values(item, previous.get(item.item_id, ())):
            row += 1
            for column, cell in enumerate(_labels(item)):
                if column != VALUE_COLUMN:
                    sheet.write_string(row, column, cell, label)
            _write_value(sheet, row, item, text, (value, quoted, number))
            sheet.set_row(row, _row_height((*_labels(item), text), least=2 if item.type == "text" else 1))
            _add_validation(sheet, row, item)

    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    sheet.autofilter(HEADER_ROW, 0, row, len(HEADERS) - 1)


def _write_help_sheet(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet(HELP_SHEET)
    bold = book.add_format({"bold": True, "font_name": "Times New Roman", "font_size": 13})
    body = book.add_format({"font_name": "Times New Roman", "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, "Hướng dẫn điền số liệu bổ sung", bold)
    for index, line in enumerate(INSTRUCTIONS, start=1):
        sheet.write_string(index, 0, f"{index}. {line}", body)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def title_lines(unit: Unit, period_id: str) -> tuple[str, str, str]:
    """The three rows above the header; the third names the unit's code and the period."""
    return (
        f"ỦY BAN NHÂN DÂN {unit.full_name.upper()}",
        "SỐ LIỆU BỔ SUNG BÁO CÁO CẢI CÁCH HÀNH CHÍNH",
        f"Mã đơn vị: {unit.code} · Kỳ báo cáo: {period_id}",
    )


def _labels(item: SupplementItem) -> tuple[str, ...]:
    section = SECTION_NAMES.get(item.section, item.section)
    advice = f"Bắt buộc. {item.help}" if item.is_required else item.help
    return (item.item_id, section, item.label, "", item.unit_of_measure, advice.strip())


def _row_height(cells: tuple[str, ...], least: int) -> float:
    """Points that the fullest cell needs; programs do not all grow a row to its wrapped text."""
    widths = (*_WIDTHS, _WIDTHS[VALUE_COLUMN])
    lines = max(-(-len(cell) // (width - 2)) for cell, width in zip(cells, widths, strict=True))
    return _LINE_HEIGHT * max(least, lines)


def _values(item: SupplementItem, previous: tuple[str, ...]) -> tuple[str, ...]:
    if item.is_list:
        return (*previous, *("",) * SPARE_ROWS)
    return previous[:1] or ("",)


def _write_value(
    sheet: Worksheet, row: int, item: SupplementItem, text: str, formats: tuple[Format, Format, Format]
) -> None:
    value, quoted, number = formats
    if item.type != "text":
        parsed = parse_whole_number(text) if text else None
        if parsed is not None:
            sheet.write_number(row, VALUE_COLUMN, parsed, number)
        elif text:
            sheet.write_string(row, VALUE_COLUMN, text, quoted)
        else:
            sheet.write_blank(row, VALUE_COLUMN, None, number)
    elif text:
        sheet.write_string(row, VALUE_COLUMN, text, quoted if is_formula_like(text) else value)
    else:
        sheet.write_blank(row, VALUE_COLUMN, None, value)


def _add_validation(sheet: Worksheet, row: int, item: SupplementItem) -> None:
    if item.choices:
        sheet.data_validation(
            row,
            VALUE_COLUMN,
            row,
            VALUE_COLUMN,
            {
                "validate": "list",
                "source": list(item.choices),
                "error_type": "warning",
                "error_title": "Giá trị ngoài danh sách",
                "error_message": "Hãy chọn một giá trị trong danh sách.",
            },
        )
    elif item.type != "text":
        sheet.data_validation(
            row,
            VALUE_COLUMN,
            row,
            VALUE_COLUMN,
            {
                "validate": "integer",
                "criteria": ">=",
                "value": 0,
                "error_title": "Không phải số nguyên",
                "error_message": "Hãy ghi số nguyên từ 0 trở lên, không kèm chữ.",
            },
        )
