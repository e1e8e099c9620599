"""What stands behind the printed numbers of one unit and field: flows between published days, stocks on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.indicators.suppression import FORMS

Vector = npt.NDArray[np.float64]
Window = tuple[int, int]
"""Numbers of published days: the first of a stretch, and the one after its last."""
_FLOWS = ("received_online", "received_direct", "early", "on_time", "late")
_INTO = ("received_online", "received_direct")
_CLOSE = 1e-6
_FAINT = 1e-8
_ROUNDS = 3
_CHANCES = 3
_STOCKS = ("carried_over", "pending_within", "pending_overdue")


@lru_cache(maxsize=4)
def unknowns_of(days: int, *, is_exact: bool) -> Unknowns:
    """The unknowns between so many published days; what printed lines leave open of them is worked out once."""
    return Unknowns(days, is_exact=is_exact)


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What some printed numbers leave open. ``known`` @ unknowns = the numbers, of which the first is an idle 0."""

    known: Vector
    in_counts: Any
    """The same lines as sums of single counts, a sparse matrix."""
    inverse: Vector
    free: Vector
    """Directions in which the unknowns can move without any of them reading otherwise: unknowns x directions."""


class Unknowns:
    """The unknowns between ``days`` published days, and every measure as a sum of them.

    ``is_exact``: what is open at the end of one day is what is carried over to the next, so that of the stocks only
    the first one and the overdue ones are unknowns of their own.
    """

    def __init__(self, days: int, *, is_exact: bool) -> None:
        self._days, self._segments = days, max(days - 1, 0)
        self._is_exact = is_exact
        self._stocks = len(_FLOWS) * self._segments + 1
        self.width = self._stocks + days * (1 if is_exact else len(_STOCKS))
        self._forms: dict[tuple[str, Window], Vector] = {}
        self._left_open: dict[tuple[tuple[str, Window], ...], LeftOpen] = {}

    def form(self, measure: str, window: Window) -> Vector:
        """The unknowns that a measure of that stretch adds up."""
        key = (measure, window)
        if key not in self._forms:
            self._forms[key] = np.sum([self._atom(atom, window) for atom in FORMS[measure]], axis=0)
        return self._forms[key]

    def left_open(self, lines: tuple[tuple[str, Window], ...]) -> LeftOpen:
        """What the printed measures of these stretches leave open; most blocks print the same ones."""
        from scipy.sparse import csr_matrix

        if lines not in self._left_open:
            known = np.array([np.zeros(self.width), *(self.form(*line) for line in lines)])
            in_counts = csr_matrix([np.zeros(self.counts), *(self.in_counts(*line) for line in lines)])
            left, sizes, basis = np.linalg.svd(known, full_matrices=False)
            rank = int((sizes > _CLOSE).sum())
            seen = basis[:rank]
            free = np.linalg.svd(seen, full_matrices=True)[2][rank:].T if rank else np.eye(self.width)
            inverse = seen.T @ (left[:, :rank] / sizes[:rank]).T
            self._left_open[lines] = LeftOpen(known, in_counts, inverse, free)
        return self._left_open[lines]

    @cached_property
    def counts(self) -> int:
        """How many single counts stand behind a block: every flow of every segment, every stock of every day."""
        return len(_FLOWS) * self._segments + len(_STOCKS) * self._days

    def in_counts(self, measure: str, window: Window) -> Vector:
        """The single counts, none of them below zero, that a measure of that stretch adds up."""
        found, (first, last) = np.zeros(self.counts), window
        for atom in FORMS[measure]:
            if atom in _FLOWS:
                start = _FLOWS.index(atom) * self._segments
                found[start + first : start + last] = 1
            else:
                found[self._stock_at(atom, first if atom == "carried_over" else last)] = 1
        return found

    @cached_property
    def identities(self) -> Vector:
        """What the single counts always add up to 0 in, a row each: what was open, came and went is what is open."""
        rows = [np.zeros(self.counts)]
        for day in range(self._days if self._is_exact else 0):
            row = np.zeros(self.counts)
            row[self._stock_at("carried_over", day)] = 1
            row[[self._stock_at("pending_within", day), self._stock_at("pending_overdue", day)]] = -1
            rows.append(row)
        for day in range(self._segments if self._is_exact else 0):
            row = np.zeros(self.counts)
            row[[self._stock_at("carried_over", day), self._stock_at("carried_over", day + 1)]] = 1, -1
            for number, flow in enumerate(_FLOWS):
                row[number * self._segments + day] = 1 if flow in _INTO else -1
            rows.append(row)
        return np.array(rows)

    def _stock_at(self, stock: str, day: int) -> int:
        return len(_FLOWS) * self._segments + _STOCKS.index(stock) * self._days + day

    def _atom(self, atom: str, window: Window) -> Vector:
        first, last = window
        found = np.zeros(self.width)
        if atom in _FLOWS:
            start = _FLOWS.index(atom) * self._segments
            found[start + first : start + last] = 1
            return found
        if not self._is_exact:
            day = first if atom == "carried_over" else last
            found[self._stocks + _STOCKS.index(atom) * self._days + day] = 1
            return found
        if atom == "carried_over":
            return self._stock(first)
        found[self._stocks + last] = 1
        return found if atom == "pending_overdue" else self._stock(last) - found

    def _stock(self, day: int) -> Vector:
        """Everything open at the beginning of that day: what was open at first, and what came and went since."""
        found = np.zeros(self.width)
        found[len(_FLOWS) * self._segments] = 1
        for number, flow in enumerate(_FLOWS):
            start = number * self._segments
            found[start : start + day] = 1 if flow in _INTO else -1
        return found


def unseen_and_fitting(known: Any, values: Vector) -> tuple[Vector, Vector]:
    """Steps that ``known``, a sparse matrix, does not notice, a column each, and the shortest step with ``known`` @ step = ``values``.

    The first are taken at random from all such steps, so that a number which none of them moves is moved by no step
    at all: a few of them answer for every number at once, where a basis of them all would take minutes to find.
    """
    width = known.shape[1]
    if not width:
        return np.zeros((0, _CHANCES)), np.zeros(0)
    # Takes a second to import, and only public editions beside earlier ones need it.
    from scipy.linalg import cho_factor, cho_solve

    square = (known.T @ known).toarray()
    small = _FAINT * max(float(np.abs(square).sum(axis=1).max()), 1.0)
    factor = cho_factor(square + small * np.eye(width))
    unseen = np.random.default_rng(width).normal(size=(width, _CHANCES))
    fitting = np.zeros(width)
    for _ in range(_ROUNDS):  # what is noticed shrinks by small / size each time, what is not stays
        unseen = unseen - cho_solve(factor, known.T @ (known @ unseen))
        fitting = fitting + cho_solve(factor, known.T @ (values - known @ fitting))
    return unseen, fitting
