"""What several public editions tell together: counts that no single one of them prints.

A month is a part of its quarter, a commune a part of its district, and what one period leaves open the next one takes
over. So a reader who lays editions beside each other has a system of equations: one unknown for every flow between
two published days and for every stock on such a day, of each unit and field; one equation for every printed number.
A number can be worked out when its own equation is a combination of printed ones, which linear algebra decides for
every stretch between two published days, and a withheld one also when all of them together with "no count is below
zero" leave it one value (``published_bounds``). Nothing is assumed about the order in which the editions came out or
how their windows nest.

Not decided here: estimates (a number between 1 and 4), and what an edition told that a later number of the same
document replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np

from transforms.indicators.measure import ALL_FIELDS, MeasureType
from transforms.indicators.measures import MEASURES
from transforms.indicators.published_bounds import Fitting, told_numbers, without_second_table
from transforms.indicators.published_unknowns import Vector, Window, unknowns_of, unseen_and_fitting
from transforms.indicators.suppression import FORMS, CellKey

Block = tuple[str, str]
"""(unit, field)."""
Stretch = tuple[str, Window]
"""(measure, window)."""
_CLOSE = 1e-6
_WHOLE = 0.01
_NEXT_DAY = timedelta(days=1)
_MOST_DIRECTIONS = 4000
"""What can be looked at together within seconds; a district of 24 units beside all that it published in a year comes near to it."""


class FamilyTooLargeError(ValueError):
    """Too many editions bear on each other to say within seconds what they tell together."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One public edition: its lines, its days, and its numbers by (measure, unit or node, field)."""

    name: str
    """As people call it, for example "2021-Q3 (số 45/BC-UBND)"."""
    node: str
    units: tuple[str, ...]
    """The lines with figures; the node alone where it is no roll-up."""
    start: date
    end: date
    hidden: frozenset[CellKey]
    values: Mapping[CellKey, int]
    """Its numbers, totals over fields included, those of withheld cells unused; a line that is not there is 0."""

    @property
    def is_rollup(self) -> bool:
        """True when it sums several lines."""
        return self.units != (self.node,)


