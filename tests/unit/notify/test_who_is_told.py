"""Routing: the nearest unit first, then the narrower rule, upwards where nobody is named, never downwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines.catalogue_files import load_workspace_catalogue
from pipelines.notify.owners import Owners, Recipient
from transforms.catalogue.model import Group, Membership
from transforms.catalogue.owners import OwnerRow

CATALOGUE = load_workspace_catalogue(Path("khong-co"))
DAY = date(2021, 9, 6)
CODE = "dossier.due_date.missing"


def row(unit: str, rule: str, audience: str, name: str, escalate_to: str = "") -> OwnerRow:
    return OwnerRow(unit, rule, audience, name, (f"KENH_{len(name)}",), escalate_to=escalate_to)


def told(rows: list[OwnerRow], code: str = CODE, unit: str = "16204", audience: str = "unit") -> list[str]:
    found = Owners(rows, CATALOGUE, DAY).find_addressed(code, unit, audience)
    return [item.row.recipient for item in found]


IT = row("*", "*", "it", "Quản trị")
DISTRICT = row("402", "*", "parent", "Huyện")


def test_the_units_own_row_goes_before_the_districts_and_everybodys() -> None:
    rows = [row("*", "*", "unit", "Mọi"), row("402", "*", "unit", "Cụm"), row("16204", "*", "unit", "Xã")]
    assert told(rows) == ["Xã"]
    assert told(rows, unit="16174") == ["Cụm"]
    assert told(rows[:1]) == ["Mọi"]


def test_the_narrower_rule_goes_before_the_wider_one_of_the_same_unit() -> None:
    rows = [
        row("16204", "*", "unit", "Chung"),
        row("16204", "dossier", "unit", "Hồ sơ"),
        row("16204", "dossier.due_date", "unit", "Ngày hẹn"),
    ]
    assert told(rows) == ["Ngày hẹn"]
    assert told(rows, code="dossier.code.missing") == ["Hồ sơ"]
    assert told(rows, code="fee.total.odd") == ["Chung"]


def test_rule_is_a_beginning_by_whole_parts_only() -> None:
    assert told([row("16204", "dossier.due", "unit", "A"), IT]) == ["Quản trị"]


def test_equal_rows_are_all_told() -> None:
    assert told([row("16204", "*", "unit", "A"), row("16204", "*", "unit", "Bé")]) == ["A", "Bé"]


@pytest.mark.parametrize(
    ("rows", "audience", "expected"),
    [
        ([DISTRICT, IT], "unit", ["Huyện"]),
        ([IT], "unit", ["Quản trị"]),
        ([IT], "parent", ["Quản trị"]),
        ([row("16204", "*", "unit", "Xã"), IT], "parent", ["Quản trị"]),
        ([row("16204", "*", "unit", "Xã"), DISTRICT], "it", []),
        ([], "unit", []),
    ],
)
def test_without_an_owner_it_goes_up_and_never_down(
    rows: list[OwnerRow], audience: str, expected: list[str]
) -> None:
    assert told(rows, audience=audience) == expected


def test_finding_about_no_unit_reaches_it_even_where_it_answers_for_units() -> None:
    rows = [row("402", "*", "it", "Quản trị huyện"), row("16204", "*", "unit", "Xã"), DISTRICT]
    assert told(rows, unit="", audience="it") == ["Quản trị huyện"]
    assert told(rows, unit="", audience="unit") == ["Quản trị huyện"]


def test_unit_that_the_catalogue_does_not_know_falls_to_everybodys_row() -> None:
    assert told([row("16204", "*", "unit", "Xã"), IT], unit="99999") == ["Quản trị"]


def test_group_of_units_stands_between_the_unit_and_the_district() -> None:
    north = Group("NHOM-BAC", "Cụm phía bắc", (Membership("16204", date(1900, 1, 1), None),), "402")
    catalogue = replace(CATALOGUE, groups=(north,))
    rows = [row("402", "*", "unit", "Huyện"), row("NHOM-BAC", "*", "unit", "Cụm")]

    def told_in_groups(unit: str, among: list[OwnerRow]) -> list[str]:
        found = Owners(among, catalogue, DAY).find_addressed(CODE, unit, "unit")
        return [item.row.recipient for item in found]

    assert told_in_groups("16204", rows) == ["Cụm"]
    assert told_in_groups("16174", rows) == ["Huyện"]
    assert told_in_groups("16204", [*rows, row("16204", "*", "unit", "Xã")]) == ["Xã"]
    assert told_in_groups("NHOM-BAC", rows[:1]) == ["Huyện"]


def test_escalation_names_the_recipient_of_the_other_row() -> None:
    own = row("16204", "*", "unit", "Xã", escalate_to="Huyện")
    assert Owners([own, DISTRICT], CATALOGUE, DAY).find_escalated(own) == (Recipient("Huyện", "KENH_5"),)
    assert Owners([own, DISTRICT], CATALOGUE, DAY).find_escalated(DISTRICT) == ()
