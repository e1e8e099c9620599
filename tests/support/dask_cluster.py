"""A Dask cluster of real processes on the loopback: one scheduler, and as many workers as a test starts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

_PROGRAM = Path(sys.executable).with_name("dask")
_START_SECONDS = 180


@dataclass
class LocalCluster:
    """A scheduler that answers, and the processes of its workers."""

    scheduler: str
    process: subprocess.Popen[bytes]
    """The scheduler's own."""
    root: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """One more worker of a single thread. Without a nanny: one that is killed stays dead."""
        number = len(self.workers) + 1
        worker = _started(
            self.root / f"worker-{number}.log",
            *("worker", f"tcp://{self.scheduler}", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"),
            *("--no-dashboard", "--local-directory", str(self.root / f"worker-{number}")),
        )
        self.workers.append(worker)
        return worker

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A connection of the test's own."""
        with Client(f"tcp://{self.scheduler}", timeout=30, set_as_default=False) as client:
            yield client


@contextmanager
def running_cluster(root: Path, workers: int) -> Iterator[LocalCluster]:
    """The cluster with that many workers, until the block ends."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    arguments = ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    scheduler = _started(root / "scheduler.log", *arguments)
    cluster = LocalCluster(f"127.0.0.1:{port}", scheduler, root)
    try:
        _wait_for_port(port, scheduler)
        for _ in range(workers):
            cluster.start_worker()
        if workers:
            with cluster.client() as client:
                client.wait_for_workers(workers, timeout=_START_SECONDS)
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.terminate()
        for process in (*cluster.workers, scheduler):
            process.wait(60)


def _started(said: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with said.open("wb") as log:
        return subprocess.Popen([_PROGRAM, *arguments], stdout=log, stderr=log, cwd=said.parent)


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        else:
            return
