"""From the text that a template produced to blocks.

Line language: ``#``, ``##``, ``###`` headings (without numbers: they are counted here, so that a
section that drops out leaves no gap); ``- `` and ``+ `` items; ``> `` note; ``! `` warning;
``@table id`` and ``@chart id``; anything else is body text. Lines that follow each other make one
paragraph, a blank line ends it, and a line indented by two spaces continues an item. ``**bold**``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.report.blocks import Block, Chart, Heading, Paragraph, ParagraphStyle, Run, Table, Text
from transforms.report.figures import FigureBook, UnclosedBoldError
from transforms.report.numbers_vi import point, roman
from transforms.report.words import Words

_LOCATION = re.compile("\ue002([^\ue003]*):(\\d+)\ue003")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_DIRECTIVE = re.compile(r"@(\w+)\s+(\S+)\s*$")
_WRITTEN_NUMBER = re.compile(r"(?:[IVXLC]+\.|\d+\.|[a-zđ]\))\s+")
_STYLES = {
    "- ": ParagraphStyle.DASH_ITEM,
    "+ ": ParagraphStyle.PLUS_ITEM,
    "> ": ParagraphStyle.NOTE,
    "! ": ParagraphStyle.WARNING,
}
MAX_LEVEL = 3


class TemplateProblemError(Exception):
    """A template that cannot be used: which one, on which line (0 when unknown), and why."""

    def __init__(self, template: str, line: int, message: str) -> None:
        super().__init__(f"{template}:{line}: {message}")
        self.template = template
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """One heading of a rendered template with the place it came from."""

    text: str
    level: int
    template: str
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The blocks of a rendered template, and what became of its headings."""

    blocks: tuple[Block, ...]
    printed: tuple[HeadingPlace, ...]
    left_out: tuple[HeadingPlace, ...]
    """Headings that nothing stands under, in order."""

    @property
    def missing_sections(self) -> tuple[str, ...]:
        """The headings left out, without those below another one left out."""
        found: list[str] = []
        above = 0
        for heading in self.left_out:
            if above and heading.level > above:
                continue
            above = heading.level
            found.append(heading.text)
        return tuple(found)


def location_mark(template: str, line: int) -> str:
    """A private mark that tells the parser which line of which template the text came from."""
    return f"\ue002{template}:{line}\ue003"


def parse_blocks(
    text: str,
    book: FigureBook,
    template: str,
    tables: Mapping[str, Table],
    charts: Mapping[str, Chart],
) -> tuple[Block, ...]:
    """The blocks of a rendered template, see ``parse_outline``."""
    return parse_outline(text, book, template, tables, charts).blocks


def parse_outline(
    text: str,
    book: FigureBook,
    template: str,
    tables: Mapping[str, Table],
    charts: Mapping[str, Chart],
) -> Outline:
    """A rendered template: headings numbered, headings without content dropped.

    Raises TemplateProblemError naming template and line.
    """
    parser = _Parser(book, template, tables, charts)
    blocks = parser.parse(text)
    kept = _kept_positions(blocks)
    headings = {
        position: HeadingPlace(block.text, block.level, *parser.places[position])
        for position, block in enumerate(blocks)
        if isinstance(block, Heading)
    }
    return Outline(
        number_headings([blocks[position] for position in kept]),
        tuple(place for position, place in headings.items() if position in kept),
        tuple(place for position, place in headings.items() if position not in kept),
    )


