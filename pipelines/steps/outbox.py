"""Their own files back: a workbook in ``outbox/`` for every delivery that has something to mend."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.clock import VIETNAM
from pipelines.errors import StoreUnreachableError, reason_of
from pipelines.session import Session
from pipelines.steps.mend_lines import lines_by_delivery
from pipelines.steps.originals import Originals
from pipelines.workspace import make_private
from transforms.findings import Finding
from transforms.readers.archive import MEMBER_SEPARATOR
from transforms.returned.build import MOST_LINES, render_returned
from transforms.returned.lines import MendLine
from transforms.returned.model import FORMAT_ID, ReturnedMarker

log = logging.getLogger("motcua.outbox")

UNWRITTEN = "outbox.unwritten"
SUFFIX = "can-sua"
NO_UNIT_FOLDER = "chua-ro-don-vi"
_LEDGER = ".da-viet.json"
_LOOK = 1
"""Raised when the same lines come to look different, so that what lies in outboxes is written anew."""
_LONGEST_STEM = 180
"""Bytes; a file system takes 255 for a whole name."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})

Delivery = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutboxResult:
    """What the outbox holds after a night, as names below it."""

    written: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def count(self) -> int:
        """Workbooks that wait for their units."""
        return len(self.written) + len(self.same)


def write_outbox(session: Session, inbox: Path, as_of: date) -> OutboxResult:
    """Write, leave or remove the workbooks so that each delivery with open findings for its unit has one.

    One with the same content as before is left alone; so is one that somebody has edited in place. A
    workbook that cannot be written costs itself only and is the finding ``outbox.unwritten``. Raises
    StoreUnreachableError where the disk takes nothing more.
    """
    outbox = _Outbox(session, inbox, as_of)
    wanted = lines_by_delivery(session, as_of)
    deliveries = {row["delivery_id"]: row for row in session.store.deliveries().to_pylist()}
    findings: list[Finding] = []
    for identity, lines in sorted(wanted.items()):
        delivery = deliveries[identity]
        try:
            outbox.provide(delivery, lines)
        except Exception as problem:
            if isinstance(problem, OSError) and problem.errno in _NO_ROOM:
                raise StoreUnreachableError(
                    f"Không ghi được vào {session.workspace.outbox} ({reason_of(problem)}); hãy kiểm tra dung lượng đĩa "
                    "và quyền ghi rồi chạy lại, kho dữ liệu và báo cáo không bị ảnh hưởng."
                ) from problem
            # Any other failure costs one workbook: the night has done its work already (law 5).
            log.exception("workbook not written", extra={"delivery_id": identity})
            findings.append(Finding(UNWRITTEN, unit_code=delivery["unit_code"] or "", file=delivery["file"]))
            outbox.keep(delivery)
    outbox.close()
    result = replace(outbox.result, findings=tuple(findings))
    log.info("outbox", extra={"count": result.count})
    return result


def purge_outbox(outbox: Path, keep_days: int, now: datetime) -> int:
    """How many workbooks were deleted because nothing touched them for that many days.

    A purged workbook is written again only when there is something new to say: it held the sender's
    personal data, which must not lie here for ever.
    """
    oldest = (now - timedelta(days=keep_days)).timestamp()
    old = [path for path in outbox.glob("*/*") if path.is_file() and path.stat().st_mtime < oldest]
    for path in old:
        path.unlink()
    ledger = _read_ledger(outbox)
    purged = {path.relative_to(outbox).as_posix() for path in old}
    if purged & set(ledger):
        _write_ledger(
            outbox,
            {
                name: entry | {"is_purged": name in purged or entry.get("is_purged", False)}
                for name, entry in ledger.items()
            },
        )
    return len(old)


