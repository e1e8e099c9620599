"""What a reader can work out of several public editions laid beside each other, tried out on every table that fits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.steps.public_edition import still_true
from transforms.indicators import published_bounds
from transforms.indicators.hidden_in_family import FamilyLeakError, hide_in_family
from transforms.indicators.measure import ALL_FIELDS
from transforms.indicators.published_family import Edition
from transforms.indicators.suppression import FORMS, Cell, Rules, hide_in_rollup, hide_small_cells

SENSITIVE, PLAIN = "ton_giao", "dat_dai"
FIELDS = (SENSITIVE, PLAIN)
RULES = Rules(frozenset({SENSITIVE}), frozenset(FIELDS), threshold=3)
UNIT, OTHER, DISTRICT = "16204", "16210", "402"
JULY, AUGUST = (date(2021, 7, 1), date(2021, 7, 31)), (date(2021, 8, 1), date(2021, 8, 31))
BOTH = (JULY[0], AUGUST[1])
WINDOWS = (JULY, AUGUST, BOTH)

Line = tuple[int, int, int, int, int]
"""Open at first; then received directly and resolved on time in July, and in August."""
Table = Mapping[str, Line]


def form(line: Line, window: tuple[date, date]) -> dict[str, int]:
    """The single counts of a form over that window."""
    opened, july_in, july_out, august_in, august_out = line
    after_july = opened + july_in - july_out
    took, gave = {
        JULY: (july_in, july_out),
        AUGUST: (august_in, august_out),
        BOTH: (july_in + august_in, july_out + august_out),
    }[window]
    carried = after_july if window == AUGUST else opened
    return {
        "carried_over": carried, "received_direct": took, "on_time": gave, "pending_within": carried + took - gave
    }  # fmt: skip


def counts(table: Table, window: tuple[date, date]) -> dict[Cell, int]:
    return {
        (atom, name): number for name, line in table.items() for atom, number in form(line, window).items()
    }


def measured(table: Table, window: tuple[date, date], measure: str, name: str) -> int:
    names = FIELDS if name == ALL_FIELDS else (name,)
    return sum(form(table[each], window).get(atom, 0) for each in names for atom in FORMS[measure])


def edition(table: Table, window: tuple[date, date], unit: str = UNIT) -> Edition:
    """A unit's edition as it hides small counts of its own."""
    hidden = hide_small_cells(counts(table, window), RULES).cells
    values = {
        (measure, unit, name): measured(table, window, measure, name)
        for measure, name in product(FORMS, (*FIELDS, ALL_FIELDS))
    }
    cells = frozenset((measure, unit, name) for measure, name in hidden)
    return Edition(f"{window[0]:%m}", unit, (unit,), *window, cells, values)


def rollup(tables: Mapping[str, Table], window: tuple[date, date]) -> Edition:
    hidden = hide_in_rollup({u: counts(t, window) for u, t in tables.items()}, DISTRICT, RULES)
    values = {
        (measure, unit, name): measured(table, window, measure, name)
        for unit, table in tables.items()
        for measure, name in product(FORMS, (*FIELDS, ALL_FIELDS))
    }
    for measure, name in product(FORMS, (*FIELDS, ALL_FIELDS)):
        values[measure, DISTRICT, name] = sum(values[measure, unit, name] for unit in tables)
    return Edition("huyện", DISTRICT, tuple(tables), *window, hidden, values)


def publish(wanted: Sequence[Edition]) -> list[Edition]:
    """One after the other, each in the light of those before it."""
    issued: list[Edition] = []
    for each in wanted:
        hidden = hide_in_family(each, issued, RULES)
        issued.append(Edition(each.name, each.node, each.units, each.start, each.end, hidden, each.values))
    return issued


def lines(most: int) -> Iterator[Line]:
    for opened, july_in, august_in in product(range(most + 1), repeat=3):
        for july_out in range(opened + july_in + 1):
            for august_out in range(opened + july_in - july_out + august_in + 1):
                yield opened, july_in, july_out, august_in, august_out


EVERY_LINE = tuple(lines(2))


def fits(table: Table, issued: Sequence[Edition]) -> bool:
    return all(
        measured(table, (e.start, e.end), measure, name) == e.values[measure, UNIT, name]
        for e in issued
        for measure, name in product(FORMS, FIELDS)
        if (measure, UNIT, name) not in e.hidden
    )


def every_table(truth: Table, issued: Sequence[Edition]) -> list[Table]:
    """Every table that agrees with everything printed; totals over the fields are printed in each edition."""
    windows = [(e.start, e.end) for e in issued]
    is_whole = set(windows) == {BOTH}
    total = tuple(sum(truth[name][at] for name in FIELDS) for at in range(5))
    found = []
    for line in lines(max(total)):
        if is_whole:  # the split of the quarter's totals over its months is nowhere printed
            line = (line[0], line[1] + line[3], line[2] + line[4], 0, 0)
        rest = tuple(all_ - own for all_, own in zip(total, line, strict=True))
        if min(rest) < 0 or rest[0] + rest[1] < rest[2] or sum(rest[:2]) - rest[2] + rest[3] < rest[4]:
            continue
        table = {SENSITIVE: line, PLAIN: rest}
        if fits(table, issued):
            found.append(table)
    return found


