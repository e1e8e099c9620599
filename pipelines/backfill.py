"""One backfill from lock to result, for the command line and for the server's form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.clock import Clock, today
from pipelines.interruption import stoppable
from pipelines.progress import Progress
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.snapshots import record_snapshot
from pipelines.steps.backfill import (
    COMMAND,
    Backfill,
    DraftChange,
    find_done,
    plan_backfill,
    preview,
    write_backfill,
)


@dataclass(frozen=True, slots=True)
class Done:
    """Drafts that were written, and drafts that were the same already."""

    written: int
    same: int


class OpenBackfill:
    """A backfill whose range was found sound; the workspace's lock is held as long as it is open."""

    def __init__(self, session: Session, plan: Backfill) -> None:
        self._session, self._plan = session, plan
        self._done = find_done(session.workspace.runs, plan, session.catalogue.version)

    def preview(self, progress: Progress) -> tuple[DraftChange, ...]:
        """What each draft would change; nothing is written."""
        return preview(self._session, self._plan, self._done, progress)

    def write(self, progress: Progress) -> Done:
        """Write what is not written yet, as a run of its own."""
        session, clock = self._session, self._session.clock
        parameters = {**self._plan.parameters, "catalogue": session.catalogue.version}
        with start_run(session.workspace.runs, COMMAND, clock, parameters) as run, stoppable(run, clock):
            return Done(*write_backfill(session, run, self._plan, self._done, progress))


@contextmanager
def open_backfill(
    root: Path,
    clock: Clock,
    first: str,
    last: str,
    units: Sequence[str] = (),
    as_of: date | None = None,
    known_at: datetime | None = None,
    wait_seconds: float = 0.0,
) -> Iterator[OpenBackfill]:
    """The backfill of a range. Raises a UserError for a range, a unit, a catalogue or a lock that will not do."""
    session = Session(root, clock)
    session.workspace.create()
    with session.workspace.lock(wait_seconds):
        if session.store.last_commit() is not None:
            # Before the instant is fixed: what was interrupted must find the same instant again.
            record_snapshot(session, clock.now())
        yield OpenBackfill(
            session, plan_backfill(session, first, last, units, as_of or today(clock), known_at)
        )
