"""What one row of the table measured: contestants in turn, their medians, and ratios against targets."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from typing import Any

TURNS = 3
"""How often everybody runs; medians of an odd number are times that were really taken."""
_CHILDREN, _SELF = resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF


@dataclass(frozen=True, slots=True)
class Times:
    """Median seconds of one contestant on the clock and of the processor, its children included."""

    seconds: float
    cpu: float
    turns: int = 1


@dataclass(frozen=True, slots=True)
class Apart:
    """One contestant in a process of its own."""

    times: Times
    results: list[Any]
    """What each turn gave."""
    peak_gb: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that is held against a target; less is better in all of them."""

    name: str
    value: float
    unit: str = "×"
    """× of the other contestant, s, GB."""
    target: float | None = None
    """None where the number is only told."""

    @property
    def is_met(self) -> bool:
        """True where the target is kept, or there is none."""
        return self.target is None or self.value <= self.target


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table."""

    row: str
    work: str
    times: Mapping[str, Times]
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    scale: float = 1.0
    load: float = 0.0
    """Processes that were running or waiting besides, when the row began (one minute's mean)."""
    cores: int = field(default_factory=lambda: os.cpu_count() or 1)

    def as_json(self) -> dict[str, Any]:
        """The row as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Measured:
        """The row that ``as_json`` gave."""
        return cls(
            **{
                **content,
                "times": {name: Times(**times) for name, times in content["times"].items()},
                "figures": tuple(Figure(**figure) for figure in content["figures"]),
                "notes": tuple(content["notes"]),
            }
        )


def take_turns(contestants: Mapping[str, Callable[[], object]], turns: int = TURNS) -> dict[str, Times]:
    """Everybody once, then everybody again: what else the machine does falls on all of them alike."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(turns):
        for name, run in contestants.items():
            taken[name].append(time_of(run))
    return {name: _median(found) for name, found in taken.items()}


def take_turns_apart(contestants: Mapping[str, Callable[[], object]], turns: int = TURNS) -> dict[str, Apart]:
    """The same with a process for each contestant that lives through all turns: nobody works in another's memory.

    ``contestants``: functions of modules, or partials of them, for they are sent to the processes.
    """
    context = get_context("spawn")
    taken: dict[str, list[tuple[float, float, object, float]]] = {name: [] for name in contestants}
    pools = {name: context.Pool(1) for name in contestants}
    try:
        for _ in range(turns):
            for name, run in contestants.items():
                taken[name].append(pools[name].apply(_timed, (run,)))
    finally:
        for pool in pools.values():
            pool.terminate()
    return {
        name: Apart(
            _median([(seconds, cpu) for seconds, cpu, _, _ in found]),
            [result for _, _, result, _ in found],
            max(peak for *_, peak in found),
        )
        for name, found in taken.items()
    }


def _timed(run: Callable[[], object]) -> tuple[float, float, object, float]:
    results: list[object] = []
    seconds, cpu = time_of(lambda: results.append(run()))
    return seconds, cpu, results[0], resource.getrusage(_SELF).ru_maxrss / (1 << 20)


def time_of(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor that one call takes."""
    cpu, start = _cpu(), time.perf_counter()
    run()
    return time.perf_counter() - start, _cpu() - cpu


def peak_gb() -> float:
    """Most memory that this process held so far, its libraries included, or the largest of its children."""
    return max(resource.getrusage(who).ru_maxrss for who in (_SELF, _CHILDREN)) / (1 << 20)


def load() -> float:
    """One minute's mean of processes that run or wait."""
    return os.getloadavg()[0]


def _median(found: list[tuple[float, float]]) -> Times:
    seconds, cpu = (statistics.median(column) for column in zip(*found, strict=True))
    return Times(round(seconds, 4), round(cpu, 4), len(found))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (_SELF, _CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
