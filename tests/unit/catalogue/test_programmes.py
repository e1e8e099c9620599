"""Names of the six fields of administrative reform, by the programme of the day (DOMAIN.md 5.1)."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.catalogue.model import Catalogue
from transforms.catalogue.problems import Problems
from transforms.catalogue.programmes import REFORM_FIELDS, parse_programmes, reform_field_names


@pytest.mark.parametrize(
    ("day", "civil_service", "egovernment"),
    [
        (
            date(2019, 6, 14),
            "Xây dựng, nâng cao chất lượng đội ngũ cán bộ, công chức, viên chức",
            "Hiện đại hóa hành chính",
        ),
        (
            date(2021, 7, 14),
            "Xây dựng, nâng cao chất lượng đội ngũ cán bộ, công chức, viên chức",
            "Hiện đại hóa hành chính",
        ),
        (
            date(2021, 7, 15),
            "Cải cách chế độ công vụ",
            "Xây dựng, phát triển Chính quyền điện tử, Chính quyền số",
        ),
        # Before the first programme that is known and after the last: the nearest one.
        (
            date(2005, 1, 1),
            "Xây dựng, nâng cao chất lượng đội ngũ cán bộ, công chức, viên chức",
            "Hiện đại hóa hành chính",
        ),
        (
            date(2031, 1, 1),
            "Cải cách chế độ công vụ",
            "Xây dựng, phát triển Chính quyền điện tử, Chính quyền số",
        ),
    ],
)
def test_names_follow_the_programme_in_force(
    catalogue: Catalogue, day: date, civil_service: str, egovernment: str
) -> None:
    names = reform_field_names(catalogue.reform_fields, day)
    assert tuple(names) == REFORM_FIELDS
    assert (names["civil_service"], names["egovernment"]) == (civil_service, egovernment)


def test_unknown_field_and_missing_source_are_problems() -> None:
    problems = Problems()
    text = "field_id,name,valid_from,valid_to,source\nnot_a_field,Tên,2021-07-15,,\n"
    parse_programmes(text.encode(), "programmes.csv", problems)
    assert len(problems.sentences) == 2
