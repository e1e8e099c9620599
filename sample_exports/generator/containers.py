"""Tables as bytes: HTML named .xls, xlsx, CSV with BOM. The same table always gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from html import escape

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sample_exports.generator.calendar import EXPORTED
from sample_exports.generator.written import RowKind, WrittenTable

_BOM = "\ufeff"


def as_html(table: WrittenTable) -> bytes:
    """A bare HTML table in UTF-8 without charset or BOM, as Tân Dân names it .xls."""
    lines = ['<table border="1">']
    for row in table.rows:
        tag = "th" if row.kind is RowKind.HEADER else "td"
        cells = [escape(str(cell), quote=False) for cell in row.cells]
        if row.span:
            span = table.width - len(cells) + 1
            cells[0] = f'<{tag} colspan="{span}">{cells[0]}</{tag}>'
            rest = "".join(f"<{tag}>{cell}</{tag}>" for cell in cells[1:])
            lines.append(f"<tr>{cells[0]}{rest}</tr>")
        else:
            lines.append("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>")
    lines.append("</table>\n")
    return "\n".join(lines).encode("utf-8")


def as_xlsx(table: WrittenTable) -> bytes:
    """One sheet; texts as text, days as real dates, merged titles and groups."""
    return as_sheets([table])


def as_sheets(tables: Sequence[WrittenTable], hidden: Collection[str] = ()) -> bytes:
    """A workbook with one sheet a table, those named in ``hidden`` out of sight."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": EXPORTED, "title": "Dữ liệu mẫu", "author": "Dữ liệu mẫu"})
    styles = {
        kind: book.add_format(given)
        for kind, given in (
            ("bold", {"bold": True, "align": "center", "text_wrap": True}),
            ("day", {"num_format": "dd/mm/yyyy"}),
            ("moment", {"num_format": "dd/mm/yyyy hh:mm:ss"}),
        )
    }
    for table in tables:
        sheet = book.add_worksheet(table.sheet)
        if table.sheet in hidden:
            sheet.hide()
        _write_rows(sheet, table, styles)
    book.close()
    return target.getvalue()


def _write_rows(sheet: Worksheet, table: WrittenTable, styles: Mapping[str, Format]) -> None:
    sheet.set_column(0, table.width - 1, 18)
    for number, row in enumerate(table.rows):
        is_head = row.kind in (RowKind.TITLE, RowKind.HEADER, RowKind.COLUMN_NUMBER)
        style = styles["bold"] if is_head else None
        if row.span and len(row.cells) == 1:
            sheet.merge_range(number, 0, number, table.width - 1, str(row.cells[0]), style)
            continue
        for column, cell in enumerate(row.cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell, styles["moment"])
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, datetime.combine(cell, time()), styles["day"])
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, str(cell), style)


def as_csv(table: WrittenTable, delimiter: str) -> bytes:
    """UTF-8 with BOM and Windows line ends; cells are quoted only where they must be."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    for row in table.rows:
        writer.writerow(row.cells)
    return (_BOM + target.getvalue()).encode("utf-8")
