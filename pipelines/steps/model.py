"""Values that cross the steps of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from transforms.findings import Finding
from transforms.returned.model import ReturnedMarker
from transforms.returned.read import Explanation


# Not a dataclass: Prefect looks for futures inside dataclasses, and a list may be long.
class SentBack:
    """What a returned workbook holds besides rows: which delivery it answers, and its explanations."""

    __slots__ = ("explanations", "marker")

    def __init__(self, marker: ReturnedMarker, explanations: tuple[Explanation, ...]) -> None:
        self.marker = marker
        self.explanations = explanations


@dataclass(frozen=True, slots=True)
class ReadDelivery:
    """One file after reading: typed rows on disk, or the reason why it was refused.

    ``spool`` holds ``records.arrow``, ``superseded.arrow`` and ``quarantined.arrow``; None when refused, and
    for a returned workbook that holds explanations only. Beside them lie ``removed.arrow``, rows that a
    correction takes out, and ``raw.arrow``, the texts of a returned workbook.
    """

    delivery_id: str
    sha256: str
    unit_code: str
    file: str
    findings: tuple[Finding, ...]
    spool: Path | None = None
    kind: str = ""
    profile_id: str = ""
    exported_at: datetime | None = None
    exported_at_source: str = ""
    structural_counts: Mapping[str, int] = field(default_factory=dict)
    refusal_code: str = ""
    sent_back: SentBack | None = None
    """Set for a returned workbook: its rows are newer versions of an export that is known already."""
    corrected_count: int = 0
    """Rows that standing corrections changed or took out."""

    @property
    def is_refused(self) -> bool:
        """True when nothing of the file was taken."""
        return bool(self.refusal_code)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Where the rows of deliveries went. Sheet rows = structural + data rows; data rows = the other four."""

    structural: int = 0
    accepted: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0

    @property
    def data_rows(self) -> int:
        """Rows that hold a record (law 1)."""
        return self.accepted + self.unchanged + self.superseded + self.quarantined

    @property
    def sheet_rows(self) -> int:
        """Rows with any content."""
        return self.structural + self.data_rows

    def as_dict(self) -> dict[str, int]:
        """Every count under its name, sums included, in the order of the tables."""
        return {
            "sheet_rows": self.sheet_rows,
            "structural": self.structural,
            "data_rows": self.data_rows,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "superseded": self.superseded,
            "quarantined": self.quarantined,
        }

    def __add__(self, other: RowCounts) -> RowCounts:
        """Sum, part by part."""
        return RowCounts(
            self.structural + other.structural,
            self.accepted + other.accepted,
            self.unchanged + other.unchanged,
            self.superseded + other.superseded,
            self.quarantined + other.quarantined,
        )


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What became of one file. ``state``: accepted, refused, or unchanged when its content was known already."""

    delivery_id: str
    unit_code: str
    file: str
    state: str
    kind: str
    profile_id: str
    counts: RowCounts
    exported_at: datetime | None = None
    refusal_code: str = ""
    findings: tuple[Finding, ...] = ()
    corrected_count: int = 0
