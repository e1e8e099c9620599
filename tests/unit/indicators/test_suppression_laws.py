"""What a reader can work out of a public edition, tried out: every table of whole numbers that fits what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.indicators.suppression import (
    FORMS,
    INFLOW,
    OUTFLOW,
    Cell,
    Rules,
    hide_in_rollup,
    hide_small_cells,
)

SENSITIVE, PLAIN = "ton_giao", "dat_dai"
FIELDS = (SENSITIVE, PLAIN)
ATOMS = (*INFLOW, *OUTFLOW)
# Fewer kinds of outcome keep every table that fits countable; sums and identities stay the same.
USED = ("received_direct", "carried_over", "on_time", "late", "pending_within")
RULES = Rules(frozenset({SENSITIVE}), frozenset(FIELDS), threshold=3)


@st.composite
def lines(draw: st.DrawFn, most: int = 4) -> dict[str, int]:
    """One field of one unit: what came in is resolved or open."""
    direct, carried = draw(st.integers(0, most)), draw(st.integers(0, most))
    on_time = draw(st.integers(0, direct + carried))
    late = draw(st.integers(0, direct + carried - on_time))
    open_ones = direct + carried - on_time - late
    return dict(zip(USED, (direct, carried, on_time, late, open_ones), strict=True))


@st.composite
def unit_counts(draw: st.DrawFn, most: int = 4) -> dict[Cell, int]:
    return {(atom, field): value for field in FIELDS for atom, value in draw(lines(most)).items()}


def value(counts: Mapping[Cell, int], measure: str, field: str) -> int:
    return sum(counts.get((atom, field), 0) for atom in FORMS[measure])


def printed(counts: Mapping[Cell, int], hidden: frozenset[Cell]) -> dict[Cell, int]:
    """Every cell that is not hidden, and the totals over the fields."""
    shown = {
        (measure, field): value(counts, measure, field)
        for measure, field in product(FORMS, FIELDS)
        if (measure, field) not in hidden
    }
    totals = {(m, "*"): sum(value(counts, m, field) for field in FIELDS) for m in FORMS}
    return shown | totals


def tables_of_a_field(total: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Every line of the sensitive field that leaves the other field nothing below zero."""
    ranges = [range(total[atom] + 1) for atom in USED]
    for numbers in product(*ranges):
        found = dict(zip(USED, numbers, strict=True))
        if found["received_direct"] + found["carried_over"] == (
            found["on_time"] + found["late"] + found["pending_within"]
        ):
            yield found


def every_table(counts: Mapping[Cell, int], hidden: frozenset[Cell]) -> list[dict[Cell, int]]:
    """Every table that fits what is printed of a unit."""
    shown = printed(counts, hidden)
    total = {atom: sum(counts.get((atom, field), 0) for field in FIELDS) for atom in USED}
    found = []
    for line in tables_of_a_field(total):
        table = {(atom, SENSITIVE): line[atom] for atom in USED}
        table |= {(atom, PLAIN): total[atom] - line[atom] for atom in USED}
        if printed(table, hidden) == shown:
            found.append(table)
    return found


@settings(max_examples=150, deadline=None)
@given(counts=unit_counts())
def test_no_hidden_cell_of_a_unit_can_be_worked_out(counts: dict[Cell, int]) -> None:
    hidden = hide_small_cells(counts, RULES).cells
    small = {
        (measure, SENSITIVE) for measure in FORMS if 0 < value(counts, measure, SENSITIVE) < RULES.threshold
    }
    assert small <= hidden
    fitting = every_table(counts, hidden)
    for measure, field in hidden:
        assert len({value(table, measure, field) for table in fitting}) >= 2, (measure, field)


@settings(max_examples=60, deadline=None)
@given(first=unit_counts(2), second=unit_counts(2))
def test_no_hidden_cell_can_be_worked_out_of_the_sum_over_units(
    first: dict[Cell, int], second: dict[Cell, int]
) -> None:
    units = {"16204": first, "16210": second}
    hidden = hide_in_rollup(units, "402", RULES)
    sums = frozenset((measure, field) for measure, code, field in hidden if code == "402")
    of_unit = {
        unit: frozenset((measure, field) for measure, code, field in hidden if code == unit) for unit in units
    }
    whole = {key: first.get(key, 0) + second.get(key, 0) for key in first}
    shown = printed(whole, sums)
    fitting = [
        (one, two)
        for one, two in product(every_table(first, of_unit["16204"]), every_table(second, of_unit["16210"]))
        if printed({key: one[key] + two[key] for key in one}, sums) == shown
    ]
    small = {(m, SENSITIVE) for m in FORMS if 0 < value(whole, m, SENSITIVE) < RULES.threshold}
    assert small <= sums
    for (measure, field), at in [
        *(((m, f), 0) for m, f in of_unit["16204"]),
        *(((m, f), 1) for m, f in of_unit["16210"]),
    ]:
        assert len({value(pair[at], measure, field) for pair in fitting}) >= 2
    for measure, field in sums:
        found = {sum(value(table, measure, field) for table in pair) for pair in fitting}
        assert len(found) >= 2, (measure, field)
