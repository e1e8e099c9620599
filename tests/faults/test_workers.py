"""Two workers over one workspace, the server's database a real PostgreSQL: one dies in the night, the other does it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from pipelines.clock import SystemClock
from pipelines.session import Session
from tests.support.fault_cases import state_of
from tests.support.plain_night import AS_OF, SAMPLES, run_plain_night
from tests.support.postgres import running_postgres
from tests.support.served import ENDED, Server, children, served, working

NIGHT = "Chạy đêm"
UNITS = ("16180", "16186")
"""Whose exports all say when they were made: the hour at which a file came is no part of what they leave."""
PASSWORD = "mat-khau-thu"
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@dataclass(frozen=True)
class Struck:
    """What a night left whose worker was killed while it wrote to the store."""

    session: Session
    runs: list[dict[str, Any]]
    in_database: list[str]
    said: str


def wait_for_step(runs: Path, step: str) -> None:
    """Until the night is in that step or past it."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        for timings in runs.glob("*-nightly*/timings.json"):
            if step in {each["step"] for each in json.loads(timings.read_text(encoding="utf-8"))}:
                return
        time.sleep(0.02)
    raise AssertionError(f"the night never came to {step}")


def wait_for_two_nights(server: Server) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 400
    runs: list[dict[str, Any]] = []
    while time.monotonic() < deadline:
        runs = server.runs(NIGHT)
        if len(runs) == 2 and all(run["state"]["type"] in ENDED for run in runs):
            return runs
        time.sleep(1)
    raise AssertionError(f"{[run['state'] for run in runs]}\n{server.said.read_text(encoding='utf-8')}")


async def states_in(database: str) -> list[str]:
    """States of the nights as PostgreSQL itself has them."""
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT r.state_type::text FROM flow_run r JOIN deployment d ON d.id = r.deployment_id "
            "WHERE d.name = $1 AND r.state_type <> 'SCHEDULED' ORDER BY r.expected_start_time",
            NIGHT,
        )
    finally:
        await connection.close()
    return [row[0] for row in rows]


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Struck]:
    root = tmp_path_factory.mktemp("workers")
    for unit in UNITS:
        shutil.copytree(SAMPLES / "inbox" / unit, root / "inbox" / unit)
    places = ("--workspace", root / "ws", "--inbox", root / "inbox")
    with (
        running_postgres(PASSWORD) as database,
        served(
            root, "--pool", "xa", *places, environment={"PREFECT_API_DATABASE_CONNECTION_URL": database}
        ) as server,
        working(root, server, "may-1", "--pool", "xa") as first,
        working(root, server, "may-2", "--pool", "xa") as second,
    ):
        server.start(NIGHT, as_of=AS_OF.isoformat())
        wait_for_step(root / "ws" / "runs", "commit")
        busy = next(worker for worker in (first, second) if children(worker.pid))
        # As when its machine loses power: the worker and all that it started at once.
        for process in (*children(busy.pid), busy.pid):
            os.kill(process, signal.SIGKILL)
        runs = wait_for_two_nights(server)
        said = "".join(log.read_text(encoding="utf-8") for log in root.glob("*.log"))
        said += (root / "ws" / "engine" / "server.log").read_text(encoding="utf-8")
        yield Struck(Session(root / "ws", SystemClock()), runs, asyncio.run(states_in(database)), said)


def test_night_whose_worker_died_is_started_again_on_the_other_and_ends_well(struck: Struck) -> None:
    died, done = struck.runs
    assert (died["state"]["type"], done["state"]["type"]) == ("CRASHED", "COMPLETED")
    assert "dừng giữa chừng" in died["state"]["message"]
    assert died["infrastructure_pid"] != done["infrastructure_pid"]
    assert "đang chạy lại" in struck.said


def test_server_keeps_its_runs_in_postgresql_alone(struck: Struck) -> None:
    assert struck.in_database == ["CRASHED", "COMPLETED"]
    assert not (struck.session.workspace.engine / "prefect.db").exists()
    assert PASSWORD not in struck.said


def test_night_done_by_two_workers_leaves_what_one_undisturbed_process_leaves(
    struck: Struck, tmp_path: Path
) -> None:
    alone = Session(tmp_path / "alone", SystemClock())
    alone.workspace.create()
    run_plain_night(alone, struck.session.workspace.root.parent / "inbox")
    expected, found = state_of(alone), state_of(struck.session)
    assert {name for name in expected if expected[name] != found.get(name)} == set()
    assert set(expected) == set(found)
    assert any(name.startswith("draft 16186/") for name in expected)
