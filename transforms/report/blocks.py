"""A report as content: frozen blocks in which every number carries the cell it came from.

Renderers know only what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that can be led back to its source.

    ``text`` is what is printed ("1.363", "02", "98,5%"); ``value`` what a spreadsheet calculates with.
    """

    value: int | float
    text: str
    cell_id: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one weight.

    ``source`` names where its digits come from, as ``words.Source`` lists; empty in a text without digits.
    """

    text: str
    bold: bool = False
    italic: bool = False
    source: str = ""


Inline = Run | Figure
Text = tuple[Inline, ...]


class ParagraphStyle(StrEnum):
    """What a paragraph is; a renderer decides what it looks like."""

    BODY = "body"
    DASH_ITEM = "dash_item"
    """Item of a first-level list, printed with "- "."""
    PLUS_ITEM = "plus_item"
    """Item of a second-level list, printed with "+ "."""
    NOTE = "note"
    WARNING = "warning"
    """A sentence that says which number not to trust."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading; ``number`` is printed before it ("I", "1", "a")."""

    level: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    style: ParagraphStyle
    text: Text


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table.

    ``group`` is the merged header above it, empty when none. ``number`` is the printed column number
    ("(3)"). ``formula`` names the columns whose sum it is, by key, for live formulas in a workbook.
    """

    key: str
    label: str
    group: str = ""
    number: str = ""
    formula: tuple[str, ...] = ()
    width_mm: float = 18.0
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; ``cells`` run beside the table's columns. A missing number is an empty string.

    ``kind``: body, group (one label across), total (sum of the body rows above).
    """

    cells: tuple[Figure | str, ...]
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class EntryOrder:
    """How a form is keyed into the Government's reporting system."""

    heading: str
    """What its lines are there: "Lĩnh vực, công việc giải quyết cấp xã"."""
    columns: tuple[str, ...]
    """Keys of the columns in the order in which they are typed."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, the unit of its numbers and the notes at its foot."""

    table_id: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    unit_of_measure: str = ""
    notes: tuple[Text, ...] = ()
    form_number: str = ""
    """For example "Biểu số II.06a/VPCP/KSTT"; printed in the box of the form."""
    form_box: tuple[str, ...] = ()
    """Lines of the form's right-hand box (reporting unit, receiving unit)."""
    checks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Identities to verify in a workbook: (column key, keys whose sum it must equal)."""
    layout_note: str = ""
    """Set where the form's layout is no longer in force; also printed in the box."""
    entry: EntryOrder | None = None
    """Set for a form that is keyed into the Government's reporting system."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart; ``values`` run beside the chart's categories, None where missing."""

    name: str
    values: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the words that stand for it where it cannot be seen."""

    chart_id: str
    title: str
    kind: str
    """bar or stacked_bar."""
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt_text: str
    category_title: str = ""
    """What the categories are: "Lĩnh vực"."""
    value_title: str = ""
    """What the values count: "Số hồ sơ"."""


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on its own landscape pages."""

    number: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Header block of an administrative document (NĐ 30/2020/NĐ-CP Annex I)."""

    parent_body: str
    """Capitals line above the issuing body; empty for a commune."""
    issuing_body: tuple[str, ...]
    """("ỦY BAN NHÂN DÂN", "XÃ BÌNH LƯƠNG")."""
    document_number: str
    """"Số: 45/BC-UBND", or "Số:       /BC-UBND" in a draft."""
    place_and_date: str
    document_type: str
    """"BÁO CÁO"."""
    subject: str
    draft_mark: str
    """"DỰ THẢO" on a draft, empty on a publication."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Recipients and signer at the foot."""

    recipients: tuple[str, ...]
    authority: str
    """"TM. ỦY BAN NHÂN DÂN"."""
    role: str
    """"CHỦ TỊCH"."""
    name: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A key and its value for the head of a page: which window, data date, rulebook were used."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A figure shown large at the head of a page."""

    label: str
    figure: Figure
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything a renderer prints, and nothing else."""

    report_type: str
    unit_code: str
    unit_name: str
    period_id: str
    period_name: str
    title: str
    letterhead: Letterhead
    facts: tuple[Fact, ...]
    key_numbers: tuple[KeyNumber, ...]
    stamps: tuple[str, ...]
    """Sentences of open critical findings and of missing units that the report is stamped with."""
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    signature: Signature
    charts: tuple[Chart, ...]
    """Charts of the HTML page."""
    findings: tuple[tuple[str, str, str], ...] = ()
    """(severity label, sentence, remedy) of the unit's open findings, for the HTML page."""
    page_stamp: str = ""
    """Printed on every page of a roll-up that lacks units: "Thiếu số liệu 2/16 đơn vị"."""
    workbook_tables: tuple[Table, ...] = ()
    """Forms that only the workbook prints, beside those of the annexes."""
