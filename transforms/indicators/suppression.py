"""Which cells of Biểu II.06 a public edition must not print, so that no small count of a sensitive field can be worked out.

A count of 1 up to the threshold in a sensitive field is never printed. Hiding it alone does not help: columns add
up to the total, rows obey 3 = 4 + 5 + 6 = 7 + 11, 7 = 8 + 9 + 10 and 11 = 12 + 13, and a roll-up is the sum of its
units. So every hidden cell gets a *witness*: another table of whole numbers, none below zero, that agrees with
every printed cell and differs in the hidden one. A witness is the table itself with one dossier read as one of
another field, or two dossiers of different fields that changed places; what such a move touches is hidden with it.
Nothing is assumed about how a reader reckons: as long as two tables fit what is printed, no way of reckoning tells
them apart. Hiding more never takes a witness away. Totals over all fields are never touched, so they stay true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product

from transforms.catalogue.model import UNCLASSIFIED
from transforms.indicators.measures import DOSSIER_MEASURES, MEASURES
from transforms.indicators.model import ALL_FIELDS, IndicatorTable

Cell = tuple[str, str]
"""(measure, field) of one unit."""
CellKey = tuple[str, str, str]
"""(measure, unit, field)."""

INFLOW = ("received_online", "received_direct", "carried_over")
OUTFLOW = ("early", "on_time", "late", "pending_within", "pending_overdue")
_OPENING = "carried_over"
_ONE_WAY = 10
"""What a move that cannot be undone costs besides: no other unit hides it by the opposite one."""
_RECEIVED = ("received_online", "received_direct", "received_in_window")
"""What the dossiers of the period before have no part in."""


def _atoms_of(measure_id: str) -> tuple[str, ...]:
    parts = MEASURES[measure_id].parts
    return tuple(atom for part in parts for atom in _atoms_of(part)) if parts else (measure_id,)


FORMS: Mapping[str, tuple[str, ...]] = {
    measure.measure_id: _atoms_of(measure.measure_id) for measure in DOSSIER_MEASURES
}
"""Measure → the counts that are no sums of others, of which it is the sum."""


Change = tuple[tuple[str, int], ...]
"""(one of INFLOW or OUTFLOW, how many more)."""


@cache
def _measures_of(change: Change) -> Mapping[str, int]:
    """Every measure that such a change makes read otherwise → by how much."""
    amounts = {
        measure: sum(amount for atom, amount in change if atom in atoms) for measure, atoms in FORMS.items()
    }
    return {measure: amount for measure, amount in amounts.items() if amount}


class SuppressionError(ValueError):
    """A small count cannot be hidden by hiding cells of fields alone: there is no second field to hide it in."""


@dataclass(frozen=True, slots=True)
class Move:
    """``change`` of single counts in the field ``one``, and the opposite in the field ``other``."""

    one: str
    other: str
    change: Change

    @property
    def reversed(self) -> Move:
        """The move that undoes it."""
        return Move(self.other, self.one, self.change)

    def touched(self) -> frozenset[Cell]:
        """Every cell that reads otherwise afterwards."""
        return frozenset(
            (measure, field) for measure in _measures_of(self.change) for field in (self.one, self.other)
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides which cells are hidden."""

    sensitive: frozenset[str]
    """Fields in which a small count may tell of a person."""
    listed: frozenset[str]
    """Fields that are printed whether or not a dossier arose; the sensitive ones always are."""
    threshold: int
    """The smallest count of a sensitive field that may be printed, besides 0."""
    is_exact: bool = True
    """False under a way of counting that does not promise 3 = 7 + 11."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the public editions of earlier periods tell of one unit."""

    hidden_closing: frozenset[str]
    """Fields whose closing stock the period right before hides; the opening stock is the same number."""
    has_closing: bool
    """Whether that period was published at all."""
    published: Mapping[Cell, int]
    """Flows that an edition printed which began on the same day and closed earlier: the rest of the stretch is
    the difference."""


NOTHING_BEFORE = Before(frozenset(), False, {})


