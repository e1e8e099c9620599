"""The store: append-only Delta Lake tables, committed by one line in ``deliveries``.

A run appends each record table once and ``deliveries`` last. Rows of a delivery without its line
there do not count, so a crash at any instruction leaves the old state or the new one (law 4).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, Field, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from pipelines.errors import StoreUnreachableError, WorkspaceLockedError
from pipelines.object_store import reason_of, remedy_of, storage_options
from pipelines.store_format import mark_new
from transforms.history.retracted import Verdict, counting_rows
from transforms.schema.model import Table
from transforms.schema.tables import (
    ALERT_ATTEMPT,
    ALL_TABLES,
    CONFIRMED,
    DECISION,
    DELIVERY,
    FINDING,
    QUARANTINED,
    RECORD_TABLES,
)

ACCEPTED, REFUSED = "accepted", "refused"
RETRACTED = "retracted"
"""State of an accepted delivery that a decision took back; its stored line goes on saying accepted."""
RETRACTION = "retraction"
"""Kind of the decisions that take deliveries back or let them count again."""
_TICK = timedelta(microseconds=1)
_NEVER_WRITTEN = -1
_TRIES, _LONGEST_PAUSE = 10, 5.0
"""How often an append begins anew after the library's own 15 attempts lost the race, and seconds between two."""
_READ_OPTIONS = ds.ParquetReadOptions(
    dictionary_columns={
        *("receiving_unit_code", "procedure_code", "procedure_code_raw", "procedure_name", "field_name"),
        *("field_hint", "status_label", "officer_code", "department_name"),
        *("_delivery_id", "_file", "_sheet", "_removal"),
    }
)
"""Texts of which there are few: read as places in a list and written out in the end, which halves the reading."""
_LAYOUT = WriterProperties(max_row_group_size=1 << 16, compression="ZSTD", compression_level=1)
"""Small groups of rows, each with the range of its units: one unit's report need not read the others' rows."""
_OF_RUNS = tuple(table for table in ALL_TABLES if table is not ALERT_ATTEMPT)
"""Tables that only the run that holds the workspace appends to. Attempts to send are put on record beside runs
too; they say nothing about data, so their instants neither move what is known nor are kept apart."""


