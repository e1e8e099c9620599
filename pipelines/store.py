"""The store: append-only Delta Lake tables, committed by one line in ``deliveries``.

A run appends each record table once and ``deliveries`` last. Rows of a delivery without its line
there do not count, so a crash at any instruction leaves the old state or the new one (law 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from pipelines.errors import StoreUnreachableError
from transforms.schema.model import Table
from transforms.schema.tables import ALL_TABLES, DELIVERY, FINDING, QUARANTINED, RECORD_TABLES

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Store:
    """Reads and appends under one root, a local folder or an object-store URL."""

    root: str

    @classmethod
    def at(cls, folder: Path) -> Store:
        """The store in a local folder."""
        return cls(str(folder))

    def read(self, table: Table, known_at: datetime | None = None) -> pa.Table:
        """Every row of one table with ``known_from`` ≤ ``known_at``, empty when nothing was appended yet."""
        rows = self._read_all(table)
        if known_at is None:
            return rows
        column = _instant_column(table)
        return rows.filter(
            pc.less_equal(rows.column(column), pa.scalar(known_at, rows.schema.field(column).type))
        )

    def deliveries(self, known_at: datetime | None = None) -> pa.Table:
        """Committed deliveries in the order they became known."""
        return self.read(DELIVERY, known_at).sort_by("known_from")

    def versions(
        self, kind: str, known_at: datetime | None = None, units: Sequence[str] | None = None
    ) -> pa.Table:
        """Versions of committed, accepted deliveries of one kind of record, optionally of some units only."""
        return self._committed(RECORD_TABLES[kind], known_at, units)

    def quarantined(self, known_at: datetime | None = None) -> pa.Table:
        """Rows set apart by committed deliveries."""
        return self._committed(QUARANTINED, known_at, None)

    def findings(self, known_at: datetime | None = None) -> pa.Table:
        """The newest state of each finding."""
        rows = self.read(FINDING, known_at)
        return latest_by(rows, "finding_id", "known_from")

    def next_instants(self, now: datetime, count: int) -> list[datetime]:
        """``count`` strictly increasing instants, later than everything known and not before ``now``.

        The clock may stand still or go back; ``known_from`` must not.
        """
        # Rows that a run left behind without committing count too: their instants must not be given again.
        newest = [value for table in ALL_TABLES if (value := self._newest_instant(table)) is not None]
        start = max([now.astimezone(UTC), *(value.astimezone(UTC) + _TICK for value in newest)])
        return [start + _TICK * step for step in range(count)]

    def append(self, table: Table, rows: pa.Table) -> None:
        """Append rows of that table's schema in one commit; nothing happens for no rows.

        Raises StoreUnreachableError where the disk or the store refuses.
        """
        if rows.num_rows == 0:
            return
        try:
            write_deltalake(
                self._uri(table), rows.select(list(table.names)).cast(table.arrow_schema()), mode="append"
            )
        except (OSError, DeltaError) as problem:
            raise StoreUnreachableError(
                f"Không ghi được bảng {table.name} vào kho dữ liệu {self.root} ({_first_line(problem)}); "
                "hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại, dữ liệu đã có không thay đổi."
            ) from problem

    def _uri(self, table: Table) -> str:
        return f"{self.root.rstrip('/')}/{table.name}"

    def _newest_instant(self, table: Table) -> datetime | None:
        column = _instant_column(table)
        newest: datetime | None = pc.max(self._read_all(table, (column,)).column(column)).as_py()
        return newest

    def _read_all(self, table: Table, columns: Sequence[str] | None = None) -> pa.Table:
        schema = (
            table.arrow_schema()
            if columns is None
            else pa.schema([table.arrow_schema().field(c) for c in columns])
        )
        try:
            found = DeltaTable(self._uri(table)).to_pyarrow_table(columns=list(schema.names))
        except TableNotFoundError:
            return schema.empty_table()
        except (OSError, DeltaError) as problem:
            raise StoreUnreachableError(
                f"Không đọc được bảng {table.name} trong kho dữ liệu {self.root} ({_first_line(problem)}); "
                "hãy kiểm tra đĩa hoặc khôi phục từ bản sao lưu."
            ) from problem
        return found.select(schema.names).cast(schema)

    def _committed(self, table: Table, known_at: datetime | None, units: Sequence[str] | None) -> pa.Table:
        deliveries = self.deliveries(known_at)
        # The instant names the commit, not only the file: a run that died after appending rows of a file
        # and the run that later took the same file have different instants.
        accepted = deliveries.filter(pc.equal(deliveries.column("state"), "accepted")).column("known_from")
        rows = self.read(table, known_at)
        rows = rows.filter(pc.is_in(rows.column("_known_from"), value_set=accepted.combine_chunks()))
        if units is not None:
            rows = rows.filter(
                pc.is_in(rows.column("unit_code"), value_set=pa.array(list(units), pa.string()))
            )
        return rows


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


def stamp(rows: pa.Table, instants: Mapping[str, datetime]) -> pa.Table:
    """The rows with ``_known_from`` set to the instant of their delivery."""
    values = [instants[delivery] for delivery in rows.column("_delivery_id").to_pylist()]
    position = rows.schema.get_field_index("_known_from")
    field = rows.schema.field(position)
    return rows.set_column(position, field, pa.array(values, field.type))


def concat(table: Table, parts: Iterable[pa.Table]) -> pa.Table:
    """One table of the schema from parts, empty when there are none."""
    schema = table.arrow_schema()
    return pa.concat_tables(
        [schema.empty_table(), *(part.select(schema.names).cast(schema) for part in parts)]
    )


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__
