"""Any file that an office sends, as sheets of text."""

from __future__ import annotations

from typing import BinaryIO

from transforms.readers.csv import read_csv
from transforms.readers.detect import Detected, detect
from transforms.readers.excel import read_excel
from transforms.readers.html import read_html
from transforms.readers.legacy.fonts import XlsxFonts
from transforms.readers.legacy.mend import mend_sheets
from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.mhtml import read_mhtml
from transforms.readers.model import RawSheet, UnreadableFileError, Workbook
from transforms.readers.package import ARCHIVE
from transforms.readers.xml2003 import read_xml2003

_LOCK_PREFIX = "~$"
_TEXTS = {"csv": read_csv, "html": read_html, "xml2003": read_xml2003}
_SHOWN_AS = {"mhtml": "html"}
"""A page saved in one file is a page like any other once it is unpacked; profiles need not tell them apart."""


def read_workbook(file: BinaryIO, name: str, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Every sheet of an open seekable binary file, all cells as text in Unicode.

    ``name`` is the file name as received; it never decides the format. Raises UnreadableFileError:
    ``file.temporary``, ``file.archive.nested`` for an archive, whose files are deliveries of their own
    (archive.py), and the codes of ``detect`` and of each container's reader.
    """
    if name.startswith(_LOCK_PREFIX):
        raise UnreadableFileError("file.temporary")
    detected = detect(file, limits)
    if detected.container == ARCHIVE:
        raise UnreadableFileError("file.archive.nested")
    mended = mend_sheets(
        _read_sheets(file, detected, limits), XlsxFonts(file) if detected.container == "xlsx" else None
    )
    container = _SHOWN_AS.get(detected.container, detected.container)
    return Workbook(container, mended.sheets, mended.findings)


def _read_sheets(file: BinaryIO, detected: Detected, limits: Limits) -> tuple[RawSheet, ...]:
    if detected.container in _TEXTS:
        return _TEXTS[detected.container](file, detected.encoding, limits)
    if detected.container == "mhtml":
        return read_mhtml(file, limits)
    return read_excel(file, detected.container, detected.package)