@dataclass(frozen=True, slots=True)
class Hidden:
    """The hidden cells of one unit, and the moves that prove that each of them could be another number."""

    cells: frozenset[Cell]
    moves: tuple[Move, ...]


def hide_small_cells(counts: Mapping[Cell, int], rules: Rules, before: Before = NOTHING_BEFORE) -> Hidden:
    """The cells that one unit's edition does not print.

    ``counts``: (one of INFLOW or OUTFLOW, field) → dossiers, an absent one being 0. What the period right before
    hides of its closing stock hides the whole line of these fields: the opening stock is known to be the same
    number, so the second table of that period needs the same freedom here. SuppressionError where no other
    field is printed in which a small count could be hidden.
    """
    table = _Table(counts, rules, before)
    hidden: set[Cell] = {(measure, field) for field in before.hidden_closing for measure in FORMS}
    moves: list[Move] = []
    small = table.small_cells()
    covered: set[Cell] = {
        # A dossier that the period before counted as another field counts as that field here too.
        (measure, field)
        for measure, field in hidden
        if measure not in _RECEIVED
    }
    for cell in small:
        if cell in covered:
            continue
        move = table.cheapest_move(cell, hidden | set(small))
        if move is None:
            if cell in hidden or (cell[0] == _OPENING and before.has_closing):
                hidden.add(cell)
                continue
            raise SuppressionError(f"no field to hide {cell[0]} of {cell[1]} in")
        moves.append(move)
        covered |= move.touched()
        hidden |= move.touched()
    return Hidden(frozenset(hidden), tuple(moves))


class _Table:
    """The counts of one unit with what may be moved in them."""

    def __init__(self, counts: Mapping[Cell, int], rules: Rules, before: Before = NOTHING_BEFORE) -> None:
        self._counts = counts
        self._rules = rules
        self._before = before
        occurring = {field for (_, field), value in counts.items() if value}
        self.fields = tuple(sorted(occurring | rules.listed | rules.sensitive))

    def value(self, measure: str, field: str) -> int:
        return sum(self._counts.get((atom, field), 0) for atom in FORMS[measure])

    def small_cells(self) -> tuple[Cell, ...]:
        """Cells whose own number, or whose rest since an earlier edition, is small."""
        found = []
        for field, measure in product(self.fields, FORMS):
            if field not in self._rules.sensitive:
                continue
            value = self.value(measure, field)
            rest = value - self._before.published.get((measure, field), value)
            if any(0 < number < self._rules.threshold for number in (value, rest)):
                found.append((measure, field))
        return tuple(found)

    def cheapest_move(self, cell: Cell, hidden: Collection[Cell]) -> Move | None:
        """The possible move through that cell which hides least besides; None where there is none."""
        possible = [move for move in self._moves_through(cell) if self.is_possible(move)]
        return min(
            possible,
            key=lambda move: (self._cost(move, hidden), move.one, move.other, move.change),
            default=None,
        )

    def is_possible(self, move: Move) -> bool:
        """Whether the table after it is one that could have been counted, and printed with the same lines."""
        for field, sign in ((move.one, 1), (move.other, -1)):
            for atom, amount in move.change:
                least = self._before.published.get((atom, field), 0)
                if amount * sign < 0 and self._counts.get((atom, field), 0) + amount * sign < least:
                    return False
            if field not in self._rules.listed and field not in self._rules.sensitive:
                changed = dict(move.change)
                after = [
                    self._counts.get((atom, field), 0) + sign * changed.get(atom, 0)
                    for atom in (*INFLOW, *OUTFLOW)
                ]
                if not any(after):
                    return False
        return True

    def _moves_through(self, cell: Cell) -> Iterator[Move]:
        measure, field = cell
        for change in _CHANGES[self._rules.is_exact]:
            if self._before.has_closing and any(atom == _OPENING for atom, _ in change):
                continue  # known from the period before
            if measure not in _measures_of(change):
                continue
            for other in self.fields:
                # A note beside the form tells how many dossiers have no field.
                if other not in (field, UNCLASSIFIED):
                    yield Move(field, other, change)
                    yield Move(other, field, change)

    def _cost(self, move: Move, hidden: Collection[Cell]) -> int:
        """Numbers lost to the reader, large ones above all; a move that cannot be undone also costs the sum over units."""
        lost = sum(10 + 3 * self.value(*cell).bit_length() for cell in move.touched() if cell not in hidden)
        return lost if self.is_possible(move.reversed) else lost + _ONE_WAY


