"""A marked workbook as bytes: the same bytes for the same content, and nothing on disk meanwhile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree
from openpyxl import Workbook as Book
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from transforms.returned.kept import CachedValues

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def pack(book: Book, cached: CachedValues) -> bytes:
    """The workbook's bytes, without a clock in them (DESIGN.md law 3).

    ``cached``: last results of formulas, written beside them, so that the workbook reads like the file that
    was sent even before a program has calculated it again.
    """
    parts = _Parts()
    _Writer(book, parts).save()  # type: ignore[arg-type]
    for sheet in book.worksheets:
        if results := cached.get(sheet.title):
            path = sheet.path.lstrip("/")
            parts.contents[path] = _with_results(parts.contents[path], results)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts.contents, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 0
            archive.writestr(entry, parts.contents[name])
    return target.getvalue()


class _Parts:
    """What openpyxl takes for an archive, kept in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def writestr(self, name: str, content: str | bytes) -> None:
        self.contents[name] = content.encode("utf-8") if isinstance(content, str) else content

    def namelist(self) -> list[str]:
        return list(self.contents)

    def close(self) -> None:
        return None


class _Writer(ExcelWriter):
    """openpyxl's writer without its temporary files: nothing below pipelines/ touches the disk."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        out = io.BytesIO()
        writer: Any = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(  # type: ignore[attr-defined]
            ws.path[1:], out.getvalue()
        )
        self.manifest.append(ws)


def _with_results(content: bytes, results: Mapping[str, tuple[str, str]]) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(content, parser)
    for cell in root.iter(f"{_MAIN}c"):
        if cell.find(f"{_MAIN}f") is None or (found := results.get(str(cell.get("r")))) is None:
            continue
        value = cell.find(f"{_MAIN}v")
        if value is None:
            value = etree.SubElement(cell, f"{_MAIN}v")
        kind, value.text = found
        if kind != "n":
            cell.set("t", kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
