"""Texts that cells share ("shared strings"): one long text and a million cells that point at it fill any memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from transforms.readers.model import UnreadableFileError
from transforms.readers.package_area import record_lengths

_SHORTEST_CELL = len('<c t="s"><v>0</v></c>')
_REFERENCE = re.compile(
    rb"""\bt\s*=\s*["']s["'][^>]*>\s*(?:<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>\s*)?<(?:\w+:)?v>\s*(\d{1,9})"""
)
_CARRY = 400


class SharedTexts:
    """The shared texts of a workbook against the number of cells that point at them."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lengths: list[int] = []
        self._references = 0

    def add_references(self, count: int) -> None:
        """So many cells of one sheet point at shared texts."""
        self._references += count

    def add_sheet(self, size: int) -> None:
        """A sheet of that many bytes of XML: it holds at most so many cells."""
        self._references += size // _SHORTEST_CELL

    def read(self, pieces: Iterable[bytes], *, is_binary: bool) -> None:
        """Lengths of the texts, markup included."""
        content = b"".join(pieces)
        if is_binary:
            self._lengths = list(record_lengths(content))
        else:
            self._lengths = [len(text) for text in re.split(rb"<(?:\w+:)?si\b", content)[1:]]

    @property
    def may_overflow(self) -> bool:
        """True when the longest text in every cell would pass the limit: then each cell has to be looked at."""
        return max(self._lengths, default=0) * self._references > self._most

    def check(self, sheets: Iterable[Iterator[bytes]]) -> None:
        """Raise ``file.too_large`` when the texts of all cells together pass the limit."""
        lengths = np.array([*self._lengths, 0], np.int64)
        total = 0
        for pieces in sheets:
            before = b""
            for piece in pieces:
                content = before + piece
                end = 0
                for found in _REFERENCE.finditer(content):
                    end = found.end()
                    total += int(lengths[min(int(found[1]), len(lengths) - 1)])
                if total > self._most:
                    raise UnreadableFileError("file.too_large")
                before = content[max(end, len(content) - _CARRY) :]
