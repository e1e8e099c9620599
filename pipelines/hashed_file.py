"""A file that is hashed while it is read, so that its bytes need not be read once more for it."""

from __future__ import annotations

import hashlib
import io
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import BinaryIO

_PIECE = 1 << 22
_MOST_WAITING = 4
"""Pieces that may wait to be hashed; more would hold a large file in memory."""


class HashedFile(io.RawIOBase):
    """An open seekable binary file that knows the hash of what was last read of it from start to end.

    Hashing runs beside the reading, in a thread of its own. Use it in a ``with`` block; the file itself
    stays open.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._thread = ThreadPoolExecutor(1, "hash")
        self._waiting: deque[Future[None]] = deque()
        self._digest = hashlib.sha256()
        self._hashed_to = 0
        """The hash is of the bytes before this place, as they were read one after the other."""
        self._is_whole = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the hashing end."""
        self._thread.shutdown()

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place that is read next."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, everything that is left when it is negative; empty at the end."""
        start = self._file.tell()
        content = self._file.read(size)
        if start == 0:
            self._begin()
        if start == self._hashed_to:
            self._is_whole = size < 0 or (not content and size > 0)
            self._hashed_to += len(content)
            self._add(content)
        elif content:
            # What is read out of turn may differ from what was hashed there before.
            self._is_whole = False
        return content

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as the file goes; 0 at the end."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        content = self.read(len(view))
        view[: len(content)] = content
        return len(content)

    def sha256(self) -> str:
        """SHA-256 of the content, 64 hex digits: of the bytes that were read where the last that was read of the
        file is all of it in one go, else of what it holds now. Bytes added since then count."""
        self._file.seek(self._hashed_to if self._is_whole else 0)
        while self.read(_PIECE):
            pass
        self._wait(0)
        return self._digest.hexdigest()

    def _begin(self) -> None:
        self._wait(0)
        self._digest, self._hashed_to = hashlib.sha256(), 0

    def _add(self, content: bytes) -> None:
        self._waiting.append(self._thread.submit(self._digest.update, content))
        self._wait(_MOST_WAITING)

    def _wait(self, most: int) -> None:
        while len(self._waiting) > most:
            self._waiting.popleft().result()
