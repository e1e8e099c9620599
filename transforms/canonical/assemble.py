"""Typed columns to records, rows overtaken in the same file, and rows set apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import Source, places_of, showable
from transforms.findings import Finding, Place
from transforms.schema.model import Table
from transforms.schema.tables import QUARANTINED, RECORD_TABLES

KEY_SEPARATOR = "\x1f"
_TEXT = pa.string()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why some rows cannot be taken."""

    code: str
    column: str
    mask: pa.Array
    """True where the row is refused; never null."""
    values: pa.Array | None = None
    """Raw text shown beside the row."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows whose key comes again later in the file: typed rows, the later one beside each earlier one."""

    earlier: pa.Table
    later: pa.Table


@dataclass(frozen=True, slots=True)
class Assembled:
    """The parts of one delivery; together they hold every data row once."""

    records: pa.Table
    superseded: pa.Table
    quarantined: pa.Table
    repeat: Repeat
    findings: tuple[Finding, ...]


def assemble_rows(
    source: Source, columns: Mapping[str, pa.Array], refusals: Sequence[Refusal], subjects: pa.Array
) -> Assembled:
    """Split the typed columns of one export into records, superseded and quarantined rows.

    ``columns``: content columns of the kind's record table, one value per data row; missing ones are
    null. A row refused for several reasons is set apart once, under the first, and stands in the finding
    of each. Of rows with the same key the later one wins. ``subjects``: what to call a row.
    """
    table = RECORD_TABLES[source.raw.kind]
    typed = _typed_table(source, table, columns)
    size = typed.num_rows
    refused = pa.repeat(pa.scalar(False), size)
    reason = pa.nulls(size, _TEXT)
    column = pa.nulls(size, _TEXT)
    findings: list[Finding] = []
    for refusal in refusals:
        findings += source.find(refusal.code, refusal.column, refusal.mask, subjects, refusal.values)
        first = pc.and_(refusal.mask, pc.invert(refused))
        reason = pc.if_else(first, refusal.code, reason)
        column = pc.if_else(first, refusal.column, column)
        refused = pc.or_(refused, refusal.mask)

    kept = typed.filter(pc.invert(refused))
    winner = latest_of_key(kept, table)
    overtaken = winner != np.arange(kept.num_rows)
    earlier = kept.filter(pa.array(overtaken))
    later = kept.take(pa.array(winner[overtaken]))
    return Assembled(
        records=kept.filter(pa.array(~overtaken)),
        superseded=earlier,
        quarantined=_quarantined(source, table, refused, reason, column),
        repeat=Repeat(earlier, later),
        findings=tuple(findings),
    )


def key_texts(rows: pa.Table, table: Table) -> pa.Array:
    """One text per row that identifies its record; a missing part of the key counts as empty."""
    parts = [pc.fill_null(rows.column(name).cast(_TEXT), "") for name in table.key]
    joined = pc.binary_join_element_wise(*parts, KEY_SEPARATOR)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def latest_of_key(rows: pa.Table, table: Table) -> np.ndarray:
    """For each row the position of the last row with the same key (itself where it is the last)."""
    encoded = key_texts(rows, table).dictionary_encode()
    group = encoded.indices.to_numpy(zero_copy_only=False)
    last = np.zeros(len(encoded.dictionary), dtype=np.int64)
    np.maximum.at(last, group, np.arange(rows.num_rows, dtype=np.int64))
    winner: np.ndarray = last[group]
    return winner


def find_repeats(
    source: Source, repeat: Repeat, differs: pa.Array, codes: tuple[str, str], columns: tuple[str, str]
) -> tuple[Finding, ...]:
    """Findings about repeated keys, with every row concerned in row order.

    ``differs``: one never-null boolean per pair. ``codes``: the code for pairs that differ, whose places
    name both rows, and the code for the others, whose places name the earlier row. ``columns``: the
    column that calls the row and the one whose value is shown.
    """
    differing, same = codes
    both = [side.filter(differs) for side in (repeat.earlier, repeat.later)]
    return (
        *source.finding(differing, columns[0], _places(pa.concat_tables(both), *columns)),
        *source.finding(same, columns[0], _places(repeat.earlier.filter(pc.invert(differs)), *columns)),
    )


def _places(rows: pa.Table, subject: str, value: str) -> tuple[Place, ...]:
    column = rows.column(value)
    is_day = column.type == pa.date32()
    shown = pc.strftime(column, format="%d/%m/%Y") if is_day else column.cast(_TEXT)
    found = places_of(rows.column("_sheet"), rows.column("_row"), rows.column(subject), shown)
    # A row that stands in several pairs is one place.
    return tuple(sorted(dict.fromkeys(found), key=lambda place: (place.subject, place.sheet, place.row)))


def _typed_table(source: Source, table: Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    """All rows in the table's schema; provenance filled, ``_known_from`` left to the writer."""
    size = source.raw.body.num_rows
    unknown = set(columns) - set(table.content_names)
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    given = {**columns, **_provenance(source)}
    arrays = [
        given[column.name].cast(column.type) if column.name in given else pa.nulls(size, column.type)
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.arrow_schema())


def _provenance(source: Source) -> dict[str, pa.Array]:
    size = source.raw.body.num_rows
    schema = QUARANTINED.arrow_schema()

    def _same(name: str, value: object) -> pa.Array:
        return pa.repeat(pa.scalar(value, schema.field(name).type), size)

    return {
        "_delivery_id": _same("_delivery_id", source.context.delivery_id),
        "_file": _same("_file", source.context.file),
        "_sheet": source.sheets,
        "_row": source.row_numbers,
        "_exported_at": _same("_exported_at", source.exported_at),
    }


def _quarantined(
    source: Source, table: Table, refused: pa.Array, reason: pa.Array, column: pa.Array
) -> pa.Table:
    """The refused rows in the schema of ``QUARANTINED``."""
    raw_rows = _raw_texts(source, table, refused).filter(refused).to_pylist()
    texts = [
        json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False) for row in raw_rows
    ]
    size = len(texts)
    given = {name: array.filter(refused) for name, array in _provenance(source).items()}
    given |= {
        "unit_code": pa.repeat(pa.scalar(source.unit_code, _TEXT), size),
        "kind": pa.repeat(pa.scalar(source.raw.kind, _TEXT), size),
        "finding_code": reason.filter(refused),
        "column_name": column.filter(refused),
        "raw_json": pa.array(texts, _TEXT),
    }
    arrays = [given.get(c.name, pa.nulls(size, c.type)).cast(c.type) for c in QUARANTINED.columns]
    return pa.Table.from_arrays(arrays, schema=QUARANTINED.arrow_schema())


def _raw_texts(source: Source, table: Table, refused: pa.Array) -> pa.Table:
    """The source's own text of canonical columns only: never free text, authors, people or addresses."""
    names = [name for name in table.content_names if name in source.raw.body.column_names]
    size = source.raw.body.num_rows
    texts = {
        name: source.text(name) if table.column(name).type == _TEXT else showable(source.text(name), refused)
        for name in names
    }
    return pa.table(texts) if texts else pa.table({"_none": pa.nulls(size, _TEXT)})
