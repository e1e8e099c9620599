"""The parts of a night as plain functions; a flow or a command calls them in this order."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.clock import local_now
from pipelines.errors import UsageProblemError
from pipelines.inbox import InboxFile
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.steps.check import (
    Describer,
    check_periods,
    check_store,
    record_findings,
    record_report_findings,
)
from pipelines.steps.commit import commit_deliveries, copy_outcome
from pipelines.steps.draft import CountedNight, UnitDrafts
from pipelines.steps.model import DeliveryOutcome, ReadDelivery
from pipelines.steps.open_findings import OpenFinding, open_findings
from pipelines.steps.plan import PlannedFile, ReadingPlan, plan_files, plan_inbox
from pipelines.steps.read import UNFINISHED, keep_refused, purge_refused, read_delivery, refuse
from transforms.findings import Finding

log = logging.getLogger("motcua.night")


@dataclass(frozen=True, slots=True)
class NightResult:
    """What a night did, for the summary and the run's folder."""

    as_of: date
    outcomes: tuple[DeliveryOutcome, ...]
    findings: tuple[OpenFinding, ...]
    drafts: tuple[UnitDrafts, ...]


def plan_folder(session: Session, inbox: Path) -> ReadingPlan:
    """What a whole inbox asks for. Raises UsageProblemError when the folder does not exist."""
    require_inbox(inbox)
    codes = sorted({unit.code for unit in session.catalogue.units})
    return plan_inbox(session.store, inbox, codes, session.settings.stable_seconds)


def require_inbox(inbox: Path) -> None:
    """Raise UsageProblemError when the folder does not exist."""
    if not inbox.is_dir():
        raise UsageProblemError(
            f"Không có thư mục {inbox}; hãy tạo thư mục này với mỗi đơn vị một thư mục con mang mã đơn vị, "
            "hoặc chỉ thư mục khác bằng --inbox."
        )


def plan_single(session: Session, path: Path, unit_code: str) -> ReadingPlan:
    """What one file asks for."""
    return plan_files(session.store, [InboxFile(unit_code, path)], session.settings.stable_seconds)


def read_planned(session: Session, run: Run, planned: PlannedFile) -> ReadDelivery:
    """One file read and spooled, or refused with its original kept."""
    arrived_at = local_now(session.clock)
    read = read_delivery(
        planned.file, planned.delivery_id, planned.sha256, session.catalogue, arrived_at, run.spool
    )
    return _kept(session, planned, read) if read.is_refused else read


def refuse_unfinished(session: Session, plan: ReadingPlan) -> tuple[ReadDelivery, ...]:
    """Files that were still being written, refused for tonight with what there was of them kept."""
    return tuple(
        _kept(session, planned, refuse(planned.file, planned.delivery_id, planned.sha256, UNFINISHED))
        for planned in plan.unfinished
    )


def _kept(session: Session, planned: PlannedFile, read: ReadDelivery) -> ReadDelivery:
    keep_refused(planned.file, planned.delivery_id, session.workspace.quarantine)
    log.info("refused", extra={"delivery_id": read.delivery_id, "unit_code": read.unit_code})
    return read


def commit_reads(
    session: Session, plan: ReadingPlan, reads: Sequence[ReadDelivery]
) -> tuple[DeliveryOutcome, ...]:
    """Everything new in the store, and what became of each file of the plan, in unit and file order."""
    committed = commit_deliveries(
        session.store, [*reads, *refuse_unfinished(session, plan)], session.clock.now()
    )
    by_id = {outcome.delivery_id: outcome for outcome in committed}
    copies = [copy_outcome(copy.file.name, by_id[copy.delivery_id]) for copy in plan.copies]
    return tuple(sorted((*committed, *plan.unchanged, *copies), key=lambda item: (item.unit_code, item.file)))


def check_everything(
    session: Session,
    about_inbox: Sequence[Finding],
    outcomes: Sequence[DeliveryOutcome],
    counted: CountedNight | None,
    run: Run,
    as_of: date,
) -> tuple[OpenFinding, ...]:
    """Findings open after the run, their changes of state recorded.

    ``counted`` is None for an ingest, which counts no period and sees only some of the inbox.
    """
    about_store = [*check_store(session.store, session.catalogue, as_of)]
    if counted is not None:
        about_store += check_periods(data.table for data in counted.periods.values())
    record_findings(
        session.store,
        about_store,
        about_inbox,
        outcomes,
        Describer.of(session.messages, session.catalogue),
        run.run_id,
        session.clock.now(),
        is_whole_inbox=counted is not None,
    )
    return open_findings(session.store)


def finish(
    session: Session,
    run: Run,
    as_of: date,
    outcomes: tuple[DeliveryOutcome, ...],
    drafts: tuple[UnitDrafts, ...],
) -> NightResult:
    """The night's result, its figures left in the run's folder and what was only spooled cleared away."""
    about_reports = [finding for draft in drafts for finding in draft.findings]
    word = Describer.of(session.messages, session.catalogue)
    record_report_findings(session.store, about_reports, word, run.run_id, session.clock.now())
    result = NightResult(as_of, outcomes, open_findings(session.store), drafts)
    run.write_json("findings.json", [_as_json(finding) for finding in result.findings])
    run.write_json("deliveries.json", [_outcome_json(outcome) for outcome in result.outcomes])
    clear_spools(session)
    purged = purge_refused(session.workspace.quarantine, session.settings.keep_days, session.clock.now())
    log.info("purged refused originals", extra={"count": purged})
    return result


def clear_spools(session: Session) -> None:
    """Remove what reading left on disk for the writer, also that of failed runs before this good one.

    The caller holds the workspace's lock, so no other run is using its spool.
    """
    for spool in session.workspace.runs.glob("*/spool"):
        shutil.rmtree(spool, ignore_errors=True)


def _as_json(finding: OpenFinding) -> dict[str, str | int]:
    return {name: getattr(finding, name) for name in OpenFinding.__slots__}


def _outcome_json(outcome: DeliveryOutcome) -> dict[str, str | int]:
    return {
        "delivery_id": outcome.delivery_id,
        "unit_code": outcome.unit_code,
        "file": outcome.file,
        "state": outcome.state,
        "kind": outcome.kind,
        "profile_id": outcome.profile_id,
        "refusal_code": outcome.refusal_code,
        **outcome.counts.as_dict(),
    }
