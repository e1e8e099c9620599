"""The one table of a workbook that exactly one export profile recognises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import Profile
from transforms.findings import Finding
from transforms.readers.cell_errors import drop_cell_errors
from transforms.readers.date_order import settle_date_order
from transforms.readers.header import HeaderMatch
from transforms.readers.model import RawExport, RawSheet, UnreadableFileError, Workbook
from transforms.readers.repeating import as_strings
from transforms.readers.row_kinds import RowKind
from transforms.readers.rows import SplitRows, split_rows
from transforms.readers.shift import find_shifted_header, proves_shift, shift_match
from transforms.readers.tables import TITLE_SEPARATOR, TablePart, find_parts, find_unread
from transforms.schema.tables import RECORD_TABLES

__all__ = ["TITLE_SEPARATOR", "recognise"]

OTHER_SHEET = "other_sheet"
"""Structural kind of the rows of visible sheets that are no part of the table."""
_ALWAYS_COUNTED = (RowKind.COLUMN_NUMBER, RowKind.GROUP, RowKind.TOTAL, RowKind.SIGNATURE)


@dataclass(frozen=True, slots=True)
class _PartRows:
    """One part of the table with its rows told apart."""

    part: TablePart
    match: HeaderMatch
    split: SplitRows
    body: pa.Table
    row_numbers: pa.Array
    group_names: pa.Array | None
    shifted_header: str = ""
    """The header that has no cells of its own, where the rows were read one column to the left."""


def recognise(workbook: Workbook, profiles: Sequence[Profile]) -> RawExport:
    """The records of the sheets that exactly one profile fits, with every other row counted by kind.

    See ``find_parts`` for which sheets are read. Conservation: data rows + structural rows = rows with
    content on all visible sheets; hidden sheets with content are the finding ``file.sheet.hidden``,
    sheets that look like a part of the list but cannot be read ``file.sheet.unread``. Errors of a
    spreadsheet ("#N/A") are no values and left empty; a column proven to have its months first is turned.
    Raises UnreadableFileError ``file.empty``, ``file.header.twice`` (``name``), ``file.header.shifted``
    (``name``) and those of ``find_parts``.
    """
    if not any(sheet.cells.num_rows for sheet in workbook.sheets):
        raise UnreadableFileError("file.empty")
    parts = find_parts(workbook, profiles)
    read = [_read_part(part) for part in parts]
    # A shifted part reads under the names that the shift gave its columns; the format is the same.
    profile = read[0].match.profile
    body = _joined([rows.body for rows in read])
    sheets = pa.concat_arrays(
        [pa.repeat(pa.scalar(rows.part.sheet.name, pa.string()), rows.body.num_rows) for rows in read]
    )
    row_numbers = pa.concat_arrays([_one_array(rows.row_numbers) for rows in read])
    body, errors = drop_cell_errors(body, profile, sheets, row_numbers)
    body, turned = settle_date_order(body, profile)
    findings = (
        *_sheet_findings(workbook, read, find_unread(workbook, parts)),
        *_shift_findings(read),
        *errors,
        *turned,
    )
    export = RawExport(
        profile_id=profile.profile_id,
        kind=profile.kind,
        body=body,
        row_numbers=row_numbers,
        sheets=sheets,
        titles=tuple(dict.fromkeys(title for part in parts for title in part.titles)),
        group_names=_group_names(read),
        structural_counts=_structural_counts(workbook, read),
        unknown_headers=tuple(dict.fromkeys(text for rows in read for text in rows.match.unknown)),
        findings=tuple(_of_kind(findings, profile.kind)),
    )
    visible = sum(sheet.cells.num_rows for sheet in workbook.sheets if not sheet.is_hidden)
    if export.sheet_row_count != visible:
        raise RuntimeError(f"{export.sheet_row_count} rows told apart of {visible} on the sheets")
    return export


def _read_part(part: TablePart) -> _PartRows:
    body = part.body
    split = split_rows(body, part.match, is_continued=not part.has_header)
    records = _records(body, split)
    if shifted := find_shifted_header(part.match, records):
        return _read_shifted(part, shifted)
    return _rows(part, part.match, split, records)


def _read_shifted(part: TablePart, shifted: str) -> _PartRows:
    """The rows read one column to the left where all of them prove it; raises ``file.header.shifted`` else."""
    match, body = shift_match(part.match), part.body
    if match is not None:
        split = split_rows(body, match, is_continued=not part.has_header)
        records = _records(body, split)
        if match.profile.shift is not None and proves_shift(match, records):
            return _rows(part, match, split, records, match.profile.shift.extra_header)
    raise UnreadableFileError("file.header.shifted", name=shifted)


def _rows(
    part: TablePart, match: HeaderMatch, split: SplitRows, records: pa.Table, shifted_header: str = ""
) -> _PartRows:
    is_record = _is_record(split)
    return _PartRows(
        part=part,
        match=match,
        split=split,
        body=_body(match, records),
        row_numbers=part.sheet.row_numbers.slice(part.start).filter(is_record),
        group_names=None if split.group_names is None else split.group_names.filter(is_record),
        shifted_header=shifted_header,
    )


def _records(body: pa.Table, split: SplitRows) -> pa.Table:
    """The rows that are records; where they stand together they stay where they are, uncopied."""
    places = np.flatnonzero(split.kinds == RowKind.DATA)
    if len(places) and places[-1] - places[0] + 1 == len(places):
        return body.slice(int(places[0]), len(places))
    return body.filter(_is_record(split))


def _is_record(split: SplitRows) -> pa.Array:
    return pa.array(split.kinds == RowKind.DATA)


def _body(match: HeaderMatch, records: pa.Table) -> pa.Table:
    """The records under the names of the profile, in the profile's order."""
    columns: dict[str, pa.ChunkedArray] = {}
    for column in match.profile.columns:
        positions = match.positions.get(column.name, ())
        if not positions:
            continue
        cells = [records.column(position) for position in positions]
        # A second column of the same name that holds nothing takes nothing away.
        filled = [column for column in cells if column.null_count < len(column)] or cells[:1]
        if any(not as_strings(other).equals(as_strings(filled[0])) for other in filled[1:]):
            raise UnreadableFileError("file.header.twice", name=_header_text(match, positions[1]))
        columns[column.name] = filled[0]
    return pa.table(columns)


