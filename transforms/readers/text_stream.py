"""A text file as a stream of UTF-8, decoded piece by piece so that its size does not matter."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

import numpy as np
import pyarrow as pa

_CHUNK = 1 << 20
_PIECE = 1 << 22
_LINE_FEED = ord("\n")
UTF8 = ("utf-8", "utf-8-sig")
REPLACEMENT = "\ufffd"
"""Stands where bytes were that say no letter."""
_REPLACEMENT_BYTES = REPLACEMENT.encode()
_LEADS = 0xC0
"""First bytes of letters of several bytes start here; those below are further bytes, or ASCII."""


class Utf8Stream(io.RawIOBase):
    """The file's text as UTF-8 bytes without a byte order mark.

    Bytes that the encoding does not know become U+FFFD, so that one bad byte costs one letter and not
    the file. What has been read is counted: ``line_feeds``, ``quotes``, ``last_byte``, ``is_damaged``.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        super().__init__()
        file.seek(0)
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._is_utf8 = encoding in UTF8
        self._marks = _marks(encoding)
        self._cut = b""
        self._ready = b""
        self._taken = 0
        self._is_at_start = True
        self._is_at_end = False
        self.line_feeds = 0
        self.quotes = 0
        self.last_byte = b""
        self.is_damaged = False

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, everything that is left when it is negative; empty at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        if self._taken == len(self._ready):
            self._fill()
        taken = self._ready[self._taken : self._taken + size]
        self._taken += len(taken)
        return taken

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as one piece reaches; 0 at the end."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        taken = self.read(len(view))
        view[: len(taken)] = taken
        return len(taken)

    def _fill(self) -> None:
        self._ready, self._taken = b"", 0
        while not self._ready and not self._is_at_end:
            chunk = self._file.read(_CHUNK)
            self._is_at_end = not chunk
            content, self._cut = self._cut + chunk, b""
            if not (self._is_utf8 and self._take_whole_letters(content, is_last=not chunk)):
                text = self._decoder.decode(content, final=not chunk)
                self._ready = text.encode("utf-8", errors="replace")
            if self._is_at_start and self._ready:
                self._is_at_start = False
                for _ in range(self._marks):
                    self._ready = self._ready.removeprefix(codecs.BOM_UTF8)
            # A letter that an earlier program had already lost counts too.
            self.is_damaged = self.is_damaged or _REPLACEMENT_BYTES in self._ready
            self.line_feeds += self._ready.count(b"\n")
            self.quotes += self._ready.count(b'"')
            self.last_byte = self._ready[-1:] or self.last_byte

    def _take_whole_letters(self, content: bytes, *, is_last: bool) -> bool:
        """Take the bytes as they are up to the last whole letter; False from the first bad ones on."""
        end = len(content) if is_last else _end_of_letters(content)
        letters = content[:end]
        if not _is_valid(letters):
            self._is_utf8 = False
            # The decoder takes a mark of its own off the start, and must not in the middle.
            self._marks = 1
            if not self._is_at_start:
                self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
            return False
        self._ready, self._cut = letters, content[end:]
        return True


class QuotedTextError(Exception):
    """The text has quotation marks."""


class UncheckedUtf8Stream(io.RawIOBase):
    """The bytes of a text file in UTF-8 without its byte order mark, for who finds bad bytes himself.

    It holds no quotation marks: reading one raises QuotedTextError. What has been read is counted as in
    ``Utf8Stream``: ``line_feeds``, ``last_byte``.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        super().__init__()
        file.seek(0)
        self._file = file
        self._marks = _marks(encoding)
        self._is_at_start = True
        self.line_feeds = 0
        self.last_byte = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, fewer than a file would give; empty at the end."""
        piece = self._file.read(_PIECE if size < 0 else min(size, _PIECE))
        if self._is_at_start:
            self._is_at_start = False
            for _ in range(self._marks):
                piece = piece.removeprefix(codecs.BOM_UTF8)
        if b'"' in piece:
            raise QuotedTextError
        # Five times as quick as counting in bytes, where there are many.
        self.line_feeds += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == _LINE_FEED))
        self.last_byte = piece[-1:] or self.last_byte
        return piece


def _marks(encoding: str) -> int:
    """How many byte order marks at the start are none of the text."""
    return 2 if encoding == UTF8[1] else 1


def _end_of_letters(content: bytes) -> int:
    """Where the last letter ends that is not cut off in the middle."""
    for back in range(1, min(3, len(content)) + 1):
        lead = content[-back]
        if lead >= _LEADS:
            return len(content) - back if back < _length_of(lead) else len(content)
    return len(content)


def _length_of(lead: int) -> int:
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


def _is_valid(content: bytes) -> bool:
    """True for valid UTF-8; Arrow's check is ten times quicker than decoding."""
    ends = pa.py_buffer(np.array([0, len(content)], np.int32))
    try:
        pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(content)]).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True
