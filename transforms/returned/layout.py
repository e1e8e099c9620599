"""Where things stand in the sheets of a sent file: header rows, columns by name, groups above rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import numpy as np

from transforms.catalogue.model import Profile
from transforms.readers.header import best_match, header_blocks
from transforms.readers.model import RawSheet
from transforms.readers.rows import RowKind, split_rows

_STANDS_IN: Mapping[str, tuple[str, ...]] = {
    "status_code": ("status_label",),
    "procedure_code": ("procedure_code_raw", "procedure_name"),
    "field_hint": ("free_text", "procedure_name"),
    "unit_code": ("resolving_unit_name",),
    "receiving_unit_code": ("receiving_unit_name",),
    "document_type_id": ("symbol",),
    "issuer_level": ("author_name",),
    "number_value": ("text_value",),
}
"""Canonical columns that are read from a column of another name."""


def source_names(column: str) -> tuple[str, ...]:
    """The source columns that may hold a canonical one, the usual first."""
    return (column, *_STANDS_IN.get(column, ()))


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What the header of one sheet says. Row numbers are those that the clerk sees, positions count from 0."""

    header_rows: tuple[int, ...] = ()
    """Rows of the header, top down; empty where no header of the profile stands on the sheet."""
    positions: Mapping[str, int] = field(default_factory=dict)
    """Source column → position of its first column."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Source column → header text as printed."""
    first_position: int = 0
    """The leftmost position with a header."""
    record_count: int = 0
    """Rows that hold a record."""
    structural: Mapping[int, RowKind] = field(default_factory=dict, repr=False)
    """Rows below the header that are no record, and what they are."""

    @property
    def column_number_rows(self) -> Set[int]:
        """Rows that number the columns ("(1) (2) …")."""
        return {row for row, kind in self.structural.items() if kind is RowKind.COLUMN_NUMBER}

    def source_column(self, column: str) -> str:
        """The source column that holds a canonical one; empty when the sheet has none."""
        return next((name for name in source_names(column) if name in self.positions), "")

    def groups_of(self, rows: Set[int]) -> set[int]:
        """The group row above each of these rows, where the sheet is grouped."""
        groups = sorted(row for row, kind in self.structural.items() if kind is RowKind.GROUP)
        found = (bisect_left(groups, row) - 1 for row in rows)
        return {groups[index] for index in found if index >= 0}


NO_LAYOUT = SheetLayout()


def find_layout(sheet: RawSheet, profile: Profile | None) -> SheetLayout:
    """The layout of a sheet under the profile that read it; ``NO_LAYOUT`` where its header is not there."""
    if profile is None or not sheet.cells.num_rows:
        return NO_LAYOUT
    match = best_match(profile, sheet, header_blocks(sheet))
    if match is None or match.missing:
        return NO_LAYOUT
    block = match.block
    numbers = sheet.row_numbers.to_pylist()
    below = split_rows(sheet.cells.slice(block.end), match).kinds
    positions = {name: found[0] for name, found in match.positions.items()}
    headed = [position for position, names in enumerate(block.names) if names]
    return SheetLayout(
        header_rows=tuple(numbers[block.start : block.end]),
        positions=positions,
        headers={name: block.names[position][0] for name, position in positions.items()},
        first_position=min(headed, default=0),
        record_count=int(np.count_nonzero(below == RowKind.DATA)),
        structural={
            numbers[block.end + int(index)]: RowKind(int(below[index]))
            for index in np.flatnonzero(below != RowKind.DATA)
        },
    )
