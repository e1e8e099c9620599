"""What an audit works on and what it answers: blocks of text in, claims, judgements and remarks out.

Readers of Word, PDF, HTML and plain text build a :class:`ReportText`; the terminal, the page with marks
and the commented copy are built from an :class:`Audit`. Every place is a :class:`Span`: a block's index
and character offsets in that block's ``text``, so that an output can mark the exact letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is in the document it came from."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row: where its text stands in the row's block and which grid column it starts in."""

    start: int
    end: int
    column: int
    column_count: int = 1
    """Grid columns that it covers; more than 1 for a merged cell."""


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Which table of the document and which of its rows, both from 0."""

    table: int
    row: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One paragraph, heading, list item, footnote or table row, as printed.

    ``text`` keeps the printed list marker ("- ", "a) ", "II. ") where the document shows one. The text of
    a table row is its cells joined by " | "; ``table`` says where each of them stands.
    """

    kind: BlockKind
    text: str
    page: int | None = None
    paragraph_number: int | None = None
    """Position in the document as its reader counts, from 1."""
    table: TablePlace | None = None
    indent: float = 0.0
    """Left indent in points; only its order between neighbours matters."""


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A reporting period as days. ``earliest_end`` is the end under NĐ 09/2019/NĐ-CP, ``end`` the calendar's."""

    label: str
    start: date
    earliest_end: date
    end: date
    is_open: bool = False
    """True where the kind of period has no window in law (nine months): only its months are known."""


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What the head of a report says about itself; empty or None where it says nothing."""

    unit_type: str = ""
    """xã, phường, thị trấn, huyện, quận, thị xã, thành phố, tỉnh."""
    unit_name: str = ""
    period: PeriodFacts | None = None
    report_date: date | None = None


@dataclass(frozen=True, slots=True)
class ReportText:
    """A whole report in reading order. ``title`` None: the audit reads it from the first blocks."""

    blocks: tuple[TextBlock, ...]
    title: TitleFacts | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Letters of one block, end exclusive."""

    block: int
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one letter."""
        return self.block == other.block and self.start < other.end and other.start < self.end


class ClaimKind(StrEnum):
    """What sort of statement a claim is."""

    TOTAL = "total"
    """A number said to be made of parts, in a sentence or by a list."""
    TABLE_TOTAL = "table_total"
    """A cell of a table that is the sum of its column, or of its row's parts."""
    BALANCE = "balance"
    """Received = resolved + pending."""
    RATE = "rate"
    MONEY = "money"
    """An amount with its words."""
    COMPARISON = "comparison"
    ON_TIME = "on_time"
    """ "đúng hạn" said of everything."""
    REPEAT = "repeat"
    """The same quantity said in two places."""
    PERIOD = "period"
    """The day that the figures go up to, against the reporting period."""
    COUNT = "count"
    """A figure that the data also know."""


class Role(StrEnum):
    """What a number does in its claim."""

    TOTAL = "total"
    PART = "part"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    RATE = "rate"
    BASE = "base"
    CHANGE = "change"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Stated:
    """A number of a claim as the report states it."""

    role: Role
    value: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that can be judged; ``text`` are the letters from ``start`` to ``end`` of the block."""

    kind: ClaimKind
    block: int
    start: int
    end: int
    text: str
    values: tuple[Stated, ...] = ()

    @property
    def span(self) -> Span:
        """Where the claim stands."""
        return Span(self.block, self.start, self.end)


class Verdict(StrEnum):
    """The answer to a claim; pass or fail alone would mislabel most real cases."""

    CONTRADICTION = "contradiction"
    REMAINDER_NOT_CLASSIFIED = "remainder_not_classified"
    """The parts fall short of the total."""
    DENOMINATOR_UNKNOWN = "denominator_unknown"
    """A rate whose base stands nowhere."""
    WITHIN_ROUNDING = "within_rounding"
    CONSISTENT = "consistent"
    AGREES_WITH_DATA = "agrees_with_data"
    DISAGREES_WITH_DATA = "disagrees_with_data"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim with its verdict and one calm Vietnamese sentence that says why.

    ``expected`` is the number that would agree, ``difference`` stated minus expected (for a remainder:
    what is left to classify, positive). ``suspect`` is the number most likely to be the wrong one where
    several checks meet in it; ``cell_id`` names the cell of the data that was compared.
    """

    claim: Claim
    verdict: Verdict
    sentence: str
    expected: Decimal | None = None
    difference: Decimal | None = None
    cell_id: str = ""
    suspect: Span | None = None

    @property
    def is_alarm(self) -> bool:
        """True where something in the report cannot be right."""
        return self.verdict in (Verdict.CONTRADICTION, Verdict.DISAGREES_WITH_DATA)


@dataclass(frozen=True, slots=True)
class TextRemark:
    """Something about the text itself: a citation, a unit's name, a date, a number of a heading, a paragraph."""

    code: str
    """Permanent and dotted: citation.expired, unit.other, numbering.repeated, …"""
    block: int
    start: int
    end: int
    sentence: str

    @property
    def span(self) -> Span:
        """Where the remark stands."""
        return Span(self.block, self.start, self.end)


@dataclass(frozen=True, slots=True)
class LegalDocument:
    """One document of the catalogue of legal documents, with the days it was in force."""

    number: str
    """As cited: 61/2018/NĐ-CP, 26/CT-TTg."""
    title: str
    issuer: str
    issued_on: date | None
    valid_from: date | None
    valid_to: date | None
    """Last day in force; None while it is, or while nobody knows."""
    replaced_by: str
    is_certain: bool
    """False: never said to be out of force."""
    source: str


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The unit whose report it is, with the names that its reports may rightly mention."""

    code: str
    type: str
    name: str
    level: str
    """xa, huyen, tinh."""
    parents: tuple[tuple[str, str], ...] = ()
    """(type, name) of every unit above it: ("huyện", "Như Xuân")."""
    neighbours: tuple[tuple[str, str], ...] = ()
    """(type, name) of the other units of its level."""


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure of the data that a report may state.

    ``measure_id`` is that of the indicators (received_total, resolved_total, …); ``facet`` the printed name
    of the field or document type, empty for the sum over them.
    """

    measure_id: str
    value: Decimal
    cell_id: str
    facet: str = ""
    facet_aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherReport:
    """Another report to compare paragraphs with: last year's, another unit's."""

    name: str
    """How a sentence calls it: "báo cáo 9 tháng năm 2020 của xã Bình Lương"."""
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """What is known beside the text; every part may be missing."""

    documents: tuple[LegalDocument, ...] = ()
    unit: UnitFacts | None = None
    period: PeriodFacts | None = None
    report_date: date | None = None
    figures: tuple[KnownFigure, ...] = ()
    others: tuple[OtherReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything found, in reading order."""

    judgements: tuple[Judgement, ...] = ()
    remarks: tuple[TextRemark, ...] = ()

    @property
    def alarms(self) -> Iterator[Judgement]:
        """Judgements that say that something cannot be right."""
        return (judgement for judgement in self.judgements if judgement.is_alarm)
