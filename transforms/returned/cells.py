"""Text into cells of a workbook, and the few looks that our own cells have."""

from __future__ import annotations

from copy import copy
from typing import Any, Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from transforms.text_cells import is_formula_like

FONT_NAME: Final = "Times New Roman"
LONGEST_TEXT: Final = 32767
"""Characters that one cell of Excel can hold."""
TEXT_FORMAT: Final = "@"

LINE_HEIGHT: Final = 14.0
"""Points of one printed line."""
LETTERS_PER_WIDTH: Final = 1.18
"""Letters of our font in one unit of column width, which is a digit of Excel's own font."""

_LINE = Side(style="thin", color="A6A6A6")
BORDER: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_FILL: Final = PatternFill("solid", fgColor="E7ECF1")
INPUT_FILL: Final = PatternFill("solid", fgColor="F3F8EC")
SEVERITY_FILLS: Final = {
    "critical": PatternFill("solid", fgColor="F8D9C9"),
    "warning": PatternFill("solid", fgColor="FFF1C9"),
    "info": PatternFill("solid", fgColor="DCE9F5"),
}
"""Calm colours that stay apart in grey print as well."""
WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
WRAPPED_CENTRED: Final = Alignment(wrap_text=True, vertical="top", horizontal="center")
HEADING: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")


def font(size: float = 11, **properties: object) -> Font:
    """The font of our own sheets."""
    return Font(name=FONT_NAME, size=size, **properties)  # type: ignore[arg-type]


def make_style(sheet: Worksheet, **properties: object) -> Any:
    """A style of the sheet's workbook, to be worn by many cells: setting fonts cell by cell takes ten times as long."""
    sample: Any = Cell(sheet, row=1, column=1)
    for name, value in properties.items():
        setattr(sample, name, value)
    return sample._style


def wear(cell: Any, style: Any) -> None:
    """Dress a cell in a style made before."""
    cell._style = copy(style)


def put_text(cell: Any, text: str) -> None:
    """Write a text as text whatever it starts with; nothing for an empty one.

    Characters that no workbook can hold are left out. What looks like a formula gets the quote prefix, so
    that it stays a text after somebody edits the cell.
    """
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_TEXT]
    if not clean:
        return
    # Not by ``cell.value``, which would look once more for what cannot be written and guess a type.
    cell._value = clean
    cell.data_type = "s"
    if is_formula_like(clean):
        cell.quotePrefix = True


def count_lines(text: str, column_width: float) -> int:
    """Printed lines of a wrapped text in a column of that width, words kept whole where they fit.

    Rows get their height from it: not every program grows a row to its text.
    """
    return sum(_wrapped_lines(part, column_width * LETTERS_PER_WIDTH) for part in text.split("\n"))


def _wrapped_lines(text: str, width: float) -> int:
    if len(text) <= width:
        return 1
    lines, left = 1, width
    for word in text.split():
        if len(word) + 1 > left and left < width:
            lines, left = lines + 1, width
        lines += int(len(word) // width)
        left -= len(word) % width + 1
    return lines
