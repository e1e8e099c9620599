"""Standing corrections: which hold tonight, laid over what is read and over what the store holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.inbox import delivery_id
from pipelines.steps.decisions import (
    CORRECTION,
    correction_row,
    ended_row,
    masked_correction,
    newest_lines,
    parse_correction,
)
from pipelines.steps.model import DeliveryOutcome, RowCounts
from pipelines.store import Store
from transforms.canonical.build import check_conservation
from transforms.canonical.corrections import (
    CORRECTION_PROFILE,
    CORRECTIONS_FILE,
    Correction,
    apply_corrections,
)
from transforms.canonical.mended import SetApart, check_matches, mend_quarantined, mend_records
from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.history.as_known import latest_versions
from transforms.readers.model import RawExport
from transforms.schema.tables import RECORD_TABLES

UNMATCHED = "correction.unmatched"
NO_RECORD = "không có dòng nào khớp với mục này"
_NAMES_OTHER_UNITS = ("dossier", "overdue")
"""Kinds whose files may hold rows of the units below: a district's list of its communes."""

Canonicaliser = Callable[[RawExport, DeliveryContext, Catalogue], Canonicalised]


class Known(Protocol):
    """The newest version of each record, this night's additions included."""

    def latest_of(self, units: Sequence[str]) -> pa.Table:
        """The records of those units."""


# Not a dataclass: Prefect looks for futures inside dataclasses, and there may be many corrections.
class Standing:
    """What people decided that holds for one night, in the order of the decisions.

    An entry taken out of corrections.yml ends: later deliveries are read as they come. What the store
    mended meanwhile stays as it is known, because a report was built on it and the older value was not
    shown to be right; who wants it back writes an entry the other way round. The end is a second line of
    the decision with its last day, so that the store tells for every instant which corrections held.
    Corrections from returned workbooks hold until the record reads otherwise in a later export.
    """

    def __init__(
        self,
        entries: Sequence[Correction],
        decisions: pa.Table,
        delivery_ids: frozenset[str],
        catalogue: Catalogue,
        day: date,
    ) -> None:
        lines = newest_lines(decisions, CORRECTION)
        written = {correction.correction_id: correction for correction in map(masked_correction, entries)}
        held: list[Correction] = []
        self.ended: list[dict[str, Any]] = []
        for identity, row in lines.items():
            stored = parse_correction(row)
            if identity in written:
                held.append(written[identity])
            elif stored.brought_by and row["expires_on"] is None:
                held.append(stored)
            elif row["expires_on"] is None:
                self.ended.append(ended_row(row, day))
        fresh = [correction for identity, correction in written.items() if identity not in lines]
        again = [written[i] for i, row in lines.items() if i in written and row["expires_on"] is not None]
        self.corrections: tuple[Correction, ...] = (*held, *fresh)
        self.new: tuple[Correction, ...] = (*again, *fresh)
        """Entries that are on record as holding only from tonight on."""
        self.entries = tuple(written.values())
        self.delivery_ids = delivery_ids
        """Accepted deliveries."""
        self.known_decisions = frozenset(decisions.column("decision_id").to_pylist())
        self.catalogue = catalogue

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Lines of the decisions table that tonight adds: entries that are new, again or no more."""
        return [*map(correction_row, self.new), *self.ended]

    def of_kind(self, kind: str) -> tuple[Correction, ...]:
        """The corrections of one kind of record."""
        return tuple(correction for correction in self.corrections if correction.kind == kind)


def load_standing(store: Store, entries: Sequence[Correction], catalogue: Catalogue, day: date) -> Standing:
    """The corrections that hold, from the workspace's file and from what the store remembers."""
    deliveries = store.deliveries()
    accepted = deliveries.filter(pc.equal(deliveries.column("state"), "accepted")).column("delivery_id")
    return Standing(entries, store.decisions(), frozenset(accepted.to_pylist()), catalogue, day)


