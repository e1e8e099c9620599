"""Everything that the store ever knew of one dossier, in one place and in the order in which it became known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.steps.decisions import CORRECTION, EXPLANATION
from pipelines.store import RETRACTION, Store
from transforms.canonical.corrections import CORRECTION_PROFILE
from transforms.canonical.source import tidied_codes
from transforms.history.as_known import latest_versions
from transforms.history.confirmed import last_exported
from transforms.schema.tables import RECORD_TABLES

KINDS = ("dossier", "overdue", "fee")
"""Kinds of record that bear a dossier code."""
FIRST, CHANGED, OLDER, CORRECTED, REMOVED, KEPT = "first", "changed", "older", "corrected", "removed", "kept"
SET_APART, EXPLAINED, TAKEN_BACK, COUNTS_AGAIN = "set_apart", "explained", "retracted", "counts_again"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that became known of a dossier.

    ``what``: first, changed, older (an export from before what was known), corrected, removed, kept (said again
    because another delivery was taken back), set_apart, explained, retracted or counts_again.
    """

    known_from: datetime
    what: str
    kind: str
    unit_code: str
    exported_at: datetime | None
    file: str
    sheet: str
    row: int
    delivery_id: str
    sha256: str
    counts: bool
    """True when it stands today: its delivery was not taken back."""
    is_latest: bool
    """True for the version that counts today."""
    values: Mapping[str, Any]
    """What the record stated; for a row that was set apart the texts that were kept."""
    note: str = ""
    """The decision's author and words."""


@dataclass(frozen=True, slots=True)
class DossierHistory:
    """The entries, oldest first, and for each kind and unit the last export that held the record as it stands."""

    code: str
    entries: tuple[HistoryEntry, ...]
    last_exported: Mapping[tuple[str, str], datetime]


def dossier_history(store: Store, code: str, unit_code: str | None = None) -> DossierHistory:
    """Versions of the dossier, of its lines in overdue lists and of its receipts, with what people decided about them.

    Without ``unit_code`` of every unit that used the code. Rows that a run left without committing are not
    history. The entries are empty where the code was never seen.
    """
    code = code.strip().upper()
    deliveries = store.deliveries().to_pylist()
    by_instant = {row["known_from"]: row for row in deliveries if row["state"] not in ("refused",)}
    by_id = {row["delivery_id"]: row for row in by_instant.values()}
    verdicts = {verdict.known_from for verdict in store.verdicts()}
    entries: list[HistoryEntry] = []
    exported: dict[tuple[str, str], datetime] = {}
    for kind in KINDS:
        table = RECORD_TABLES[kind]
        every = _of(store.read(table), code, unit_code)
        counting = _of(store.versions(kind), code, unit_code)
        latest = latest_versions(counting, table)
        counted, winners = ({_place(row) for row in rows.to_pylist()} for rows in (counting, latest))
        told = last_exported(latest, table, store.confirmed(kind)).to_pylist()
        for row, moment in zip(latest.to_pylist(), told, strict=True):
            key = (kind, row["unit_code"])
            exported[key] = max(moment, exported.get(key, moment))
        known: dict[tuple[Any, ...], datetime] = {}
        for row in sorted(every.to_pylist(), key=lambda r: (r["_known_from"], r["_exported_at"], r["_row"])):
            delivery = by_instant.get(row["_known_from"])
            if delivery is None and row["_known_from"] not in verdicts:
                continue
            what = _what(row, delivery, known.get(_key(row, table.key)))
            known[_key(row, table.key)] = max(
                row["_exported_at"], known.get(_key(row, table.key), row["_exported_at"])
            )
            entries.append(
                _entry(
                    row, what, kind, by_id, _place(row) in counted, _place(row) in winners,
                    {name: row[name] for name in table.content_names if row[name] is not None},
                )
            )  # fmt: skip
    entries += _set_apart(store, code, unit_code, by_instant, by_id)
    touched = {entry.delivery_id for entry in entries}
    entries += _decided(store, code, unit_code, touched)
    return DossierHistory(code, tuple(sorted(entries, key=lambda entry: entry.known_from)), exported)


