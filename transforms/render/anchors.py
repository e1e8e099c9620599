"""Names under which a printed number can be found again in a Word file, a page and ``context.json``."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from transforms.report.blocks import Block, Chart, Figure, Heading, Paragraph, ReportContext, Table, Text
from transforms.report.words import parts_of

LONGEST_NAME = 40
"""Word refuses bookmarks with longer names."""


@lru_cache(maxsize=65536)
def cell_stem(cell_id: str) -> str:
    """``mc_`` and the first 16 hex digits of SHA-256 of the cell id (DESIGN.md section 2)."""
    return "mc_" + hashlib.sha256(cell_id.encode("utf-8")).hexdigest()[:16]


class Anchors:
    """Hands out one name per printing of a cell: its stem, ``_`` and the occurrence, counted from 1."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def name(self, cell_id: str) -> str:
        """Unique within one document, at most 40 characters."""
        stem = cell_stem(cell_id)
        self._seen[stem] += 1
        return f"{stem}_{self._seen[stem]}"


def context_figures(context: ReportContext) -> Iterator[Figure]:
    """Every figure of a report in reading order: stamps, narrative, annexes, key numbers, charts of the page."""
    for stamp in context.stamps:
        yield from _text_figures(parts_of(stamp))
    for block in context.blocks:
        yield from _block_figures(block)
    for annex in context.annexes:
        for block in annex.blocks:
            yield from _block_figures(block)
    yield from _text_figures(parts_of(context.page_stamp))
    for key_number in context.key_numbers:
        yield key_number.figure
        yield from _text_figures(parts_of(key_number.remark))
    for chart in context.charts:
        yield from _block_figures(chart)
    for table in context.workbook_tables:
        yield from _block_figures(table)


def _block_figures(block: Block) -> Iterator[Figure]:
    if isinstance(block, Heading):
        yield from _text_figures(parts_of(block.text))
    elif isinstance(block, Paragraph):
        yield from _text_figures(block.text)
    elif isinstance(block, Table):
        for row in block.rows:
            yield from (cell for cell in row.cells if isinstance(cell, Figure))
        for note in block.notes:
            yield from _text_figures(note)
    elif isinstance(block, Chart):
        for series in block.series:
            yield from (value for value in series.values if value is not None)
        yield from _text_figures(parts_of(block.title))
        yield from _text_figures(parts_of(block.alt_text))


def _text_figures(text: Text) -> Iterator[Figure]:
    yield from (part for part in text if isinstance(part, Figure))
