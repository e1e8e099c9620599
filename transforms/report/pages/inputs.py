"""What the pages of a night are built from; equal inputs give equal pages (law 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.catalogue.model import Unit
from transforms.indicators.backlog import BacklogCells
from transforms.indicators.delivered import DeliveryCoverage
from transforms.indicators.due_soon import DueSoon
from transforms.indicators.fix_list import FixList
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.report.inputs import ReportInputs


@dataclass(frozen=True, slots=True)
class PageFinding:
    """A finding that is open, or that was at the last night's end.

    ``state``: one of the states of ``expectations.life``, empty where there was no night before; ``since``: the
    day since when it is open, None for one that is mended.
    """

    finding_id: str
    code: str
    severity: str
    audience: str
    unit_code: str
    period_id: str
    count: int
    sentence: str
    remedy: str
    state: str = ""
    since: date | None = None

    @property
    def is_open(self) -> bool:
        """False for one that was mended since the last night."""
        return self.state != "fixed"

    @property
    def is_explained(self) -> bool:
        """True for one that asks for nothing more."""
        return self.state == "explained"


@dataclass(frozen=True, slots=True)
class OpenCurve:
    """Rows of one unit that were open under the findings of one audience, at the end of each day."""

    unit_code: str
    audience: str
    days: tuple[date, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonthCount:
    """One month; ``lines`` are the keys of the units whose sum the node is in that month."""

    reckoning: Reckoning
    table: IndicatorTable
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """How the main period stood at the end of the last night."""

    as_of: date
    known_at: str
    """ISO instant; what ``--known-at`` takes."""
    table: IndicatorTable | None
    """None where the period had not begun on that night's working day."""


@dataclass(frozen=True, slots=True)
class UnitTodo:
    """What one unit has to do."""

    due: DueSoon
    fixes: FixList
    data_date: date | None


@dataclass(frozen=True, slots=True)
class NightInputs:
    """One roll-up, or one unit without one, and everything that its pages and its units' pages show.

    ``reports``: the periods of the night, the main one first. ``months``: oldest first. ``told``: (stored unit
    code, kind) → first and last day that the lists tell of. ``lists``: what was sent for the main period, and the
    supplements of the others (``other_supplements``: period id → them). ``drafted``: codes with drafts.
    """

    reports: tuple[ReportInputs, ...]
    months: tuple[MonthCount, ...] = ()
    told_since: Mapping[tuple[str, str], date] = field(default_factory=dict)
    told_until: Mapping[tuple[str, str], date] = field(default_factory=dict)
    lists: tuple[DeliveryCoverage, ...] = ()
    other_supplements: Mapping[str, tuple[DeliveryCoverage, ...]] = field(default_factory=dict)
    findings: tuple[PageFinding, ...] = ()
    curves: tuple[OpenCurve, ...] = ()
    todo: Mapping[str, UnitTodo] = field(default_factory=dict)
    backlog: BacklogCells = field(default_factory=dict)
    before: Before | None = None
    drafted: frozenset[str] = frozenset()
    draft_files: tuple[tuple[str, str], ...] = ()
    """(label, file name) of the files of a draft."""
    page_name: str = "index"
    """File name of the node's page without its ending."""
    run_page: str = ""
    """Path of the newest run's page from the pages' folder."""

    @property
    def main(self) -> ReportInputs:
        """The period that ranks, fields and backlog are about."""
        return self.reports[0]

    @property
    def node(self) -> Unit:
        """The roll-up, or the unit where it is its own only line."""
        return self.main.node

    @property
    def as_of(self) -> date:
        """The working day of the night."""
        return self.main.table.reckoning.as_of

    @property
    def units(self) -> tuple[Unit, ...]:
        """The lines of the node, those that sent nothing included."""
        return self.main.leaf_units
