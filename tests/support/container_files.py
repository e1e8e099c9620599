"""Small files in the rarer containers, built in memory: ods, xlsb, XML 2003, web pages in one file, archives."""

from __future__ import annotations

import io
import quopri
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape

from tests.support.export_files import Rows, html_file

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_SS = "urn:schemas-microsoft-com:office:spreadsheet"


def zip_file(members: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of those files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zip_entry_file(entries: Sequence[tuple[bytes, bytes]], flags: int = 0) -> bytes:
    """An archive whose names are written byte for byte, stored without packing."""
    body, directory = b"", b""
    for name, content in entries:
        shared = struct.pack(
            "<HHHHHIIIHH", 20, flags, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name), 0
        )
        directory += (
            b"PK\x01\x02"
            + struct.pack("<H", 20)
            + shared
            + struct.pack("<HHHII", 0, 0, 0, 0, len(body))
            + name
        )
        body += b"PK\x03\x04" + shared + name + content
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(body), 0
    )
    return body + directory + end


def ods_cell(text: str, more: str = "") -> str:
    """One text cell of an OpenDocument sheet."""
    return f'<table:table-cell office:value-type="string" {more}><text:p>{escape(text)}</text:p></table:table-cell>'


def ods_document(tables: str, before: str = "", manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet around the markup of its tables."""
    names = " ".join(f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {names} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    listing = f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0">{manifest}</manifest:manifest>'
    return zip_file({"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": listing})


def ods_file(rows: Rows, name: str = "Sheet1") -> bytes:
    """One sheet of text."""
    lines = "".join(
        f"<table:table-row>{''.join(ods_cell(str(c)) if c else '<table:table-cell/>' for c in row)}</table:table-row>"
        for row in rows
    )
    return ods_document(f'<table:table table:name="{name}">{lines}</table:table>')


def xlsb_file(rows: Rows) -> bytes:
    """One sheet of text and numbers in Excel's binary package ([MS-XLSB])."""
    return xlsb_document(
        {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if cell not in (None, "")}
    )


def xlsb_document(cells: Mapping[tuple[int, int], str | int | float | None]) -> bytes:
    """A binary workbook with those cells (row, column from 0)."""
    sheet = _binary(0x81) + _binary(0x94, struct.pack("<IIII", 0, 0, 0, 0)) + _binary(0x91)
    last = -1
    for (row, column), cell in sorted(cells.items()):
        if row != last:
            sheet += _binary(0x00, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
            last = row
        place = struct.pack("<II", column, 0)
        if isinstance(cell, str):
            sheet += _binary(0x06, place + _wide(cell))
        else:
            sheet += _binary(0x05, place + struct.pack("<d", cell))
    sheet += _binary(0x92) + _binary(0x82)
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet1")
    workbook = _binary(0x83) + _binary(0x8F) + _binary(0x9C, bundle) + _binary(0x90) + _binary(0x84)
    office = "http://schemas.openxmlformats.org"
    relations = (
        f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return zip_file(
        {
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": relations,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _binary(kind: int, content: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(content)
    while True:
        more = length >> 7
        size += bytes([length & 0x7F | (0x80 if more else 0)])
        length = more
        if not more:
            return number + size + content


def _wide(text: str) -> bytes:
    content = text.encode("utf-16-le")
    return struct.pack("<I", len(content) // 2) + content


def xml2003_document(worksheets: str, before: str = "") -> bytes:
    """A SpreadsheetML 2003 workbook around the markup of its worksheets."""
    return (
        f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n{before}<Workbook xmlns="{_SS}" '
        f'xmlns:ss="{_SS}" xmlns:x="urn:schemas-microsoft-com:office:excel">{worksheets}</Workbook>\n'
    ).encode()


def xml2003_file(rows: Rows, name: str = "Sheet1") -> bytes:
    """One worksheet of text, empty cells left out by ``ss:Index`` as Excel writes it."""
    lines = []
    for row in rows:
        cells = "".join(
            f'<Cell ss:Index="{place}"><Data ss:Type="String">{escape(str(cell))}</Data></Cell>'
            for place, cell in enumerate(row, start=1)
            if cell
        )
        lines.append(f"<Row>{cells}</Row>")
    return xml2003_document(f'<Worksheet ss:Name="{name}"><Table>{"".join(lines)}</Table></Worksheet>')


def mhtml_file(rows: Rows) -> bytes:
    """A page in one file, quoted-printable as Excel writes it."""
    page = quopri.encodestring(html_file(rows)).replace(b"\n", b"\r\n")
    return (
        b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="----=_x"\r\n\r\n'
        b"------=_x\r\nContent-Location: file:///C:/x/sheet001.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b'Content-Type: text/html; charset="utf-8"\r\n\r\n' + page + b"\r\n------=_x--\r\n"
    )
