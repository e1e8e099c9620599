"""Tables of a report as numbers in rows and grid columns, their header words and their total rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.audit.model import BlockKind, Span
from transforms.audit.numbers import parse_number
from transforms.audit.reading import ReadBlock
from transforms.text_vi import fold

_TOTAL_LABEL = re.compile(
    r"(?:tổng|tổng số|tổng cộng|cộng|tổng chung|cộng chung|cộng tổng|tổng toàn \w+|"
    r"toàn (?:xã|huyện|tỉnh|thành phố|thị xã|thị trấn|phường|ngành|quận))\s*(?:\([^()]*\))?\s*[:.]?",
    re.IGNORECASE,
)
_COLUMN_NUMBER = re.compile(
    r"^\(?\s*(?:\d{1,2}|[A-E])\s*\)?(?:\s*=.*)?$|^\(?\d{1,2}\)?\s*=\s*[\d()+\-/ *:%]+$"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a cell."""

    row: int
    column: int
    value: Decimal
    precision: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its texts by grid column and its numbers."""

    read: ReadBlock
    texts: dict[int, str]
    numbers: dict[int, Number]

    @property
    def label(self) -> str:
        """The first text of the row that is no number."""
        return next((t for c, t in sorted(self.texts.items()) if re.search(r"[^\W\d_]{2,}", t)), "")

    @property
    def first(self) -> str:
        """The text of the first column."""
        return self.texts.get(0, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A table cut into its header, its body and its total rows."""

    headers: tuple[str, ...]
    """Words above each grid column, folded, all header rows together."""
    rows: tuple[Row, ...]
    totals: frozenset[int]
    """Positions in ``rows`` of the total rows."""


def read_tables(reads: Sequence[ReadBlock]) -> Iterator[Table]:
    """The tables of a report that hold numbers, in order."""
    grouped: dict[int, list[ReadBlock]] = defaultdict(list)
    for read in reads:
        if read.block.kind is BlockKind.TABLE_ROW and read.block.table is not None:
            grouped[read.block.table.table].append(read)
    for blocks in grouped.values():
        rows = [_row(read, position) for position, read in enumerate(blocks)]
        start = next((i for i, row in enumerate(rows) if _is_body(row)), None)
        if start is None:
            continue
        body = tuple(_renumbered(row, position) for position, row in enumerate(rows[start:]))
        totals = frozenset(i for i, row in enumerate(body) if _TOTAL_LABEL.fullmatch(row.label.strip()))
        yield Table(_headers(rows[:start]), body, totals)


def _row(read: ReadBlock, position: int) -> Row:
    texts: dict[int, str] = {}
    numbers: dict[int, Number] = {}
    place = read.block.table
    for cell in place.cells if place else ():
        text = read.text[cell.start : cell.end].strip()
        texts[cell.column] = text
        if text and (parsed := parse_number(text)) is not None:
            numbers[cell.column] = Number(
                position, cell.column, parsed[0], parsed[1], Span(read.index, cell.start, cell.end)
            )
    return Row(read, texts, numbers)


def _renumbered(row: Row, position: int) -> Row:
    numbers = {c: Number(position, c, n.value, n.precision, n.span) for c, n in row.numbers.items()}
    return Row(row.read, row.texts, numbers)


def _is_body(row: Row) -> bool:
    filled = [text for text in row.texts.values() if text]
    if not row.numbers or not row.label:
        return False
    if all(_COLUMN_NUMBER.match(text) for text in filled):
        return False
    return any(c > 0 for c in row.numbers)


def _headers(rows: Sequence[Row]) -> tuple[str, ...]:
    width = 1 + max((c for row in rows for c in row.texts), default=0)
    words: list[list[str]] = [[] for _ in range(width + 40)]
    for row in rows:
        place = row.read.block.table
        for cell in place.cells if place else ():
            for column in range(cell.column, min(cell.column + cell.column_count, len(words))):
                words[column].append(row.texts.get(cell.column, ""))
    return tuple(
        fold(" ".join(parts)) + (" %" if any("%" in part for part in parts) else "") for parts in words
    )
