"""Streams of an OLE2 compound file, enough to tell old Excel from a locked workbook."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
_ENTRY = 128
_STREAM = 2
_MINI_STREAM = 4096
_HEADER_FAT_SECTORS = 109
_MOST_DIRECTORY_SECTORS = 4096


class BrokenCompoundFileError(ValueError):
    """The compound file is cut short or its directory cannot be followed."""


@dataclass(frozen=True, slots=True)
class Stream:
    """First bytes of a stream, one sector at most; empty where it is too short to have its own sectors."""

    name: str
    start: bytes


def read_streams(file: BinaryIO) -> dict[str, Stream]:
    """All streams and storages by name ([MS-CFB] 2.2 header, 2.3 FAT, 2.6 directory).

    Raises BrokenCompoundFileError when the directory cannot be read.
    """
    file.seek(0)
    header = file.read(512)
    if len(header) < 512 or not header.startswith(MAGIC):
        raise BrokenCompoundFileError("header")
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        raise BrokenCompoundFileError("sector size")
    size = 1 << shift
    sector = struct.unpack_from("<I", header, 48)[0]
    # The FAT sectors named in the header cover 6.8 MB of 512-byte sectors; the directory of a file
    # written by an office suite starts inside that span.
    fat_sectors = struct.unpack_from(f"<{_HEADER_FAT_SECTORS}I", header, 76)
    streams: dict[str, Stream] = {}
    for _ in range(_MOST_DIRECTORY_SECTORS):
        if sector >= _END:
            return streams
        for name, first, length in _entries(_sector(file, sector, size)):
            start = _sector(file, first, size) if length >= _MINI_STREAM and first < _END else b""
            streams[name] = Stream(name, start)
        sector = _next_sector(file, sector, size, fat_sectors)
    raise BrokenCompoundFileError("directory does not end")


def _entries(block: bytes) -> Iterator[tuple[str, int, int]]:
    """Name, first sector and length of every stream in one sector of the directory."""
    for offset in range(0, len(block), _ENTRY):
        name_length = struct.unpack_from("<H", block, offset + 64)[0]
        if not 2 < name_length <= 64:
            continue
        name = block[offset : offset + name_length - 2].decode("utf-16-le", errors="replace")
        first, length = struct.unpack_from("<II", block, offset + 116)
        yield name, first, length if block[offset + 66] == _STREAM else 0


def _next_sector(file: BinaryIO, sector: int, size: int, fat_sectors: tuple[int, ...]) -> int:
    per_sector = size // 4
    index, place = divmod(sector, per_sector)
    if index >= len(fat_sectors) or fat_sectors[index] >= _END:
        return _END
    entry: int = struct.unpack_from("<I", _sector(file, fat_sectors[index], size), place * 4)[0]
    return entry


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    block = file.read(size)
    if len(block) < size:
        raise BrokenCompoundFileError("cut short")
    return block
