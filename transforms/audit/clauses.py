"""The small grammar of a Vietnamese sentence that counts: cues, clauses, labels.

A sentence is cut at its separators, parentheses respected; a cut without a number belongs to the label of
the next one ("cán bộ, công chức: 19 người").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.audit.numbers import Quantity
from transforms.audit.reading import Interval, ReadBlock
from transforms.audit.units_of_count import may_be_added

SUBSET_CUE = re.compile(r"(?<!\w)trong\s+(?:tổng\s+)?(?:số\s+)?(?:đó|này)(?!\w)", re.IGNORECASE)
WHOLE_CUE = re.compile(
    r"(?<!\w)(?:bao gồm|gồm có|gồm|chia ra|chia theo|cụ thể(?!\s+h[oó][aá])|như sau)(?!\w)|=",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[;,+]|(?<!\w)(?:và|cùng|còn(?=\s+(?:lại|có|\d)))(?!\w)", re.IGNORECASE)
_NO_PART = re.compile(
    r"(?<!\w)(?:so với|so|tăng|giảm|cùng kỳ|chỉ tiêu|dự toán|bình quân|trung bình|mỗi|tỷ lệ|tỉ lệ|"
    r"vượt|hơn\s+(?:cùng kỳ|năm)|lũy kế|luỹ kế|năm trước|năm ngoái|phấn đấu|dự kiến|với)(?!\w)",
    re.IGNORECASE,
)
_PLAN = re.compile(r"(?<!\w)kế hoạch(?!\w)", re.IGNORECASE)
"""A plan to compare with, except where plans are among the documents counted."""

LONGEST_REACH = 2500
"""Letters that a breakdown may run over; longer sentences are text that lost its full stops."""


@dataclass(frozen=True, slots=True)
class Cue:
    """ "trong đó", "gồm" and their like; ``is_whole`` where the parts are said to be all there is."""

    start: int
    end: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A number inside a breakdown with the words that name it."""

    quantity: Quantity
    label: str
    start: int
    is_nested: bool = False


def find_cues(read: ReadBlock) -> Iterator[Cue]:
    """Every cue of a breakdown in the block, in order; "bao gồm" within "trong đó bao gồm" is one cue."""
    found = [(m.start(), m.end(), False) for m in SUBSET_CUE.finditer(read.text)]
    found += [(m.start(), m.end(), True) for m in WHOLE_CUE.finditer(read.text)]
    found.sort()
    last_end = -1
    for start, end, is_whole in found:
        if last_end >= 0 and not re.search(r"[^\W_]", read.text[last_end:start].replace("có", "")):
            continue
        last_end = end
        yield Cue(start, end, is_whole)


def scope_of(read: ReadBlock, cue: Cue) -> Interval:
    """From after the cue to the end of its parenthesis or sentence."""
    end = min(read.sentence_at(cue.start)[1], cue.end + LONGEST_REACH)
    depth = read.depths[cue.start] if cue.start < len(read.depths) else 0
    if depth:
        for position in range(cue.end, end):
            if read.depths[position] < depth:
                return cue.end, position
    return cue.end, end


def split_parts(read: ReadBlock, start: int, end: int) -> list[Part]:
    """The parts listed in the interval: the first counting number of every clause, at its own depth.

    Clauses that compare, name a rate or a plan hold no part. What follows a cue inside a clause belongs
    to that clause's own breakdown up to the next semicolon and is marked nested.
    """
    if start >= end:
        return []
    depth = read.depths[start] if start < len(read.depths) else 0
    pieces = _pieces(read, start, end, depth)
    parts: list[Part] = []
    label_start, is_nested = start, False
    for piece_start, piece_end, separator in pieces:
        if separator == ";":
            is_nested = False
            label_start = piece_start
        counts = [q for q in read.counts(piece_start, piece_end) if read.depths[q.start] == depth]
        text = read.text[piece_start:piece_end]
        cue = SUBSET_CUE.search(text) or re.search(r"(?<!\w)(?:bao gồm|gồm)(?!\w)", text)
        if cue and piece_start > start:
            counts_before = [q for q in counts if q.start < piece_start + cue.start()]
            if counts_before and not is_nested:
                parts.append(_part(read, label_start, counts_before[0], piece_end, False))
            is_nested = True
            counts = [q for q in counts if q.start >= piece_start + cue.start()]
            label_start = piece_start
        if not counts:
            if any(q.is_percent for q in read.quantities if piece_start <= q.start < piece_end):
                label_start = piece_end
            continue
        first = counts[0]
        named = read.text[label_start : first.start]
        is_plan = _PLAN.search(named) and not may_be_added(first.unit, "van_ban")
        if not _NO_PART.search(named) and not is_plan:
            parts.append(_part(read, label_start, first, piece_end, is_nested))
        label_start = piece_end
    return parts


def _part(read: ReadBlock, label_start: int, quantity: Quantity, end: int, is_nested: bool) -> Part:
    before = read.text[label_start : quantity.start].strip(" ,;:+-–.")
    after = read.text[quantity.end : end].split("(", 1)[0].strip(" ,;:+-–.")
    return Part(quantity, f"{before} {after}".strip(), label_start, is_nested)


def _pieces(read: ReadBlock, start: int, end: int, depth: int) -> list[tuple[int, int, str]]:
    """(start, end, separator before) of the cuts at the depth."""
    inside_numbers = [(q.start, q.number_end) for q in read.quantities if start <= q.start < end]
    pieces: list[tuple[int, int, str]] = []
    piece_start, separator = start, ""
    for match in _SEPARATOR.finditer(read.text, start, end):
        position = match.start()
        if read.depths[position] != depth or any(s <= position < e for s, e in inside_numbers):
            continue
        pieces.append((piece_start, position, separator))
        piece_start, separator = match.end(), match.group()
    pieces.append((piece_start, end, separator))
    return pieces


def label_before(read: ReadBlock, quantity: Quantity) -> str:
    """The words of the sentence before a quantity."""
    start, _ = read.sentence_at(quantity.start)
    if read.marker and start < read.marker.end:
        start = read.marker.end
    return read.text[start : quantity.start]
