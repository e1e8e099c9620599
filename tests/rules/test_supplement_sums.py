"""Sums of a supplement go across rows."""

from __future__ import annotations

import pytest

from expectations.supplement import check_supplement
from tests.support.pipe_table import read_records
from transforms.findings import Place
from transforms.schema.tables import SUPPLEMENT


def _supplement(*numbers: tuple[str, int | None], unit: str = "16204", period: str = "2021-9T") -> str:
    rows = "\n".join(
        f"| {unit} | {period} | {item} | {'' if value is None else value} |" for item, value in numbers
    )
    return f"| unit_code | period_id | item_id | number_value |\n{rows}"


def test_staff_parts_that_add_up_raise_nothing() -> None:
    text = _supplement(
        ("staff_total_count", 22),
        ("staff_official_count", 19),
        ("staff_part_time_count", 3),
        ("staff_qualified_count", 19),
        ("trained_count", 0),
        ("trained_professional_count", 0),
    )

    assert check_supplement(read_records(SUPPLEMENT, text)) == ()


def test_staff_parts_that_do_not_add_up_name_the_total_and_its_row() -> None:
    text = _supplement(("staff_total_count", 23), ("staff_official_count", 19), ("staff_part_time_count", 3))

    (finding,) = check_supplement(read_records(SUPPLEMENT, text))

    assert finding.code == "supplement.staff.parts_differ"
    assert (finding.unit_code, finding.kind, finding.file) == ("16204", "supplement", "mau.xls")
    assert dict(finding.params) == {"period": "2021-9T", "official": 19, "part_time": 3, "total": 23}
    assert finding.places == (Place("", 5, "staff_total_count", "23"),)


@pytest.mark.parametrize(
    ("code", "part", "whole"),
    [
        ("supplement.staff.qualified_too_many", "staff_qualified_count", "staff_official_count"),
        ("supplement.staff.trained_too_many", "trained_professional_count", "trained_count"),
    ],
)
def test_part_greater_than_its_whole_is_found(code: str, part: str, whole: str) -> None:
    (finding,) = check_supplement(read_records(SUPPLEMENT, _supplement((part, 20), (whole, 19))))

    assert finding.code == code
    assert dict(finding.params) == {"period": "2021-9T", "part": 20, "whole": 19}


def test_sum_with_a_missing_part_is_not_judged() -> None:
    text = _supplement(
        ("staff_total_count", 23), ("staff_official_count", 19), ("staff_part_time_count", None)
    )

    assert check_supplement(read_records(SUPPLEMENT, text)) == ()


def test_two_units_are_not_added_together() -> None:
    first = _supplement(("staff_total_count", 22), ("staff_official_count", 19))
    second = _supplement(("staff_part_time_count", 9), unit="16174").splitlines()[1]

    assert check_supplement(read_records(SUPPLEMENT, f"{first}\n{second}")) == ()
