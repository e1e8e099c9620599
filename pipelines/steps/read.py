"""Read one file into typed rows on disk. Whatever is wrong with a file stays with that file (law 5)."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from pipelines.hashed_file import HashedFile
from pipelines.inbox import InboxFile
from pipelines.steps.corrections import Standing, canonicalise_corrected
from pipelines.steps.model import ReadDelivery
from pipelines.steps.proposals import recognise_or_propose
from pipelines.steps.sent_back import OpenedFile, open_sent, raw_texts
from pipelines.workspace import make_private
from transforms.canonical.build import canonicalise
from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.model import Catalogue
from transforms.catalogue.officers import Officer
from transforms.findings import Finding
from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.model import RawExport, UnreadableFileError, Workbook
from transforms.readers.workbook import read_workbook
from transforms.supplement.canonical import canonicalise_supplement

log = logging.getLogger("motcua.read")

SPOOLED = ("records", "superseded", "quarantined")
UNFINISHED = "file.unstable"
"""Refusal of a file that somebody is still writing."""
_LONGEST_NAME = 200
"""Bytes of a kept file's own name; with the delivery before it below the 255 that a file system takes."""


def read_delivery(
    file: InboxFile,
    delivery_id: str,
    sha256: str,
    catalogue: Catalogue,
    arrived_at: datetime,
    spool_root: Path,
    limits: Limits = DEFAULT_LIMITS,
    standing: Standing | None = None,
    officers: tuple[Officer, ...] = (),
) -> ReadDelivery:
    """The file as typed rows spooled below ``spool_root``, or refused with a finding. Never raises for a file's content.

    ``standing``: the corrections laid over its texts; without it none are. ``officers``: who is known by
    which code. A returned workbook is told by
    its marker before any profile is tried, and what was explained in it counts even where its rows are
    refused. An exception that no reader foresaw refuses the file as well, with its traceback in the run's log.
    """
    if file.refusal_code:
        return refuse(file, delivery_id, sha256, file.refusal_code, file.refusal_params)
    sent: OpenedFile | None = None
    try:
        before = _state(file.path)
        with file.open(limits) as opened, HashedFile(opened) as content:
            workbook = read_workbook(content, file.name, limits)  # type: ignore[arg-type]
            read_sha256 = content.sha256()
        if _state(file.path) != before:
            read_sha256 = file.sha256(limits)
        if read_sha256 != sha256:
            # Written to since it was hashed: what was read would stand under a hash that is not its own.
            return refuse(file, delivery_id, sha256, UNFINISHED)
        sent = open_sent(workbook, file, standing)
        if not sent.has_data:
            return _list_only(file, delivery_id, sha256, sent)
        known = replace(catalogue, profiles=tuple(sent.profiles(catalogue)))
        raw = recognise_or_propose(sent.workbook, known, file, delivery_id, spool_root.parent)
        # Cells stand in memory once: whatever no column of the profile reads, people's names too, goes here.
        sent, noticed = replace(sent, workbook=_without_cells(workbook)), workbook.findings
        del workbook
        context = DeliveryContext(delivery_id, sent.unit_code, file.name, arrived_at, sent.exported, officers)
        result, removed, corrected_count = canonicalise_corrected(
            raw, context, standing, known, _canonicalise
        )
    except UnreadableFileError as problem:
        refused = refuse(file, delivery_id, sha256, problem.code, problem.params)
        return replace(refused, sent_back=sent.sent_back) if sent else refused
    except FileNotFoundError:
        return refuse(file, delivery_id, sha256, "file.vanished")
    except Exception:
        # The one broad except of the product: an unforeseen file must cost that file only (law 5).
        log.exception("reader failed", extra={"delivery_id": delivery_id, "unit_code": file.unit_code})
        return refuse(file, delivery_id, sha256, "file.unexpected")
    folder = spool_root / delivery_id
    make_private(folder)
    for name in SPOOLED:
        _write_spool(folder / f"{name}.arrow", getattr(result, name))
    if removed.num_rows:
        _write_spool(folder / "removed.arrow", removed)
    if sent.sent_back:
        _write_spool(folder / "raw.arrow", raw_texts(raw))
    return ReadDelivery(
        delivery_id=delivery_id,
        sha256=sha256,
        unit_code=result.unit_code,
        file=file.name,
        findings=tuple(
            replace(finding, unit_code=finding.unit_code or result.unit_code, file=finding.file or file.name)
            for finding in (*sent.findings, *noticed, *raw.findings, *result.findings)
        ),
        spool=folder,
        kind=result.kind,
        profile_id=result.profile_id,
        exported_at=result.exported_at,
        exported_at_source=result.exported_at_source,
        structural_counts=dict(result.structural_counts),
        sent_back=sent.sent_back,
        corrected_count=corrected_count,
    )


