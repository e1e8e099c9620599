"""Rows of text into a ``RawSheet``: one place where cells are trimmed, composed and emptied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.model import RawSheet

# Everything that looks like nothing at the edge of a cell. U+00AD stays: in TCVN3 text it is a letter.
OUTER_SPACE = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\u200c\u200d\ufeff"
_FLUSH_ROWS = 16384


@dataclass(slots=True)
class CellCollector:
    """Collects rows of uneven width as Arrow chunks, so that a long file never stands in Python objects."""

    _pending: list[Sequence[str | None]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _chunks: list[list[pa.Array]] = field(default_factory=list)
    _heights: list[int] = field(default_factory=list)

    def add(self, number: int, cells: Sequence[str | None]) -> None:
        """Append one row with the number that the clerk sees."""
        self._pending.append(cells)
        self._numbers.append(number)
        if len(self._pending) >= _FLUSH_ROWS:
            self._flush()

    def build(self, name: str, *, is_hidden: bool = False) -> RawSheet:
        """The collected rows as a sheet; the collector is spent afterwards."""
        self._flush()
        width = max((len(chunk) for chunk in self._chunks), default=0)
        columns = []
        for position in range(width):
            pieces = [
                chunk[position] if position < len(chunk) else pa.nulls(height, pa.string())
                for chunk, height in zip(self._chunks, self._heights, strict=True)
            ]
            columns.append(pa.chunked_array(pieces, type=pa.string()))
        return build_sheet(name, columns, pa.array(self._numbers, pa.int64()), is_hidden=is_hidden)

    def _flush(self) -> None:
        rows = self._pending
        if not rows:
            return
        width = max(map(len, rows))
        if any(len(row) != width for row in rows):
            rows = [[*row, *([None] * (width - len(row)))] for row in rows]
        self._chunks.append([pa.array(column, pa.string()) for column in zip(*rows, strict=True)])
        self._heights.append(len(rows))
        self._pending = []


def build_sheet(
    name: str, columns: Sequence[pa.ChunkedArray], row_numbers: pa.Array, *, is_hidden: bool = False
) -> RawSheet:
    """A sheet of tidy cells: NFC, outer white space gone, empty as null, rows without content left out.

    ``columns`` are string columns of equal length in sheet order; columns that stay empty to the right
    of the last content are left out too, empty ones between are kept.
    """
    cleaned = [clean_cells(column) for column in columns]
    while cleaned and cleaned[-1].null_count == len(cleaned[-1]):
        cleaned.pop()
    table = pa.table(cleaned, names=[f"c{position}" for position in range(len(cleaned))])
    if not cleaned:
        return RawSheet(name, table, pa.array([], pa.int64()), is_hidden)
    has_content = pc.is_valid(cleaned[0])
    for column in cleaned[1:]:
        has_content = pc.or_(has_content, pc.is_valid(column))
    if not pc.all(has_content).as_py():
        table = table.filter(has_content)
        row_numbers = pc.filter(row_numbers, _one_array(has_content))
    return RawSheet(name, table.combine_chunks(), row_numbers, is_hidden)


def clean_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column in NFC without outer white space, null where nothing is left."""
    if not pc.all(pc.string_is_ascii(column)).as_py():
        column = pc.utf8_normalize(column, form="NFC")
    column = pc.utf8_trim(column, characters=OUTER_SPACE)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _one_array(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
