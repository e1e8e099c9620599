"""A file that was no xlsx, as sheets of text in its own layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook as Book
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from transforms.readers.model import RawSheet
from transforms.returned.cells import (
    BORDER,
    HEADER_FILL,
    HEADING,
    LETTERS_PER_WIDTH,
    LINE_HEIGHT,
    TEXT_FORMAT,
    WRAPPED,
    count_lines,
    font,
    make_style,
    put_text,
    wear,
)
from transforms.returned.layout import SheetLayout
from transforms.returned.model import NAMELESS_SHEET

_NARROWEST, _WIDEST = 6, 34
_MEASURED_ROWS = 400
_LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = "[]:*?/\\"


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """One sheet as it was written: its title in the workbook, and where rows went that did not stay put."""

    title: str
    new_rows: Mapping[int, int] | None = None
    """Row in the file as it was sent → row in the workbook; None where every row kept its number."""
    failing_count: int = 0
    """Failing rows that were picked out; 0 where the sheet is whole."""


def build_plain(
    book: Book,
    sheets: Sequence[RawSheet],
    layouts: Sequence[SheetLayout],
    failing: Sequence[Set[int]] | None = None,
) -> tuple[PlainSheet, ...]:
    """Add the sheets as text cells to a workbook; how each of them went into it.

    Every row keeps its number. With ``failing`` (row numbers per sheet) a sheet holds only those rows
    below its titles and header, each under its group row, closed up; a sheet without a failing row is
    left out, its entry has an empty title. Hidden sheets stay hidden.
    """
    placed: list[PlainSheet] = []
    for index, (sheet, layout) in enumerate(zip(sheets, layouts, strict=True)):
        if failing is None:
            placed.append(_write(book, sheet, layout, None))
        elif failing[index]:
            kept = _kept_rows(sheet, layout, failing[index])
            placed.append(_write(book, sheet, layout, kept, len(failing[index])))
        else:
            placed.append(PlainSheet("", MappingProxyType({})))
    return tuple(placed)


def _kept_rows(sheet: RawSheet, layout: SheetLayout, failing: Set[int]) -> list[int]:
    """Titles, header, column numbers, failing rows and their groups, in order."""
    below = layout.header_rows[-1] if layout.header_rows else 0
    head = pc.filter(sheet.row_numbers, pc.less_equal(sheet.row_numbers, below)).to_pylist()
    numbers = set(sheet.row_numbers.to_pylist())
    kept = {*head, *layout.column_number_rows, *layout.groups_of(failing), *failing}
    return sorted(kept & numbers)


def _write(
    book: Book, sheet: RawSheet, layout: SheetLayout, kept: list[int] | None, failing_count: int = 0
) -> PlainSheet:
    target: Worksheet = book.create_sheet(_title(book, sheet.name))
    if sheet.is_hidden:
        target.sheet_state = "hidden"
    cells, numbers = sheet.cells, sheet.row_numbers
    if kept is not None:
        is_kept = pc.is_in(numbers, value_set=pa.array(kept, pa.int64()))
        cells, numbers = cells.filter(is_kept), numbers.filter(is_kept)
    originals = numbers.to_pylist()
    rows = originals if kept is None else list(range(1, len(originals) + 1))
    title = make_style(target, font=font(bold=True), number_format=TEXT_FORMAT)
    heading = make_style(
        target,
        font=font(bold=True),
        fill=HEADER_FILL,
        border=BORDER,
        alignment=HEADING,
        number_format=TEXT_FORMAT,
    )
    # Text format also for days: what a clerk types in stays as typed instead of turning into a date in the
    # order of day and month that the machine happens to use.
    body = make_style(target, font=font(), border=BORDER, alignment=WRAPPED, number_format=TEXT_FORMAT)
    header = set(layout.header_rows)
    widths = _widths(cells, layout, originals)
    for position, width in enumerate(widths, start=1):
        target.column_dimensions[get_column_letter(position)].width = width
    columns = [column.to_pylist() for column in cells.columns]
    for original, row, texts in zip(originals, rows, zip(*columns, strict=True), strict=False):
        is_title = bool(header) and original < layout.header_rows[0]
        style = title if is_title else heading if original in header else body
        height = 1
        is_body = style is body and original not in layout.structural
        for position, text in enumerate(texts, start=1):
            if text or is_body:
                cell: Any = target.cell(row, position)
                wear(cell, style)
                put_text(cell, text or "")
                if text and not is_title:
                    height = max(height, count_lines(text, widths[position - 1]))
        if height > 1:
            target.row_dimensions[row].height = LINE_HEIGHT * height + 3
    if header:
        last = rows[max(index for index, original in enumerate(originals) if original in header)]
        target.freeze_panes = f"A{last + 1}"
        target.print_title_rows = f"{last - len(header) + 1}:{last}"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    if kept is None:
        return PlainSheet(target.title)
    return PlainSheet(target.title, dict(zip(originals, rows, strict=True)), failing_count)


def _widths(cells: pa.Table, layout: SheetLayout, originals: Sequence[int]) -> list[float]:
    """Width of each column: room for nine texts out of ten, and for every word; long prose wraps."""
    top = layout.header_rows[0] if layout.header_rows else 0
    above = sum(1 for row in originals if row < top)
    widths = []
    for column in cells.slice(above, _MEASURED_ROWS).columns:
        texts = [text for text in column.to_pylist() if text]
        lengths = sorted(map(len, texts)) or [0]
        usual = lengths[int(len(lengths) * 0.9) - 1]
        word = max((len(word) for text in texts for word in text.split()), default=0)
        widths.append(round(min(max(max(usual, word) / LETTERS_PER_WIDTH + 2, _NARROWEST), _WIDEST), 1))
    return widths


def _title(book: Book, name: str) -> str:
    """The sheet's own name as far as a workbook allows it; unique."""
    clean = "".join(" " if ch in _FORBIDDEN_IN_NAME else ch for ch in name).strip("' ")[:_LONGEST_NAME]
    stem = title = clean or NAMELESS_SHEET
    used = {sheet.title.casefold() for sheet in book.worksheets}
    number = 2
    while title.casefold() in used:
        title = f"{stem[: _LONGEST_NAME - 4]} {number}"
        number += 1
    return title
