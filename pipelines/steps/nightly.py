"""The parts of a night as plain functions; a flow or a command calls them in this order."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from expectations.checkpoints import CheckpointRecord
from pipelines.clock import VIETNAM, local_now, today
from pipelines.errors import UsageProblemError
from pipelines.inbox import InboxFile, unit_of_folders
from pipelines.notify.alert_outbox import write_alerts
from pipelines.notify.checks import check_alerts
from pipelines.notify.sending import send_pending
from pipelines.publications.folder import tidy
from pipelines.publications.model import read_publications
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.snapshots import record_snapshot
from pipelines.steps.check import check_periods, check_store
from pipelines.steps.closed import find_late_deliveries
from pipelines.steps.commit import commit_deliveries, copy_outcome
from pipelines.steps.corrections import Standing, check_corrections, load_standing, mended_spots
from pipelines.steps.data_docs import keep_checkpoints
from pipelines.steps.draft import CountedNight, UnitDrafts
from pipelines.steps.maintenance import erase_when_due, keep_small
from pipelines.steps.model import DeliveryOutcome, ReadDelivery
from pipelines.steps.open_findings import OpenFinding, open_findings
from pipelines.steps.outbox import OutboxResult
from pipelines.steps.plan import PlannedFile, ReadingPlan, plan_files, plan_inbox
from pipelines.steps.private import keep_private
from pipelines.steps.read import UNFINISHED, keep_refused, read_delivery, refuse
from pipelines.steps.recording import Describer, record_findings, record_report_findings
from pipelines.steps.run_summary import write_deliveries, write_results
from pipelines.steps.sent_lists import check_sent
from transforms.findings import Finding

log = logging.getLogger("motcua.night")

_SENDING_WAIT = 60.0
"""Seconds that the end of a night waits for another process that is sending."""


@dataclass(frozen=True, slots=True)
class NightResult:
    """What a night did, for the summary and the run's folder."""

    as_of: date
    outcomes: tuple[DeliveryOutcome, ...]
    findings: tuple[OpenFinding, ...]
    drafts: tuple[UnitDrafts, ...]
    outbox: OutboxResult


def plan_folder(session: Session, inbox: Path, unit_code: str = "") -> ReadingPlan:
    """What a whole inbox asks for, or the folder of one unit. Raises UsageProblemError when there is no such folder.

    ``unit_code``: whose the files are that lie in no unit's folder.
    """
    require_inbox(inbox)
    settings, codes = session.settings, _unit_codes(session)
    owner = unit_code or unit_of_folders([inbox.resolve().name], codes)
    plan = plan_inbox(session.store, inbox, codes, settings.stable_seconds, settings.limits, owner)
    return _with_corrections(session, plan)


def require_inbox(inbox: Path) -> None:
    """Raise UsageProblemError when the folder does not exist."""
    if not inbox.is_dir():
        raise UsageProblemError(
            f"Không có thư mục {inbox}; hãy tạo thư mục này với mỗi đơn vị một thư mục con mang mã đơn vị, "
            "hoặc chỉ thư mục khác bằng --inbox."
        )


def plan_single(session: Session, path: Path, unit_code: str) -> ReadingPlan:
    """What one file asks for: itself, or each table of an archive."""
    settings, files = session.settings, [InboxFile(unit_code, path)]
    plan = plan_files(session.store, files, _unit_codes(session), settings.stable_seconds, settings.limits)
    return _with_corrections(session, plan)


def _with_corrections(session: Session, plan: ReadingPlan) -> ReadingPlan:
    """The plan with what people decided; raises ConfigurationError for a corrections file that cannot be read."""
    standing = _standing(session)
    return replace(
        plan, standing=standing, to_read=tuple(replace(item, standing=standing) for item in plan.to_read)
    )


def _standing(session: Session) -> Standing:
    return load_standing(session.store, session.corrections(), session.catalogue, today(session.clock))


def _unit_codes(session: Session) -> list[str]:
    return sorted({unit.code for unit in session.catalogue.units})


def read_planned(session: Session, run: Run, planned: PlannedFile) -> ReadDelivery:
    """One file read and spooled, or refused with its original kept."""
    arrived_at = local_now(session.clock)
    read = read_delivery(
        planned.file,
        planned.delivery_id,
        planned.sha256,
        session.catalogue,
        arrived_at,
        run.spool,
        session.settings.limits,
        planned.standing,
        session.officers,
    )
    return _kept(session, planned, read) if read.is_refused else read


def refuse_unfinished(session: Session, plan: ReadingPlan) -> tuple[ReadDelivery, ...]:
    """Files that were still being written, refused for tonight with what there was of them kept."""
    return tuple(
        _kept(session, planned, refuse(planned.file, planned.delivery_id, planned.sha256, UNFINISHED))
        for planned in plan.unfinished
    )


