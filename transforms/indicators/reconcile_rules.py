"""The rules in which two ways of counting can differ, in the order in which reasons are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from transforms.catalogue.rulebook import RULEBOOK_STATES, Rulebook


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule in which two rulebooks may differ."""

    code: str
    """Reason code of the dossiers that it makes count otherwise."""
    take: Callable[[Rulebook, Rulebook], Rulebook]
    """The first rulebook with this rule of the second."""


def _columns_switch(state: str) -> Switch:
    def take(one: Rulebook, other: Rulebook) -> Rulebook:
        return replace(one, columns={**one.columns, state: other.columns[state]})

    return Switch(f"{state}_elsewhere", take)


SWITCHES = (
    # Who is counted at all, then which days, then the state, then the column: what comes first explains most.
    Switch(
        "procedure_unknown_left_out",
        lambda one, other: replace(one, leaves_out_unknown_procedures=other.leaves_out_unknown_procedures),
    ),
    Switch("window_start_excluded", lambda one, other: replace(one, after_start=other.after_start)),
    Switch(
        "status_of_latest_export",
        lambda one, other: replace(
            one, states=replace(one.states, is_by_latest_export=other.states.is_by_latest_export)
        ),
    ),
    Switch(
        "no_end_date",
        lambda one, other: replace(one, states=replace(one.states, end_dates=other.states.end_dates)),
    ),
    Switch(
        "columns_counted_apart",
        lambda one, other: replace(one, counts_columns_apart=other.counts_columns_apart),
    ),
    Switch(
        "supplement_twice_late",
        lambda one, other: replace(one, late_from_requests=other.late_from_requests),
    ),
    *(_columns_switch(state) for state in RULEBOOK_STATES),
)
"""Every rule in which rulebooks can differ, in the order in which reasons are given."""
REASON_CODES = tuple(switch.code for switch in SWITCHES)


def switches_between(base: Rulebook, other: Rulebook) -> Iterator[tuple[str, Rulebook]]:
    """(reason code, rulebook after the switch) for each rule in which the two differ, in the order of ``SWITCHES``."""
    current = base
    for switch in SWITCHES:
        after = switch.take(current, other)
        if after != current:
            current = after
            yield switch.code, current
