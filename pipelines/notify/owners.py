"""Whom a finding is for: the owners file laid over the tree of units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipelines.catalogue_files import load_owners
from pipelines.session import Session
from transforms.catalogue.model import Catalogue, Unit
from transforms.catalogue.owners import EVERY, OwnerRow, find_escalation
from transforms.schema.tables import AUDIENCES


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """One person or office over one channel; what was told over one channel is not known on another."""

    name: str
    channel: str
    """Name under which the address is found; never the address."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """One line of the owners file that a finding goes to."""

    row: OwnerRow
    audience: str
    """The level that is told: that of the finding, or a higher one where nobody is named for it."""

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody on the line."""
        return tuple(Recipient(self.row.recipient, channel) for channel in self.row.channels)


# Not a dataclass: it caches, and a catalogue is large.
class Owners:
    """The rows of the owners file with the tree that they speak of."""

    def __init__(
        self, rows: Sequence[OwnerRow], catalogue: Catalogue, day: date, problems: Sequence[str] = ()
    ) -> None:
        self.rows = tuple(rows)
        self.problems = tuple(problems)
        self._catalogue = catalogue
        self._day = day
        self._chains: dict[str, tuple[str, ...]] = {}

    @cached_property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody the file names, in order."""
        return tuple(sorted({Recipient(row.recipient, ref) for row in self.rows for ref in row.channels}))

    def find_addressed(self, code: str, unit_code: str, audience: str) -> tuple[Addressed, ...]:
        """Who is told of a finding: the rows of its own level, else of the parent's, else of IT's.

        Within a level the row for the nearest unit goes before one for a unit above it, and then the longer
        rule before the shorter; rows that are equal in both are all told. A finding never goes down: nobody at
        a unit is told what is meant for the parent or for IT. Empty where the file has no row for IT either.
        """
        for level in AUDIENCES[AUDIENCES.index(audience) :]:
            if rows := self._best(code, unit_code, level):
                return tuple(Addressed(row, level) for row in rows)
        return ()

    def has_owner(self, unit_code: str, audience: str) -> bool:
        """True when some row of that very level answers for every kind of finding about the unit, or for some."""
        chain = self._chain(unit_code)
        return any(row.audience == audience and row.unit_code in chain for row in self.rows)

    def find_escalated(self, row: OwnerRow) -> tuple[Recipient, ...]:
        """Whom the row names for what stayed open too long; nobody where it names none."""
        if not row.escalate_to:
            return ()
        found = find_escalation(row, self.rows)
        return tuple(dict.fromkeys(Recipient(r.recipient, ref) for r in found for ref in r.channels))

    def _best(self, code: str, unit_code: str, level: str) -> tuple[OwnerRow, ...]:
        chain = self._chain(unit_code)
        fitting = [row for row in self.rows if row.audience == level and row.answers_for(code)]
        ranked = [
            ((chain.index(row.unit_code), -_length(row.rule)), row)
            for row in fitting
            if row.unit_code in chain
        ]
        if not ranked:
            # A finding about no single unit is still somebody's: IT answers for the whole workspace.
            return tuple(fitting) if level == "it" else ()
        best = min(rank for rank, _ in ranked)
        return tuple(row for rank, row in ranked if rank == best)

    def _chain(self, unit_code: str) -> tuple[str, ...]:
        """The unit, each unit above it, the groups of a unit right after it, and ``*``."""
        if unit_code not in self._chains:
            chain, code = [], unit_code
            while code and code not in chain:
                chain += [code, *self._groups_of(code)]
                unit = _unit(self._catalogue, code, self._day)
                code = unit.parent_code if unit else ""
            self._chains[unit_code] = (*chain, EVERY)
        return self._chains[unit_code]

    def _groups_of(self, code: str) -> list[str]:
        return [
            group.code
            for group in self._catalogue.groups
            if any(member.unit_code == code and member.is_valid_on(self._day) for member in group.members)
        ]


def open_owners(session: Session, day: date) -> Owners:
    """The workspace's owners file as it is now; without rows where there is none."""
    rows, problems = load_owners(session.workspace.catalogue, session.catalogue, session.messages)
    return Owners(rows, session.catalogue, day, problems)


def _unit(catalogue: Catalogue, code: str, day: date) -> Unit | None:
    nodes = (*catalogue.units, *(group.as_unit() for group in catalogue.groups))
    found: Iterable[Unit] = [unit for unit in nodes if unit.code == code]
    return max(found, key=lambda unit: (unit.is_valid_on(day), unit.valid_from), default=None)


def _length(rule: str) -> int:
    return 0 if rule == EVERY else rule.count(".") + 1
