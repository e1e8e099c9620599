"""Runs every kind of fault and counts: what was found under its own code, and what was found without a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.mutation.district import check_district, clean_district
from tests.mutation.exports import EXPORT_FAULTS, CellFault, read_damaged
from tests.mutation.model import Canvas, FaultKind, Injected, Outcome, count_found, false_alarms
from tests.mutation.records import RECORD_FAULTS
from tests.mutation.wholes import WHOLE_FAULTS

SEED = 20210905
_TOGETHER = 16
"""Kinds of faults in single records that share a run; each record is damaged once."""


@dataclass(frozen=True, slots=True)
class Result:
    """Outcomes by kind; ``alarms``: findings that no fault explains; ``rows``: rows looked at in all runs."""

    outcomes: tuple[Outcome, ...]
    alarms: tuple[tuple[str, str, str], ...]
    rows: int

    @property
    def injected(self) -> int:
        """Faults put in."""
        return sum(outcome.injected for outcome in self.outcomes)

    @property
    def found(self) -> int:
        """Faults found under their own code."""
        return sum(outcome.found for outcome in self.outcomes)


def run_suite() -> Result:
    """All faults; the same result at every call."""
    outcomes: list[Outcome] = []
    alarms: list[tuple[str, str, str]] = []
    rows = 0
    for group in _groups():
        found, unexplained, count = _run(group)
        outcomes += found
        alarms += unexplained
        rows += count
    for fault in EXPORT_FAULTS:
        outcome, unexplained, count = _run_export(fault)
        outcomes.append(outcome)
        alarms += unexplained
        rows += count
    return Result(tuple(outcomes), tuple(alarms), rows)


def _groups() -> Iterator[Sequence[FaultKind]]:
    shared = [kind for kind in RECORD_FAULTS if not kind.is_alone]
    for start in range(0, len(shared), _TOGETHER):
        yield shared[start : start + _TOGETHER]
    for kind in (*RECORD_FAULTS, *WHOLE_FAULTS):
        if kind.is_alone:
            yield (kind,)


def _run(kinds: Sequence[FaultKind]) -> tuple[list[Outcome], list[tuple[str, str, str]], int]:
    canvas = Canvas(clean_district().copy(), random.Random(f"{SEED} {kinds[0].name}"))
    injected: dict[str, list[Injected]] = {kind.name: kind.inject(canvas) for kind in kinds}
    if len(kinds) > 1:
        # A dossier with another day is counted elsewhere, and a summary would rightly say so of its unit.
        canvas.district.summaries.clear()
    findings = check_district(canvas.district)
    outcomes = [
        Outcome(kind.name, kind.code, len(injected[kind.name]), count_found(injected[kind.name], findings))
        for kind in kinds
    ]
    everything = [item for items in injected.values() for item in items]
    return outcomes, false_alarms(everything, canvas.touched, findings), canvas.district.row_count


def _run_export(fault: CellFault) -> tuple[Outcome, list[tuple[str, str, str]], int]:
    findings, damaged, rows = read_damaged(fault, fault.source)
    named = {place.row for finding in findings if finding.code == fault.code for place in finding.places}
    pairs = [{row, row - 1} for row in damaged if row - 1 in damaged]
    alarms = [
        (finding.code, finding.unit_code, str(place.row))
        for finding in findings
        for place in finding.places
        if place.row not in damaged
    ]
    found = sum(bool(pair & named) for pair in pairs)
    return Outcome(fault.name, fault.code, len(pairs), found), alarms, rows