def _changes(*, is_exact: bool) -> tuple[Change, ...]:
    """One dossier leaves the field, or counts in it under another column."""
    leaves = [((one, -1), (two, -1)) for one, two in product(INFLOW, OUTFLOW)]
    swaps = [((one, -1), (two, 1)) for group in (INFLOW, OUTFLOW) for one, two in permutations(group, 2)]
    singles = [] if is_exact else [((atom, -1),) for atom in (*INFLOW, *OUTFLOW)]
    return (*singles, *swaps, *leaves)


_CHANGES = {is_exact: _changes(is_exact=is_exact) for is_exact in (True, False)}


def hide_in_rollup(
    units: Mapping[str, Mapping[Cell, int]],
    node: str,
    rules: Rules,
    before: Mapping[str, Before] | None = None,
) -> frozenset[CellKey]:
    """The hidden cells of a roll-up and of its units, as (measure, unit or node, field).

    Every unit's own edition counts as printed, also where it never was. A unit's move stays unseen in the sum
    where another unit can make the opposite one within what it hides itself; else the sum hides what it touches.
    """
    before = before or {}
    tables = {unit: _Table(counts, rules, before.get(unit, NOTHING_BEFORE)) for unit, counts in units.items()}
    hidden = {
        unit: hide_small_cells(counts, rules, before.get(unit, NOTHING_BEFORE))
        for unit, counts in units.items()
    }
    sums: set[Cell] = set()
    for code in (node, *units):
        sums |= _lines(before.get(code, NOTHING_BEFORE).hidden_closing)
    whole: dict[Cell, int] = {}
    for counts in units.values():
        for cell, value in counts.items():
            whole[cell] = whole.get(cell, 0) + value
    small = set(_Table(whole, rules, before.get(node, NOTHING_BEFORE)).small_cells())
    for unit in sorted(units):
        for move in hidden[unit].moves:
            touched = move.touched()
            is_offset = any(
                touched <= hidden[other].cells and tables[other].is_possible(move.reversed)
                for other in sorted(units)
                if other != unit
            )
            if not is_offset or touched & small:
                sums |= touched
    sums |= small
    return frozenset(
        {(measure, unit, field) for unit, each in hidden.items() for measure, field in each.cells}
        | {(measure, node, field) for measure, field in sums}
    )


def _lines(fields: Collection[str]) -> set[Cell]:
    return {(measure, field) for field in fields for measure in FORMS}


def hidden_cells(
    table: IndicatorTable,
    node: str,
    unit_codes: Sequence[str],
    rules: Rules,
    before: Mapping[str, Before] | None = None,
) -> frozenset[CellKey]:
    """The hidden cells of a report over these lines; of a single unit, which is its own node, its own."""
    units: dict[str, dict[Cell, int]] = {code: {} for code in unit_codes}
    atoms = {*INFLOW, *OUTFLOW}
    for (measure, unit, field), value in table.cells.items():
        if unit in units and measure in atoms and field != ALL_FIELDS:
            units[unit][measure, field] = value
    having = {
        code: counts for code, counts in units.items() if table.value("received_total", (code,)) is not None
    }
    if tuple(unit_codes) == (node,):
        counts = having.get(node, {})
        found = hide_small_cells(counts, rules, (before or {}).get(node, NOTHING_BEFORE)) if having else None
        return frozenset((measure, node, field) for measure, field in found.cells) if found else frozenset()
    return hide_in_rollup(having, node, rules, before)
