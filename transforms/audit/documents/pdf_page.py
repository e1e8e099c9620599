"""What stands on the pages of a PDF: letters with their places, ruled lines, pictures."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTItem, LTLine, LTRect
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException

from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

# What pdfminer raises over damaged bytes: its own errors and those of the Python it is made of.
DAMAGE = (
    *(PSException, struct.error, zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(AssertionError, ArithmeticError, RecursionError, EOFError, OSError, NotImplementedError),
)
_MOST_PAGES = 1500
_MOST_LETTERS = 6_000_000
_STREAM = re.compile(rb"stream\r?\n")
_TWICE_PACKED = re.compile(
    rb"/Filter\s*\[\s*/(?:Fl|FlateDecode|LZW|LZWDecode)\s*/(?:Fl|FlateDecode|LZW|LZWDecode)"
)
_CHUNK = 1 << 20
_THIN = 3.0
_LEAST_RULE = 4.0
_UNKNOWN = re.compile(r"\(cid:\d+\)")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter: left and right edge, base line and size in points, the origin at the lower left."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: at ``at`` across its direction, from ``start`` to ``end`` along it."""

    is_level: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page; numbers from 1."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    has_picture: bool
    unknown_count: int
    """Letters whose font does not say which they are."""


def read_pages(file: BinaryIO, limits: Limits) -> tuple[Page, ...]:
    """Every page of a PDF.

    Raises UnreadableFileError ``audit.file.encrypted``, ``audit.file.too_large`` or ``audit.file.broken``.
    """
    _check_streams(file, limits)
    try:
        return tuple(_pages(file))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableFileError("audit.file.encrypted") from error
    except DAMAGE as error:
        raise UnreadableFileError("audit.file.broken") from error


def _pages(file: BinaryIO) -> Iterator[Page]:
    file.seek(0)
    document = PDFDocument(PDFParser(file))
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    letters = 0
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        interpreter.process_page(page)
        read = _read(number, device.get_result())
        letters += len(read.glyphs)
        if number > _MOST_PAGES or letters > _MOST_LETTERS:
            raise UnreadableFileError("audit.file.too_large")
        yield read


def _read(number: int, layout: Iterable[LTItem]) -> Page:
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    has_picture, unknown = False, 0
    for item in _items(layout):
        if isinstance(item, LTChar):
            if not item.upright:
                continue
            text = item.get_text()
            if _UNKNOWN.fullmatch(text):
                unknown += 1
                continue
            is_bold = "bold" in item.fontname.casefold()
            glyphs.append(Glyph(text, item.x0, item.x1, item.matrix[5], item.size, is_bold))
        elif isinstance(item, LTImage):
            has_picture = True
        elif isinstance(item, LTLine | LTRect | LTCurve):
            rules.extend(_rules(item))
    x0, y0, x1, y1 = layout.bbox  # type: ignore[attr-defined]
    return Page(number, x1 - x0, y1 - y0, tuple(glyphs), tuple(rules), has_picture, unknown)


def _items(layout: Iterable[LTItem]) -> Iterator[LTItem]:
    for item in layout:
        if isinstance(item, LTFigure):
            yield from _items(item)
        else:
            yield item


def _rules(item: LTCurve) -> Iterator[Rule]:
    """A line, a thin box, or the four sides of a box."""
    x0, y0, x1, y1 = item.bbox
    if not isinstance(item, LTLine | LTRect) and len(item.pts) != 2:
        return
    width, height = x1 - x0, y1 - y0
    if height <= _THIN and width >= _LEAST_RULE:
        yield Rule(True, (y0 + y1) / 2, x0, x1)
    elif width <= _THIN and height >= _LEAST_RULE:
        yield Rule(False, (x0 + x1) / 2, y0, y1)
    elif isinstance(item, LTRect) and item.stroke:
        yield from (Rule(True, y, x0, x1) for y in (y0, y1))
        yield from (Rule(False, x, y0, y1) for x in (x0, x1))


def _check_streams(file: BinaryIO, limits: Limits) -> None:
    """Refuse a PDF whose packed parts unpack to too much; they are unpacked piece by piece to find out."""
    file.seek(0)
    content = file.read()
    if _TWICE_PACKED.search(content):
        raise UnreadableFileError("audit.file.too_large")
    total = 0
    for found in _STREAM.finditer(content):
        unpacker = zlib.decompressobj()
        waiting = memoryview(content)[found.end() : content.find(b"endstream", found.end())]
        try:
            piece = unpacker.decompress(waiting, _CHUNK)
            while piece:
                total += len(piece)
                if total > limits.unpacked_bytes:
                    raise UnreadableFileError("audit.file.too_large")
                piece = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
        except zlib.error:
            continue
