"""Archives in the inbox: each table in one is a delivery of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipelines.inbox import InboxFile, is_lock_file, is_note, unit_of_folders
from transforms.findings import Finding
from transforms.readers.archive import ArchiveMember, is_archive, list_members
from transforms.readers.detect import detect
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

_TABLE_SUFFIXES = frozenset(
    (
        *(".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xltx", ".ods", ".csv", ".tsv", ".txt"),
        *(".htm", ".html", ".xml", ".mht", ".mhtml", ".zip"),
    )
)
"""Under these names a file that cannot be read is a delivery that failed, not something else."""
_PACKED = "tệp nén"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What one file of the inbox holds: itself, or the tables of an archive, and what was passed over."""

    files: tuple[InboxFile, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file with the hash of its content."""

    file: InboxFile
    sha256: str


def unpack(file: InboxFile, limits: Limits, unit_codes: Collection[str]) -> Unpacked:
    """The file itself, or each table of an archive.

    A folder in the archive that is named after a unit names the unit of the files in it, where the
    archive's own folder does not. Documents and pictures beside the tables are named in one finding
    (``file.archive.other``). An archive that cannot be opened, or holds no table, comes back refused.
    """
    with file.path.open("rb") as content:
        if not is_archive(content):
            return Unpacked((file,))
        try:
            members = list_members(content, limits)
        except UnreadableFileError as problem:
            return Unpacked((_refused(file, problem),))
    tables: list[InboxFile] = []
    others: list[str] = []
    findings: list[Finding] = []
    for member in members:
        own_name = PurePosixPath(member.name).name
        found = replace(
            file, member=member, unit_code=file.unit_code or unit_of_folders(member.folders, unit_codes)
        )
        if is_lock_file(own_name):
            findings.append(Finding("file.temporary", unit_code=found.unit_code, file=found.name))
        elif _is_other(found, member, limits):
            others.append(member.name)
        elif not is_note(own_name):
            tables.append(found)
    names = "; ".join(others)
    if not tables:
        nothing = UnreadableFileError("file.archive.no_table", names=names) if others else None
        return Unpacked((_refused(file, nothing or UnreadableFileError("file.empty")),), tuple(findings))
    if others:
        params = (("names", names),)
        findings.append(
            Finding("file.archive.other", unit_code=file.unit_code, file=file.name, params=params)
        )
    return Unpacked(tuple(tables), tuple(findings))


def hash_file(file: InboxFile, limits: Limits) -> HashedFile:
    """The file with its hash; one that an archive does not give out comes back refused.

    Such a file is known by the archive's content and its place there. Raises FileNotFoundError.
    """
    try:
        return HashedFile(file, file.sha256(limits))
    except UnreadableFileError as problem:
        whole = replace(file, member=None).sha256(limits)
        place = file.member.index if file.member else 0
        return HashedFile(_refused(file, problem), hashlib.sha256(f"{whole}\n{place}".encode()).hexdigest())


def _refused(file: InboxFile, problem: UnreadableFileError) -> InboxFile:
    return replace(file, refusal_code=problem.code, refusal_params=problem.params)


def _is_other(file: InboxFile, member: ArchiveMember, limits: Limits) -> bool:
    """True for a document or picture: no table by its name and none by its content."""
    if PurePosixPath(member.name).suffix.casefold() in _TABLE_SUFFIXES:
        return False
    try:
        with file.open(limits) as content:
            detect(content, limits)
    except UnreadableFileError as problem:
        # Another archive may hold tables, so it is refused by name like any table that cannot be read.
        seems = str(dict(problem.params).get("seems", ""))
        return problem.code == "file.unknown_format" and not seems.startswith(_PACKED)
    return False
