"""A Prefect server of our own for the time of ``motcua serve``: the embedded one runs no schedules."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.engine import SERVER_LOGGING
from pipelines.errors import ConfigurationError

LOOPBACK = "127.0.0.1"
"""The page is for this machine only, unless told otherwise."""
PASSWORD = "MOTCUA_AUTH"
"""Environment variable with "user:password" for pages that other machines see."""
_DATABASE = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
_START_SECONDS = 120


@contextmanager
def running_server(home: Path, port: int, host: str = LOOPBACK, password: str | None = None) -> Iterator[str]:
    """The address of a server's API, its database in ``home``; stopped when the block ends.

    ``password``: "user:password" that its page and its API ask for. Sets PREFECT_API_URL for this process and
    its children. Raises ConfigurationError when the port is
    taken, the machine has no such address or the server does not answer in time.
    """
    address = f"http://{LOOPBACK}:{port}/api"
    require_free(host, port)
    # A real server records task runs itself; only the embedded one must not.
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "true",
        # A night that a worker runs goes on while the server is started anew: in memory its slot would be forgotten.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    }
    for name in ("PREFECT_API_URL", *SERVER_LOGGING):
        environment.pop(name, None)
    if password is not None:
        environment["PREFECT_SERVER_API_AUTH_STRING"] = password
        os.environ["PREFECT_API_AUTH_STRING"] = password
    # The page calls the API where the browser finds it, not where this machine does.
    environment.setdefault("PREFECT_UI_API_URL", "/api")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    for name in _DATABASE:
        os.environ.pop(name, None)  # its password is the server's own; runs need none
    try:
        _wait(server, address, home)
        os.environ["PREFECT_API_URL"] = address
        yield address
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(server: subprocess.Popen[bytes], address: str, home: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if is_answering(address):
            return
        time.sleep(0.5)
    raise ConfigurationError(f"Máy chủ lịch chạy không khởi động được; hãy xem {home / 'server.log'}.")


def require_free(host: str, port: int) -> None:
    """ConfigurationError where nothing can be opened under that address: it is taken, or not this machine's."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As servers do: a connection of a server that has just ended does not keep the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"Cổng {port} đã có chương trình khác dùng, có thể là một “motcua serve” đang chạy; "
                "hãy dừng chương trình đó hoặc chọn cổng khác bằng --port."
            ) from problem
        raise ConfigurationError(
            f"Máy này không mở được địa chỉ {host} cổng {port}; hãy kiểm tra --host và --port "
            f"({LOOPBACK}: chỉ máy này, 0.0.0.0: mọi địa chỉ của máy)."
        ) from problem


def is_answering(address: str) -> bool:
    """True when a server answers under that address of an API."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
