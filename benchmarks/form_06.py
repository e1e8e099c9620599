"""Biểu II.06a in one DuckDB statement over the store's own Parquet files, with the same as-known selection."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from transforms.catalogue.model import UNCLASSIFIED, Catalogue
from transforms.indicators.model import ALL_FIELDS, Reckoning

Cells = dict[tuple[str, str, str], int]

_MEASURES = {
    "received_online": "is_received AND channel_code = 2",
    "received_direct": "is_received AND channel_code IS DISTINCT FROM 2",
    "received_in_window": "is_received",
    "carried_over": "is_carried",
    "received_total": "is_received OR is_carried",
    "early": "placed = 'early'",
    "on_time": "placed = 'on_time'",
    "late": "placed = 'late'",
    "resolved_total": "placed IN ('early', 'on_time', 'late')",
    "pending_within": "placed = 'within'",
    "pending_overdue": "placed = 'overdue'",
    "pending_total": "placed IN ('within', 'overdue')",
}


def count_form(store: Path, known_at: datetime, reckoning: Reckoning, catalogue: Catalogue) -> Cells:
    """Measure × unit × field, zeros left out; for stores whose dossiers changed status with every version.

    The day since when a status was shown is then the export day of the latest version, which spares the
    statement a second pass; and nobody asked for papers, closed a dossier twice or took one out.
    """
    import duckdb

    fields = {procedure.code: procedure.field_id for procedure in catalogue.procedures}
    mapped = pa.table({"procedure_code": list(fields), "field_id": list(fields.values())})
    opening = reckoning.start - timedelta(days=1)
    counts = ", ".join(f"count(*) FILTER ({condition}) AS {name}" for name, condition in _MEASURES.items())
    with duckdb.connect() as connection:
        connection.register("fields", mapped)
        rows = connection.sql(
            f"""WITH committed AS (
                SELECT known_from FROM read_parquet('{store}/deliveries/*.parquet')
                WHERE state = 'accepted' AND known_from <= TIMESTAMPTZ '{known_at.isoformat()}'),
            latest AS (
                SELECT unit_code, dossier_code,
                       arg_max({{s: status_code, c: channel_code, p: procedure_code, r: received_date, d: due_date,
                                 e: resolved_date, b: returned_date, x: _exported_at::DATE, removed: _removal}},
                               {{a: _exported_at, b: _known_from, c: _row}}) AS v
                FROM read_parquet('{store}/dossier_versions/*.parquet')
                WHERE _known_from IN (SELECT known_from FROM committed)
                GROUP BY ALL),
            closed AS (
                SELECT unit_code, v.s AS status, v.c AS channel_code, v.p AS procedure_code, v.r AS received,
                       v.d AS due, coalesce(v.s, 0) IN (5, 6, 8) AS is_paused_kind, v.x AS shown,
                       coalesce(v.e, CASE WHEN coalesce(v.s, 0) NOT IN (5, 6, 8) THEN v.b END,
                                CASE WHEN v.s BETWEEN 5 AND 10 THEN v.x END) AS closing
                FROM latest WHERE v.removed IS NULL AND coalesce(v.s, 0) NOT IN (1, 3)),
            stated AS (
                SELECT *, {_state(reckoning.closing_day.isoformat())} AS state, {_state(opening.isoformat())} AS before
                FROM closed),
            placed AS (
                SELECT unit_code, coalesce(field_id, '{UNCLASSIFIED}') AS field_id, channel_code, state,
                       state <> 'none' AND received BETWEEN DATE '{reckoning.start}' AND DATE '{reckoning.closing_day}'
                           AS is_received,
                       state <> 'none' AND before IN ('within', 'overdue', 'paused') AS is_carried,
                       CASE WHEN is_received OR is_carried
                            THEN CASE state WHEN 'paused' THEN 'within' WHEN 'withdrawn' THEN 'on_time' ELSE state END
                       END AS placed
                FROM stated LEFT JOIN fields USING (procedure_code))
            SELECT unit_code, field_id, {counts} FROM placed GROUP BY ALL"""
        ).fetchall()
    cells: Cells = {}
    for unit, field, *numbers in rows:
        for measure, number in zip(_MEASURES, numbers, strict=True):
            for facet in (field, ALL_FIELDS):
                cells[measure, unit, facet] = cells.get((measure, unit, facet), 0) + number
    return {cell: number for cell, number in cells.items() if number}


def _state(day: str) -> str:
    on_day = f"DATE '{day}'"
    return f"""CASE WHEN received IS NULL OR received > {on_day} THEN 'none'
        WHEN closing <= {on_day} AND NOT is_paused_kind THEN
            CASE WHEN status = 7 THEN 'withdrawn' WHEN closing < due THEN 'early' WHEN closing > due THEN 'late'
                 ELSE 'on_time' END
        WHEN is_paused_kind AND (closing <= {on_day} OR shown <= {on_day}) THEN 'paused'
        WHEN due < {on_day} THEN 'overdue' ELSE 'within' END"""
