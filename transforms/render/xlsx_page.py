"""How every sheet of a workbook is printed: paper, margins, what stands above and below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_FONT = '&"Times New Roman,Regular"&10'
_MARK_FONT = '&"Times New Roman,Bold"&12'
_LONGEST = 255
"""Excel's limit for a header or a footer, codes included."""
_A4 = 9


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is printed on every page of a workbook."""

    about: str
    """Unit and period, at the upper left."""
    mark: str = ""
    """DỰ THẢO on a draft, at the upper right."""
    stamp: str = ""
    """Which data the page shows, at the lower left."""


def set_page(sheet: Any, words: PageWords) -> None:
    """A4 landscape, one page wide, the draft mark above and the page number below."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    sheet.fit_to_pages(1, 0)
    mark = f"&R{_MARK_FONT}{_literal(words.mark)}" if words.mark else ""
    sheet.set_header(_with_left(words.about, mark))
    # A stamp may be longer than half the line: the middle is left to it, and the right goes below.
    rest = f"&R{_FONT}\n&A, trang &P/&N" if words.stamp else f"&C{_FONT}Trang &P/&N&R{_FONT}&A"
    sheet.set_footer(_with_left(words.stamp, rest))


def _with_left(text: str, rest: str) -> str:
    """The text at the left of what else stands in the line, cut to what Excel takes."""
    room = _LONGEST - len(rest) - len(f"&L{_FONT}")
    shown = _literal(text)
    if len(shown) > room:
        # Never between the two signs that stand for one.
        shown = _literal(text[: max(room // 2, 1)].rstrip() + "…")
    return f"&L{_FONT}{shown}{rest}" if shown else rest


def _literal(text: str) -> str:
    # A digit right after the size of the font would be read as part of it.
    return (" " if text[:1].isdigit() else "") + text.replace("&", "&&")
