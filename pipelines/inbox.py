"""What lies in the inbox: which files, whose they are, and whether they are complete."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from transforms.findings import Finding
from transforms.readers.archive import MEMBER_SEPARATOR, ArchiveMember, unpack_member
from transforms.readers.limits import Limits

_CHUNK = 1 << 20
_IN_MEMORY = 8 << 20
_SETTLED_SECONDS = 10.0
_LOCK_PREFIXES = ("~$", ".~lock.")
_NOT_DELIVERIES = ("readme.md", "readme.txt", ".gitkeep", "thumbs.db", ".ds_store")


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file to read. ``unit_code`` is the folder's name, empty for a file whose unit nobody has said."""

    unit_code: str
    path: Path
    member: ArchiveMember | None = None
    """The file inside the archive at ``path``; None for a file that lies there itself."""
    refusal_code: str = ""
    """Set when looking into the archive has already shown that it cannot be read."""
    refusal_params: tuple[tuple[str, str | int], ...] = ()

    @property
    def name(self) -> str:
        """Name for people, without folder: "ho-so.xls", or "gui.zip › ho-so.xls" for a file in an archive."""
        return f"{self.path.name}{MEMBER_SEPARATOR}{self.member.name}" if self.member else self.path.name

    @contextmanager
    def open(self, limits: Limits) -> Iterator[BinaryIO]:
        """The content as an open seekable binary file; of a file in an archive a temporary copy.

        Raises UnreadableFileError when the archive does not give it out, FileNotFoundError when it is gone.
        """
        with self.path.open("rb") as file:
            if self.member is None:
                yield file
                return
            # In memory while small; on disk nameless, so that nobody else can open it.
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
                unpack_member(file, self.member, copy, limits)  # type: ignore[arg-type]
                copy.seek(0)
                yield copy  # type: ignore[misc]

    def sha256(self, limits: Limits) -> str:
        """SHA-256 of the content, 64 hex digits; raises as ``open`` does."""
        digest = hashlib.sha256()
        with self.open(limits) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class InboxListing:
    """Files to read, in unit and name order, and what was passed over with its reason."""

    files: tuple[InboxFile, ...]
    findings: tuple[Finding, ...]


def list_inbox(inbox: Path, unit_codes: Sequence[str], owner: str = "") -> InboxListing:
    """Every delivery below the inbox: ``inbox/<unit code>/file`` or ``inbox/file``.

    ``owner``: the unit of every file that lies in no unit's folder; where there is one, no folder is unknown. Office lock files (``~$...``) and folders that are no unit are passed over with a finding.
    """
    files: list[InboxFile] = []
    findings: list[Finding] = []
    known = set(unit_codes)
    for entry in sorted(inbox.iterdir(), key=lambda path: path.name):
        if entry.is_dir():
            if entry.name not in known and not owner:
                if any(entry.iterdir()):
                    findings.append(
                        Finding("file.unit.unknown_folder", file=entry.name, params=(("folder", entry.name),))
                    )
                continue
            inside = sorted((path for path in entry.rglob("*") if path.is_file()), key=lambda path: str(path))
            files.extend(InboxFile(entry.name if entry.name in known else owner, path) for path in inside)
        elif entry.is_file():
            files.append(InboxFile(owner, entry))
    taken: list[InboxFile] = []
    for file in files:
        if is_note(file.path.name):
            continue
        if is_lock_file(file.path.name):
            findings.append(Finding("file.temporary", unit_code=file.unit_code, file=file.name))
            continue
        taken.append(file)
    return InboxListing(tuple(taken), tuple(findings))


def is_note(name: str) -> bool:
    """True for files that stand in many folders and are never a delivery."""
    return name.casefold() in _NOT_DELIVERIES


def is_lock_file(name: str) -> bool:
    """True for what an office program leaves beside a document while it is open."""
    return name.startswith(_LOCK_PREFIXES)


def unit_of_folders(folders: Sequence[str], unit_codes: Collection[str]) -> str:
    """Code of the first folder that is named after a unit, "" where none is."""
    return next((folder for folder in folders if folder in unit_codes), "")


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


def delivery_id(unit_code: str, sha256: str) -> str:
    """First 16 hex digits of SHA-256 over unit code and content hash."""
    return hashlib.sha256(f"{unit_code}\n{sha256}".encode()).hexdigest()[:16]
