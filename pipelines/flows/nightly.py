"""The nightly flow: files are read side by side, one task writes, units are drafted side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from pipelines.clock import SystemClock, today
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.steps.draft import UnitDrafts, nodes_to_draft
from pipelines.steps.nightly import NightResult, finish, plan_folder
from pipelines.tasks import check_task, commit_task, count_task, draft_task, read_task

Progress = Callable[[str, int, int], None]
"""Called with a step's Vietnamese name, how many of its parts are done, and how many there are."""


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Show nothing: for runs without a terminal."""


@flow(name="chay-dem", task_runner=ThreadPoolTaskRunner(max_workers=2), validate_parameters=False)
def nightly_flow(
    session: Session, run: Run, inbox: Path, as_of: date, progress: Progress = no_progress
) -> NightResult:
    """Ingest, check, count and draft for one working day.

    The caller holds the workspace's lock and the run's folder. One bad file costs that file only (law 5).
    """
    plan = plan_folder(session, inbox)
    reads = [
        read_task.submit(session, run, planned, f"{planned.file.unit_code} {planned.file.name}")
        for planned in plan.to_read
    ]
    _follow("Đọc tệp", reads, progress)
    outcomes = commit_task(session, plan, [future.result() for future in reads])
    progress("Kiểm tra dữ liệu", 0, 1)
    findings = check_task(session, plan, outcomes, run, as_of)
    progress("Kiểm tra dữ liệu", 1, 1)
    counted = count_task(session, as_of, findings)
    drafts: list[PrefectFuture[UnitDrafts]] = [
        draft_task.submit(session, counted, node, node.full_name) for node in nodes_to_draft(session, as_of)
    ]
    _follow("Viết dự thảo", drafts, progress)
    result = NightResult(as_of, outcomes, findings, tuple(future.result() for future in drafts))
    finish(run, result)
    return result


@flow(name="chay-dem-theo-lich", validate_parameters=False)
def scheduled_night(workspace: str, inbox: str | None = None) -> None:
    """The night that a schedule starts: today in Vietnam, the workspace's own inbox unless told otherwise."""
    from pipelines.night import run_night

    clock = SystemClock()
    run_night(Path(workspace), Path(inbox) if inbox else None, today(clock), clock)


def _follow(step: str, futures: list[PrefectFuture[UnitDrafts]] | list, progress: Progress) -> None:  # type: ignore[type-arg]
    progress(step, 0, len(futures))
    for done, _ in enumerate(as_completed(futures), start=1):
        progress(step, done, len(futures))
