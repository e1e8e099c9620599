"""A report in a PDF with text: paragraphs, tables and page numbers from the places of its letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from transforms.audit.documents.blocks import is_layout, paragraph_kind, row_block
from transforms.audit.documents.model import REPORT_LIMITS, ReadReport
from transforms.audit.documents.pdf_lines import (
    Line,
    Paragraph,
    ParagraphBuilder,
    build_lines,
    drop_page_marks,
    right_edges,
    usual_pitch,
)
from transforms.audit.documents.pdf_page import Page, read_pages
from transforms.audit.documents.pdf_tables import FoundTable, find_ruled, find_unruled
from transforms.audit.model import ReportText, TextBlock
from transforms.readers.legacy.charsets import decode_as, read_as_windows_1252
from transforms.readers.legacy.columns import find_charset
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

_FEWEST_LETTERS = 20
_MOST_UNKNOWN = 0.2
_SAME_COLUMN = 4.0


def read_pdf(file: BinaryIO, limits: Limits = REPORT_LIMITS) -> ReadReport:
    """The report in a PDF; page numbers and what repeats in the margins are left out.

    Raises UnreadableFileError ``audit.file.only_pictures`` for a scan, ``audit.file.letters_unknown`` where
    the fonts do not say which letters they draw, and what ``read_pages`` raises.
    """
    pages = read_pages(file, limits)
    letters = {page.number: sum(bool(glyph.text.strip()) for glyph in page.glyphs) for page in pages}
    unknown = sum(page.unknown_count for page in pages)
    known = sum(letters.values())
    if unknown > _MOST_UNKNOWN * (known + unknown):
        raise UnreadableFileError("audit.file.letters_unknown")
    if known < _FEWEST_LETTERS:
        pictured = any(page.has_picture for page in pages)
        raise UnreadableFileError("audit.file.only_pictures" if pictured else "audit.file.empty")
    bare = tuple(page.number for page in pages if page.has_picture and not letters[page.number])
    blocks = tuple(_PdfReader(pages).blocks())
    return ReadReport("pdf", ReportText(blocks), bare)


class _PdfReader:
    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self._ruled: dict[int, list[FoundTable]] = {}
        rows: dict[int, list[list[Line]]] = {}
        for page in pages:
            self._ruled[page.number], outside = find_ruled(page)
            rows[page.number] = build_lines(page.number, outside)
        self._rows = drop_page_marks(pages, rows)
        lines = [part.text for found in self._rows.values() for row in found for part in row]
        self._charset = find_charset([text for text in lines if not text.isascii()])
        self._pitch = usual_pitch(self._rows)
        self._builder = ParagraphBuilder(right_edges(pages, self._rows), self._pitch)
        self._paragraph_count = 0
        self._table_count = -1
        self._row_count = 0
        self._open_table: FoundTable | None = None
        self._first_rows: list[tuple[str, ...]] = []

    def blocks(self) -> Iterator[TextBlock]:
        """Blocks from page to page and from top to bottom."""
        for page in self._pages:
            rows = self._rows[page.number]
            waiting = list(self._ruled[page.number])
            at = 0
            while at < len(rows):
                while waiting and waiting[0].top > rows[at][0].y:
                    yield from self._table(waiting.pop(0))
                if found := find_unruled(rows, at, self._pitch):
                    table, at = found
                    yield from self._table(table)
                    continue
                yield from self._line(rows[at])
                at += 1
            for table in waiting:
                yield from self._table(table)
        yield from self._close()

    def _line(self, parts: Sequence[Line]) -> Iterator[TextBlock]:
        self._open_table = None
        if len(parts) == 1:
            if ended := self._builder.add(parts[0]):
                yield self._paragraph(ended)
            return
        # Two columns side by side, as in a letterhead: each part is a line of its own.
        yield from self._close()
        for part in parts:
            yield self._paragraph(Paragraph((part,)))

    def _close(self) -> Iterator[TextBlock]:
        if ended := self._builder.close():
            yield self._paragraph(ended)

    def _paragraph(self, paragraph: Paragraph) -> TextBlock:
        self._paragraph_count += 1
        text = self._mended(paragraph.text)
        line = paragraph.lines[0]
        return TextBlock(
            paragraph_kind(text), text, line.page, self._paragraph_count, indent=round(line.x0, 1)
        )

    def _mended(self, text: str) -> str:
        """Text of an old font in Unicode; as it stands where the letters say what they are."""
        if self._charset is None or text.isascii():
            return text
        return decode_as(self._charset, read_as_windows_1252(text)) or text

    def _table(self, table: FoundTable) -> Iterator[TextBlock]:
        yield from self._close()
        if is_layout(table.rows):
            self._open_table = None
            for line in table.lines:
                yield self._paragraph(Paragraph((line,)))
            return
        texts = [tuple(cell.text for cell in row) for row in table.rows]
        skipped = 0
        if self._open_table is not None and _goes_on(self._open_table, table):
            # Word prints the header rows again on every page.
            while (
                skipped < len(texts) - 1
                and texts[skipped : skipped + 1] == self._first_rows[skipped : skipped + 1]
            ):
                skipped += 1
        else:
            self._table_count, self._row_count, self._first_rows = self._table_count + 1, 0, texts
        self._open_table = table
        for row in table.rows[skipped:]:
            mended = [replace(cell, text=self._mended(cell.text)) for cell in row]
            yield row_block(mended, self._table_count, self._row_count, table.page)
            self._row_count += 1


def _goes_on(before: FoundTable, table: FoundTable) -> bool:
    """True for a table with the same columns on the next page."""
    return (
        table.page == before.page + 1
        and len(table.columns) == len(before.columns)
        and all(abs(a - b) <= _SAME_COLUMN for a, b in zip(table.columns, before.columns, strict=True))
    )
