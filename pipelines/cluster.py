"""Machines of a Dask cluster that take the parts of a night: looked at before it begins, watched while it runs.

They see the workspace under the path that it has here, as the same user, and run the same version of the product.
Between machines travel small values and paths; rows lie in the run's spool.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import ClusterError, ConfigurationError, UserError
from pipelines.workspace import Workspace

if TYPE_CHECKING:
    from distributed import Client
    from prefect.futures import PrefectFuture
    from prefect.task_runners import TaskRunner

_CONNECT_SECONDS = 10
_LOOK_SECONDS = 2.0
_PATIENCE_SECONDS = 60.0
"""How long a night waits for a machine after the last one went: one that restarts is back by then."""


# Not a dataclass, and never sent: Prefect would look into it, and it holds a connection.
class Cluster:
    """A cluster that answers, and whose machines can do the work of a workspace."""

    def __init__(self, scheduler: str, client: Client) -> None:
        self.scheduler = scheduler
        self._client = client

    def runner(self) -> TaskRunner[Any]:
        """What gives Prefect's tasks to the machines."""
        from pipelines.cluster_runner import ClusterRunner

        return ClusterRunner(address=_address(self.scheduler))

    def ended(self, futures: Sequence[PrefectFuture[Any]]) -> Iterator[PrefectFuture[Any]]:
        """The tasks as they end, well or not. What a machine that dies had begun, another one does again.

        Raises ClusterError where no machine is left for longer than one takes to start again.
        """
        ended: queue.SimpleQueue[PrefectFuture[Any]] = queue.SimpleQueue()
        for future in futures:
            future.add_done_callback(ended.put)
        seen = time.monotonic()
        for _ in futures:
            while True:
                try:
                    yield ended.get(timeout=_LOOK_SECONDS)
                except queue.Empty:
                    seen = self._seen(seen)
                else:
                    break

    def results(self, futures: Sequence[PrefectFuture[Any]]) -> list[Any]:
        """What ended tasks gave, in their order. Raises ClusterError for one that the cluster lost."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            return [future.result() for future in futures]
        except KilledWorker as problem:
            raise ClusterError(
                f"Một phần việc làm chết nhiều máy liên tiếp của cụm Dask {self.scheduler}, thường vì thiếu bộ nhớ; hãy "
                "tăng bộ nhớ của các máy hoặc bỏ --runner rồi chạy lại, dữ liệu đã có không thay đổi."
            ) from problem
        except (CancelledError, CommClosedError) as problem:
            raise self.lost() from problem

    def _seen(self, before: float) -> float:
        """When a machine was there last; raises ClusterError when that is too long ago."""
        now = time.monotonic()
        if self.is_there():
            return now
        if now - before > _PATIENCE_SECONDS:
            raise self.lost()
        return before

    def is_there(self) -> bool:
        """True where the scheduler answers and has a machine."""
        try:
            return bool(self._client.ncores())
        except Exception:
            return False  # away, or just starting again

    def lost(self) -> ClusterError:
        """What is said of a cluster that went away amid a night."""
        return ClusterError(
            f"Cụm Dask {self.scheduler} mất giữa lượt chạy; hãy bật lại “dask scheduler” và “dask worker” rồi chạy lại, "
            "dữ liệu đã có không thay đổi."
        )


@contextmanager
def joined(scheduler: str, workspace: Workspace) -> Iterator[Cluster]:
    """The cluster whose scheduler is at ``host:port``, each of its machines asked whether it can work for the workspace.

    Raises ConfigurationError where the package is not installed, ClusterError where nobody answers, no machine is
    there, or one does not see the workspace or runs another version.
    """
    try:
        from distributed import Client
    except ImportError as problem:
        raise ConfigurationError(
            "Chưa cài phần chạy trên cụm Dask; hãy cài gói tùy chọn “dask” của phần mềm, hoặc bỏ --runner."
        ) from problem
    try:
        client = Client(_address(scheduler), timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise ClusterError(
            f"Không gặp được cụm Dask ở {scheduler}; hãy chạy “dask scheduler” ở đó, hoặc bỏ --runner để chạy trên máy này."
        ) from problem
    # A lost scheduler is told once, in Vietnamese; the traceback is in the run's log.
    logging.getLogger("distributed.client").addFilter(_is_grave)
    cluster = Cluster(scheduler, client)
    try:
        _check_machines(client, scheduler, workspace)
        yield cluster
    except UserError:
        raise
    except (Exception, asyncio.CancelledError) as problem:
        # A cluster that went away shows in many ways, most of them while Prefect tidies up behind the night.
        if cluster.is_there():
            raise
        raise cluster.lost() from problem
    finally:
        with suppress(Exception):
            client.close(timeout=_CONNECT_SECONDS)


def _check_machines(client: Client, scheduler: str, workspace: Workspace) -> None:
    if not client.ncores():
        raise ClusterError(
            f"Cụm Dask {scheduler} chưa có máy nào nhận việc; hãy chạy “dask worker {scheduler}” trên từng máy rồi chạy lại."
        )
    probe = workspace.engine / f".cum-{uuid.uuid4().hex}"
    probe.touch(mode=0o600)
    try:
        answers: Mapping[str, Any] = client.run(_look, str(probe), on_error="return")
    finally:
        probe.unlink(missing_ok=True)
    troubles = {
        machine: trouble for machine, answer in answers.items() if (trouble := _trouble(answer, workspace))
    }
    if troubles:
        machine, trouble = min(troubles.items())
        more = f" (và {len(troubles) - 1} máy khác)" if len(troubles) > 1 else ""
        raise ClusterError(f"Máy {machine}{more} của cụm Dask không làm được việc: {trouble}")


def _look(probe: str) -> tuple[str, bool]:
    """On a machine of the cluster: the product's version, and whether it sees that file and may write beside it."""
    return version("motcua"), os.access(probe, os.R_OK | os.W_OK) and os.access(Path(probe).parent, os.W_OK)


def _trouble(answer: Any, workspace: Workspace) -> str:
    if isinstance(answer, BaseException):
        return "chưa cài phần mềm này; hãy cài cùng phiên bản như trên máy này."
    theirs, sees = answer
    if theirs != version("motcua"):
        return f"dùng phiên bản {theirs}, máy này dùng {version('motcua')}; hãy cài cùng một phiên bản."
    if not sees:
        return f"không thấy hoặc không ghi được {workspace.root}; hãy gắn thư mục này ở cùng đường dẫn, cùng tài khoản."
    return ""


def _is_grave(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.CRITICAL


def _address(scheduler: str) -> str:
    """The scheduler's address; encrypted where the machine's Dask settings ask for it."""
    import dask.config

    is_encrypted = bool(dask.config.get("distributed.comm.require-encryption", default=False))
    return f"{'tls' if is_encrypted else 'tcp'}://{scheduler}"
