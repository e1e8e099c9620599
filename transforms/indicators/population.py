"""The dossiers behind every cell, each with its state and the column of the form it is placed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import UNCLASSIFIED
from transforms.catalogue.rulebook import OUTSIDE, Rulebook
from transforms.indicators.channel import channel_group, join_channel
from transforms.indicators.model import Reckoning
from transforms.indicators.state import (
    CLOSED,
    COUNTED,
    OPEN,
    SUPPLEMENT_STATUS,
    DossierHistory,
    State,
    closing_days,
    column,
    state_on,
    undated_on,
)

PLACES = ("early", "on_time", "late", "pending_within", "pending_overdue")
"""Columns 8-10 and 12-13 of Biểu II.06a: every dossier stands in one at most."""

_TEXT = pa.string()


class RulebookError(ValueError):
    """A rulebook that says nothing of a state, or is not in the catalogue."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where each dossier counts under one rulebook, row beside row of ``DossierHistory.latest``."""

    state: pa.Array
    """``State`` at B."""
    state_at_opening: pa.Array
    """``State`` at the day before the window."""
    is_received: pa.Array
    is_carried: pa.Array
    placed_as: pa.Array
    """One of ``PLACES``, null where no column holds it."""
    is_counted: pa.Array
    """Received, carried over or in a column."""
    is_left_out: pa.Array | None
    """What would count if its procedure were known; None where the rulebook leaves nothing out."""


def find_placement(
    history: DossierHistory,
    field_ids: pa.Array,
    is_excluded: pa.Array,
    reckoning: Reckoning,
    rulebook: Rulebook,
) -> Placement:
    """Where each dossier counts. RulebookError when the rulebook says nothing of a state."""
    unplaced = [state for state in COUNTED if rulebook.columns.get(state) not in (*PLACES, OUTSIDE)]
    if unplaced:
        raise RulebookError(f"rulebook {rulebook.rulebook_id} places no column for {', '.join(unplaced)}")
    state = state_on(history, reckoning.closing_day, rulebook.states)
    at_opening = state_on(history, reckoning.start - timedelta(days=1), rulebook.states)
    received = column(history.latest, "received_date")
    first, last = (pa.scalar(day, pa.date32()) for day in (reckoning.start, reckoning.closing_day))
    is_inside = pc.and_(_is_one_of(state, COUNTED), pc.invert(is_excluded))
    is_from = pc.greater if "received" in rulebook.after_start else pc.greater_equal
    in_window = pc.fill_null(pc.and_(is_from(received, first), pc.less_equal(received, last)), False)
    # Done without a day is received all the same; it only stands in no column.
    may_be_received = is_inside
    if rulebook.states.is_by_latest_export:
        is_ended = _is_one_of(state, (State.END_UNKNOWN,))
        may_be_received = pc.or_(is_inside, pc.and_(is_ended, pc.invert(is_excluded)))
    is_received = pc.and_(may_be_received, in_window)
    is_carried = pc.and_(is_inside, _is_one_of(at_opening, OPEN))
    if "carried_over" in rulebook.after_start:
        is_carried = pc.and_(is_carried, pc.invert(_is_closed_on(history, state, rulebook, first)))
    is_placed = pc.or_(is_received, is_carried)
    if rulebook.counts_columns_apart or "resolved" in rulebook.after_start:
        is_placed = _placed_by_own_dates(history, state, is_placed, rulebook, first)
        is_placed = pc.and_(is_placed, is_inside)
    is_left_out = None
    if rulebook.leaves_out_unknown_procedures:
        is_unknown = pc.equal(field_ids, UNCLASSIFIED)
        is_left_out = pc.and_(is_unknown, pc.or_(is_placed, pc.or_(is_received, is_carried)))
        is_received, is_carried, is_placed = (
            pc.and_not(mask, is_unknown) for mask in (is_received, is_carried, is_placed)
        )
    # Null for a state without a column.
    columns = [rulebook.columns[each] if rulebook.columns[each] != OUTSIDE else None for each in COUNTED]
    placed = pa.array(columns, _TEXT).take(pc.index_in(state, value_set=_texts(COUNTED)))
    placed = pc.if_else(is_placed, placed, pa.scalar(None, _TEXT))
    if rulebook.late_from_requests is not None:
        times = history.times_shown(SUPPLEMENT_STATUS, reckoning.closing_day)
        is_late = pc.and_(
            pc.greater_equal(times, rulebook.late_from_requests),
            _is_one_of(state, (State.EARLY, State.ON_TIME)),
        )
        placed = pc.if_else(pc.and_(is_late, pc.is_valid(placed)), rulebook.columns[State.LATE], placed)
    is_counted = pc.or_(pc.or_(is_received, is_carried), pc.is_valid(placed))
    return Placement(state, at_opening, is_received, is_carried, placed, is_counted, is_left_out)


