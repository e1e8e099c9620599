"""The sheet for keying in: the forms' numbers in the order in which the Government's reporting system asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.render.tables import MISSING_MARK, MISSING_NOTE, group_label
from transforms.render.xlsx_formats import Formats, number_format
from transforms.render.xlsx_layout import CHARACTER, TableLayout, cell_name, quoted_sheet
from transforms.render.xlsx_page import PageWords, set_page
from transforms.report.blocks import Figure
from transforms.report.forms import NOT_ASKED

ENTRY_SHEET = "Nhập báo cáo CP"
TITLE = "SỐ LIỆU NHẬP VÀO HỆ THỐNG THÔNG TIN BÁO CÁO CỦA CHÍNH PHỦ"
HOW_TO = (
    "Nhập từng dòng từ trái sang phải, đúng thứ tự các cột in dưới đây. Mỗi số lấy thẳng từ biểu; "
    "muốn sửa, hãy sửa dữ liệu nguồn rồi lập lại báo cáo, không sửa ở trang này."
)
_NAME_WIDTH, _NUMBER_WIDTH = 36, 11
_ROW_HEIGHT, _LINE, _HEADING_ROWS = 18, 15, 3


def entry_layouts(layouts: Sequence[TableLayout]) -> tuple[TableLayout, ...]:
    """The forms that are keyed in, lists of fields before lists of units, each in the order of the report."""
    forms = [layout for layout in layouts if layout.table.entry and _has_figures(layout)]
    return tuple(sorted(forms, key=lambda layout: layout.table.table_id == "bieu_06_don_vi"))


def write_entry(sheet: Any, layouts: Sequence[TableLayout], formats: Formats, page: PageWords) -> None:
    """A block per form with its columns in the order of keying in; every number refers to its cell in the form."""
    set_page(sheet, page)
    widest = max(len(layout.table.entry.columns) for layout in layouts if layout.table.entry)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, _NAME_WIDTH)
    sheet.set_column(2, widest + 1, _NUMBER_WIDTH)
    sheet.merge_range(0, 0, 0, widest + 1, "", formats.title())
    formats.write_text(sheet, 0, 0, TITLE, formats.title())
    sheet.set_row(0, 24)
    advice = formats.get(italic=True, font_size=11, text_wrap=True)
    sheet.merge_range(1, 0, 1, widest + 1, "", advice)
    formats.write_text(sheet, 1, 0, HOW_TO, advice)
    sheet.set_row(1, 34)
    row, breaks, has_missing = 3, [], False
    for at, layout in enumerate(layouts):
        if at:
            breaks.append(row)
        row, is_incomplete = _write_form(sheet, row, layout, formats)
        has_missing |= is_incomplete
        row += 1
    if has_missing:
        formats.write_text(sheet, row, 0, MISSING_NOTE, formats.get(italic=True, font_size=11))
    sheet.set_h_pagebreaks(breaks)
    sheet.freeze_panes(0, 2)


def _has_figures(layout: TableLayout) -> bool:
    return any(isinstance(cell, Figure) for line in layout.table.rows for cell in line.cells)


def _write_form(sheet: Any, top: int, layout: TableLayout, formats: Formats) -> tuple[int, bool]:
    """The block of one form: (first free row, whether a number is missing)."""
    table, entry = layout.table, layout.table.entry
    assert entry is not None  # chosen by entry_layouts
    columns = [layout.at_key[key] for key in entry.columns]
    _write_heading(sheet, top, layout, entry.heading, columns, formats)
    row, has_missing = top + _HEADING_ROWS, False
    for at, line in enumerate(table.rows):
        across = group_label(line)
        if across is not None:
            sheet.merge_range(row, 0, row, len(columns) + 1, "", formats.cell("group"))
            formats.write_text(sheet, row, 0, across, formats.cell("group"))
        else:
            has_missing |= _write_line(sheet, row, layout, at, columns, formats)
        row += 1
    return row, has_missing


def _write_heading(
    sheet: Any, top: int, layout: TableLayout, heading: str, columns: Sequence[int], formats: Formats
) -> None:
    table = layout.table
    title = ". ".join(filter(None, (table.form_number, table.caption, table.layout_note)))
    formats.write_text(sheet, top, 0, title, formats.get(bold=True))
    labels, numbers = ["TT", heading], ["", ""]
    for column in columns:
        own = table.columns[column]
        labels.append(f"{own.group}: {own.label.lower()}" if own.group else own.label)
        numbers.append(own.number)
    for at, (label, number) in enumerate(zip(labels, numbers, strict=True)):
        formats.write_text(sheet, top + 1, at, label, formats.header())
        formats.write_text(sheet, top + 2, at, number, formats.column_number())
    longest = max(len(label) for label in labels[2:])
    sheet.set_row(top + 1, _LINE * (2 + longest * CHARACTER // _NUMBER_WIDTH))


def _write_line(
    sheet: Any, row: int, layout: TableLayout, at: int, columns: Sequence[int], formats: Formats
) -> bool:
    """One line of a form; True where a number is missing."""
    line = layout.table.rows[at]
    name = _text(line.cells[layout.at_key.get("name", 1)])
    for column, text in enumerate((_text(line.cells[0]), name)):
        align = "left" if column else "center"
        style = formats.cell(line.kind, align=align, text_wrap=True, indent=column)
        formats.write_text(sheet, row, column, text, style)
    if len(name) * CHARACTER < _NAME_WIDTH:
        sheet.set_row(row, _ROW_HEIGHT)
    for target, source in enumerate(columns, 2):
        cell = line.cells[source]
        if isinstance(cell, Figure):
            style = formats.cell(line.kind, align="right", num_format=number_format(cell))
            address = cell_name(layout.first_data + at, source)
            sheet.write_formula(row, target, f"={quoted_sheet(layout.sheet)}!{address}", style, cell.value)
        else:
            style = formats.cell(line.kind, align="center" if cell == NOT_ASKED else "right")
            formats.write_text(sheet, row, target, cell or MISSING_MARK, style)
    return any(line.cells[source] == "" for source in columns)


def _text(cell: Figure | str) -> str:
    return cell if isinstance(cell, str) else cell.text
