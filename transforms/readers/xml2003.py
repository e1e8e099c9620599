"""SpreadsheetML 2003 (XML Spreadsheet Reference, Office 2003), which many programs save under the name .xls."""

from __future__ import annotations

import re
from typing import BinaryIO

from lxml import etree

from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.markup import MarkupSource, refuse_unless_followed
from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.sheet import CellCollector
from transforms.readers.text_stream import Utf8Stream

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_WORKSHEET, _ROW, _CELL, _DATA = f"{_SS}Worksheet", f"{_SS}Row", f"{_SS}Cell", f"{_SS}Data"
_NAME, _INDEX, _TYPE, _SPAN, _MERGE = (
    f"{_SS}{name}" for name in ("Name", "Index", "Type", "Span", "MergeAcross")
)
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
_MOST_COLUMNS = 16384
_MOST_ROWS = 1 << 20
_INSTANT = re.compile(r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d*)?$")
_WHOLE = re.compile(r"^-?(?:0|[1-9]\d{0,14})$")


def read_xml2003(file: BinaryIO, encoding: str, limits: Limits = DEFAULT_LIMITS) -> tuple[RawSheet, ...]:
    """Every worksheet in order, hidden ones flagged; values spelled as they are for other workbooks.

    ``ss:Index`` leaves out cells and rows, ``ss:MergeAcross`` covers cells that stay empty. Rows are
    read one by one and dropped. Nothing outside the file is fetched and no entity is replaced;
    ``detect`` refuses a document that declares any. Raises UnreadableFileError ``file.broken``,
    ``file.too_deep`` or ``file.too_large``.
    """
    source = MarkupSource(Utf8Stream(file, encoding))
    events = etree.iterparse(
        source,
        events=("start", "end"),
        tag=(_WORKSHEET, _ROW, _VISIBLE),
        encoding="utf-8",
        huge_tree=True,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
    )
    sheets: list[RawSheet] = []
    book = _Sheet("", limits)
    try:
        for event, element in events:
            if element.tag == _ROW:
                if event == "end":
                    source.has_progressed()
                    book.add(element)
                    _forget(element)
            elif element.tag == _VISIBLE:
                book.is_hidden = book.is_hidden or (event == "end" and element.text in _HIDDEN)
            elif event == "start":
                book = _Sheet(element.get(_NAME, ""), limits)
            else:
                sheets.append(book.cells.build(book.name, is_hidden=book.is_hidden))
                _forget(element)
    except etree.XMLSyntaxError as error:
        refuse_unless_followed(events.error_log)
        raise UnreadableFileError("file.broken") from error
    return tuple(sheets)


_HIDDEN = ("SheetHidden", "SheetVeryHidden")


class _Sheet:
    """One worksheet while its rows go by."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.is_hidden = False
        self.cells = CellCollector(limits.cells)
        self._row = 0

    def add(self, row: etree._Element) -> None:
        self._row = _place(row, self._row + 1, _MOST_ROWS)
        texts: list[str | None] = []
        column = 0
        for cell in row:
            if cell.tag != _CELL:
                continue
            place = column + 1
            reach = 0
            if cell.attrib:
                place = _place(cell, place, _MOST_COLUMNS)
                reach = _number(cell, _MERGE, _MOST_COLUMNS)
            if not column < place <= _MOST_COLUMNS:
                raise UnreadableFileError("file.too_large" if place > column else "file.broken")
            if text := _text(cell):
                texts.extend([None] * (place - 1 - len(texts)))
                texts.append(text)
            column = place + reach
        self.cells.add(self._row, texts)
        # One element may stand for several empty rows of one height.
        self._row += _number(row, _SPAN, _MOST_ROWS)


def _place(element: etree._Element, following: int, most: int) -> int:
    place = _number(element, _INDEX, most) or following
    if place > most:
        raise UnreadableFileError("file.too_large")
    return place


def _number(element: etree._Element, name: str, most: int) -> int:
    text = element.get(name)
    if text is None:
        return 0
    if not text.isascii() or not text.isdigit():
        raise UnreadableFileError("file.broken")
    number = int(text) if len(text) < 12 else most + 1
    if number > most:
        raise UnreadableFileError("file.too_large")
    return number


def _text(cell: etree._Element) -> str | None:
    # A comment may stand beside the value and holds data of its own inside.
    data = next((child for child in cell if child.tag == _DATA), None)
    if data is None:
        return None
    text = data.text if len(data) == 0 else "".join(map(str, data.itertext()))
    if not text:
        return None
    match data.get(_TYPE):
        case "String":
            return text
        case "DateTime":
            return _INSTANT.sub(r"\1 \2", text)
        case "Boolean":
            return {"1": "true", "0": "false"}.get(text, text)
        case "Number":
            return _spelled(text)
        case _:
            return text


def _spelled(text: str) -> str:
    """A number as the other workbooks spell it: "12", "12.5"."""
    if _WHOLE.match(text):
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _forget(element: etree._Element) -> None:
    """Free the element and everything before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
