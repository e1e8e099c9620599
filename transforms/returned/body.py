"""The sheets of the sender inside the workbook that goes back, and where each of their cells went."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook as Book

from transforms.catalogue.model import Profile
from transforms.readers.model import RawSheet, Workbook
from transforms.returned.kept import CachedValues, KeptBook, first_column, open_kept
from transforms.returned.layout import SheetLayout, find_layout
from transforms.returned.lines import MendLine
from transforms.returned.mark import CellPlace
from transforms.returned.model import FORMAT_ID, MARKER_SHEET, MEND_SHEET
from transforms.returned.plain import PlainSheet, build_plain

# What openpyxl raises over workbooks that Excel and our reader take: unknown styles, odd relations, bad dates.
_NOT_UNDERSTOOD = (ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, OSError)


@dataclass(frozen=True, slots=True)
class SentFile:
    """The file as it was sent: its bytes and what reading them gave."""

    content: BinaryIO
    workbook: Workbook
    profile: Profile | None = None
    """The profile that read it; None where the catalogue has it no longer."""
    original_rows: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """(sheet, row) of this file → row of the file it answers, where this file is itself a partial one that
    came back; findings then speak of those rows."""


@dataclass(frozen=True, slots=True)
class Body:
    """A workbook with the sender's sheets, before ours are added."""

    book: Book
    sheets: tuple[RawSheet, ...] = ()
    layouts: tuple[SheetLayout, ...] = ()
    placed: tuple[PlainSheet, ...] = ()
    offsets: tuple[int, ...] = ()
    """Column of the workbook, from 1, in which the reader's first column stands."""
    found_rows: tuple[Mapping[int, int], ...] = ()
    """For each sheet: row that a line names → row of the sheet as read, where the sheet has it."""
    cached: CachedValues = field(default_factory=dict)
    original_rows: Mapping[tuple[str, int], int] = field(default_factory=dict)
    has_lost_drawings: bool = False

    @property
    def is_partial(self) -> bool:
        """True where rows do not stand under the numbers that they were sent with."""
        return bool(self.original_rows) or any(sheet.new_rows is not None for sheet in self.placed)

    @property
    def row_map(self) -> tuple[tuple[str, int, int], ...]:
        """(sheet, row of the workbook, row as it was sent) of every row; empty where rows kept their numbers."""
        if not self.is_partial:
            return ()
        found = []
        for sheet, placed in zip(self.sheets, self.placed, strict=True):
            rows = placed.new_rows
            if rows is None:
                rows = {row: row for row in sheet.row_numbers.to_pylist()}
            found += [
                (placed.title, new, self.original_rows.get((sheet.name, row), row))
                for row, new in rows.items()
            ]
        return tuple(sorted(found))

    def place(self, line: MendLine) -> CellPlace | None:
        """The cell of a line: its column where the sheet has it, else the first; None without a row."""
        index = sheet_of(self.sheets, line)
        if not line.row or index is None:
            return None
        layout, placed = self.layouts[index], self.placed[index]
        row = self.found_rows[index].get(line.row)
        if row is None or (placed.new_rows is not None and row not in placed.new_rows):
            return None
        new_row = row if placed.new_rows is None else placed.new_rows[row]
        source = layout.source_column(line.column) if line.column else ""
        position = layout.positions[source] if source else layout.first_position
        return CellPlace(placed.title, new_row, self.offsets[index] + position)

    def header_text(self, line: MendLine) -> str:
        """What the file itself calls the line's column; empty where it has no such column."""
        index = sheet_of(self.sheets, line)
        layout = self.layouts[index] if index is not None else None
        source = layout.source_column(line.column) if layout and line.column else ""
        return layout.headers[source] if layout and source else ""


