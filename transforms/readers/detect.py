"""What a file is, told by its content; the extension is never trusted (EXPORTS.md 5)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

from transforms.readers import ole
from transforms.readers.biff import check_workbook_stream
from transforms.readers.encoding import detect_encoding
from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.package import detect_package

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
_TABLE_END = re.compile(rb"</\s*(?:table|html|body)\s*>", re.I)


@dataclass(frozen=True, slots=True)
class Detected:
    """Container of a file and, for text, the codec of its bytes.

    ``container``: xlsx, xlsb, ods, xls, html or csv. ``encoding``: utf-8, utf-8-sig, utf-16 or cp1258;
    empty for workbooks.
    """

    container: str
    encoding: str = ""


def detect(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Detected:
    """Container and encoding of an open seekable binary file.

    Raises UnreadableFileError: ``file.empty``, ``file.too_large``, ``file.broken``, ``file.encrypted``,
    ``file.unknown_format`` (parameter ``seems``) or ``file.encoding.unknown``.
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
        return Detected(detect_package(file, limits))
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
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf16 and b"\x00" in head:
        raise UnreadableFileError("file.unknown_format", seems="tệp nhị phân")
    encoding = detect_encoding(file)
    start = head.decode(encoding, errors="ignore")
    if not start.strip("\ufeff \t\r\n\x00"):
        file.seek(0)
        if size <= _HEAD or not file.read().decode(encoding, errors="ignore").strip("\ufeff \t\r\n\x00"):
            raise UnreadableFileError("file.empty")
    body = _PROLOGUE.sub("", start.removeprefix("\ufeff"), count=1)
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and re.search(r"<(?:\w+:)?Workbook\b", start):
        raise UnreadableFileError("file.unknown_format", seems="bảng tính XML 2003 (SpreadsheetML)")
    if body.startswith("<"):
        if _HTML_START.search(start):
            _check_html_end(file, encoding, size)
            return Detected("html", encoding)
        raise UnreadableFileError("file.unknown_format", seems="tệp XML")
    if body.startswith(("{", "[{")):
        raise UnreadableFileError("file.unknown_format", seems="tệp JSON")
    if start.startswith(("MIME-Version:", "Content-Type: multipart")):
        raise UnreadableFileError("file.unknown_format", seems="trang web lưu một tệp (MHTML)")
    return Detected("csv", encoding)


def _check_html_end(file: BinaryIO, encoding: str, size: int) -> None:
    """Refuse a page whose table never ends: the copy stopped half-way and rows are missing."""
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    if encoding == "utf-16":
        tail = tail.replace(b"\x00", b"")
    if not _TABLE_END.search(tail):
        raise UnreadableFileError("file.broken")
