"""Packed workbooks (xlsx, xlsb, ods): which one it is, and whether it is safe to unpack."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_FOREIGN = (
    ("word/", "tài liệu Word"),
    ("ppt/", "bài trình chiếu PowerPoint"),
    ("visio/", "bản vẽ Visio"),
)
_ENCRYPTED_FLAG = 0x1
# What zipfile raises over damaged bytes; ValueError covers seeks before the start and undecodable names.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, struct.error)
_CHUNK = 1 << 20
_MOST_MEMBERS = 10_000
# A cell that holds something. Cells with a style only end in "/>" and take no place when read.
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^/>])?>')
_SHEET_PART = re.compile(r"^xl/worksheets/[^/]+\.xml$")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="(?:[A-Z]{1,3}\d+:)?([A-Z]{1,3})(\d{1,7})"')
_SCAN_ALWAYS_BYTES = 4 << 20


def detect_package(file: BinaryIO, limits: Limits) -> str:
    """Container of a zip file: xlsx, xlsb or ods, after every member was unpacked once and checked.

    Unpacking here, piece by piece, proves sizes and checksums before a reader takes the whole into
    memory. Raises UnreadableFileError ``file.broken``, ``file.encrypted``, ``file.too_large`` or
    ``file.unknown_format``.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_encryption(archive)
            container = _container(archive)
            _check_members(archive, limits)
    except _DAMAGE as error:
        raise UnreadableFileError("file.broken") from error
    return container


def _container(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype").strip()
        if kind == _ODS_TYPE:
            manifest = "META-INF/manifest.xml"
            if (
                manifest in names
                and archive.getinfo(manifest).file_size < _CHUNK
                and b"encryption-data" in archive.read(manifest)
            ):
                raise UnreadableFileError("file.encrypted")
            return "ods"
        raise UnreadableFileError("file.unknown_format", seems="tài liệu OpenDocument không phải bảng tính")
    for prefix, seems in _FOREIGN:
        if any(name.startswith(prefix) for name in names):
            raise UnreadableFileError("file.unknown_format", seems=seems)
    raise UnreadableFileError("file.unknown_format", seems="tệp nén ZIP")


def _check_encryption(archive: zipfile.ZipFile) -> None:
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in archive.infolist()):
        raise UnreadableFileError("file.encrypted")


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS or total > limits.unpacked_bytes:
        raise UnreadableFileError("file.too_large")
    for member in members:
        # zipfile stops at the declared size and then compares the checksum, so a member that lies
        # about its size ends as broken here.
        with archive.open(member) as part:
            head = part.read(_CHUNK)
            is_sheet = _SHEET_PART.match(member.filename) is not None
            is_watched = is_sheet and (
                member.file_size <= _SCAN_ALWAYS_BYTES or _declared_area(head) > limits.cells
            )
            area = _Area()
            tail = b""
            chunk = head
            while chunk:
                if is_watched:
                    area.widen(tail + chunk)
                    if area.cells > limits.cells:
                        raise UnreadableFileError("file.too_large")
                    tail = chunk[-200:]
                chunk = part.read(_CHUNK)


class _Area:
    """The rectangle from A1 that holds every filled cell seen so far."""

    def __init__(self) -> None:
        self._columns = 0
        self._rows = 0

    def widen(self, text: bytes) -> None:
        for letters, row in _FILLED_CELL.findall(text):
            self._columns = max(self._columns, _column_number(letters))
            self._rows = max(self._rows, int(row))

    @property
    def cells(self) -> int:
        return self._columns * self._rows


def _declared_area(head: bytes) -> int:
    found = _DIMENSION.search(head)
    return _column_number(found[1]) * int(found[2]) if found else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
