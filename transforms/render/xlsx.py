"""A report as an Excel workbook: what it covers, then each of its tables with live sums."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from transforms.render.tables import chart_table
from transforms.render.xlsx_formats import Formats, number_format, sheet_names
from transforms.render.xlsx_table import AGREES, DIFFERS, CheckArea, set_page, write_table
from transforms.report.blocks import Chart, ReportContext, Table

INFO_SHEET = "Thông tin"
_TIMELESS = datetime(2000, 1, 1)  # noqa: DTZ001 - document properties hold no zone; a clock would break law 3
_OPTIONS = {
    "in_memory": True,  # no temporary files: nothing below pipelines/ touches the disk
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render_xlsx(context: ReportContext) -> bytes:
    """The workbook; the same bytes for the same context (DESIGN.md law 3).

    The first sheet holds facts, warnings, key numbers and the state of each sheet's checks; then comes one
    sheet per table of the narrative and the annexes.
    """
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, _OPTIONS)
    workbook.set_properties(
        {
            "title": context.title,
            "author": " ".join(context.letterhead.issuing_body),
            "created": _TIMELESS,
        }
    )
    formats = Formats(workbook)
    tables = report_tables(context)
    names = sheet_names(tables, (INFO_SHEET,))
    info = workbook.add_worksheet(INFO_SHEET)
    mark = context.letterhead.draft_mark
    areas = [
        write_table(workbook.add_worksheet(name), table, formats, mark)
        for name, table in zip(names, tables, strict=True)
    ]
    _write_info(info, context, list(zip(names, tables, areas, strict=True)), formats)
    workbook.close()
    return target.getvalue()


def report_tables(context: ReportContext) -> tuple[Table, ...]:
    """Every table of the narrative and the annexes in reading order; a chart there is the table behind it."""
    blocks = [*context.blocks, *(block for annex in context.annexes for block in annex.blocks)]
    return tuple(
        chart_table(block) if isinstance(block, Chart) else block
        for block in blocks
        if isinstance(block, Table | Chart)
    )


def _write_info(
    sheet: Any, context: ReportContext, sheets: list[tuple[str, Table, CheckArea]], formats: Formats
) -> None:
    title = formats.get(bold=True, font_size=14, text_wrap=True)
    section = formats.get(bold=True, bottom=1)
    label = formats.get(font_color="#595959", text_wrap=True, valign="top")
    text = formats.get(text_wrap=True, valign="top", align="left")
    beside = formats.get(text_wrap=True, valign="top", align="left", indent=1)
    set_page(sheet, context.letterhead.draft_mark)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 60)
    row = 0

    def across(value: str, style: Any, lines: int = 1) -> None:
        nonlocal row
        sheet.merge_range(row, 0, row, 2, "", style)
        formats.write_text(sheet, row, 0, value, style)
        sheet.set_row(row, (19 if style is title else 16) * max(lines, 1 + len(value) // 130) + 2)
        row += 1

    if context.letterhead.draft_mark:
        across(
            context.letterhead.draft_mark,
            formats.get(bold=True, font_color="#9C2A00", border=1, align="center"),
        )
    across(context.title, title)
    if context.stamps:
        row += 1
        across("Lưu ý về số liệu của báo cáo này", section)
        for stamp in context.stamps:
            across(f"- {stamp}", text)
    if context.key_numbers:
        row += 1
        across("Số liệu chính", section)
        for number in context.key_numbers:
            formats.write_text(sheet, row, 0, number.label, label)
            style = formats.get(
                bold=True, align="right", valign="top", num_format=number_format(number.figure)
            )
            sheet.write_number(row, 1, number.figure.value, style)
            if number.remark:
                formats.write_text(sheet, row, 2, number.remark, beside)
            row += 1
    row += 1
    across("Phạm vi số liệu", section)
    given = {fact.label: fact.text for fact in context.facts}
    for name, value in ({"Đơn vị": context.unit_name, "Kỳ báo cáo": context.period_name} | given).items():
        formats.write_text(sheet, row, 0, name, label)
        sheet.merge_range(row, 1, row, 2, "", text)
        formats.write_text(sheet, row, 1, value, text)
        sheet.set_row(row, 16 * (1 + len(value) // 78) + 2)
        row += 1
    if sheets:
        row += 1
        across("Các bảng và kết quả đối chiếu", section)
        for name, table, area in sheets:
            sheet.write_url(
                row,
                0,
                f"internal:'{_quoted(name)}'!A1",
                formats.get(font_color="#1F4E79", underline=1, valign="top"),
                name,
            )
            _write_verdict(sheet, row, name, area, formats)
            formats.write_text(sheet, row, 2, table.caption, beside)
            sheet.set_row(row, 16 * (1 + len(table.caption) // (38 if table.caption.isupper() else 56)) + 2)
            row += 1


def _write_verdict(sheet: Any, row: int, name: str, area: CheckArea, formats: Formats) -> None:
    style = formats.get(align="right", valign="top")
    if not area.ranges:
        formats.write_text(sheet, row, 1, "Không có đối chiếu", style)
        return
    counts = "+".join(f"COUNTIF('{_quoted(name)}'!{cells},\"{DIFFERS}\")" for cells in area.ranges)
    sheet.write_formula(
        row, 1, f'=IF({counts}=0,"{AGREES}","{DIFFERS}")', style, DIFFERS if area.differing else AGREES
    )


def _quoted(name: str) -> str:
    return name.replace("'", "''")
