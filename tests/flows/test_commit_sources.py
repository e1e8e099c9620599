"""Several files about one dossier: who wins, who is kept, and what is said about it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

from pipelines.steps.commit import commit_deliveries, natural_order
from pipelines.steps.model import ReadDelivery
from pipelines.steps.records import read_joined
from pipelines.store import Store
from tests.support.pipe_table import read_records
from tests.support.plain_night import open_session
from transforms.findings import Finding, Place
from transforms.history.as_known import latest_versions
from transforms.schema.tables import DOSSIER, QUARANTINED, RECORD_TABLES

NIGHT = datetime(2021, 9, 5, 18, 30, tzinfo=UTC)
TWO, CONFLICT = "dossier.code.two_dossiers", "dossier.status.conflict"
OPEN = "| dossier_code | status_code | status_label |\n| HS-1 | 4 | Đang xử lý |"
DONE = "| dossier_code | status_code | status_label |\n| HS-1 | 9 | Đã xử lý xong |"


def delivered(
    folder: Path, file: str, day: int, text: str, findings: tuple[Finding, ...] = (), kind: str = "dossier"
) -> ReadDelivery:
    """A file of xã Bình Lương exported on that September day, its rows as a pipe table."""
    table = RECORD_TABLES[kind]
    exported_at = datetime(2021, 9, day)  # noqa: DTZ001 - offices print local time
    records = read_records(table, text)
    identity = f"{file}-{day}-{len(list(folder.iterdir()))}"
    given = {"unit_code": "16204", "_delivery_id": identity, "_file": file, "_exported_at": exported_at}
    for name, value in given.items():
        at = records.schema.get_field_index(name)
        field = records.schema.field(at)
        records = records.set_column(at, field, pa.array([value] * records.num_rows, field.type))
    spool = folder / identity
    spool.mkdir()
    for name, rows in (
        ("records", records),
        ("superseded", table.empty()),
        ("quarantined", QUARANTINED.empty()),
    ):
        with ipc.new_file(str(spool / f"{name}.arrow"), rows.schema) as sink:
            sink.write_table(rows)
    return ReadDelivery(
        identity, identity, "16204", file, findings, spool, kind, "p", exported_at, "file_name", {}
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.mkdir()
    return path


def statuses(store: Store) -> list[int]:
    return latest_versions(store.versions("dossier"), DOSSIER)["status_code"].to_pylist()


def found(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


def test_conflicting_statuses_resolve_by_export_time_whatever_the_names(store: Store, folder: Path) -> None:
    newer, older = delivered(folder, "a.xls", 5, DONE), delivered(folder, "b.xls", 4, OPEN)

    outcomes = commit_deliveries(store, [older, newer], NIGHT)

    assert statuses(store) == [9]
    assert store.versions("dossier").num_rows == 2, "the loser is kept as a version"
    assert not any(found(outcome.findings, CONFLICT) for outcome in outcomes)


def test_conflicting_statuses_of_one_moment_resolve_by_file_order_and_are_told(
    store: Store, folder: Path
) -> None:
    first, second = delivered(folder, "ds 2.xls", 5, DONE), delivered(folder, "ds 10.xls", 5, OPEN)

    of_second, of_first = commit_deliveries(store, [second, first], NIGHT)

    assert statuses(store) == [4], "10 comes after 2"
    assert store.versions("dossier").num_rows == 2
    assert not found(of_first.findings, CONFLICT)
    (conflict,) = found(of_second.findings, CONFLICT)
    assert (conflict.unit_code, conflict.file, dict(conflict.params)) == (
        "16204",
        "ds 10.xls",
        {"dossiers": 1},
    )
    assert conflict.places == (
        Place("", 5, "HS-1", "Đã xử lý xong", "ds 2.xls"),
        Place("", 5, "HS-1", "Đang xử lý", "ds 10.xls"),
    )


def test_status_that_one_file_only_repeats_still_conflicts_with_the_other(store: Store, folder: Path) -> None:
    commit_deliveries(store, [delivered(folder, "hom-qua.xls", 4, OPEN)], NIGHT)

    outcomes = commit_deliveries(
        store, [delivered(folder, "a.xls", 5, OPEN), delivered(folder, "b.xls", 5, DONE)], NIGHT
    )

    assert statuses(store) == [9]
    (conflict,) = found(outcomes[1].findings, CONFLICT)
    assert [place.file for place in conflict.places] == ["a.xls", "b.xls"]


def test_same_status_in_two_files_of_one_moment_is_no_conflict(store: Store, folder: Path) -> None:
    outcomes = commit_deliveries(
        store, [delivered(folder, "a.xls", 5, OPEN), delivered(folder, "b.xls", 5, OPEN)], NIGHT
    )

    assert [outcome.counts.unchanged for outcome in outcomes] == [0, 1]
    assert not any(found(outcome.findings, CONFLICT) for outcome in outcomes)


BIRTH = """
    | dossier_code | procedure_code | procedure_name | received_date | status_code | _row |
    | HS-1         | 1.001193       | Khai sinh      | 03/08/2021    | 4           | 12   |
"""
COPY = """
    | dossier_code | procedure_code | procedure_name | received_date | status_code | _row |
    | HS-1         | 2.000815       | Sao y          | 10/08/2021    | 4           | 7    |
