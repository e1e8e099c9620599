"""Nights whose process died: said to be crashed, and started again on whichever worker is there.

A night holds the workspace's lock as long as it lives, and the operating system frees that lock with the process,
also on another machine. A night that the server believes to be running while nobody holds the lock is therefore
dead. Started too often by mistake it does no harm: a second night over the same files changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Crashed, Scheduled

from pipelines.errors import ConfigurationError
from pipelines.notify.heartbeat import find_last_good_night
from pipelines.session import Session

log = logging.getLogger("motcua.supervision")

AGAIN = "chạy-lại"
"""Tag of nights that were started in place of one that died."""
_DIED = "Tiến trình chạy đêm đã dừng giữa chừng; dữ liệu đã ghi vẫn nguyên vẹn."
_LOOK_SECONDS = 15.0
_MOST_FAILURES = 8
_MOST_AGAIN = 2
"""A night that takes its worker down with it would do so again and again."""
_AGAIN_WITHIN = timedelta(hours=12)
_GRACE = {StateType.RUNNING: timedelta(seconds=60), StateType.PENDING: timedelta(minutes=5)}
"""How long a night may be in that state before it takes the lock: a loaded machine is slow to start."""
_ENDED = [StateType.CRASHED, StateType.COMPLETED, StateType.FAILED, StateType.CANCELLED]


@dataclass(slots=True)
class NightWatch:
    """What is known about the nights of one workspace between two looks."""

    session: Session
    night: UUID
    """The deployment of the nights."""
    _suspected: set[UUID] = field(default_factory=set)

    async def look(self) -> bool:
        """True when a night was started in place of one that died."""
        now = self.session.clock.now()
        async with get_client() as client:
            active = await self._runs(client, list(_GRACE))
            dead = [run for run in active if self._seems_dead(run, now)]
            confirmed = [run for run in dead if run.id in self._suspected]
            self._suspected = {run.id for run in dead}
            for run in confirmed:
                await self._say_crashed(client, run)
            if len(confirmed) < len(active):
                return False  # one is under way
            ended = confirmed[0] if confirmed else next(iter(await self._runs(client, _ENDED)), None)
            if ended is None or not await self._is_wanted_again(client, ended, now):
                return False
            await client.create_flow_run_from_deployment(
                self.night, parameters=ended.parameters, state=Scheduled(), tags=["đêm", AGAIN]
            )
        return True

    async def _say_crashed(self, client: PrefectClient, run: FlowRun) -> None:
        """The night and the flows within it, which died with it."""
        within = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run.id]),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(_GRACE))),
            )
        )
        for each in (*within, run):
            await client.set_flow_run_state(each.id, Crashed(message=_DIED), force=True)

    def _seems_dead(self, run: FlowRun, now: datetime) -> bool:
        if run.state is None or now - run.state.timestamp < _GRACE[run.state.type]:
            return False
        return not self.session.workspace.is_held() and not self._ended_well_since(run)

    def _ended_well_since(self, run: FlowRun) -> bool:
        last = find_last_good_night(self.session.workspace.runs)
        return last is not None and run.start_time is not None and last >= run.start_time

    async def _is_wanted_again(self, client: PrefectClient, run: FlowRun, now: datetime) -> bool:
        """Whether nothing has made up for a night that died."""
        is_dead = run.id in self._suspected or (run.state is not None and run.state.type is StateType.CRASHED)
        if not is_dead or self._ended_well_since(run):
            return False
        begun = run.start_time or run.expected_start_time
        if begun is None or now - begun > _AGAIN_WITHIN:
            return False
        again = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[self.night]),
                tags=FlowRunFilterTags(all_=[AGAIN]),
                expected_start_time=FlowRunFilterExpectedStartTime.model_validate(
                    {"after_": now - _AGAIN_WITHIN}
                ),
            )
        )
        return len(again) < _MOST_AGAIN

    async def _runs(self, client: PrefectClient, states: Sequence[StateType]) -> list[FlowRun]:
        """Nights in one of these states, the newest first."""
        return await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[self.night]),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))),
            ),
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=20,
        )


async def look_after(watch: NightWatch, tell: Callable[[], object]) -> None:
    """Look again and again; ``tell`` is called whenever a night was started again.

    Raises ConfigurationError once the server does not answer any more, so that the service is started anew.
    """
    failures = 0
    while failures < _MOST_FAILURES:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            if await watch.look():
                tell()
            failures = 0
        except Exception as problem:  # the server is busy or away; only its staying away matters
            failures += 1
            log.warning("nights not looked after: %s", type(problem).__name__)
    raise ConfigurationError(
        "Máy chủ lịch chạy không trả lời nữa; hãy khởi động lại “motcua serve” và xem engine/server.log."
    )
