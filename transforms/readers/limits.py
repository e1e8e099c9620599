"""How large a file may be before it is refused unread."""

from __future__ import annotations

from dataclasses import dataclass

_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings that keep one file from taking the whole night.

    A million dossiers are about 290 MB as CSV or HTML, well below them.
    """

    file_bytes: int = 512 * _MEBI
    """Size of the file itself, and of each file in an archive after unpacking."""
    unpacked_bytes: int = 2048 * _MEBI
    """Size of all members of a packed workbook or of an archive after unpacking, and of all text that the
    cells of one workbook hold."""
    cells: int = 60_000_000
    """Rows times columns of the area that one sheet's content spans."""
    archive_members: int = 500
    """Files in one archive."""


DEFAULT_LIMITS = Limits()
