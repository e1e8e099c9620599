"""A report from plain text: lines joined again into paragraphs, tables of bars or tabs into rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.audit.model import BlockKind, Cell, ReportText, TablePlace, TextBlock
from transforms.audit.reading import find_marker
from transforms.text_vi import tidy

_RULE_LINE = re.compile(r"^[\s|+\-=_]*$")
_HEAD_RANK = 50
_FULL_SHARE = 0.75


def split_text(text: str) -> ReportText:
    """Blocks of a plain text in reading order.

    A line continues the paragraph before it when that one does not end a sentence and the line starts no
    item of a list. Lines with bars, or two or more tabs, are rows of a table. Form feeds count pages; a
    paragraph has the page on which it begins.
    """
    return ReportText(tuple(_blocks(text)))


def table_row(cells: list[str], table: int, row: int, page: int | None = None) -> TextBlock:
    """A row of a table as a block, its cells joined by " | "."""
    places: list[Cell] = []
    position = 0
    for column, cell in enumerate(cells):
        places.append(Cell(position, position + len(cell), column))
        position += len(cell) + 3
    return TextBlock(
        BlockKind.TABLE_ROW, " | ".join(cells), page, table=TablePlace(table, row, tuple(places))
    )


def _blocks(text: str) -> Iterator[TextBlock]:
    paragraph: list[str] = []
    page, first_page, table, row, number = 1, 1, -1, 0, 0
    is_in_table = False

    def close() -> Iterator[TextBlock]:
        nonlocal number
        if paragraph:
            number += 1
            yield _paragraph(tidy(" ".join(paragraph)), first_page, number)
            paragraph.clear()

    lines = text.replace("\r\n", "\n").replace("\f", "\n\f").split("\n")
    full_line = _FULL_SHARE * _usual_width(lines)
    for line in lines:
        if line.startswith("\f"):
            page += 1
            line = line[1:]
        cells = _cells(line)
        if cells is not None:
            yield from close()
            if not is_in_table:
                table, row, is_in_table = table + 1, 0, True
            if cells:
                yield table_row(cells, table, row, page)
                row += 1
            continue
        stripped = tidy(line)
        if not stripped:
            continue
        is_in_table = False
        if paragraph and not _continues(paragraph[-1], stripped, full_line):
            yield from close()
        if not paragraph:
            first_page = page
        paragraph.append(stripped)
    yield from close()


def _cells(line: str) -> list[str] | None:
    """The cells of a table row, [] for a rule line inside a table, None for running text."""
    if line.count("|") >= 2:
        if _RULE_LINE.match(line):
            return []
        return [tidy(cell) for cell in line.strip().strip("|").split("|")]
    if line.strip().count("\t") >= 2:
        return [tidy(cell) for cell in line.strip().split("\t")]
    return None


def _continues(before: str, line: str, full_line: float) -> bool:
    """True when the line goes on with the sentence of the line before it."""
    if find_marker(line):
        return False
    if before.rstrip().endswith((".", ";", ":", "!", "?", "./.")):
        return False
    if before.isupper() != line.isupper() and (before.isupper() or line.isupper()):
        return line[:1].islower()
    if line[:1].islower() or line[:1].isdigit() or line[:1] in "(“\"'":
        return True
    return len(before) >= full_line or before.rstrip().endswith((",", "-"))


def _usual_width(lines: list[str]) -> int:
    """The length that nine lines in ten do not exceed: that of a full line where the text is wrapped."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _paragraph(text: str, page: int, number: int) -> TextBlock:
    marker = find_marker(text)
    if marker is None:
        kind = BlockKind.PARAGRAPH
    elif marker.rank < _HEAD_RANK and len(text) <= 160:
        kind = BlockKind.HEADING
    else:
        kind = BlockKind.LIST_ITEM
    return TextBlock(kind, text, page, number)
