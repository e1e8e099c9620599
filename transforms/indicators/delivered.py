"""What became of the lists that units were to send, and how many units each state counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from transforms.catalogue.model import LIST_KINDS


class DeliveryState(StrEnum):
    """What became of one list of one unit."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EMPTY = "empty"
    """Sent, but without a row, or without one of the period's days."""
    NOT_DUE = "not_due_yet"
    NOT_EXPECTED = "not_expected"


SENT_STATES = (DeliveryState.ON_TIME, DeliveryState.LATE, DeliveryState.EMPTY)


@dataclass(frozen=True, slots=True)
class DeliveryCoverage:
    """One list of one unit as it stands on a day."""

    unit_code: str
    kind: str
    """One of ``LIST_KINDS``."""
    state: DeliveryState
    exported_on: date | None = None
    """Day of the newest export of the list; of a missing one the newest there is, if any."""
    due: date | None = None
    """Last working day for sending what was due last; None while nothing was due."""
    late_days: int = 0
    """Working days after ``due``: until it came, of a missing list until now."""


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """The units of one kind by state."""

    expected: int
    sent: int
    """On time, late or empty."""
    late: int
    missing: int
    empty: int
    not_due: int


def count_coverage(coverages: Iterable[DeliveryCoverage]) -> Mapping[str, CoverageCount]:
    """Kind of list → its units by state; units that are not to send it are not counted."""
    by_kind: dict[str, list[DeliveryState]] = {kind: [] for kind in LIST_KINDS}
    for each in coverages:
        if each.state is not DeliveryState.NOT_EXPECTED:
            by_kind[each.kind].append(each.state)
    return {
        kind: CoverageCount(
            expected=len(states),
            sent=sum(state in SENT_STATES for state in states),
            late=states.count(DeliveryState.LATE),
            missing=states.count(DeliveryState.MISSING),
            empty=states.count(DeliveryState.EMPTY),
            not_due=states.count(DeliveryState.NOT_DUE),
        )
        for kind, states in by_kind.items()
    }
