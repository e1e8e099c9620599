"""Which cells stand in a font of an old character set; asked only where the words do not decide.

Fonts are a weak witness: a .VnTime style stays on cells that were retyped in Unicode, and text pasted
from elsewhere keeps its letters under another font. What they alone tell is that a font of capitals
(.VnTimeH) shows small letters as capitals.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from lxml import etree

from transforms.readers.legacy.charsets import Charset

FontRuns = Sequence[tuple[int, int, str]]
"""First row, last row, font name; only runs of old fonts."""

_TCVN3_FONT = re.compile(r"^\.vn[a-z0-9]", re.IGNORECASE)
_VNI_FONT = re.compile(r"^vni[ -]", re.IGNORECASE)
_CAPITAL_FONT = re.compile(r"^\.[Vv][Nn].*H$")
_CELL = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_STYLES, _BOOK, _RELATIONS = "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_DAMAGE = (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError)


def charset_of_font(name: str) -> Charset | None:
    """The character set of a font by its name (".VnTime", "VNI-Times"); None for any other font."""
    name = name.strip()
    if _TCVN3_FONT.match(name):
        return Charset.TCVN3
    if _VNI_FONT.match(name):
        return Charset.VNI
    return Charset.VISCII if name.lower().startswith("viscii") else None


def is_capital_font(name: str) -> bool:
    """True for fonts of TCVN3 that show capitals only: .VnTimeH, .VnArialH."""
    return _CAPITAL_FONT.match(name.strip()) is not None


class XlsxFonts:
    """The old fonts of a workbook's cells, read from its parts only when they are asked for.

    The package was unpacked and checked before (package.py); a part that cannot be followed gives no
    fonts, as they are never needed to read a file.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __call__(self, sheet_name: str) -> Mapping[int, FontRuns]:
        """Column position → runs of rows in an old font, in the order of rows."""
        try:
            with zipfile.ZipFile(self._file) as archive:
                fonts = _old_font_of_styles(archive)
                part = _sheet_part(archive, sheet_name) if fonts else None
                return _runs(archive, part, fonts) if part else {}
        except _DAMAGE:
            return {}


def _old_font_of_styles(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Number of a cell style → its font, for the old fonts."""
    fonts: list[str] = []
    styles: dict[str, str] = {}
    count = 0
    for element in _elements(archive, _STYLES, ("font", "cellXfs")):
        if element.tag.endswith("}font"):
            names = [child.get("val", "") for child in element if str(child.tag).endswith("}name")]
            fonts.append(str(names[0]) if names else "")
            continue
        for style in element:
            font = int(str(style.get("fontId", "0")))
            if font < len(fonts) and charset_of_font(fonts[font]) is not None:
                styles[str(count)] = fonts[font]
            count += 1
    return styles


def _sheet_part(archive: zipfile.ZipFile, sheet_name: str) -> str | None:
    for sheet in _elements(archive, _BOOK, ("sheet",)):
        if sheet.get("name") == sheet_name:
            wanted = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
            for relation in _elements(archive, _RELATIONS, ("Relationship",)):
                if relation.get("Id") == wanted:
                    target = str(relation.get("Target", ""))
                    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return None


def _runs(archive: zipfile.ZipFile, part: str, fonts: Mapping[str, str]) -> Mapping[int, FontRuns]:
    runs: dict[int, list[tuple[int, int, str]]] = {}
    for cell in _elements(archive, part, ("c",)):
        place = _CELL.match(str(cell.get("r", "")))
        font = fonts.get(str(cell.get("s", "0")))
        if place is None or font is None:
            continue
        row, column = int(place[2]), _position(place[1])
        found = runs.setdefault(column, [])
        if found and found[-1][1] + 1 == row and found[-1][2] == font:
            found[-1] = (found[-1][0], row, font)
        else:
            found.append((row, row, font))
    return runs


def _elements(archive: zipfile.ZipFile, part: str, names: Sequence[str]) -> Iterator[etree._Element]:
    """Elements of a part by local name, one after the other, freed behind; no entities, no network."""
    with archive.open(part) as content:
        walk = etree.iterparse(
            content,
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
        )
        for _, element in walk:
            yield element
            element.clear()
            while element.getprevious() is not None:
                parent = element.getparent()
                if parent is None:
                    break
                del parent[0]


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
