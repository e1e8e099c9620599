"""The senders' own files: closed to others, and not kept longer than they are needed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from pipelines.inbox import InboxFile, delivery_id, list_inbox
from pipelines.session import Session
from pipelines.steps.outbox import purge_outbox
from pipelines.steps.read import purge_refused
from pipelines.unpacking import hash_file, unpack
from pipelines.workspace import close_to_others

log = logging.getLogger("motcua.private")


def keep_private(session: Session) -> None:
    """Close inbox, quarantine and outbox to others and purge what is older than the settings allow."""
    settings, workspace, now = session.settings, session.workspace, session.clock.now()
    for folder in workspace.private_folders:
        close_to_others(folder)
    counts = {
        "purged refused originals": purge_refused(workspace.quarantine, settings.keep_days, now),
        "purged workbooks of the outbox": purge_outbox(workspace.outbox, settings.keep_days, now),
        "purged accepted originals of the inbox": purge_inbox(session, now),
    }
    for message, count in counts.items():
        log.info(message, extra={"count": count})


def purge_inbox(session: Session, now: datetime) -> int:
    """How many files of the workspace's own inbox were deleted: accepted at least so many days ago and untouched since.

    A file is known by its bytes; of an archive every table in it must have been accepted. What was refused,
    or never read, stays however old it is. An inbox elsewhere belongs to somebody else and is never purged.
    """
    days = session.settings.keep_inbox_days
    if days == 0:
        return 0
    oldest = now - timedelta(days=days)
    accepted = {
        row["delivery_id"]
        for row in session.store.deliveries().to_pylist()
        if row["state"] == "accepted" and row["known_from"] <= oldest
    }
    codes = sorted({unit.code for unit in session.catalogue.units})
    old = [
        file
        for file in list_inbox(session.workspace.inbox, codes).files
        if file.path.stat().st_mtime < oldest.timestamp()
    ]
    done = [file.path for file in old if accepted and _is_accepted(session, file, accepted, codes)]
    for path in done:
        path.unlink()
    return len(done)


def _is_accepted(session: Session, file: InboxFile, accepted: set[str], codes: list[str]) -> bool:
    limits = session.settings.limits
    tables = unpack(file, limits, frozenset(codes)).files
    hashed = [hash_file(table, limits) for table in tables]
    return all(delivery_id(table.file.unit_code, table.sha256) in accepted for table in hashed)
