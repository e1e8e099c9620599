"""A ``motcua serve`` of its own with its page, and ``motcua worker`` processes beside it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("motcua")
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_START_SECONDS = _RUN_SECONDS = 180


@dataclass(frozen=True)
class Server:
    """A server that answers, and the file with what it says."""

    address: str
    said: Path

    def ask(self, path: str, patience: int = 30, **content: object) -> Any:
        """What the server's API answers to a POST."""
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            data=json.dumps(content).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            # A busy SQLite database is told as 503, after which Prefect's own client asks again.
            if refusal.code != 503 or not patience:
                raise
        time.sleep(1)
        return self.ask(path, patience - 1, **content)

    def deployment(self, name: str) -> dict[str, Any]:
        """What the server knows of that deployment."""
        return next(each for each in self.ask("deployments/filter") if each["name"] == name)

    def start(self, deployment: str, **parameters: object) -> None:
        """Ask for a run, as the form does."""
        self.ask(f"deployments/{self.deployment(deployment)['id']}/create_flow_run", parameters=parameters)

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """Its runs that are no longer only planned, in the order in which they were asked for."""
        found: list[dict[str, Any]] = self.ask(
            "flow_runs/filter", deployments={"name": {"any_": [deployment]}}, sort="EXPECTED_START_TIME_ASC"
        )
        return [run for run in found if run["state"]["type"] != "SCHEDULED"]

    def ended(self, deployment: str) -> dict[str, Any]:
        """Its newest run, once it has ended."""
        deadline = time.monotonic() + _RUN_SECONDS
        while time.monotonic() < deadline:
            if found := [run for run in self.runs(deployment) if run["state"]["type"] in ENDED]:
                return found[-1]
            time.sleep(1)
        raise AssertionError(f"{deployment} did not end")


@contextmanager
def served(root: Path, *arguments: str | Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """``motcua serve`` with these arguments until the block ends; what it says is in a file in ``root``."""
    port = _two_free_ports()
    said = root / "serve.log"
    with _started(said, "serve", "--port", str(port), *arguments, environment=environment) as process:
        _wait_for(said, "Trang theo dõi", process)
        yield Server(f"http://127.0.0.1:{port}", said)


@contextmanager
def working(root: Path, server: Server, name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A ``motcua worker`` of that name until the block ends."""
    said = root / f"{name}.log"
    command = ("worker", "--server", server.address, "--name", name, *arguments)
    with _started(said, *command, environment={}) as process:
        _wait_for(said, "đang chờ việc", process)
        yield process


def children(process: int) -> list[int]:
    """Processes that this one started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue  # ended meanwhile
        if int(parent) == process:
            found.append(int(stat.parent.name))
    return found


@contextmanager
def _started(
    said: Path, *arguments: str | Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with said.open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, *arguments], stdout=log, stderr=log, cwd=said.parent, env={**os.environ, **environment}
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_for(said: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while words not in (found := said.read_text(encoding="utf-8")):
        assert process.poll() is None, found
        assert time.monotonic() < deadline, found
        time.sleep(0.5)


def _two_free_ports() -> int:
    """A port that is free together with the one after it, where the reports are shown."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
