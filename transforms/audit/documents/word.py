"""A Word report as blocks in the order of its body, each letter with its place in the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from transforms.audit.documents.blocks import (
    SEPARATOR,
    GridCell,
    goes_on,
    is_layout,
    paragraph_kind,
    row_block,
)
from transforms.audit.documents.letters import (
    EMPTY,
    Letter,
    Letters,
    Origin,
    join_letters,
    printed,
    split_breaks,
)
from transforms.audit.documents.model import REPORT_LIMITS, NamedSpan, ReadReport
from transforms.audit.documents.word_letters import Box, LetterReader, Note
from transforms.audit.documents.word_numbering import Numbering
from transforms.audit.documents.word_package import WordPackage, open_word, w
from transforms.audit.documents.word_styles import Styles, value_of
from transforms.audit.model import BlockKind, ReportText, Span, TextBlock
from transforms.audit.reading import find_marker
from transforms.readers.limits import Limits

_HOLDERS = frozenset(w(name) for name in ("customXml", "ins", "moveTo", "smartTag"))
_SEPARATE_NOTES = ("separator", "continuationSeparator", "continuationNotice")


@dataclass(frozen=True, slots=True)
class WordBlock:
    """A block and where its letters stand; ``anchor`` is the run that a note or text box hangs on."""

    block: TextBlock
    origins: tuple[Origin | None, ...]
    anchor: Any | None = None
    names: tuple[tuple[str, int, int], ...] = ()
    """Our own bookmarks over figures: name, start and end."""


@dataclass(frozen=True, slots=True)
class WordReport:
    """The blocks of a document, and the document that their origins point into."""

    package: WordPackage
    blocks: tuple[WordBlock, ...]

    @property
    def text(self) -> ReportText:
        """What an audit reads."""
        return ReportText(tuple(found.block for found in self.blocks))

    @property
    def figures(self) -> tuple[NamedSpan, ...]:
        """Where our own bookmarks stand."""
        return tuple(
            NamedSpan(name, Span(index, start, end))
            for index, found in enumerate(self.blocks)
            for name, start, end in found.names
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, or a part of one that a line break set apart."""

    letters: Letters
    is_heading: bool
    is_listed: bool
    indent: float
    page: int | None


def read_word(file: BinaryIO, limits: Limits = REPORT_LIMITS) -> ReadReport:
    """The report in a .docx.

    Left out: headers and footers, tracked deletions, hidden text, tables of contents. Kept: tracked
    insertions, results of fields, the numbers and bullets that Word prints, text boxes after the paragraph they hang on, notes at the
    end. Pages are those of Word's last layout, where it left its marks.
    """
    found = walk_word(open_word(file, limits))
    return ReadReport("docx", found.text, figures=found.figures)


def walk_word(package: WordPackage) -> WordReport:
    """The blocks of a document with the elements their letters come from."""
    return WordReport(package, tuple(_Walker(package).walk()))


