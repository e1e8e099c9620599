"""What the software's own overdue list says against its dossier lists.

Its lines are judged for themselves by the rules of their columns only: the dates that count are those of
the joined dossier, and the rules of dossiers judge them.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from expectations.sources import find_rows
from transforms.canonical.pairs import find_pairs
from transforms.findings import Finding

OVERDUE_CODES = (
    "overdue.not_overdue",
    "overdue.due_date.differs",
    "overdue.resolved_date.differs",
    "dossier.only_in_overdue_list",
    "overdue.received_date.missing",
)


def check_overdue(listed: pa.Table, overdue: pa.Table, only: pa.Table) -> tuple[Finding, ...]:
    """Contradictions, each with both rows, and dossiers that only an overdue list knows.

    ``listed`` (dossiers as their list states them) and ``overdue`` run row beside row; ``only``: lines
    without a dossier (``transforms.history.joined``). ``overdue.not_overdue``: the list shows an end on or
    before the promised day. ``overdue.*.differs``: both tell the day and tell it differently. One dossier may
    stand in several of them. Lines of ``only`` without a day of reception count nowhere and are named apart.
    """
    in_time = pc.fill_null(pc.less_equal(listed["resolved_date"], listed["due_date"]), False)
    findings = [
        *find_pairs("overdue.not_overdue", "overdue", "resolved_date", *_both(listed, overdue, in_time))
    ]
    for column in ("due_date", "resolved_date"):
        differs = pc.fill_null(pc.not_equal(listed[column], overdue[column]), False)
        findings += find_pairs(
            f"overdue.{column}.differs", "overdue", column, *_both(listed, overdue, differs)
        )
    findings += find_rows("dossier.only_in_overdue_list", "overdue", "dossier_code", only, "due_date")
    undated = only.filter(pc.is_null(only["received_date"]))
    findings += find_rows("overdue.received_date.missing", "overdue", "received_date", undated, "due_date")
    return tuple(findings)


def _both(one: pa.Table, other: pa.Table, mask: pa.ChunkedArray) -> tuple[pa.Table, pa.Table]:
    return one.filter(mask), other.filter(mask)
