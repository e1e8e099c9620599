"""The two sheets that are ours: what is to be mended for people, and the marker for the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from transforms.returned.cells import (
    BORDER,
    HEADER_FILL,
    HEADING,
    INPUT_FILL,
    LINE_HEIGHT,
    SEVERITY_FILLS,
    TEXT_FORMAT,
    WRAPPED,
    WRAPPED_CENTRED,
    count_lines,
    font,
    make_style,
    put_text,
    wear,
)
from transforms.returned.lines import MendLine
from transforms.returned.mark import CellPlace
from transforms.returned.model import (
    FORMAT_ID,
    HEADER_ROW,
    LINE_COLUMNS,
    MARKER_KEYS,
    MARKER_SHEET,
    MEND_HEADERS,
    MEND_SHEET,
    ROW_MAP_COLUMNS,
    ReturnedMarker,
)
from transforms.schema.tables import SEVERITY_NAMES

_WIDTHS = (5.5, 16, 9, 31, 10, 7, 12, 15, 14, 30, 25, 13)
_MOST_LINKS = 65_000
"""Excel drops every link of a sheet that has more than 65.530."""


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The four text rows above the list; an empty text leaves its row empty."""

    title: str
    advice: str
    about: str
    """Unit, file and time of the export."""
    notes: str = ""
    """What is different about this workbook, for example that it holds failing rows only."""


def write_mend_sheet(
    book: Book, page: FrontPage, lines: Sequence[MendLine], places: Sequence[CellPlace | None]
) -> None:
    """Put "Cần sửa" before every sheet of the workbook and open the workbook there.

    ``places`` runs beside ``lines``; a line with a place shows the row of this workbook and links to its
    cell. Both columns for explanations are open for writing.
    """
    sheet = book.create_sheet(MEND_SHEET, 0)
    last = get_column_letter(len(MEND_HEADERS))
    _write_head(sheet, page, last)
    for position, text in enumerate(MEND_HEADERS, start=1):
        cell: Any = sheet.cell(HEADER_ROW, position)
        put_text(cell, text)
        cell.font, cell.fill, cell.border = font(bold=True), HEADER_FILL, BORDER
        cell.alignment = HEADING
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTHS[position - 1]
    sheet.row_dimensions[HEADER_ROW].height = 2 * LINE_HEIGHT + 4
    styles = _line_styles(sheet)
    for number, (line, place) in enumerate(zip(lines, places, strict=True), start=1):
        _write_line(sheet, number, line, place, styles)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + len(lines)}"
    _set_page(sheet)
    for other in [*book.worksheets, *book.chartsheets]:
        for view in other.views.sheetView if hasattr(other, "views") else ():
            view.tabSelected = other is sheet
    book.active = 0


def _write_head(sheet: Worksheet, page: FrontPage, last: str) -> None:
    looks = (font(14, bold=True), font(12), font(11, color="595959"), font(11, italic=True))
    for row, (text, look) in enumerate(
        zip((page.title, page.advice, page.about, page.notes), looks, strict=True), start=1
    ):
        if not text:
            continue
        sheet.merge_cells(f"A{row}:{last}{row}")
        cell: Any = sheet.cell(row, 1)
        put_text(cell, text)
        cell.font, cell.alignment = look, Alignment(wrap_text=True, vertical="center")
        lines = count_lines(text, sum(_WIDTHS) * (11 / look.size) * 0.95)
        sheet.row_dimensions[row].height = (20 if row == 1 else 17) * lines + 3


def _line_styles(sheet: Worksheet) -> dict[str, Any]:
    """Style of each kind of cell in a line."""
    base = {"font": font(), "border": BORDER}
    return {
        "text": make_style(sheet, **base, alignment=WRAPPED),
        "code": make_style(sheet, font=font(9, color="595959"), border=BORDER, alignment=WRAPPED),
        "number": make_style(sheet, **base, alignment=WRAPPED_CENTRED),
        "link": make_style(
            sheet, font=font(color="1F4E79", underline="single"), border=BORDER, alignment=WRAPPED_CENTRED
        ),
        "input": make_style(
            sheet,
            **base,
            alignment=WRAPPED,
            fill=INPUT_FILL,
            number_format=TEXT_FORMAT,
            protection=Protection(locked=False),
        ),
        **{
            severity: make_style(sheet, **base, alignment=WRAPPED_CENTRED, fill=fill)
            for severity, fill in SEVERITY_FILLS.items()
        },
    }


def _write_line(
    sheet: Worksheet, number: int, line: MendLine, place: CellPlace | None, styles: Mapping[str, Any]
) -> None:
    is_linked = place is not None and number <= _MOST_LINKS
    cells: tuple[tuple[str | int | None, str], ...] = (
        (number, "number"),
        (line.code, "code"),
        (SEVERITY_NAMES[line.severity], line.severity),
        (line.sentence, "text"),
        (place.title if place else line.sheet, "text"),
        (place.row if place else line.row or None, "link" if is_linked else "number"),
        (line.column_label, "text"),
        (line.subject, "text"),
        (line.value, "text"),
        (line.remedy, "text"),
        (line.explanation, "input"),
        (line.author, "input"),
    )
    row, height = HEADER_ROW + number, 1
    for position, (value, style) in enumerate(cells, start=1):
        cell: Any = sheet.cell(row, position)
        wear(cell, styles[style])
        if isinstance(value, int):
            cell.value = value
        elif value:
            put_text(cell, value)
            height = max(height, count_lines(value, _WIDTHS[position - 1]))
        if style == "link" and place is not None:
            quoted = place.title.replace("'", "''")
            target = f"'{quoted}'!{get_column_letter(place.column)}{place.row}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
            wear(cell, styles[style])  # a hyperlink dresses its cell
    sheet.row_dimensions[row].height = LINE_HEIGHT * height + 5


def _set_page(sheet: Worksheet) -> None:
    """A4 landscape, one page wide, the header on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.5, 0.5, 0.6, 0.75
    sheet.oddFooter.center.text = "Trang &P/&N"  # type: ignore[union-attr]


def write_marker_sheet(book: Book, marker: ReturnedMarker) -> None:
    """Put the very hidden marker behind every sheet; all its cells are text."""
    sheet = book.create_sheet(MARKER_SHEET)
    sheet.sheet_state = "veryHidden"
    rows: list[tuple[object, ...]] = [(FORMAT_ID,)]
    given = {name: getattr(marker, name) for name in MARKER_KEYS}
    given |= {"exported_at": marker.exported_at.isoformat(), "is_partial": int(marker.is_partial)}
    rows += [(name, given[name]) for name in MARKER_KEYS]
    rows += [(), LINE_COLUMNS]
    rows += [tuple(getattr(line, name) for name in LINE_COLUMNS) for line in marker.lines]
    if marker.is_partial:
        rows += [(), ROW_MAP_COLUMNS, *marker.row_map]
    for row, values in enumerate(rows, start=1):
        for position, value in enumerate(values, start=1):
            put_text(sheet.cell(row, position), str(value))
