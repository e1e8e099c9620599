"""What all readers of reports decide alike: kinds of paragraphs, rows of tables, tables that are layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.audit.model import BlockKind, Cell, TablePlace, TextBlock
from transforms.audit.numbers import parse_number
from transforms.audit.reading import find_marker

SEPARATOR = " | "
_SECTION_BELOW = 50
"""Markers below this rank number sections: I, 1, 1.1; the others items."""
_LONGEST_HEADING = 160
_LAYOUT_ROWS, _LAYOUT_COLUMNS = 3, 3
_END_OF_SENTENCE = (".", ";", ":", "!", "?")


def paragraph_kind(text: str, is_heading: bool = False, is_listed: bool = False) -> BlockKind:
    """Kind of a paragraph by its printed marker; a short one with a section's number is a heading."""
    if is_heading:
        return BlockKind.HEADING
    marker = find_marker(text)
    if marker is None:
        return BlockKind.LIST_ITEM if is_listed else BlockKind.PARAGRAPH
    if marker.rank < _SECTION_BELOW and len(text) <= _LONGEST_HEADING:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM


@dataclass(frozen=True, slots=True)
class GridCell:
    """Text of a cell and the grid columns it covers."""

    text: str
    column: int
    column_count: int = 1


def row_block(cells: Sequence[GridCell], table: int, row: int, page: int | None = None) -> TextBlock:
    """A table row as a block, its cells joined by " | "."""
    places: list[Cell] = []
    position = 0
    for cell in cells:
        places.append(Cell(position, position + len(cell.text), cell.column, cell.column_count))
        position += len(cell.text) + len(SEPARATOR)
    text = SEPARATOR.join(cell.text for cell in cells)
    return TextBlock(BlockKind.TABLE_ROW, text, page, table=TablePlace(table, row, tuple(places)))


def is_layout(rows: Sequence[Sequence[GridCell]]) -> bool:
    """True for a small table without a number of its own: a letterhead, a signature, a form's head.

    Its cells are read as paragraphs, since what stands in them is said and not counted.
    """
    if len(rows) > _LAYOUT_ROWS:
        return False
    if any(cell.column + cell.column_count > _LAYOUT_COLUMNS for row in rows for cell in row):
        return False
    return not any(cell.text and parse_number(cell.text) is not None for row in rows for cell in row)


def goes_on(before: str, line: str) -> bool:
    """True where a line after a break inside a paragraph continues the sentence before it."""
    if before.endswith(_END_OF_SENTENCE):
        return False
    return line[:1].islower() or line[:1].isdigit() or line[:1] in '(“"%' or before.endswith((",", "("))
