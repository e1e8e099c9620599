"""A table of a report in Word."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from transforms.render.docx_xml import (
    Bookmarks,
    joined,
    legal_text,
    paragraph,
    plain_cell,
    plain_table,
    run,
    twips,
)
from transforms.render.tables import (
    MISSING_MARK,
    MISSING_NOTE,
    NOTES_APART,
    HeaderCell,
    group_label,
    has_missing,
    header_rows,
    is_narrow,
    number_columns,
    unit_line,
)
from transforms.report.blocks import Figure, Table, TableColumn, TableRow

TABLE_LABEL = "Bảng"
_SHARE_OF_BOX = 0.36
"""Part of the text width that the box of a form takes; the caption stands beside it."""
_STRETCHED_FROM = 0.6
"""A table at least this part of the text width is stretched to it; a narrower one stands centred."""
_REPEATED = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_WHOLE = "<w:trPr><w:cantSplit/></w:trPr>"
_KEEP = "<w:keepNext/>"
_MIDDLE = '<w:vAlign w:val="center"/>'


def table_xml(
    table: Table,
    marks: Bookmarks,
    text_width: float,
    *,
    new_page: bool = False,
    held: bool = False,
    captioned: bool = True,
) -> str:
    """Caption, unit, table and notes; ``text_width`` in mm.

    A form with a box starts on a new page if asked; a ``held`` table stays with what follows; one without a
    printed caption is only read out under it. The header lines repeat on every page, no row breaks over two
    pages, numbers stand to the right.
    """
    widths = column_widths(table.columns, text_width)
    rows = _header(table, widths, marks)
    styles = tuple(
        _cell_style(column, is_number=is_number)
        for column, is_number in zip(table.columns, number_columns(table), strict=True)
    )
    last = len(table.rows) - 1
    # a table of few rows stays on one page; of a long one, the total never stands alone on its page
    together = last + 1 if last < 15 else last - 2
    for at, row in enumerate(table.rows):
        keep = (held or at < last) and (last < together or at >= together)
        rows += _row(row, styles, widths, marks, keep=keep)
    heading = _heading(table, marks, text_width, new_page=new_page) if captioned else ""
    notes = "".join(paragraph("TableNote", note, _KEEP if held else "") for note in _notes(table, marks))
    return joined(heading, _frame(table, widths, rows), notes)


def column_widths(columns: tuple[TableColumn, ...], text_width: float) -> tuple[int, ...]:
    """Widths in twips: the asked millimetres, scaled to the text width where the table is near or above it."""
    asked = sum(column.width_mm for column in columns)
    scale = text_width / asked if asked >= _STRETCHED_FROM * text_width else 1.0
    return tuple(twips(column.width_mm * scale) for column in columns)


def _notes(table: Table, marks: Bookmarks) -> list[str]:
    """Notes below the table, a line each; many of them run on in one paragraph to stay on the table's page."""
    notes = [marks.inline(note) for note in table.notes]
    if has_missing(table):
        notes.append(run(MISSING_NOTE))
    return [run(" ").join(notes)] if len(notes) > NOTES_APART else notes


def _heading(table: Table, marks: Bookmarks, text_width: float, *, new_page: bool) -> str:
    """Caption and unit; a form has its number and box beside its caption, any other table counts on."""
    is_form = bool(table.form_number or table.form_box)
    caption = ""
    if table.caption:
        words = marks.words(table.caption)
        caption = paragraph("Caption", words if is_form else marks.numbered(TABLE_LABEL) + words)
    unit = paragraph("TableUnit", run(unit_line(table))) if table.unit_of_measure else ""
    if not is_form:
        return caption + unit
    box_width = twips(text_width * _SHARE_OF_BOX)
    lines = paragraph("FormBox", run(table.form_number, bold=True)) if table.form_number else ""
    lines += "".join(paragraph("FormBox", marks.words(line)) for line in table.form_box)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    margins = '<w:tcMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tcMar>'
    rest = twips(text_width) - box_width
    cells = plain_cell(rest, caption or paragraph("Caption", ""), margins + _MIDDLE)
    cells += plain_cell(box_width, lines, f"<w:tcBorders>{sides}</w:tcBorders>{margins}{_MIDDLE}")
    top = paragraph("Hairline", "", _KEEP + "<w:pageBreakBefore/>") if new_page else ""
    box = plain_table((rest, box_width), f"<w:tr>{_WHOLE}{cells}</w:tr>", table.form_number or table.caption)
    return top + box + unit


def _frame(table: Table, widths: tuple[int, ...], rows: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    title = quoteattr(legal_text(table.caption or table.form_number))
    labels = (f"{column.group}: {column.label}" if column.group else column.label for column in table.columns)
    description = quoteattr(legal_text(f"Các cột: {'; '.join(labels)}"))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={title}/><w:tblDescription w:val={description}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _header(table: Table, widths: tuple[int, ...], marks: Bookmarks) -> str:
    lines = header_rows(table)
    is_numbered = any(column.number for column in table.columns)
    xml = ""
    below: set[int] = set()
    for at, line in enumerate(lines):
        style = "ColumnNumber" if is_numbered and at == len(lines) - 1 else "TableHeader"
        cells = {cell.column: _header_cell(cell, widths, style, marks) for cell in line}
        cells |= {column: _continued(widths[column]) for column in below}
        below = {cell.column for cell in line if cell.rows > 1}
        xml += f"<w:tr>{_REPEATED}{''.join(cells[column] for column in sorted(cells))}</w:tr>"
    return xml


def _header_cell(cell: HeaderCell, widths: tuple[int, ...], style: str, marks: Bookmarks) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
    width = sum(widths[cell.column : cell.column + cell.columns])
    content = paragraph(style, marks.words(cell.label), _KEEP)
    return plain_cell(width, content, span + merge + _MIDDLE)


def _continued(width: int) -> str:
    return plain_cell(width, paragraph("TableHeader", "", _KEEP), "<w:vMerge/>" + _MIDDLE)


def _cell_style(column: TableColumn, *, is_number: bool) -> str:
    if is_number:
        return "TableNumber"
    return "TableCentred" if is_narrow(column) else "TableText"


def _row(
    row: TableRow, styles: tuple[str, ...], widths: tuple[int, ...], marks: Bookmarks, *, keep: bool
) -> str:
    together = _KEEP if keep else ""
    bold = None if row.kind == "body" else True
    label = group_label(row)
    if label is not None:
        content = paragraph("TableText", marks.words(label, bold=True), _KEEP)
        span = f'<w:gridSpan w:val="{len(widths)}"/>' if len(widths) > 1 else ""
        return f"<w:tr>{_WHOLE}{plain_cell(sum(widths), content, span + _MIDDLE)}</w:tr>"
    cells = ""
    for value, style, width in zip(row.cells, styles, widths, strict=True):
        if isinstance(value, Figure):
            content = marks.figure(value, bold=bold)
        else:
            words = value or (MISSING_MARK if style == "TableNumber" else "")
            content = marks.words(words, bold=bold)
        cells += plain_cell(width, paragraph(style, content, together), _MIDDLE)
    return f"<w:tr>{_WHOLE}{cells}</w:tr>"
