"""What a reconciliation holds: the figures of every rulebook, their differences, and the dossiers behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.catalogue.rulebook import Rulebook
from transforms.indicators.contributions import NOTE
from transforms.indicators.model import ALL_FIELDS, Reckoning

PAUSED, UNKNOWN_CHANNEL = f"{NOTE}paused", f"{NOTE}unknown_channel"
ON_TIME_PARTS = "early+on_time"
"""Numerator of the on-time rate."""
RECONCILED = (
    "received_in_window",
    "received_online",
    "carried_over",
    "received_total",
    "early",
    "on_time",
    "late",
    ON_TIME_PARTS,
    "resolved_total",
    "pending_within",
    "pending_overdue",
    "pending_total",
    PAUSED,
    UNKNOWN_CHANNEL,
)
"""What is compared. The on-time rate follows from ``ON_TIME_PARTS`` and ``resolved_total``."""
ON_TIME_RATE = "on_time_rate"


@dataclass(frozen=True, slots=True)
class Counting:
    """What one rulebook counts."""

    rulebook: Rulebook
    reckoning: Reckoning
    """Names the rulebook, so that its cell ids do."""
    by_unit: Mapping[tuple[str, str], int]
    """(measure, unit) → number, for every measure of ``RECONCILED`` and every unit asked for."""

    def value(self, measure_id: str) -> int:
        """The number over all units."""
        return sum(number for (measure, _), number in self.by_unit.items() if measure == measure_id)

    def cell_id(self, measure_id: str, unit_code: str) -> str:
        """The cell that ``motcua trace`` resolves."""
        if measure_id == ON_TIME_RATE:
            return "rate/" + self.reckoning.cell_id(measure_id, unit_code, ALL_FIELDS)
        if measure_id.startswith(NOTE):
            return "note/" + self.reckoning.cell_id(measure_id.removeprefix(NOTE), unit_code)
        return self.reckoning.cell_id(measure_id, unit_code)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many dossiers one reason adds to a measure, and how many it takes away."""

    code: str
    added: int
    taken: int

    @property
    def amount(self) -> int:
        """What the reason makes of the difference."""
        return self.added - self.taken


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure under two rulebooks."""

    measure_id: str
    base: int
    other: int
    reasons: tuple[ReasonCount, ...]
    """In the order of ``SWITCHES``; their amounts add up to ``amount``. There may be reasons where it is 0."""

    @property
    def amount(self) -> int:
        """How much more the other rulebook counts; negative for less."""
        return self.other - self.base


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything in which a rulebook counts otherwise than the base."""

    base: Rulebook
    other: Rulebook
    differences: tuple[Difference, ...]
    """In the order of ``RECONCILED``; measures that no dossier makes differ are left out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one rulebook counts a dossier."""

    entry: str
    """received, carried, or empty for neither."""
    column: str
    """One of ``PLACES``; empty for none."""


@dataclass(frozen=True, slots=True)
class DifferingDossier:
    """A dossier that some rulebook counts otherwise; no personal data."""

    unit_code: str
    dossier_code: str
    field_id: str
    procedure: str
    """Code of the procedure as exported, else its public name."""
    status: str
    received_date: date | None
    due_date: date | None
    resolved_date: date | None
    returned_date: date | None
    standings: tuple[Standing, ...]
    """One for each counting."""
    reasons: tuple[tuple[str, str, str, int], ...]
    """(rulebook id, measure, reason code, +1 or -1)."""
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One period of some units under every rulebook; the first counting is the base."""

    countings: tuple[Counting, ...]
    comparisons: tuple[Comparison, ...]
    dossiers: tuple[DifferingDossier, ...]
    """By unit and code; each one that makes any difference once."""
