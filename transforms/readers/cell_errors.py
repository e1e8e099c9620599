"""Errors that a spreadsheet shows in a cell; they are never values."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import Profile
from transforms.findings import Finding, Place
from transforms.readers.repeating import as_strings, is_repeating
from transforms.readers.text_bytes import begin_with

CELL_ERROR = r"^(?:#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3})$"
"""Excel's errors and LibreOffice's numbered ones, as they stand in HTML, CSV and old workbooks."""


def drop_cell_errors(
    body: pa.Table, profile: Profile, sheets: pa.Array, row_numbers: pa.Array
) -> tuple[pa.Table, tuple[Finding, ...]]:
    """The body with every such cell empty, and one finding a column with the rows (``file.cell.error``).

    xlsx readers leave the same cells empty by themselves, so all containers give the same table.
    """
    findings: list[Finding] = []
    labels = {column.name: column.aliases[0] for column in profile.columns}
    for index, name in enumerate(body.column_names):
        column = body.column(index)
        # Nearly no column has any; the first letter is quicker than the pattern.
        if not any(_may_hold(chunk) for chunk in column.chunks):
            continue
        column = as_strings(column)
        is_error = pc.fill_null(pc.match_substring_regex(column, CELL_ERROR), False)
        rows = pc.indices_nonzero(is_error)
        if not len(rows):
            continue
        places = tuple(
            Place(sheet, row, value=text)
            for sheet, row, text in zip(
                sheets.take(rows).to_pylist(),
                row_numbers.take(rows).to_pylist(),
                column.take(rows).to_pylist(),
                strict=True,
            )
        )
        findings.append(
            Finding(
                "file.cell.error", column=name, params=(("column", labels.get(name, name)),), places=places
            )
        )
        body = body.set_column(index, name, pc.if_else(is_error, pa.scalar(None, pa.string()), column))
    return body, tuple(findings)


def _may_hold(texts: pa.Array) -> bool:
    return bool(len(begin_with(texts.dictionary if is_repeating(texts) else texts, b"#E")))
