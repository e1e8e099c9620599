"""Small export files built in memory, byte for byte, in every container that offices send."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import xlsxwriter

import transforms.catalogue
from sample_exports.generator.legacy_text import encode_legacy
from sample_exports.generator.old_containers import compound_file
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
    return encode_legacy(text, "cp1258") if encoding == "cp1258" else text.encode(encoding)


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
