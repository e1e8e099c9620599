"""A report as an Excel workbook: forms and tables with live sums, charts, the keying-in order, notes."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from transforms.render.xlsx_charts import CHART_SHEET, unique_charts, write_charts
from transforms.render.xlsx_entry import ENTRY_SHEET, entry_layouts, write_entry
from transforms.render.xlsx_formats import Formats, sheet_names
from transforms.render.xlsx_info import INFO_SHEET, write_info
from transforms.render.xlsx_layout import lay_out
from transforms.render.xlsx_links import Links
from transforms.render.xlsx_notes import INDEX_SHEET, NOTES_SHEET, write_index, write_notes
from transforms.render.xlsx_page import PageWords
from transforms.render.xlsx_table import place_table, write_table
from transforms.report.blocks import ReportContext, Table

_TIMELESS = datetime(2000, 1, 1)  # noqa: DTZ001 - document properties hold no zone; a clock would break law 3
_OPTIONS = {
    "in_memory": True,  # no temporary files: nothing below pipelines/ touches the disk
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_OWN_SHEETS = {
    CHART_SHEET: "Biểu đồ và vùng số liệu của từng biểu đồ",
    ENTRY_SHEET: "Số liệu theo thứ tự nhập vào hệ thống báo cáo của Chính phủ",
    NOTES_SHEET: "Phạm vi, nguồn số liệu, cách đọc và cách tìm hồ sơ đứng sau một con số",
    INDEX_SHEET: "Tên, mã ô và vị trí của từng con số trong tệp này",
}


class _Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A sheet whose formulas hold none of the functions that a file names otherwise than people write them.

    Looking for those in each of thousands of formulas takes most of the time of a large roll-up.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def render_xlsx(context: ReportContext) -> bytes:
    """The workbook; the same bytes for the same context (DESIGN.md law 3).

    Sheets: what it covers and whether it adds up; one per form and table; charts beside their numbers; the
    forms in the order in which they are keyed into the Government's reporting system; notes; the index.
    Every number has a defined name that leads to its cell id.
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
    formats, links, page = Formats(workbook), Links(workbook), _page_words(context)
    tables, charts = report_tables(context), unique_charts(context)
    layouts = [
        lay_out(table, name)
        for table, name in zip(tables, sheet_names(tables, (INFO_SHEET, *_OWN_SHEETS)), strict=True)
    ]
    entry = entry_layouts(layouts)
    has = {CHART_SHEET: bool(charts), ENTRY_SHEET: bool(entry), NOTES_SHEET: True, INDEX_SHEET: True}
    own = [name for name in _OWN_SHEETS if has[name]]
    names = (INFO_SHEET, *(layout.sheet for layout in layouts), *own)
    sheets: dict[str, Any] = {name: workbook.add_worksheet(name, _Sheet) for name in names}
    for layout in layouts:
        place_table(layout, links)
    areas = [write_table(sheets[layout.sheet], layout, formats, links, page) for layout in layouts]
    if charts:
        write_charts(workbook, sheets[CHART_SHEET], charts, formats, links, page)
    if entry:
        write_entry(sheets[ENTRY_SHEET], entry, formats, page)
    checked = list(zip(layouts, areas, strict=True))
    others = [(name, _OWN_SHEETS[name]) for name in own]
    write_info(sheets[INFO_SHEET], context, checked, others, formats, links, page)
    write_notes(sheets[NOTES_SHEET], context, layouts, formats, links, page)
    write_index(sheets[INDEX_SHEET], links, formats, page)
    workbook.close()
    return target.getvalue()


def report_tables(context: ReportContext) -> tuple[Table, ...]:
    """Every table once: statistical forms first, then the others in reading order."""
    blocks = [
        *context.blocks,
        *(block for annex in context.annexes for block in annex.blocks),
        *context.workbook_tables,
    ]
    tables = dict.fromkeys(block for block in blocks if isinstance(block, Table))
    return tuple(sorted(tables, key=lambda table: not table.form_number))


def _page_words(context: ReportContext) -> PageWords:
    return PageWords(
        about=f"{context.unit_name[:1].upper()}{context.unit_name[1:]}, {context.period_name}",
        mark=context.letterhead.draft_mark,
        stamp=context.page_stamp,
    )