def _of(rows: pa.Table, code: str, unit_code: str | None) -> pa.Table:
    rows = rows.filter(pc.equal(rows["dossier_code"], code))
    return rows if unit_code is None else rows.filter(pc.equal(rows["unit_code"], unit_code))


def _key(row: Row, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(row[name] or "" for name in names)


def _place(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("_known_from", "_delivery_id", "_sheet", "_row", "_exported_at"))


def _what(row: Row, delivery: Row | None, known: datetime | None) -> str:
    if row["_removal"]:
        return REMOVED
    if delivery is None or delivery["delivery_id"] != row["_delivery_id"]:
        return KEPT
    if delivery["profile_id"] == CORRECTION_PROFILE:
        return CORRECTED
    if known is None:
        return FIRST
    return OLDER if row["_exported_at"] < known else CHANGED


def _entry(
    row: Row,
    what: str,
    kind: str,
    deliveries: Mapping[str, Row],
    counts: bool,
    is_latest: bool,
    values: Mapping[str, Any],
) -> HistoryEntry:
    delivery = deliveries.get(row["_delivery_id"], {})
    return HistoryEntry(
        known_from=row["_known_from"],
        what=what,
        kind=kind,
        unit_code=row["unit_code"],
        exported_at=row["_exported_at"],
        file=row["_file"],
        sheet=row["_sheet"] or "",
        row=row["_row"] or 0,
        delivery_id=row["_delivery_id"],
        sha256=delivery.get("sha256", ""),
        counts=counts,
        is_latest=is_latest,
        values=values,
        note=row["_removal"] or "",
    )


def _set_apart(
    store: Store,
    code: str,
    unit_code: str | None,
    by_instant: Mapping[datetime, Row],
    by_id: Mapping[str, Row],
) -> list[HistoryEntry]:
    rows = [
        (row, json.loads(row["raw_json"]))
        for row in store.quarantined().to_pylist()
        if row["_known_from"] in by_instant and unit_code in (None, row["unit_code"])
    ]
    codes = tidied_codes(pa.array([texts.get("dossier_code") for _, texts in rows], pa.string())).to_pylist()
    return [
        _entry({**row, "_removal": None}, SET_APART, row["kind"], by_id, True, False, texts)
        for (row, texts), own in zip(rows, codes, strict=True)
        if own == code
    ]


def _decided(store: Store, code: str, unit_code: str | None, delivery_ids: set[str]) -> list[HistoryEntry]:
    """Explanations and corrections about the dossier, and what was decided about the deliveries that brought it."""
    found: list[HistoryEntry] = []
    for row in store.decisions().to_pylist():
        if row["kind"] == RETRACTION and row["subject"] in delivery_ids:
            undone = json.loads(row["details_json"])["action"] == "undo"
            what, file = (COUNTS_AGAIN if undone else TAKEN_BACK), json.loads(row["details_json"])["file"]
        elif row["kind"] in (EXPLANATION, CORRECTION) and row["subject"] == code:
            what, file = (EXPLAINED if row["kind"] == EXPLANATION else CORRECTED), row["source"]
        else:
            continue
        if unit_code not in (None, row["unit_code"]) and row["kind"] != RETRACTION:
            continue
        found.append(
            HistoryEntry(
                known_from=row["known_from"],
                what=what,
                kind=row["record_kind"] or "",
                unit_code=row["unit_code"],
                exported_at=None,
                file=file,
                sheet="",
                row=0,
                delivery_id=row["subject"] if row["kind"] == RETRACTION else "",
                sha256="",
                counts=True,
                is_latest=False,
                values={},
                note=f"{row['author']}: {row['reason']}",
            )
        )
    return found
