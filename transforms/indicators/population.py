"""The dossiers behind every cell, each with its state and the column of the form it is placed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.channel import channel_group, join_channel
from transforms.indicators.model import Reckoning
from transforms.indicators.state import (
    COUNTED,
    OPEN,
    DossierHistory,
    State,
    column,
    state_on,
    undated_on,
)

PLACES = ("early", "on_time", "late", "pending_within", "pending_overdue")
"""Columns 8-10 and 12-13 of Biểu II.06a: every counted dossier stands in exactly one."""

_TEXT = pa.string()


class RulebookError(ValueError):
    """A rulebook that leaves a state without a column of the form, or is not in the catalogue."""


def build_population(
    classified: pa.Table,
    history: DossierHistory,
    fees: pa.Table,
    reckoning: Reckoning,
    placement: Mapping[str, str],
    excluded_fields: Sequence[str] = (),
) -> pa.Table:
    """``classified`` (``history.latest`` with ``field_id``) plus where each dossier counts.

    Appends: ``state`` at B and ``state_at_opening`` at the day before the window (``State``),
    ``is_received_in_window``, ``is_carried_over``, ``is_counted`` (either of the two),
    ``placed_as`` (one of ``PLACES``, null when not counted), ``channel_group``,
    ``is_channel_unknown``, ``is_excluded`` (field that is not the People's Committee's own),
    ``is_state_undated``. Dossiers outside the count stay, so that every row can be accounted for.

    ``placement`` is the rulebook, state → column; RulebookError when it does not place every state.
    """
    unplaced = [state for state in COUNTED if placement.get(state) not in PLACES]
    if unplaced:
        raise RulebookError(f"rulebook {reckoning.rulebook} places no column for {', '.join(unplaced)}")
    opening_day = reckoning.start - timedelta(days=1)
    state = state_on(history, reckoning.closing_day)
    at_opening = state_on(history, opening_day)
    received = column(history.latest, "received_date")
    is_excluded = _is_one_of(column(classified, "field_id"), excluded_fields)
    is_inside = pc.and_(_is_one_of(state, COUNTED), pc.invert(is_excluded))
    first, last = (pa.scalar(day, pa.date32()) for day in (reckoning.start, reckoning.closing_day))
    in_window = pc.and_(pc.greater_equal(received, first), pc.less_equal(received, last))
    is_received = pc.and_(is_inside, pc.fill_null(in_window, False))
    is_carried = pc.and_(is_inside, _is_one_of(at_opening, OPEN))
    is_counted = pc.or_(is_received, is_carried)
    placed = pa.array([placement[state] for state in COUNTED], _TEXT).take(
        pc.index_in(state, value_set=_texts(COUNTED))
    )
    channels = join_channel(classified, fees)
    # At the opening only statuses that can close a dossier make a difference: paused or not, it is open.
    undated_at_opening = pc.and_(
        undated_on(history, opening_day), _is_one_of(column(classified, "status_code"), (7, 9, 10))
    )
    is_undated = pc.and_(is_counted, pc.or_(undated_on(history, reckoning.closing_day), undated_at_opening))
    appended = {
        "state": state,
        "state_at_opening": at_opening,
        "is_received_in_window": is_received,
        "is_carried_over": is_carried,
        "is_counted": is_counted,
        "placed_as": pc.if_else(is_counted, placed, pa.scalar(None, _TEXT)),
        "channel_group": channel_group(channels),
        "is_channel_unknown": pc.invert(pc.is_valid(channels)),
        "is_excluded": is_excluded,
        "is_state_undated": is_undated,
    }
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