def canonicalise_corrected(
    raw: RawExport,
    context: DeliveryContext,
    standing: Standing | None,
    catalogue: Catalogue,
    canonicalise: Canonicaliser,
) -> tuple[Canonicalised, pa.Table, int]:
    """The export as it reads under the standing corrections, the records they take out, and how many rows they touched.

    A row that is taken out counts as superseded: the decision overtook it. The records taken out carry
    ``_removal``; findings about them are not raised.
    """
    corrections = standing.of_kind(raw.kind) if standing else ()
    empty = RECORD_TABLES[raw.kind].empty()
    if not corrections:
        return canonicalise(raw, context, catalogue), empty, 0
    unit_code = context.unit_code or canonicalise(raw, context, catalogue).unit_code
    units = {unit_code}
    if raw.kind in _NAMES_OTHER_UNITS:
        units |= _below(unit_code, catalogue)
    laid = apply_corrections(raw, corrections, units, catalogue)
    result = canonicalise(laid.raw, context, catalogue)
    removed = empty
    if laid.removed is not None:
        gone = canonicalise(laid.removed, replace(context, unit_code=unit_code), catalogue)
        spots = list(zip(laid.removed.sheets.to_pylist(), laid.removed.row_numbers.to_pylist(), strict=True))
        by_spot = dict(zip(spots, laid.removed_by, strict=True))
        rows = [{**row, "_removal": by_spot[row["_sheet"], row["_row"]]} for row in gone.records.to_pylist()]
        removed = pa.Table.from_pylist(rows, schema=empty.schema)
        # Without a key, so that no row is taken for the version that this one overtook.
        nameless = pa.Table.from_pylist([{"_row": row} for _, row in spots], schema=empty.schema)
        result = replace(result, superseded=pa.concat_tables([result.superseded, nameless]))
        check_conservation(raw, result)
    return result, removed, sum(laid.applied.values())


@dataclass(frozen=True, slots=True)
class MendingDelivery:
    """Versions that corrections add to what the store holds, as one delivery."""

    outcome: DeliveryOutcome
    sha256: str
    versions: pa.Table


def mend_store(store: Store, known: Mapping[str, Known], standing: Standing) -> list[MendingDelivery]:
    """What the standing corrections change in the store, one delivery per unit, kind and time of export.

    Nothing where everything is mended already, so a second night adds nothing.
    """
    deliveries: list[MendingDelivery] = []
    for kind in sorted({correction.kind for correction in standing.corrections}):
        corrections = standing.of_kind(kind)
        units = sorted({correction.unit_code for correction in corrections})
        versions = mend_records(known[kind].latest_of(units), kind, corrections, standing.catalogue)
        taken, _ = _mend_quarantined(store, kind, units, corrections, standing.catalogue)
        deliveries.extend(_as_deliveries(store, kind, pa.concat_tables([versions, taken]), corrections))
    return deliveries


def mended_spots(
    store: Store, corrections: Sequence[Correction], catalogue: Catalogue, known_at: datetime | None = None
) -> frozenset[SetApart]:
    """Rows that were set apart and that those corrections make readable or take out."""
    found: set[SetApart] = set()
    for kind in sorted({correction.kind for correction in corrections}):
        own = tuple(correction for correction in corrections if correction.kind == kind)
        units = sorted({correction.unit_code for correction in own})
        found.update(_mend_quarantined(store, kind, units, own, catalogue, known_at)[1])
    return frozenset(found)


def held_corrections(decisions: pa.Table) -> tuple[Correction, ...]:
    """The corrections that hold by the lines of the decisions table, in the order of the decisions."""
    lines = newest_lines(decisions, CORRECTION).values()
    return tuple(parse_correction(row) for row in lines if row["expires_on"] is None)