@dataclass(frozen=True, slots=True)
class Leak:
    """A small count of a sensitive field that the editions tell together."""

    measure: str
    unit: str
    field: str
    start: date
    end: date
    """First and last day of the stretch that the number counts."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the printed lines of one block say."""

    free: Vector
    """Directions in which the unknowns can move without any printed line reading otherwise: unknowns x directions."""
    fitting: Vector
    """Unknowns that fit the lines."""
    in_counts: Any
    """The lines as sums of single counts, and what each of them tells."""
    told: Vector
    is_consistent: bool
    """False where lines contradict each other, because numbers were mended between two editions."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Blocks with withheld numbers, and what the printed totals over these say of the directions left open."""

    place: Mapping[Block, slice]
    """Block → its directions among those of the group."""
    known: Any
    values: Vector
    """``known`` @ steps along the directions = ``values``."""
    rest: Vector
    """Some steps that no printed total notices, taken at random: what they leave alone, every such step does."""
    steps: Vector
    """Steps that fit the totals."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Whose numbers are looked at: a unit's, or the sum of several as a roll-up prints it."""

    unit: str
    field: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A number that is looked at."""

    target: _Target
    stretch: Stretch
    but: Window | None = None
    """Days within the stretch that do not count."""


class Family:
    """The editions of one family under one way of counting. ``is_exact``: closing stock of one day = opening stock of the next."""

    def __init__(self, editions: Sequence[Edition], sensitive: Collection[str], *, is_exact: bool) -> None:
        self._editions = tuple(editions)
        self._days = sorted({day for e in editions for day in (e.start, e.end + _NEXT_DAY)})
        at = {day: number for number, day in enumerate(self._days)}
        self._windows = [(at[e.start], at[e.end + _NEXT_DAY]) for e in editions]
        self._fields = sorted({key[2] for e in editions for key in (*e.values, *e.hidden)} - {ALL_FIELDS})
        self._sensitive = sorted(frozenset(sensitive) & frozenset(self._fields))
        self._unknowns = unknowns_of(len(self._days), is_exact=is_exact)
        self._stretches: list[Stretch] = [
            (measure, window) for window in combinations(range(len(self._days)), 2) for measure in FORMS
        ]
        self._lines: dict[Block, _Lines] = {}

    def told(self, threshold: int) -> frozenset[Leak]:
        """The counts of 1 to ``threshold`` - 1 that are combinations of printed ones, over every stretch.

        A withheld number counts as small where the editions contradict each other, so that nobody can say what it is.
        """
        found: set[Leak] = set()
        for target in self._all_targets:
            group = next((g for g in self._groups if not g.place.keys().isdisjoint(target.blocks)), _NO_GROUP)
            found |= set(self._told_alone(target, group, threshold))
        return frozenset(found)

    def left_no_choice(self, threshold: int) -> frozenset[Leak]:
        """The withheld counts of 1 to ``threshold`` - 1 that are perhaps the only one possible, since none is below zero.

        Of every other one a second table of whole numbers was found that agrees with everything printed.
        """
        found: set[Leak] = set()
        for group in self._groups:
            asked = self._asked(group)
            if asked and self._agrees(group):
                names = [(each.target.unit, each.target.field) for each in asked]
                numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
                kin = np.array([numbers[name] for name in names])
                left = without_second_table(
                    self._fitting(group), *self._numbers(group, asked), kin, threshold
                )
                found |= {
                    self._leak(each.target, each.stretch)
                    for each, is_left in zip(asked, left, strict=True)
                    if is_left
                }
        return frozenset(found)

    def told_by_bounds(self, leaks: Collection[Leak]) -> frozenset[Leak]:
        """Those of the withheld counts that are certainly the only one possible; of many only the first are asked."""
        found: set[Leak] = set()
        for group in self._groups:
            asked = [each for each in self._asked(group) if self._leak(each.target, each.stretch) in leaks]
            if asked and self._agrees(group):
                told = told_numbers(self._fitting(group), *self._numbers(group, asked))
                found |= {
                    self._leak(each.target, each.stretch)
                    for each, is_told in zip(asked, told, strict=True)
                    if is_told
                }
        return frozenset(found)

    def hidden_fields(self, unit: str) -> frozenset[str]:
        """The fields of which some edition withholds a number of that unit."""
        return frozenset(key[2] for e in self._editions for key in e.hidden if key[1] == unit)

    @cached_property
    def _totals(self) -> list[list[tuple[list[Block], str, int]]]:
        return [list(self._sums(number)) for number in range(len(self._editions))]

    @cached_property
    def _groups(self) -> list[_Group]:
        return [self._group(blocks) for blocks in self._withheld_together()]

    @cached_property
    def _all_targets(self) -> list[_Target]:
        units = sorted({unit for e in self._editions for unit in e.units})
        found = [_Target(unit, name, ((unit, name),)) for unit in units for name in self._sensitive]
        sums = {(e.node, e.units) for e in self._editions if e.is_rollup}
        return found + [
            _Target(node, name, tuple((unit, name) for unit in members))
            for node, members in sorted(sums)
            for name in self._sensitive
        ]

    def _withheld_together(self) -> list[list[Block]]:
        """Blocks with a withheld number, together where one printed total or one roll-up's own number holds both."""
        blocks = {
            (unit, key[2]) for e in self._editions for key in e.hidden for unit in e.units if key[1] == unit
        }
        leads = {block: block for block in blocks}

        def find(block: Block) -> Block:
            while leads[block] != block:
                block = leads[block]
            return block

        together = [
            members for number in range(len(self._editions)) for members, _, _ in self._totals[number]
        ]
        together += [[block for block in target.blocks if block in blocks] for target in self._all_targets]
        for members in together:
            for one, two in pairwise(members):
                leads[find(one)] = find(two)
        groups: dict[Block, list[Block]] = {}
        for block in sorted(blocks):
            groups.setdefault(find(block), []).append(block)
        return [groups[key] for key in sorted(groups)]

    def _sums(self, number: int) -> Iterator[tuple[list[Block], str, int]]:
        """Of each printed total the withheld numbers in it: their blocks, the measure, and what they add up to."""
        e = self._editions[number]
        sums = [((unit, ALL_FIELDS), [(unit, name) for name in self._fields]) for unit in e.units]
        if e.is_rollup:
            sums += [((e.node, name), [(unit, name) for unit in e.units]) for name in self._fields]
        for total, parts in sums:
            for measure in FORMS:
                members = [block for block in parts if (measure, *block) in e.hidden]
                if members and (measure, *total) not in e.hidden:
                    known = sum(e.values.get((measure, *block), 0) for block in parts if block not in members)
                    yield members, measure, e.values.get((measure, *total), 0) - known

    def _lines_of(self, block: Block) -> _Lines:
        if block in self._lines:
            return self._lines[block]
        lines, values = list[Stretch](), [0.0]
        for e, window in zip(self._editions, self._windows, strict=True):
            for measure in FORMS if block[0] in e.units else ():
                if (measure, *block) not in e.hidden:
                    lines.append((measure, window))
                    values.append(e.values.get((measure, *block), 0))
        open_left, told = self._unknowns.left_open(tuple(lines)), np.array(values)
        fitting = open_left.inverse @ told
        is_consistent = bool(np.abs(open_left.known @ fitting - told).max() < _WHOLE)
        self._lines[block] = _Lines(open_left.free, fitting, open_left.in_counts, told, is_consistent)
        return self._lines[block]

    def _group(self, blocks: Sequence[Block]) -> _Group:
        ends = np.cumsum([0, *(self._lines_of(block).free.shape[1] for block in blocks)]).tolist()
        if ends[-1] > _MOST_DIRECTIONS:
            raise FamilyTooLargeError(f"{len(self._editions)} editions leave {ends[-1]} directions open")
        place = {block: slice(ends[n], ends[n + 1]) for n, block in enumerate(blocks)}
        rows, values = [np.zeros(ends[-1])], [0.0]
        for number, window in enumerate(self._windows):
            for members, measure, value in self._totals[number]:
                if members[0] not in place:
                    continue
                form, row, own = self._unknowns.form(measure, window), np.zeros(ends[-1]), 0.0
                for block in members:
                    lines = self._lines_of(block)
                    row[place[block]] += form @ lines.free
                    own += float(form @ lines.fitting)
                rows.append(row)
                values.append(value - own)
        from scipy.sparse import csr_matrix

        known, told = csr_matrix(np.array(rows)), np.array(values)
        return _Group(place, known, told, *unseen_and_fitting(known, told))

    def _told_alone(self, target: _Target, group: _Group, threshold: int) -> Iterator[Leak]:
        """The numbers of a target that are combinations of printed ones."""
        forms = np.array([self._unknowns.form(*stretch) for stretch in self._stretches])
        unseen = np.zeros((len(forms), group.rest.shape[1]))
        values, is_told = np.zeros(len(forms)), np.ones(len(forms), dtype=bool)
        for block in target.blocks:
            lines = self._lines_of(block)
            own = forms @ lines.free
            values += forms @ lines.fitting
            if block in group.place:
                unseen += own @ group.rest[group.place[block]]
                values += own @ group.steps[group.place[block]]
            else:
                is_told &= np.abs(own).max(axis=1, initial=0.0) < _CLOSE
        is_told &= np.abs(unseen).max(axis=1, initial=0.0) < _CLOSE
        flows: dict[Stretch, float] = {}
        for at in np.flatnonzero(is_told).tolist():
            stretch, value = self._stretches[at], float(values[at])
            is_whole = abs(value - round(value)) < _WHOLE
            if (
                0 < round(value) < threshold
                if is_whole
                else (*stretch, target.unit, target.field) in self._withheld
            ):
                yield self._leak(target, stretch)
            if MEASURES[stretch[0]].type is MeasureType.FLOW:
                flows[stretch] = value
        for stretch in self._with_small_rest(flows, threshold):
            yield self._leak(target, stretch)

    def _with_small_rest(self, told: Mapping[Stretch, float], threshold: int) -> Iterator[Stretch]:
        """Published windows of which the days outside every known stretch within them hold a small number together."""
        for measure, window in product(FORMS, sorted(set(self._windows))):
            if (measure, window) not in told:
                continue
            inside = [w for m, w in told if m == measure and window[0] <= w[0] and w[1] <= window[1]]
            rest, left = told[measure, window], set(range(*window))
            for stretch in sorted(inside, key=lambda w: (w[0] - w[1], w)):
                if stretch != window and left >= set(range(*stretch)):
                    left -= set(range(*stretch))
                    rest -= told[measure, stretch]
            if left and 0 < round(rest) < threshold:
                yield measure, window

    def _agrees(self, group: _Group) -> bool:
        return all(self._lines_of(block).is_consistent for block in group.place)

    def _asked(self, group: _Group) -> list[_Asked]:
        """The numbers of a group that are withheld, or that no edition names though the days are known."""
        published = set(self._windows)
        flows = [each for each in FORMS if MEASURES[each].type is MeasureType.FLOW]
        unnamed = [
            (measure, window)
            for measure, window in self._stretches
            if measure in flows and window not in published
        ]
        around = [
            (measure, outer, inner)
            for outer, inner in product(sorted(published), repeat=2)
            if outer[0] < inner[0] and inner[1] < outer[1]
            for measure in flows
        ]
        found: list[_Asked] = []
        for target in self._all_targets:
            if group.place.keys().isdisjoint(target.blocks):
                continue
            withheld = [
                each for each in self._stretches if (*each, target.unit, target.field) in self._withheld
            ]
            found += [_Asked(target, each) for each in (*withheld, *unnamed)]
            found += [_Asked(target, (measure, outer), inner) for measure, outer, inner in around]
        return found

    def _numbers(self, group: _Group, asked: Sequence[_Asked]) -> tuple[Any, Vector]:
        """Which single counts of the group's blocks each of these numbers adds up, and what it adds besides."""
        from scipy.sparse import csr_matrix

        place = {block: number * self._unknowns.counts for number, block in enumerate(group.place)}
        rows, columns, added = list[int](), list[int](), np.zeros(len(asked))
        for row, each in enumerate(asked):
            form, counted = self._unknowns.form(*each.stretch), self._counted(*each.stretch)
            if each.but is not None:
                form = form - self._unknowns.form(each.stretch[0], each.but)
                counted = sorted({*counted} - {*self._counted(each.stretch[0], each.but)})
            for block in each.target.blocks:
                if block in place:
                    rows += [row] * len(counted)
                    columns += [place[block] + at for at in counted]
                else:
                    added[row] += form @ self._lines_of(block).fitting
        shape = len(asked), len(place) * self._unknowns.counts
        return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape), added

    def _counted(self, measure: str, window: Window) -> list[int]:
        return np.flatnonzero(self._unknowns.in_counts(measure, window)).tolist()

    def _fitting(self, group: _Group) -> Fitting:
        from scipy.sparse import block_diag, csr_matrix, vstack

        place = {block: number * self._unknowns.counts for number, block in enumerate(group.place)}
        rows, columns, values = list[int](), list[int](), list[float]()
        for number, window in enumerate(self._windows):
            for members, measure, value in self._totals[number]:
                if members[0] in place:
                    counted = self._counted(measure, window)
                    rows += [len(values)] * (len(counted) * len(members))
                    columns += [place[block] + at for block in members for at in counted]
                    values.append(value)
        lines = [self._lines_of(block) for block in place]
        identities = csr_matrix(self._unknowns.identities)
        width = len(place) * self._unknowns.counts
        return Fitting(
            vstack(
                [
                    block_diag([each.in_counts for each in lines]),
                    block_diag([identities] * len(lines)),
                    csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(values), width)),
                ],
                format="csr",
            ),
            np.concatenate(
                [*(each.told for each in lines), np.zeros(identities.shape[0] * len(lines)), np.array(values)]
            ),
        )

    @cached_property
    def _withheld(self) -> frozenset[tuple[str, Window, str, str]]:
        return frozenset(
            (measure, window, unit, name)
            for e, window in zip(self._editions, self._windows, strict=True)
            for measure, unit, name in e.hidden
        )

    def _leak(self, target: _Target, stretch: Stretch) -> Leak:
        measure, (first, last) = stretch
        return Leak(measure, target.unit, target.field, self._days[first], self._days[last] - _NEXT_DAY)


_NO_GROUP = _Group({}, None, np.zeros(1), np.zeros((0, 1)), np.zeros(0))
