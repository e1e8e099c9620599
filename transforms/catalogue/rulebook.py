"""A way of counting dossiers, as data: what is counted, by which dates, and under which column it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

DEFAULT_RULEBOOK = "tt01"
RULEBOOK_STATES = ("early", "on_time", "late", "withdrawn", "within", "paused", "overdue")
"""States at B of a dossier that is counted (DESIGN.md section 3)."""
OUTSIDE = "outside"
"""In place of a column: a state that no column of the form holds."""
RULEBOOK_COLUMNS = ("early", "on_time", "late", "pending_within", "pending_overdue")
"""Columns 8-10 and 12-13 of Biểu II.06a."""
END_DATES = ("resolved_date", "returned_date", "first_shown")
"""What may tell the day a dossier was closed, in the order in which they are asked; ``first_shown`` is the
first export day that showed the status."""
STARTS = ("received", "resolved", "carried_over")
"""What is compared with the first day of the window: reception, the end, and the end of what was open before."""
SCORED_RATES = ("on_time_rate", "online_rate")
"""Ratios that earn points of an index."""
CERTAINTIES = ("S", "M", "C")
"""Found in a source; from memory, unverified; computed or inferred (DOMAIN.md)."""


@dataclass(frozen=True, slots=True)
class StateRules:
    """How the state of a dossier on a day is found."""

    is_by_latest_export: bool = False
    """The status of the latest export decides whatever the day, instead of dates and the statuses of that day."""
    end_dates: tuple[str, ...] = END_DATES
    """The first of them that is known closes the dossier."""


BY_DAY = StateRules()
"""By dates and by what exports up to that day showed."""


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Where a rule comes from."""

    document: str
    says: str
    certainty: str
    """One of ``CERTAINTIES``."""
    article: str = ""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A part of a group of points."""

    name: str
    most: int
    rate_id: str = ""
    """The ratio that earns the points, in proportion; empty where no export can tell it."""
    certainty: str = "S"
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """A group of points; its parts hold no more points than the group has."""

    name: str
    most: int
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One way of counting; the defaults are those of ``tt01``.

    Whatever differs between two ways of counting is one of these fields, so that one engine reads them all
    and differences can be led back to them (``transforms.indicators.reconcile``).
    """

    rulebook_id: str
    columns: Mapping[str, str]
    """State at B → one of ``RULEBOOK_COLUMNS``, or ``OUTSIDE``."""
    name: str = ""
    """What stands after "được đếm theo"."""
    short_name: str = ""
    leaves_out_unknown_procedures: bool = False
    """Dossiers without a field are not counted at all, instead of under "Chưa phân loại"."""
    after_start: frozenset[str] = frozenset()
    """Those of ``STARTS`` that must lie after the first day of the window; the others may lie on it."""
    states: StateRules = BY_DAY
    counts_columns_apart: bool = False
    """Resolved and pending are counted by their own dates, not among what was received or carried over."""
    late_from_requests: int | None = None
    """So many requests for more papers make a closed dossier late, where exports tell them; None for no matter."""
    is_of_software: bool = False
    """Counts as the one-stop software does, so that its own summary should come out."""
    applies_from: date | None = None
    sources: tuple[RuleSource, ...] = ()
    scores: tuple[ScoreGroup, ...] = field(default=())

    @property
    def label(self) -> str:
        """The short name; the id where it has none."""
        return self.short_name or self.rulebook_id

    @property
    def is_exact(self) -> bool:
        """True when whatever is received or carried over is resolved or pending, by construction."""
        return not (
            self.counts_columns_apart
            or self.after_start
            or self.states != BY_DAY
            or OUTSIDE in self.columns.values()
        )
