"""Units through time: who holds a code on a day, who took whose place, and who stands above whom.

A code may pass to a unit of another name, so a unit is known by its code and the first day of its validity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from transforms.catalogue.model import Group, Unit

UnitId = tuple[str, date]
"""Code and first day of validity: the identity of a unit."""
_NEXT_DAY = timedelta(days=1)


def identity(unit: Unit) -> UnitId:
    """What tells a unit apart from others that had its code."""
    return unit.code, unit.valid_from


class Lineage:
    """The units of a catalogue with their past, indexed once."""

    def __init__(self, units: Iterable[Unit], groups: Sequence[Group] = ()) -> None:
        spans: dict[str, list[Unit]] = defaultdict(list)
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self.units = tuple(sorted(units, key=identity))
        """Every unit, by code and first day."""
        for unit in self.units:
            spans[unit.code].append(unit)
            self._children[unit.parent_code].append(unit)
        self._spans = dict(spans)
        self._groups = {group.code: group for group in groups}
        self._groups_of: dict[str, list[Group]] = defaultdict(list)
        for group in groups:
            for code in sorted({member.unit_code for member in group.members}):
                self._groups_of[code].append(group)
        self._heirs: dict[tuple[UnitId, date], frozenset[UnitId | None]] = {}

    def span(self, unit: UnitId) -> Unit:
        """The unit of that identity; KeyError when there is none."""
        return next(span for span in self._spans[unit[0]] if span.valid_from == unit[1])

    def valid(self, code: str, day: date) -> Unit | None:
        """The unit that has the code on that day; None where nobody has."""
        return next((span for span in self._spans.get(code, ()) if span.is_valid_on(day)), None)

    def holder(self, code: str, day: date) -> Unit | None:
        """The unit meant by the code on that day; None for a code that the catalogue does not have.

        Where nobody has the code on the day, the last that had it before, else the first that had it
        after: a record never loses its unit.
        """
        spans = self._spans.get(code, ())
        begun = [span for span in spans if span.valid_from <= day]
        return begun[-1] if begun else next(iter(spans), None)

    def successor(self, unit: Unit, day: date) -> Unit | None:
        """The one unit that stands in the place of a unit on that day; the unit itself while it exists.

        None where it ended without a known successor or was divided among several: then no unit of the
        day may claim its figures.
        """
        heirs = self._heirs_on(unit, day)
        only = next(iter(heirs)) if len(heirs) == 1 else None
        return None if only is None else self.span(only)

    def successors(self, unit: Unit, day: date) -> tuple[Unit, ...]:
        """The units among which a unit was divided by that day, one where it went into one; by code."""
        found = sorted(heir for heir in self._heirs_on(unit, day) if heir is not None)
        return tuple(self.span(heir) for heir in found)

    def has_children(self, unit: Unit, day: date) -> bool:
        """True when another unit reports to it on that day."""
        return any(child.is_valid_on(day) for child in self._children.get(unit.code, ()))

    def above(self, unit: Unit, own_day: date, map_day: date) -> frozenset[UnitId]:
        """The unit and everything above it on ``own_day``, groups included, with what took its place by ``map_day``.

        A province that was renamed stands above the communes that were under its older self.
        """
        found: set[UnitId] = set()
        current: Unit | None = unit
        while current is not None and identity(current) not in found:
            found.add(identity(current))
            if current is not unit and (heir := self.successor(current, map_day)) is not None:
                found.add(identity(heir))
            found.update(identity(group.as_unit()) for group in self._groups_holding(current, own_day))
            current = self.valid(current.parent_code, own_day) if current.parent_code else None
        return frozenset(found)

    def codes_above(self, code: str) -> frozenset[str]:
        """Codes of everything that ever stood above a unit with that code, the code itself left out."""
        found: set[str] = set()
        waiting = [code]
        while waiting:
            for span in self._spans.get(waiting.pop(), ()):
                if span.parent_code and span.parent_code not in found:
                    found.add(span.parent_code)
                    waiting.append(span.parent_code)
        return frozenset(found - {code})

    def _groups_holding(self, unit: Unit, day: date) -> list[Group]:
        return [
            group
            for group in self._groups_of.get(unit.code, ())
            if any(member.unit_code == unit.code and member.is_valid_on(day) for member in group.members)
        ]

    def _heirs_on(self, unit: Unit, day: date) -> frozenset[UnitId | None]:
        """Identities of those in a unit's place on the day; None stands for a branch that ended."""
        if unit.valid_to is None or unit.valid_to >= day:
            return frozenset({identity(unit)})
        key = identity(unit), day
        if key not in self._heirs:
            heirs: set[UnitId | None] = set()
            # A successor exists on the day after the end, so every step goes forward in time.
            for code in unit.successor_codes or ("",):
                next_one = self.valid(code, unit.valid_to + _NEXT_DAY)
                heirs |= {None} if next_one is None else self._heirs_on(next_one, day)
            self._heirs[key] = frozenset(heirs)
        return self._heirs[key]
