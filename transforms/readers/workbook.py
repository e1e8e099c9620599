"""Any file that an office sends, as sheets of text."""

from __future__ import annotations

from typing import BinaryIO

from transforms.readers.csv import read_csv
from transforms.readers.detect import detect
from transforms.readers.excel import read_excel
from transforms.readers.html import read_html
from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.model import UnreadableFileError, Workbook

_LOCK_PREFIX = "~$"


def read_workbook(file: BinaryIO, name: str, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Every sheet of an open seekable binary file, all cells as text.

    ``name`` is the file name as received; it never decides the format. Raises UnreadableFileError:
    ``file.temporary``, the codes of ``detect``, ``file.csv.quotes``.
    """
    if name.startswith(_LOCK_PREFIX):
        raise UnreadableFileError("file.temporary")
    detected = detect(file, limits)
    if detected.container == "html":
        sheets = read_html(file, detected.encoding)
    elif detected.container == "csv":
        sheets = read_csv(file, detected.encoding)
    else:
        sheets = read_excel(file, detected.container)
    return Workbook(detected.container, sheets)
