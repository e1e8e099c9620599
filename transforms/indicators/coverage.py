"""Which units delivered what, who is missing, and how fresh the data is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.model import IndicatorTable

_LIST_OF_MEASURE = {
    "documents_issued": "document.outgoing",
    "legal_documents_issued": "document.outgoing",
    "documents_received": "document.incoming",
}
COUNTED_KINDS = ("dossier", "fee", "document")
"""Kinds of record that figures are counted from; a supplement does not date the data."""
_SENT = ["unit_code", "kind", "exported_at"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the units expected of a report have sent."""

    kinds: Mapping[str, tuple[str, ...]]
    """Unit → record kinds delivered, sorted; every expected unit has an entry."""
    missing: tuple[str, ...]
    """Expected units that sent nothing that could be read, in the order expected."""
    data_date: date | None
    """Earliest export day among the newest delivery of every unit and counted kind; None without any."""

    def delivered(self, kind: str) -> tuple[str, ...]:
        """Units that delivered that kind, in the order expected."""
        return tuple(unit for unit, kinds in self.kinds.items() if kind in kinds)

    def missing_kind(self, kind: str) -> tuple[str, ...]:
        """Expected units without a delivery of that kind, in the order expected."""
        return tuple(unit for unit, kinds in self.kinds.items() if kind not in kinds)


def coverage(
    unit_codes: Sequence[str],
    deliveries: pa.Table,
    known_at: datetime | None = None,
    carried: pa.Table | None = None,
) -> Coverage:
    """What the expected units delivered, as known at ``known_at``.

    ``deliveries`` has the schema of ``DELIVERY``; refused ones count as not sent. ``carried``: whose rows
    each accepted delivery held (``unit_code``, ``kind``, ``delivery_id``, ``exported_at``); a unit whose rows
    came in the list of another, such as its district's, has sent that kind too. A figure is no fresher than
    the oldest of the lists it rests on, hence the data date (DESIGN.md section 3, dates).
    """
    accepted = deliveries.filter(pc.equal(deliveries["state"], "accepted"))
    if known_at is not None:
        accepted = accepted.filter(pc.less_equal(accepted["known_from"], pa.scalar(known_at)))
    sent = [accepted.select(_SENT)]
    if carried is not None:
        is_known = pc.is_in(carried["delivery_id"], value_set=accepted["delivery_id"].combine_chunks())
        sent.append(carried.filter(is_known).select(_SENT))
    expected = pa.array(list(unit_codes), pa.string())
    newest: dict[tuple[str, str], datetime] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for part in sent:
        for row in part.filter(pc.is_in(part["unit_code"], value_set=expected)).to_pylist():
            unit, kind, exported_at = row["unit_code"], row["kind"], row["exported_at"]
            kinds[unit].add(kind)
            if kind in COUNTED_KINDS and exported_at is not None:
                newest[unit, kind] = max(exported_at, newest.get((unit, kind), exported_at))
    return Coverage(
        {unit: tuple(sorted(kinds.get(unit, ()))) for unit in unit_codes},
        tuple(unit for unit in unit_codes if unit not in kinds),
        min((exported_at.date() for exported_at in newest.values()), default=None),
    )


def list_of_measure(measure: str) -> str:
    """Kind of list that a measure, or the first of several joined by "+", is counted from."""
    if measure.startswith("fee_"):
        return "fee"
    return _LIST_OF_MEASURE.get(measure.partition("+")[0], "dossier")


def without_uncovered(table: IndicatorTable, uncovered: Collection[tuple[str, str]]) -> IndicatorTable:
    """The table without the cells of the (unit, kind of list) whose newest list was taken before the window.

    Nobody knows what happened in the window then: such a unit has no data, not zeros (law 2).
    """
    if not uncovered:
        return table
    dossiers = {unit for unit, kind in uncovered if kind == "dossier"}
    return replace(
        table,
        cells={
            key: value
            for key, value in table.cells.items()
            if (key[1], list_of_measure(key[0])) not in uncovered
        },
        notes={
            key: value
            for key, value in table.notes.items()
            if key[1] not in dossiers or key[0].startswith("undated_")
        },
    )
