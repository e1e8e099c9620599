"""Small tables that an official can read, as Arrow tables of the schema.

    | dossier_code | received_date | fails |
    | HS-1         | 05/08/2021    |       |
    | HS-2         | 15/09/2021    | x     |

Only the columns that the test is about; an empty cell is a missing value. A name that the table's schema
does not have (here ``fails``) is left to the test.
"""

from __future__ import annotations

import re
from datetime import datetime

import pyarrow as pa

from transforms.schema.model import Column, Table

FIRST_ROW = 5
"""Sheet row of the first record: exports have title rows above."""
DEFAULTS = {"_delivery_id": "lan-nhan-1", "_file": "mau.xls", "_sheet": ""}


def read_rows(text: str) -> list[dict[str, str]]:
    """Rows as header → cell text; lines of dashes are left out."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    is_rule = re.compile(r"[|\-: ]*-[|\-: ]*")
    cells = [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
        for line in lines
        if not is_rule.fullmatch(line)
    ]
    header, *body = cells
    return [dict(zip(header, row, strict=True)) for row in body]


def read_records(table: Table, text: str) -> pa.Table:
    """The rows as a table of the full schema: absent columns null, provenance filled in."""
    rows = read_rows(text)
    columns = []
    for column in table.columns:
        values = [_parse(column, row, number) for number, row in enumerate(rows)]
        columns.append(pa.array(values, column.type))
    return pa.Table.from_arrays(columns, schema=table.arrow_schema())


def read_marks(text: str, name: str = "fails") -> list[bool]:
    """True for the rows with anything in the column of that name."""
    return [bool(row[name]) for row in read_rows(text)]


def _parse(column: Column, row: dict[str, str], number: int) -> object:
    text = row.get(column.name, "") or DEFAULTS.get(column.name, "")
    if column.name == "_row" and not text:
        return FIRST_ROW + number
    if column.name == "_sheet":
        return text
    if not text:
        return None
    if pa.types.is_date(column.type):
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    if pa.types.is_integer(column.type):
        return int(text)
    return text
