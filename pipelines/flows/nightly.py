"""The nightly flow: files are read side by side, one task writes, units are drafted side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipelines.cluster import Cluster
from pipelines.handing import HandedOver, hand_over
from pipelines.progress import Progress
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.steps.draft import nodes_to_draft
from pipelines.steps.nightly import NightResult, finish, plan_folder
from pipelines.steps.open_findings import OpenFinding, is_about_report
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


class NightOrder:
    """What a night works with in the process that holds the workspace.

    Prefect sends a flow's parameters along with every task that leaves this process: a copy of this one is empty.
    """

    def __init__(self, session: Session, progress: Progress, cluster: Cluster | None = None) -> None:
        self.session = session
        self.progress = progress
        self.cluster = cluster
        """Whose machines read the files and draft the units; None for threads of this process."""

    def __reduce__(self) -> tuple[type[object], tuple[()]]:
        """Nothing that a task needs: each is given its own."""
        return object, ()


def side_by_side(count: int) -> TaskRunner[Any]:
    """A runner that keeps that many tasks going at once, in threads of this process."""
    return ThreadPoolTaskRunner(max_workers=count)


@flow(name="chay-dem", validate_parameters=False)
def nightly_flow(order: NightOrder, run: Run, inbox: Path, as_of: date) -> NightResult:
    """Ingest, check, count and draft for one working day.

    The caller holds the workspace's lock and the run's folder. One bad file costs that file only (law 5).
    """
    session = order.session
    with run.step("plan"):
        plan = plan_folder(session, inbox)
        known = _given(order, session, "session", run)
    with run.step("read"):
        reads = [
            read_task.submit(known, run, planned, f"{planned.file.unit_code} {planned.file.name}")
            for planned in plan.to_read
        ]
        read = _results(order, "Đọc tệp", reads)
    with run.step("commit"):
        free_writer(session.store)
        outcomes = commit_task.with_options(tags=[writer_tag(session.store)])(session, plan, read)
    order.progress("Kiểm tra dữ liệu", 0, 1)
    with run.step("count"):
        counted = count_task(session, as_of)
    with run.step("check"):
        findings = check_task(session, plan, outcomes, counted, run, as_of)
    order.progress("Kiểm tra dữ liệu", 1, 1)
    # A report does not repeat what earlier reports said about themselves.
    stamped: Sequence[OpenFinding] = [finding for finding in findings if not is_about_report(finding)]
    with run.step("draft"):
        figures, named = _given(order, counted, "counted", run), _given(order, stamped, "findings", run)
        drafts = [
            draft_task.submit(known, run, figures, named, node, node.full_name)
            for node in nodes_to_draft(session, as_of)
        ]
        written = tuple(_results(order, "Viết dự thảo", drafts))
    order.progress("Viết tệp trả lại", 0, 1)
    with run.step("outbox"):
        outbox = outbox_task(session, inbox, as_of)
    order.progress("Viết tệp trả lại", 1, 1)
    with run.step("pages"):
        pages_task(session, counted, stamped, as_of)
    with run.step("data_docs"):
        data_docs_task(session, run)
    with run.step("finish"):
        return finish(session, run, as_of, outcomes, written, outbox)


def _given(order: NightOrder, value: T, name: str, run: Run) -> T | HandedOver[T]:
    """What tasks are given: the value itself where they run in this process."""
    return value if order.cluster is None else hand_over(value, name, run.spool)


def _results(order: NightOrder, step: str, futures: Sequence[PrefectFuture[Any]]) -> list[Any]:
    """What the tasks of a step gave, in their order, with progress as they end."""
    order.progress(step, 0, len(futures))
    cluster = order.cluster
    ended = as_completed(list(futures)) if cluster is None else cluster.ended(futures)
    for done, _ in enumerate(ended, start=1):
        order.progress(step, done, len(futures))
    return [future.result() for future in futures] if cluster is None else cluster.results(futures)
