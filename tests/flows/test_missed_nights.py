"""After a server was away: of the nights that were due one runs, and none where a night has ended well since."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.runner import Runner
from prefect.states import Scheduled
from prefect.testing.utilities import prefect_test_harness

from pipelines.clock import FixedClock
from pipelines.deployments import add_all, build_deployments, make_up
from pipelines.session import Session

NOW = datetime.now(UTC).replace(microsecond=0)
"""The server's own clock says which runs are late, so the test stands in the present."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def session(tmp_path: Path) -> Session:
    opened = Session(tmp_path / "ws", FixedClock(NOW))
    opened.workspace.create()
    return opened


def note_good_night(session: Session, ended: datetime) -> None:
    folder = session.workspace.runs / f"{ended:%Y%m%dT%H%M%S}-nightly"
    folder.mkdir()
    content = {"state": "success", "ended_at": ended.isoformat()}
    (folder / "index.json").write_text(json.dumps(content), encoding="utf-8")


async def return_after(session: Session, missed: int) -> tuple[bool, dict[StateType, int], int]:
    """Whether a night is made up; states of the missed ones; how many runs are marked as made up."""
    runner = Runner(name="thu", pause_on_shutdown=False)
    night = await add_all(runner, build_deployments(session))
    async with get_client() as client:
        late: list[UUID] = []
        for days in range(1, missed + 1):
            state = Scheduled(scheduled_time=NOW - timedelta(days=days))
            late.append((await client.create_flow_run_from_deployment(night, state=state)).id)
        is_made_up = await make_up(session, night)
        states: dict[StateType, int] = {}
        for run_id in late:
            kind = (await client.read_flow_run(run_id)).state_type
            assert kind is not None
            states[kind] = states.get(kind, 0) + 1
        made = [run for run in await client.read_flow_runs() if "bù" in run.tags]
        for run in made:
            await client.delete_flow_run(run.id)
    return is_made_up, states, len(made)


def test_three_missed_nights_are_cancelled_and_one_is_made_up(session: Session) -> None:
    note_good_night(session, NOW - timedelta(days=4))
    assert asyncio.run(return_after(session, 3)) == (True, {StateType.CANCELLED: 3}, 1)


def test_restart_after_a_good_night_runs_nothing(session: Session) -> None:
    note_good_night(session, NOW)
    assert asyncio.run(return_after(session, 1)) == (False, {StateType.CANCELLED: 1}, 0)


def test_workspace_without_any_night_waits_for_its_first(session: Session) -> None:
    assert asyncio.run(return_after(session, 0)) == (False, {}, 0)
