"""Who delivered what, and how fresh the data is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa

from tests.support.pipe_table import read_rows
from transforms.indicators.coverage import coverage
from transforms.schema.tables import DELIVERY

DELIVERIES = """
    | unit_code | kind       | state    | exported_at | known_from |
    | 16204     | dossier    | accepted | 01/08/2021  | 02/08/2021 |
    | 16204     | dossier    | accepted | 05/09/2021  | 06/09/2021 |
    | 16204     | fee        | accepted | 04/09/2021  | 06/09/2021 |
    | 16204     | supplement | accepted | 01/07/2021  | 06/09/2021 |
    | 16174     |            | refused  |             | 06/09/2021 |
    | 16177     | document   | accepted | 03/09/2021  | 06/09/2021 |
    | 16177     |            | refused  |             | 06/09/2021 |
    | 99999     | dossier    | accepted | 01/01/2021  | 06/09/2021 |
    """


def deliveries() -> pa.Table:
    rows = read_rows(DELIVERIES)
    for row in rows:
        for name in ("exported_at", "known_from"):
            row[name] = datetime.strptime(row[name], "%d/%m/%Y") if row[name] else None  # type: ignore[assignment] # noqa: DTZ007
    columns = [pa.array([row.get(column.name) for row in rows], column.type) for column in DELIVERY.columns]
    return pa.Table.from_arrays(columns, schema=DELIVERY.arrow_schema())


def test_units_are_told_with_what_they_delivered_and_the_missing_ones_named() -> None:
    found = coverage(("16174", "16177", "16204"), deliveries())
    assert found.kinds == {
        "16174": (),
        "16177": ("document",),
        "16204": ("dossier", "fee", "supplement"),
    }
    assert found.missing == ("16174",)
    assert found.delivered("dossier") == ("16204",)
    assert found.missing_kind("dossier") == ("16174", "16177")


def test_data_are_as_old_as_the_oldest_of_the_newest_lists() -> None:
    assert coverage(("16174", "16177", "16204"), deliveries()).data_date == date(2021, 9, 3)
    assert coverage(("16204",), deliveries()).data_date == date(2021, 9, 4)


def test_what_arrived_later_is_not_known_then() -> None:
    at = datetime(2021, 8, 31, tzinfo=UTC)
    found = coverage(("16177", "16204"), deliveries(), at)
    assert (found.missing, found.data_date) == (("16177",), date(2021, 8, 1))


def test_no_deliveries_mean_no_data_date() -> None:
    found = coverage(("16204",), DELIVERY.empty())
    assert (found.missing, found.data_date, found.kinds) == (("16204",), None, {"16204": ()})


def local(year: int, month: int, day: int) -> datetime:
    """Wall-clock time as offices print it, without a zone."""
    return datetime(year, month, day)  # noqa: DTZ001


def test_unit_whose_rows_came_in_the_list_of_another_has_sent_that_kind() -> None:
    rows = deliveries()
    rows = rows.set_column(
        rows.schema.get_field_index("delivery_id"), "delivery_id", pa.array([f"d{n}" for n in range(8)])
    )
    carried = pa.table(
        {
            "unit_code": ["16180", "16180", "16183", "16204"],
            "kind": ["dossier", "dossier", "dossier", "dossier"],
            # d7 is the list of 99999 that holds rows of others; d4 was refused.
            "delivery_id": ["d7", "d7", "d4", "d0"],
            "exported_at": [
                local(2021, 1, 1),
                local(2021, 8, 20),
                local(2021, 9, 5),
                local(2021, 8, 1),
            ],
        }
    )
    found = coverage(("16180", "16183", "16204"), rows, carried=carried)
    assert found.kinds == {"16180": ("dossier",), "16183": (), "16204": ("dossier", "fee", "supplement")}
    assert found.missing == ("16183",)
    assert found.data_date == date(2021, 8, 20)
    assert coverage(("16180",), rows).missing == ("16180",)


def test_rows_that_were_not_known_yet_do_not_cover() -> None:
    rows = deliveries()
    rows = rows.set_column(
        rows.schema.get_field_index("delivery_id"), "delivery_id", pa.array([f"d{n}" for n in range(8)])
    )
    carried = pa.table(
        {
            "unit_code": ["16180"],
            "kind": ["dossier"],
            "delivery_id": ["d7"],
            "exported_at": [local(2021, 1, 1)],
        }
    )
    before = datetime(2021, 8, 31, tzinfo=UTC)
    assert coverage(("16180",), rows, before, carried).missing == ("16180",)
    assert coverage(("16180",), rows, carried=carried).missing == ()
