"""Letters of a PDF page as lines, and lines as paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from transforms.audit.documents.pdf_page import Glyph, Page
from transforms.audit.reading import find_marker
from transforms.text_vi import compose, fold, tidy

_SAME_LINE = 0.4
_WORD_GAP = 0.18
_PART_GAP = 2.5
_STRUCK_TWICE = 0.15
_RAISED_SIZE, _RAISED = 0.78, 0.12
_INDENT = 0.8
_PITCH = 1.6
_MARGIN = 0.1
_LEAST_FULL = 0.7
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–]?", re.IGNORECASE)
_ENDS = (".", ";", ":", "!", "?")


@dataclass(frozen=True, slots=True)
class Line:
    """Letters that stand on one line without a wide gap."""

    page: int
    text: str
    x0: float
    x1: float
    y: float
    size: float
    first_word_end: float
    """Right edge of the first word: whether it would have fitted on the line before."""
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines joined into a paragraph."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The words of all lines."""
        return tidy(compose(" ".join(line.text for line in self.lines)))


def build_lines(page: int, glyphs: Iterable[Glyph]) -> list[list[Line]]:
    """Lines from top to bottom, each as its parts from left to right, parted by wide gaps."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (-g.y, g.x0)):
        if rows and rows[-1][0].y - glyph.y <= _SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    found = (_parts(page, row) for row in rows)
    return [parts for parts in found if parts]


def _parts(page: int, row: Sequence[Glyph]) -> list[Line]:
    drawn = [glyph for glyph in row if glyph.text.strip()]
    if not drawn:
        return []
    size = Counter(round(glyph.size, 1) for glyph in drawn).most_common(1)[0][0]
    base = median(glyph.y for glyph in drawn if round(glyph.size, 1) == size)
    parts: list[list[Glyph]] = []
    words: list[list[str]] = []
    firsts: list[float] = []
    has_space = False
    for glyph in sorted(row, key=lambda g: g.x0):
        if not glyph.text.strip():
            has_space = True
            continue
        if glyph.size < _RAISED_SIZE * size and glyph.y > base + _RAISED * size and glyph.text.isdigit():
            # The mark of a footnote is no digit of the number before it.
            continue
        last = parts[-1][-1] if parts else None
        if last and last.text == glyph.text and glyph.x0 - last.x0 < _STRUCK_TWICE * size:
            continue
        gap = glyph.x0 - last.x1 if last else 0.0
        if last is None or gap > _PART_GAP * size:
            parts.append([])
            words.append([])
            firsts.append(glyph.x1)
        elif has_space or gap > _WORD_GAP * size:
            words[-1].append(" ")
        if " " not in words[-1]:
            firsts[-1] = glyph.x1
        parts[-1].append(glyph)
        words[-1].append(glyph.text)
        has_space = False
    return [
        Line(
            page,
            compose("".join(text)),
            part[0].x0,
            max(glyph.x1 for glyph in part),
            base,
            size,
            first,
            all(glyph.is_bold for glyph in part),
        )
        for part, text, first in zip(parts, words, firsts, strict=True)
    ]


def drop_page_marks(pages: Sequence[Page], rows: dict[int, list[list[Line]]]) -> dict[int, list[list[Line]]]:
    """The lines without page numbers and without what stands in the margin of page after page."""
    heights = {page.number: page.height for page in pages}
    repeated = Counter(
        key
        for number, lines in rows.items()
        for key in {_key(part) for row in lines for part in row if _is_in_margin(part, heights[number])}
    )
    kept: dict[int, list[list[Line]]] = {}
    for number, lines in rows.items():
        kept[number] = []
        for row in lines:
            parts = [
                part
                for part in row
                if not _is_in_margin(part, heights[number])
                or not (
                    _PAGE_NUMBER.fullmatch(part.text.strip())
                    or repeated[_key(part)] >= max(2, len(pages) // 3)
                )
            ]
            if parts:
                kept[number].append(parts)
    return kept


def _is_in_margin(part: Line, height: float) -> bool:
    return part.y > (1 - _MARGIN) * height or part.y < _MARGIN * height


def _key(part: Line) -> str:
    return re.sub(r"\d+", "0", fold(part.text)) or part.text


def right_edges(pages: Sequence[Page], rows: dict[int, list[list[Line]]]) -> dict[int, float]:
    """Where full lines end, by page: pages of one width share it, so that a short last page has one too."""
    widths: dict[int, list[float]] = {}
    for page in pages:
        ends = widths.setdefault(round(page.width), [])
        ends += [row[-1].x1 for row in rows.get(page.number, ())]
    edges = {width: sorted(ends)[-1 - len(ends) // 50] for width, ends in widths.items() if ends}
    # A report of short lines only has no full one to go by.
    return {page.number: max(edges.get(round(page.width), 0.0), _LEAST_FULL * page.width) for page in pages}


def usual_pitch(rows: dict[int, list[list[Line]]]) -> float:
    """Distance of neighbouring lines in running text."""
    distances = [
        above[0].y - below[0].y
        for lines in rows.values()
        for above, below in pairwise(lines)
        if above[0].y - below[0].y < 4 * above[0].size
    ]
    return median(distances) if distances else 0.0


class ParagraphBuilder:
    """Joins lines in reading order; ``close`` gives the paragraph that is open."""

    def __init__(self, edges: dict[int, float], pitch: float) -> None:
        self._edges = edges
        self._pitch = pitch
        self._open: list[Line] = []

    def add(self, line: Line) -> Paragraph | None:
        """Take a line; the paragraph that it ends, where it begins a new one."""
        ended = self.close() if self._open and not self._continues(line) else None
        self._open.append(line)
        return ended

    def close(self) -> Paragraph | None:
        """The paragraph that was open."""
        found = Paragraph(tuple(self._open)) if self._open else None
        self._open = []
        return found

    def _continues(self, line: Line) -> bool:
        last = self._open[-1]
        first_word = line.first_word_end - line.x0
        has_room = last.x1 + 0.25 * last.size + first_word <= self._edges[last.page]
        if has_room or abs(last.size - line.size) > 0.2 * last.size:
            return False
        if last.page == line.page and last.y - line.y > max(_PITCH * self._pitch, 1.2 * line.size):
            return False
        is_indented = line.x0 > last.x0 + _INDENT * line.size
        if is_indented and len(self._open) > 1:
            return False
        if last.is_bold != line.is_bold and all(part.is_bold == last.is_bold for part in self._open):
            return line.text[:1].islower()
        if find_marker(line.text):
            # "13/KH-UBND" at the start of a line goes on with the sentence; an item starts elsewhere or after one.
            return abs(line.x0 - last.x0) < 0.5 * line.size and not last.text.rstrip().endswith(_ENDS)
        return True
