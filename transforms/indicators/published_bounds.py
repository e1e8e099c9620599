"""What printed numbers leave no choice about, because no count is below zero: a second table for every number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.indicators.published_unknowns import Vector

Flags = npt.NDArray[np.bool_]
_TRIES = 3
_ABOVE_ALL = 100.0
_IN_VAIN = 5
"""Numbers one after the other that no table cleared: the rest are of their kind."""
_ONE_BY_ONE = 14
"""Numbers that tables are looked for by name; what is in doubt then counts as if it were told."""
_MOST_STEPS = 5_000
"""Steps of the solver for one table: a district beside the editions of a year takes about a fifth of it."""
_CLOSE = 0.01
"""Numbers nearer to each other are the same: a solver leaves equations open by far less, counts differ by far more."""
_NOTHING_FITS = 2
"""The solver's word for lines that contradict each other."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """The tables that fit what is printed: ``equal`` (sparse) @ counts = ``values``, and no count below zero."""

    equal: Any
    values: Vector


def without_second_table(
    fitting: Fitting, wanted: Any, added: Vector, kin: npt.NDArray[np.int_], threshold: int
) -> Flags:
    """Of which rows of ``wanted`` (sparse) @ counts + ``added`` no two tables tell otherwise, and the one found is small.

    A row is cleared by two fitting tables of whole numbers that differ in it, or by one in which it is 0 or not below
    ``threshold``. Only so many tables are looked for, so a row that is left may have a choice after all. ``kin``: rows
    of one number are looked at together. False throughout where nothing fits what is printed: numbers that were mended
    between two editions contradict each other, and then nobody can tell.
    """
    within = _Within(fitting)
    if within.is_impossible:
        return np.zeros(len(added), dtype=bool)
    wanted, added = within.own(wanted, added)
    low, high = np.full(len(added), np.inf), np.full(len(added), -np.inf)
    in_doubt = np.ones(len(added), dtype=bool)
    for direction in _directions(wanted, kin, in_doubt):
        table = within.whole_table(direction)
        if within.is_impossible:
            return np.zeros(len(added), dtype=bool)
        if table is not None:
            found = wanted @ table + added
            low, high = np.minimum(low, found), np.maximum(high, found)
            in_doubt &= (low > 1 - _CLOSE) & (high < threshold - _CLOSE) & (high - low < 1 - _CLOSE)
    return in_doubt


def told_numbers(fitting: Fitting, wanted: Any, added: Vector) -> Flags:
    """Of which rows the smallest and the largest value that fit leave one whole number; takes a while for each."""
    within = _Within(fitting)
    wanted, added = within.own(wanted, added)
    told = np.zeros(len(added), dtype=bool)
    for at in range(min(len(added), _ONE_BY_ONE)):
        row = wanted[[at]].toarray()[0]
        low, high = within.table(-row), within.table(row)
        if low is not None and high is not None:
            told[at] = np.floor(row @ high + added[at] + _CLOSE) - np.ceil(row @ low + added[at] - _CLOSE) < 1
    return told


def _directions(wanted: Any, kin: npt.NDArray[np.int_], in_doubt: Flags) -> Iterator[Vector]:
    """Where to look for tables, while a number is in doubt: for all together, then for one above all others."""
    chance = np.random.default_rng(len(kin))
    for sign in (-np.ones(len(kin)), np.ones(len(kin)), *chance.normal(size=(_TRIES, len(kin)))):
        if in_doubt.any():
            yield wanted.T @ (sign * in_doubt)
    tried = np.zeros(len(kin), dtype=np.int_)
    in_vain = 0
    for _ in range(_ONE_BY_ONE):
        if not in_doubt.any() or in_vain == _IN_VAIN:
            return
        # Those of one unit and field mostly move together, so every such kin has its turn before the next of one.
        turns = np.bincount(kin, weights=tried, minlength=int(kin.max()) + 1)[kin] + tried / (1 + tried.sum())
        at = int(np.argmin(np.where(in_doubt, turns, np.inf)))
        for sign in (1, -1):
            if in_doubt[at]:
                weight = chance.normal(size=len(kin))
                weight[at] = sign * _ABOVE_ALL
                yield wanted.T @ (weight * in_doubt)
        tried[at] += 1
        in_vain = in_vain + 1 if in_doubt[at] else 0


class _Within:
    """The tables that fit, in the counts that are not known from one line or the other alone."""

    def __init__(self, fitting: Fitting) -> None:
        self._equal, self._values = fitting.equal.tocsr(), fitting.values.copy()
        self._known = np.zeros(self._equal.shape[1])
        self._open = np.ones(self._equal.shape[1], dtype=bool)
        self._left_out()
        self.is_impossible = bool(self._known.min(initial=0.0) < -_CLOSE)

    def own(self, wanted: Any, added: Vector) -> tuple[Any, Vector]:
        """Rows over all counts as rows over those that are open."""
        return wanted[:, self._open], added + wanted @ self._known

    def table(self, direction: Vector) -> Vector | None:
        """What fits and lies furthest in a direction, in fractions perhaps; None where the solver gave up."""
        # Takes a second to import, and only public editions beside earlier ones need it.
        from scipy.optimize import linprog

        found = linprog(
            -direction,
            A_eq=self._equal,
            b_eq=self._values,
            method="highs-ds",
            options={"maxiter": _MOST_STEPS},
        )
        self.is_impossible = self.is_impossible or found.status == _NOTHING_FITS
        return np.asarray(found.x) if found.status == 0 else None

    def whole_table(self, direction: Vector) -> Vector | None:
        """One of whole numbers, for only such a one may have been counted."""
        from scipy.optimize import LinearConstraint, milp

        table = self.table(direction)
        if table is None or np.abs(table - np.round(table)).max(initial=0.0) < _CLOSE:
            return table
        lines = LinearConstraint(self._equal, self._values, self._values)
        whole = milp(
            -direction, integrality=np.ones(len(direction)), constraints=lines, options={"node_limit": 1}
        )
        return None if whole.x is None else np.round(whole.x)

    def _left_out(self) -> None:
        """Leave out counts that are known: in a line that tells 0, and alone in a line."""
        before = -1
        while before != (before := int(self._open.sum())):
            equal = self._equal.tocsr()
            entries = np.diff(equal.indptr)
            adds_only = np.asarray((equal < 0).sum(axis=1)).ravel() == 0
            is_known = (entries == 1) | (adds_only & (np.abs(self._values) < _CLOSE))
            chosen = equal[is_known]
            row_values = np.repeat(self._values[is_known], np.diff(chosen.indptr))
            at = np.flatnonzero(self._open)
            self._known[at[chosen.indices]] = row_values / chosen.data
            self._open[at[chosen.indices]] = False
            stays = self._open[at]
            left = equal[:, stays]
            self._values = self._values - equal @ (self._known[at] * ~stays)
            holds = np.diff(left.indptr) > 0
            self._equal, self._values = left[holds], self._values[holds]
