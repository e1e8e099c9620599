"""Decide what is new, append it once per table, and commit by the lines in ``deliveries``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.steps.model import DeliveryOutcome, ReadDelivery, RowCounts
from pipelines.steps.read import read_spool
from pipelines.store import Store, concat, stamp
from transforms.canonical.compare import compare
from transforms.history.as_known import latest_versions
from transforms.schema.model import Table
from transforms.schema.tables import DELIVERY, QUARANTINED, RECORD_TABLES


def commit_deliveries(
    store: Store, reads: Sequence[ReadDelivery], now: datetime
) -> tuple[DeliveryOutcome, ...]:
    """What became of each delivery, after everything new was appended; same order as ``reads``.

    Deliveries are compared with the store oldest export first, so that of two files of one night the
    later export wins. A refusal that is already on record adds nothing.
    """
    order = sorted(reads, key=lambda read: (read.exported_at or datetime.min, read.unit_code, read.file))  # noqa: DTZ901
    instants = dict(
        zip((read.delivery_id for read in order), store.next_instants(now, len(order)), strict=True)
    )
    outcomes: dict[str, DeliveryOutcome] = {}
    appended: dict[str, list[pa.Table]] = {kind: [] for kind in RECORD_TABLES}
    quarantined: list[pa.Table] = []
    known = {kind: _Known(store, kind) for kind in RECORD_TABLES}
    for read in order:
        if read.spool is None:
            outcomes[read.delivery_id] = _outcome(read, "refused", RowCounts())
            continue
        table = RECORD_TABLES[read.kind]
        only_stamp = {read.delivery_id: instants[read.delivery_id]}
        records = read_spool(read.spool, "records")
        comparison = compare(records, known[read.kind].latest_of(_units(records)), table)
        overtaken = read_spool(read.spool, "superseded")
        apart = read_spool(read.spool, "quarantined")
        accepted = stamp(comparison.accepted, only_stamp)
        kept = [accepted, stamp(comparison.superseded, only_stamp)]
        # An overtaken row is history only beside the row that overtook it: without that one it would seem the newest.
        kept.append(stamp(_with_keys_of(overtaken, accepted, table), only_stamp))
        appended[read.kind].extend(kept)
        quarantined.append(stamp(apart, only_stamp))
        known[read.kind].add(concat(table, kept))
        counts = RowCounts(
            structural=sum(read.structural_counts.values()),
            accepted=comparison.accepted.num_rows,
            unchanged=comparison.unchanged_count,
            superseded=comparison.superseded.num_rows + overtaken.num_rows,
            quarantined=apart.num_rows,
        )
        outcomes[read.delivery_id] = _outcome(read, "accepted", counts)
    for kind, parts in appended.items():
        store.append(RECORD_TABLES[kind], concat(RECORD_TABLES[kind], parts))
    store.append(QUARANTINED, concat(QUARANTINED, quarantined))
    store.append(DELIVERY, _delivery_rows(store, order, outcomes, instants))
    return tuple(outcomes[read.delivery_id] for read in reads)


def unchanged_outcome(file: str, stored: dict[str, object]) -> DeliveryOutcome:
    """A file whose bytes were taken before: every row that was not set apart counts as unchanged."""
    quarantined = _whole(stored, "quarantined_count")
    counts = RowCounts(
        structural=_whole(stored, "structural_row_count"),
        unchanged=_whole(stored, "data_row_count") - quarantined,
        quarantined=quarantined,
    )
    return DeliveryOutcome(
        delivery_id=str(stored["delivery_id"]),
        unit_code=str(stored["unit_code"]),
        file=file,
        state="unchanged",
        kind=str(stored["kind"]),
        profile_id=str(stored["profile_id"]),
        counts=counts,
    )


def copy_outcome(file: str, first: DeliveryOutcome) -> DeliveryOutcome:
    """A second copy of a file of the same night: it says nothing that the first did not say."""
    if first.state == "refused":
        return replace(first, file=file, findings=())
    counts = RowCounts(
        structural=first.counts.structural,
        unchanged=first.counts.data_rows - first.counts.quarantined,
        quarantined=first.counts.quarantined,
    )
    return replace(first, file=file, state="unchanged", counts=counts, findings=())


class _Known:
    """The latest version of each record, read from the store once and kept by unit as a night adds to it.

    A file is compared with the units that its rows name: a district's own file may name several.
    """

    def __init__(self, store: Store, kind: str) -> None:
        self._store, self._kind, self._table = store, kind, RECORD_TABLES[kind]
        self._by_unit: dict[str, pa.Table] = {}
        self._is_read = False

    def latest_of(self, units: Sequence[str]) -> pa.Table:
        """The records of those units."""
        if not self._is_read:
            self._is_read = True
            self._split(latest_versions(self._store.versions(self._kind), self._table))
        return concat(self._table, [self._by_unit[unit] for unit in units if unit in self._by_unit])

    def add(self, versions: pa.Table) -> None:
        """Count versions that this night will append as known."""
        units = _units(versions)
        self._split(latest_versions(concat(self._table, [self.latest_of(units), versions]), self._table))

    def _split(self, latest: pa.Table) -> None:
        for unit in _units(latest):
            self._by_unit[unit] = latest.filter(pc.equal(latest.column("unit_code"), unit))


def _units(rows: pa.Table) -> list[str]:
    return sorted(rows.column("unit_code").unique().to_pylist())


def _whole(stored: dict[str, object], name: str) -> int:
    value = stored[name]
    return value if isinstance(value, int) else 0


def _with_keys_of(rows: pa.Table, accepted: pa.Table, table: Table) -> pa.Table:
    if rows.num_rows == 0 or accepted.num_rows == 0:
        return rows.slice(0, 0)
    keys = _joined_key(accepted, table)
    return rows.filter(pc.is_in(_joined_key(rows, table), value_set=keys))


def _joined_key(rows: pa.Table, table: Table) -> pa.Array:
    parts = [pc.fill_null(rows.column(name).cast(pa.string()), "") for name in table.key]
    return pc.binary_join_element_wise(*parts, "\x1f").combine_chunks()


def _outcome(read: ReadDelivery, state: str, counts: RowCounts) -> DeliveryOutcome:
    return DeliveryOutcome(
        read.delivery_id, read.unit_code, read.file, state, read.kind, read.profile_id, counts,
        read.exported_at, read.refusal_code, read.findings,
    )  # fmt: skip


def _delivery_rows(
    store: Store,
    order: Sequence[ReadDelivery],
    outcomes: dict[str, DeliveryOutcome],
    instants: dict[str, datetime],
) -> pa.Table:
    stored = store.deliveries()
    known = {
        (row["delivery_id"], row["refusal_code"])
        for row in stored.select(["delivery_id", "refusal_code"]).to_pylist()
        if row["refusal_code"]
    }
    rows = []
    for read in order:
        if (read.delivery_id, read.refusal_code) in known:
            continue
        counts = outcomes[read.delivery_id].counts
        rows.append(
            {
                "delivery_id": read.delivery_id,
                "sha256": read.sha256,
                "unit_code": read.unit_code,
                "file": read.file,
                "state": "refused" if read.is_refused else "accepted",
                "kind": read.kind,
                "profile_id": read.profile_id,
                "exported_at": read.exported_at,
                "exported_at_source": read.exported_at_source,
                "sheet_row_count": counts.sheet_rows,
                "structural_row_count": counts.structural,
                "structural_json": json.dumps(dict(read.structural_counts), sort_keys=True),
                "data_row_count": counts.data_rows,
                "accepted_count": counts.accepted,
                "unchanged_count": counts.unchanged,
                "superseded_count": counts.superseded,
                "quarantined_count": counts.quarantined,
                "refusal_code": read.refusal_code,
                "known_from": instants[read.delivery_id],
            }
        )
    return pa.Table.from_pylist(rows, schema=DELIVERY.arrow_schema())
