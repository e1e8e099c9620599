"""Records of one delivery against the latest versions that the store knows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.model import Comparison
from transforms.schema.keys import key_texts
from transforms.schema.model import Table
from transforms.schema.tables import ASSIGNED_COLUMNS

_NO_KEYS = pa.array([], pa.string())
_OVER = pa.array([7, 9, 10], pa.int8())
"""Withdrawn, finished, handed over (National Portal list, DOMAIN.md 3.5)."""


def compare(
    records: pa.Table, latest: pa.Table, table: Table, last_exported: pa.Array | None = None
) -> Comparison:
    """Which records are new or changed, equal to what is known, or older than it.

    ``records`` and ``latest`` have the columns of ``table``; ``latest`` has at most one row per key, and a
    missing part of a key counts as empty. Equal means equal in every content column, null to null;
    provenance does not count. Who works on a dossier (``ASSIGNED_COLUMNS``) counts only where the record
    tells it and there is work left: naming officers for the first time, or an export without that column,
    must not make a version of every dossier that is long closed.

    ``last_exported``: when each row of ``latest`` was exported last, later than its own export time where
    newer exports repeated it unchanged. A different record that was exported before that is superseded:
    kept as a version that never wins. Where it is not older than the stored row itself, it would win by its
    export time, so the stored row is restated with its last one.
    """
    empty = latest.slice(0, 0)
    if records.num_rows == 0 or latest.num_rows == 0:
        return Comparison(records, records.slice(0, 0), 0, _NO_KEYS, empty, empty, empty)
    if last_exported is None:
        last_exported = latest.column("_exported_at").combine_chunks()
    at = _position_in(records, latest, table)
    rows = np.flatnonzero(at >= 0)
    new = records.take(pa.array(rows))
    known = latest.select(list(table.names)).cast(table.arrow_schema()).take(pa.array(at[rows]))
    shown_last = last_exported.take(pa.array(at[rows]))

    changed = np.zeros(len(rows), dtype=bool)
    for name in table.content_names:
        differs = _differs(new.column(name), known.column(name))
        changed |= differs & _is_reassigned(new, name) if name in ASSIGNED_COLUMNS else differs
    exported = new.column("_exported_at")
    is_older = changed & _holds(pc.less(exported, shown_last))
    would_win = is_older & _holds(pc.greater_equal(exported, known.column("_exported_at")))

    accepted = np.ones(records.num_rows, dtype=bool)
    accepted[rows] = changed & ~is_older
    restated = known.filter(pa.array(would_win))
    position = restated.schema.get_field_index("_exported_at")
    field = restated.schema.field(position)
    return Comparison(
        accepted=records.filter(pa.array(accepted)),
        superseded=new.filter(pa.array(is_older)),
        unchanged_count=int((~changed).sum()),
        confirmed=key_texts(new.filter(pa.array(~changed)), table),
        restated=restated.set_column(
            position, field, shown_last.filter(pa.array(would_win)).cast(field.type)
        ),
        before=known.filter(pa.array(changed)),
        after=new.filter(pa.array(changed)),
    )


def _position_in(records: pa.Table, latest: pa.Table, table: Table) -> np.ndarray:
    """For each record the row of ``latest`` with its key, -1 where there is none."""
    both = pa.concat_arrays([key_texts(latest, table), key_texts(records, table)]).dictionary_encode()
    group = both.indices.to_numpy(zero_copy_only=False)
    position = np.full(len(both.dictionary), -1, dtype=np.int64)
    position[group[: latest.num_rows]] = np.arange(latest.num_rows)
    found: np.ndarray = position[group[latest.num_rows :]]
    return found


def _differs(one: pa.ChunkedArray, other: pa.ChunkedArray) -> np.ndarray:
    """True where two columns differ; null equals null and nothing else."""
    unequal = pc.fill_null(pc.not_equal(one, other), False)
    return _as_bools(pc.or_(unequal, pc.xor(pc.is_null(one), pc.is_null(other))))


def _is_reassigned(new: pa.Table, name: str) -> np.ndarray:
    """True where the record tells who works on it and is not over: neither withdrawn, finished nor handed over."""
    is_over = pc.fill_null(pc.is_in(new.column("status_code"), value_set=_OVER), False)
    for end in ("resolved_date", "returned_date"):
        is_over = pc.or_(is_over, pc.is_valid(new.column(end)))
    return _as_bools(pc.and_(pc.is_valid(new.column(name)), pc.invert(is_over)))


def _holds(comparison: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """The comparison with "unknown" as false."""
    return _as_bools(pc.fill_null(comparison, False))


def _as_bools(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)
