"""Blocks read once for every rule: quantities, sentences, list marker, depth of parentheses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.audit.model import BlockKind, Span, TextBlock
from transforms.audit.numbers import Quantity, find_quantities

Interval = tuple[int, int]

_STOP = re.compile(r"[.!?…]+(?=[\s\"”’)]*(?:\s|$))|[.!?](?=[A-ZĐÀ-Ỹ]\w)|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|TT|TTr|ThS|TS|PGS|GS|BS|KS|Ths|P|Q|H|X|T|TX|STT|UB|TM|KT|TL|VD|vd|v\.v|NQ|QĐ|số)$"
)
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (10, re.compile(r"^\s*(?P<mark>(?:PHẦN|Phần)\s+(?:THỨ\s+)?[^\W_]+)\b")),
    (20, re.compile(r"^\s*(?P<mark>[IVXL]{1,6})\s?[.\-–)/:](?=\s|[^\W\d_])")),
    (20, re.compile(r"^\s*(?P<mark>[A-EG])\s?[.\-)](?=\s)")),
    (40, re.compile(r"^\s*(?P<mark>\d{1,2}(?:\.\d{1,2})+)\s?[.)\-:]?(?=\s+[^\W\d]|$)")),
    (30, re.compile(r"^\s*(?P<mark>\d{1,2})\s?[.)\-/](?=\s+\D|[^\W\d_]|$)")),
    (45, re.compile(r"^\s*\((?P<mark>\d{1,2})\)(?=\s)")),
    (50, re.compile(r"^\s*(?P<mark>[a-zđ]\d?)\s?[.)](?=\s)")),
    (60, re.compile(r"^\s*(?P<mark>[-–—])(?=\s*[^\W\d_]|\s+\S)")),
    (70, re.compile(r"^\s*(?P<mark>\+)(?=\s*\S)")),
    (65, re.compile(r"^\s*(?P<mark>[•●▪■◦‣✓➢o*·])(?=\s+\S|\s*[^\W\d_])(?!o\w)")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """The printed beginning of a list item or heading; a higher rank stands deeper."""

    rank: int
    text: str
    end: int


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block with everything that the rules ask of it."""

    index: int
    block: TextBlock
    quantities: tuple[Quantity, ...]
    sentences: tuple[Interval, ...]
    depths: tuple[int, ...]
    """Depth of parentheses before each letter."""
    marker: Marker | None

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text

    def span(self, start: int, end: int) -> Span:
        """A span of this block."""
        return Span(self.index, start, end)

    def span_of(self, quantity: Quantity) -> Span:
        """Where a quantity stands, its unit included."""
        return Span(self.index, quantity.start, quantity.end)

    def sentence_at(self, position: int) -> Interval:
        """The sentence that a position is in."""
        for start, end in self.sentences:
            if start <= position < end:
                return start, end
        return self.sentences[-1] if self.sentences else (0, len(self.text))

    def counts(self, start: int, end: int) -> tuple[Quantity, ...]:
        """Counting quantities that start in the interval."""
        first = bisect_left(self.quantities, start, key=_start_of)
        last = bisect_left(self.quantities, end, key=_start_of)
        return tuple(q for q in self.quantities[first:last] if q.is_count)


def _start_of(quantity: Quantity) -> int:
    return quantity.start


def read_blocks(blocks: Sequence[TextBlock]) -> tuple[ReadBlock, ...]:
    """The blocks of a report, read; rows of tables keep their text but carry no sentences of their own."""
    return tuple(_read_block(index, block) for index, block in enumerate(blocks))


def _read_block(index: int, block: TextBlock) -> ReadBlock:
    text = block.text
    is_row = block.kind is BlockKind.TABLE_ROW
    return ReadBlock(
        index,
        block,
        () if is_row else find_quantities(text),
        () if is_row else split_sentences(text),
        _depths(text),
        None if is_row else find_marker(text),
    )


def split_sentences(text: str) -> tuple[Interval, ...]:
    """Intervals of the sentences; a point inside a number or after an abbreviation ends none."""
    ends: list[int] = []
    for match in _STOP.finditer(text):
        before = text[: match.start()]
        if match.group() == "." and (_ABBREVIATION.search(before) or _is_marker_point(before)):
            continue
        ends.append(match.end())
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    starts = [0, *ends[:-1]]
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip())


def find_marker(text: str) -> Marker | None:
    """The marker that a paragraph starts with, the first kind that fits."""
    for rank, pattern in _MARKERS:
        if found := pattern.match(text):
            return Marker(rank, found["mark"], found.end())
    return None


def _is_marker_point(before: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:\d{1,2}(?:\.\d{1,2})*|[IVXL]{1,6}|[A-Za-zđ])", before))


def _depths(text: str) -> tuple[int, ...]:
    depth, depths = 0, []
    for letter in text:
        if letter == ")":
            depth = max(0, depth - 1)
        depths.append(depth)
        if letter == "(":
            depth += 1
    return tuple(depths)
