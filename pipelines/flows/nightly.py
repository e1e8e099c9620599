"""The nightly flow: files are read side by side, one task writes, units are drafted side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipelines.handing import HandedOver, hand_over
from pipelines.progress import Progress
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.steps.draft import nodes_to_draft
from pipelines.steps.nightly import NightResult, finish, plan_folder
from pipelines.steps.open_findings import OpenFinding, is_about_report
from pipelines.steps.same_night import find_standing, remember_night, take_over
from pipelines.tasks import (
    check_task,
    commit_task,
    count_task,
    data_docs_task,
    draft_task,
    outbox_task,
    pages_task,
    read_task,
)
from pipelines.writers import free_writer, writer_tag

T = TypeVar("T")


def side_by_side(count: int) -> TaskRunner[Any]:
    """A runner that keeps that many tasks going at once, in threads of this process."""
    return ThreadPoolTaskRunner(max_workers=count)


def on_cluster(scheduler: str) -> TaskRunner[Any]:
    """A runner whose tasks the machines of a Dask cluster do, its scheduler at ``host:port``; see ``joined``."""
    from pipelines.cluster_runner import ClusterRunner

    runner: TaskRunner[Any] = ClusterRunner(scheduler)
    return runner


@flow(name="chay-dem", validate_parameters=False)
def nightly_flow(
    session: Session, run: Run, inbox: Path, as_of: date, progress: Progress, is_spread: bool = False
) -> NightResult:
    """Ingest, check, count and draft for one working day; what the last night wrote stands where nothing has changed.

    The caller holds the workspace's lock and the run's folder. One bad file costs that file only (law 5).
    ``is_spread``: files are read and units drafted by processes of other machines.
    """

    def given(value: T, name: str) -> T | HandedOver[T]:
        return hand_over(value, name, run.spool) if is_spread else value

    with run.step("plan"):
        plan = plan_folder(session, inbox)
        known = given(session, "session")
    with run.step("read"):
        reads = [
            read_task.submit(known, run, planned, f"{planned.file.unit_code} {planned.file.name}")
            for planned in plan.to_read
        ]
        read = _results("Đọc tệp", reads, progress)
    with run.step("commit"):
        free_writer(session.store)
        outcomes = commit_task.with_options(tags=[writer_tag(session.store)])(session, plan, read)
        standing = find_standing(session, inbox, plan, outcomes, as_of)
    if standing is not None:
        with run.step("check"):
            take_over(standing, run)
        with run.step("data_docs"):
            data_docs_task(session, run)
        with run.step("finish"):
            result = finish(session, run, as_of, outcomes, standing.drafts, standing.outbox, is_same=True)
            remember_night(session, run, inbox, result)
            return result
    progress("Kiểm tra dữ liệu", 0, 1)
    with run.step("count"):
        counted = count_task(session, as_of)
    with run.step("check"):
        findings = check_task(session, plan, outcomes, counted, run, as_of)
    progress("Kiểm tra dữ liệu", 1, 1)
    # A report does not repeat what earlier reports said about themselves.
    stamped: Sequence[OpenFinding] = [finding for finding in findings if not is_about_report(finding)]
    with run.step("draft"):
        figures, named = given(counted, "counted"), given(stamped, "findings")
        drafts = [
            draft_task.submit(known, run, figures, named, node, node.full_name)
            for node in nodes_to_draft(session, as_of)
        ]
        written = tuple(_results("Viết dự thảo", drafts, progress))
    progress("Viết tệp trả lại", 0, 1)
    with run.step("outbox"):
        outbox = outbox_task(session, inbox, as_of)
    progress("Viết tệp trả lại", 1, 1)
    with run.step("pages"):
        page_count = pages_task(session, counted, stamped, as_of)
    with run.step("data_docs"):
        data_docs_task(session, run)
    with run.step("finish"):
        result = finish(session, run, as_of, outcomes, written, outbox)
        if page_count:  # else they could not be built, and the next night tries again
            remember_night(session, run, inbox, result)
        return result


def _results(step: str, futures: list[PrefectFuture[Any]], progress: Progress) -> list[Any]:
    """What the tasks of a step gave, in their order, with progress as they end."""
    progress(step, 0, len(futures))
    for done, _ in enumerate(as_completed(futures), start=1):
        progress(step, done, len(futures))
    return [future.result() for future in futures]
