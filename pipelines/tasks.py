"""Prefect tasks: each body is one call of a plain function.

Retries are for input and output only: reading the same broken file twice would not mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from pipelines.errors import StoreUnreachableError
from pipelines.handing import HandedOver, taken
from pipelines.runs import Run, keep_log_here
from pipelines.session import Session
from pipelines.steps.data_docs import write_data_docs
from pipelines.steps.draft import CountedNight, UnitDrafts, count_night, draft_unit
from pipelines.steps.model import DeliveryOutcome, ReadDelivery
from pipelines.steps.nightly import check_everything, commit_reads, read_planned
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.outbox import OutboxResult, write_outbox
from pipelines.steps.pages import write_pages
from pipelines.steps.plan import PlannedFile, ReadingPlan
from transforms.catalogue.model import Unit


def is_io_failure(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """True when a task failed on disk, network or store, which another try may mend."""
    try:
        state.result()
    except (OSError, StoreUnreachableError):
        return True
    except Exception:
        return False
    return False


_IO: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": 2,
    "retry_condition_fn": is_io_failure,
    "cache_policy": NO_CACHE,
}


@task(name="đọc tệp", task_run_name="đọc {label}", **_IO)
def read_task(
    session: Session | HandedOver[Session], run: Run, planned: PlannedFile, label: str
) -> ReadDelivery:
    """One file."""
    if isinstance(session, HandedOver):
        keep_log_here(run)
    return read_planned(taken(session), run, planned)


@task(name="ghi kho", **_IO)
def commit_task(
    session: Session, plan: ReadingPlan, reads: Sequence[ReadDelivery]
) -> tuple[DeliveryOutcome, ...]:
    """The night's only writer of records."""
    return commit_reads(session, plan, reads)


@task(name="kiểm tra dữ liệu", **_IO)
def check_task(
    session: Session,
    plan: ReadingPlan,
    outcomes: Sequence[DeliveryOutcome],
    counted: CountedNight,
    run: Run,
    as_of: date,
) -> tuple[OpenFinding, ...]:
    """Rules over everything that counts now."""
    return check_everything(session, plan.findings, outcomes, counted, run, as_of)


@task(name="đếm các kỳ", **_IO)
def count_task(session: Session, as_of: date) -> CountedNight:
    """Every period of the night, once for all units."""
    return count_night(session, as_of)


@task(name="viết dự thảo", task_run_name="dự thảo {label}", **_IO)
def draft_task(
    session: Session | HandedOver[Session],
    run: Run,
    counted: CountedNight | HandedOver[CountedNight],
    findings: Sequence[OpenFinding] | HandedOver[Sequence[OpenFinding]],
    node: Unit,
    label: str,
) -> UnitDrafts:
    """The drafts of one unit."""
    if isinstance(session, HandedOver):
        keep_log_here(run)
    return draft_unit(taken(session), taken(counted), taken(findings), node)


@task(name="viết tệp trả lại", **_IO)
def outbox_task(session: Session, inbox: Path, as_of: date) -> OutboxResult:
    """Their own files back, for every delivery with something to mend."""
    return write_outbox(session, inbox, as_of)


@task(name="dựng trang của đêm", **_IO)
def pages_task(session: Session, counted: CountedNight, findings: Sequence[OpenFinding], as_of: date) -> int:
    """The district's page and one a unit."""
    return write_pages(session, counted, findings, as_of)


@task(name="dựng trang kết quả kiểm tra", **_IO)
def data_docs_task(session: Session, run: Run) -> int:
    """The pages of the night's checkpoints."""
    return write_data_docs(session, run)
