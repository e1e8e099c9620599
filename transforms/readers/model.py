"""What a reader hands on: all text, each row with its sheet and its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from transforms.findings import Finding


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as text.

    ``cells``: string columns ``c0``, ``c1``... in sheet order, null for an empty cell, NFC text with
    outer white space trimmed; a column of few distinct texts may be dictionary encoded (repeating.py).
    ``row_numbers``: int64, the number the clerk sees, from 1. Rows without
    any content are left out.
    """

    name: str
    cells: pa.Table
    row_numbers: pa.Array
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """Every sheet of a file, in order, and the container that held it.

    ``container``: xlsx, xls, xlsb, ods, xml2003, html, csv.
    """

    container: str
    sheets: tuple[RawSheet, ...]
    findings: tuple[Finding, ...] = ()
    """What reading the container noticed (an old character set, damaged bytes); unit and file are filled in later."""


@dataclass(frozen=True, slots=True)
class RawExport:
    """The one table that a profile recognised.

    ``body``: one string column per *canonical source name* of the profile (a key of its ``columns``),
    dictionary encoded where the sheet's was, data rows only. ``row_numbers`` and ``sheets`` run beside it. ``titles``: the text rows above the
    header, in order. ``structural_counts``: rows that are not data, by kind (title, header,
    column_number, group, total, signature; where they occur note and other_sheet, the rows of visible
    sheets beside the table). ``sheet_row_count`` = structural + data rows.
    """

    profile_id: str
    kind: str
    body: pa.Table
    row_numbers: pa.Array
    sheets: pa.Array
    titles: tuple[str, ...] = ()
    group_names: pa.Array | None = None
    """Text of the group row above each data row, where the sheet has group rows."""
    structural_counts: Mapping[str, int] = field(default_factory=dict)
    unknown_headers: tuple[str, ...] = ()
    """Header texts that the profile neither reads nor lists as ignored; their columns are not in ``body``."""
    findings: tuple[Finding, ...] = ()
    """What finding the table noticed (a shifted header, a continued list); unit and file are filled in later."""

    @property
    def data_row_count(self) -> int:
        """Rows that hold a record."""
        return int(self.body.num_rows)

    @property
    def sheet_row_count(self) -> int:
        """Rows with any content on visible sheets: structural rows plus data rows."""
        return self.data_row_count + sum(self.structural_counts.values())


class UnreadableFileError(Exception):
    """A file that cannot be taken; carries the finding code and the parameters of its sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params: tuple[tuple[str, str | int], ...] = tuple(params.items())
