"""A real PostgreSQL server on the loopback, for tests marked ``postgres``; it lives in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER = "postgres"
"""The user that the system's package creates; the server refuses to run as root."""


def find_program(name: str) -> str | None:
    """Where a program of the newest installed PostgreSQL is; Debian keeps them off the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[-3])
    return str(installed[-1]) if installed else shutil.which(name)


@contextmanager
def running_postgres(password: str) -> Iterator[str]:
    """The address of an empty database with that password, as Prefect's server takes it; gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-postgres-"))
    data, secret = folder / "data", folder / "secret"
    secret.write_text(password, encoding="utf-8")
    if os.geteuid() == 0:
        owner = pwd.getpwnam(_OWNER)
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    port = _free_port()
    try:
        _as_owner(
            "initdb", "-D", data, "-U", "motcua", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _as_owner("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql+asyncpg://motcua:{password}@127.0.0.1:{port}/postgres"
        finally:
            _as_owner("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(program: str, *arguments: str | Path) -> None:
    found = find_program(program)
    assert found, program
    before = ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
    # Not through pipes: the server that is started would keep them open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [*before, found, *map(str, arguments)], stdout=said, stderr=said, cwd="/", check=False
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode(errors="replace")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
