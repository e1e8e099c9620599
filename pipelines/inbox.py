"""What lies in the inbox: which files, whose they are, and whether they are complete."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.findings import Finding

_CHUNK = 1 << 20
_SETTLED_SECONDS = 10.0
_NOT_DELIVERIES = ("readme.md", "readme.txt", ".gitkeep", "thumbs.db", ".ds_store")


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file to read. ``unit_code`` is the folder's name, empty for a file at the top of the inbox."""

    unit_code: str
    path: Path

    @property
    def name(self) -> str:
        """File name without folder."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class InboxListing:
    """Files to read, in unit and name order, and what was passed over with its reason."""

    files: tuple[InboxFile, ...]
    findings: tuple[Finding, ...]


def list_inbox(inbox: Path, unit_codes: Sequence[str]) -> InboxListing:
    """Every delivery below the inbox: ``inbox/<unit code>/file`` or ``inbox/file``.

    Office lock files (``~$...``) and folders that are no unit are passed over with a finding.
    """
    files: list[InboxFile] = []
    findings: list[Finding] = []
    known = set(unit_codes)
    for entry in sorted(inbox.iterdir(), key=lambda path: path.name):
        if entry.is_dir():
            if entry.name not in known:
                if any(entry.iterdir()):
                    findings.append(
                        Finding("file.unit.unknown_folder", file=entry.name, params=(("folder", entry.name),))
                    )
                continue
            inside = sorted((path for path in entry.rglob("*") if path.is_file()), key=lambda path: str(path))
            files.extend(InboxFile(entry.name, path) for path in inside)
        elif entry.is_file():
            files.append(InboxFile("", entry))
    taken: list[InboxFile] = []
    for file in files:
        if file.name.casefold() in _NOT_DELIVERIES:
            continue
        if file.name.startswith(("~$", ".~lock.")):
            findings.append(Finding("file.temporary", unit_code=file.unit_code, file=file.name))
            continue
        taken.append(file)
    return InboxListing(tuple(taken), tuple(findings))


def growing_files(paths: Sequence[Path], seconds: float) -> frozenset[Path]:
    """Files whose size or modification time changes within that time: somebody is still writing them.

    One pause for all; a file untouched for longer than the pause needs none.
    """
    before = {path: path.stat() for path in paths}
    newest = max((state.st_mtime for state in before.values()), default=0.0)
    if time.time() - newest <= max(_SETTLED_SECONDS, seconds):
        time.sleep(seconds)
    after = {path: path.stat() if path.exists() else None for path in paths}
    return frozenset(
        path
        for path, old in before.items()
        if (new := after[path]) is None or (old.st_size, old.st_mtime_ns) != (new.st_size, new.st_mtime_ns)
    )


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def delivery_id(unit_code: str, sha256: str) -> str:
    """First 16 hex digits of SHA-256 over unit code and content hash."""
    return hashlib.sha256(f"{unit_code}\n{sha256}".encode()).hexdigest()[:16]
