"""What HTML and XML tables have in common: a source that is watched while it is parsed.

The parser keeps what it has not been told to forget. A row is forgotten as soon as it is read, so the
only markup that could fill the memory is markup that yields no rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from transforms.readers.model import UnreadableFileError
from transforms.readers.text_stream import Utf8Stream

MOST_WITHOUT_ROWS = 16 << 20
"""A page from Excel holds less than one megabyte of styles; a parser slows down over markup that it keeps."""
_GAVE_UP = "ERR_RESOURCE_LIMIT"
_DEEP = "Excessive depth"


class _LogEntry(Protocol):
    @property
    def type_name(self) -> str: ...
    @property
    def message(self) -> str: ...


class MarkupSource:
    """A text stream that raises UnreadableFileError ``file.too_large`` when 16 MB of it held no row."""

    def __init__(self, stream: Utf8Stream) -> None:
        self._stream = stream
        self._since = 0

    def has_progressed(self) -> None:
        """A row was read and forgotten: start to count again."""
        self._since = 0

    def read(self, size: int) -> bytes:
        """The next bytes, as the parser asks for them."""
        piece = self._stream.read(size)
        self._since += len(piece)
        if self._since > MOST_WITHOUT_ROWS:
            raise UnreadableFileError("file.too_large")
        return piece


def refuse_unless_followed(log: Iterable[_LogEntry]) -> None:
    """Raise ``file.too_deep`` or ``file.too_large`` where the parser gave up; it then keeps silent about the rest."""
    for entry in log:
        if entry.type_name == _GAVE_UP:
            raise UnreadableFileError("file.too_deep" if _DEEP in entry.message else "file.too_large")
