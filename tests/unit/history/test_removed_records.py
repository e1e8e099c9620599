"""A record that a decision took out: gone from then on, still there for whoever asks about before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa

from tests.unit.history.version_rows import read_versions
from transforms.history.as_known import known_dossiers, latest_versions, status_since, statuses_on
from transforms.schema.tables import DOSSIER

REMOVED = """
    | dossier_code | status_code | exported   | known      | _removal |
    | HS-1         | 4           | 01/08/2021 | 02/08/2021 |          |
    | HS-1         | 4           | 01/08/2021 | 10/08/2021 | qd-1     |
    | HS-2         | 4           | 01/08/2021 | 02/08/2021 |          |
    | HS-2         | 10          | 05/08/2021 | 06/08/2021 |          |
    | HS-3         | 9           | 01/08/2021 | 02/08/2021 |          |
"""
BACK = f"""{REMOVED}    | HS-1         | 10          | 20/08/2021 | 21/08/2021 |          |
"""
BEFORE = datetime(2021, 8, 9, tzinfo=UTC)


def codes(rows: pa.Table) -> list[str]:
    return list(rows.column("dossier_code").to_pylist())


def test_removed_record_is_in_none_of_the_answers() -> None:
    versions = read_versions(DOSSIER, REMOVED)
    known = known_dossiers(versions)
    assert codes(known.latest) == ["HS-2", "HS-3"]
    assert known.status_since.to_pylist() == [date(2021, 8, 5), date(2021, 8, 1)]
    assert known.statuses_on(date(2021, 8, 3)).to_pylist() == [4, 9]
    assert codes(latest_versions(versions, DOSSIER)) == ["HS-2", "HS-3"]
    assert statuses_on(versions, date(2021, 8, 31)).to_pylist() == [
        {"unit_code": "16204", "dossier_code": "HS-2", "status_code": 10},
        {"unit_code": "16204", "dossier_code": "HS-3", "status_code": 9},
    ]
    assert codes(status_since(versions)) == ["HS-2", "HS-3"]


def test_removed_record_counts_for_an_instant_before_its_removal() -> None:
    versions = read_versions(DOSSIER, REMOVED)
    assert codes(latest_versions(versions, DOSSIER, BEFORE)) == ["HS-1", "HS-2", "HS-3"]
    assert known_dossiers(versions, BEFORE).statuses_on(date(2021, 8, 1)).to_pylist() == [4, 4, 9]


def test_removal_is_shown_to_who_asks_for_it() -> None:
    latest = latest_versions(read_versions(DOSSIER, REMOVED), DOSSIER, with_removed=True)
    assert dict(zip(codes(latest), latest.column("_removal").to_pylist(), strict=True)) == {
        "HS-1": "qd-1",
        "HS-2": None,
        "HS-3": None,
    }


def test_record_that_came_again_after_its_removal_counts_with_its_own_versions_only() -> None:
    versions = read_versions(DOSSIER, BACK)
    known = known_dossiers(versions)
    assert codes(known.latest) == ["HS-1", "HS-2", "HS-3"]
    assert known.latest.column("_removal").null_count == 3
    assert known.statuses_on(date(2021, 8, 2)).to_pylist() == [4, 4, 9]
    assert known.status_since.to_pylist()[0] == date(2021, 8, 20)


def test_nothing_is_left_when_every_record_was_removed() -> None:
    versions = read_versions(DOSSIER, REMOVED).slice(0, 2)
    known = known_dossiers(versions)
    assert known.latest.num_rows == 0
    assert known.latest.schema == DOSSIER.arrow_schema()
    assert known.statuses_on(date(2021, 8, 31)).to_pylist() == []
    assert known.status_since.to_pylist() == []