@settings(max_examples=60, deadline=None)
@example(sensitive=(1, 2, 1, 2, 2), plain=(0, 0, 0, 1, 0), order=(JULY, BOTH))
@given(
    sensitive=st.sampled_from(EVERY_LINE),
    plain=st.sampled_from(EVERY_LINE),
    order=st.sampled_from([p[:n] for n in (2, 3) for p in permutations(WINDOWS)]),
)
def test_no_small_count_of_any_published_stretch_can_be_worked_out_of_all_editions(
    sensitive: Line, plain: Line, order: tuple[tuple[date, date], ...]
) -> None:
    truth = {SENSITIVE: sensitive, PLAIN: plain}
    try:
        issued = publish([edition(truth, window) for window in order])
    except FamilyLeakError:
        return  # refused, so nothing was told
    fitting = every_table(truth, issued)
    assert truth in fitting
    for window, measure in product(order, FORMS):
        if 0 < measured(truth, window, measure, SENSITIVE) < RULES.threshold:
            found = {measured(table, window, measure, SENSITIVE) for table in fitting}
            assert len(found) > 1, (measure, window)


MONTHS = tuple((date(2021, month, 1), date(2021, month, 30 if month == 9 else 31)) for month in (7, 8, 9))
QUARTER = (MONTHS[0][0], MONTHS[2][1])
ATOMS = ("received_direct", "on_time")
"""All that the measures of a unit count that resolves everything on the day that it comes."""


def share(line: Sequence[int], window: tuple[date, date]) -> int:
    return sum(line) if window == QUARTER else line[MONTHS.index(window)]


def swift(lines: Mapping[str, Sequence[int]], window: tuple[date, date]) -> Edition:
    numbers = {(atom, name): share(line, window) for name, line in lines.items() for atom in ATOMS}
    hidden = hide_small_cells(numbers, RULES).cells
    values = {}
    for measure in FORMS:
        for name in FIELDS:
            values[measure, UNIT, name] = sum(numbers.get((atom, name), 0) for atom in FORMS[measure])
        values[measure, UNIT, ALL_FIELDS] = sum(values[measure, UNIT, name] for name in FIELDS)
    cells = frozenset((measure, UNIT, name) for measure, name in hidden)
    return Edition(f"{window}", UNIT, (UNIT,), *window, cells, values)


three = st.tuples(*[st.integers(0, 3)] * 3)


@settings(max_examples=40, deadline=None)
@example(sensitive=(1, 1, 1), plain=(0, 0, 0), order=(MONTHS[1], MONTHS[0], QUARTER))
@example(sensitive=(0, 3, 1), plain=(0, 0, 0), order=(MONTHS[0], QUARTER, MONTHS[1]))
@given(
    sensitive=three,
    plain=three,
    order=st.sampled_from([p[:n] for n in (2, 3, 4) for p in permutations((*MONTHS, QUARTER))]),
)
def test_no_small_count_of_any_months_together_can_be_worked_out(
    sensitive: tuple[int, ...], plain: tuple[int, ...], order: tuple[tuple[date, date], ...]
) -> None:
    truth = {SENSITIVE: sensitive, PLAIN: plain}
    try:
        issued = publish([swift(truth, window) for window in order])
    except FamilyLeakError:
        return
    known = [
        (window, name, e.values["on_time", UNIT, name])
        for window, e in zip(order, issued, strict=True)
        for name in FIELDS
        if ("on_time", UNIT, name) not in e.hidden
    ]
    totals = [(window, share(sensitive, window) + share(plain, window)) for window in order]
    fitting = [
        one
        for one in product(range(7), repeat=3)
        if all(share(one, window) == number for window, name, number in known if name == SENSITIVE)
        and any(
            all(share(one, window) + share(two, window) == number for window, number in totals)
            and all(share(two, window) == number for window, name, number in known if name == PLAIN)
            for two in product(range(7), repeat=3)
        )
    ]
    assert sensitive in fitting
    for chosen in product((0, 1), repeat=3):
        count = sum(number for number, is_in in zip(sensitive, chosen, strict=True) if is_in)
        if 0 < count < RULES.threshold:
            found = {sum(n for n, is_in in zip(one, chosen, strict=True) if is_in) for one in fitting}
            assert len(found) > 1, chosen


UNITS = (UNIT, OTHER)
PLACES = tuple(product(UNITS, FIELDS, (JULY, AUGUST)))
"""What a district of two communes and two fields counts in two months."""
EVERYTHING = np.stack(np.meshgrid(*[np.arange(5)] * len(PLACES), indexing="ij"), -1).reshape(-1, len(PLACES))


