"""One night from lock to result, for the command line and for the schedule."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

from pipelines.clock import Clock
from pipelines.cluster import joined
from pipelines.engine import configure_engine
from pipelines.interruption import stoppable
from pipelines.progress import Progress, no_progress
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.nightly import NightResult, require_inbox, send_alerts


def run_night(
    root: Path,
    inbox: Path | None,
    as_of: date,
    clock: Clock,
    progress: Progress = no_progress,
    wait_seconds: float = 0.0,
    scheduler: str | None = None,
) -> NightResult:
    """What the night did. Creates the workspace when it is not there yet.

    ``wait_seconds``: how long it waits for another run that holds the workspace. ``scheduler``: ``host:port`` of
    a Dask cluster whose workers read and draft; they see the workspace under the same path.

    Raises a UserError for configuration, lock, disk, cluster or rendering; never for the content of a file.
    """
    session = Session(root.resolve() if scheduler else root, clock)
    folder = inbox if inbox is not None else session.workspace.inbox
    folder = folder.resolve() if scheduler else folder
    session.workspace.create()
    require_inbox(folder)
    with session.workspace.lock(wait_seconds):
        configure_engine(session.workspace.engine)
        # Imported here: Prefect takes seconds, and no other command needs it.
        from pipelines.flows.nightly import nightly_flow, on_cluster, side_by_side

        parameters = {"as_of": as_of.isoformat(), "catalogue": session.catalogue.version}
        with (
            joined(scheduler, session.workspace) if scheduler else nullcontext(),
            start_run(session.workspace.runs, "nightly", clock, parameters) as run,
        ):
            runner = on_cluster(scheduler) if scheduler else side_by_side(session.settings.read_tasks)
            flow = nightly_flow.with_options(task_runner=runner)
            with stoppable(run, clock):
                result = flow(session, run, folder, as_of, progress, is_spread=scheduler is not None)
    send_alerts(session, run)
    return result
