"""Dossier lists and overdue lists joined: the newer source wins per day, the older fills what is empty."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa

from tests.unit.history.version_rows import read_versions
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.history.joined import Joined, join_overdue
from transforms.indicators.state import state_on
from transforms.schema.tables import DOSSIER, OVERDUE


def _joined(listed: str, overdue: str, known_at: datetime | None = None) -> Joined:
    return join_overdue(read_versions(DOSSIER, listed), read_versions(OVERDUE, overdue), known_at)


def _days(joined: Joined) -> dict[str, tuple[str, str, str]]:
    """Dossier code → received, promised and resolved day of the version that counts."""

    def _text(day: date | None) -> str:
        return day.strftime("%d/%m") if day else ""

    return {
        row["dossier_code"]: tuple(
            _text(row[name]) for name in ("received_date", "due_date", "resolved_date")
        )
        for row in latest_versions(joined.versions, DOSSIER).to_pylist()
    }


def test_newer_overdue_list_wins_for_each_day_that_it_tells() -> None:
    joined = _joined(
        """
        | dossier_code | received_date | due_date   | resolved_date | exported   |
        | HS-1         | 01/08/2021    | 05/08/2021 |               | 01/09/2021 |
        | HS-2         | 01/08/2021    | 05/08/2021 | 04/08/2021    | 01/09/2021 |
        """,
        """
        | dossier_code | received_date | due_date   | resolved_date | exported   |
        | HS-1         | 02/08/2021    | 06/08/2021 | 10/08/2021    | 02/09/2021 |
        | HS-2         |               | 03/08/2021 |               | 02/09/2021 |
        """,
    )

    assert _days(joined) == {"HS-1": ("02/08", "06/08", "10/08"), "HS-2": ("01/08", "03/08", "04/08")}


def test_older_overdue_list_fills_only_what_is_empty() -> None:
    joined = _joined(
        """
        | dossier_code | received_date | due_date   | resolved_date | exported   |
        | HS-1         | 01/08/2021    |            |               | 03/09/2021 |
        | HS-2         | 01/08/2021    | 05/08/2021 | 04/08/2021    | 03/09/2021 |
        """,
        """
        | dossier_code | received_date | due_date   | resolved_date | exported   |
        | HS-1         | 02/08/2021    | 06/08/2021 | 10/08/2021    | 02/09/2021 |
        | HS-2         | 02/08/2021    | 03/08/2021 | 05/08/2021    | 02/09/2021 |
        """,
    )

    assert _days(joined) == {"HS-1": ("01/08", "06/08", "10/08"), "HS-2": ("01/08", "05/08", "04/08")}


def test_list_wins_over_an_overdue_list_of_the_same_moment() -> None:
    joined = _joined(
        "| dossier_code | due_date | exported |\n| HS-1 | 05/08/2021 | 03/09/2021 |",
        "| dossier_code | due_date | exported |\n| HS-1 | 06/08/2021 | 03/09/2021 |",
    )

    assert _days(joined) == {"HS-1": ("", "05/08", "")}


def test_only_the_version_that_counts_is_joined_and_nothing_else_of_it_changes() -> None:
    listed = """
        | dossier_code | status_code | procedure_name | due_date   | exported   |
        | HS-1         | 2           | Khai sinh      | 04/08/2021 | 01/08/2021 |
        | HS-1         | 4           | Khai sinh      | 05/08/2021 | 01/09/2021 |
        | HS-2         | 4           | Khai sinh      | 05/08/2021 | 01/09/2021 |
    """
    joined = _joined(listed, "| dossier_code | due_date | exported |\n| HS-1 | 06/08/2021 | 02/09/2021 |")

    plain = read_versions(DOSSIER, listed)
    assert joined.versions["due_date"].to_pylist() == [date(2021, 8, 4), date(2021, 8, 6), date(2021, 8, 5)]
    assert joined.versions.drop_columns("due_date").equals(plain.drop_columns("due_date"))


def test_dossier_that_only_an_overdue_list_knows_is_counted_by_its_dates() -> None:
    joined = _joined(
        "| dossier_code | exported |\n| HS-1 | 01/09/2021 |",
        """
        | dossier_code | received_date | due_date   | resolved_date | exported   |
        | HS-9         | 02/08/2021    | 06/08/2021 | 10/08/2021    | 02/09/2021 |
        | HS-8         | 02/08/2021    | 06/08/2021 |               | 02/09/2021 |
        """,
    )

    assert joined.only["dossier_code"].to_pylist() == ["HS-8", "HS-9"]
    dossiers = known_dossiers(joined.versions)
    codes = dossiers.latest["dossier_code"].to_pylist()
    assert codes == ["HS-1", "HS-8", "HS-9"]
    assert dossiers.latest["procedure_name"].to_pylist() == [None] * 3
    assert dossiers.latest["_row"].to_pylist()[1:] == [6, 5], "its place is that in the overdue list"
    # Days before the list was exported: dates decide, not when the list came.
    states = {day: dict(zip(codes, state_on(dossiers, date(2021, 8, day)).to_pylist(), strict=True)) for day in
              (1, 6, 7, 9, 10)}  # fmt: skip
    assert [states[day]["HS-9"] for day in (1, 6, 7, 9, 10)] == [
        *("not_received", "within", "overdue", "overdue", "late")
    ]
    assert [states[day]["HS-8"] for day in (1, 6, 7, 10)] == ["not_received", "within", "overdue", "overdue"]


def test_overdue_list_known_later_is_not_joined_as_known_before() -> None:
    listed = "| dossier_code | due_date | exported |\n| HS-1 | 05/08/2021 | 01/09/2021 |"
    overdue = """
        | dossier_code | due_date   | exported   | known      |
        | HS-1         | 06/08/2021 | 02/09/2021 | 04/09/2021 |
        | HS-9         | 06/08/2021 | 02/09/2021 | 04/09/2021 |
    """

    before = _joined(listed, overdue, datetime(2021, 9, 3, tzinfo=UTC))
    after = _joined(listed, overdue, datetime(2021, 9, 4, tzinfo=UTC))

    assert _days(before) == {"HS-1": ("", "05/08", "")}
    assert _days(after) == {"HS-1": ("", "06/08", ""), "HS-9": ("", "06/08", "")}


def test_newest_overdue_line_counts_and_units_are_not_mixed() -> None:
    joined = _joined(
        "| unit_code | dossier_code | due_date | exported |\n| 16204 | HS-1 | 05/08/2021 | 01/08/2021 |",
        """
        | unit_code | dossier_code | due_date   | exported   |
        | 16204     | HS-1         | 06/08/2021 | 02/09/2021 |
        | 16204     | HS-1         | 07/08/2021 | 03/09/2021 |
        | 16174     | HS-1         | 09/08/2021 | 03/09/2021 |
        """,
    )

    counted = latest_versions(joined.versions, DOSSIER)
    assert list(zip(counted["unit_code"].to_pylist(), counted["due_date"].to_pylist(), strict=True)) == [
        ("16174", date(2021, 8, 9)),
        ("16204", date(2021, 8, 7)),
    ]
    assert joined.only["unit_code"].to_pylist() == ["16174"]


def test_dossier_that_was_taken_out_is_not_brought_back() -> None:
    listed = read_versions(
        DOSSIER,
        """
        | dossier_code | due_date   | _removal | exported   | known      |
        | HS-1         | 05/08/2021 |          | 01/09/2021 | 01/09/2021 |
        | HS-1         | 05/08/2021 | sai mã   | 01/09/2021 | 02/09/2021 |
        """,
    )
    overdue = read_versions(
        OVERDUE, "| dossier_code | due_date | exported |\n| HS-1 | 06/08/2021 | 03/09/2021 |"
    )

    joined = join_overdue(listed, overdue)

    assert joined.only.num_rows == 0
    assert latest_versions(joined.versions, DOSSIER).num_rows == 0


def test_without_overdue_lists_nothing_is_touched() -> None:
    versions = read_versions(DOSSIER, "| dossier_code |\n| HS-1 |")

    assert join_overdue(versions, OVERDUE.empty()).versions is versions
    only = join_overdue(DOSSIER.empty(), read_versions(OVERDUE, "| dossier_code |\n| HS-1 |"))
    assert only.versions["dossier_code"].to_pylist() == ["HS-1"]
    assert isinstance(only.versions, pa.Table)
