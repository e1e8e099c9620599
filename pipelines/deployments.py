"""What the server offers: the nightly schedule and the forms, and the one night to make up after it was away."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.flows import Flow
from prefect.runner import Runner
from prefect.states import Cancelled, Scheduled
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.callables import ParameterSchema
from prefect.workers.process import ProcessWorker

from pipelines.flows.on_request import (
    INBOX,
    WORKSPACE,
    backfill_range,
    check_data,
    rerun_report,
    scheduled_night,
)
from pipelines.forms import Field, backfill_form, check_form, night_form, report_form, schema_of
from pipelines.notify.heartbeat import find_last_good_night
from pipelines.pages import ADDRESS
from pipelines.schedules import last_due, nightly_schedule
from pipelines.session import Session

NIGHT = "Chạy đêm"
_CHUNK = 200


def build_deployments(session: Session, pool: str | None = None) -> tuple[RunnerDeployment, ...]:
    """The night with its schedule, and the forms; their drop-downs as the store and the catalogue are now.

    ``pool``: the work pool whose workers run them, each run in the workspace of this process; None for this
    process itself.
    """
    place = _place(pool)
    night = _with_form(
        RunnerDeployment.from_flow(
            scheduled_night,
            NIGHT,
            schedule=nightly_schedule(session.settings.night_at),
            description="Đọc mọi tệp mới, kiểm tra, tổng hợp và viết dự thảo cho mọi đơn vị. Tự chạy theo lịch.",
            tags=["đêm"],
            concurrency_limit=1,
            **place,
        ),
        night_form(),
    )
    asked: tuple[tuple[Flow[Any, Any], str, str, Sequence[Field]], ...] = (
        (
            rerun_report,
            "Chạy lại kỳ báo cáo",
            "Viết lại báo cáo của một đơn vị, một kỳ từ dữ liệu đã có; dự thảo và bản đã công bố không thay đổi.",
            report_form(session),
        ),
        (check_data, "Kiểm tra dữ liệu", "Liệt kê các phát hiện đang mở.", check_form(session)),
        (
            backfill_range,
            "Nạp lại khoảng thời gian",
            "Viết lại dự thảo của nhiều kỳ đã qua theo thứ tự; xem trước rồi mới ghi.",
            backfill_form(session),
        ),
    )
    return night, *(
        _with_form(
            RunnerDeployment.from_flow(flow, name, description=words, tags=["theo yêu cầu"], **place), fields
        )
        for flow, name, words, fields in asked
    )


def _place(pool: str | None) -> dict[str, Any]:
    """Where runs happen. Workers have the product installed and the workspace under the same path; what else they
    need, such as passwords, is in their own environment, never in a deployment."""
    if pool is None:
        return {}
    told = {name: os.environ[name] for name in (WORKSPACE, INBOX, ADDRESS) if name in os.environ}
    return {
        "work_pool_name": pool,
        "job_variables": {"env": told, "working_dir": told[WORKSPACE]},
        "entrypoint_type": EntrypointType.MODULE_PATH,
    }


def _with_form(deployment: RunnerDeployment, fields: Sequence[Field]) -> RunnerDeployment:
    # The schema that Prefect reads from the signature knows neither the drop-downs nor Vietnamese.
    deployment._parameter_openapi_schema = ParameterSchema(**schema_of(fields))
    return deployment


async def add_all(runner: Runner, deployments: Sequence[RunnerDeployment]) -> UUID:
    """Offer the deployments; the id of the night's."""
    ids = {deployment.name: await runner.aadd_deployment(deployment) for deployment in deployments}
    return ids[NIGHT]


async def offer_to_pool(pool: str, deployments: Sequence[RunnerDeployment]) -> UUID:
    """Offer the deployments to the workers of a pool, which is made where there is none; the id of the night's."""
    async with get_client() as client:
        try:
            template = ProcessWorker.get_default_base_job_template()
            await client.create_work_pool(
                WorkPoolCreate(name=pool, type=ProcessWorker.type, base_job_template=template)
            )
        except ObjectAlreadyExists:
            pass  # of an earlier start, with what an administrator set there
    ids = {deployment.name: await deployment.aapply() for deployment in deployments}
    return ids[NIGHT]


async def make_up(session: Session, night: UUID) -> bool:
    """True when a night is started because the newest one that was due did not end well.

    Runs that were due while the server was away are cancelled: of many missed nights one reads everything. A
    workspace that never had a good night waits for its first. Where one is under way on a worker, or is said to
    be, it is left to ``supervision``.
    """
    now = session.clock.now()
    last = find_last_good_night(session.workspace.runs)
    async with get_client() as client:
        await _cancel_late(client, night, now)
        if last is None or last >= last_due(session.settings.night_at, now):
            return False
        if await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[night]),
                state=FlowRunFilterState(
                    type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])
                ),
            ),
            limit=1,
        ):
            return False
        await client.create_flow_run_from_deployment(night, state=Scheduled(), tags=["đêm", "bù"])
    return True


async def _cancel_late(client: PrefectClient, night: UUID, now: datetime) -> None:
    while True:
        found = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[night]),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            ),
            limit=_CHUNK,
        )
        late = [run for run in found if run.expected_start_time and run.expected_start_time <= now]
        for run in late:
            await client.set_flow_run_state(
                run.id, Cancelled(message="Máy chủ không chạy lúc đó; lượt mới nhất làm thay."), force=True
            )
        if len(late) < _CHUNK:
            return
