"""What a fault is, and what a run over damaged data says about it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.mutation.district import District
from transforms.findings import Finding


@dataclass(frozen=True, slots=True)
class Injected:
    """One fault put into the data: found where a finding of the code names the subject, or just the unit."""

    code: str
    unit: str
    subject: str = ""
    """Record that the fault is in; empty where it is in the unit's data as a whole."""


@dataclass(slots=True)
class Canvas:
    """A copy of the clean district that faults are put into; no record is damaged twice."""

    district: District
    rng: random.Random
    touched: set[str] = field(default_factory=set)
    """Subjects that findings may name because of a fault."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A way in which data goes wrong, and the finding code meant for it."""

    name: str
    code: str
    inject: Callable[[Canvas], list[Injected]]
    is_alone: bool = False
    """True where the fault changes so much that it gets a run of its own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the faults of one kind."""

    name: str
    code: str
    injected: int
    found: int


def count_found(injected: Sequence[Injected], findings: Iterable[Finding]) -> int:
    """How many of the faults stand under their own code."""
    units: set[tuple[str, str]] = set()
    subjects: set[tuple[str, str, str]] = set()
    for finding in findings:
        units.add((finding.code, finding.unit_code))
        subjects.update((finding.code, finding.unit_code, place.subject) for place in finding.places)
    return sum(
        (item.code, item.unit, item.subject) in subjects if item.subject else (item.code, item.unit) in units
        for item in injected
    )


def false_alarms(
    injected: Sequence[Injected], touched: set[str], findings: Iterable[Finding]
) -> list[tuple[str, str, str]]:
    """(code, unit, subject) of everything found that no fault explains.

    A place is explained by a damaged record; a finding about a unit, and one that names days or months, by a
    fault in that unit's data as a whole.
    """
    subjects = {item.subject for item in injected} | touched
    whole_units = {item.unit for item in injected if not item.subject}
    alarms: list[tuple[str, str, str]] = []
    for finding in findings:
        if finding.unit_code in whole_units:
            continue
        places = [place.subject for place in finding.places] or [""]
        alarms += [
            (finding.code, finding.unit_code, subject) for subject in places if subject not in subjects
        ]
    return alarms
