"""Which files have to be read: everything in the inbox that is complete and was not taken before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.inbox import InboxFile, delivery_id, growing_files, list_inbox
from pipelines.steps.commit import unchanged_outcome
from pipelines.steps.corrections import Standing
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.retraction import retracted_outcome
from pipelines.store import ACCEPTED, RETRACTED, Store
from pipelines.unpacking import hash_file, unpack
from transforms.findings import Finding
from transforms.readers.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to read, with the hash of the bytes that were seen."""

    file: InboxFile
    sha256: str
    delivery_id: str
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """``to_read`` and what needs no reading: known content, files being written, names passed over.

    ``unchanged`` holds files whose bytes were taken before, and refused ones whose bytes were taken back.
    """

    to_read: tuple[PlannedFile, ...]
    unchanged: tuple[DeliveryOutcome, ...]
    unfinished: tuple[PlannedFile, ...]
    """Files that somebody is still writing: refused for tonight."""
    copies: tuple[PlannedFile, ...]
    """Files with the same bytes as one in ``to_read``: what they say is known once that one is read."""
    findings: tuple[Finding, ...]
    standing: Standing | None = None
    """The corrections that hold for this reading; the same for every file."""


def plan_inbox(
    store: Store,
    inbox: Path,
    unit_codes: Sequence[str],
    stable_seconds: float,
    limits: Limits = DEFAULT_LIMITS,
    owner: str = "",
) -> ReadingPlan:
    """The plan for a whole inbox, in unit and name order; a table in an archive is a file like any other.

    ``owner``: whose the files are that lie in no unit's folder.
    """
    listing = list_inbox(inbox, unit_codes, owner)
    return _plan(store, listing.files, listing.findings, frozenset(unit_codes), stable_seconds, limits)


def plan_files(
    store: Store,
    files: Sequence[InboxFile],
    unit_codes: Sequence[str],
    stable_seconds: float,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadingPlan:
    """The plan for files named one by one."""
    return _plan(store, files, (), frozenset(unit_codes), stable_seconds, limits)


def _plan(
    store: Store,
    files: Sequence[InboxFile],
    findings: tuple[Finding, ...],
    unit_codes: Collection[str],
    stable_seconds: float,
    limits: Limits,
) -> ReadingPlan:
    growing = growing_files([file.path for file in files], stable_seconds)
    deliveries = store.deliveries().to_pylist()
    known = {row["delivery_id"]: row for row in deliveries if row["state"] == ACCEPTED}
    # The same bytes also count at the top of the inbox, and in the folder of the unit that they turned out to be of.
    taken_back = {
        (unit, row["sha256"]): row
        for row in deliveries
        if row["state"] == RETRACTED
        for unit in ("", row["unit_code"])
    }
    taken_back_ids = {row["delivery_id"]: row for row in deliveries if row["state"] == RETRACTED}
    to_read: list[PlannedFile] = []
    unchanged: list[DeliveryOutcome] = []
    unfinished: list[PlannedFile] = []
    copies: list[PlannedFile] = []
    noticed: list[Finding] = []
    first_names: dict[str, str] = {}
    complete: list[InboxFile] = []
    for file in files:
        if not file.path.exists():
            continue
        if file.path in growing:
            sha256 = file.sha256(limits)
            unfinished.append(PlannedFile(file, sha256, delivery_id(file.unit_code, sha256)))
            continue
        unpacked = unpack(file, limits, unit_codes)
        complete.extend(unpacked.files)
        noticed.extend(unpacked.findings)
    for file in complete:
        hashed = hash_file(file, limits)
        file, sha256 = hashed.file, hashed.sha256
        identity = delivery_id(file.unit_code, sha256)
        is_copy = identity in first_names
        if is_copy:
            params = (("first_file", first_names[identity]),)
            noticed.append(Finding("file.repeated", unit_code=file.unit_code, file=file.name, params=params))
        first_names.setdefault(identity, file.name)
        retracted = taken_back_ids.get(identity) or taken_back.get((file.unit_code, sha256))
        if identity in known:
            unchanged.append(unchanged_outcome(file.name, known[identity]))
        elif retracted is not None:
            unchanged.append(retracted_outcome(file.name, file.unit_code, retracted))
        elif is_copy:
            copies.append(PlannedFile(file, sha256, identity))
        else:
            to_read.append(PlannedFile(file, sha256, identity))
    return ReadingPlan(
        tuple(to_read), tuple(unchanged), tuple(unfinished), tuple(copies), (*findings, *noticed)
    )
