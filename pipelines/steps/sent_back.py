"""Workbooks that units sent back: recognised before anything else, then turned into decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.inbox import InboxFile
from pipelines.steps.corrections import Standing
from pipelines.steps.decisions import NO_AUTHOR, masked
from pipelines.steps.explanations import explanation_rows
from pipelines.steps.model import ReadDelivery, SentBack
from pipelines.store import Store, concat
from transforms.canonical.changes import Changes, Remark, find_changes, split_edited
from transforms.canonical.changes import SentBack as SentRows
from transforms.canonical.comparing import Comparer
from transforms.catalogue.model import Catalogue, Profile
from transforms.findings import Finding, Place
from transforms.history.as_known import latest_versions
from transforms.readers.model import RawExport, UnreadableFileError, Workbook
from transforms.readers.repeating import as_strings
from transforms.returned.model import MEND_SHEET
from transforms.returned.read import find_marker, split_returned
from transforms.schema.keys import key_texts
from transforms.schema.tables import RECORD_TABLES

OTHER_UNIT = "returned.other_unit"
UNKNOWN_DELIVERY = "returned.unknown_delivery"
OUTDATED = "returned.outdated"
LATE_EXPLANATION = "returned.explanation.late"
LOST_EXPLANATION = "returned.explanation.unplaced"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as it is to be read: its own sheets, and what is known of it when it went out from here before."""

    workbook: Workbook
    unit_code: str
    sent_back: SentBack | None = None
    exported: tuple[datetime, str] | None = None
    profile_id: str = ""
    has_data: bool = True
    findings: tuple[Finding, ...] = ()

    def profiles(self, catalogue: Catalogue) -> Sequence[Profile]:
        """The profile that read the file the first time, in any container; every profile for any other file."""
        own = [replace(p, containers=()) for p in catalogue.profiles if p.profile_id == self.profile_id]
        return own or catalogue.profiles


def open_sent(workbook: Workbook, file: InboxFile, standing: Standing | None) -> OpenedFile:
    """The file without our sheets where it is a returned workbook, as it is otherwise.

    Raises UnreadableFileError ``returned.marker.damaged``, and ``returned.other_unit`` where the workbook
    went out to another unit than the one whose folder it lies in. One that answers a delivery which the
    store does not know is read like an ordinary export, with ``returned.unknown_delivery``.
    """
    marker = find_marker(workbook)
    if marker is None:
        return OpenedFile(workbook, file.unit_code)
    if file.unit_code and marker.unit_code and file.unit_code != marker.unit_code:
        raise UnreadableFileError(OTHER_UNIT, named_unit=marker.unit_code)
    returned = split_returned(workbook)
    unit_code = file.unit_code or marker.unit_code
    # A refused file has no accepted delivery; its workbook is the list alone.
    is_known = standing is not None and (marker.delivery_id in standing.delivery_ids or not marker.kind)
    if not is_known and returned.has_data:
        finding = Finding(UNKNOWN_DELIVERY, unit_code, marker.kind, file.name)
        return OpenedFile(returned.data, unit_code, findings=(finding,))
    return OpenedFile(
        workbook=returned.data,
        unit_code=unit_code,
        sent_back=SentBack(marker, returned.explanations),
        exported=(marker.exported_at, marker.exported_at_source),
        profile_id=marker.profile_id,
        has_data=returned.has_data,
    )


