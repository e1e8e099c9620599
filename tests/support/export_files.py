"""Small export files built in memory, byte for byte, in every container that offices send."""

from __future__ import annotations

import csv
import io
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import xlsxwriter

import transforms.catalogue
from transforms.catalogue.model import Profile
from transforms.catalogue.profiles import parse_profile

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]


def packaged_profiles() -> tuple[Profile, ...]:
    """Every export profile of the package."""
    folder = Path(next(iter(transforms.catalogue.__path__))) / "sources"
    return tuple(parse_profile(path.read_bytes(), path.name) for path in sorted(folder.glob("*.yml")))


def html_file(rows: Rows, tag: str = "td") -> bytes:
    """A bare table in UTF-8 without a declared charset, as the one-stop software writes it."""
    lines = ["<table border=1>"]
    for row in rows:
        cells = "".join(f"<{tag}>{escape(str(cell or ''))}</{tag}>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</table>"]).encode()


def xlsx_file(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), first_row: int = 1) -> bytes:
    """A workbook of text and numbers; ``first_row`` is the sheet row of the first row."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows, start=first_row - 1):
            for position, cell in enumerate(row):
                if isinstance(cell, str) and cell:
                    sheet.write_string(number, position, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, position, cell)
        if name in hidden:
            sheet.hide()
    book.close()
    return buffer.getvalue()


def csv_file(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Delimited text with Windows line ends and only the quotes that are needed."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in rows])
    text = buffer.getvalue()
    return encode_1258(text) if encoding == "cp1258" else text.encode(encoding)


def encode_1258(text: str) -> bytes:
    """Text in windows-1258, whose tone marks are letters of their own after the vowel."""
    encoded = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", marks.replace(tone, ""))
            encoded += base.encode("cp1258") + tone.encode("cp1258")
    return encoded


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """An OLE2 compound file ([MS-CFB]) with up to three streams, each padded past the mini-stream size."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    fat = [0xFFFFFFFD, end]  # sector 0 holds this table, sector 1 the directory
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    data = b""
    for number, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
        count = len(padded) // sector
        start = len(fat)
        fat += [*range(start + 1, start + count), end]
        right = number + 1 if number < len(streams) else free
        entries.append(_entry(name, 2, start, len(padded), right=right))
        data += padded
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    return header + table + b"".join(entries).ljust(sector, b"\0") + data


def _entry(
    name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ", text, len(text) + 2, kind, 1, 0xFFFFFFFF, right, child, 0, start, size
    )


def xls_file(rows: Rows, *, locked: bool = False) -> bytes:
    """An Excel 97 workbook with one sheet of text and numbers ([MS-XLS]); ``locked`` asks for a password."""
    cells = b""
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                cells += _record(0x0204, struct.pack("<HHH", number, position, 0) + text)
            elif isinstance(cell, int | float):
                cells += _record(0x0203, struct.pack("<HHHd", number, position, 0, cell))
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if locked:
        start += _record(0x002F, struct.pack("<HHHH", 1, 1, 1, 0) + bytes(48))
    name = "Sheet1"
    bound_size = 4 + 8 + len(name)
    offset = len(start) + bound_size + 4
    bound = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name.encode())
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + _record(0x000A, b"")
    return compound_file({"Workbook": start + bound + _record(0x000A, b"") + sheet})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
