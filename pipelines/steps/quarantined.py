"""Rows that were set apart and are still missing from the figures."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.store import Store
from transforms.catalogue.model import Catalogue


def open_quarantined(
    store: Store, catalogue: Catalogue, kind: str, latest: pa.Table, known_at: datetime | None = None
) -> pa.Table:
    """The set-apart rows of that kind that nothing has mended since, as known at that instant.

    ``latest``: the records that count. A row is mended when its unit sent the file back (what is still
    wrong in it was set apart again), when a correction makes it readable or takes it out, or when its code
    came again in a row that could be taken, exported at the same time or later.
    """
    apart = store.quarantined(known_at)
    apart = apart.filter(pc.equal(apart.column("kind"), kind))
    if apart.num_rows == 0:
        return apart
    # Here, because most stores have none and a single report must not wait for what reads whole files.
    from pipelines.steps.corrections import held_corrections, mended_spots
    from transforms.canonical.mended import SetApart

    deliveries = store.deliveries(known_at)
    accepted = deliveries.filter(pc.equal(deliveries.column("state"), "accepted"))
    answered = set(accepted.column("answers_delivery_id").drop_null().to_pylist())
    mended = mended_spots(store, held_corrections(store.decisions(known_at)), catalogue, known_at)
    rows = apart.to_pylist()
    codes = _codes(rows)
    known = _exported(latest, codes)
    kept = [
        row["_delivery_id"] not in answered
        and SetApart(row["_delivery_id"], row["_sheet"] or "", row["_row"]) not in mended
        and not (
            code and (at := known.get((row["unit_code"], code))) is not None and at >= row["_exported_at"]
        )
        for row, code in zip(rows, codes, strict=True)
    ]
    return apart.filter(pa.array(kept, pa.bool_()))


def _codes(rows: list[dict[str, Any]]) -> list[str | None]:
    from transforms.canonical.source import tidied_codes

    texts = [json.loads(row["raw_json"]).get("dossier_code") for row in rows]
    codes: list[str | None] = tidied_codes(pa.array(texts, pa.string())).to_pylist()
    return codes


def _exported(latest: pa.Table, codes: list[str | None]) -> dict[tuple[str, str], datetime]:
    """(unit, code) → time of the export that holds the record now."""
    if "dossier_code" not in latest.column_names:
        return {}
    wanted = pa.array([code for code in codes if code], pa.string())
    rows = latest.filter(pc.is_in(latest.column("dossier_code"), value_set=wanted))
    names = ["unit_code", "dossier_code", "_exported_at"]
    return {
        (row["unit_code"], row["dossier_code"]): row["_exported_at"] for row in rows.select(names).to_pylist()
    }
