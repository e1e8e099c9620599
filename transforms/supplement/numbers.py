"""Whole numbers as clerks write them in the supplement workbook."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"^(?P<digits>\d{1,3}(?P<mark>[.,\s])\d{3}(?:(?P=mark)\d{3})*|\d+)(?:[.,]0)?(?P<unit>\s*[^\W\d_][^\d]*)?$"
)


def parse_whole_number(text: str) -> int | None:
    """The number that ``text`` states, or None when it states none or more than one.

    Accepts thousands marks and a trailing unit of measure: "22", "22 người", "1.363", "11,250,000 đ",
    "22.0" as a spreadsheet may hand it over. A fraction, a sign, a share such as "19/22" or words
    before the number are not readable: a doubtful number is better asked for than guessed.
    """
    match = _NUMBER.match(text.strip())
    if match is None:
        return None
    return int(re.sub(r"\D", "", match["digits"]))
