"""Findings as they stand in the store, for reports and lists; nothing is checked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from expectations.explained import UNEXPLAINED, Coverage
from expectations.life import FindingState
from pipelines.steps.explanations import read_explanations
from pipelines.store import Store
from transforms.schema.tables import SEVERITIES

ABOUT_REPORTS = ("report.", "form.", "outbox.", "alert.")
"""Beginnings of the codes of what is found only after the reports were written: about them, what goes back, who is told."""
ABOUT_PERIODS = ("indicator.", "dossier.state.undated", "period.closed.")
"""Beginnings of the codes of what only a night finds, because it counts periods."""


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
    coverage: Coverage = UNEXPLAINED
    """What people explained of it."""

    @property
    def is_explained(self) -> bool:
        """True when people explained all of it; it stays open, but asks for nothing more."""
        return self.coverage.is_full

    def state(self) -> FindingState:
        """As far as people are told about it."""
        return FindingState(**{name: getattr(self, name) for name in FindingState.__slots__})

    def as_json(self) -> dict[str, Any]:
        """For machines; ``explained_by``: ids of the decisions that cover some of it or all."""
        return {
            **{name: getattr(self, name) for name in _STORED},
            "is_explained": self.is_explained,
            "explained_by": [part.explanation.decision_id for part in self.coverage.parts],
        }


_STORED = tuple(name for name in OpenFinding.__slots__ if name != "coverage")


def is_about_report(finding: OpenFinding) -> bool:
    """True for what is found only after the reports were written; reports are not stamped with these."""
    return finding.code.startswith(ABOUT_REPORTS)


def open_findings(store: Store, *, day: date, known_at: datetime | None = None) -> tuple[OpenFinding, ...]:
    """Findings open at that instant, critical ones first, then by unit and code.

    ``day``: the working day on which explanations have to be in force.
    """
    rows = [row for row in store.findings(known_at).to_pylist() if row["state"] == "open"]
    rows.sort(
        key=lambda row: (SEVERITIES.index(row["severity"]), row["unit_code"], row["code"], row["file"] or "")
    )
    explained = read_explanations(store, day, known_at)
    return tuple(
        OpenFinding(**{name: row[name] for name in _STORED}, coverage=explained.coverage(row)) for row in rows
    )
