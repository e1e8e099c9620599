"""Excel 97-2003 workbooks whose cells share their texts, as Excel itself writes them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sample_exports.generator.old_containers import compound_file

_LONGEST_RECORD = 8224


def shared_text_xls(texts: Sequence[str], cells: Sequence[int], *, sheet_names: int = 1) -> bytes:
    """One column of cells, each with the place of its text in ``texts`` ([MS-XLS] 2.4.149, 2.4.265).

    A text that does not fit into one record goes on in CONTINUE records. ``sheet_names``: so many names
    stand for the one sheet.
    """
    rows = b"".join(_record(0x00FD, struct.pack("<HHHI", row, 0, 0, text)) for row, text in enumerate(cells))
    area = _record(0x0200, struct.pack("<IIHHH", 0, len(cells), 0, 1, 0))
    sheet = _record(0x0809, _start(0x0010)) + area + rows + _record(0x000A, b"")
    before = _record(0x0809, _start(0x0005))
    after = _shared_texts(texts, len(cells)) + _record(0x000A, b"")
    names = [f"Sheet{number}".encode() for number in range(1, sheet_names + 1)]
    offset = len(before) + sum(4 + 8 + len(name) for name in names) + len(after)
    bound = b"".join(
        _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name) for name in names
    )
    return compound_file({"Workbook": before + bound + after + sheet})


def _shared_texts(texts: Sequence[str], references: int) -> bytes:
    records = b""
    content = struct.pack("<II", references, len(texts))
    kind = 0x00FC
    for text in texts:
        # The head of a text stands in one record with its first character.
        if len(content) + 5 > _LONGEST_RECORD:
            records, content, kind = records + _record(kind, content), b"", 0x003C
        content += struct.pack("<HB", len(text), 1)
        rest = text.encode("utf-16-le")
        while rest:
            room = (_LONGEST_RECORD - len(content)) // 2 * 2
            content, rest = content + rest[:room], rest[room:]
            if rest:
                records, content, kind = records + _record(kind, content), b"\x01", 0x003C
    return records + _record(kind, content)


def _start(kind: int) -> bytes:
    return struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
