"""OLE2 compound files ([MS-CFB]): the streams of old Office files, read defensively.

The Excel reader trusts what it finds and can take the whole process down over a damaged file, so the
workbook stream is taken out and looked at here first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_MINI_SECTOR = 64
_HEADER_FAT = struct.Struct("<109I")


class BrokenCompoundFileError(ValueError):
    """The compound file is cut short or one of its chains cannot be followed."""


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    first: int
    length: int


class CompoundFile:
    """The directory of a compound file; raises BrokenCompoundFileError when it cannot be read."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._content = file.read()
        header = self._content[:512]
        if len(header) < 512 or not header.startswith(MAGIC):
            raise BrokenCompoundFileError("header")
        shift = struct.unpack_from("<H", header, 30)[0]
        if shift not in (9, 12):
            raise BrokenCompoundFileError("sector size")
        self._size = 1 << shift
        directory, self._mini_cutoff, mini_fat, _, more_fat = struct.unpack_from("<I4xIIII", header, 48)
        self._fat = self._read_fat(_HEADER_FAT.unpack_from(header, 76), more_fat)
        self._mini_fat = self._numbers(self._chain(mini_fat))
        self._entries = dict(self._read_entries(self._chain(directory)))

    @property
    def names(self) -> frozenset[str]:
        """Names of all streams and storages."""
        return frozenset(self._entries)

    def read(self, name: str) -> bytes:
        """The content of the stream of that name; KeyError when there is none."""
        entry = self._entries[name]
        if entry.kind != _STREAM:
            raise BrokenCompoundFileError("not a stream")
        if entry.length >= self._mini_cutoff:
            content = self._chain(entry.first)
        else:
            content = self._mini_chain(entry.first)
        if len(content) < entry.length:
            raise BrokenCompoundFileError("stream cut short")
        return content[: entry.length]

    def _read_fat(self, sectors: tuple[int, ...], more: int) -> tuple[int, ...]:
        listed = [sector for sector in sectors if sector < _LAST]
        for _ in range(len(self._content) // self._size + 1):
            if more >= _LAST:
                return self._numbers(b"".join(map(self._sector, listed)))
            *found, more = self._numbers(self._sector(more))
            listed += [sector for sector in found if sector < _LAST]
        raise BrokenCompoundFileError("list of tables does not end")

    def _chain(self, sector: int) -> bytes:
        return b"".join(map(self._sector, self._follow(sector, self._fat)))

    def _mini_chain(self, sector: int) -> bytes:
        root = next((entry for entry in self._entries.values() if entry.kind == _ROOT), None)
        if root is None:
            raise BrokenCompoundFileError("no root")
        container = self._chain(root.first)
        places = (number * _MINI_SECTOR for number in self._follow(sector, self._mini_fat))
        return b"".join(container[place : place + _MINI_SECTOR] for place in places)

    def _follow(self, sector: int, table: tuple[int, ...]) -> Iterator[int]:
        left = len(table)
        while sector < _LAST:
            if sector >= len(table) or left == 0:
                raise BrokenCompoundFileError("chain does not end")
            yield sector
            sector = table[sector]
            left -= 1

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        block = self._content[start : start + self._size]
        # The last sector of a file may be shorter; any other gap means that the file was cut.
        if not block:
            raise BrokenCompoundFileError("cut short")
        return block.ljust(self._size, b"\0")

    @staticmethod
    def _numbers(block: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(block) // 4}I", block)

    @staticmethod
    def _read_entries(block: bytes) -> Iterator[tuple[str, _Entry]]:
        for offset in range(0, len(block), _ENTRY):
            name_length = struct.unpack_from("<H", block, offset + 64)[0]
            if not 2 < name_length <= 64:
                continue
            name = block[offset : offset + name_length - 2].decode("utf-16-le", errors="replace")
            first, length = struct.unpack_from("<II", block, offset + 116)
            yield name, _Entry(block[offset + 66], first, length)