def _placed_by_own_dates(
    history: DossierHistory, state: pa.Array, among: pa.Array, rulebook: Rulebook, first: pa.Scalar
) -> pa.Array:
    """Open at B, or closed in the window by its own day; among those given unless columns are counted apart."""
    closing = closing_days(history, rulebook.states)
    is_closed = _is_one_of(state, CLOSED)
    if rulebook.counts_columns_apart:
        is_from = pc.greater if "resolved" in rulebook.after_start else pc.greater_equal
        in_window = pc.and_(is_closed, pc.fill_null(is_from(closing, first), False))
        return pc.or_(in_window, pc.invert(is_closed))
    return pc.and_not(among, _is_closed_on(history, state, rulebook, first))


def _is_closed_on(history: DossierHistory, state: pa.Array, rulebook: Rulebook, day: pa.Scalar) -> pa.Array:
    closing = closing_days(history, rulebook.states)
    return pc.and_(_is_one_of(state, CLOSED), pc.fill_null(pc.equal(closing, day), False))


def build_population(
    classified: pa.Table,
    history: DossierHistory,
    fees: pa.Table,
    reckoning: Reckoning,
    rulebook: Rulebook,
    excluded_fields: Sequence[str] = (),
) -> pa.Table:
    """``classified`` (``history.latest`` with ``field_id``) plus where each dossier counts.

    Appends: ``state`` at B and ``state_at_opening`` at the day before the window (``State``),
    ``is_received_in_window``, ``is_carried_over``, ``is_counted`` (either of the two, or in a column),
    ``placed_as`` (one of ``PLACES``, null in none), ``channel_group``,
    ``is_channel_unknown``, ``is_excluded`` (field that is not the People's Committee's own),
    ``is_state_undated``, and ``is_left_out`` under a rulebook that leaves unknown procedures out.
    Dossiers outside the count stay, so that every row can be accounted for.

    RulebookError when the rulebook says nothing of a state.
    """
    is_excluded = _is_one_of(column(classified, "field_id"), excluded_fields)
    found = find_placement(history, column(classified, "field_id"), is_excluded, reckoning, rulebook)
    channels = join_channel(classified, fees)
    # At the opening only statuses that can close a dossier make a difference: paused or not, it is open.
    opening_day = reckoning.start - timedelta(days=1)
    undated_at_opening = pc.and_(
        undated_on(history, opening_day, rulebook.states),
        _is_one_of(column(classified, "status_code"), (7, 9, 10)),
    )
    is_undated = pc.and_(
        found.is_counted,
        pc.or_(undated_on(history, reckoning.closing_day, rulebook.states), undated_at_opening),
    )
    appended = {
        "state": found.state,
        "state_at_opening": found.state_at_opening,
        "is_received_in_window": found.is_received,
        "is_carried_over": found.is_carried,
        "is_counted": found.is_counted,
        "placed_as": found.placed_as,
        "channel_group": channel_group(channels),
        "is_channel_unknown": pc.invert(pc.is_valid(channels)),
        "is_excluded": is_excluded,
        "is_state_undated": is_undated,
    }
    if found.is_left_out is not None:
        appended["is_left_out"] = found.is_left_out
    population = classified
    for name, values in appended.items():
        population = population.append_column(name, values)
    return population


def rows_of_measure(population: pa.Table, measure_id: str) -> pa.Array:
    """True for the dossiers that a dossier measure counts; KeyError for any other measure."""
    is_received, is_carried = (
        column(population, "is_received_in_window"),
        column(population, "is_carried_over"),
    )
    channel = column(population, "channel_group")
    placed = column(population, "placed_as")
    if measure_id in PLACES:
        return _is_one_of(placed, (measure_id,))
    return {
        "received_online": lambda: pc.and_(is_received, pc.equal(channel, "online")),
        "received_direct": lambda: pc.and_(is_received, pc.equal(channel, "direct")),
        "received_in_window": lambda: is_received,
        "carried_over": lambda: is_carried,
        "received_total": lambda: pc.or_(is_received, is_carried),
        "resolved_total": lambda: _is_one_of(placed, PLACES[:3]),
        "pending_total": lambda: _is_one_of(placed, PLACES[3:]),
    }[measure_id]()


def is_state(population: pa.Table, state: State) -> pa.Array:
    """True for the dossiers in that state at B."""
    return _is_one_of(column(population, "state"), (state,))


def _texts(values: Sequence[str]) -> pa.Array:
    return pa.array([str(value) for value in values], _TEXT)


def _is_one_of(column: pa.Array, values: Sequence[str] | Sequence[int]) -> pa.Array:
    return pc.is_in(column, value_set=pa.array(list(values), column.type))