def raw_texts(raw: RawExport) -> pa.Table:
    """The texts of columns that may be kept, with their places."""
    names = [name for name in RECORD_TABLES[raw.kind].content_names if name in raw.body.column_names]
    texts = pa.table({name: as_strings(raw.body[name]) for name in names})
    sheets, rows = (
        column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        for column in (raw.sheets, raw.row_numbers)
    )
    return texts.append_column("_sheet", sheets.cast(pa.string())).append_column(
        "_row", rows.cast(pa.int64())
    )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The records of a returned workbook that say something new, and the decisions that follow."""

    edited: pa.Table
    same_count: int
    changes: Changes


def take_back(
    read: ReadDelivery,
    sent_back: SentBack,
    records: pa.Table,
    raw: pa.Table,
    store: Store,
    tonight: Sequence[pa.Table],
    catalogue: Catalogue,
    day: date,
) -> TakenBack:
    """What a unit changed, against what was known at the time of the export that it answers.

    ``tonight``: versions that this night adds before it. A row that reads as it did when the workbook went
    out is no news, whatever a newer export says since.
    """
    marker, table = sent_back.marker, RECORD_TABLES[read.kind]
    units = sorted(set(records.column("unit_code").to_pylist()))
    versions = concat(table, [store.versions(read.kind, units=units), *tonight])
    then = versions.filter(
        pc.less_equal(versions.column("_exported_at"), pa.scalar(marker.exported_at, pa.timestamp("us")))
    )
    known = latest_versions(then, table)
    of_delivery = versions.filter(pc.equal(versions.column("_delivery_id"), marker.delivery_id))
    is_edited = split_edited(records, [known, of_delivery], table)
    apart = store.quarantined()
    answered = _answered(store, marker.delivery_id)
    apart = apart.filter(pc.is_in(apart.column("_delivery_id"), value_set=pa.array(answered, pa.string())))
    edited = records.filter(is_edited)
    sent = SentRows(
        kind=read.kind,
        edited=edited,
        keys=frozenset(key_texts(records, table).to_pylist()),
        raw=raw,
        known=known,
        apart=apart.to_pylist(),
        remarks=_remarks(sent_back),
        file=read.file,
        brought_by=read.delivery_id,
        day=day,
    )
    profile = next((p for p in catalogue.profiles if p.profile_id == read.profile_id), None)
    changes = find_changes(sent, Comparer(read.kind, catalogue, profile))
    return TakenBack(edited, records.num_rows - edited.num_rows, changes)


def explain(
    read: ReadDelivery, sent_back: SentBack, store: Store, day: date
) -> tuple[list[dict[str, Any]], tuple[Finding, ...]]:
    """The explanations as lines of the decisions table, and what has to be said about them."""
    rows, lost = explanation_rows(read, sent_back, day)
    states = {row["finding_id"]: row["state"] for row in store.findings().to_pylist()}
    lines = {line.line: line for line in sent_back.marker.lines}
    late = tuple(
        Place(MEND_SHEET, explanation.row, lines[explanation.line].subject)
        for explanation in sent_back.explanations
        if explanation.line in lines and states.get(lines[explanation.line].finding_id) != "open"
    )
    places = tuple(Place(MEND_SHEET, row["row"]) for row in lost)
    told = ((LATE_EXPLANATION, late), (LOST_EXPLANATION, places))
    findings = (
        Finding(code, read.unit_code, read.kind, read.file, places=found) for code, found in told if found
    )
    return rows, tuple(findings)


def outdated(read: ReadDelivery, superseded: pa.Table) -> tuple[Finding, ...]:
    """``returned.outdated`` with the edited rows of which a newer export came in between."""
    if superseded.num_rows == 0:
        return ()
    subject = (
        "dossier_code" if "dossier_code" in superseded.column_names else RECORD_TABLES[read.kind].key[-1]
    )
    places = tuple(
        Place(row["_sheet"] or "", row["_row"], str(row[subject] or "")) for row in superseded.to_pylist()
    )
    return (Finding(OUTDATED, read.unit_code, read.kind, read.file, places=places),)


def _answered(store: Store, delivery_id: str) -> list[str]:
    """The delivery and those before it, where it is itself a workbook that came back."""
    answers = {row["delivery_id"]: row["answers_delivery_id"] for row in store.deliveries().to_pylist()}
    chain = [delivery_id]
    while (before := answers.get(chain[-1])) and before not in chain:
        chain.append(before)
    return chain


def _remarks(sent_back: SentBack) -> dict[tuple[str, int], Remark]:
    """What the list said about each row, with the explanation that came back beside it."""
    explained = {explanation.line: explanation for explanation in sent_back.explanations}
    remarks: dict[tuple[str, int], Remark] = {}
    for line in sent_back.marker.lines:
        spot = (line.sheet, line.row)
        before = remarks.get(spot, Remark())
        explanation = explained.get(line.line)
        remarks[spot] = Remark(
            subject=before.subject or line.subject,
            columns=before.columns | {line.column},
            reason=before.reason or (masked(explanation.text) if explanation else ""),
            owner=before.owner or ((masked(explanation.author) or NO_AUTHOR) if explanation else ""),
        )
    return remarks
