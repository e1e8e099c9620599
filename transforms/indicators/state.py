"""The state of every dossier on a day: one function of its dates and statuses (DESIGN.md section 3).

Which of them decide is said by the ``StateRules`` of a rulebook; nothing here knows one by name.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.rulebook import BY_DAY, StateRules


class State(StrEnum):
    """Where a dossier stands on a day. The last four lie outside what is counted."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    WITHIN = "within"
    OVERDUE = "overdue"
    PAUSED = "paused"
    NOT_RECEIVED = "not_received"
    REGISTERED = "registered"
    REFUSED = "refused"
    END_UNKNOWN = "end_unknown"
    """Done or withdrawn by its status, without a day that the rules take; only where the status alone decides."""


CLOSED = (State.EARLY, State.ON_TIME, State.LATE, State.WITHDRAWN)
OPEN = (State.WITHIN, State.OVERDUE, State.PAUSED)
COUNTED = (*CLOSED, *OPEN)

# National Portal list 1-10 (DOMAIN.md 3.5).
_REGISTERED, _REFUSED, _WITHDRAWN = 1, 3, 7
_IN_PROCESS = (2, 4)
_PAUSED = (5, 6, 8)
SUPPLEMENT_STATUS = 5
"""More papers were asked for."""
_FINISHED = (7, 9, 10)


class DossierHistory(Protocol):
    """The dossiers known at one instant and what earlier exports showed of them, row beside row.

    ``transforms.history.as_known.known_dossiers`` makes one.
    """

    @property
    def latest(self) -> pa.Table:
        """The latest version of each dossier."""

    @property
    def status_since(self) -> pa.Array:
        """First export day of the current unbroken run of the latest status, date32."""

    def statuses_on(self, day: date) -> pa.Array:
        """The status shown by the newest export on or before the day, null when none is."""

    def times_shown(self, status: int, day: date) -> pa.Array:
        """How many separate unbroken runs of the status exports on or before the day showed, int64."""


def state_on(dossiers: DossierHistory, day: date, rules: StateRules = BY_DAY) -> pa.Array:
    """The ``State`` of each dossier at the end of ``day``, as text, never null.

    By dates: once closed on a day, a dossier is closed on every later day, because the day it was closed on does
    not depend on the day asked for; so what is open at the end of one period is exactly what the next
    one carries over. A dossier without a day of reception is not received on any day; canonicalisation
    sets such rows apart unless their status says the same.
    """
    latest = dossiers.latest
    status = column(latest, "status_code")
    due = column(latest, "due_date")
    on_day = pa.scalar(day, pa.date32())
    closing = closing_days(dossiers, rules)
    is_paused_kind = _is_in(status, _PAUSED)
    is_over = _holds(pc.less_equal(closing, on_day))
    lost: tuple[tuple[State, pa.Array], ...] = ()
    if rules.is_by_latest_export:
        is_resolved = pc.and_(is_over, pc.invert(_is_in(status, (*_PAUSED, *_IN_PROCESS))))
        is_paused = is_paused_kind
        lost = ((State.END_UNKNOWN, pc.and_(_is_in(status, _FINISHED), pc.is_null(closing))),)
    else:
        is_resolved = pc.and_(is_over, pc.invert(is_paused_kind))
        is_paused = pc.or_(
            pc.and_(is_over, is_paused_kind),
            # Paused by what the exports up to that day showed, whatever became of it since.
            _is_in(dossiers.statuses_on(day), _PAUSED),
        )
    conditions = (
        (State.REGISTERED, _is_in(status, (_REGISTERED,))),
        (State.REFUSED, _is_in(status, (_REFUSED,))),
        (State.NOT_RECEIVED, pc.invert(_holds(pc.less_equal(column(latest, "received_date"), on_day)))),
        *lost,
        (State.WITHDRAWN, pc.and_(is_resolved, _is_in(status, (_WITHDRAWN,)))),
        (State.EARLY, pc.and_(is_resolved, _holds(pc.less(closing, due)))),
        (State.LATE, pc.and_(is_resolved, _holds(pc.greater(closing, due)))),
        # Equal, or nothing was promised.
        (State.ON_TIME, is_resolved),
        (State.PAUSED, is_paused),
        (State.OVERDUE, _holds(pc.less(due, on_day))),
    )
    choices = [pa.scalar(state.value) for state, _ in conditions]
    masks = pa.StructArray.from_arrays([mask for _, mask in conditions], [state for state, _ in conditions])
    return pc.case_when(masks, *choices, pa.scalar(State.WITHIN.value))


def undated_on(dossiers: DossierHistory, day: date, rules: StateRules = BY_DAY) -> pa.Array:
    """True where the state on ``day`` is a guess: a later status without a date of its own.

    The status is one that ends or pauses the work (5-10), no end date stands, and no export reaches
    back to the day: the dossier was first seen later, already so (finding ``dossier.state.undated``). Where
    the status of the latest export decides, nothing is guessed.
    """
    latest = dossiers.latest
    if rules.is_by_latest_export:
        return pa.repeat(pa.scalar(False), latest.num_rows)
    status = column(latest, "status_code")
    has_end = pc.or_(
        pc.is_valid(column(latest, "resolved_date")),
        pc.and_(pc.is_valid(column(latest, "returned_date")), _is_in(status, _FINISHED)),
    )
    on_day = pa.scalar(day, pa.date32())
    is_unseen = pc.invert(pc.is_valid(dossiers.statuses_on(day)))
    is_later = pc.and_(is_unseen, _holds(pc.greater(dossiers.status_since, on_day)))
    is_received = _holds(pc.less_equal(column(latest, "received_date"), on_day))
    doubtful = pc.and_(_is_in(status, (*_PAUSED, *_FINISHED)), pc.invert(has_end))
    return pc.and_(pc.and_(doubtful, is_later), is_received)


def resolved_days(dossiers: DossierHistory) -> pa.Array:
    """The day on which each dossier left the hands of its unit, null while it is open or only paused."""
    status = column(dossiers.latest, "status_code")
    return pc.if_else(
        _is_in(status, _PAUSED), pa.scalar(None, pa.date32()), closing_days(dossiers).cast(pa.date32())
    )


def closing_days(dossiers: DossierHistory, rules: StateRules = BY_DAY) -> pa.Array:
    """The day on which each dossier's work ended or stopped, null while what the rules ask does not say so."""
    latest = dossiers.latest
    status = column(latest, "status_code")
    nothing = pa.scalar(None, pa.date32())
    told = {
        "resolved_date": column(latest, "resolved_date"),
        # Work that is paused has no result that could have been handed over.
        "returned_date": pc.if_else(_is_in(status, _PAUSED), nothing, column(latest, "returned_date")),
        "first_shown": pc.if_else(_is_in(status, (*_PAUSED, *_FINISHED)), dossiers.status_since, nothing),
    }
    return pc.coalesce(*(told[name] for name in rules.end_dates))


def column(table: pa.Table, name: str) -> pa.Array:
    """One column of a table in one piece."""
    return table[name].combine_chunks()


def _is_in(status: pa.Array, codes: tuple[int, ...]) -> pa.Array:
    return pc.is_in(status, pa.array(codes, status.type))


def _holds(comparison: pa.Array) -> pa.Array:
    """The comparison with "unknown" as false."""
    return pc.fill_null(comparison, False)