def _kept(session: Session, planned: PlannedFile, read: ReadDelivery) -> ReadDelivery:
    keep_refused(planned.file, planned.delivery_id, session.workspace.quarantine, session.settings.limits)
    log.info("refused", extra={"delivery_id": read.delivery_id, "unit_code": read.unit_code})
    return read


def commit_reads(
    session: Session, plan: ReadingPlan, reads: Sequence[ReadDelivery]
) -> tuple[DeliveryOutcome, ...]:
    """Everything new in the store, and what became of each file of the plan, in unit and file order."""
    record_snapshot(session, session.clock.now())
    committed = commit_deliveries(
        session.store, [*reads, *refuse_unfinished(session, plan)], session.clock.now(), plan.standing
    )
    log.info("rows corrected", extra={"count": sum(outcome.corrected_count for outcome in committed)})
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
    standing = _standing(session)
    records: list[CheckpointRecord] = []
    about_store = [
        *check_store(session.store, session.catalogue, as_of, keep=records.append),
        *check_corrections(session.store, standing),
        *check_sent(session, as_of),
    ]
    keep_checkpoints(run, records)
    write_deliveries(run, outcomes)
    if counted is not None:
        data = (*counted.periods.values(), *counted.ended.data.values())
        about_store += check_periods((each.table for each in data), counted.neighbours)
        about_store += find_late_deliveries(session, as_of)
    record_findings(
        session.store,
        about_store,
        about_inbox,
        outcomes,
        Describer.of(session.messages, session.catalogue, as_of),
        run.run_id,
        session.clock.now(),
        is_whole_inbox=counted is not None,
        mended=mended_spots(session.store, standing.corrections, session.catalogue),
        counted=() if counted is None else (*counted.periods, *counted.ended.data),
    )
    return open_findings(session.store, day=as_of)


def finish(
    session: Session,
    run: Run,
    as_of: date,
    outcomes: tuple[DeliveryOutcome, ...],
    drafts: tuple[UnitDrafts, ...],
    outbox: OutboxResult,
    is_same: bool = False,
) -> NightResult:
    """The night's result, its figures left in the run's folder and what was only spooled cleared away.

    ``is_same``: nothing was drafted anew, so that what the last night found about its reports is on record.
    """
    note_known_at(session, run)  # what the drafts show; what follows is about the drafts
    if not is_same:
        about_reports = [finding for draft in drafts for finding in draft.findings] + list(outbox.findings)
        about_reports += check_alerts(session, as_of)
        word = Describer.of(session.messages, session.catalogue, as_of)
        built = {(draft.unit_code, period) for draft in drafts for period in draft.built}
        record_report_findings(session.store, about_reports, word, run.run_id, session.clock.now(), built)
    result = NightResult(as_of, outcomes, open_findings(session.store, day=as_of), drafts, outbox)
    write_results(session, run, as_of, outcomes, result.findings, drafts, outbox)
    write_alerts(session, run.run_id, as_of, result.findings, (*outbox.written, *outbox.same))
    clear_spools(session)
    tidy_publications(session)
    keep_private(session)
    erase_when_due(session)
    keep_small(session)
    return result


def send_alerts(session: Session, run: Run) -> None:
    """Send what the run wrote and what earlier ones could not send, once the run has ended well.

    What goes wrong here costs messages, never the night; counts stay in the run's folder.
    """
    try:
        counts: dict[str, int | str] = dict(asdict(send_pending(session, wait_seconds=_SENDING_WAIT)))
    except Exception as problem:
        # Only the kind: the text of a failure in sending may hold an address or a password.
        counts = {"error": type(problem).__name__}
    run.write_json("alerts.json", counts)
    run.write_page()


def note_known_at(session: Session, run: Run) -> None:
    """Put into the run's index the ``--known-at`` that gives everything the run has committed, and no more."""
    instant = session.store.last_commit()
    run.add_to_index(known_at=instant.astimezone(VIETNAM).isoformat() if instant else None)


def tidy_publications(session: Session) -> None:
    """Take away what a publishing that died left, and let ``latest`` follow. The caller holds the workspace's lock."""
    try:
        tidy(session.workspace.publications, read_publications(session.store))
    except OSError:
        # Somebody else's folder must not spoil a good night; ``motcua verify`` names what is wrong.
        log.warning("publications not tidied")


def clear_spools(session: Session) -> None:
    """Remove what reading left on disk for the writer, also that of failed runs before this good one.

    The caller holds the workspace's lock, so no other run is using its spool.
    """
    for spool in session.workspace.runs.glob("*/spool"):
        shutil.rmtree(spool, ignore_errors=True)
