"""How large an area the cells of a packed sheet span, told before a reader reserves memory for it.

The readers lay a sheet out as one rectangle from its first to its last cell. A few bytes can name a cell
at the far end of a sheet or repeat a row a million times, so the area is reckoned here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

import numpy as np

from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

_MOST_ROWS = 1 << 20
_MOST_COLUMNS = 16384
_REFERENCE = re.compile(r"^([A-Za-z]{1,7})(\d{1,12})$")
CARRY = 16
_REFERENCE_START = np.frombuffer(b' r="', np.uint32)[0]
_ERROR_TYPE = np.frombuffer(b't="e', np.uint32)[0]
_SPACE_EQUALS, _EQUALS_SPACE = np.frombuffer(b" == ", np.uint16)
_DECLARATION = re.compile(rb"^<\?xml[^>]*>\s*")
_DECLARED = b"<?xml"
_TEXT_BREAKS = re.compile(rb">[^<]*<")
_ODD_ATTRIBUTE = re.compile(rb"[\r\n\t]r\b|\br\s*=\s*[^\"]|\br\s+=")
_Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]

_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
_TABLE, _ROW, _CELL, _COVERED = (
    f"{_OPEN_DOCUMENT}:table:1.0}}{name}"
    for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_ROWS_REPEATED, _COLUMNS_REPEATED = (
    f"{_OPEN_DOCUMENT}:table:1.0}}number-{name}-repeated" for name in ("rows", "columns")
)
_VALUE_TYPE = f"{_OPEN_DOCUMENT}:office:1.0}}value-type"
_PARAGRAPH = f"{_OPEN_DOCUMENT}:text:1.0}}p"


def may_reach_far(piece: bytes) -> bool:
    """True when a piece of a sheet's XML names a cell beyond column AZ or the last row, or hides what it names.

    False is certain for sheets as programs write them: then the area stays below the limit without
    looking at every cell, which would double the time of reading. The last ``CARRY`` bytes are left to
    the join with the next piece.
    """
    text = _DECLARATION.sub(b"", piece, count=1) if piece.startswith(_DECLARED) else piece
    # XML also allows r='A1', r = "A1" and line breaks between; no spreadsheet program writes them.
    if any(sign in text for sign in (b"'", b"\n", b"\r", b"\t")):
        text_between = _TEXT_BREAKS.sub(b"><", text)
        if _ODD_ATTRIBUTE.search(text_between):
            return True
    for offset in range(2):
        pairs = np.frombuffer(text, np.uint16, (len(text) - offset) // 2, offset)
        if (pairs == _SPACE_EQUALS).any() or (pairs == _EQUALS_SPACE).any():
            return True
    # The four bytes of an attribute's start as one number, at each of the four offsets: one look at each byte.
    starts = [np.flatnonzero(words == _REFERENCE_START) * 4 + offset for offset, words in _words(text)]
    places = np.concatenate(starts) + len(' r="')
    return _names_far_cell(np.frombuffer(text, np.uint8), places[places < len(text) - CARRY])


def may_hold_errors(piece: bytes) -> bool:
    """True when a piece of a sheet's XML holds a cell with an error such as #N/A (``t="e"``)."""
    return any((words == _ERROR_TYPE).any() for _, words in _words(piece)) or b"'" in piece