class _Walker:
    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering)
        self._reader = LetterReader(package.document)
        self._page = 1
        self._has_pages = next(package.document.iter(w("lastRenderedPageBreak")), None) is not None
        self._table_count = self._paragraph_count = 0
        self._notes: list[Note] = []
        self._carried: list[Letter] = []
        self._names: dict[Any, str] = {}

    def walk(self) -> Iterator[WordBlock]:
        body = self._package.document.find(w("body"))
        if body is not None:
            yield from self._blocks(body, None)
        yield from self._note_blocks()

    def _blocks(self, holder: Any, anchor: Any | None) -> Iterator[WordBlock]:
        for element in _parts(holder):
            if element.tag == w("tbl"):
                yield from self._table(element, anchor)
                continue
            lines, boxes = self._paragraph(element)
            for line in lines:
                yield self._paragraph_block(line, anchor)
            for box in boxes:
                yield from self._blocks(box.content, anchor if anchor is not None else box.run)

    def _paragraph(self, element: Any) -> tuple[list[_Line], list[Box]]:
        properties = element.find(w("pPr"))
        found = self._reader.read(element)
        self._notes += found.notes
        self._names.update((element, name) for name, elements in found.names.items() for element in elements)
        page = self._page + found.pages_before_text
        self._page += found.page_count
        letters = [*self._carried, *found.letters]
        self._carried = []
        following = element.getnext()
        if _is_mark_deleted(properties) and following is not None and following.tag == w("p"):
            # The end of this paragraph is deleted: its text runs on in the next one.
            self._carried = letters
            return [], found.boxes
        if self._styles.is_contents(properties):
            return [], found.boxes
        place = self._styles.list_place(properties)
        level = self._numbering.level(place) if place else None
        label = self._numbering.label(place) if place else ""
        lines = _lines(letters)
        if not lines:
            return [], found.boxes
        if label:
            lines[0] = printed(label) + lines[0]
        indent = self._styles.indent(properties, level.properties if level else None)
        is_heading = self._styles.is_heading(properties)
        shown_page = page if self._has_pages else None
        return [_Line(line, is_heading, bool(label), indent, shown_page) for line in lines], found.boxes

    def _paragraph_block(self, line: _Line, anchor: Any | None) -> WordBlock:
        self._paragraph_count += 1
        text = line.letters.text
        kind = paragraph_kind(text, line.is_heading, line.is_listed)
        block = TextBlock(kind, text, line.page, self._paragraph_count, indent=line.indent)
        return WordBlock(block, line.letters.origins, anchor, self._named(line.letters.origins))

    def _named(self, origins: Sequence[Origin | None]) -> tuple[tuple[str, int, int], ...]:
        places: dict[str, list[int]] = {}
        for place, origin in enumerate(origins):
            if origin is not None and (name := self._names.get(origin.element)):
                places.setdefault(name, []).append(place)
        return tuple((name, found[0], found[-1] + 1) for name, found in places.items())

    def _table(self, table: Any, anchor: Any | None) -> Iterator[WordBlock]:
        rows: list[list[tuple[GridCell, Letters, list[_Line]]]] = []
        boxes: list[Box] = []
        pages: list[int | None] = []
        for row in _rows(table):
            pages.append(self._page if self._has_pages else None)
            rows.append(list(self._row(row, boxes)))
        if is_layout([[cell for cell, _, _ in row] for row in rows]):
            for row in rows:
                for _, _, lines in row:
                    for line in lines:
                        yield self._paragraph_block(line, anchor)
        else:
            for number, row in enumerate(rows):
                block = row_block([cell for cell, _, _ in row], self._table_count, number, pages[number])
                letters = join_letters([found for _, found, _ in row], SEPARATOR)
                if any(cell.text for cell, _, _ in row):
                    yield WordBlock(block, letters.origins, anchor, self._named(letters.origins))
            self._table_count += 1
        for box in boxes:
            yield from self._blocks(box.content, anchor if anchor is not None else box.run)

    def _row(self, row: Any, boxes: list[Box]) -> Iterator[tuple[GridCell, Letters, list[_Line]]]:
        column = _whole(value_of(row.find(w("trPr")), "gridBefore"))
        for cell in _cells(row):
            properties = cell.find(w("tcPr"))
            width = max(1, _whole(value_of(properties, "gridSpan")))
            merged = properties.find(w("vMerge")) if properties is not None else None
            lines: list[_Line] = []
            for paragraph in _paragraphs(cell):
                found, hanging = self._paragraph(paragraph)
                lines += found
                boxes += hanging
            if merged is not None and merged.get(w("val"), "continue") == "continue":
                # The text of a cell that reaches down stands in its first row.
                lines = []
            letters = join_letters([line.letters for line in lines], " ") if lines else EMPTY
            yield GridCell(letters.text, column, width), letters, lines
            column += width

    def _note_blocks(self) -> Iterator[WordBlock]:
        number = 0
        for kind, root in (("footnote", self._package.footnotes), ("endnote", self._package.endnotes)):
            if root is None:
                continue
            known = {
                note.get(w("id")): note
                for note in root.iter(w(kind))
                if note.get(w("type")) not in _SEPARATE_NOTES
            }
            for reference in [note for note in self._notes if note.kind == kind and note.note_id in known]:
                number += 1
                paragraphs = [self._paragraph(p)[0] for p in _paragraphs(known[reference.note_id])]
                lines = [line.letters for found in paragraphs for line in found]
                if not lines:
                    continue
                letters = join_letters(lines, " ")
                block = TextBlock(BlockKind.FOOTNOTE, letters.text, None, number)
                yield WordBlock(block, (None,) * len(letters.text), reference.run)


def _lines(letters: Sequence[Letter]) -> list[Letters]:
    """A paragraph as one text, or as several where a line break begins an item of a list."""
    found: list[Letters] = []
    for line in split_breaks(letters):
        if not found or find_marker(line.text):
            found.append(line)
        else:
            separator = " " if goes_on(found[-1].text, line.text) else "\n"
            found[-1] = found[-1] + printed(separator) + line
    return found


def _parts(holder: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those in content controls included; a contents control is left out."""
    for child in holder:
        if child.tag in (w("p"), w("tbl")):
            yield child
        elif child.tag == w("sdt"):
            content = child.find(w("sdtContent"))
            if content is not None and not _is_contents(child):
                yield from _parts(content)
        elif child.tag in _HOLDERS:
            yield from _parts(child)
        elif isinstance(child.tag, str) and child.tag.endswith("}AlternateContent"):
            chosen = next((form for form in child if isinstance(form.tag, str)), None)
            if chosen is not None:
                yield from _parts(chosen)


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{w('sdtPr')}/{w('docPartObj')}/{w('docPartGallery')}")
    return gallery is not None and gallery.get(w("val")) == "Table of Contents"


def _rows(table: Any) -> Iterator[Any]:
    for row in _inside(table, w("tr")):
        properties = row.find(w("trPr"))
        if properties is None or properties.find(w("del")) is None:
            yield row


def _cells(row: Any) -> Iterator[Any]:
    return _inside(row, w("tc"))


def _inside(holder: Any, tag: str) -> Iterator[Any]:
    """Children of a tag, those in content controls and other holders included."""
    for child in holder:
        if child.tag == tag:
            yield child
        elif child.tag == w("sdt"):
            content = child.find(w("sdtContent"))
            if content is not None:
                yield from _inside(content, tag)
        elif child.tag in _HOLDERS:
            yield from _inside(child, tag)


def _paragraphs(holder: Any) -> Iterator[Any]:
    """Paragraphs of a cell or note, those of tables inside it included."""
    for part in _parts(holder):
        if part.tag == w("p"):
            yield part
        else:
            for row in _rows(part):
                for cell in _cells(row):
                    yield from _paragraphs(cell)


def _is_mark_deleted(properties: Any | None) -> bool:
    mark = properties.find(w("rPr")) if properties is not None else None
    return mark is not None and (mark.find(w("del")) is not None or mark.find(w("moveFrom")) is not None)


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else 0