def check_corrections(store: Store, standing: Standing) -> tuple[Finding, ...]:
    """``correction.unmatched`` for every entry of corrections.yml that is about nothing any more.

    Either its record reads neither the old nor the new value, or no record matches although the unit has
    delivered that kind. Corrections from returned workbooks are not told of: nobody could take them out
    of a file, and where the record reads otherwise now, the newer export is the unit's own newer word.
    """
    findings: list[Finding] = []
    for kind in sorted({correction.kind for correction in standing.entries}):
        own = [correction for correction in standing.entries if correction.kind == kind]
        units = sorted({correction.unit_code for correction in own})
        table = RECORD_TABLES[kind]
        versions = store.versions(kind, units=units)
        delivered = _delivered(store, kind) | set(versions.column("unit_code").to_pylist())
        for correction, now in check_matches(
            latest_versions(versions, table),
            latest_versions(versions, table, with_removed=True),
            store.quarantined(),
            _profile_ids(store),
            kind,
            own,
            standing.catalogue,
        ):
            if now is None and correction.unit_code not in delivered:
                continue
            findings.append(_unmatched(correction, now))
    return tuple(findings)


def _unmatched(correction: Correction, now: str | None) -> Finding:
    if now is None:
        stands = NO_RECORD
    else:
        label = RECORD_TABLES[correction.kind].column(correction.column).label
        stands = f"cột “{label}” đang ghi “{now}”" if now else f"cột “{label}” đang để trống"
    params = (
        ("subject", correction.subject),
        ("code", correction.correction_id),
        ("entry", correction.source),
        ("stands", stands),
    )
    return Finding(UNMATCHED, correction.unit_code, correction.kind, CORRECTIONS_FILE, params=params)


def _mend_quarantined(
    store: Store,
    kind: str,
    units: Sequence[str],
    corrections: Sequence[Correction],
    catalogue: Catalogue,
    known_at: datetime | None = None,
) -> tuple[pa.Table, tuple[SetApart, ...]]:
    apart = store.quarantined(known_at)
    if apart.num_rows == 0:
        return RECORD_TABLES[kind].empty(), ()
    versions = store.versions(kind, known_at, units)
    latest = latest_versions(versions, RECORD_TABLES[kind], with_removed=True)
    return mend_quarantined(apart, _profile_ids(store), latest, kind, corrections, catalogue)


def _as_deliveries(
    store: Store, kind: str, versions: pa.Table, corrections: Sequence[Correction]
) -> list[MendingDelivery]:
    if versions.num_rows == 0:
        return []
    units = {row["delivery_id"]: row["unit_code"] for row in store.deliveries().to_pylist()}
    groups: dict[tuple[str, datetime], list[dict[str, Any]]] = {}
    for row in versions.to_pylist():
        unit_code = units.get(row["_delivery_id"], row["unit_code"])
        groups.setdefault((unit_code, row["_exported_at"]), []).append(row)
    found: list[MendingDelivery] = []
    for (unit_code, exported_at), rows in sorted(groups.items()):
        ids = sorted(c.correction_id for c in corrections)
        sha256 = hashlib.sha256("\n".join(ids).encode()).hexdigest()
        identity = delivery_id(unit_code, f"{sha256}{kind}{exported_at}{rows}")
        rows = [{**row, "_delivery_id": identity} for row in rows]
        counts = RowCounts(accepted=len(rows))
        outcome = DeliveryOutcome(
            identity, unit_code, CORRECTIONS_FILE, "accepted", kind, CORRECTION_PROFILE, counts, exported_at,
            corrected_count=len(rows),
        )  # fmt: skip
        found.append(MendingDelivery(outcome, sha256, pa.Table.from_pylist(rows, schema=versions.schema)))
    return found


def _profile_ids(store: Store) -> dict[str, str]:
    rows = store.deliveries().select(["delivery_id", "profile_id"]).to_pylist()
    return {row["delivery_id"]: row["profile_id"] or "" for row in rows}


def _delivered(store: Store, kind: str) -> set[str]:
    return {
        row["unit_code"]
        for row in store.deliveries().to_pylist()
        if row["state"] == "accepted" and row["kind"] == kind and row["profile_id"] != CORRECTION_PROFILE
    }


def _below(unit_code: str, catalogue: Catalogue) -> set[str]:
    found: set[str] = set()
    open_codes = [unit_code]
    while open_codes:
        parent = open_codes.pop()
        children = {unit.code for unit in catalogue.units if unit.parent_code == parent} - found
        found |= children
        open_codes.extend(children)
    return found
