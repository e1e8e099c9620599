"""Text in cells that a spreadsheet must never take for a formula.

In a workbook such a text is a text cell with the quote prefix, which is what Excel itself stores for a
typed apostrophe: it shows as it is and stays a text when it is edited. A CSV has no cell formats, so there
an apostrophe is written before it and taken off again when the file comes back.
"""

from __future__ import annotations

import re

_MARKS = frozenset("=+-@\t\r")
# A negative number and a dash for "none" calculate nothing, and an apostrophe would make the number a text.
_HARMLESS = re.compile(r"-\d[\d.,]*%?|-+")
# The space stands for a tab: who tidies a cell before taking the apostrophe off finds one there.
_SHIELDED = re.compile(r"'+[=+\-@\t\r ]")


def is_formula_like(text: str) -> bool:
    """True for a text that starts with ``= + - @``, a tab or a carriage return; false for "-5" and "-"."""
    return text[:1] in _MARKS and not _HARMLESS.fullmatch(text)


def shield(text: str) -> str:
    """The text for a CSV cell: an apostrophe stands before what a spreadsheet would calculate.

    A text that already looks shielded gets one more, so that ``unshield`` gives back exactly this text.
    """
    return f"'{text}" if is_formula_like(text) or _SHIELDED.match(text) else text


def unshield(text: str) -> str:
    """The text behind the apostrophe that ``shield`` set; any other text as it is."""
    return text[1:] if _SHIELDED.match(text) else text