def picks(units: Sequence[str], names: Sequence[str], window: tuple[date, date]) -> list[int]:
    """Which of the numbers of ``PLACES`` a count adds up."""
    return [
        at
        for at, (unit, name, month) in enumerate(PLACES)
        if unit in units and name in names and window in (month, BOTH)
    ]


def of_node(numbers: Sequence[int], node: str, window: tuple[date, date]) -> Edition:
    units = UNITS if node == DISTRICT else (node,)
    tables = {
        unit: {
            (atom, name): sum(numbers[at] for at in picks((unit,), (name,), window))
            for name in FIELDS
            for atom in ATOMS
        }
        for unit in units
    }
    if node == DISTRICT:
        hidden = hide_in_rollup(tables, DISTRICT, RULES)
    else:
        hidden = frozenset((m, node, name) for m, name in hide_small_cells(tables[node], RULES).cells)
    values = {
        (measure, code, name): sum(
            tables[unit].get((atom, each), 0)
            for unit in (units if code == DISTRICT else (code,))
            for each in (FIELDS if name == ALL_FIELDS else (name,))
            for atom in FORMS[measure]
        )
        for measure, code, name in product(FORMS, {*units, node}, (*FIELDS, ALL_FIELDS))
    }
    return Edition(f"{node}", node, units, *window, hidden, values)


EDITIONS = tuple(product((UNIT, DISTRICT), (JULY, AUGUST, BOTH)))


@settings(max_examples=50, deadline=None)
@example(numbers=[1, 2, 0, 0, 1, 0, 0, 0], order=[(UNIT, BOTH), (DISTRICT, JULY)])
@given(
    numbers=st.lists(st.integers(0, 2), min_size=len(PLACES), max_size=len(PLACES)),
    order=st.lists(st.sampled_from(EDITIONS), min_size=2, max_size=4, unique=True),
)
def test_no_small_count_of_a_commune_can_be_worked_out_beside_its_districts_editions(
    numbers: list[int], order: list[tuple[str, tuple[date, date]]]
) -> None:
    try:
        issued = publish([of_node(numbers, node, window) for node, window in order])
    except FamilyLeakError:
        return
    fits = np.ones(len(EVERYTHING), dtype=bool)
    for e in issued:
        for code, name in product({*e.units, e.node}, (*FIELDS, ALL_FIELDS)):
            if ("on_time", code, name) not in e.hidden:
                units = UNITS if code == DISTRICT else (code,)
                names = FIELDS if name == ALL_FIELDS else (name,)
                summed = EVERYTHING[:, picks(units, names, (e.start, e.end))].sum(axis=1)
                fits &= summed == e.values["on_time", code, name]
    fitting = EVERYTHING[fits]
    assert numbers in fitting.tolist()
    for code, window in product((*UNITS, DISTRICT), {window for _, window in order}):
        own = picks(UNITS if code == DISTRICT else (code,), (SENSITIVE,), window)
        if 0 < sum(numbers[at] for at in own) < RULES.threshold:
            assert len(set(fitting[:, own].sum(axis=1).tolist())) > 1, (code, window)


def test_edition_beside_none_is_left_as_it_is_without_the_solver() -> None:
    code = (
        "import sys, pipelines.cli.report, transforms.indicators.hidden_in_family;"
        "print([name for name in sys.modules if name.split('.')[0] == 'scipy'])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
    alone = edition({SENSITIVE: (1, 2, 1, 2, 2), PLAIN: (3, 3, 3, 3, 3)}, JULY)
    assert hide_in_family(alone, (), RULES) == alone.hidden


def test_what_the_solver_cannot_settle_in_its_steps_is_withheld_or_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = {SENSITIVE: (1, 2, 1, 2, 2), PLAIN: (3, 3, 3, 3, 3)}
    july, both = edition(table, JULY), edition(table, BOTH)
    settled = hide_in_family(both, [july], RULES)
    monkeypatch.setattr(published_bounds, "_MOST_STEPS", 0)
    monkeypatch.setattr(published_bounds._Within, "table", lambda *_: None)
    try:
        withheld = hide_in_family(both, [july], RULES)
    except FamilyLeakError:
        return
    assert withheld > settled


def test_version_that_was_mended_holds_where_its_numbers_are_still_the_same() -> None:
    old = edition({SENSITIVE: (0, 5, 5, 0, 0), PLAIN: (3, 3, 3, 3, 3)}, JULY)
    new = edition({SENSITIVE: (0, 5, 5, 0, 0), PLAIN: (3, 4, 3, 3, 3)}, JULY)
    hidden = still_true(old, new).hidden
    assert ("received_direct", UNIT, PLAIN) in hidden
    assert ("received_total", UNIT, ALL_FIELDS) in hidden
    assert ("received_direct", UNIT, SENSITIVE) not in hidden
