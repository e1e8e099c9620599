"""An xlsx as it was sent, opened so that it can be marked and handed back (the one use of openpyxl for reading)."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import openpyxl
from openpyxl import Workbook as Book
from openpyxl.utils.datetime import to_excel

_MOST_UNPACKED = 96 << 20
"""Bytes of all parts together; beyond them openpyxl would need gigabytes."""
_HEAD = 1024
_DRAWN = re.compile(r"^xl/(?:media/|charts/|drawings/drawing\d+\.xml$|diagrams/)")
_CORE = "docProps/core.xml"

CachedValues = dict[str, dict[str, tuple[str, str]]]
"""Sheet title → cell → (type, text) of the last result of its formula, as the file itself writes it."""


@dataclass(frozen=True, slots=True)
class KeptBook:
    """An opened workbook and what opening it would lose."""

    book: Book
    cached: CachedValues
    has_lost_drawings: bool
    """True when the file has pictures, charts or shapes: not all of them survive."""


def open_kept(file: BinaryIO, written_at: datetime) -> KeptBook | None:
    """The workbook with its formulas, widths, merges, formats and hidden rows; None where that is not safe.

    Not safe: parts that unpack to more than 96 MB, or XML with a document type. Raises whatever openpyxl
    raises for a workbook that it does not understand. ``written_at`` stands where the file has no date of
    its own: openpyxl would put the clock there (DESIGN.md law 3).
    """
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > _MOST_UNPACKED:
            return None
        for member in members:
            if member.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(member) as part:
                    if b"<!DOCTYPE" in part.read(_HEAD):
                        return None
        has_drawings = any(_DRAWN.match(member.filename) for member in members)
        core = archive.read(_CORE) if _CORE in archive.namelist() else b""
    file.seek(0)
    book = openpyxl.load_workbook(file, rich_text=True)
    if b"created" not in core:
        book.properties.created = written_at
    if b"modified" not in core:
        book.properties.modified = written_at
    return KeptBook(book, _read_cached(file, book), has_drawings)


def first_column(book: Book, title: str) -> int:
    """The column, from 1, in which the content of a sheet begins: readers count their columns from it."""
    cells = book[title]._cells
    return min((column for (_, column), cell in cells.items() if cell.value is not None), default=1)


def _read_cached(file: BinaryIO, book: Book) -> CachedValues:
    """Results of formulas; the file is opened a second time only where it has any formula."""
    wanted = {
        sheet.title: [key for key, cell in sheet._cells.items() if cell.data_type == "f"]
        for sheet in book.worksheets
    }
    if not any(wanted.values()):
        return {}
    file.seek(0)
    results = openpyxl.load_workbook(file, data_only=True)
    cached: CachedValues = {}
    for title, keys in wanted.items():
        cells = results[title]._cells
        found = {cells[key].coordinate: _as_written(cells[key]) for key in keys if key in cells}
        cached[title] = {name: value for name, value in found.items() if value is not None}
    return cached


def _as_written(cell: Any) -> tuple[str, str] | None:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "d":
        return "n", repr(to_excel(value, cell.parent.parent.epoch))  # type: ignore[no-untyped-call]
    if cell.data_type == "b":
        return "b", "1" if value else "0"
    return ("str", str(value)) if cell.data_type == "s" else (cell.data_type, str(value))
