"""Rows of text into a ``RawSheet``: one place where cells are trimmed, composed and emptied."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.limits import DEFAULT_LIMITS
from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.repeating import is_repeating, map_texts
from transforms.readers.text_bytes import beyond_ascii, bytes_of, has_bare_edges

# Everything that looks like nothing at the edge of a cell. U+00AD stays: in TCVN3 text it is a letter.
OUTER_SPACE = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\u200c\u200d\ufeff"
_FLUSH_ROWS = 16384
_FLUSH_CELLS = 1 << 20

# First bytes of letters that composition leaves alone: U+0080-U+01BF; of those behind E1 and E2 only
# U+1E80-U+1EFF, U+2002-U+203F and U+2080-U+20BF.
_STABLE_BYTES = bytes(range(0xC0)) + b"\xc2\xc3\xc4\xc5\xc6\xe1\xe2"
_FIRST_OF_THREE = 0xE1
_NO_TEXT = pa.scalar("", pa.string())
_NULL = pa.scalar(None, pa.string())


@dataclass(slots=True)
class CellCollector:
    """Collects rows of uneven width as Arrow chunks, so that a long file never stands in Python objects.

    Rows without content are passed over. Raises UnreadableFileError ``file.too_large`` when the area of
    the rows passes ``most_cells``: one stray cell far to the right would widen every row.
    """

    most_cells: int = DEFAULT_LIMITS.cells
    _pending: list[Sequence[str | None]] = field(default_factory=list)
    _pending_width: int = 0
    _numbers: array[int] = field(default_factory=lambda: array("q"))
    _chunks: list[list[pa.Array]] = field(default_factory=list)
    _heights: list[int] = field(default_factory=list)
    _width: int = 0

    def add(self, number: int, cells: Sequence[str | None]) -> None:
        """Append one row with the number that the clerk sees."""
        width = len(cells)
        while width and not cells[width - 1]:
            width -= 1
        if width == 0:
            return
        if width > self._width:
            self._width = width
        if width > self._pending_width:
            self._pending_width = width
        self._pending.append(cells if width == len(cells) else cells[:width])
        self._numbers.append(number)
        height = len(self._pending)
        if height >= _FLUSH_ROWS or height * self._pending_width >= _FLUSH_CELLS:
            self._flush()

    def add_columns(self, first: int, columns: Sequence[pa.Array]) -> None:
        """Append rows given as string columns of equal length; ``first``: number of the first of them."""
        self._flush()
        height = len(columns[0])
        self._width = max(self._width, len(columns))
        self._numbers.extend(range(first, first + height))
        self._chunks.append(list(columns))
        self._heights.append(height)
        self._check_area()

    def build(self, name: str, *, is_hidden: bool = False) -> RawSheet:
        """The collected rows as a sheet; the collector is spent afterwards."""
        self._flush()
        numbers = pa.array(np.array(self._numbers, np.int64))
        self._numbers = array("q")
        columns = (self._column(position) for position in range(self._width))
        return build_sheet(name, columns, numbers, is_hidden=is_hidden)

    def _column(self, position: int) -> pa.ChunkedArray:
        pieces = []
        for chunk, height in zip(self._chunks, self._heights, strict=True):
            if position < len(chunk):
                pieces.append(chunk[position])
                chunk[position] = None
            else:
                pieces.append(pa.nulls(height, pa.string()))
        return pa.chunked_array(pieces, type=pa.string())

    def _flush(self) -> None:
        rows = self._pending
        if not rows:
            return
        self._check_area()
        width = self._pending_width
        if any(len(row) != width for row in rows):
            rows = [[*row, *([None] * (width - len(row)))] for row in rows]
        self._chunks.append([pa.array(column, pa.string()) for column in zip(*rows, strict=True)])
        self._heights.append(len(rows))
        self._pending = []
        self._pending_width = 0

    def _check_area(self) -> None:
        if self._width * len(self._numbers) > self.most_cells:
            raise UnreadableFileError("file.too_large")


def build_sheet(
    name: str, columns: Iterable[pa.ChunkedArray], row_numbers: pa.Array, *, is_hidden: bool = False
) -> RawSheet:
    """A sheet of tidy cells: NFC, outer white space gone, empty as null, rows without content left out.

    ``columns`` are string columns of equal length in sheet order, dictionary encoded where texts repeat,
    taken one by one, so that a caller who lets go of each keeps only one copy of a large sheet in memory.
    Columns that stay empty to the right of the last content are left out too, empty ones between are kept.
    """
    cleaned = [clean_cells(_in_one_piece(column)) for column in columns]
    while cleaned and cleaned[-1].null_count == len(cleaned[-1]):
        cleaned.pop()
    table = pa.table(cleaned, names=[f"c{position}" for position in range(len(cleaned))])
    if not cleaned:
        return RawSheet(name, table, pa.array([], pa.int64()), is_hidden)
    if all(column.null_count for column in cleaned):
        has_content = pc.is_valid(cleaned[0])
        for column in cleaned[1:]:
            has_content = pc.or_(has_content, pc.is_valid(column))
        if not pc.all(has_content).as_py():
            cleaned.clear()
            table = table.filter(has_content).combine_chunks()
            row_numbers = pc.filter(row_numbers, has_content.combine_chunks())
    return RawSheet(name, table, row_numbers, is_hidden)


def clean_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column in NFC without outer white space, null where nothing is left."""
    clean = (
        map_texts(chunk, _clean_texts) if is_repeating(chunk) else _clean_texts(chunk)
        for chunk in column.chunks
    )
    return pa.chunked_array(list(clean), type=column.type)


def _clean_texts(texts: pa.StringArray) -> pa.StringArray:
    """The texts themselves where there is nothing to clean, which their bytes tell in a tenth of the time."""
    if not _is_composed(texts):
        texts = pc.utf8_normalize(texts, form="NFC")
    if not has_bare_edges(texts):
        texts = pc.utf8_trim(texts, characters=OUTER_SPACE)
    return _without_blanks(texts)


def _without_blanks(texts: pa.Array) -> pa.Array:
    """Empty texts as nulls, over the same bytes: an empty text has none of its own."""
    if texts.offset or texts.null_count:
        has_text = pc.not_equal(texts, _NO_TEXT)
        return texts if pc.all(has_text).as_py() else pc.if_else(has_text, texts, _NULL)
    places, _ = bytes_of(texts)
    has_text = places[:-1] < places[1:]
    blanks = len(texts) - int(np.count_nonzero(has_text))
    if not blanks:
        return texts
    validity = pa.py_buffer(np.packbits(has_text, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), len(texts), [validity, *texts.buffers()[1:]], blanks)


def _is_composed(texts: pa.Array) -> bool:
    """True when the bytes show that composing would change nothing; composing everything is ten times slower."""
    bounds, every = bytes_of(texts)
    content = beyond_ascii(every[bounds[0] : bounds[-1]]).tobytes()
    if content.translate(None, _STABLE_BYTES):
        return False
    values = np.frombuffer(content, np.uint8)
    places = np.flatnonzero(values >= _FIRST_OF_THREE)
    second = values[places + 1]
    is_e1 = values[places] == _FIRST_OF_THREE
    is_stable = np.where(is_e1, (second == 0xBA) | (second == 0xBB), (second == 0x80) | (second == 0x82))
    # U+2000 and U+2001 become other spaces.
    is_space = ~is_e1 & (second == 0x80) & (values[places + 2] <= 0x81)
    return bool((is_stable & ~is_space).all())


def _in_one_piece(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # Through a table: a column beyond 2 GB of text cannot be one array and stays in several.
    return pa.table([column], names=[""]).combine_chunks().column(0)
