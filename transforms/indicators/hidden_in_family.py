"""What a public edition withholds because of others: whole lines, until no small count can be worked out of all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

from transforms.indicators.measure import ALL_FIELDS
from transforms.indicators.published_family import Edition, Family, Leak
from transforms.indicators.suppression import FORMS, CellKey, Rules

_MORE_FIELDS = (0, 0, 2, 0, None)
"""How many fields besides are hidden step by step, None for all."""
_WITH_SUM, _IN_ALL_UNITS = 1, 3
"""The steps from which on the roll-up's own lines are hidden too, then those of every unit."""


class FamilyLeakError(ValueError):
    """Editions that are out already tell a small count together with the new one, however little it prints by field."""

    def __init__(self, leaks: Collection[Leak]) -> None:
        super().__init__(f"{len(leaks)} small counts")
        self.leak = min(leaks, key=lambda leak: (leak.start, leak.end, leak.unit, leak.field, leak.measure))
        """One of them."""


def hide_in_family(own: Edition, earlier: Sequence[Edition], rules: Rules) -> frozenset[CellKey]:
    """The hidden cells of a new edition beside the earlier ones: its own, and lines that would tell what these hide.

    Whole lines are hidden, those of the field and of every field that some edition hides for that unit: within these
    fields nothing but their sum is told, so what hides a number in one edition hides it in all of them. What the
    earlier editions tell among themselves is out already and does not count. FamilyLeakError where hiding every line
    is not enough.
    """
    if not earlier:
        return own.hidden
    before = _Before(earlier, rules)
    partners = _partners(own, rules)
    for step, also in enumerate(_MORE_FIELDS):
        family = Family([*earlier, own], rules.sensitive, is_exact=rules.is_exact)
        leaks = before.new_in(family, is_first=step <= _WITH_SUM)
        if not leaks:
            return own.hidden
        more: set[CellKey] = set()
        for leak in leaks:
            fields = {leak.field, *family.hidden_fields(leak.unit), *partners[:also]}
            more |= _lines(own, leak.unit, fields, step)
        own = replace(own, hidden=own.hidden | more)
    if leaks := before.new_in(
        Family([*earlier, own], rules.sensitive, is_exact=rules.is_exact), is_first=False
    ):
        raise FamilyLeakError(leaks)
    return own.hidden


class _Before:
    """What the earlier editions tell among themselves, worked out once and only where it matters."""

    def __init__(self, earlier: Sequence[Edition], rules: Rules) -> None:
        self._family = Family(earlier, rules.sensitive, is_exact=rules.is_exact)
        self._threshold = rules.threshold
        self._asked: frozenset[Leak] = frozenset()
        self._bound: frozenset[Leak] = frozenset()

    def new_in(self, family: Family, *, is_first: bool) -> frozenset[Leak]:
        """What a larger family tells besides; what needs bounds is asked only where nothing is told without.

        ``is_first``: what is in doubt may yet be hidden, so that nobody need know whether it was known before.
        """
        if (told := family.told(self._threshold)) and (new := told - self._told):
            return new
        left = family.left_no_choice(self._threshold) - self._told
        if (unasked := left - self._asked) and not is_first:
            self._asked |= unasked
            self._bound |= self._family.told_by_bounds(unasked)
        return left - self._bound

    @cached_property
    def _told(self) -> frozenset[Leak]:
        return self._family.told(self._threshold)


def _lines(own: Edition, unit: str, fields: Collection[str], step: int) -> set[CellKey]:
    units = {unit} if unit in own.units and step < _IN_ALL_UNITS else set(own.units)
    if step >= _WITH_SUM or unit == own.node:
        units.add(own.node)
    return {(measure, each, name) for measure in FORMS for each in units for name in fields}


def _partners(own: Edition, rules: Rules) -> list[str]:
    """The fields in which a number may be hidden, the largest of those that anybody may read first."""
    sizes: dict[str, int] = dict.fromkeys(rules.listed | rules.sensitive, 0)
    for (measure, unit, name), value in own.values.items():
        if measure == "received_total" and unit == own.node and name != ALL_FIELDS:
            sizes[name] = value
    return sorted(sizes, key=lambda name: (name in rules.sensitive, -sizes[name], name))
