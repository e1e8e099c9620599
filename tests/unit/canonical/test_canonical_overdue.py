"""Overdue lists become dates beside dossier codes."""

from __future__ import annotations

from datetime import date

from tests.unit.canonical.small_exports import canonicalise_table, codes_of, rows_of


def test_lines_become_codes_and_days_without_remarks() -> None:
    result = canonicalise_table(
        """
        | dossier_code              | received_date | due_date   | resolved_date |
        | 000.09.42.h56-210805-0001 | 05/08/2021    | 06/08/2021 | 10/08/2021    |
        | 000.09.42.H56-210805-0002 | 05/08/2021    | 06/08/2021 |               |
        """,
        "mau.overdue",
    )

    assert result.kind == "overdue"
    assert result.records.select(["unit_code", "dossier_code", "due_date", "resolved_date"]).to_pylist() == [
        {
            "unit_code": "16204",
            "dossier_code": "000.09.42.H56-210805-0001",
            "due_date": date(2021, 8, 6),
            "resolved_date": date(2021, 8, 10),
        },
        {
            "unit_code": "16204",
            "dossier_code": "000.09.42.H56-210805-0002",
            "due_date": date(2021, 8, 6),
            "resolved_date": None,
        },
    ]
    assert codes_of(result) == set()


def test_lines_without_code_or_days_or_with_impossible_days_are_set_apart() -> None:
    result = canonicalise_table(
        """
        | dossier_code | received_date | due_date   | resolved_date | why                    |
        |              | 05/08/2021    | 06/08/2021 |               | no code                |
        | HS-2         |               |            |               | no day                 |
        | HS-3         | 05/08/2021    | 31/09/2021 |               | no such day            |
        | HS-4         |               |            | 30/02/2021    | its own reason, once   |
        | HS-5         |               | 06/08/2021 |               | one day says something |
        """,
        "mau.overdue",
    )

    assert result.records["dossier_code"].to_pylist() == ["HS-5"]
    assert rows_of(result, "overdue.code.missing") == [5]
    assert rows_of(result, "overdue.dates.missing") == [6]
    assert rows_of(result, "overdue.date.impossible") == [7, 8]
    assert result.quarantined.num_rows == 4


def test_code_twice_keeps_the_later_line() -> None:
    result = canonicalise_table(
        """
        | dossier_code | received_date | due_date   | resolved_date |
        | HS-1         | 05/08/2021    | 06/08/2021 |               |
        | HS-1         | 05/08/2021    | 06/08/2021 | 10/08/2021    |
        """,
        "mau.overdue",
    )

    assert result.records["_row"].to_pylist() == [6]
    assert rows_of(result, "overdue.code.repeated") == [5]


def test_district_list_gives_each_line_to_the_unit_that_it_names() -> None:
    text = """
        | dossier_code | resolving_unit_name | due_date   |
        | HS-1         | UBND xã Hoá Quỳ     | 06/08/2021 |
        | HS-2         | UBND xã Bình Lương  | 06/08/2021 |
        | HS-3         | Bộ phận một cửa     | 06/08/2021 |
    """

    of_district = canonicalise_table(text, "mau.overdue", unit_code="402")
    of_commune = canonicalise_table(text, "mau.overdue", unit_code="16204")

    assert of_district.records["unit_code"].to_pylist() == ["16186", "16204", "402"]
    assert of_commune.records["unit_code"].to_pylist() == ["16204"] * 3
    assert rows_of(of_commune, "overdue.unit.foreign") == [5]
