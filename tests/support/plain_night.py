"""A night without Prefect: the same plain functions in the same order, for tests that run many of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.clock import FixedClock
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.draft import count_night, draft_unit, nodes_to_draft
from pipelines.steps.nightly import (
    NightResult,
    check_everything,
    commit_reads,
    finish,
    plan_folder,
    read_planned,
)
from pipelines.steps.open_findings import is_about_report
from pipelines.steps.outbox import write_outbox
from pipelines.steps.pages import write_pages
from pipelines.steps.same_night import remember_night

AS_OF = date(2021, 9, 5)
SAMPLES = Path(__file__).parents[2] / "sample_exports"
NIGHT = datetime(2021, 9, 5, 18, 30, tzinfo=UTC)


def open_session(workspace: Path, instant: datetime = NIGHT) -> Session:
    """A session over that folder with a clock that stands still."""
    session = Session(workspace, FixedClock(instant))
    session.workspace.create()
    return session


def run_plain_night(
    session: Session, inbox: Path, as_of: date = AS_OF, units: set[str] | None = None
) -> NightResult:
    """What ``motcua nightly`` does; ``units`` limits the drafts, because most tests look at a few."""
    with start_run(session.workspace.runs, "nightly", session.clock, {}) as run:
        plan = plan_folder(session, inbox)
        reads = [read_planned(session, run, planned) for planned in plan.to_read]
        outcomes = commit_reads(session, plan, reads)
        counted = count_night(session, as_of)
        findings = check_everything(session, plan.findings, outcomes, counted, run, as_of)
        stamped = [finding for finding in findings if not is_about_report(finding)]
        nodes = [node for node in nodes_to_draft(session, as_of) if units is None or node.code in units]
        drafts = tuple(draft_unit(session, counted, stamped, node) for node in nodes)
        if units is None:
            write_pages(session, counted, stamped, as_of)
        result = finish(session, run, as_of, outcomes, drafts, write_outbox(session, inbox, as_of))
        remember_night(session, run, inbox, result)
        return result
