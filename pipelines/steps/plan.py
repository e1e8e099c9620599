"""Which files have to be read: everything in the inbox that is complete and was not taken before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.inbox import InboxFile, delivery_id, growing_files, list_inbox, sha256_of
from pipelines.steps.commit import unchanged_outcome
from pipelines.steps.model import DeliveryOutcome
from pipelines.store import Store
from transforms.findings import Finding


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to read, with the hash of the bytes that were seen."""

    file: InboxFile
    sha256: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """``to_read`` and what needs no reading: known content, files being written, names passed over."""

    to_read: tuple[PlannedFile, ...]
    unchanged: tuple[DeliveryOutcome, ...]
    unfinished: tuple[PlannedFile, ...]
    """Files that somebody is still writing: refused for tonight."""
    copies: tuple[PlannedFile, ...]
    """Files with the same bytes as one in ``to_read``: what they say is known once that one is read."""
    findings: tuple[Finding, ...]


def plan_inbox(store: Store, inbox: Path, unit_codes: Sequence[str], stable_seconds: float) -> ReadingPlan:
    """The plan for a whole inbox, in unit and name order."""
    listing = list_inbox(inbox, unit_codes)
    return _plan(store, listing.files, listing.findings, stable_seconds)


def plan_files(store: Store, files: Sequence[InboxFile], stable_seconds: float) -> ReadingPlan:
    """The plan for files named one by one."""
    return _plan(store, files, (), stable_seconds)


def _plan(
    store: Store, files: Sequence[InboxFile], findings: tuple[Finding, ...], stable_seconds: float
) -> ReadingPlan:
    growing = growing_files([file.path for file in files], stable_seconds)
    known = {row["delivery_id"]: row for row in store.deliveries().to_pylist() if row["state"] == "accepted"}
    to_read: list[PlannedFile] = []
    unchanged: list[DeliveryOutcome] = []
    unfinished: list[PlannedFile] = []
    copies: list[PlannedFile] = []
    repeats: list[Finding] = []
    first_names: dict[str, str] = {}
    for file in files:
        if not file.path.exists():
            continue
        sha256 = sha256_of(file.path)
        identity = delivery_id(file.unit_code, sha256)
        if file.path in growing:
            unfinished.append(PlannedFile(file, sha256, identity))
            continue
        is_copy = identity in first_names
        if is_copy:
            params = (("first_file", first_names[identity]),)
            repeats.append(Finding("file.repeated", unit_code=file.unit_code, file=file.name, params=params))
        first_names.setdefault(identity, file.name)
        if identity in known:
            unchanged.append(unchanged_outcome(file.name, known[identity]))
        elif is_copy:
            copies.append(PlannedFile(file, sha256, identity))
        else:
            to_read.append(PlannedFile(file, sha256, identity))
    return ReadingPlan(
        tuple(to_read), tuple(unchanged), tuple(unfinished), tuple(copies), (*findings, *repeats)
    )