def _words(text: bytes) -> Iterator[tuple[int, np.ndarray[tuple[int], np.dtype[np.uint32]]]]:
    """The text as numbers of four bytes, at each of the four offsets."""
    for offset in range(4):
        yield offset, np.frombuffer(text, np.uint32, max(0, len(text) - offset) // 4, min(offset, len(text)))


def _names_far_cell(content: _Bytes, starts: np.ndarray[tuple[int], np.dtype[np.intp]]) -> bool:
    """True when a reference that starts there is beyond column AZ or the last row, or is written oddly."""
    first, second = content[starts], content[starts + 1]
    is_letter = (first >= ord("A")) & (first <= ord("Z"))
    if not (is_letter | _is_digit(first)).all():
        return True
    is_wide = is_letter & (second >= ord("A"))
    if is_wide.any():
        third = content[starts[is_wide] + 2]
        if ((first[is_wide] > ord("A")) | (third >= ord("A"))).any():
            return True
    for place in (7, 6, 5, 4, 3, 2, 1):
        starts = starts[_is_digit(content[starts + place])]
    # Seven digits behind one letter, or eight digits of a row: the last row of a sheet is 1048576.
    return bool(((content[starts + 1] > ord("1")) | _is_digit(content[starts + 8])).any())


def _is_digit(values: _Bytes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (values >= ord("0")) & (values <= ord("9"))


class _Markup:
    """Feeds XML to a parser that replaces no entity of the document's own and fetches nothing."""

    def __init__(self) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse_declarations
        self._parser = parser

    def follow(self, pieces: Iterator[bytes]) -> None:
        """Read the whole document. Raises ``file.too_large``, ``file.broken`` or ``file.xml.entities``."""
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that does not exist
            raise UnreadableFileError("file.broken") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError

    def _refuse_declarations(self, *_: object) -> None:
        raise UnreadableFileError("file.xml.entities")


class HiddenSheets(_Markup):
    """Names of the sheets that the workbook part of an xlsx file hides."""

    def __init__(self) -> None:
        super().__init__()
        self.names: frozenset[str] = frozenset()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition("}")[2] == "sheet" and attributes.get("state", "visible") != "visible":
            self.names |= {attributes.get("name", "")}

    def _end(self, name: str) -> None:
        pass


class _MarkupArea(_Markup):
    """Markup whose cells are counted."""

    def __init__(self, most_cells: int) -> None:
        super().__init__()
        self._most = most_cells
        self._height = 0
        self._width = 0

    def _fill(self, row: int, column: int) -> None:
        self._height = max(self._height, row)
        self._width = max(self._width, column)
        if self._height * self._width > self._most:
            raise UnreadableFileError("file.too_large")


class SheetArea(_MarkupArea):
    """Cells of an xlsx sheet that hold something; those with a style only take no place when read."""

    def __init__(self, most_cells: int) -> None:
        super().__init__(most_cells)
        self._row = self._column = 0
        self.has_errors = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition("}")[2]:
            case "row":
                number = attributes.get("r", "")
                self._row = int(number) if number.isdigit() and len(number) < 12 else self._row + 1
                self._column = 0
            case "c":
                found = _REFERENCE.match(attributes.get("r", ""))
                self._column = _column_number(found[1]) if found else self._column + 1
                self._row = int(found[2]) if found else self._row
                self.has_errors = self.has_errors or attributes.get("t") == "e"
            case "v" | "is":
                self._fill(self._row, self._column)

    def _end(self, name: str) -> None:
        pass


class OdsArea(_MarkupArea):
    """Cells of an ods document that hold something, with rows and columns repeated as often as it says.

    The text that repeating multiplies counts as well: it may not pass the limit for unpacked bytes.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits.cells)
        self._row = self._column = self._filled_to = 0
        self._row_repeats = self._cell_repeats = 1
        self._row_text = 0
        self._text_left = limits.unpacked_bytes
        self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in (_CELL, _COVERED):
            self._cell_repeats = _repeats(attributes.get(_COLUMNS_REPEATED), _MOST_COLUMNS)
            self._column += self._cell_repeats
            if _VALUE_TYPE in attributes:
                self._filled_to = self._column
        elif name == _PARAGRAPH:
            self._filled_to = self._column
        elif name == _ROW:
            self._row_repeats = _repeats(attributes.get(_ROWS_REPEATED), _MOST_ROWS)
            self._column = self._filled_to = self._row_text = 0
        elif name == _TABLE:
            self._row = self._height = self._width = 0

    def _text(self, text: str) -> None:
        self._row_text += len(text) * self._cell_repeats

    def _end(self, name: str) -> None:
        if name == _ROW:
            self._row += self._row_repeats
            if self._filled_to:
                self._fill(self._row, self._filled_to)
            self._text_left -= self._row_text * self._row_repeats
            if self._text_left < 0:
                raise UnreadableFileError("file.too_large")


class BinarySheetArea:
    """Cells of an xlsb sheet ([MS-XLSB] 2.1.4: records of a number, a length and content)."""

    _ROW = 0
    _CELLS = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 62))
    _SHARED_TEXT = 7

    def __init__(self, most_cells: int) -> None:
        self._most = most_cells

    def follow(self, pieces: Iterator[bytes]) -> int:
        """How many cells refer to shared texts. Raises ``file.too_large``."""
        content = b"".join(pieces)
        row = height = width = references = offset = 0
        end = len(content) - 6
        while offset < end:
            kind, length, offset = _record(content, offset)
            if kind == self._ROW:
                row = int.from_bytes(content[offset : offset + 4], "little") + 1
            elif kind in self._CELLS:
                column = int.from_bytes(content[offset : offset + 4], "little") + 1
                references += kind == self._SHARED_TEXT
                if column > width or row > height:
                    width, height = max(width, column), max(height, row)
                    if width * height > self._most:
                        raise UnreadableFileError("file.too_large")
            offset += length
        return references


def record_lengths(content: bytes) -> Iterator[int]:
    """Length of every record of a binary part, in order."""
    offset = 0
    while offset < len(content) - 1:
        _, length, offset = _record(content, offset)
        yield length
        offset += length


def _record(content: bytes, offset: int) -> tuple[int, int, int]:
    """Number and length of the record that starts there, and where its content starts."""
    kind = content[offset]
    offset += 1
    if kind & 0x80:
        kind = (kind & 0x7F) | (content[offset] & 0x7F) << 7 if offset < len(content) else 0
        offset += 1
    length = shift = 0
    while shift < 28 and offset < len(content):
        byte = content[offset]
        offset += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return kind, length, offset


def _repeats(text: str | None, most: int) -> int:
    if text is None:
        return 1
    # The reader does the same: it stops at the last row and column that a sheet has.
    return min(max(int(text), 1), most) if text.isdigit() and len(text) < 12 else most


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