def _joined(bodies: Sequence[pa.Table]) -> pa.Table:
    if len(bodies) == 1:
        return bodies[0]
    texts = [pa.table({name: as_strings(body[name]) for name in body.column_names}) for body in bodies]
    return pa.concat_tables(texts, promote_options="default")


def _header_text(match: HeaderMatch, position: int) -> str:
    return match.block.names[position][0]


def _group_names(read: Sequence[_PartRows]) -> pa.Array | None:
    """Group of each record; a sheet that goes on without a header goes on with the last group before it."""
    if all(rows.group_names is None for rows in read):
        return None
    pieces: list[pa.Array] = []
    last: str | None = None
    for rows in read:
        size = rows.body.num_rows
        names = pa.nulls(size, pa.string()) if rows.group_names is None else _one_array(rows.group_names)
        if not rows.part.has_header and last is not None:
            names = pc.fill_null(names, last)
        if size:
            last = names[size - 1].as_py()
        pieces.append(names)
    return pa.concat_arrays(pieces)


def _structural_counts(workbook: Workbook, read: Sequence[_PartRows]) -> dict[str, int]:
    counts = Counter[str]()
    for rows in read:
        block = rows.part.match.block
        if rows.part.has_header:
            counts["title"] += block.start
            counts["header"] += len(block.rows)
        for kind, count in Counter(rows.split.kinds.tolist()).items():
            if kind != RowKind.DATA:
                counts[RowKind(kind).name.lower()] += count
    table_sheets = {id(rows.part.sheet) for rows in read}
    counts[OTHER_SHEET] = sum(
        sheet.cells.num_rows
        for sheet in workbook.sheets
        if not sheet.is_hidden and id(sheet) not in table_sheets
    )
    shown = ("title", "header", *(kind.name.lower() for kind in _ALWAYS_COUNTED))
    return {kind: counts[kind] for kind in (*shown, "note", OTHER_SHEET) if kind in shown or counts[kind]}


def _sheet_findings(
    workbook: Workbook, read: Sequence[_PartRows], unread: Sequence[RawSheet]
) -> Iterable[Finding]:
    hidden = [sheet for sheet in workbook.sheets if sheet.is_hidden and sheet.cells.num_rows]
    continued = [rows.part.sheet for rows in read[1:] if not rows.part.has_header]
    for code, sheets in (
        ("file.sheet.hidden", hidden),
        ("file.sheet.unread", unread),
        ("file.sheet.continued", continued),
    ):
        if sheets:
            yield Finding(code, params=(("sheets", ", ".join(map(_sheet_text, sheets))),))


def _sheet_text(sheet: RawSheet) -> str:
    return f"“{sheet.name}” ({sheet.cells.num_rows} dòng)"


def _shift_findings(read: Sequence[_PartRows]) -> Iterable[Finding]:
    rows = next((rows for rows in read if rows.shifted_header), None)
    if rows is None:
        return
    shift, positions = rows.part.match.profile.shift, rows.part.match.positions
    table = RECORD_TABLES[rows.match.profile.kind]
    renamed = "".join(
        f"; cột “{_header_text(rows.part.match, positions[old][0])}” được hiểu là “{table.column(new).label}”"
        for old, new in (shift.renames if shift is not None else {}).items()
        if old in positions
    )
    params = (("name", rows.shifted_header), ("renamed", renamed))
    yield Finding("file.header.shift_read", params=params)


def _of_kind(findings: Iterable[Finding], kind: str) -> Iterable[Finding]:
    return (replace(finding, kind=kind) for finding in findings)


def _one_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
