"""What a night decides beside the rows that it takes: explanations, corrections, records taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.steps.corrections import Standing
from pipelines.steps.decisions import correction_row, decision_table
from pipelines.steps.model import ReadDelivery
from pipelines.steps.read import read_spool
from pipelines.steps.sent_back import TakenBack, explain, take_back
from pipelines.store import Store
from transforms.findings import Finding
from transforms.history.as_known import latest_versions
from transforms.schema.keys import key_texts
from transforms.schema.tables import RECORD_TABLES


@dataclass(slots=True)
class Decided:
    """The decisions of one night: entries of corrections.yml, and what returned workbooks bring."""

    store: Store
    standing: Standing | None
    day: date
    _rows: list[dict[str, Any]] = field(default_factory=list)

    def add_explanations(self, read: ReadDelivery) -> tuple[Finding, ...]:
        """Findings about the explanations of a returned workbook, none for any other file."""
        if read.sent_back is None:
            return ()
        rows, findings = explain(read, read.sent_back, self.store, self.day)
        self._rows += rows
        return findings

    def take_back(
        self, read: ReadDelivery, records: pa.Table, tonight: Sequence[pa.Table]
    ) -> TakenBack | None:
        """What a returned workbook says anew; None for any other file."""
        if read.sent_back is None or read.spool is None or self.standing is None:
            return None
        raw = read_spool(read.spool, "raw")
        catalogue = self.standing.catalogue
        taken = take_back(read, read.sent_back, records, raw, self.store, tonight, catalogue, self.day)
        self._rows += [correction_row(correction) for correction in taken.changes.corrections]
        return taken

    def lines(self, instant: datetime) -> pa.Table:
        """What to append: each decision once, also over all nights before."""
        known = self.standing.known_decisions if self.standing else frozenset()
        changes = self.standing.rows if self.standing else []
        # Ends and renewals of a decision are second lines of the same id.
        again = {row["decision_id"] for row in changes}
        return decision_table([*changes, *self._rows], known - again, instant)


def find_removals(
    read: ReadDelivery, store: Store, taken: TakenBack | None, units: Sequence[str]
) -> pa.Table:
    """Versions that take records out: those that a correction removes, and those that got another code.

    A removed record that comes again night after night is written once.
    """
    table = RECORD_TABLES[read.kind]
    renamed = [
        {**row, "_file": read.file, "_delivery_id": read.delivery_id, "_removal": decision}
        for row, decision in (taken.changes.removed if taken else ())
    ]
    found = [pa.Table.from_pylist(renamed, schema=table.arrow_schema())]
    if read.spool is not None and (read.spool / "removed.arrow").exists():
        removed = read_spool(read.spool, "removed")
        stored = store.versions(read.kind, units=[*units, *removed.column("unit_code").unique().to_pylist()])
        latest = latest_versions(stored, table, with_removed=True)
        gone = key_texts(latest.filter(pc.is_valid(latest.column("_removal"))), table)
        found.append(removed.filter(pc.invert(pc.is_in(key_texts(removed, table), value_set=gone))))
    return pa.concat_tables(found)
