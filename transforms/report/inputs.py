"""What a report is built from: counted cells, the unit's own words, and what is known about both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.catalogue.model import Catalogue, Unit
from transforms.history.restatement import Ledger
from transforms.indicators.earlier import Earlier
from transforms.indicators.model import IndicatorTable
from transforms.report.report_types import DEFAULT_TYPE


@dataclass(frozen=True, slots=True)
class SupplementValue:
    """One line of one supplement item; ``number`` is set for counts and đồng."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """An open finding with its wording already filled in.

    ``severity``: critical, warning or info. ``unit_code`` is empty for the whole workspace.
    """

    severity: str
    code: str
    unit_code: str
    sentence: str
    remedy: str
    finding_id: str = ""


@dataclass(frozen=True, slots=True)
class ReportExplanation:
    """One accepted explanation of an open finding, with the finding's sentence.

    ``count``: rows that it covers, or the explained number where the finding has no rows; ``subjects``: the
    records of these rows. ``is_full``: together with others it leaves nothing of the finding open.
    """

    finding_id: str
    decision_id: str
    severity: str
    code: str
    unit_code: str
    sentence: str
    count: int
    subjects: tuple[str, ...]
    reason: str
    author: str
    decided_on: date | None
    expires_on: date | None
    is_full: bool
    is_whole: bool = False
    """True for one that is about the finding itself, whatever its rows are."""


@dataclass(frozen=True, slots=True)
class Restated:
    """The earlier publication that this report takes the place of, and what reads otherwise since."""

    number: int
    document_number: str
    document_date: date
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """What makes a report one that anybody may read."""

    threshold: int
    """The smallest count of a sensitive field that is printed, besides 0."""
    hidden: frozenset[tuple[str, str, str]]
    """(measure, unit or node, field) of the counts that are withheld (``indicators.suppression``)."""


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """Everything that decides a report's content; equal inputs give an equal report (law 3).

    ``table`` holds the cells of ``leaf_units``; for a commune ``leaf_units`` is the commune itself.
    ``missing_units`` are those of ``leaf_units`` that sent nothing at all. ``supplement``: unit code →
    item id → lines in order; a unit without supplement is not a key. ``data_date`` is the earliest
    export day among the deliveries used. ``period_name`` ("9 tháng năm 2021") and ``window_words``
    ("từ ngày ... đến ngày ...") are worded by ``transforms.indicators.period``.
    """

    table: IndicatorTable
    node: Unit
    leaf_units: tuple[Unit, ...]
    catalogue: Catalogue
    templates: Mapping[str, str]
    """Template name ("cchc_unit.md.j2") → source."""
    supplement: Mapping[str, Mapping[str, tuple[SupplementValue, ...]]]
    data_date: date | None
    period_name: str
    window_words: str
    place_name: str
    """Place of the date line: the commune's or district's name without its type."""
    missing_units: tuple[Unit, ...] = ()
    findings: tuple[ReportFinding, ...] = ()
    quarantined_count: Mapping[str, int] = field(default_factory=dict)
    """Unit code → dossier rows set apart because they could not be read."""
    is_draft: bool = True
    document_number: str = ""
    document_date: date | None = None
    restated: Restated | None = None
    """Set when a period is published again; never in a draft."""
    earlier: tuple[Earlier, ...] = ()
    """The periods that the figures are compared with, as known at the same instant."""
    report_type: str = DEFAULT_TYPE
    """One of ``report_types.REPORT_TYPES``."""
    not_expected: frozenset[tuple[str, str]] = frozenset()
    """(unit code, kind of list) of lists that a unit has no software for; their absence is no gap."""
    data_days: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """(unit code, kind of list) → day of the export that the unit's figures rest on."""
    first_days: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """(unit code, kind of list) → day of the unit's oldest record."""
    explanations: tuple[ReportExplanation, ...] = ()
    """What was explained of the findings that concern the report; these are not among ``findings`` if explained in full."""
    public: PublicEdition | None = None
    """Set for the edition that anybody may read; None for the one that the offices read."""

    @property
    def is_rollup(self) -> bool:
        """True when the node is more than the one unit that it counts."""
        return tuple(unit.code for unit in self.leaf_units) != (self.node.code,)
