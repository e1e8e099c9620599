"""The field (lĩnh vực) of every dossier."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import UNCLASSIFIED, Catalogue
from transforms.catalogue.names import NameIndex, build_name_index

CLASSIFYING = ("procedure_code", "procedure_code_raw", "procedure_name", "field_name", "field_hint")
"""Columns that tell the field, strongest first."""
APPENDED = ("field_id", "procedure_id", "classified_by")
CLASSIFIED_BY = ("code", "name", "field_name", "hint", "none")


def classify(dossiers: pa.Table, catalogue: Catalogue) -> pa.Table:
    """``dossiers`` with ``field_id`` (never null), ``procedure_id`` (core code or null), ``classified_by``.

    The field comes from the procedure's code, else its name, else the field as exported, else the hint
    from free text or the file, else it is ``chua_phan_loai``; ``classified_by`` says which: code, name,
    field_name, hint, none. Excluded fields (residence) keep their id. Columns of ``CLASSIFYING`` that the
    table lacks count as empty. Work is done once per distinct combination, so a million rows take about
    a second.
    """
    groups, samples = distinct_groups(dossiers, CLASSIFYING)
    index = build_name_index(catalogue)
    verdicts = [_verdict(sample, index) for sample in samples]
    result = dossiers.drop_columns([name for name in APPENDED if name in dossiers.column_names])
    for position, name in enumerate(APPENDED):
        values = pa.array([verdict[position] for verdict in verdicts], pa.string())
        result = result.append_column(name, values.take(groups))
    return result


def _verdict(sample: Mapping[str, str | None], index: NameIndex) -> tuple[str, str | None, str]:
    code = sample["procedure_code"] or sample["procedure_code_raw"]
    procedure, field_id, told_by = index.procedure(code, sample["procedure_name"])
    if field_id is not None:
        return field_id, procedure, told_by
    for column, label in (("field_name", "field_name"), ("field_hint", "hint")):
        if (found := index.field(sample[column])) is not None:
            return found, None, label
    return UNCLASSIFIED, None, "none"


def distinct_groups(
    table: pa.Table, columns: tuple[str, ...]
) -> tuple[pa.Array, list[dict[str, str | None]]]:
    """(group number of every row, one sample per group) over the distinct combinations of text columns.

    Columns are folded in one at a time and numbered anew after each, so that the numbers never grow
    beyond rows × rows. Null is a value of its own.
    """
    if table.num_rows == 0:
        return pa.array([], pa.int64()), []
    numbered = reduce(
        lambda groups, column: _combined(groups, column),
        (_numbers(table, column) for column in columns),
    )
    positions = pa.table({"group": numbered, "row": pa.array(range(table.num_rows), pa.int64())})
    first = positions.group_by("group").aggregate([("row", "min")]).sort_by("group")["row_min"]
    samples = table.select([name for name in columns if name in table.column_names]).take(first).to_pylist()
    empty = dict.fromkeys(columns)
    return numbered, [{**empty, **sample} for sample in samples]


def _numbers(table: pa.Table, column: str) -> pa.Array:
    """A number from 0 for every row, equal where the texts are equal."""
    if column not in table.column_names:
        return pa.repeat(pa.scalar(0, pa.int64()), table.num_rows)
    return _renumbered(table[column])


def _renumbered(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.dictionary_encode(null_encoding="encode").indices.cast(pa.int64())


def _combined(left: pa.Array, right: pa.Array) -> pa.Array:
    width = pc.max(right).as_py() + 1
    return _renumbered(pc.add(pc.multiply(left, width), right))
