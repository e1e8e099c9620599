"""Read one file into typed rows on disk. Whatever is wrong with a file stays with that file (law 5)."""

from __future__ import annotations

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from pipelines.inbox import InboxFile, sha256_of
from pipelines.steps.model import ReadDelivery
from transforms.canonical.build import canonicalise
from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.readers.model import RawExport, UnreadableFileError
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook
from transforms.supplement.canonical import canonicalise_supplement

log = logging.getLogger("motcua.read")

SPOOLED = ("records", "superseded", "quarantined")
UNFINISHED = "file.unstable"
"""Refusal of a file that somebody is still writing."""


def read_delivery(
    file: InboxFile,
    delivery_id: str,
    sha256: str,
    catalogue: Catalogue,
    arrived_at: datetime,
    spool_root: Path,
) -> ReadDelivery:
    """The file as typed rows spooled below ``spool_root``, or refused with a finding. Never raises for a file's content.

    An exception that no reader foresaw refuses the file as well, with its traceback in the run's log.
    """
    try:
        with file.path.open("rb") as content:
            workbook = read_workbook(content, file.name)
        if sha256_of(file.path) != sha256:
            # Written to since it was hashed: what was read would stand under a hash that is not its own.
            return refuse(file, delivery_id, sha256, UNFINISHED)
        raw = recognise(workbook, catalogue.profiles)
        context = DeliveryContext(delivery_id, file.unit_code, file.name, arrived_at)
        result = _canonicalise(raw, context, catalogue)
    except UnreadableFileError as problem:
        return refuse(file, delivery_id, sha256, problem.code, problem.params)
    except FileNotFoundError:
        return refuse(file, delivery_id, sha256, "file.vanished")
    except Exception:
        # The one broad except of the product: an unforeseen file must cost that file only (law 5).
        log.exception("reader failed", extra={"delivery_id": delivery_id, "unit_code": file.unit_code})
        return refuse(file, delivery_id, sha256, "file.unexpected")
    folder = spool_root / delivery_id
    folder.mkdir(parents=True, exist_ok=True)
    for name in SPOOLED:
        _write_spool(folder / f"{name}.arrow", getattr(result, name))
    return ReadDelivery(
        delivery_id=delivery_id,
        sha256=sha256,
        unit_code=result.unit_code,
        file=file.name,
        findings=result.findings,
        spool=folder,
        kind=result.kind,
        profile_id=result.profile_id,
        exported_at=result.exported_at,
        exported_at_source=result.exported_at_source,
        structural_counts=dict(result.structural_counts),
    )


def refuse(
    file: InboxFile, delivery_id: str, sha256: str, code: str, params: tuple[tuple[str, str | int], ...] = ()
) -> ReadDelivery:
    """The file as a refused delivery with the finding that says why."""
    finding = Finding(code, unit_code=file.unit_code, file=file.name, params=params)
    return ReadDelivery(delivery_id, sha256, file.unit_code, file.name, (finding,), refusal_code=code)


def keep_refused(file: InboxFile, delivery_id: str, quarantine: Path) -> None:
    """Keep a copy of a refused original, private, so that somebody can look at it."""
    folder = quarantine / (file.unit_code or "chua-ro-don-vi")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{delivery_id}-{file.name}"
    if file.path.exists() and not target.exists():
        shutil.copyfile(file.path, target)
        target.chmod(0o600)


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
    with ipc.new_file(str(path), rows.schema) as sink:
        sink.write_table(rows)