class _Parser:
    """Reads line by line; holds the paragraph that is still open."""

    def __init__(
        self, book: FigureBook, template: str, tables: Mapping[str, Table], charts: Mapping[str, Chart]
    ) -> None:
        self._book = book
        self._place = self._began = (template, 0)
        self._directives: dict[str, Mapping[str, Table] | Mapping[str, Chart]] = {
            "table": tables,
            "chart": charts,
        }
        self._blocks: list[Block] = []
        self.places: dict[int, tuple[str, int]] = {}
        """Position of a heading among the blocks → its template and line."""
        self._style = ParagraphStyle.BODY
        self._lines: list[str] = []

    def parse(self, text: str) -> list[Block]:
        for marked in text.split("\n"):
            if found := _LOCATION.search(marked):
                self._place = (found[1], int(found[2]))
            self._read_line(_LOCATION.sub("", marked).rstrip())
        self._close()
        return self._blocks

    def _read_line(self, line: str) -> None:
        bare = line.lstrip()
        if not bare:
            self._close()
        elif line.startswith("  ") and self._lines:
            self._lines.append(bare)
        elif bare.startswith("#"):
            self._close()
            self.places[len(self._blocks)] = self._place
            self._blocks.append(self._heading(bare))
        elif bare.startswith("@"):
            self._close()
            self._blocks.append(self._directive(bare))
        elif style := _STYLES.get(bare[:2]):
            self._close()
            self._style, self._lines, self._began = style, [bare[2:].lstrip()], self._place
        else:
            if self._lines and self._style is not ParagraphStyle.BODY:
                self._close()
            if not self._lines:
                self._began = self._place
            self._lines.append(bare)

    def _heading(self, line: str) -> Heading:
        match = _HEADING.fullmatch(line)
        if match is None:
            raise self._problem(f'dòng tiêu đề phải có dạng "# Tên mục", nhận được: {line}')
        level = len(match[1])
        if level > MAX_LEVEL:
            raise self._problem(f"chỉ có {MAX_LEVEL} cấp tiêu đề, dòng này có {level} dấu #")
        return Heading(level, "", Words(*self._inlines(_WRITTEN_NUMBER.sub("", match[2], count=1))))

    def _directive(self, line: str) -> Block:
        match = _DIRECTIVE.fullmatch(line)
        known = self._directives.get(match[1]) if match else None
        if match is None or known is None:
            raise self._problem(f'chỉ hiểu "@table mã" và "@chart mã", nhận được: {line}')
        block = known.get(match[2])
        if block is None:
            names = ", ".join(sorted(known)) or "không có"
            raise self._problem(f"@{match[1]} {match[2]}: không có mã này; các mã dùng được: {names}")
        return block

    def _close(self) -> None:
        if self._lines:
            place, self._place = self._place, self._began  # what is wrong with it is wrong where it begins
            self._blocks.append(Paragraph(self._style, self._inlines(" ".join(self._lines))))
            self._place = place
        self._style, self._lines = ParagraphStyle.BODY, []

    def _inlines(self, line: str) -> Text:
        try:
            return self._book.read(line)
        except UnclosedBoldError:
            raise self._problem(f"dấu ** mở mà không đóng: {line}") from None

    def _problem(self, message: str) -> TemplateProblemError:
        return TemplateProblemError(*self._place, message)


def drop_empty_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without headings that nothing stands under: no empty section is ever printed."""
    return [blocks[position] for position in _kept_positions(blocks)]


def _kept_positions(blocks: Sequence[Block]) -> list[int]:
    kept: list[int] = []
    # From the end: a heading stays if content, or a deeper heading that stayed, follows it directly.
    next_level: int | None = 0
    for position in range(len(blocks) - 1, -1, -1):
        block = blocks[position]
        if not isinstance(block, Heading):
            next_level = None
        elif next_level is None or next_level > block.level:
            next_level = block.level
        else:
            continue
        kept.append(position)
    return kept[::-1]


def number_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with headings numbered I, II; 1, 2; a, b in the order in which they stand."""
    counts = [0] * (MAX_LEVEL + 1)
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counts[block.level] += 1
            counts[block.level + 1 :] = [0] * (MAX_LEVEL - block.level)
            number = (roman, str, point)[block.level - 1](counts[block.level])
            block = Heading(block.level, number, block.text)
        numbered.append(block)
    return tuple(numbered)


def end_with_mark(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with "./." closing the last paragraph of the text, as official documents end."""
    ended = list(blocks)
    for index in range(len(ended) - 1, -1, -1):
        block = ended[index]
        if isinstance(block, Paragraph) and block.text:
            ended[index] = Paragraph(block.style, _ended(block.text))
            break
    return tuple(ended)


def _ended(text: Text) -> Text:
    last = text[-1]
    if not isinstance(last, Run):
        return (*text, Run("./."))
    bare = last.text.rstrip().removesuffix("./.").rstrip(".;:, ")
    return (*text[:-1], Run(f"{bare}./.", last.bold, last.italic))
