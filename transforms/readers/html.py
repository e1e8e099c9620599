"""HTML tables, the shape in which the one-stop software writes its ".xls" files (EXPORTS.md 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.markup import MarkupSource, refuse_unless_followed
from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.plain_rows import split_plain_rows
from transforms.readers.sheet import CellCollector
from transforms.readers.text_stream import Utf8Stream

_BREAKS = frozenset(("br", "p", "div", "li"))
_SILENT = frozenset(("script", "style", "table"))
_MOST_COLUMNS = 16384
_LEAST_AT_ONCE, _MOST_AT_ONCE = 1 << 14, 1 << 20
"""Bytes of rows that are looked at together."""
_ROW_ENDS = (b"</tr>", b"</TR>")
_ROW_STARTS = (b"<tr", b"<TR")
_ROW_PARENTS = frozenset(("table", "tbody", "thead", "tfoot"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPACE_AROUND_BREAK = re.compile(r" *\n+ *")
_NUMBER = re.compile(r"\d+")


def read_html(file: BinaryIO, encoding: str, limits: Limits = DEFAULT_LIMITS) -> tuple[RawSheet, ...]:
    """The tables of a page, one sheet per nesting depth, row numbers = running number of the ``tr``.

    Rows are read one by one and dropped, so the size of the page does not matter; stretches of rows that
    hold nothing but text are cut at their tags without the parser (plain_rows.py). A cell that spans
    columns or rows puts its text into the first place it covers; the others stay empty, as in Excel.
    A table inside a cell becomes a sheet of its own and never part of that cell's text. The bytes are
    read in the given encoding whatever the page declares: exports declare none, or a wrong one.
    Raises UnreadableFileError ``file.broken`` when the page cannot be followed at all,
    ``file.too_deep`` when its elements are nested deeper than any table needs, ``file.too_large``.
    """
    source = MarkupSource(Utf8Stream(file, encoding))
    page = _Page(source, limits)
    try:
        for piece in _pieces_of(source):
            page.read(piece)
        page.close()
    except etree.XMLSyntaxError as error:
        refuse_unless_followed(page.log)
        raise UnreadableFileError("file.broken") from error
    refuse_unless_followed(page.log)
    return page.sheets()


def _pieces_of(source: MarkupSource) -> Iterator[bytes]:
    """The page in pieces that end behind a row where they hold one."""
    rest = b""
    while content := source.read(_MOST_AT_ONCE):
        rest += content
        end = max(rest.rfind(tag) for tag in _ROW_ENDS)
        if end >= 0 or len(rest) >= _MOST_AT_ONCE:
            cut = end + len(_ROW_ENDS[0]) if end >= 0 else len(rest)
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


class _Page:
    """A page that is read piece by piece: plain rows are cut at their tags, everything else is parsed."""

    def __init__(self, source: MarkupSource, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._number = 0
        self._size = _LEAST_AT_ONCE
        self._grids: dict[int, _Grid] = {}
        self._grid: _Grid | None = None
        """The table whose rows stand directly one behind the other here, None where that is not certain."""
        self._parser = etree.HTMLPullParser(
            events=("end",),
            tag="tr",
            encoding="utf-8",
            huge_tree=True,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )

    @property
    def log(self) -> etree._ListErrorLog:
        """What the parser noticed."""
        return self._parser.feed_error_log

    def read(self, piece: bytes) -> None:
        """Read on, in stretches that grow as long as they are plain and shrink where they are not."""
        start = 0
        while start < len(piece):
            stretch = piece[start : self._end_of_stretch(piece, start)]
            if self._read_plain(stretch):
                self._size = min(2 * self._size, _MOST_AT_ONCE)
            elif self._grid is not None and self._size > _LEAST_AT_ONCE:
                self._size = max(self._size // 4, _LEAST_AT_ONCE)
                continue
            else:
                self._size = _LEAST_AT_ONCE
                self._read_other(stretch)
            start += len(stretch)

    def _end_of_stretch(self, piece: bytes, start: int) -> int:
        ends = [piece.find(tag, start + self._size) for tag in _ROW_ENDS]
        return min((end + len(_ROW_ENDS[0]) for end in ends if end >= 0), default=len(piece))

    def _read_plain(self, stretch: bytes) -> bool:
        """Take plain rows that follow plain rows; the parser need not know of them."""
        if self._grid is None or self._grid.reaches_down:
            return False
        rows = split_plain_rows(stretch)
        if rows is None:
            return False
        self._source.has_progressed()
        self._grid.cells.add_columns(self._number + 1, rows.columns)
        self._number += rows.count
        return True

    def _read_other(self, stretch: bytes) -> None:
        # The last row apart: when it is plain and comes out of the parser alone, nothing is open around it.
        start = max(stretch.rfind(tag) for tag in _ROW_STARTS)
        last = stretch[start:] if start >= 0 else b""
        self._parse(stretch[: len(stretch) - len(last)])
        self._grid = None
        if last:
            plain = split_plain_rows(last)
            found = self._parse(last)
            if plain is not None and plain.count == 1 and len(found) == 1:
                self._grid = found[0]

    def close(self) -> None:
        """The page is at its end; raises XMLSyntaxError where nothing of it could be followed."""
        try:
            self._parser.close()
        finally:
            self._take_rows()

    def sheets(self) -> tuple[RawSheet, ...]:
        """One sheet per nesting depth."""
        return tuple(self._grids[depth].cells.build("") for depth in sorted(self._grids))

    def _parse(self, content: bytes) -> list[_Grid | None]:
        self._parser.feed(content)
        return self._take_rows()

    def _take_rows(self) -> list[_Grid | None]:
        """Take what the parser has found; for each row its table, None where it stands in something else."""
        found: list[_Grid | None] = []
        for _, row in self._parser.read_events():
            if not isinstance(row, etree._Element):
                continue
            self._source.has_progressed()
            self._number += 1
            tables = list(row.iterancestors("table"))
            grid = self._grids.get(len(tables))
            if grid is None:
                grid = self._grids[len(tables)] = _Grid(self._limits)
            grid.add(self._number, row, tables[0] if tables else None)
            parent = row.getparent()
            found.append(grid if parent is not None and parent.tag in _ROW_PARENTS else None)
            _forget(row)
        return found


class _Grid:
    """Rows of the tables at one depth, with the cells that reach down from rows above."""

    def __init__(self, limits: Limits) -> None:
        self.cells = CellCollector(limits.cells)
        self._reaching: dict[int, int] = {}
        self._table: etree._Element | None = None

    @property
    def reaches_down(self) -> bool:
        """True when a cell of a row above covers a place of the next row."""
        return bool(self._reaching)

    def add(self, number: int, row: etree._Element, table: etree._Element | None) -> None:
        if table is not self._table:
            self._reaching = {}
            self._table = table
        texts: list[str | None] = []
        column = 0
        reaching = self._reaching
        taken = {column: left for column, left in reaching.items() if left > 0}
        self._reaching = {column: left - 1 for column, left in taken.items() if left > 1}
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while taken and column in taken:
                column += 1
            if text := _text(cell):
                texts.extend([None] * (column - len(texts)))
                texts.append(text)
            start, column = column, column + 1
            if cell.attrib:
                column = start + _span(cell, "colspan")
                height = _span(cell, "rowspan")
                if height > 1:
                    self._reaching.update(dict.fromkeys(range(start, column), height - 1))
            if column > _MOST_COLUMNS:
                raise UnreadableFileError("file.too_large")
        self.cells.add(number, texts)


def _span(cell: etree._Element, name: str) -> int:
    found = _NUMBER.search(str(cell.get(name, "1")))
    return min(max(int(found[0]), 1), _MOST_COLUMNS) if found else 1


def _text(cell: etree._Element) -> str:
    if len(cell) == 0:
        text = cell.text or ""
        return _SPACES.sub(" ", text) if "\n" in text or "  " in text or "\t" in text else text
    return _SPACE_AROUND_BREAK.sub("\n", "".join(_pieces(cell)))


def _pieces(cell: etree._Element) -> Iterator[str]:
    """The text of a cell in order, elements that begin a line as line breaks, tables and scripts left out."""
    yield _SPACES.sub(" ", cell.text or "")
    # A walk with a list of its own: elements may be nested deeper than Python calls may be.
    waiting = [iter(cell)]
    open_tags: list[etree._Element] = []
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            if open_tags:
                closed = open_tags.pop()
                if closed.tag in _BREAKS and closed.tag != "br":
                    yield "\n"
                yield _SPACES.sub(" ", closed.tail or "")
            continue
        if child.tag in _BREAKS:
            yield "\n"
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            yield _SPACES.sub(" ", child.text or "")
            waiting.append(iter(child))
            open_tags.append(child)
        else:
            yield _SPACES.sub(" ", child.tail or "")


def _forget(row: etree._Element) -> None:
    """Free the row and everything before it, else the tree grows to ten times the file."""
    row.clear()
    parent = row.getparent()
    if parent is None:
        return
    while row.getprevious() is not None:
        del parent[0]
