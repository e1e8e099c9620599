"""Prefect's tasks on the machines of a Dask cluster. A module of its own: only who has the package can import it."""

from __future__ import annotations

from typing import Any

from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_DATABASE_CONNECTION_URL, temporary_settings
from prefect_dask.task_runners import DaskTaskRunner

_IN_MEMORY = "sqlite+aiosqlite:///:memory:"


class ClusterRunner(DaskTaskRunner):
    """Gives tasks to a cluster without letting its machines share the embedded engine's database.

    Where the administrator runs a server (``PREFECT_API_URL``) all machines report to it. Otherwise every process
    starts an engine of its own; with this machine's settings they would all open one SQLite file over the network.
    """

    def submit(self, *arguments: Any, **named: Any) -> Any:
        """The future of a task that a machine of the cluster does."""
        if PREFECT_API_URL.value():
            return super().submit(*arguments, **named)
        with temporary_settings(updates={PREFECT_SERVER_DATABASE_CONNECTION_URL: _IN_MEMORY}):
            return super().submit(*arguments, **named)