def build_body(
    sent: SentFile | None, lines: Sequence[MendLine], full_rows: int, is_part: bool, written_at: datetime
) -> Body:
    """The sender's sheets: kept as they are, converted, failing rows only, or none where nothing was sent.

    ``written_at`` becomes the date of a workbook that has none.
    """
    if sent is None:
        return Body(_empty_book(written_at))
    sheets = their_sheets(sent.workbook)
    layouts = tuple(find_layout(sheet, sent.profile) for sheet in sheets)
    found_rows = _find_rows(sheets, lines, sent.original_rows)
    is_partial = is_part or _record_count(sheets, layouts) > full_rows
    kept = None if is_partial or sent.workbook.container != "xlsx" else _open(sent.content, written_at)
    if kept is not None and {sheet.name for sheet in sheets} <= {s.title for s in kept.book.worksheets}:
        for title in {sheet.name for sheet in sent.workbook.sheets} - {sheet.name for sheet in sheets}:
            kept.book.remove(kept.book[title])
        return Body(
            kept.book,
            sheets,
            layouts,
            tuple(PlainSheet(sheet.name) for sheet in sheets),
            tuple(first_column(kept.book, sheet.name) for sheet in sheets),
            found_rows,
            kept.cached,
            sent.original_rows,
            kept.has_lost_drawings,
        )
    book = _empty_book(written_at)
    failing = [set(rows.values()) for rows in found_rows] if is_partial else None
    placed = build_plain(book, sheets, layouts, failing)
    offsets = tuple(1 for _ in sheets)
    return Body(book, sheets, layouts, placed, offsets, found_rows, original_rows=sent.original_rows)


def their_sheets(workbook: Workbook) -> tuple[RawSheet, ...]:
    """The sheets of a file without those that are ours, where it is a workbook that went back before."""
    is_ours = any(
        sheet.name == MARKER_SHEET and sheet.cells.num_rows and sheet.cells.column(0)[0].as_py() == FORMAT_ID
        for sheet in workbook.sheets
    )
    return tuple(
        sheet for sheet in workbook.sheets if not (is_ours and sheet.name in (MEND_SHEET, MARKER_SHEET))
    )


def sheet_of(sheets: Sequence[RawSheet], line: MendLine) -> int | None:
    """Index of the sheet a line is about; of a file with one sheet that one, whatever it was called."""
    index = next((index for index, sheet in enumerate(sheets) if sheet.name == line.sheet), None)
    return 0 if index is None and len(sheets) == 1 else index


def _find_rows(
    sheets: Sequence[RawSheet], lines: Sequence[MendLine], original_rows: Mapping[tuple[str, int], int]
) -> tuple[Mapping[int, int], ...]:
    wanted: list[set[int]] = [set() for _ in sheets]
    for line in lines:
        if line.row and (index := sheet_of(sheets, line)) is not None:
            wanted[index].add(line.row)
    if original_rows:
        here = {(sheet, original): row for (sheet, row), original in original_rows.items()}
        return tuple(
            {row: here[sheet.name, row] for row in rows if (sheet.name, row) in here}
            for sheet, rows in zip(sheets, wanted, strict=True)
        )
    found = []
    for sheet, rows in zip(sheets, wanted, strict=True):
        is_wanted = pc.is_in(sheet.row_numbers, value_set=pa.array(sorted(rows), pa.int64()))
        found.append({row: row for row in sheet.row_numbers.filter(is_wanted).to_pylist()})
    return tuple(found)


def _record_count(sheets: Sequence[RawSheet], layouts: Sequence[SheetLayout]) -> int:
    """Records of a file; of a sheet without a known header every row counts."""
    return sum(
        layout.record_count if layout.header_rows else sheet.cells.num_rows
        for sheet, layout in zip(sheets, layouts, strict=True)
    )


def _open(content: BinaryIO, written_at: datetime) -> KeptBook | None:
    try:
        return open_kept(content, written_at)
    except _NOT_UNDERSTOOD:
        return None


def _empty_book(written_at: datetime) -> Book:
    book = Book()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = written_at
    book.properties.creator = "Một Cửa"
    return book