class _Outbox:
    """The outbox while one night writes it; the ledger says what earlier nights wrote."""

    def __init__(self, session: Session, inbox: Path, as_of: date) -> None:
        self._session, self._root = session, session.workspace.outbox
        self._originals = Originals(session, inbox)
        self._unit_names = session.catalogue.unit_names(as_of)
        self._before = _read_ledger(self._root)
        self._after: dict[str, dict[str, Any]] = {}
        self._written: list[str] = []
        self._same: list[str] = []
        self._removed: list[str] = []

    @property
    def result(self) -> OutboxResult:
        return OutboxResult(tuple(self._written), tuple(self._same), tuple(self._removed))

    def provide(self, delivery: Delivery, lines: Sequence[MendLine]) -> None:
        """The workbook or workbooks of one delivery, written only where they say something new."""
        parts = [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]
        keys = [self._key(delivery, part, len(parts)) for part in parts]
        names = [self._name(delivery, number, len(parts)) for number in range(1, len(parts) + 1)]
        stale = [name for name, key in zip(names, keys, strict=True) if not self._stands(name, key)]
        for name in names:
            if name not in stale:
                self._after[name] = self._before[name]
                if not self._before[name].get("is_purged"):
                    self._same.append(name)
        if not stale:
            return
        full_rows, unit_name = self._session.settings.outbox_full_rows, self._unit_name(delivery)
        with self._originals.open(delivery) as sent:
            for number, (name, key, part) in enumerate(zip(names, keys, parts, strict=True), start=1):
                if name in stale:
                    place = (number, len(parts))
                    content = render_returned(_marker(delivery), unit_name, part, sent, full_rows, place)
                    self._write(name, key, content)

    def keep(self, delivery: Delivery) -> None:
        """Leave what an earlier night wrote for a delivery whose workbook could not be written now."""
        mark = f"-{delivery['delivery_id'][:8]}-{SUFFIX}"
        self._after |= {name: entry for name, entry in self._before.items() if mark in name}

    def close(self) -> None:
        """Remove what nobody has to mend any more, and remember what was written."""
        for name in sorted(set(self._before) - set(self._after)):
            path = self._root / name
            if path.exists():
                path.unlink()
                self._removed.append(name)
            if path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
        _write_ledger(self._root, self._after)

    def _stands(self, name: str, key: str) -> bool:
        entry, path = self._before.get(name), self._root / name
        if entry is None:
            return False
        if not path.exists():
            return bool(entry.get("is_purged")) and entry["key"] == key
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found not in (entry["sha256"], entry.get("replaces")):
            log.info("left alone: edited in the outbox", extra={"unit_code": path.parent.name})
            return True
        return bool(found == entry["sha256"] and entry["key"] == key)

    def _write(self, name: str, key: str, content: bytes) -> None:
        path = self._root / name
        make_private(path.parent)
        before = path.read_bytes() if path.exists() else None
        entry = {"key": key, "sha256": hashlib.sha256(content).hexdigest()}
        self._after[name] = entry
        if before == content:
            self._same.append(name)
            return
        # Said before it is done: after a crash in between neither content looks like somebody's edit.
        replaces = {} if before is None else {"replaces": hashlib.sha256(before).hexdigest()}
        _write_ledger(self._root, self._before | self._after | {name: entry | replaces})
        _write_private(path, content)
        self._written.append(name)

    def _key(self, delivery: Delivery, lines: Sequence[MendLine], part_count: int) -> str:
        """What the content depends on, apart from the original: that the original is gone changes nothing."""
        about = (
            FORMAT_ID,
            _LOOK,
            part_count,
            self._session.settings.outbox_full_rows,
            self._unit_name(delivery),
            astuple(_marker(delivery)),
            [astuple(line) for line in lines],
        )
        return hashlib.sha256(repr(about).encode()).hexdigest()

    def _name(self, delivery: Delivery, number: int, count: int) -> str:
        part = f"-{number}" if count > 1 else ""
        stem = _stem(delivery["file"])
        return f"{_folder(delivery)}/{stem}-{delivery['delivery_id'][:8]}-{SUFFIX}{part}.xlsx"

    def _unit_name(self, delivery: Delivery) -> str:
        code = delivery["unit_code"] or ""
        return self._unit_names.get(code, code) or "chưa rõ đơn vị"


def _marker(delivery: Delivery) -> ReturnedMarker:
    """What is known of the delivery; a refused one has no time of export but when it arrived."""
    arrived = delivery["known_from"].astimezone(VIETNAM).replace(tzinfo=None, microsecond=0)
    return ReturnedMarker(
        delivery_id=delivery["delivery_id"],
        sha256=delivery["sha256"],
        unit_code=delivery["unit_code"] or "",
        kind="" if delivery["state"] == "refused" else delivery["kind"] or "",
        profile_id=delivery["profile_id"] or "",
        exported_at=delivery["exported_at"] or arrived,
        exported_at_source=delivery["exported_at_source"] or "arrival",
        file=delivery["file"],
    )


def _folder(delivery: Delivery) -> str:
    return PurePosixPath(delivery["unit_code"] or NO_UNIT_FOLDER).name


def _stem(file: str) -> str:
    """The file's own name without folders and suffix; of a workbook that went back before, the first name."""
    own = file.replace("\\", "/").replace("/", "_").replace(MEMBER_SEPARATOR, "_")
    stem = PurePosixPath(own).stem
    head, _, tail = stem.rpartition(f"-{SUFFIX}")
    if head and (not tail or tail.lstrip("-").isdigit()) and len(head) > 9 and head[-9] == "-":
        stem = head[:-9]
    return stem.encode()[:_LONGEST_STEM].decode(errors="ignore").strip() or "tep"


def _read_ledger(outbox: Path) -> dict[str, dict[str, Any]]:
    """What earlier nights wrote, by name; nothing where the ledger is gone or damaged."""
    try:
        ledger = json.loads((outbox / _LEDGER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return ledger if isinstance(ledger, dict) else {}


def _write_ledger(outbox: Path, ledger: Mapping[str, Mapping[str, Any]]) -> None:
    if ledger or (outbox / _LEDGER).exists():
        text = json.dumps(dict(ledger), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        make_private(outbox)
        _write_private(outbox / _LEDGER, text.encode())


def _write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by nobody else from the first byte on."""
    temporary = path.with_name(f".{path.name[-40:]}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
