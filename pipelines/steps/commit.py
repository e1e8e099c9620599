"""Decide what is new, append it once per table, and commit by the lines in ``deliveries``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.clock import VIETNAM
from pipelines.steps.corrections import MendingDelivery, Standing, mend_store
from pipelines.steps.decided import Decided, find_removals
from pipelines.steps.model import DeliveryOutcome, ReadDelivery, RowCounts
from pipelines.steps.read import read_spool
from pipelines.steps.sent_back import outdated
from pipelines.steps.tonight import Tonight
from pipelines.store import Store, concat
from transforms.canonical.compare import compare
from transforms.findings import Finding
from transforms.history.as_known import latest_versions
from transforms.history.confirmed import confirmed_ranges, last_exported
from transforms.history.order import sorted_by_key
from transforms.schema.keys import key_texts
from transforms.schema.model import Table
from transforms.schema.tables import CONFIRMED, DECISION, DELIVERY, QUARANTINED, RECORD_TABLES


def commit_deliveries(
    store: Store, reads: Sequence[ReadDelivery], now: datetime, standing: Standing | None = None
) -> tuple[DeliveryOutcome, ...]:
    """What became of each delivery, after everything new was appended; same order as ``reads``.

    What ``standing`` corrections change in the store comes before it, as deliveries of its own that stand
    after those of ``reads``. Decisions are appended before ``deliveries``: where a run dies between the
    two, they hold from then on and are not written again, and what they change follows the next night.
    Deliveries are compared with the store oldest export first, so that of two files of one night the
    later export wins; of two exported at the same time the one whose name comes later ("2" before "10"),
    and where their statuses differ the later one's findings say so. A refusal that is already on record
    adds nothing. Raises WorkspaceLockedError, nothing then counting, where another run committed meanwhile.
    """
    since = store.version(DELIVERY)
    order = sorted(reads, key=_place_in_night)
    known = {kind: _Known(store, kind) for kind in RECORD_TABLES}
    mendings = mend_store(store, known, standing) if standing else []
    decided = Decided(store, standing, now.astimezone(VIETNAM).date())
    names = [*(mending.outcome.delivery_id for mending in mendings), *(read.delivery_id for read in order)]
    at_first, *rest = store.next_instants(now, len(names) + 1)
    instants = dict(zip(names, rest, strict=True))
    outcomes: dict[str, DeliveryOutcome] = {}
    appended: dict[str, list[pa.Table]] = {kind: [] for kind in RECORD_TABLES}
    quarantined: list[pa.Table] = []
    confirmed: list[pa.Table] = []
    tonight = Tonight()
    for mending in mendings:
        outcome = outcomes[mending.outcome.delivery_id] = mending.outcome
        versions = _known_from(mending.versions, instants[outcome.delivery_id])
        appended[outcome.kind].append(versions)
        known[outcome.kind].add(versions)
    for read in order:
        told = decided.add_explanations(read)
        if read.spool is None:
            state = "refused" if read.is_refused else "unchanged"
            outcomes[read.delivery_id] = _outcome(read, state, RowCounts(), told)
            continue
        table = RECORD_TABLES[read.kind]
        instant = instants[read.delivery_id]
        records = read_spool(read.spool, "records")
        units = _units(records)
        taken = decided.take_back(read, records, appended[read.kind])
        records = taken.edited if taken else records
        latest = known[read.kind].latest_of(units)
        comparison = compare(
            records, latest, table, known[read.kind].last_exported_of(latest, read.exported_at)
        )
        overtaken = read_spool(read.spool, "superseded")
        apart = read_spool(read.spool, "quarantined")
        # An overtaken row is history only beside the row that overtook it: without that one it would seem the newest.
        beside = _with_keys_of(overtaken, comparison.accepted, table)
        parts = [comparison.accepted, comparison.superseded, beside, comparison.restated]
        parts.append(find_removals(read, store, taken, units))
        kept = sorted_by_key(concat(table, (_known_from(part, instant) for part in parts)), table.key)
        ranges = confirmed_ranges(latest, records, comparison.confirmed, table, read.kind)
        confirmed.append(_known_from(ranges, instant))
        appended[read.kind].append(kept)
        quarantined.append(_known_from(apart, instant))
        known[read.kind].add(kept)
        counts = RowCounts(
            structural=sum(read.structural_counts.values()),
            accepted=comparison.accepted.num_rows,
            unchanged=comparison.unchanged_count + (taken.same_count if taken else 0),
            superseded=comparison.superseded.num_rows + overtaken.num_rows,
            quarantined=apart.num_rows,
        )
        if taken:
            told = (*told, *outdated(read, comparison.superseded))
        outcome = _outcome(read, "accepted", counts, told)
        if read.kind == "dossier":
            outcome = replace(outcome, findings=(*tonight.add_findings(read, records, comparison), *told))
        outcomes[read.delivery_id] = outcome
    for kind, tables in appended.items():
        # Unit beside unit, so that whoever reads one later passes over the others.
        tables.sort(key=lambda rows: rows["unit_code"][0].as_py() if rows.num_rows else "")
        store.append(RECORD_TABLES[kind], concat(RECORD_TABLES[kind], tables))
    store.append(CONFIRMED, concat(CONFIRMED, confirmed))
    store.append(QUARANTINED, concat(QUARANTINED, quarantined))
    store.append(DECISION, decided.lines(at_first))
    store.append(DELIVERY, _delivery_rows(store, mendings, order, outcomes, instants), since=since)
    return (
        *(outcomes[read.delivery_id] for read in reads),
        *(mending.outcome for mending in mendings),
    )


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
        self._confirmed: pa.Table | None = None

    def latest_of(self, units: Sequence[str]) -> pa.Table:
        """The records of those units."""
        if not self._is_read:
            self._is_read = True
            self._split(latest_versions(self._store.versions(self._kind), self._table))
        return concat(self._table, [self._by_unit[unit] for unit in units if unit in self._by_unit])

    def last_exported_of(self, latest: pa.Table, exported_at: datetime | None) -> pa.Array | None:
        """When each of those records was exported last; None where no confirmation can matter.

        It matters only to a file that is older than an export taken before. This night's own confirmations
        do not: its files come oldest export first.
        """
        if self._confirmed is None:
            self._confirmed = self._store.confirmed(self._kind)
        newest = pc.max(self._confirmed.column("_exported_at")).as_py()
        if newest is None or exported_at is None or newest <= exported_at:
            return None
        return last_exported(latest, self._table, self._confirmed)

    def add(self, versions: pa.Table) -> None:
        """Count versions that this night will append as known."""
        units = _units(versions)
        self._split(latest_versions(concat(self._table, [self.latest_of(units), versions]), self._table))

    def _split(self, latest: pa.Table) -> None:
        units = _units(latest)
        if len(units) == 1:
            self._by_unit[units[0]] = latest
            return
        for unit in units:
            self._by_unit[unit] = latest.filter(pc.equal(latest.column("unit_code"), unit))


def _units(rows: pa.Table) -> list[str]:
    return sorted(rows.column("unit_code").unique().to_pylist())


def _whole(stored: dict[str, object], name: str) -> int:
    value = stored[name]
    return value if isinstance(value, int) else 0


def _with_keys_of(rows: pa.Table, accepted: pa.Table, table: Table) -> pa.Table:
    if rows.num_rows == 0 or accepted.num_rows == 0:
        return rows.slice(0, 0)
    return rows.filter(pc.is_in(key_texts(rows, table), value_set=key_texts(accepted, table)))


def _known_from(rows: pa.Table, instant: datetime) -> pa.Table:
    """The rows with the instant of the delivery that is being committed."""
    position = rows.schema.get_field_index("_known_from")
    field = rows.schema.field(position)
    return rows.set_column(position, field, pa.repeat(pa.scalar(instant, field.type), rows.num_rows))


def _place_in_night(read: ReadDelivery) -> tuple[datetime, str, list[str | int]]:
    """Oldest export first, then unit, then file name with its numbers as numbers."""
    exported_at = read.exported_at or datetime.min  # noqa: DTZ901 - offices print local time
    return exported_at, read.unit_code, natural_order(read.file)


def natural_order(name: str) -> list[str | int]:
    """Sort key of a file name: "danh sach 2.xls" before "danh sach 10.xls", as a clerk counts."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if position % 2 else part for position, part in enumerate(parts)]


