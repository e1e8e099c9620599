"""Typed columns to records, rows overtaken in the same file, and rows set apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import Source, codes_of_labels, one_array, places_of, showable, tidied
from transforms.findings import Finding, Place
from transforms.readers.repeating import as_strings
from transforms.readers.text_bytes import are_distinct
from transforms.schema.keys import key_texts
from transforms.schema.model import Table
from transforms.schema.tables import QUARANTINED, RECORD_TABLES

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
    size = source.raw.body.num_rows
    refused = pa.repeat(pa.scalar(False), size)
    reason = pa.nulls(size, _TEXT)
    column = pa.nulls(size, _TEXT)
    findings: list[Finding] = []
    for refusal in refusals:
        findings += source.find(refusal.code, refusal.column, refusal.mask, subjects, refusal.values)
        if not pc.any(refusal.mask).as_py():
            continue
        first = pc.and_(refusal.mask, pc.invert(refused))
        reason = pc.if_else(first, refusal.code, reason)
        column = pc.if_else(first, refusal.column, column)
        refused = pc.or_(refused, refusal.mask)

    # Which row goes where is told from the key alone; whole rows are copied once, those that are records
    # and nothing else not at all.
    kept = pc.indices_nonzero(pc.invert(refused)).to_numpy()
    keys = pa.table({name: columns.get(name, pa.nulls(size, _TEXT)) for name in table.key})
    winner = latest_of_key(keys if len(kept) == size else keys.take(pa.array(kept)), table)
    overtaken = winner != np.arange(len(winner))
    earlier = _typed_table(source, table, columns, kept[overtaken])
    later = _typed_table(source, table, columns, kept[winner[overtaken]])
    return Assembled(
        records=_typed_table(source, table, columns, kept[~overtaken]),
        superseded=earlier,
        quarantined=_quarantined(source, table, refused, reason, column),
        repeat=Repeat(earlier, later),
        findings=tuple(findings),
    )


def latest_of_key(rows: pa.Table, table: Table) -> np.ndarray:
    """For each row the position of the last row with the same key (itself where it is the last)."""
    # A part of the key that all rows have in common tells none of them apart: most files are one unit's.
    parts = [name for name in table.key if not _is_same(rows.column(name))]
    is_plain = len(parts) == 1 and not rows.column(parts[0]).null_count
    keys = one_array(rows.column(parts[0])) if is_plain else key_texts(rows, table)
    if keys.type == _TEXT and are_distinct(keys):
        return np.arange(rows.num_rows)
    encoded = keys.dictionary_encode()
    group = encoded.indices.to_numpy(zero_copy_only=False)
    last = np.zeros(len(encoded.dictionary), dtype=np.int64)
    # Of several rows with one place the last is written last.
    last[group] = np.arange(rows.num_rows, dtype=np.int64)
    winner: np.ndarray = last[group]
    return winner


def _is_same(column: pa.ChunkedArray) -> bool:
    """True where every row has the same value; a missing one is none."""
    return not column.null_count and len(column) > 0 and bool(pc.all(pc.equal(column, column[0])).as_py())


def find_repeats(
    source: Source, repeat: Repeat, differs: pa.Array, codes: tuple[str, str], columns: tuple[str, str]
) -> tuple[Finding, ...]:
    """Findings about repeated keys, with every row concerned in row order.

    ``differs``: one never-null boolean per pair. ``codes``: the code for pairs that differ, whose places
    name both rows, and the code for the others, whose places name the earlier row. ``columns``: the
    column that calls the row and the one whose value is shown.
    """
    differing, same = codes
    shown = list(dict.fromkeys(("_sheet", "_row", *columns)))
    earlier, later = (side.select(shown) for side in (repeat.earlier, repeat.later))
    both = pa.concat_tables([earlier.filter(differs), later.filter(differs)])
    return (
        *source.finding(differing, columns[0], _places(both, *columns)),
        *source.finding(same, columns[0], _places(earlier.filter(pc.invert(differs)), *columns)),
    )


def _places(rows: pa.Table, subject: str, value: str) -> tuple[Place, ...]:
    """Each row once, however many pairs it stands in, by what it is called and where it stands."""
    if not rows.num_rows:
        return ()
    column = rows.column(value)
    is_day = column.type == pa.date32()
    shown = pc.strftime(column, format="%d/%m/%Y") if is_day else column.cast(_TEXT)
    names = pc.fill_null(rows.column(subject), "")
    table = pa.table([names, rows.column("_sheet"), rows.column("_row"), shown], names=list("nsrv"))
    order = pc.sort_indices(table, sort_keys=[("n", "ascending"), ("s", "ascending"), ("r", "ascending")])
    table = table.take(order)
    sheets, numbers, names, shown = (one_array(table.column(name)) for name in "srnv")
    is_again = pc.and_(pc.equal(sheets[1:], sheets[:-1]), pc.equal(numbers[1:], numbers[:-1]))
    once = pa.concat_arrays([pa.array([True]), pc.invert(is_again)])
    return places_of(*(values.filter(once) for values in (sheets, numbers, names, shown)))


def _typed_table(source: Source, table: Table, columns: Mapping[str, pa.Array], rows: np.ndarray) -> pa.Table:
    """Those rows in the table's schema; provenance filled, ``_known_from`` left to the writer."""
    size = source.raw.body.num_rows
    unknown = set(columns) - set(table.content_names)
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    # Positions without a gap are the rows as they stand.
    taken = None if len(rows) == size else pa.array(rows)
    given = {name: values if taken is None else values.take(taken) for name, values in columns.items()}
    given |= _provenance(source, taken)
    arrays = [
        given[column.name].cast(column.type) if column.name in given else pa.nulls(len(rows), column.type)
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.arrow_schema())