def _state(path: Path) -> tuple[int, int, int]:
    """What changes when somebody writes to a file or puts another in its place."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _without_cells(workbook: Workbook) -> Workbook:
    return replace(workbook, sheets=())


def _list_only(file: InboxFile, delivery_id: str, sha256: str, sent: OpenedFile) -> ReadDelivery:
    """A returned workbook without the sender's own sheets: explanations and no rows."""
    kind = sent.sent_back.marker.kind if sent.sent_back else ""
    return ReadDelivery(
        delivery_id, sha256, sent.unit_code, file.name, (), kind=kind, sent_back=sent.sent_back
    )


def refuse(
    file: InboxFile, delivery_id: str, sha256: str, code: str, params: tuple[tuple[str, str | int], ...] = ()
) -> ReadDelivery:
    """The file as a refused delivery with the finding that says why."""
    finding = Finding(code, unit_code=file.unit_code, file=file.name, params=params)
    return ReadDelivery(delivery_id, sha256, file.unit_code, file.name, (finding,), refusal_code=code)


def keep_refused(
    file: InboxFile, delivery_id: str, quarantine: Path, limits: Limits = DEFAULT_LIMITS
) -> None:
    """Keep a copy of a refused original, private, so that somebody can look at it.

    Of a file in an archive its own content; the whole archive where that cannot be taken out.
    """
    folder = quarantine / (file.unit_code or "chua-ro-don-vi")
    make_private(folder)
    target = folder / f"{delivery_id}-{_file_system_name(file.name)}"
    if not file.path.exists() or target.exists():
        return
    with open(target, "xb", opener=_open_private) as kept:
        try:
            with file.open(limits) as content:
                shutil.copyfileobj(content, kept)
        except UnreadableFileError:
            kept.seek(0)
            kept.truncate()
            with file.path.open("rb") as archive:
                shutil.copyfileobj(archive, kept)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _file_system_name(name: str) -> str:
    """The end of a name, without folders, short enough for every file system."""
    return name.replace("/", "_").encode()[-_LONGEST_NAME:].decode(errors="ignore")


def purge_refused(quarantine: Path, keep_days: int, now: datetime) -> int:
    """How many refused originals were deleted because they are older than that many days; they are the sender's own."""
    oldest = (now - timedelta(days=keep_days)).timestamp()
    old = [path for path in quarantine.rglob("*") if path.is_file() and path.stat().st_mtime < oldest]
    for path in old:
        path.unlink()
    return len(old)


def read_spool(folder: Path, name: str) -> pa.Table:
    """One spooled table."""
    with pa.memory_map(str(folder / f"{name}.arrow")) as source:
        return ipc.open_file(source).read_all()


def _canonicalise(raw: RawExport, context: DeliveryContext, catalogue: Catalogue) -> Canonicalised:
    if raw.kind == "supplement":
        return canonicalise_supplement(raw, context, catalogue)
    return canonicalise(raw, context, catalogue)


def _write_spool(path: Path, rows: pa.Table) -> None:
    # Not packed: the writer maps the file and copies nothing, which is worth more than the smaller file.
    with open(path, "wb", opener=_open_private) as file, ipc.new_file(file, rows.schema) as sink:
        sink.write_table(rows)
