# ruff: noqa: DTZ001 - exports print local time only
"""Records of a delivery against what the store knows."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pipe_table import read_records
from transforms.canonical.compare import compare
from transforms.schema.model import Table
from transforms.schema.tables import DOCUMENT, DOSSIER

MORNING, EVENING = datetime(2021, 9, 5, 8), datetime(2021, 9, 5, 20)


def exported(table: Table, at: datetime, text: str) -> pa.Table:
    """The rows of a pipe table, exported at that time."""
    rows = read_records(table, text)
    column = rows.schema.get_field_index("_exported_at")
    return rows.set_column(
        column, rows.schema.field(column), pa.repeat(pa.scalar(at, pa.timestamp("us")), len(rows))
    )


KNOWN = """
    | unit_code | dossier_code | status_code | received_date | due_date   |
    | 16204     | HS-1         | 4           | 03/08/2021    |            |
    | 16204     | HS-2         | 4           | 03/08/2021    | 05/08/2021 |
    | 16204     | HS-3         |             | 03/08/2021    | 05/08/2021 |
    | 16186     | HS-4         | 4           | 03/08/2021    | 05/08/2021 |
"""
DELIVERED = """
    | unit_code | dossier_code | status_code | received_date | due_date   |
    | 16204     | HS-5         | 4           | 03/08/2021    |            |
    | 16204     | HS-2         | 10          | 03/08/2021    | 05/08/2021 |
    | 16204     | HS-1         | 4           | 03/08/2021    |            |
    | 16204     | HS-3         | 4           | 03/08/2021    | 05/08/2021 |
    | 16204     | HS-4         | 4           | 03/08/2021    | 05/08/2021 |
"""


def test_new_and_changed_records_are_accepted_and_equal_ones_counted() -> None:
    result = compare(exported(DOSSIER, EVENING, DELIVERED), exported(DOSSIER, MORNING, KNOWN), DOSSIER)

    assert result.accepted["dossier_code"].to_pylist() == ["HS-5", "HS-2", "HS-3", "HS-4"]
    assert result.unchanged_count == 1
    assert result.superseded.num_rows == 0
    assert result.accepted.schema == DOSSIER.arrow_schema()


def test_different_record_of_an_older_export_is_superseded() -> None:
    result = compare(exported(DOSSIER, MORNING, DELIVERED), exported(DOSSIER, EVENING, KNOWN), DOSSIER)

    assert result.accepted["dossier_code"].to_pylist() == ["HS-5", "HS-4"]
    assert result.superseded["dossier_code"].to_pylist() == ["HS-2", "HS-3"]
    assert result.unchanged_count == 1


def test_store_that_knows_nothing_accepts_everything() -> None:
    records = exported(DOSSIER, MORNING, DELIVERED)

    result = compare(records, DOSSIER.empty(), DOSSIER)

    assert result.accepted.equals(records)
    assert (result.superseded.num_rows, result.unchanged_count) == (0, 0)


def test_key_parts_that_are_missing_count_as_empty() -> None:
    text = """
        | unit_code | direction | register_number | symbol    | issued_date |
        | 16204     | outgoing  |                 | 1/QĐ-UBND |             |
        | 16204     | outgoing  |                 |           | 03/08/2021  |
    """
    rows = exported(DOCUMENT, MORNING, text)

    result = compare(rows, rows, DOCUMENT)

    assert (result.accepted.num_rows, result.unchanged_count) == (0, 2)


LETTERS = st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from(["3", "4", "10", ""]), max_size=6)


@settings(max_examples=40, deadline=None)
@given(LETTERS, LETTERS, st.sampled_from([MORNING, EVENING]))
def test_every_record_is_accepted_unchanged_or_superseded(
    delivered: dict[str, str], known: dict[str, str], at: datetime
) -> None:
    def _table(rows: dict[str, str], moment: datetime) -> pa.Table:
        head = "| unit_code | dossier_code | status_code |"
        return exported(DOSSIER, moment, "\n".join([head, *(f"| 1 | {k} | {v} |" for k, v in rows.items())]))

    result = compare(_table(delivered, at), _table(known, datetime(2021, 9, 5, 12)), DOSSIER)

    changed = {key for key, value in delivered.items() if key in known and known[key] != value}
    new = {key for key in delivered if key not in known}
    is_later = at == EVENING
    assert set(result.accepted["dossier_code"].to_pylist()) == (new | changed if is_later else new)
    assert set(result.superseded["dossier_code"].to_pylist()) == (set() if is_later else changed)
    assert result.unchanged_count == len(delivered) - len(new) - len(changed)
