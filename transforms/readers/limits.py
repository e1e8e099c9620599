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
    """Size of the file itself."""
    unpacked_bytes: int = 2048 * _MEBI
    """Size of all members of a packed workbook after unpacking."""
    cells: int = 60_000_000
    """Rows times columns of the area that one sheet's content spans."""


DEFAULT_LIMITS = Limits()
