"""The life of a finding: what became of it between two looks, since when it is open, how many were open each day.

One definition for everybody who speaks of it: the day's message, ``motcua check`` and the curves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from transforms.schema.tables import SEVERITIES

NEW, REOPENED, WORSE, BETTER, PERSISTING, EXPLAINED, FIXED = (
    "new", "reopened", "worse", "better", "persisting", "explained", "fixed",
)  # fmt: skip
LIFE_STATES = (NEW, REOPENED, WORSE, BETTER, PERSISTING, EXPLAINED, FIXED)
"""The first four are news that ask for work; then what stands as it stood, what asks for nothing, what is over."""


@dataclass(frozen=True, slots=True)
class FindingState:
    """An open finding as far as people are told about it."""

    finding_id: str
    code: str
    unit_code: str
    severity: str
    audience: str
    count: int
    is_explained: bool = False


def life_state(before: FindingState | None, after: FindingState | None) -> str:
    """What became of one finding between two looks; None stands for a finding that was not open then.

    An explained one is ``EXPLAINED`` whatever its number does; one whose explanation does not cover it any
    more is ``REOPENED``. A graver severity goes before the number of rows. ValueError for a finding that was
    open at neither look.
    """
    if after is None:
        if before is None:
            raise ValueError("a finding that was never open has no life")
        return FIXED
    if after.is_explained:
        return EXPLAINED
    if before is None:
        return NEW
    if before.is_explained:
        return REOPENED
    if before.severity != after.severity:
        return WORSE if SEVERITIES.index(after.severity) < SEVERITIES.index(before.severity) else BETTER
    if before.count == after.count:
        return PERSISTING
    return WORSE if after.count > before.count else BETTER


def life_states(before: Mapping[str, FindingState], after: Mapping[str, FindingState]) -> dict[str, str]:
    """Finding id → ``life_state``, of every finding that was open at one of the two looks, in the order of its id."""
    return {
        identity: life_state(before.get(identity), after.get(identity))
        for identity in sorted(before.keys() | after.keys())
    }


@dataclass(frozen=True, slots=True)
class FindingHistory:
    """How many rows of one unit were open under one rule at the end of each day, explained or not.

    ``counts`` run beside ``days``; every day from the first to the last is there, a day on which nothing was
    open as 0. A finding that is not about rows counts 1.
    """

    unit_code: str
    code: str
    days: tuple[date, ...]
    counts: tuple[int, ...]


def opened_on(changes: Iterable[Mapping[str, Any]], day_of: Callable[[datetime], date]) -> dict[str, date]:
    """Open finding → the day since when it is open without a break.

    ``changes``: lines of the findings table in the order in which they became known.
    """
    days: dict[str, date] = {}
    for row in changes:
        if row["state"] == "open":
            days.setdefault(row["finding_id"], day_of(row["known_from"]))
        else:
            days.pop(row["finding_id"], None)
    return days


def build_histories(
    changes: Iterable[Mapping[str, Any]], first: date, last: date, day_of: Callable[[datetime], date]
) -> tuple[FindingHistory, ...]:
    """One history per unit and rule that had anything open between the two days, by unit and code.

    ``changes``: lines of the findings table (``finding_id``, ``code``, ``unit_code``, ``state``, ``count``,
    ``known_from``) in the order in which they became known; those from before ``first`` say what was open then.
    """
    days = tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
    standing: dict[str, int] = {}
    moves: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(days))
    for row in changes:
        if (day := day_of(row["known_from"])) > last:
            break
        now = row["count"] if row["state"] == "open" else 0
        at = max(0, (day - first).days)
        moves[row["unit_code"] or "", row["code"]][at] += now - standing.get(row["finding_id"], 0)
        standing[row["finding_id"]] = now
    return tuple(
        FindingHistory(unit, code, days, counts)
        for (unit, code), moved in sorted(moves.items())
        if any(counts := tuple(accumulate(moved)))
    )
