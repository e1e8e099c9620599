"""Findings as they stand in the store, for reports and lists; nothing is checked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.store import Store
from transforms.schema.tables import SEVERITIES

ABOUT_REPORTS = "report."
"""Codes of what a finished report says about itself."""


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


def is_about_report(finding: OpenFinding) -> bool:
    """True for what a finished report says about itself; reports are not stamped with these."""
    return finding.code.startswith(ABOUT_REPORTS)


def open_findings(store: Store, known_at: datetime | None = None) -> tuple[OpenFinding, ...]:
    """Findings open at that instant, critical ones first, then by unit and code."""
    rows = [row for row in store.findings(known_at).to_pylist() if row["state"] == "open"]
    rows.sort(
        key=lambda row: (SEVERITIES.index(row["severity"]), row["unit_code"], row["code"], row["file"] or "")
    )
    return tuple(OpenFinding(**{name: row[name] for name in OpenFinding.__slots__}) for row in rows)
