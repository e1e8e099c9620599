"""Checkpoints of a run, kept in its folder, and the Data Docs that are built from them after the drafts."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from expectations.checkpoints import CheckpointRecord
from expectations.data_docs import INDEX_PAGE, build_data_docs
from pipelines import package_files
from pipelines.run_records import CHECKPOINTS, DATA_DOCS
from pipelines.runs import Run
from pipelines.session import Session
from transforms.schema.tables import RECORD_KINDS

log = logging.getLogger("motcua.check")

_BUILDING = f".{DATA_DOCS}"
_UNUSED = "static"
"""Fonts and pictures that Great Expectations puts beside its pages; ours ask for none of them."""


def keep_checkpoints(run: Run, records: Sequence[CheckpointRecord]) -> None:
    """Leave what each checkpoint said in the run's folder: counts and kinds of exceptions, never a value."""
    (run.folder / CHECKPOINTS).mkdir(exist_ok=True)
    for record in records:
        run.write_json(f"{CHECKPOINTS}/{record.kind}.json", record.as_json())
        if record.error:
            log.error("checkpoint broke off: %s %s", record.kind, record.error)


def read_checkpoints(run: Run) -> tuple[CheckpointRecord, ...]:
    """What ``keep_checkpoints`` left, in the order of the schema."""
    paths = [run.folder / CHECKPOINTS / f"{kind}.json" for kind in RECORD_KINDS]
    return tuple(
        CheckpointRecord.from_json(json.loads(path.read_text(encoding="utf-8")))
        for path in paths
        if path.is_file()
    )


def write_data_docs(session: Session, run: Run) -> int:
    """How many tables got a page; the site lies in the run's folder, whole or not at all.

    The reports are written by then: pages that cannot be built cost nothing but themselves.
    """
    building = run.folder / _BUILDING
    try:
        count = _build(session, run, building)
        # A try before this one may have come that far.
        shutil.rmtree(run.folder / DATA_DOCS, ignore_errors=True)
        building.rename(run.folder / DATA_DOCS)
    except Exception:
        log.exception("data docs not built")
        shutil.rmtree(building, ignore_errors=True)
        return 0
    log.info("data docs", extra={"count": count})
    return count


def _build(session: Session, run: Run, folder: Path) -> int:
    """How many pages of tables lie in the folder; RuntimeError where Great Expectations left one out in silence."""
    records = read_checkpoints(run)
    pages = package_files.page_templates()
    labels = build_data_docs(records, session.messages, pages, run.run_id, str(folder.absolute()))
    shutil.rmtree(folder / _UNUSED, ignore_errors=True)
    count = len(list(folder.glob("validations/**/*.html")))
    if count != len(labels) or not (folder / INDEX_PAGE).is_file():
        raise RuntimeError(f"{count} pages for {len(labels)} tables")
    return count
