"""An audited report as one self-contained page: its text in order with the marks in place, and a list that leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from jinja2 import DictLoader, Environment, StrictUndefined

from transforms.audit.model import Audit, ReportText, TextBlock
from transforms.render.audit_marks import (
    GROUP_TITLES,
    SHOWN_GROUPS,
    Group,
    Mark,
    count_verdicts,
    gather_marks,
)

PAGE = "page/audit.html.j2"
_NUMBER = re.compile(r"[-–]?\d[\d.,]*\s?%?")
_STEP = 6.0
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters under the same marks."""

    text: str
    group: Group | None = None
    """Of the gravest mark over them; None where there is none."""
    begins: tuple[Mark, ...] = ()
    ends: tuple[Mark, ...] = ()
    is_ticked: bool = False
    title: str = ""
    """What is said about a place that is no mark of its own because all is well there."""


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell of a table with its pieces."""

    pieces: tuple[Piece, ...]
    width: int
    is_number: bool


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A paragraph with its pieces, or a whole table with its rows."""

    kind: str
    """paragraph, heading, list_item, footnote or table."""
    pieces: tuple[Piece, ...] = ()
    depth: int = 0
    page: int | None = None
    """The page that begins with this block; None where none does."""
    rows: tuple[tuple[PageCell, ...], ...] = ()


def render_audit_html(
    name: str,
    headline: str,
    report: ReportText,
    audit: Audit,
    templates: Mapping[str, str],
    pages_without_text: Sequence[int] = (),
) -> bytes:
    """The page in UTF-8; the same bytes for the same audit and templates.

    ``name``: the report's file; ``headline``: one sentence on what it was held against; ``templates``: texts
    of the files below ``report_templates/`` by relative name. Nothing in the page asks for another file or
    address. Colour never stands alone: every mark has a sign, a number and words.
    """
    marks = gather_marks(report, audit)
    fine = gather_marks(report, audit, (Group.FINE,))
    page = _environment(tuple(sorted(templates.items()))).get_template(PAGE)
    text = page.render(
        name=name,
        headline=headline,
        blocks=tuple(build_page(report.blocks, marks, fine)),
        groups=[
            (group, GROUP_TITLES[group], [m for m in marks if m.group is group]) for group in SHOWN_GROUPS
        ],
        counts=count_verdicts(audit),
        pages_without_text=tuple(pages_without_text),
    )
    return (text.rstrip("\n") + "\n").encode("utf-8", "replace")


def build_page(
    blocks: Sequence[TextBlock], marks: Sequence[Mark], fine: Sequence[Mark]
) -> Iterator[PageBlock]:
    """The report as the page shows it, rows of one table together."""
    by_block: dict[int, list[Mark]] = {}
    calm: dict[int, list[Mark]] = {}
    for found, into in ((marks, by_block), (fine, calm)):
        for mark in found:
            into.setdefault(mark.span.block, []).append(mark)
    depths = _depths(blocks)
    page: int | None = None
    numbered = enumerate(blocks)
    for table, members in groupby(numbered, key=lambda item: item[1].table.table if item[1].table else None):
        if table is not None:
            rows = list(members)
            first = rows[0][1].page
            shown, page = (first if first != page else None), first
            yield PageBlock(
                "table",
                page=shown,
                rows=tuple(tuple(_cells(block, by_block.get(i, ()), calm.get(i, ()))) for i, block in rows),
            )
            continue
        for index, block in members:
            shown, page = (block.page if block.page != page else None), block.page
            depth = depths[block.indent]
            pieces = tuple(cut_pieces(block.text, 0, by_block.get(index, ()), calm.get(index, ())))
            yield PageBlock(block.kind.value, pieces, depth, shown)


def _depths(blocks: Sequence[TextBlock]) -> dict[float, int]:
    """Indent → how many clearly smaller indents the report has."""
    depths: dict[float, int] = {}
    depth, before = -1, 0.0
    for indent in sorted({block.indent for block in blocks}):
        if depth < 0 or indent - before > _STEP:
            depth, before = depth + 1, indent
        depths[indent] = min(depth, _DEEPEST)
    return depths


def _cells(block: TextBlock, marks: Sequence[Mark], fine: Sequence[Mark]) -> Iterator[PageCell]:
    column = 0
    for cell in block.table.cells if block.table else ():
        if cell.column > column:
            # A cell of a row above reaches down to here.
            yield PageCell((), cell.column - column, False)
        text = block.text[cell.start : cell.end]
        pieces = tuple(cut_pieces(text, cell.start, marks, fine))
        yield PageCell(pieces, cell.column_count, bool(_NUMBER.fullmatch(text.strip())))
        column = cell.column + cell.column_count


def cut_pieces(text: str, offset: int, marks: Sequence[Mark], fine: Sequence[Mark]) -> Iterator[Piece]:
    """A text cut where marks begin and end; ``offset`` is where it stands in its block.

    Marks may lie in each other; each piece takes the colour of the gravest over it.
    """
    end = offset + len(text)
    here = [m for m in marks if m.span.start < end and m.span.end > offset]
    calm = [m for m in fine if m.span.start < end and m.span.end > offset]
    places = {offset, end}
    for mark in (*here, *calm):
        places.update((min(max(mark.span.start, offset), end), max(min(mark.span.end, end), offset)))
    order = list(Group)
    bounds = sorted(places)
    for start, stop in pairwise(bounds):
        over = [m for m in here if m.span.start < stop and m.span.end > start]
        under = [m for m in calm if m.span.start < stop and m.span.end > start]
        # One tick where several things are well in one place.
        is_ticked = bool(under) and not any(m.span.start <= stop < m.span.end for m in under)
        gravest = min((m.group for m in over), key=order.index, default=None)
        yield Piece(
            text[start - offset : stop - offset],
            gravest or (Group.FINE if under else None),
            # A mark that runs over several cells begins in the first and ends in the last of them.
            tuple(m for m in over if m.span.start == start),
            tuple(m for m in over if m.span.end == stop),
            is_ticked,
            under[0].said[0].sentence if under and not over else "",
        )


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
