"""Fee lists as typed records."""

from __future__ import annotations

from datetime import date

from tests.unit.canonical.small_exports import canonicalise_table, codes_of, rows_of
from transforms.schema.tables import FEE


def test_fee_rows_become_whole_amounts_and_a_missing_total_is_the_sum_of_the_parts() -> None:
    result = canonicalise_table(
        """
        | dossier_code | receipt_number | channel_code | received_date       | collected_date | charge_amount | duty_amount | total_amount |
        | hs-1         | 0000123        | Trực tiếp    | 03/08/2021 09:00:00 | 03/08/2021     | 11.250.000    | 0           | 11.250.000   |
        | HS-2         | -              | Trực tuyến   | 03/08/2021 09:00:00 | 04/08/2021     | 2.000         | 8.000       |              |
        | HS-3         |                |              |                     | 05/08/2021     |               | 8.000       |              |
        """,
        "mau.fee",
    )

    assert result.records.schema == FEE.arrow_schema()
    assert codes_of(result) == set()
    assert result.records["receipt_number"].to_pylist() == ["0000123", "", ""]
    assert result.records["total_amount"].to_pylist() == [11_250_000, 10_000, 8_000]
    assert result.records["charge_amount"].to_pylist() == [11_250_000, 2_000, None]
    assert result.records["channel_code"].to_pylist() == [1, 2, None]
    assert result.records["collected_date"].to_pylist()[2] == date(2021, 8, 5)


def test_fee_total_that_is_not_the_sum_is_kept_with_a_finding() -> None:
    result = canonicalise_table(
        """
        | dossier_code | charge_amount | duty_amount | total_amount |
        | HS-1         | 2.000         | 8.000       | 10.000       |
        | HS-2         | 2.000         | 8.000       | 12.000       |
        | HS-3         |               |             | 12.000       |
        """,
        "mau.fee",
    )

    assert result.records["total_amount"].to_pylist() == [10_000, 12_000, 12_000]
    assert rows_of(result, "fee.total.mismatch") == [6]


def test_fee_rows_that_cannot_be_taken_are_set_apart() -> None:
    result = canonicalise_table(
        """
        | dossier_code | collected_date | charge_amount | duty_amount | total_amount   |
        | HS-1         | 03/08/2021     | 2.000         | 0           | 2.000          |
        |              | 03/08/2021     | 2.000         | 0           | 2.000          |
        | HS-3         | 03/08/2021     | hai nghìn     | 0           | 2.000          |
        | HS-4         | 03/08/2021     |               |             |                |
        | HS-5         | 31/09/2021     | 2.000         | 0           | 2.000          |
        | HS-6         | 03/08/2021     | 2.000         | 0           | Người Mẫu 0001 |
        """,
        "mau.fee",
    )

    assert result.records["dossier_code"].to_pylist() == ["HS-1"]
    assert [
        (row["_row"], row["finding_code"], row["column_name"]) for row in result.quarantined.to_pylist()
    ] == [
        (6, "fee.code.missing", "dossier_code"),
        (7, "fee.amount.unreadable", "charge_amount"),
        (8, "fee.amount.missing", "total_amount"),
        (9, "fee.date.impossible", "collected_date"),
        (10, "fee.amount.unreadable", "total_amount"),
    ]
    assert rows_of(result, "fee.total.mismatch") == []
    assert "Người Mẫu" not in str(result)


def test_repeated_receipt_is_told_from_two_payments() -> None:
    result = canonicalise_table(
        """
        | dossier_code | receipt_number | collected_date | total_amount |
        | HS-1         | 1              | 03/08/2021     | 2.000        |
        | HS-1         | 1              | 03/08/2021     | 2.000        |
        | HS-2         |                | 03/08/2021     | 2.000        |
        | HS-2         |                | 04/08/2021     | 5.000        |
        | HS-3         | 1              | 03/08/2021     | 2.000        |
        | HS-3         | 2              | 03/08/2021     | 2.000        |
        """,
        "mau.fee",
    )

    assert result.records["_row"].to_pylist() == [6, 8, 9, 10]
    assert rows_of(result, "fee.receipt.repeated") == [5]
    assert rows_of(result, "fee.receipt.two_payments") == [7, 8]
