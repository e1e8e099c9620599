"""Shared texts of an Excel 97-2003 workbook ([MS-XLS] 2.4.265): how long each is, without reading it.

The reader gives every cell a copy of its text, so that one long text and a million cells that point at it
fill any memory, from a file of a few megabytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

_HEAD = struct.Struct("<HB")
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08
_RUN = 4


class SharedLengths:
    """The shared texts of a workbook against the cells that point at them."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        self._references: list[int] = []

    def add_texts(self, blocks: Sequence[bytes]) -> None:
        """An SST record with the CONTINUE records behind it; of several tables the longer text counts."""
        found = text_lengths(blocks)
        self._lengths = [max(pair) for pair in zip_longest(self._lengths, found, fillvalue=0)]

    def add_reference(self, index: int) -> None:
        """One cell that shows the text of that place."""
        self._references.append(index)

    @property
    def total(self) -> int:
        """Bytes of the texts of all cells, as the file spells them; a cell that points nowhere has none."""
        lengths = np.array([*self._lengths, 0], np.int64)
        places = np.minimum(np.array(self._references, np.int64), len(lengths) - 1)
        return int(lengths[places].sum())


def text_lengths(blocks: Sequence[bytes]) -> list[int]:
    """Bytes of the characters of each text, in order; up to the first one that cannot be followed."""
    if not blocks or len(blocks[0]) < 8:
        return []
    count = struct.unpack_from("<I", blocks[0], 4)[0]
    cursor = _Cursor(blocks, 8)
    lengths: list[int] = []
    try:
        while len(lengths) < count and not cursor.is_at_end:
            characters, flags = _HEAD.unpack(cursor.take(_HEAD.size))
            runs = struct.unpack("<H", cursor.take(2))[0] if flags & _RICH else 0
            extension = struct.unpack("<I", cursor.take(4))[0] if flags & _EXTENDED else 0
            lengths.append(cursor.pass_characters(characters, bool(flags & _WIDE)))
            cursor.take(_RUN * runs + extension)
    except EOFError:
        pass
    return lengths


class _Cursor:
    """A place in the blocks of one table; raises EOFError behind the last."""

    def __init__(self, blocks: Sequence[bytes], offset: int) -> None:
        self._blocks = blocks
        self._block = 0
        self._offset = offset

    @property
    def is_at_end(self) -> bool:
        while self._block < len(self._blocks) and self._offset >= len(self._blocks[self._block]):
            self._go_on()
        return self._block >= len(self._blocks)

    def take(self, size: int) -> bytes:
        """So many bytes, over the ends of blocks."""
        taken = b""
        while len(taken) < size:
            if self.is_at_end:
                raise EOFError
            piece = self._blocks[self._block][self._offset : self._offset + size - len(taken)]
            self._offset += len(piece)
            taken += piece
        return taken

    def pass_characters(self, count: int, is_wide: bool) -> int:
        """Bytes of so many characters; a block that goes on with them says anew how wide they are."""
        passed = 0
        while True:
            width = 2 if is_wide else 1
            here = min(count, (len(self._blocks[self._block]) - self._offset) // width)
            self._offset += here * width
            passed += here * width
            count -= here
            if not count:
                return passed
            self._go_on()
            if self._block >= len(self._blocks) or not self._blocks[self._block]:
                raise EOFError
            is_wide = bool(self._blocks[self._block][0] & _WIDE)
            self._offset = 1

    def _go_on(self) -> None:
        self._block += 1
        self._offset = 0
