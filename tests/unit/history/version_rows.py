"""Versions of records in small pipe tables, with the day of export and the day the store knew them.

    | dossier_code | status_code | exported   | known      |
    | HS-1         | 4           | 05/08/2021 | 06/08/2021 |

``exported`` defaults to 05/09/2021, ``known`` to the export day, ``unit_code`` to 16204.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from tests.support.pipe_table import read_records, read_rows
from transforms.schema.model import Table

DEFAULT_EXPORT = "05/09/2021"
UNIT = "16204"


def read_versions(table: Table, text: str) -> pa.Table:
    """The rows as a table of the full schema, export and knowledge times filled in."""
    records = read_records(table, text)
    rows = read_rows(text)
    exported = [_instant(row.get("exported") or DEFAULT_EXPORT) for row in rows]
    known = [
        _instant(row.get("known") or row.get("exported") or DEFAULT_EXPORT).replace(tzinfo=UTC)
        for row in rows
    ]
    filled = {
        "_exported_at": pa.array(exported, table.column("_exported_at").type),
        "_known_from": pa.array(known, table.column("_known_from").type),
    }
    if not any("unit_code" in row for row in rows):
        filled["unit_code"] = pa.array([UNIT] * len(rows), pa.string())
    for name, values in filled.items():
        records = records.set_column(records.schema.get_field_index(name), name, values)
    return records


def _instant(text: str) -> datetime:
    layout = "%d/%m/%Y %H:%M" if ":" in text else "%d/%m/%Y"
    return datetime.strptime(text, layout)  # noqa: DTZ007 - exports carry local time