"""


@pytest.mark.parametrize("days", [(4, 5), (5, 4), (5, 5)])
def test_code_of_two_dossiers_in_two_files_names_both_rows(
    store: Store, folder: Path, days: tuple[int, int]
) -> None:
    pair = [delivered(folder, "a.xls", days[0], BIRTH), delivered(folder, "b.xls", days[1], COPY)]

    outcomes = commit_deliveries(store, pair, NIGHT)

    (two,) = [finding for outcome in outcomes for finding in found(outcome.findings, TWO)]
    assert {(place.file, place.row, place.subject) for place in two.places} == {
        ("a.xls", 12, "HS-1"),
        ("b.xls", 7, "HS-1"),
    }
    assert not any(found(outcome.findings, CONFLICT) for outcome in outcomes)
    counted = latest_versions(store.versions("dossier"), DOSSIER)
    assert counted["_file"].to_pylist() == ["a.xls" if days[0] > days[1] else "b.xls"], "the later row counts"


def test_code_of_two_dossiers_is_found_against_what_an_earlier_night_knew(store: Store, folder: Path) -> None:
    commit_deliveries(store, [delivered(folder, "a.xls", 1, BIRTH)], NIGHT)

    (outcome,) = commit_deliveries(store, [delivered(folder, "b.xls", 2, COPY)], NIGHT)
    (again,) = commit_deliveries(store, [delivered(folder, "c.xls", 3, COPY)], NIGHT)

    assert len(found(outcome.findings, TWO)) == 1
    assert not found(again.findings, TWO), "told when the second dossier arrives, not every night"


def test_mended_file_of_the_same_export_is_a_correction(store: Store, folder: Path) -> None:
    commit_deliveries(store, [delivered(folder, "a.xls", 5, BIRTH)], NIGHT)

    (outcome,) = commit_deliveries(store, [delivered(folder, "a da sua.xls", 5, COPY)], NIGHT)

    assert not found(outcome.findings, TWO)
    assert outcome.counts.accepted == 1


def test_rows_of_one_file_and_of_another_stand_in_one_finding(store: Store, folder: Path) -> None:
    inside = Finding(
        TWO, "16204", "dossier", "b.xls", "dossier_code", places=(Place("", 5, "HS-1"), Place("", 7, "HS-1"))
    )

    outcomes = commit_deliveries(
        store,
        [delivered(folder, "a.xls", 4, BIRTH), delivered(folder, "b.xls", 5, COPY, (inside,))],
        NIGHT,
    )

    (two,) = found(outcomes[1].findings, TWO)
    assert [(place.file, place.row) for place in two.places[:2]] == [("b.xls", 5), ("b.xls", 7)]
    assert ("a.xls", 12) in {(place.file, place.row) for place in two.places}


def test_three_exports_in_any_order_of_nights_give_the_same_dossier(tmp_path: Path) -> None:
    for number, order in enumerate(permutations([(1, OPEN), (2, DONE), (3, OPEN)])):
        folder = tmp_path / f"spool-{number}"
        folder.mkdir()
        store = Store.at(tmp_path / f"store-{number}")
        for day, text in order:
            (outcome,) = commit_deliveries(store, [delivered(folder, f"{day}.xls", day, text)], NIGHT)
            assert outcome.counts.data_rows == 1, "a restated row is none of the delivery's"
        assert statuses(store) == [4], order


def test_overdue_list_is_joined_when_dossiers_are_read(tmp_path: Path, folder: Path) -> None:
    session = open_session(tmp_path / "workspace")
    listed = (
        "| dossier_code | status_code | received_date | due_date |\n| HS-1 | 4 | 01/08/2021 | 05/08/2021 |"
    )
    overdue = """
        | dossier_code | received_date | due_date   | resolved_date |
        | HS-1         | 01/08/2021    | 06/08/2021 | 10/08/2021    |
        | HS-9         | 01/08/2021    | 06/08/2021 |               |
    """
    commit_deliveries(session.store, [delivered(folder, "ho-so.xls", 1, listed)], NIGHT)
    before = session.store.deliveries()["known_from"].to_pylist()[0]
    commit_deliveries(session.store, [delivered(folder, "qua-han.xls", 2, overdue, kind="overdue")], NIGHT)

    def _days(known_at: datetime | None) -> dict[str, date | None]:
        joined = read_joined(session.store, session.catalogue, known_at)
        rows = latest_versions(joined.versions, DOSSIER)
        return dict(zip(rows["dossier_code"].to_pylist(), rows["due_date"].to_pylist(), strict=True))

    assert _days(None) == {"HS-1": date(2021, 8, 6), "HS-9": date(2021, 8, 6)}
    assert _days(before) == {"HS-1": date(2021, 8, 5)}

    # The list again, unchanged but exported later: its own day counts once more.
    commit_deliveries(session.store, [delivered(folder, "ho-so moi.xls", 3, listed)], NIGHT)
    assert session.store.versions("dossier").num_rows == 1
    assert _days(None)["HS-1"] == date(2021, 8, 5)


def test_file_names_count_as_clerks_count() -> None:
    names = ["ds 10.xls", "ds 2.xls", "ds.xls", "ds 2 ban 3.xls"]

    assert sorted(names, key=natural_order) == ["ds 2 ban 3.xls", "ds 2.xls", "ds 10.xls", "ds.xls"]
