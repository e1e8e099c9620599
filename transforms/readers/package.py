"""Packed workbooks (xlsx, xlsb, ods): which one it is, and whether it is safe to unpack."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.package_area import (
    CARRY,
    BinarySheetArea,
    HiddenSheets,
    OdsArea,
    SheetArea,
    may_hold_errors,
    may_reach_far,
)
from transforms.readers.package_texts import SharedTexts

ARCHIVE = "zip"
"""A zip file that is no document of a known kind: other files lie in it."""
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_FOREIGN = (
    ("word/document.xml", "tài liệu Word"),
    ("ppt/presentation.xml", "bài trình chiếu PowerPoint"),
    ("visio/document.xml", "bản vẽ Visio"),
)
_ENCRYPTED_FLAG = 0x1
# What zipfile raises over damaged bytes; ValueError covers seeks before the start and undecodable names.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, NotImplementedError, ValueError),
)
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that office programs use; others may ask for gigabytes before a byte comes out."""
_CHUNK = 1 << 20
_MOST_MEMBERS = 10_000
_SHARED_TEXTS = re.compile(rb"<(?:\w+:)?sst\b")
_BINARY_PART = re.compile(r"^/?xl/(?!printerSettings|sharedStrings|vbaProject).*\.bin$", re.IGNORECASE)
_BINARY_SHARED_TEXTS = "sharedstrings.bin"
_WORKBOOK_PART = "xl/workbook.xml"
_ODS_CONTENT_PART = "content.xml"
SCAN_ALWAYS_BYTES = 4 << 20
"""Sheets up to this size are looked at cell by cell; larger ones only where it is needed."""
_SCAN_HEAD = 4096
_READ_AHEAD_ABOVE = 8 << 20
_FROM_HERE = 1
_LOCAL_HEADER = struct.Struct("<26x2H")
"""Of a member's own header the lengths of its name and of its extra fields, which lie before the content."""


@dataclass(frozen=True, slots=True)
class Package:
    """Container of a zip file (xlsx, xlsb, ods or ``zip``) and what unpacking it once has shown."""

    container: str
    has_errors: bool = True
    """False where it is certain that no cell holds an error such as #N/A; told for xlsx only."""
    hidden_sheets: frozenset[str] = frozenset()
    """Names; told for xlsx only."""


def detect_package(file: BinaryIO, limits: Limits) -> Package:
    """What a zip file is; a workbook is unpacked once and checked.

    Unpacking here, piece by piece, proves sizes and checksums before a reader takes the whole into
    memory, and tells how much memory the cells will ask for. Raises UnreadableFileError ``file.broken``,
    ``file.encrypted``, ``file.too_large``, ``file.xml.entities`` or ``file.unknown_format``.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            container = find_container(archive)
            if container == ARCHIVE:
                return Package(container)
            _check_encryption(archive)
            return _check_members(archive, container, limits)
    except DAMAGE as error:
        raise UnreadableFileError("file.broken") from error


def find_container(archive: zipfile.ZipFile) -> str:
    """Container that the names of the parts tell; ``zip`` where they tell none.

    Raises UnreadableFileError ``file.encrypted`` or ``file.unknown_format``, and what zipfile raises over
    damage (``DAMAGE``).
    """
    names = set(archive.namelist())
    if _WORKBOOK_PART in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        _check_encryption(archive)
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
    for part, seems in _FOREIGN:
        if part in names:
            raise UnreadableFileError("file.unknown_format", seems=seems)
    return ARCHIVE


def _check_encryption(archive: zipfile.ZipFile) -> None:
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in archive.infolist()):
        raise UnreadableFileError("file.encrypted")


def _check_members(archive: zipfile.ZipFile, container: str, limits: Limits) -> Package:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS or total > limits.unpacked_bytes:
        raise UnreadableFileError("file.too_large")
    if any(member.compress_type not in PACKINGS for member in members):
        raise UnreadableFileError("file.broken")
    texts = SharedTexts(limits.unpacked_bytes)
    sheets: list[zipfile.ZipInfo] = []
    has_errors = container != "xlsx"
    hidden = HiddenSheets()
    for member in members:
        pieces = _pieces(archive, member)
        head = next(pieces, b"")
        whole = chain((head,), pieces)
        # Parts are found by relations, so their names do not bind; what they hold does.
        if container == "ods" and member.filename == _ODS_CONTENT_PART:
            OdsArea(limits).follow(whole)
        elif member.filename == _WORKBOOK_PART:
            hidden.follow(whole)
        elif container == "xlsx" and b"sheetData" in head:
            has_errors |= _check_sheet(whole, archive, member, limits)
            sheets.append(member)
            texts.add_sheet(member.file_size)
        elif container == "xlsb" and _BINARY_PART.match(member.filename):
            texts.add_references(BinarySheetArea(limits.cells).follow(whole))
        elif container == "xlsx" and _SHARED_TEXTS.search(head[:_SCAN_HEAD]):
            texts.read(whole, is_binary=False)
        elif member.filename.casefold().endswith(_BINARY_SHARED_TEXTS):
            texts.read(whole, is_binary=True)
        else:
            for _ in pieces:
                pass
    if texts.may_overflow:
        texts.check(_pieces(archive, member) for member in sheets)
    return Package(container, has_errors, hidden.names)


def _check_sheet(
    pieces: Iterator[bytes], archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits
) -> bool:
    has_errors = False
    is_watched = member.file_size <= SCAN_ALWAYS_BYTES
    before = b""
    for piece in pieces:
        joint = before[-2 * CARRY :] + piece[: 2 * CARRY]
        is_watched = is_watched or may_reach_far(piece) or may_reach_far(joint)
        has_errors = has_errors or may_hold_errors(piece) or may_hold_errors(joint)
        before = piece
    if not is_watched:
        return has_errors
    area = SheetArea(limits.cells)
    area.follow(_pieces(archive, member))
    return area.has_errors


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What really comes out of a member; zipfile.BadZipFile where that is not what the directory declares."""
    is_large = member.file_size > _READ_AHEAD_ABOVE and member.compress_type == zipfile.ZIP_DEFLATED
    if not is_large:
        # zipfile stops at the declared size and then compares the checksum, so a member that lies
        # about its size ends as broken here.
        with archive.open(member) as part:
            while piece := part.read(_CHUNK):
                yield piece
        return
    # Unpacking lets other threads run: the next piece is unpacked while this one is looked at. The
    # checksum is left to the reader, which compares it again.
    unpacked = _inflated(archive, member)
    with ThreadPoolExecutor(1) as ahead:
        waiting = ahead.submit(next, unpacked, b"")
        while piece := waiting.result():
            waiting = ahead.submit(next, unpacked, b"")
            yield piece


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    file = archive.fp
    if file is None:
        raise zipfile.BadZipFile("closed")
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("no member where the directory says")
    file.seek(sum(_LOCAL_HEADER.unpack(header)), _FROM_HERE)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    packed_left, produced = member.compress_size, 0
    while not unpacker.eof and produced <= member.file_size:
        packed = unpacker.unconsumed_tail or file.read(min(_CHUNK >> 3, packed_left))
        packed_left -= 0 if unpacker.unconsumed_tail else len(packed)
        piece = unpacker.decompress(packed, _CHUNK)
        if not piece and not packed:
            break
        produced += len(piece)
        if piece:
            yield piece
    if produced != member.file_size or not unpacker.eof:
        raise zipfile.BadZipFile("size is not what the directory says")
