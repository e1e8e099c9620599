"""Numbers of sections and items that repeat or skip: heading I twice, 2 after 2, d after b."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.audit.model import BlockKind, TextRemark
from transforms.audit.reading import ReadBlock

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_NEW_PART = re.compile(r"^\s*(?:phụ lục|phần|biểu|mẫu|chương|đề cương)(?!\w)", re.IGNORECASE)
_ROMAN_RANK, _DIGIT_RANK, _LETTER_RANK = 20, 30, 50
_LARGEST_SKIP = 3


def check_numbering(reads: Sequence[ReadBlock]) -> Iterator[TextRemark]:
    """Remarks on section numbers that come twice or leave one out.

    A number that starts again at its first value opens another list, except a Roman I right after a
    Roman I: sections of a report have one series. Annexes and parts start anew.
    """
    last: dict[int, int] = {}
    for read in reads:
        if read.block.kind in (BlockKind.TABLE_ROW, BlockKind.FOOTNOTE):
            continue
        if _NEW_PART.match(read.text):
            last.clear()
        if read.marker is None or read.marker.rank not in (_ROMAN_RANK, _DIGIT_RANK, _LETTER_RANK):
            continue
        number = _number(read.marker.text, read.marker.rank)
        if number is None:
            continue
        rank = read.marker.rank
        before = last.get(rank)
        for deeper in [other for other in last if other > rank]:
            del last[deeper]
        last[rank] = number
        if before is None:
            continue
        start = read.text.index(read.marker.text)
        end = start + len(read.marker.text)
        if number == before and (rank == _ROMAN_RANK or number > 1) and _is_heading(read):
            yield TextRemark(
                "numbering.repeated",
                read.index,
                start,
                end,
                f"Số thứ tự “{read.marker.text}” được dùng hai lần liền nhau; mục này đúng thứ tự là “{_next(read.marker.text, rank, before)}”.",
            )
        elif (
            before + 1 < number <= before + 1 + _LARGEST_SKIP
            and _is_heading(read)
            and not _is_d_left_out(rank, before, number)
        ):
            yield TextRemark(
                "numbering.skipped",
                read.index,
                start,
                end,
                f"Số thứ tự nhảy từ “{_shown(before, rank)}” đến “{read.marker.text}”; thiếu mục “{_next(read.marker.text, rank, before)}”.",
            )


def _is_heading(read: ReadBlock) -> bool:
    """True where the number is a section's; a Roman one always is."""
    return read.block.kind is not BlockKind.TABLE_ROW


def _is_d_left_out(rank: int, before: int, number: int) -> bool:
    """Many offices go from d to e without đ."""
    return rank == _LETTER_RANK and _LETTERS[before - 1] == "d" and _LETTERS[number - 1] == "e"


def _number(text: str, rank: int) -> int | None:
    if rank == _ROMAN_RANK:
        return _roman(text)
    if rank == _DIGIT_RANK:
        return int(text)
    return _LETTERS.find(text) + 1 or None if len(text) == 1 else None


def _roman(text: str) -> int | None:
    values = [_ROMAN.get(letter) for letter in text]
    total = 0
    for index, value in enumerate(values):
        if value is None:
            return None
        following = values[index + 1] if index + 1 < len(values) else 0
        total += -value if value < (following or 0) else value
    return total


def _shown(number: int, rank: int) -> str:
    if rank == _ROMAN_RANK:
        tens, ones = divmod(number, 10)
        return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
    if rank == _LETTER_RANK:
        return _LETTERS[number - 1]
    return str(number)


def _next(text: str, rank: int, before: int) -> str:
    return _shown(before + 1, rank)