@dataclass(frozen=True, slots=True)
class Store:
    """Reads and appends under one root, a local folder or an object-store URL."""

    root: str

    @classmethod
    def at(cls, folder: Path) -> Store:
        """The store in a local folder."""
        return cls(str(folder))

    def read(
        self,
        table: Table,
        known_at: datetime | None = None,
        columns: Sequence[str] | None = None,
        units: Sequence[str] | None = None,
    ) -> pa.Table:
        """Every row of one table with ``known_from`` ≤ ``known_at``, empty when nothing was appended yet.

        ``columns``: only these; ``units``: only rows of these units.
        """
        wanted: ds.Expression | None = None
        if units is not None:
            # Typed, since no unit at all is a list without a type, and of no unit there is nothing.
            wanted = ds.field("unit_code").isin(pa.array(list(units), pa.string()))
        if known_at is not None:
            column = _instant_column(table)
            instant = pa.scalar(known_at, table.arrow_schema().field(column).type)
            is_known = ds.field(column) <= instant
            wanted = is_known if wanted is None else wanted & is_known
        return self._read_all(table, columns, wanted)

    def deliveries(self, known_at: datetime | None = None) -> pa.Table:
        """Committed deliveries in the order they became known; the state of one that was taken back is ``RETRACTED``."""
        return _judged(self.read(DELIVERY, known_at), self.verdict(known_at)).sort_by("known_from")

    def verdicts(self, known_at: datetime | None = None) -> tuple[Verdict, ...]:
        """Every retraction and every end of one, oldest first; the newest says what counts."""
        decisions = self.decisions(known_at)
        decisions = decisions.filter(pc.equal(decisions.column("kind"), RETRACTION))
        return tuple(
            Verdict(
                row["known_from"].astimezone(UTC),
                frozenset(datetime.fromisoformat(at) for at in json.loads(row["details_json"])["out"]),
            )
            for row in decisions.select(["known_from", "details_json"]).to_pylist()
        )

    def verdict(self, known_at: datetime | None = None) -> Verdict | None:
        """The newest of ``verdicts``; None where nothing was ever taken back."""
        return next(reversed(self.verdicts(known_at)), None)

    def versions(
        self, kind: str, known_at: datetime | None = None, units: Sequence[str] | None = None
    ) -> pa.Table:
        """Versions of committed, accepted deliveries of one kind of record, optionally of some units only."""
        return self._committed(RECORD_TABLES[kind], known_at, units)

    def confirmed(
        self, kind: str, known_at: datetime | None = None, units: Sequence[str] | None = None
    ) -> pa.Table:
        """Ranges of keys that other exports held unchanged (``CONFIRMED``), of one kind of record."""
        rows = self._committed(CONFIRMED, known_at, units)
        return rows.filter(pc.equal(rows.column("kind"), kind))

    def carried(self, known_at: datetime | None = None, units: Sequence[str] | None = None) -> pa.Table:
        """Whose rows each committed, accepted delivery held: ``unit_code``, ``kind``, ``delivery_id``, ``exported_at``.

        A district's list brings the rows of its communes, which then have sent something through it. Rows
        that were known already count as well as new ones. ``units``: only rows of these units.
        """
        names = ("unit_code", "_delivery_id", "_exported_at", "_known_from")
        columns = ["unit_code", "kind", "_delivery_id", "_exported_at"]
        parts = []
        for kind, table in RECORD_TABLES.items():
            rows = _distinct(self.read(table, known_at, names, units), names)
            parts.append(rows.append_column("kind", pa.repeat(pa.scalar(kind), rows.num_rows)))
        parts.append(_distinct(self.read(CONFIRMED, known_at, (*names, "kind"), units), (*names, "kind")))
        every = pa.concat_tables([part.select([*columns, "_known_from"]) for part in parts])
        held = _distinct(counting_rows(every, self._commits(known_at), self.verdict(known_at)), columns)
        return held.rename_columns([name.lstrip("_") for name in columns])

    def quarantined(self, known_at: datetime | None = None) -> pa.Table:
        """Rows set apart by committed deliveries."""
        return self._committed(QUARANTINED, known_at, None)

    def findings(self, known_at: datetime | None = None) -> pa.Table:
        """The newest state of each finding."""
        rows = self.read(FINDING, known_at)
        return latest_by(rows, "finding_id", "known_from")

    def decisions(self, known_at: datetime | None = None) -> pa.Table:
        """What people decided about the data, in the order it became known."""
        return self.read(DECISION, known_at).sort_by("known_from")

    def next_instants(self, now: datetime, count: int) -> list[datetime]:
        """``count`` strictly increasing instants, later than everything known and not before ``now``.

        The clock may stand still or go back; ``known_from`` must not.
        """
        newest = self.newest_instant()
        start = max([now.astimezone(UTC), *([newest + _TICK] if newest else [])])
        return [start + _TICK * step for step in range(count)]

    def newest_instant(self) -> datetime | None:
        """The highest instant that stands in any table, None in an empty store.

        Rows that a run left behind without committing count too: their instants must not be given again.
        """
        return self._newest_of(_OF_RUNS)

    def last_commit(self) -> datetime | None:
        """The ``known_at`` of all that counts now, None in an empty store.

        What is read as known at it stays the same while another run writes: every later commit has a later
        instant, and rows whose delivery is not committed yet do not move it.
        """
        return self._newest_of([table for table in _OF_RUNS if "known_from" in table.names])

    def append(self, table: Table, rows: pa.Table, since: int | None = None) -> None:
        """Append rows of that table's schema in one commit; nothing happens for no rows.

        ``since``: the table's version when what is written was decided. Where anything was written to it since,
        by a run of another workspace for instance, WorkspaceLockedError is raised and nothing written. Raises
        StoreUnreachableError where the disk or the store refuses.
        """
        if rows.num_rows == 0:
            return
        content = rows.select(list(table.names)).cast(table.arrow_schema())
        with self._refusals(table):
            mark_new(self.root)
            if since is None:
                self._append(table, content)
            elif not self._append_next(table, content, since):
                raise WorkspaceLockedError(
                    f"Một lượt chạy khác vừa ghi vào kho dữ liệu {self.root}; không gì của lượt này được tính, "
                    "hãy chạy lại. Mỗi kho chỉ dùng với một thư mục làm việc."
                )

    def version(self, table: Table) -> int:
        """The number of a table's newest commit, -1 where it was never written."""
        with self._refusals(table):
            stored = self._open(table)
            return stored.version() if stored else _NEVER_WRITTEN

    def _append(self, table: Table, content: pa.Table) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                self._write(self._uri(table), content)
            except CommitFailedError:
                # Many write at once, or two made the table at the same moment; each waits a while of its own.
                if attempt == _TRIES:
                    raise
                time.sleep(random.uniform(0, _LONGEST_PAUSE * attempt / _TRIES))
            else:
                return

    def _append_next(self, table: Table, content: pa.Table, since: int) -> bool:
        """False where somebody else wrote the commit after ``since`` first."""
        stored = self._open(table)
        if (stored.version() if stored else _NEVER_WRITTEN) != since:
            return False
        try:
            self._write(stored or self._uri(table), content, CommitProperties(max_commit_retries=0))
        except CommitFailedError:
            return False
        return True

    def _write(
        self, target: str | DeltaTable, content: pa.Table, properties: CommitProperties | None = None
    ) -> None:
        write_deltalake(
            target,
            content,
            mode="append",
            schema_mode="merge",
            writer_properties=_LAYOUT,
            storage_options=self._options(),
            commit_properties=properties,
        )

    def replace(self, table: Table, rows: pa.Table) -> None:
        """Put other rows in place of a whole table, in one commit. For erasing only: history is never edited.

        The old files stay until ``clear`` takes them away. Raises StoreUnreachableError as ``append`` does.
        """
        with self._refusals(table):
            write_deltalake(
                self._uri(table),
                rows.select(list(table.names)).cast(table.arrow_schema()),
                mode="overwrite",
                storage_options=self._options(),
            )

    def file_count(self, table: Table) -> int:
        """Data files that the table is read from, 0 where it was never written."""
        with self._refusals(table):
            stored = self._open(table)
            return len(stored.file_uris()) if stored else 0

    def compact(self, table: Table) -> None:
        """Let fewer files hold the same rows, and shorten the log. One commit: readers see the old files or the new."""
        with self._refusals(table):
            if stored := self._open(table):
                stored.optimize.compact(writer_properties=_LAYOUT)
                stored.create_checkpoint()
                stored.cleanup_metadata()

    def clear(self, table: Table, hours: int) -> int:
        """How many files were deleted that no reader of the last ``hours`` can need: merged away, or never committed."""
        with self._refusals(table):
            stored = self._open(table)
            if stored is None:
                return 0
            options: dict[str, Any] = {
                "retention_hours": hours,
                "enforce_retention_duration": False,
                "full": True,
            }
            # Looked at first: clearing away nothing would still lengthen the log.
            return (
                len(stored.vacuum(dry_run=False, **options)) if stored.vacuum(dry_run=True, **options) else 0
            )

    def missing_columns(self, table: Table) -> tuple[str, ...]:
        """Columns that a stored table lacks because it was first written by an older product."""
        with self._refusals(table):
            stored = self._open(table)
            present = {field.name for field in stored.schema().fields} if stored else set(table.names)
        return tuple(name for name in table.names if name not in present)

    def add_columns(self, table: Table, names: Sequence[str]) -> None:
        """Give a stored table columns; no file is rewritten, the rows that are there read null."""
        fields = [Field.from_arrow(table.arrow_schema().field(name)) for name in names]
        with self._refusals(table):
            DeltaTable(self._uri(table), storage_options=self._options()).alter.add_columns(fields)

    @contextmanager
    def _refusals(self, table: Table) -> Iterator[None]:
        try:
            yield
        except (OSError, DeltaError) as problem:
            raise StoreUnreachableError(
                f"Không ghi được bảng {table.name} vào kho dữ liệu {self.root} ({reason_of(problem)}); "
                f"{remedy_of(self.root, 'hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại, dữ liệu đã có không thay đổi')}."
            ) from problem

    def _open(self, table: Table) -> DeltaTable | None:
        try:
            return DeltaTable(self._uri(table), storage_options=self._options())
        except TableNotFoundError:
            return None

    def _options(self) -> dict[str, str] | None:
        return storage_options(self.root)

    def _uri(self, table: Table) -> str:
        return f"{self.root.rstrip('/')}/{table.name}"

    def _newest_of(self, tables: Iterable[Table]) -> datetime | None:
        found = [value for table in tables if (value := self._newest_instant(table)) is not None]
        return max(found).astimezone(UTC) if found else None

    def _newest_instant(self, table: Table) -> datetime | None:
        column = _instant_column(table)
        newest: datetime | None = pc.max(self._read_all(table, (column,)).column(column)).as_py()
        return newest

    def _read_all(
        self, table: Table, columns: Sequence[str] | None = None, wanted: ds.Expression | None = None
    ) -> pa.Table:
        schema = (
            table.arrow_schema()
            if columns is None
            else pa.schema([table.arrow_schema().field(c) for c in columns])
        )
        try:
            stored = DeltaTable(self._uri(table), storage_options=self._options())
            present = {field.name for field in stored.schema().fields}
            # The filter reaches the files: groups of rows that cannot match are not read at all.
            found = stored.to_pyarrow_dataset(parquet_read_options=_READ_OPTIONS).to_table(
                columns=[name for name in schema.names if name in present], filter=wanted
            )
        except TableNotFoundError:
            return schema.empty_table()
        except (OSError, DeltaError) as problem:
            raise StoreUnreachableError(
                f"Không đọc được bảng {table.name} trong kho dữ liệu {self.root} ({reason_of(problem)}); "
                f"{remedy_of(self.root, 'hãy kiểm tra đĩa hoặc khôi phục từ bản sao lưu')}."
            ) from problem
        for name in schema.names:
            if name not in present:  # a column younger than this store
                found = found.append_column(
                    schema.field(name), pa.nulls(found.num_rows, schema.field(name).type)
                )
        return found.select(schema.names).cast(schema)

    def _committed(
        self,
        table: Table,
        known_at: datetime | None,
        units: Sequence[str] | None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        rows = self.read(table, known_at, columns, units)
        if rows.num_rows == 0:
            return rows
        return counting_rows(rows, self._commits(known_at), self.verdict(known_at))

    def _commits(self, known_at: datetime | None) -> pa.Table:
        """Lines of the accepted deliveries, also of those that were taken back."""
        deliveries = self.read(DELIVERY, known_at)
        return deliveries.filter(pc.equal(deliveries.column("state"), ACCEPTED))


def _judged(deliveries: pa.Table, verdict: Verdict | None) -> pa.Table:
    if verdict is None or not verdict.out:
        return deliveries
    instants = pa.array(sorted(verdict.out), DELIVERY.column("known_from").type)
    is_out = pc.is_in(deliveries.column("known_from"), value_set=instants)
    states = pc.if_else(is_out, RETRACTED, deliveries.column("state"))
    position = deliveries.schema.get_field_index("state")
    return deliveries.set_column(position, deliveries.schema.field(position), states)


def _distinct(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    """Each combination of those columns once, in the order in which they come."""
    return rows.group_by(list(names), use_threads=False).aggregate([]).select(list(names))


def _instant_column(table: Table) -> str:
    return "known_from" if "known_from" in table.names else "_known_from"


def latest_by(rows: pa.Table, key: str, order: str) -> pa.Table:
    """The row with the highest ``order`` of each ``key``, in key order."""
    if rows.num_rows == 0:
        return rows
    indexed = rows.append_column("_index", pa.array(range(rows.num_rows), pa.int64()))
    indexed = indexed.sort_by([(order, "ascending"), ("_index", "ascending")])
    newest = indexed.group_by(key, use_threads=False).aggregate([("_index", "last")])
    return rows.take(newest.column("_index_last")).sort_by(key)


def concat(table: Table, parts: Iterable[pa.Table]) -> pa.Table:
    """One table of the schema from parts, empty when there are none."""
    schema = table.arrow_schema()
    return pa.concat_tables(
        [schema.empty_table(), *(part.select(schema.names).cast(schema) for part in parts)]
    )
