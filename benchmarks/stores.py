"""Stores of any size, written as the nights write them: dossiers of many units, some with a second version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.data import PROCEDURES, agency_of, unit_codes, unit_name, write_units
from pipelines.store import Store
from transforms.schema.tables import DELIVERY, DOSSIER

UNITS = 60
KNOWN_AT = datetime(2021, 9, 6, 2, tzinfo=UTC)
"""Everything in the store is known by then."""
AS_OF = date(2021, 9, 5)
PERIOD = "2021-9T"
_EXPORTS = (datetime(2021, 8, 27, 17), datetime(2021, 9, 4, 17))  # noqa: DTZ001 - offices print local time
_FIRST_DAY = date(2020, 9, 1)
_CHANGED_SHARE = 10
"""One dossier in ten has a second version."""
_STATUS_LABELS = {2: "Được tiếp nhận", 4: "Đang xử lý", 5: "Yêu cầu bổ sung giấy tờ", 9: "Đã xử lý xong", 10: "Đã trả kết quả"}  # fmt: skip
_PER_APPEND = 1_000_000


def write_store(workspace: Path, dossiers: int, units: int = UNITS) -> Store:
    """A workspace's store with about that many dossiers over invented communes, and their overlay.

    One delivery per unit and export; of the second only what changed is stored, as after two nights.
    """
    write_units(workspace / "catalogue", unit_codes(units))
    shutil.rmtree(workspace / "store", ignore_errors=True)
    store = Store.at(workspace / "store")
    deliveries: list[dict[str, object]] = []
    pending: list[pa.Table] = []
    for number, code in enumerate(unit_codes(units)):
        size = dossiers // units
        for rows, delivery in _deliveries(code, number, size):
            deliveries.append(delivery)
            pending.append(rows)
        if sum(rows.num_rows for rows in pending) >= _PER_APPEND:
            store.append(DOSSIER, pa.concat_tables(pending))
            pending = []
    if pending:
        store.append(DOSSIER, pa.concat_tables(pending))
    store.append(DELIVERY, pa.Table.from_pylist(deliveries, schema=DELIVERY.arrow_schema()))
    return store


def _deliveries(code: str, number: int, size: int) -> Iterator[tuple[pa.Table, dict[str, object]]]:
    rows = dossier_rows(code, number, size)
    is_changed = pa.array(np.arange(size) % _CHANGED_SHARE == 0)
    for night, (exported_at, part) in enumerate(zip(_EXPORTS, (rows, rows.filter(is_changed)), strict=True)):
        known_from = KNOWN_AT - timedelta(days=7 * (1 - night)) - timedelta(seconds=100 - number)
        delivery_id = f"{number:012}{night:04}"
        file = f"danh sach {exported_at:%d-%m-%Y}.csv"
        if night == 0:
            part = _as_open(part, is_changed)
        part = _stamped(part, delivery_id, file, exported_at, known_from)
        yield part, {
            "delivery_id": delivery_id, "sha256": "0" * 64, "unit_code": code, "file": file, "state": "accepted",
            "kind": "dossier", "profile_id": "csv.dossier.v1", "exported_at": exported_at,
            "exported_at_source": "file_name", "sheet_row_count": size + 1, "structural_row_count": 1,
            "structural_json": "{}", "data_row_count": size, "accepted_count": part.num_rows,
            "unchanged_count": size - part.num_rows, "superseded_count": 0, "quarantined_count": 0,
            "refusal_code": "", "known_from": known_from,
        }  # fmt: skip


def dossier_rows(code: str, seed: int, size: int) -> pa.Table:
    """Dossiers of one unit, provenance left empty; about one in a thousand breaks each kind of rule."""
    random = np.random.default_rng(seed)
    received = np.datetime64(_FIRST_DAY) + random.integers(0, 365, size)
    filed = received - random.integers(0, 2, size)
    due = received + random.integers(1, 21, size)
    is_open = random.random(size) < 0.08
    resolved = received + random.integers(0, 25, size)
    returned = resolved + random.integers(0, 3, size)
    status = np.where(is_open, random.choice([2, 4, 5], size), random.choice([9, 10], size, p=[0.3, 0.7]))
    for mended, days in ((due, -30), (resolved, -40)):
        mended[random.random(size) < 0.001] += days
    is_open |= resolved > np.datetime64(AS_OF)
    status[is_open & (status > 5)] = 4
    no_due = random.random(size) < 0.002
    procedure = random.integers(0, len(PROCEDURES), size)
    days = np.char.replace(received.astype(str).astype("U10"), "-", "")
    numbers = np.char.zfill((np.arange(size) % 1_000_000).astype("U6"), 6)
    prefix = f"{agency_of(code)}-"
    codes = pc.binary_join_element_wise(
        prefix, pc.utf8_slice_codeunits(pa.array(days), 2), pa.array("-" + numbers.astype(object)), ""
    )
    taken = pa.array(procedure)
    given: dict[str, pa.Array] = {
        "unit_code": _same(code, size),
        "receiving_unit_code": _same(code, size),
        "dossier_code": codes,
        "procedure_code": pa.array([each[0] for each in PROCEDURES]).take(taken),
        "procedure_code_raw": pa.array([f"{each[0]}.000.00.00.H56" for each in PROCEDURES]).take(taken),
        "procedure_name": pa.array([each[1] for each in PROCEDURES]).take(taken),
        "field_name": pa.array([each[2] for each in PROCEDURES]).take(taken),
        "status_code": pa.array(status, pa.int8()),
        "channel_code": pa.array(random.integers(1, 4, size), pa.int8()),
        "filed_date": _days(filed),
        "received_date": _days(received),
        "due_date": _days(due, no_due),
        "resolved_date": _days(resolved, is_open),
        "returned_date": _days(returned, is_open | (status != 10)),
        "_row": pa.array(np.arange(2, size + 2)),
    }
    given["status_label"] = _labels(given["status_code"])
    return pa.table(
        [given.get(c.name, pa.nulls(size, c.type)) for c in DOSSIER.columns], schema=DOSSIER.arrow_schema()
    )


def unit_names(units: int = UNITS) -> tuple[str, ...]:
    """Names of the invented communes as lists print them."""
    return tuple(map(unit_name, unit_codes(units)))


def _as_open(rows: pa.Table, is_changed: pa.Array) -> pa.Table:
    """The same dossiers a week earlier: those that changed were still being worked on."""
    size = rows.num_rows
    changes = {"status_code": pa.scalar(4, pa.int8()), "status_label": pa.scalar(_STATUS_LABELS[4])}
    for name in ("resolved_date", "returned_date"):
        changes[name] = pa.scalar(None, pa.date32())
    for name, value in changes.items():
        column = pc.if_else(is_changed, value, rows[name].combine_chunks())
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), column)
    assert rows.num_rows == size
    return rows


def _stamped(
    rows: pa.Table, delivery_id: str, file: str, exported_at: datetime, known_from: datetime
) -> pa.Table:
    values = {
        "_delivery_id": delivery_id, "_file": file, "_sheet": "", "_exported_at": exported_at,
        "_known_from": known_from,
    }  # fmt: skip
    for name, value in values.items():
        place = rows.schema.get_field_index(name)
        field = rows.schema.field(place)
        rows = rows.set_column(place, field, pa.repeat(pa.scalar(value, field.type), rows.num_rows))
    return rows


def _labels(codes: pa.Array) -> pa.Array:
    known = pa.array(list(_STATUS_LABELS), pa.int8())
    return pa.array(list(_STATUS_LABELS.values())).take(pc.index_in(codes, value_set=known))


def _days(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    return pa.array(values.astype("datetime64[D]"), pa.date32(), mask=missing)


def _same(value: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), size)
