"""What is new, what was known, what was overtaken: decided against the units that the rows name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from pipelines.steps.commit import commit_deliveries
from pipelines.steps.model import DeliveryOutcome, ReadDelivery
from pipelines.store import Store
from transforms.schema.tables import DOSSIER, QUARANTINED

NIGHT = datetime(2021, 9, 5, 18, 30, tzinfo=UTC)


def delivered(folder: Path, delivery: str, day: int, rows: list[tuple[str, str, int]]) -> ReadDelivery:
    """A delivery of the district (402) whose rows are (unit, dossier code, status)."""
    exported_at = datetime(2021, 9, day)  # noqa: DTZ001 - offices print local time
    records = [
        {
            "unit_code": unit, "dossier_code": code, "status_code": status, "_delivery_id": delivery,
            "_file": f"{delivery}.xlsx", "_row": number, "_exported_at": exported_at,
        }
        for number, (unit, code, status) in enumerate(rows, start=2)
    ]  # fmt: skip
    spool = folder / delivery
    spool.mkdir(parents=True)
    tables = {
        "records": pa.Table.from_pylist(records, schema=DOSSIER.arrow_schema()),
        "superseded": DOSSIER.empty(),
        "quarantined": QUARANTINED.empty(),
    }
    for name, table in tables.items():
        with ipc.new_file(str(spool / f"{name}.arrow"), table.schema) as sink:
            sink.write_table(table)
    return ReadDelivery(
        delivery, delivery, "402", f"{delivery}.xlsx", (), spool, "dossier", "p", exported_at, "file_name", {}
    )


def decided(outcome: DeliveryOutcome) -> tuple[int, int, int]:
    counts = outcome.counts
    return counts.accepted, counts.unchanged, counts.superseded


def test_district_file_is_compared_with_every_unit_that_its_rows_name(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "store")
    rows = [("16204", "A", 4), ("16207", "B", 4)]
    (first,) = commit_deliveries(store, [delivered(tmp_path, "d1", 1, rows)], NIGHT)
    (second,) = commit_deliveries(
        store, [delivered(tmp_path, "d2", 2, [*rows[:1], ("16207", "B", 10)])], NIGHT
    )
    assert decided(first) == (2, 0, 0)
    assert decided(second) == (1, 1, 0)
    assert store.versions("dossier").num_rows == 3


def test_two_files_of_one_night_are_taken_oldest_export_first_whatever_their_order(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "store")
    newer = delivered(tmp_path, "moi", 5, [("16204", "A", 10), ("16204", "B", 4)])
    older = delivered(tmp_path, "cu", 1, [("16204", "A", 4), ("16204", "B", 4)])
    outcomes = commit_deliveries(store, [newer, older], NIGHT)
    assert [decided(outcome) for outcome in outcomes] == [(1, 1, 0), (2, 0, 0)]


def test_older_export_of_a_later_night_is_kept_as_a_version_that_never_wins(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "store")
    commit_deliveries(store, [delivered(tmp_path, "moi", 5, [("16204", "A", 10)])], NIGHT)
    (late,) = commit_deliveries(store, [delivered(tmp_path, "cu", 1, [("16204", "A", 4)])], NIGHT)
    assert decided(late) == (0, 0, 1)
    assert store.versions("dossier").num_rows == 2


def test_instants_of_deliveries_rise_even_when_the_clock_stands_still(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "store")
    for number in range(3):
        commit_deliveries(
            store, [delivered(tmp_path, f"d{number}", 1 + number, [("16204", "A", 4 + number)])], NIGHT
        )
    instants = store.deliveries().column("known_from").to_pylist()
    assert instants == sorted(set(instants))
    assert len(instants) == 3


def test_asked_for_no_unit_at_all_the_store_holds_nothing_of_it(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "store")
    commit_deliveries(store, [delivered(tmp_path, "d1", 1, [("16204", "A", 4)])], NIGHT)
    assert store.versions("dossier", units=[]).num_rows == 0
    assert store.carried(units=[]).num_rows == 0
