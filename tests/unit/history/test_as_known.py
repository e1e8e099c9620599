"""Latest versions and what earlier exports showed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from tests.unit.history.version_rows import read_versions
from transforms.history.as_known import known_dossiers, latest_versions, status_since, statuses_on
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

STORY = """
    | dossier_code | status_code | exported   | known      |
    | HS-1         | 4           | 01/08/2021 | 02/08/2021 |
    | HS-1         | 5           | 10/08/2021 | 11/08/2021 |
    | HS-1         | 4           | 20/08/2021 | 21/08/2021 |
    | HS-1         | 5           | 30/08/2021 | 31/08/2021 |
    | HS-2         | 10          | 20/08/2021 | 21/08/2021 |
    | HS-3         |             | 01/08/2021 | 02/08/2021 |
    """


def shown(table: pa.Table, name: str) -> dict[str, object]:
    return dict(zip(table["dossier_code"].to_pylist(), table[name].to_pylist(), strict=True))


def test_latest_version_is_the_one_exported_last() -> None:
    latest = latest_versions(read_versions(DOSSIER, STORY), DOSSIER)
    assert shown(latest, "status_code") == {"HS-1": 5, "HS-2": 10, "HS-3": None}
    assert latest.schema.equals(DOSSIER.arrow_schema())


def test_latest_version_of_an_instant_ignores_what_became_known_later() -> None:
    versions = read_versions(DOSSIER, STORY)
    at = datetime(2021, 8, 11, tzinfo=UTC)
    assert shown(latest_versions(versions, DOSSIER, at), "status_code") == {"HS-1": 5, "HS-3": None}


def test_export_time_goes_before_the_time_of_knowing_and_that_before_the_row() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | exported         | known      | _row |
        | HS-1         | 10          | 05/09/2021 17:00 | 06/09/2021 | 7    |
        | HS-1         | 4           | 05/09/2021 08:00 | 09/09/2021 | 8    |
        | HS-2         | 4           | 05/09/2021       | 06/09/2021 | 99   |
        | HS-2         | 9           | 05/09/2021       | 07/09/2021 | 8    |
        | HS-3         | 4           | 05/09/2021       | 06/09/2021 | 12   |
        | HS-3         | 2           | 05/09/2021       | 06/09/2021 | 11   |
        """,
    )
    assert shown(latest_versions(versions, DOSSIER), "status_code") == {"HS-1": 10, "HS-2": 9, "HS-3": 4}


def test_same_row_of_two_sheets_gives_one_version_whatever_the_order_read() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | _row | _sheet |
        | HS-1         | 4           | 7    | A      |
        | HS-1         | 10          | 7    | B      |
        """,
    )
    backwards = versions.take(pa.array([1, 0]))
    assert latest_versions(versions, DOSSIER).equals(latest_versions(backwards, DOSSIER))


def test_units_may_use_the_same_dossier_code() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | unit_code | dossier_code | status_code |
        | 16204     | HS-1         | 4           |
        | 16174     | HS-1         | 10          |
        """,
    )
    latest = latest_versions(versions, DOSSIER)
    assert latest["unit_code"].to_pylist() == ["16174", "16204"]
    assert latest["status_code"].to_pylist() == [10, 4]


def test_missing_receipt_number_is_the_same_key_as_an_empty_one() -> None:
    versions = read_versions(
        FEE,
        """
        | dossier_code | receipt_number | total_amount | exported   |
        | HS-1         |                | 8000         | 01/08/2021 |
        | HS-1         |                | 9000         | 02/08/2021 |
        | HS-1         | 0000007        | 5000         | 01/08/2021 |
        """,
    )
    versions = versions.set_column(
        versions.schema.get_field_index("receipt_number"),
        "receipt_number",
        pa.array([None, "", "0000007"], pa.string()),
    )
    assert sorted(latest_versions(versions, FEE)["total_amount"].to_pylist()) == [5000, 9000]


