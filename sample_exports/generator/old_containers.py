"""Containers that old programs write: SpreadsheetML 2003, and the shell of a workbook with a password."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from xml.sax.saxutils import escape

from sample_exports.generator.written import WrittenTable

_HEAD = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
"""


def as_spreadsheetml(table: WrittenTable) -> bytes:
    """An XML spreadsheet of Excel 2003; empty cells are left out and the next one says its place (``ss:Index``)."""
    lines = [_HEAD, f' <Worksheet ss:Name="{escape(table.sheet)}">\n  <Table>\n']
    for row in table.rows:
        lines.append("   <Row>")
        is_beside = True
        for column, cell in enumerate(row.cells, start=1):
            if cell == "":
                is_beside = False
                continue
            place = "" if is_beside else f' ss:Index="{column}"'
            merged = f' ss:MergeAcross="{table.width - 1}"' if row.span and len(row.cells) == 1 else ""
            lines.append(f'<Cell{place}{merged}><Data ss:Type="String">{escape(str(cell))}</Data></Cell>')
            is_beside = True
        lines.append("</Row>\n")
    lines.append("  </Table>\n </Worksheet>\n</Workbook>\n")
    return "".join(lines).encode("utf-8")


def as_locked_workbook() -> bytes:
    """What Excel leaves of a workbook behind a password: an OLE file with an encrypted package."""
    return compound_file(
        {"EncryptionInfo": b"\x04\x00\x04\x00\x40\x00\x00\x00", "EncryptedPackage": bytes(512)}
    )


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
