"""What a file is, told by its content; the extension is never trusted (EXPORTS.md 5)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from transforms.readers import ole
from transforms.readers.biff import check_workbook_stream
from transforms.readers.encoding import detect_encoding, utf16_codec
from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.package import Package, detect_package
from transforms.readers.xml2003 import NAMESPACE as SPREADSHEET_2003

_HEAD = 8192
_FROM_END = 2
_TAIL = 4096
_MAGIC = (
    (b"%PDF", "tệp PDF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"BM", "ảnh BMP"),
    (b"II*\x00", "ảnh TIFF"),
    (b"MM\x00*", "ảnh TIFF"),
    (b"{\\rtf", "văn bản RTF"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7-Zip"),
    (b"\x1f\x8b", "tệp nén GZIP"),
    (b"MZ", "tệp chương trình"),
    (b"SQLite format 3", "tệp cơ sở dữ liệu SQLite"),
    (b"PAR1", "tệp Parquet"),
)
_OLE_FOREIGN = (
    ("WordDocument", "tài liệu Word 97-2003"),
    ("PowerPoint Document", "bài trình chiếu PowerPoint 97-2003"),
    ("__properties_version1.0", "thư Outlook"),
)
_HTML_START = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|meta|style|title|div|tr|thead|tbody)\b", re.I
)
_PROLOGUE = re.compile(r"^(?:\s|<\?.*?\?>|<!--.*?-->)*", re.S)
_XML_2003 = re.compile(r"^<(?:[\w.-]+:)?Workbook\b")
_XML_2003_END = re.compile(rb"</\s*(?:[\w.-]+:)?Workbook\s*>\s*$")
_DECLARATION = re.compile(r"<!DOCTYPE(?!\s+html\b)", re.I)
_MHTML = re.compile(r"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.I)
_TABLE_END = re.compile(rb"</\s*(?:table|html|body)\s*>", re.I)


@dataclass(frozen=True, slots=True)
class Detected:
    """Container of a file and, for text, the codec of its bytes.

    ``container``: xlsx, xlsb, ods, xls, xml2003, html, mhtml or csv; zip for an archive of other files.
    ``encoding``: a codec name of ``detect_encoding``; empty for what is no plain text.
    """

    container: str
    encoding: str = ""
    package: Package | None = field(default=None, compare=False)
    """What unpacking has shown, for packed workbooks."""


def detect(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Detected:
    """Container and encoding of an open seekable binary file.

    Raises UnreadableFileError: ``file.empty``, ``file.too_large``, ``file.broken``, ``file.encrypted``,
    ``file.unknown_format`` (parameter ``seems``), ``file.xml.entities`` or ``file.encoding.unknown``.
    """
    size = file.seek(0, _FROM_END)
    if size == 0:
        raise UnreadableFileError("file.empty")
    if size > limits.file_bytes:
        raise UnreadableFileError("file.too_large")
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(ole.MAGIC):
        return Detected(_detect_compound(file, limits))
    if head.startswith(b"PK"):
        package = detect_package(file, limits)
        return Detected(package.container, package=package)
    # A few Excel exports of old programs are a bare BIFF stream without the compound file around it.
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00") and head[2:4] in (
        b"\x10\x00",
        b"\x08\x00",
        b"\x06\x00",
        b"\x04\x00",
    ):
        raise UnreadableFileError("file.unknown_format", seems="tệp Excel đời rất cũ")
    for magic, seems in _MAGIC:
        if head.startswith(magic):
            raise UnreadableFileError("file.unknown_format", seems=seems)
    return _detect_text(file, head, size)


def _detect_compound(file: BinaryIO, limits: Limits) -> str:
    try:
        compound = ole.CompoundFile(file)
        names = compound.names
        if names & {"EncryptedPackage", "EncryptionInfo"}:
            raise UnreadableFileError("file.encrypted")
        books = [name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in names]
        if books:
            check_workbook_stream(compound.read(books[0]), limits)
            return "xls"
    except (ole.BrokenCompoundFileError, struct.error) as error:
        raise UnreadableFileError("file.broken") from error
    for name, seems in _OLE_FOREIGN:
        if any(found.startswith(name) for found in names):
            raise UnreadableFileError("file.unknown_format", seems=seems)
    raise UnreadableFileError("file.unknown_format", seems="tệp Office 97-2003 không phải bảng tính")


def _detect_text(file: BinaryIO, head: bytes, size: int) -> Detected:
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_codec(head)
    if not is_utf16 and b"\x00" in head:
        raise UnreadableFileError("file.unknown_format", seems="tệp nhị phân")
    encoding = detect_encoding(file)
    start = head.decode(encoding, errors="ignore")
    if not start.strip("\ufeff \t\r\n\x00"):
        file.seek(0)
        if size <= _HEAD or not file.read().decode(encoding, errors="ignore").strip("\ufeff \t\r\n\x00"):
            raise UnreadableFileError("file.empty")
    body = _PROLOGUE.sub("", start.removeprefix("\ufeff"), count=1)
    if body.startswith("<"):
        return Detected(_detect_markup(file, start, body, encoding, size), encoding)
    if body.startswith(("{", "[{")):
        raise UnreadableFileError("file.unknown_format", seems="tệp JSON")
    if _MHTML.match(body):
        return Detected("mhtml")
    return Detected("csv", encoding)


def _detect_markup(file: BinaryIO, start: str, body: str, encoding: str, size: int) -> str:
    if _DECLARATION.match(body):
        # Entities that a document declares can name files of this machine or grow without end.
        raise UnreadableFileError("file.xml.entities")
    if _XML_2003.match(body) and SPREADSHEET_2003 in body:
        _check_end(file, encoding, size, _XML_2003_END)
        return "xml2003"
    if _HTML_START.search(start):
        _check_end(file, encoding, size, _TABLE_END)
        return "html"
    raise UnreadableFileError("file.unknown_format", seems="tệp XML")


def _check_end(file: BinaryIO, encoding: str, size: int, end: re.Pattern[bytes]) -> None:
    """Refuse a document whose table never ends: the copy stopped half-way and rows are missing."""
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    if encoding.startswith("utf-16"):
        tail = tail.replace(b"\x00", b"")
    if not end.search(tail):
        raise UnreadableFileError("file.broken")