def test_register_lines_without_a_date_are_one_key_only_where_all_else_agrees() -> None:
    versions = read_versions(
        DOCUMENT,
        """
        | direction | symbol       | issued_date | exported   |
        | outgoing  | 12/QĐ-UBND   |             | 01/08/2021 |
        | outgoing  | 12/QĐ-UBND   |             | 02/08/2021 |
        | outgoing  | 12/QĐ-UBND   | 05/07/2021  | 01/08/2021 |
        | outgoing  | 13/QĐ-UBND   |             | 01/08/2021 |
        """,
    )
    latest = latest_versions(versions, DOCUMENT)
    assert sorted(latest["symbol"].to_pylist()) == ["12/QĐ-UBND", "12/QĐ-UBND", "13/QĐ-UBND"]


def test_status_on_a_day_is_what_the_newest_export_until_then_showed() -> None:
    versions = read_versions(DOSSIER, STORY)
    assert shown(statuses_on(versions, date(2021, 8, 9)), "status_code") == {
        "HS-1": 4,
        "HS-2": None,
        "HS-3": None,
    }
    assert shown(statuses_on(versions, date(2021, 8, 10)), "status_code")["HS-1"] == 5
    assert shown(statuses_on(versions, date(2021, 8, 29)), "status_code")["HS-1"] == 4
    assert shown(statuses_on(versions, date(2021, 7, 31)), "status_code")["HS-1"] is None


def test_export_taken_late_in_the_day_still_shows_that_day() -> None:
    versions = read_versions(
        DOSSIER, "| dossier_code | status_code | exported |\n| HS-1 | 5 | 10/08/2021 23:59 |"
    )
    assert statuses_on(versions, date(2021, 8, 10))["status_code"].to_pylist() == [5]


def test_status_since_counts_the_unbroken_run_only() -> None:
    since = shown(status_since(read_versions(DOSSIER, STORY)), "status_since")
    assert since == {"HS-1": date(2021, 8, 30), "HS-2": date(2021, 8, 20), "HS-3": date(2021, 8, 1)}


def test_status_since_reaches_back_over_versions_that_changed_something_else() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | due_date   | exported   |
        | HS-1         | 4           | 05/08/2021 | 01/07/2021 |
        | HS-1         | 8           | 05/08/2021 | 01/08/2021 |
        | HS-1         | 8           | 09/08/2021 | 01/09/2021 |
        """,
    )
    assert status_since(versions)["status_since"].to_pylist() == [date(2021, 8, 1)]


def test_corrected_export_does_not_break_a_run() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | exported   | known      |
        | HS-1         | 8           | 01/08/2021 | 02/08/2021 |
        | HS-1         | 4           | 10/08/2021 | 11/08/2021 |
        | HS-1         | 8           | 10/08/2021 | 20/08/2021 |
        """,
    )
    assert status_since(versions)["status_since"].to_pylist() == [date(2021, 8, 1)]
    before_correction = datetime(2021, 8, 12, tzinfo=UTC)
    assert status_since(versions, before_correction)["status_since"].to_pylist() == [date(2021, 8, 10)]


def test_rows_of_the_three_selections_stand_side_by_side() -> None:
    versions = read_versions(DOSSIER, STORY)
    day = date(2021, 8, 10)
    known = known_dossiers(versions)
    assert known.latest.equals(latest_versions(versions, DOSSIER))
    assert known.status_since.equals(status_since(versions)["status_since"].combine_chunks())
    assert known.statuses_on(day).equals(statuses_on(versions, day)["status_code"].combine_chunks())


def test_no_versions_give_no_rows() -> None:
    known = known_dossiers(DOSSIER.empty())
    assert known.latest.num_rows == len(known.status_since) == len(known.statuses_on(date(2021, 9, 5))) == 0
    assert known.latest.schema.equals(DOSSIER.arrow_schema())


def test_instant_without_zone_is_refused() -> None:
    naive = datetime(2021, 9, 5)  # noqa: DTZ001 - what the function must refuse
    with pytest.raises(ValueError, match="time zone"):
        latest_versions(DOSSIER.empty(), DOSSIER, naive)


def test_order_in_which_the_store_returns_rows_does_not_matter() -> None:
    versions = read_versions(DOSSIER, STORY)
    shuffled = pa.concat_tables([versions.slice(3), versions.slice(0, 3)])
    assert latest_versions(shuffled, DOSSIER).equals(latest_versions(versions, DOSSIER))
    assert status_since(shuffled).equals(status_since(versions))
