"""Findings about rows of one source that another source does not bear out."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.pairs import text_of
from transforms.findings import Finding, Place


def find_rows(code: str, kind: str, column: str, rows: pa.Table, shown: str) -> tuple[Finding, ...]:
    """One finding per unit and file with every row as a place; the value of ``shown`` stands beside it.

    ``rows`` has ``unit_code``, ``dossier_code`` and provenance; empty gives nothing.
    """
    names = ("unit_code", "_file", "_sheet", "dossier_code")
    texts = (pc.fill_null(rows[name], "").to_pylist() for name in names)
    numbers = pc.fill_null(rows["_row"], 0).to_pylist()
    places: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for unit, file, sheet, subject, row, value in zip(
        *texts, numbers, text_of(rows[shown]).to_pylist(), strict=True
    ):
        places[unit, file].append(Place(sheet, row, subject, value))
    return tuple(
        Finding(code, unit, kind, file, column, places=tuple(sorted(found, key=lambda p: (p.sheet, p.row))))
        for (unit, file), found in sorted(places.items())
    )
