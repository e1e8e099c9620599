"""Whether a period may still move: open until its deadline, then closed, until someone reopens it.

A nightly draft goes on whatever the state: drafts are no publications. What a closed period refuses is
another publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from transforms.calendar.day_words import official_date
from transforms.catalogue.model import Catalogue, Unit
from transforms.findings import Finding
from transforms.indicators.deadline import PeriodDeadline, find_deadline
from transforms.indicators.model import Period

CLOSING, REOPENING = "closing", "reopening"
"""Kinds of decision, as the decisions table has them."""
BY_RULE = "theo hạn gửi"
LATE_DELIVERY = "period.closed.late_delivery"

CellKey = tuple[str, str, str]
"""Measure, unit, facet."""


class Standing(StrEnum):
    """Whether a publication of the period is taken."""

    OPEN = "open"
    CLOSED = "closed"
    REOPENED = "reopened"


STANDING_NAMES: Mapping[Standing, str] = {
    Standing.OPEN: "đang mở",
    Standing.CLOSED: "đã khóa",
    Standing.REOPENED: "đã mở lại",
}


@dataclass(frozen=True, slots=True)
class PeriodDecision:
    """One decision to close or reopen a unit's period under one basis."""

    kind: str
    unit_code: str
    period_id: str
    basis: str
    author: str
    reason: str
    decided_on: date
    known_from: datetime
    until: date | None = None
    """Last day on which a reopening holds; None until it is closed again."""


@dataclass(frozen=True, slots=True)
class PeriodState:
    """Where a unit's period stands on a day, and who says so."""

    standing: Standing
    deadline: PeriodDeadline | None
    since: date | None
    """Day of the decision, or the first day after the deadline; None while it is simply open."""
    decided_by: str
    """Author of the decision, ``BY_RULE``, or empty while it is simply open."""
    reason: str = ""
    until: date | None = None
    """Last day of a reopening that has one."""

    @property
    def is_closed(self) -> bool:
        """True when publishing again is refused."""
        return self.standing is Standing.CLOSED


def period_state(
    unit: Unit,
    period: Period,
    basis: str,
    as_of: date,
    decisions: Sequence[PeriodDecision],
    catalogue: Catalogue,
) -> PeriodState:
    """The state of that unit's period on ``as_of``, by the newest decision about it, else by its deadline.

    ``decisions``: those known at the instant asked about; those about others are passed over. After the
    last day of a reopening the period is closed again. Without a deadline only a decision closes.
    PeriodError where the basis has no window for the period.
    """
    deadline = find_deadline(period, basis, unit, catalogue)
    own = [
        decision
        for decision in decisions
        if (decision.unit_code, decision.period_id, decision.basis) == (unit.code, period.period_id, basis)
    ]
    if own:
        newest = max(own, key=lambda decision: decision.known_from)
        if newest.kind == CLOSING:
            return PeriodState(Standing.CLOSED, deadline, newest.decided_on, newest.author, newest.reason)
        if newest.until is None or as_of <= newest.until:
            return PeriodState(
                Standing.REOPENED, deadline, newest.decided_on, newest.author, newest.reason, newest.until
            )
        return PeriodState(Standing.CLOSED, deadline, _next(newest.until), newest.author, newest.reason)
    if deadline is not None and as_of > deadline.day:
        return PeriodState(Standing.CLOSED, deadline, _next(deadline.day), BY_RULE)
    return PeriodState(Standing.OPEN, deadline, None, "")


def state_words(state: PeriodState) -> str:
    """ "đã khóa từ ngày 17/9/2021, theo hạn gửi"."""
    words = STANDING_NAMES[state.standing]
    if state.since is None:
        return words
    words = f"{words} từ ngày {official_date(state.since)}"
    if state.until is not None:
        words = f"{words} đến hết ngày {official_date(state.until)}"
    return (
        f"{words}, {state.decided_by}"
        if state.decided_by == BY_RULE
        else f"{words}, người quyết định: {state.decided_by}"
    )


def check_closed_draft(
    unit: Unit,
    period: Period,
    state: PeriodState,
    published: Mapping[CellKey, int],
    drafted: Mapping[CellKey, int],
) -> Finding | None:
    """The finding that a closed, published period would say something else now; None when it would not.

    ``published`` and ``drafted``: the cells of the newest publication and of the draft, in the same order
    of keys or not; a cell that only one of them has differs.
    """
    if not state.is_closed:
        return None
    moved = sum(published.get(key) != drafted.get(key) for key in {*published, *drafted})
    if not moved:
        return None
    params = (("period", period.period_id), ("cells", moved), ("state", state_words(state)))
    return Finding(LATE_DELIVERY, unit.code, params=params)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
