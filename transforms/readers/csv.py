"""Delimited text: comma, semicolon, tab or bar, quoted or not, with title rows of fewer cells above."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.repeating import TYPE as REPEATING
from transforms.readers.sheet import CellCollector, build_sheet
from transforms.readers.text_stream import UTF8, QuotedTextError, UncheckedUtf8Stream, Utf8Stream

_DELIMITERS = (",", ";", "\t", "|")
_HEAD_BYTES = 1 << 17
_HEAD_RECORDS = 60
_SAMPLED_RECORDS = 1000
_LARGEST_FIELD = 1 << 24
_MOST_COLUMNS = 16384
_MOST_LINES_IN_RECORD = 60
_ARROW_BLOCK = 1 << 24
_SEPARATOR_LINE = re.compile(r"^sep=(.)$", re.IGNORECASE)


def read_csv(file: BinaryIO, encoding: str, limits: Limits = DEFAULT_LIMITS) -> tuple[RawSheet, ...]:
    """The text as one sheet without a name; row numbers are the lines on which the records start.

    Rectangular text goes through Arrow. Text with rows of uneven length, blank lines or line breaks
    inside quotes goes through Python's reader, which tells the line of every record. Both read the file
    as it comes and never hold its text as a whole.
    Raises UnreadableFileError ``file.csv.quotes`` (parameter ``line``) when a quotation mark that is
    never closed has swallowed rows: reading on would lose them silently; ``file.too_large``.
    """
    head = _head(open_text(file, encoding))
    delimiter = find_delimiter(head)
    sheet = _read_rectangular(file, encoding, head, delimiter, limits)
    return (sheet if sheet is not None else _read_ragged(file, encoding, delimiter, limits),)


def open_text(file: BinaryIO, encoding: str) -> Utf8Stream:
    """The file's text from its start; the one place where bytes of a CSV become text."""
    return Utf8Stream(file, encoding)


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


def _head(stream: Utf8Stream) -> str:
    """The first lines of the text, whole ones only."""
    content = b""
    while len(content) <= _HEAD_BYTES and (piece := stream.read(_HEAD_BYTES + 1 - len(content))):
        content += piece
    head = content[:_HEAD_BYTES].decode("utf-8", errors="ignore")
    is_whole = len(content) <= _HEAD_BYTES
    # The last line may be cut in the middle.
    return head if is_whole else head.rsplit("\n", 1)[0]


def _read_rectangular(
    file: BinaryIO, encoding: str, head: str, delimiter: str, limits: Limits
) -> RawSheet | None:
    """The sheet when every line below the titles is one record of the same width, else None."""
    lines = head.split("\n")
    widths = [len(next(_records(line, delimiter, 1), [])) for line in lines[:_HEAD_RECORDS]]
    width = max(widths)
    start = widths.index(width)
    # Old Macintosh line ends are left to the other reader: here they would make one line of the whole file.
    is_macintosh = "\n" not in head and "\r" in head.rstrip("\r")
    if width < 2 or width > _MOST_COLUMNS or is_macintosh or any('"' in line for line in lines[:start]):
        return None
    repeating = _find_repeating("\n".join(lines[start:]), delimiter, width)
    for stream in _streams(file, encoding, head):
        columns = _read_arrow(stream, delimiter, width, start, repeating)
        line_count = stream.line_feeds + (0 if stream.last_byte == b"\n" else 1)
        if columns and start + len(columns[0]) == line_count:
            break
    else:
        return None
    if width * line_count > limits.cells:
        raise UnreadableFileError("file.too_large")
    numbers = pa.array(np.arange(1, line_count + 1, dtype=np.int64))
    return build_sheet("", _below_titles(columns, lines[:start], delimiter), numbers)


def _streams(file: BinaryIO, encoding: str, head: str) -> Iterator[UncheckedUtf8Stream | Utf8Stream]:
    """The text from its start, in the ways in which it is to be tried."""
    if encoding in UTF8 and '"' not in head:
        # Nearly every file is so; one that turns out otherwise is read again.
        yield UncheckedUtf8Stream(file, encoding)
    yield open_text(file, encoding)


def _find_repeating(head: str, delimiter: str, width: int) -> frozenset[int]:
    """Positions of the columns of which each text stands twice or more among the first records.

    Those are read as the few texts that they hold. Should the rest of a column be otherwise, it reads the
    same, only slower.
    """
    records = [record for record in _records(head, delimiter, _SAMPLED_RECORDS) if len(record) == width]
    # The first one is the header.
    cells = ([text for record in records[1:] if (text := record[place])] for place in range(width))
    return frozenset(place for place, texts in enumerate(cells) if 2 * len(set(texts)) <= len(texts))


def _read_arrow(
    stream: UncheckedUtf8Stream | Utf8Stream,
    delimiter: str,
    width: int,
    start: int,
    repeating: Collection[int],
) -> list[pa.ChunkedArray]:
    """The columns below the first ``start`` lines; none where Arrow cannot follow."""
    is_checked = isinstance(stream, Utf8Stream)
    names = [f"c{position}" for position in range(width)]
    types = {name: REPEATING if place in repeating else pa.string() for place, name in enumerate(names)}
    try:
        table = arrow_csv.read_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=_ARROW_BLOCK, skip_rows=start),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if is_checked else False,
                newlines_in_values=is_checked,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types, strings_can_be_null=False, check_utf8=not is_checked
            ),
        )
    except (pa.ArrowInvalid, QuotedTextError):
        return []
    return list(table.columns)


def _below_titles(
    columns: list[pa.ChunkedArray], titles: list[str], delimiter: str
) -> Iterator[pa.ChunkedArray]:
    """Each column below its cells of the title lines; the list is emptied, so that no column is kept twice."""
    above = [next(_records(title, delimiter, 1), []) for title in titles]
    for position in range(len(columns)):
        cells = pa.array(
            [record[position] if position < len(record) else None for record in above], pa.string()
        )
        kind = columns[0].type
        yield pa.chunked_array([cells.cast(kind), *columns.pop(0).chunks], type=kind)


def _read_ragged(file: BinaryIO, encoding: str, delimiter: str, limits: Limits) -> RawSheet:
    csv.field_size_limit(_LARGEST_FIELD)
    stream = open_text(file, encoding)
    reader = csv.reader(_lines(stream), delimiter=delimiter)
    collector = CellCollector(limits.cells)
    width = last = 0
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
        if stream.quotes % 2 and reader.line_num > last:
            _check_closed(_lines(open_text(file, encoding)), last, delimiter)
    except csv.Error as error:
        raise UnreadableFileError("file.csv.quotes", line=start) from error
    return collector.build("")


def _lines(stream: Utf8Stream) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="")


def _has_swallowed(cells: list[str], delimiter: str, width: int, breaks: int) -> bool:
    """True when a cell of several lines holds what looks like whole rows."""
    if breaks > _MOST_LINES_IN_RECORD:
        return True
    most = max(2, width - 1)
    return any(line.count(delimiter) >= most for cell in cells if "\n" in cell for line in cell.split("\n"))


def _check_closed(lines: Iterator[str], start: int, delimiter: str) -> None:
    """Raise ``file.csv.quotes`` when the record that starts on that line is still open at the end."""
    for _ in range(start - 1):
        next(lines, "")
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        raise UnreadableFileError("file.csv.quotes", line=start) from error
