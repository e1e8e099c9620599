"""Delimited text: comma, semicolon, tab or bar, quoted or not, with title rows of fewer cells above."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv

from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.sheet import CellCollector, build_sheet

_DELIMITERS = (",", ";", "\t", "|")
_HEAD_CHARACTERS = 1 << 16
_HEAD_RECORDS = 60
_LARGEST_FIELD = 1 << 24
_MOST_COLUMNS = 16384
_MOST_LINES_IN_RECORD = 60
_ARROW_BLOCK = 1 << 24
_SEPARATOR_LINE = re.compile(r"^sep=(.)$", re.IGNORECASE)


def read_csv(file: BinaryIO, encoding: str) -> tuple[RawSheet, ...]:
    """The text as one sheet without a name; row numbers are the lines on which the records start.

    Rectangular text goes through Arrow. Text with rows of uneven length, blank lines or line breaks
    inside quotes goes through Python's reader, which tells the line of every record.
    Raises UnreadableFileError ``file.csv.quotes`` (parameter ``line``) when a quotation mark that is
    never closed has swallowed rows: reading on would lose them silently.
    """
    file.seek(0)
    content = file.read()
    if encoding != "utf-8":
        text = content.decode(encoding)
        content = text.encode("utf-8")
    # Old Macintosh line ends would make one line of the whole file.
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    delimiter = find_delimiter(_head(content))
    sheet = _read_rectangular(content, delimiter) or _read_ragged(content, delimiter)
    return (sheet,)


def find_delimiter(head: str) -> str:
    """The delimiter under which most of the first records have the same number of cells, above one.

    A line ``sep=;`` as Excel writes it decides alone. Without any of the delimiters: a comma.
    """
    lines = head.split("\n", 1)
    if found := _SEPARATOR_LINE.match(lines[0].strip("\ufeff\r ")):
        return found[1]
    best = (0, 0)
    chosen = _DELIMITERS[0]
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        for record in _records(head, delimiter, _HEAD_RECORDS):
            widths[len(record)] += 1
        # Rows of the table outnumber title rows; a comma inside prose gives many different widths.
        score = max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _records(head: str, delimiter: str, most: int) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for _, record in zip(range(most), reader, strict=False):
            yield record
    except csv.Error:
        return


def _head(content: bytes) -> str:
    head = content[: _HEAD_CHARACTERS * 2].decode("utf-8", errors="ignore").removeprefix("\ufeff")
    # The last line may be cut in the middle.
    return head if len(content) <= _HEAD_CHARACTERS * 2 else head.rsplit("\n", 1)[0]


def _read_rectangular(content: bytes, delimiter: str) -> RawSheet | None:
    """The sheet when every line below the titles is one record of the same width, else None."""
    head = _head(content).split("\n")
    widths = [len(next(_records(line, delimiter, 1), [])) for line in head[:_HEAD_RECORDS]]
    width = max(widths)
    start = widths.index(width)
    if width < 2 or width > _MOST_COLUMNS or any('"' in line for line in head[:start]):
        return None
    lines = content.split(b"\n", start)
    body = lines[start]
    titles = [line.decode("utf-8").removeprefix("\ufeff") for line in lines[:start]]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(body.removeprefix(b"\xef\xbb\xbf")),
            read_options=arrow_csv.ReadOptions(
                column_names=[f"c{position}" for position in range(width)], block_size=_ARROW_BLOCK
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"c{position}": pa.string() for position in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != body.count(b"\n") + (0 if body.endswith(b"\n") else 1):
        return None
    columns = []
    for position in range(width):
        above = [_title_cell(title, delimiter, position) for title in titles]
        chunks = [pa.array(above, pa.string()), *table.column(position).chunks]
        columns.append(pa.chunked_array(chunks, type=pa.string()))
    return build_sheet("", columns, pa.array(range(1, start + table.num_rows + 1), pa.int64()))


def _title_cell(line: str, delimiter: str, position: int) -> str | None:
    cells = next(_records(line, delimiter, 1), [])
    return cells[position] if position < len(cells) else None


def _read_ragged(content: bytes, delimiter: str) -> RawSheet:
    text = content.decode("utf-8").removeprefix("\ufeff")
    csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    collector = CellCollector()
    width = 0
    start = 1
    try:
        for cells in reader:
            if reader.line_num > start and _has_swallowed(cells, delimiter, width, reader.line_num - start):
                raise UnreadableFileError("file.csv.quotes", line=start)
            width = max(width, len(cells))
            if width > _MOST_COLUMNS:
                raise UnreadableFileError("file.too_large")
            collector.add(start, cells)
            last = start
            start = reader.line_num + 1
        if text.count('"') % 2 and reader.line_num > last:
            _check_closed(text, last, delimiter)
    except csv.Error as error:
        raise UnreadableFileError("file.csv.quotes", line=start) from error
    return collector.build("")


def _has_swallowed(cells: list[str], delimiter: str, width: int, breaks: int) -> bool:
    """True when a cell of several lines holds what looks like whole rows."""
    if breaks > _MOST_LINES_IN_RECORD:
        return True
    most = max(2, width - 1)
    return any(line.count(delimiter) >= most for cell in cells if "\n" in cell for line in cell.split("\n"))


def _check_closed(text: str, start: int, delimiter: str) -> None:
    """Raise ``file.csv.quotes`` when the record that starts on that line is still open at the end."""
    lines = text.splitlines(keepends=True)[start - 1 :]
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        raise UnreadableFileError("file.csv.quotes", line=start) from error
