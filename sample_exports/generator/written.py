"""A file as written, with what its writer meant every row to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class RowKind(StrEnum):
    """What a row is; the names are those of the delivery counts."""

    TITLE = "title"
    HEADER = "header"
    COLUMN_NUMBER = "column_number"
    GROUP = "group"
    TOTAL = "total"
    SIGNATURE = "signature"
    EMPTY = "empty"
    """A prefilled row of the supplement workbook whose value was left out."""
    DATA = "data"
    BLANK = "blank"
    """A row without any content; not counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``span`` makes its first cell cover the whole width (titles, groups)."""

    kind: RowKind
    cells: tuple[object, ...]
    span: bool = False


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """The rows of a file before they are put into a container."""

    rows: Sequence[Row]
    width: int
    sheet: str = "Sheet1"

    def structural(self) -> dict[str, int]:
        """Counts of the rows that are no data, by kind, blank rows left out."""
        counts = Counter(str(row.kind) for row in self.rows if row.kind not in (RowKind.DATA, RowKind.BLANK))
        return dict(sorted(counts.items()))

    def data_rows(self) -> int:
        """Rows that hold a record."""
        return sum(row.kind is RowKind.DATA for row in self.rows)


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One file of the inbox with everything that must come out of it."""

    unit_code: str
    name: str
    content: bytes
    state: str = "accepted"
    kind: str = ""
    profile_id: str = ""
    exported_at: str = ""
    """Naive Vietnam time, ISO; empty for a refused file."""
    exported_at_source: str = ""
    structural: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0
    refusal_code: str = ""
    case: str = ""
    """What the file is there to show; empty for an ordinary one."""
    is_passed_over: bool = False
    """A lock file: no delivery at all."""

    @property
    def data_rows(self) -> int:
        """Rows that hold a record: law 1 of the row counts."""
        return self.accepted + self.unchanged + self.superseded + self.quarantined

    @property
    def sheet_rows(self) -> int:
        """Rows with any content."""
        return self.data_rows + sum(self.structural.values())
