"""HTML tables, the shape in which the one-stop software writes its ".xls" files (EXPORTS.md 1)."""

from __future__ import annotations

import re
from typing import BinaryIO

from lxml import etree

from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.sheet import CellCollector

_CODECS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "utf-16": "utf-16", "cp1258": "windows-1258"}
_BREAKS = frozenset(("br", "p", "div", "li"))
_SILENT = frozenset(("script", "style", "table"))
_MOST_COLUMNS = 16384
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPACE_AROUND_BREAK = re.compile(r" *\n+ *")
_NUMBER = re.compile(r"\d+")


def read_html(file: BinaryIO, encoding: str) -> tuple[RawSheet, ...]:
    """The tables of a page, one sheet per nesting depth, row numbers = running number of the ``tr``.

    Rows are read one by one and dropped, so the size of the page does not matter. A cell that spans
    columns or rows puts its text into the first place it covers; the others stay empty, as in Excel.
    A table inside a cell becomes a sheet of its own and never part of that cell's text. The bytes are
    read in the given encoding whatever the page declares: exports declare none, or a wrong one.
    Raises UnreadableFileError ``file.broken`` when the page cannot be followed at all.
    """
    file.seek(0)
    grids: dict[int, _Grid] = {}
    rows = etree.iterparse(
        file,
        events=("end",),
        tag="tr",
        html=True,
        encoding=_CODECS[encoding],
        huge_tree=True,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for number, (_, row) in enumerate(rows, start=1):
            tables = list(row.iterancestors("table"))
            grid = grids.setdefault(len(tables), _Grid())
            grid.add(number, row, tables[0] if tables else None)
            _forget(row)
    except etree.XMLSyntaxError as error:
        raise UnreadableFileError("file.broken") from error
    return tuple(grids[depth].cells.build("") for depth in sorted(grids))


class _Grid:
    """Rows of the tables at one depth, with the cells that reach down from rows above."""

    def __init__(self) -> None:
        self.cells = CellCollector()
        self._reaching: dict[int, int] = {}
        self._table: etree._Element | None = None

    def add(self, number: int, row: etree._Element, table: etree._Element | None) -> None:
        if table is not self._table:
            self._reaching = {}
            self._table = table
        texts: list[str | None] = []
        reaching = self._reaching
        taken = {column: left for column, left in reaching.items() if left > 0}
        self._reaching = {column: left - 1 for column, left in taken.items() if left > 1}
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while taken and len(texts) in taken:
                texts.append(None)
            column = len(texts)
            texts.append(_text(cell))
            if cell.attrib:
                width = _span(cell, "colspan")
                height = _span(cell, "rowspan")
                texts.extend([None] * (width - 1))
                if height > 1:
                    self._reaching.update(dict.fromkeys(range(column, column + width), height - 1))
            if len(texts) > _MOST_COLUMNS:
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


def _pieces(element: etree._Element) -> list[str]:
    pieces = [_SPACES.sub(" ", element.text or "")]
    for child in element:
        tag = child.tag
        if tag in _BREAKS:
            pieces.append("\n")
        if isinstance(tag, str) and tag not in _SILENT:
            pieces.extend(_pieces(child))
            if tag in _BREAKS and tag != "br":
                pieces.append("\n")
        pieces.append(_SPACES.sub(" ", child.tail or ""))
    return pieces


def _forget(row: etree._Element) -> None:
    """Free the row and everything before it, else the tree grows to ten times the file."""
    row.clear()
    parent = row.getparent()
    if parent is None:
        return
    while row.getprevious() is not None:
        del parent[0]
