"""A night on which nothing has changed since the last one: its drafts, workbooks and pages stand as they are."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.run_records import CHECKPOINTS
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.snapshots import version_of
from pipelines.steps.data_docs import read_checkpoints
from pipelines.steps.draft import UnitDrafts
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.nightly import NightResult
from pipelines.steps.outbox import OutboxResult
from pipelines.steps.plan import ReadingPlan
from transforms.schema.tables import ALL_TABLES

log = logging.getLogger("motcua.night")

NIGHT = "night.json"
"""What a night leaves in its run's folder for the next one: what it depended on, and what it gave."""
_LATEST = "latest"
_FORMAT = 1
_PROGRAM = ("pipelines", "transforms", "expectations", "report_templates")
_ADDED = "accepted"


@dataclass(frozen=True, slots=True)
class StandingNight:
    """What the last night wrote, all of it still in its place."""

    folder: Path
    """Of the run that left it."""
    drafts: tuple[UnitDrafts, ...]
    outbox: OutboxResult


def find_standing(
    session: Session, inbox: Path, plan: ReadingPlan, outcomes: Sequence[DeliveryOutcome], as_of: date
) -> StandingNight | None:
    """The last night, where this one would repeat it to the byte; None where anything differs, or may.

    Asked after the commit. The working day, every table of the store, catalogue, templates, settings, the
    program's own files, the inbox and everything that lies in the folders of drafts, workbooks and pages have
    to be what they were when the last night ended. What has been new since the night before stays marked as new.
    """
    if plan.unfinished or any(outcome.state == _ADDED for outcome in outcomes):
        return None
    folder = session.workspace.runs / _LATEST
    try:
        left = json.loads((folder / NIGHT).read_text(encoding="utf-8"))
        if left["depends_on"] != _depends_on(session, inbox, as_of) or not (folder / CHECKPOINTS).is_dir():
            return None
        drafts = tuple(
            UnitDrafts(
                each["unit_code"],
                session.workspace.drafts / each["unit_code"],
                (),
                tuple(each["periods"]),
                ended=tuple(each["ended"]),
            )
            for each in left["drafts"]
        )
        return StandingNight(folder.resolve(), drafts, OutboxResult(same=tuple(left["outbox"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none before, or one that an older version left


def take_over(standing: StandingNight, run: Run) -> None:
    """Leave in the run's folder what the checkpoints of the night that stands said."""
    shutil.copytree(standing.folder / CHECKPOINTS, run.folder / CHECKPOINTS, dirs_exist_ok=True)
    log.info("nothing changed", extra={"count": len(standing.drafts)})


def remember_night(session: Session, run: Run, inbox: Path, result: NightResult) -> None:
    """Leave in the run's folder what ``find_standing`` asks for; the night's last act, after everything it writes.

    Nothing is left where a workbook could not be written or a checkpoint broke off: the next night tries again.
    """
    drafts, outbox = result.drafts, result.outbox
    if outbox.findings or any(record.error for record in read_checkpoints(run)):
        return
    try:
        depends_on = _depends_on(session, inbox, result.as_of)
    except OSError:
        # Somebody took a file away meanwhile.
        log.warning("night not remembered")
        return
    content: dict[str, Any] = {
        "depends_on": depends_on,
        "drafts": [
            {
                "unit_code": each.unit_code,
                "periods": sorted((*each.written, *each.same)),
                "ended": list(each.ended),
            }
            for each in drafts
        ],
        "outbox": sorted((*outbox.written, *outbox.same)),
    }
    run.write_json(NIGHT, content)


def _depends_on(session: Session, inbox: Path, as_of: date) -> dict[str, str]:
    """What a night's content comes from and where it lies, each as a hash or a number that changes with it."""
    workspace, store = session.workspace, session.store
    program = Path(__file__).parents[2]
    own = (workspace.drafts, workspace.outbox, workspace.pages)
    return {
        "format": str(_FORMAT),
        "as_of": as_of.isoformat(),
        "program": _listing(program / name for name in _PROGRAM),
        "catalogue": version_of(session.files),
        "settings": hashlib.sha256(repr(session.settings).encode()).hexdigest(),
        "overlay": _listing([workspace.catalogue]),
        "inbox": _listing([inbox.resolve()]),
        "store": store.root,
        **{f"store/{table.name}": str(store.version(table)) for table in ALL_TABLES},
        **{folder.name: _listing([folder]) for folder in own},
    }


def _listing(roots: Iterator[Path] | Sequence[Path]) -> str:
    """A hash over names, sizes and times of change of all files below; their content is not read."""
    digest = hashlib.sha256()
    for root in roots:
        for path, state in sorted(_states(root)):
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _states(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    if root.is_file():
        yield str(root), root.stat()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            path = os.path.join(folder, name)
            yield path, os.stat(path)
