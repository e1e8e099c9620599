"""Machines of a Dask cluster that take the parts of a night: looked at before it begins, watched while it runs.

They see the workspace under the path that it has here, as the same user, and run the same version of the product.
Between machines travel small values and paths; rows lie in the run's spool.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.errors import ClusterError, ConfigurationError, UserError
from pipelines.workspace import Workspace

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
_CONNECT_SECONDS = 10
_LOOK_SECONDS = 2.0
_PATIENCE_SECONDS = 60.0
"""How long a night waits for a machine after the last one went: one that restarts is back by then."""


class Cluster:
    """A cluster that answers: what a part of a night asks of it."""

    def __init__(self, scheduler: str, client: Client) -> None:
        self.scheduler = scheduler
        self._client = client

    def does(self, work: Callable[..., T], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> T:
        """What a machine of the cluster gave. What one that dies had begun, another one does again.

        Raises what the work raises, and ClusterError where no machine is left for longer than one takes to start
        again, or where the work takes one machine after the other with it.
        """
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        future = self._client.submit(work, *arguments, pure=False, **named)
        seen = time.monotonic()
        try:
            while True:
                try:
                    done: T = future.result(timeout=_LOOK_SECONDS)
                except TimeoutError:
                    if future.done():
                        raise  # the work's own
                    seen = self._seen(seen)
                else:
                    return done
        except KilledWorker as problem:
            raise ClusterError(
                f"Một phần việc làm chết nhiều máy liên tiếp của cụm Dask {self.scheduler}, thường vì thiếu bộ nhớ; hãy "
                "tăng bộ nhớ của các máy hoặc bỏ --runner rồi chạy lại, dữ liệu đã có không thay đổi."
            ) from problem
        except (CancelledError, CommClosedError) as problem:
            raise self.lost() from problem

    def threads(self) -> int:
        """Pieces of work that the cluster's machines do at the same time."""
        return sum(self._client.ncores().values())

    def is_there(self) -> bool:
        """True where the scheduler answers and has a machine."""
        try:
            return self.threads() > 0
        except Exception:
            return False  # away, or just starting again

    def lost(self) -> ClusterError:
        """What is said of a cluster that went away amid a night."""
        return ClusterError(
            f"Cụm Dask {self.scheduler} mất giữa lượt chạy; hãy bật lại “dask scheduler” và “dask worker” rồi chạy lại, "
            "dữ liệu đã có không thay đổi."
        )

    def _seen(self, before: float) -> float:
        """When a machine was there last; raises ClusterError when that is too long ago."""
        now = time.monotonic()
        if self.is_there():
            return now
        if now - before > _PATIENCE_SECONDS:
            raise self.lost()
        return before


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
        client = Client(address_of(scheduler), timeout=_CONNECT_SECONDS, set_as_default=False)
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


def address_of(scheduler: str) -> str:
    """The scheduler's address; encrypted where the machine's Dask settings ask for it."""
    import dask.config

    is_encrypted = bool(dask.config.get("distributed.comm.require-encryption", default=False))
    return f"{'tls' if is_encrypted else 'tcp'}://{scheduler}"
