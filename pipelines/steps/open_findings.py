"""Findings as they stand in the store, for reports and lists; nothing is checked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.steps.decisions import Explained
from pipelines.store import Store
from transforms.schema.tables import SEVERITIES

ABOUT_REPORTS = ("report.", "outbox.", "alert.")
"""Beginnings of the codes of what is found only after the reports were written: about them, what goes back, who is told."""


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that is open, with its wording as stored."""

    finding_id: str
    code: str
    severity: str
    audience: str
    unit_code: str
    period_id: str
    file: str
    count: int
    sentence: str
    remedy: str
    is_explained: bool = False
    """True when people explained every failing row; it stays open, but asks for nothing more."""


_STORED = tuple(name for name in OpenFinding.__slots__ if name != "is_explained")


def is_about_report(finding: OpenFinding) -> bool:
    """True for what is found only after the reports were written; reports are not stamped with these."""
    return finding.code.startswith(ABOUT_REPORTS)


def open_findings(store: Store, known_at: datetime | None = None) -> tuple[OpenFinding, ...]:
    """Findings open at that instant, critical ones first, then by unit and code."""
    rows = [row for row in store.findings(known_at).to_pylist() if row["state"] == "open"]
    rows.sort(
        key=lambda row: (SEVERITIES.index(row["severity"]), row["unit_code"], row["code"], row["file"] or "")
    )
    explained = Explained(store.decisions(known_at))
    return tuple(
        OpenFinding(**{name: row[name] for name in _STORED}, is_explained=explained.covers(row))
        for row in rows
    )
