"""Prefect's tasks whose work the machines of a Dask cluster do. A module of its own: only who has the package imports it.

The runner of prefect-dask sends a task with Prefect's engine around it. Every worker process then starts a server of its
own, on the settings of this machine: half a minute, one SQLite file open on several machines, and a server that is left
behind where a worker is killed. Here the engine stays with the night, and only the work travels.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task
from prefect_dask.task_runners import DaskTaskRunner

from pipelines.cluster import Cluster, address_of

_IN_HAND = 2
"""Tasks given out at once for each that the cluster does at a time, so that no machine waits for the next."""


class ClusterRunner(DaskTaskRunner):
    """Connected by prefect-dask; each task waits in a thread of this process for the machine that does its work."""

    def __init__(self, scheduler: str) -> None:
        super().__init__(address=address_of(scheduler))
        self._scheduler = scheduler
        self._threads: ThreadPoolTaskRunner[Any] | None = None
        self._there: Cluster | None = None

    def duplicate(self) -> ClusterRunner:
        """One like this for a flow that begins."""
        return ClusterRunner(self._scheduler)

    def __enter__(self) -> ClusterRunner:
        """Connect, and have a thread for each task that is given out."""
        super().__enter__()  # type: ignore[no-untyped-call]
        self._there = Cluster(self._scheduler, self.client)
        threads = ThreadPoolTaskRunner[Any](max_workers=_IN_HAND * self._there.threads())
        self._threads = self._exit_stack.enter_context(threads)
        return self

    def submit(self, task: Task[Any, Any], *arguments: Any, **named: Any) -> Any:
        """The future of a task that a machine of the cluster does."""
        assert self._threads is not None
        return self._threads.submit(self._elsewhere(task), *arguments, **named)

    def _elsewhere(self, task: Task[Any, Any]) -> Task[Any, Any]:
        work, there = task.fn, self._there
        assert there is not None

        @wraps(work)
        def does(*arguments: Any, **named: Any) -> Any:
            return there.does(work, arguments, named)

        sent = task.with_options()
        sent.fn = does
        return sent
