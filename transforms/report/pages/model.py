"""The pages of a night as content: frozen sections of blocks in which every number carries its cell.

Words are plain strings or ``words.Words``, which remember where their digits come from. A renderer knows only
what stands here and in ``transforms.report.blocks``.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.report.blocks import Chart, Figure, Paragraph


@dataclass(frozen=True, slots=True)
class Link:
    """Where a reader can go; ``href`` is relative to the page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a grid."""

    label: str
    is_number: bool = False
    is_code: bool = False
    """True for codes, which are not broken over lines."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: a number, or words; below them a remark in small print."""

    content: Figure | str = ""
    tag: str = ""
    """Kind of mark around the words (fine, warn, wrong, none); the words say the same as its colour."""
    href: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; the cell at ``Grid.head`` names it."""

    cells: tuple[GridCell, ...]
    kind: str = "body"
    """body, group (one label across) or total (stays at the foot when the grid is sorted)."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a page."""

    grid_id: str
    caption: str
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    head: int = 0
    """Index of the column that names the rows."""
    is_sortable: bool = False
    """True for a grid that a reader may sort and search; without a script it stands as it is."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One point of time; ``figure`` is None where nobody knows: missing is not zero."""

    at: int
    """Its place on the axis: months or days from the first point."""
    label: str
    short_label: str
    figure: Figure | None
    remark: str = ""
    """Why the number is missing, or what it does not tell."""
    is_partial: bool = False
    """True where the number tells of a part of the stretch only."""
    extras: tuple[Figure | None, ...] = ()
    """Other numbers of the point, for the table behind the drawing."""


@dataclass(frozen=True, slots=True)
class Trend:
    """One of several small drawings of one quantity over time."""

    trend_id: str
    title: str
    kind: str
    """columns (counts, from zero), line (shares) or steps (what stood open, day by day)."""
    points: tuple[TrendPoint, ...]
    alt_text: str
    value_label: str
    point_label: str = "Tháng"
    extra_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trends:
    """Small drawings side by side."""

    trends: tuple[Trend, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One finding as a page shows it."""

    severity: str
    state: str
    """What became of it since the last night, in words; empty where nothing did."""
    sentence: str
    remedy: str = ""
    remark: str = ""
    """How many rows, since when, of which unit."""


@dataclass(frozen=True, slots=True)
class FoundList:
    """Findings under one another."""

    label: str
    items: tuple[FoundItem, ...]


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A number shown large."""

    label: str
    figure: Figure | None
    """None where there is no such number: the card says so."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Numbers shown large side by side."""

    numbers: tuple[CardNumber, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """Where to go, under one another."""

    lines: tuple[tuple[str, tuple[Link, ...]], ...]
    """(what, its links)."""


PageBlock = Paragraph | Grid | Chart | Trends | FoundList | Cards | Links


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with a heading and an anchor."""

    section_id: str
    title: str
    blocks: tuple[PageBlock, ...]
    short_title: str = ""
    """For the line of links at the head of the page; empty for the title itself."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything that one page shows, and nothing else."""

    name: str
    """File name without its ending: a unit's code, or "index"."""
    kicker: str
    """The line above the title: what kind of page it is."""
    title: str
    meta: tuple[str, ...]
    links: tuple[Link, ...]
    stamps: tuple[str, ...]
    """What the reader must know before any number: missing units, old lists, grave findings."""
    sections: tuple[Section, ...]
    is_sortable: bool = False
    """True for a page with a grid that can be sorted."""