def _outcome(
    read: ReadDelivery, state: str, counts: RowCounts, told: tuple[Finding, ...] = ()
) -> DeliveryOutcome:
    return DeliveryOutcome(
        read.delivery_id, read.unit_code, read.file, state, read.kind, read.profile_id, counts,
        read.exported_at, read.refusal_code, (*read.findings, *told), read.corrected_count,
    )  # fmt: skip


def _delivery_rows(
    store: Store,
    mendings: Sequence[MendingDelivery],
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
    rows = [
        {
            **_delivery_row(mending.outcome, instants),
            "sha256": mending.sha256,
            "exported_at_source": "",
            "structural_json": "{}",
        }
        for mending in mendings
    ]
    for read in order:
        is_list_only = read.spool is None and not read.is_refused  # nothing but decisions came of it
        if is_list_only or (read.delivery_id, read.refusal_code) in known:
            continue
        rows.append(
            {
                **_delivery_row(outcomes[read.delivery_id], instants),
                "sha256": read.sha256,
                "exported_at_source": read.exported_at_source,
                "structural_json": json.dumps(dict(read.structural_counts), sort_keys=True),
                "answers_delivery_id": read.sent_back.marker.delivery_id if read.sent_back else None,
            }
        )
    return pa.Table.from_pylist(rows, schema=DELIVERY.arrow_schema())


def _delivery_row(outcome: DeliveryOutcome, instants: dict[str, datetime]) -> dict[str, object]:
    counts = outcome.counts
    return {
        "delivery_id": outcome.delivery_id,
        "unit_code": outcome.unit_code,
        "file": outcome.file,
        "state": outcome.state,
        "kind": outcome.kind,
        "profile_id": outcome.profile_id,
        "exported_at": outcome.exported_at,
        "sheet_row_count": counts.sheet_rows,
        "structural_row_count": counts.structural,
        "data_row_count": counts.data_rows,
        "accepted_count": counts.accepted,
        "unchanged_count": counts.unchanged,
        "superseded_count": counts.superseded,
        "quarantined_count": counts.quarantined,
        "refusal_code": outcome.refusal_code,
        "known_from": instants[outcome.delivery_id],
    }
