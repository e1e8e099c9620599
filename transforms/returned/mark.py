"""Colours and notes on the cells that are to be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from transforms.returned.cells import SEVERITY_FILLS, wear
from transforms.returned.lines import MendLine
from transforms.schema.tables import SEVERITIES, SEVERITY_NAMES

_AUTHOR = "Một Cửa"
_NOTE_WIDTH = 330
_CHARACTERS_IN_LINE = 46
_LINE_HEIGHT = 17


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell of the workbook that goes back; row and column from 1."""

    title: str
    row: int
    column: int


def mark_cells(book: Book, marks: Iterable[tuple[CellPlace, MendLine]]) -> None:
    """Fill each cell by its worst finding and note on it, under what stood there, every sentence and remedy.

    Only the fill changes: numbers keep their format, and the sender's own notes stay above ours.
    """
    found: dict[CellPlace, list[MendLine]] = {}
    anchors: dict[str, dict[tuple[int, int], tuple[int, int]]] = {}
    for place, line in marks:
        if place.title not in anchors:
            anchors[place.title] = _anchors(book[place.title])
        row, column = anchors[place.title].get((place.row, place.column), (place.row, place.column))
        found.setdefault(CellPlace(place.title, row, column), []).append(line)
    filled: dict[tuple[object, ...], Any] = {}
    for place, lines in found.items():
        cell: Any = book[place.title].cell(place.row, place.column)
        if isinstance(cell, MergedCell):
            continue
        severity = min((line.severity for line in lines), key=SEVERITIES.index)
        key = (place.title, severity, *(cell._style or ()))
        if key in filled:
            wear(cell, filled[key])
        else:
            cell.fill = SEVERITY_FILLS[severity]
            filled[key] = cell._style
        cell.comment = _note(lines, cell.comment.text if cell.comment else "")


def _anchors(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Every cell inside a merge → the cell that shows its content."""
    return {
        (row, column): (span.min_row, span.min_col)
        for span in sheet.merged_cells.ranges
        for row, column in span.cells
    }


def _note(lines: list[MendLine], before: str) -> Comment:
    parts = [
        f"{SEVERITY_NAMES[line.severity]}: {line.sentence}\nViệc cần làm: {line.remedy}" for line in lines
    ]
    text = "\n\n".join(filter(None, (before, *dict.fromkeys(parts))))
    height = sum(1 + len(part) // _CHARACTERS_IN_LINE for part in text.split("\n")) * _LINE_HEIGHT
    return Comment(text, _AUTHOR, height=min(height + _LINE_HEIGHT, 480), width=_NOTE_WIDTH)
