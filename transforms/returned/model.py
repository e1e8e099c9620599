"""What goes back to a clerk and comes in again: the layout of the two sheets that are ours, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

FORMAT_ID: Final = "motcua-returned/1"
"""Text of cell A1 of the marker sheet; another number after the slash is another layout."""
MEND_SHEET: Final = "Cần sửa"
"""First sheet: what is to be mended, for people."""
MARKER_SHEET: Final = "_motcua"
"""Last sheet, very hidden: what the machine needs to take the file back."""
NAMELESS_SHEET: Final = "Dữ liệu"
"""Name that a sheet without a name (HTML, CSV) gets in the workbook; a second one is "Dữ liệu 2"."""

HEADER_ROW: Final = 5
"""Row number of the header of ``MEND_SHEET``, from 1; its lines start in the next row."""
LINE_HEADER: Final = "STT"
EXPLANATION_HEADER: Final = "Giải trình"
AUTHOR_HEADER: Final = "Người giải trình"
MEND_HEADERS: Final[tuple[str, ...]] = (
    LINE_HEADER,
    "Mã quy tắc",
    "Mức độ",
    "Nội dung",
    "Trang tính",
    "Dòng",
    "Cột",
    "Hồ sơ",
    "Giá trị hiện có",
    "Việc cần làm",
    EXPLANATION_HEADER,
    AUTHOR_HEADER,
)
"""Header texts of ``MEND_SHEET`` in column order."""

MARKER_KEYS: Final[tuple[str, ...]] = (
    "delivery_id",
    "sha256",
    "unit_code",
    "kind",
    "profile_id",
    "exported_at",
    "exported_at_source",
    "file",
    "is_partial",
)
"""Keys of the first block of ``MARKER_SHEET``, one row each below A1: key in A, value in B, all text."""
LINE_COLUMNS: Final[tuple[str, ...]] = (
    "line",
    "finding_id",
    "code",
    "subject",
    "sheet",
    "row",
    "column",
    "unit_code",
)
"""Header of the second block of ``MARKER_SHEET``: one row per line of ``MEND_SHEET``."""
ROW_MAP_COLUMNS: Final[tuple[str, ...]] = ("sheet", "returned_row", "original_row")
"""Header of the third block of ``MARKER_SHEET``, only in a partial workbook."""


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One line of the sheet "Cần sửa": one finding at one failing row.

    ``line`` is its STT, from 1. ``row`` is the number in the file as it was sent (from 1), 0 where the
    finding names no row. ``sheet`` is the sheet's name in the file as it was sent, as readers give it.
    ``column`` is the canonical column, empty where the finding names none.
    """

    line: int
    finding_id: str
    code: str
    subject: str
    sheet: str
    row: int
    column: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class ReturnedMarker:
    """Which delivery a workbook is the answer to, and what each of its lines is about.

    ``exported_at`` is naive Vietnam time (of a refused file: when it arrived). ``row_map`` (name of the
    sheet in the returned workbook, row there, row in the file as it was sent) is filled only when
    ``is_partial``: the workbook then holds failing rows only. A workbook without any sheet of the sender
    (a refused file, or one whose original is gone) has lines and no data.
    """

    delivery_id: str
    sha256: str
    unit_code: str
    kind: str
    profile_id: str
    exported_at: datetime
    exported_at_source: str
    file: str
    is_partial: bool = False
    lines: tuple[ReturnedLine, ...] = ()
    row_map: tuple[tuple[str, int, int], ...] = ()
