"""What became of each finding since the last run, since when it is open, and the curves of what was open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from expectations.life import FindingHistory, build_histories, life_states, opened_on
from pipelines.clock import VIETNAM
from pipelines.session import Session
from pipelines.steps.open_findings import OpenFinding, open_findings
from pipelines.store import Store
from transforms.schema.tables import FINDING

HISTORY_DAYS = 90
_CHECKING_RUNS = ("nightly", "ingest")
"""Commands that record findings."""
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class FindingLife:
    """One finding with its state of life (``expectations.life``); ``since`` is None for a fixed one."""

    finding: OpenFinding
    state: str
    since: date | None


def read_lives(session: Session, day: date) -> tuple[FindingLife, ...]:
    """Every finding open now, as ``open_findings`` orders them, then those that the last run fixed.

    Compared with how things stood when that run began, on the day before it. Before the first run nothing was
    open.
    """
    store = session.store
    began = find_last_check(session.workspace.runs)
    now = {finding.finding_id: finding for finding in open_findings(store, day=day)}
    before: dict[str, OpenFinding] = {}
    if began is not None:
        yesterday = began.astimezone(VIETNAM).date() - timedelta(days=1)
        then = open_findings(store, day=min(yesterday, day), known_at=began - _TICK)
        before = {finding.finding_id: finding for finding in then}
    states = life_states(
        {identity: finding.state() for identity, finding in before.items()},
        {identity: finding.state() for identity, finding in now.items()},
    )
    since = read_opened_on(store)
    return tuple(
        FindingLife(finding, states[identity], since.get(identity))
        for identity, finding in {**now, **{k: f for k, f in before.items() if k not in now}}.items()
    )


def read_opened_on(store: Store) -> dict[str, date]:
    """Open finding → the day in Vietnam since when it is open without a break."""
    return opened_on(_changes(store, ["finding_id", "state", "known_from"]), _day)


def read_histories(
    store: Store, last: date, days: int = HISTORY_DAYS, known_at: datetime | None = None
) -> tuple[FindingHistory, ...]:
    """Open rows per unit and rule at the end of each of so many days up to ``last``, for plotting.

    Only units and rules that had something open then. Days are those on which the store came to know of a
    change (Vietnam), not the working days of runs.
    """
    names = ["finding_id", "code", "unit_code", "state", "count", "known_from"]
    first = last - timedelta(days=days - 1)
    return build_histories(_changes(store, names, known_at), first, last, _day)


def find_last_check(runs: Path) -> datetime | None:
    """When the last run that recorded findings began; None where there was none that ended well."""
    began: list[datetime] = []
    for command in _CHECKING_RUNS:
        for index in runs.glob(f"*-{command}*/index.json"):
            try:
                content = json.loads(index.read_text(encoding="utf-8"))
                if content.get("state") == "success":
                    began.append(datetime.fromisoformat(content["started_at"]))
            except (OSError, ValueError, KeyError, AttributeError):
                continue
    return max(began, default=None)


def _changes(store: Store, names: list[str], known_at: datetime | None = None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = store.read(FINDING, known_at, names).sort_by("known_from").to_pylist()
    return rows


def _day(instant: datetime) -> date:
    return instant.astimezone(VIETNAM).date()