def _provenance(source: Source, taken: pa.Array | None) -> dict[str, pa.Array]:
    """Where the rows at those positions come from; every row for None."""
    size = source.raw.body.num_rows if taken is None else len(taken)
    schema = QUARANTINED.arrow_schema()

    def _same(name: str, value: object) -> pa.Array:
        return pa.repeat(pa.scalar(value, schema.field(name).type), size)

    return {
        "_delivery_id": _same("_delivery_id", source.context.delivery_id),
        "_file": _same("_file", source.context.file),
        "_sheet": source.sheets if taken is None else source.sheets.take(taken),
        "_row": source.row_numbers if taken is None else source.row_numbers.take(taken),
        "_exported_at": _same("_exported_at", source.exported_at),
    }


def _quarantined(
    source: Source, table: Table, refused: pa.Array, reason: pa.Array, column: pa.Array
) -> pa.Table:
    """The refused rows in the schema of ``QUARANTINED``."""
    rows = pc.indices_nonzero(refused)
    texts = [
        json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False)
        for row in _raw_texts(source.at(rows), table).to_pylist()
    ]
    size = len(texts)
    given = {
        **_provenance(source, rows),
        "unit_code": pa.repeat(pa.scalar(source.unit_code, _TEXT), size),
        "kind": pa.repeat(pa.scalar(source.raw.kind, _TEXT), size),
        "finding_code": reason.take(rows),
        "column_name": column.take(rows),
        "raw_json": pa.array(texts, _TEXT),
    }
    arrays = [given.get(c.name, pa.nulls(size, c.type)).cast(c.type) for c in QUARANTINED.columns]
    return pa.Table.from_arrays(arrays, schema=QUARANTINED.arrow_schema())


def _raw_texts(source: Source, table: Table) -> pa.Table:
    """The source's own text of canonical columns only: never free text, authors, people or addresses."""
    names = [name for name in table.content_names if name in source.raw.body.column_names]
    texts = {name: _kept_text(source, table, name) for name in names}
    return pa.table(texts) if texts else pa.table({"_none": pa.nulls(source.raw.body.num_rows, _TEXT)})


def _kept_text(source: Source, table: Table, name: str) -> pa.Array:
    """One column as it may be kept: of a column that is no text only what reads like its values."""
    text = as_strings(source.text(name))
    if table.column(name).type == _TEXT:
        return text
    if name == "channel_code":
        _, unknown = codes_of_labels(tidied(text), source.catalogue.channels, source.profile.channel_map)
        return pc.if_else(unknown, pa.scalar(None, _TEXT), text)
    return showable(text, pa.repeat(pa.scalar(True), len(text)))
