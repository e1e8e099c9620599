"""Units through time: lines on the map of then and of now, codes reused under another name, divided units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipelines.catalogue_files import packaged_files
from tests.unit.history.version_rows import read_versions
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue, Group, Membership, Unit
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.indicators.build import build_indicators, check_indicators
from transforms.indicators.identities import ROLLUP_BROKEN, check_rollup
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import parse_period, reckon
from transforms.indicators.rollup import (
    MapOf,
    UnitMap,
    count_received_by,
    place_documents,
    place_dossiers,
    place_fees,
)
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

CATALOGUE = load_catalogue(packaged_files())
PROVINCE = CATALOGUE.unit("38")
DISTRICT = CATALOGUE.unit("402")
NEW_HOA_QUY = CATALOGUE.unit("16186", date(2025, 7, 1))
REFORM = date(2025, 7, 1)
"""Bình Lương (16204) and Hóa Quỳ (16186) became xã Hóa Quỳ (16186)."""
DOSSIERS = """
    | unit_code | dossier_code     | status_code | received_date | due_date   | resolved_date | exported   |
    | 16204     | bl-xong          | 10          | 01/06/2025    | 04/06/2025 | 03/06/2025    | 10/09/2025 |
    | 16204     | bl-con-lai       | 4           | 20/06/2025    | 04/07/2025 |               | 10/09/2025 |
    | 16186     | hq-cu            | 10          | 01/06/2025    | 04/06/2025 | 30/06/2025    | 10/09/2025 |
    | 16186     | hq-moi           | 10          | 28/06/2025    | 04/07/2025 | 01/07/2025    | 10/09/2025 |
    | 16186     | hq-tam-dung      | 5           | 01/06/2025    | 04/06/2025 | 05/06/2025    | 10/09/2025 |
    | 16186     | hq-dang-xu-ly    | 4           | 01/06/2025    | 04/06/2025 |               | 10/09/2025 |
    """


def reckoning(period_id: str, as_of: date = date(2026, 2, 1)) -> Reckoning:
    return reckon(parse_period(period_id), "nd09", CATALOGUE.windows, as_of)


def count(
    period_id: str = "2025-9T",
    map_of: MapOf = MapOf.THEN,
    dossiers: str = DOSSIERS,
    catalogue: Catalogue = CATALOGUE,
    as_of: date = date(2026, 2, 1),
) -> tuple[IndicatorTable, UnitMap]:
    days = reckoning(period_id, as_of)
    units = UnitMap(catalogue, days, map_of)
    placed = place_dossiers(known_dossiers(read_versions(DOSSIER, dossiers)), units)
    return build_indicators(placed, FEE.empty(), DOCUMENT.empty(), days, catalogue), units


def lines(table: IndicatorTable, units: UnitMap, node: Unit) -> dict[str, tuple[str, int | None]]:
    """Key → name and dossiers to be handled, of the lines with figures."""
    figures = {unit for (_, unit, _), value in table.cells.items() if value}
    return {
        line.unit.code: (line.unit.full_name, table.value("received_total", (line.unit.code,)))
        for line in units.lines(node, figures)
        if line.unit.code in figures
    }


def test_period_over_the_reform_has_old_and_new_units_as_lines() -> None:
    assert lines(*count(), PROVINCE) == {
        "16186": ("xã Hóa Quỳ (từ ngày 01/7/2025)", 3),
        "16186@2019-12-01": ("xã Hóa Quỳ (đến ngày 30/6/2025)", 1),
        "16204": ("xã Bình Lương (đến ngày 30/6/2025)", 2),
    }


def test_dossier_counts_for_the_unit_of_the_day_on_which_its_work_ended() -> None:
    table, _ = count()
    by_dossier = dict(
        zip(
            table.population["dossier_code"].to_pylist(),
            table.population["unit_code"].to_pylist(),
            strict=True,
        )
    )
    assert by_dossier == {
        "bl-xong": "16204",
        "bl-con-lai": "16204",
        "hq-cu": "16186@2019-12-01",
        "hq-moi": "16186",
        # Paused is not ended: on the last day it lies with the unit of that day.
        "hq-tam-dung": "16186",
        "hq-dang-xu-ly": "16186",
    }


def test_map_of_now_gives_old_figures_to_the_unit_that_took_their_place() -> None:
    assert lines(*count(map_of=MapOf.NOW), PROVINCE) == {"16186@2026-02-01": ("xã Hóa Quỳ", 6)}


def test_map_of_now_of_a_period_long_before_keeps_ids_of_the_two_maps_apart() -> None:
    then, now = (count("2025-6T", map_of) for map_of in MapOf)
    assert lines(*then, PROVINCE) == {
        "16186": ("xã Hóa Quỳ", 3),
        "16204": ("xã Bình Lương", 1),
    }
    assert lines(*now, PROVINCE) == {"16186@2026-02-01": ("xã Hóa Quỳ", 4)}


def test_commune_of_today_holds_its_predecessors_only_on_the_map_of_now() -> None:
    (then_table, then), (now_table, now) = (count(map_of=map_of) for map_of in MapOf)
    assert lines(then_table, then, NEW_HOA_QUY) == {"16186": ("xã Hóa Quỳ", 3)}
    assert lines(now_table, now, NEW_HOA_QUY) == {"16186@2026-02-01": ("xã Hóa Quỳ", 6)}
    (line,) = now.lines(NEW_HOA_QUY)
    assert [member.full_name for member in line.members] == ["xã Hóa Quỳ", "xã Hóa Quỳ", "xã Bình Lương"]
    assert now.stored_codes(NEW_HOA_QUY) == ("16186", "16204")


def test_district_holds_its_communes_until_its_last_day() -> None:
    table, units = count()
    assert units.is_known(DISTRICT)
    assert lines(table, units, DISTRICT) == {
        "16186@2019-12-01": ("xã Hóa Quỳ (đến ngày 30/6/2025)", 1),
        "16204": ("xã Bình Lương (đến ngày 30/6/2025)", 2),
    }
    _, later = count("2026-01")
    assert not later.is_known(DISTRICT)
    assert later.successors(DISTRICT) == ()
    assert [unit.full_name for unit in later.successors(CATALOGUE.unit("16204"))] == ["xã Hóa Quỳ"]


def test_dossier_that_an_abolished_unit_left_open_stands_with_the_heir_of_the_window() -> None:
    assert lines(*count("2026-01"), PROVINCE) == {"16186": ("xã Hóa Quỳ", 3)}


def test_period_without_a_reform_is_left_as_it_is() -> None:
    days = reckoning("2025-6T")
    units = UnitMap(CATALOGUE, days)
    known = known_dossiers(read_versions(DOSSIER, DOSSIERS))
    assert place_dossiers(known, units) is known
    above = {unit.parent_code for unit in CATALOGUE.units if unit.is_valid_on(days.closing_day)}
    assert all(units.is_plain(unit.code) is (unit.code not in above) for unit in CATALOGUE.units)


def test_lines_stand_in_code_order_with_units_of_the_past_last() -> None:
    _, units = count()
    codes = [line.unit.code for line in units.lines(PROVINCE)]
    new = ["16174", "16177", "16186", "16213", "16222", "16225"]
    assert codes[:6] == new
    assert codes[6:9] == ["16174@2019-12-01", "16177@2019-12-01", "16180"]
    assert len(codes) == 22


DIVIDED = replace(
    CATALOGUE,
    units=tuple(
        replace(unit, successor_code="16186;16222") if unit.code == "16204" else unit
        for unit in CATALOGUE.units
    ),
)


def test_divided_unit_keeps_a_line_of_its_own_under_the_common_node() -> None:
    table, units = count(map_of=MapOf.NOW, catalogue=DIVIDED)
    assert lines(table, units, PROVINCE) == {
        "16186@2026-02-01": ("xã Hóa Quỳ", 4),
        "16204": ("xã Bình Lương (đơn vị cũ, đã chia tách)", 2),
    }
    assert lines(table, units, NEW_HOA_QUY) == {"16186@2026-02-01": ("xã Hóa Quỳ", 4)}


def test_divided_unit_without_figures_is_no_line() -> None:
    _, units = count(map_of=MapOf.NOW, catalogue=DIVIDED)
    assert "16204" not in {line.unit.code for line in units.lines(PROVINCE)}


def test_money_and_documents_go_to_the_unit_of_their_day() -> None:
    units = UnitMap(CATALOGUE, reckoning("2025-9T"))
    fees = latest_versions(
        read_versions(
            FEE,
            """
            | unit_code | dossier_code | received_date | collected_date | total_amount |
            | 16186     | HS-1         | 29/06/2025    | 30/06/2025     | 1000         |
            | 16186     | HS-2         | 30/06/2025    | 01/07/2025     | 1000         |
            | 16186     | HS-3         | 30/06/2025    |                | 1000         |
            | 16186     | HS-4         |               |                | 1000         |
            """,
        ),
        FEE,
    )
    old, new = "16186@2019-12-01", "16186"
    assert place_fees(fees, units)["unit_code"].to_pylist() == [old, new, old, new]
    documents = latest_versions(
        read_versions(
            DOCUMENT,
            """
            | unit_code | direction | symbol    | issued_date | arrived_date |
            | 16186     | outgoing  | 1/QĐ-UBND | 30/06/2025  | 05/07/2025   |
            | 16186     | incoming  | 2/QĐ-UBND | 30/06/2025  | 05/07/2025   |
            | 16186     | outgoing  | 3/QĐ-UBND |             |              |
            """,
        ),
        DOCUMENT,
    )
    placed = place_documents(documents, units)
    by_symbol = dict(zip(placed["symbol"].to_pylist(), placed["unit_code"].to_pylist(), strict=True))
    assert by_symbol == {"1/QĐ-UBND": old, "2/QĐ-UBND": new, "3/QĐ-UBND": new}


def test_channel_of_a_receipt_is_found_although_the_unit_changed_hands() -> None:
    days = reckoning("2025-9T")
    units = UnitMap(CATALOGUE, days)
    dossiers = place_dossiers(known_dossiers(read_versions(DOSSIER, DOSSIERS)), units)
    fees = read_versions(
        FEE,
        """
        | unit_code | dossier_code | collected_date | channel_code | total_amount |
        | 16186     | hq-moi       | 28/06/2025     | 2            | 1000         |
        """,
    )
    table = build_indicators(
        dossiers, place_fees(latest_versions(fees, FEE), units), DOCUMENT.empty(), days, CATALOGUE
    )
    assert table.value("received_online", ("16186",)) == 1
    assert table.value("fee_total_amount", ("16186@2019-12-01",)) == 1000


def test_findings_name_the_unit_as_stored() -> None:
    table, _ = count()
    assert {finding.unit_code for finding in check_indicators(table)} == {"16186", "16204"}


RECEIVED_ELSEWHERE = """
    | unit_code | receiving_unit_code | dossier_code | status_code | received_date | due_date   | resolved_date |
    | 16186     | 16186               | HS-1         | 10          | 02/07/2025    | 04/07/2025 | 03/07/2025    |
    | 16186     | 16222               | HS-2         | 10          | 02/07/2025    | 04/07/2025 | 03/07/2025    |
    | 16186     |                     | HS-3         | 10          | 02/07/2025    | 04/07/2025 | 03/07/2025    |
    | 16186     | 16186               | HS-4         | 10          | 30/06/2025    | 04/07/2025 | 03/07/2025    |
    """


def test_receiving_unit_is_told_apart_from_the_resolving_one() -> None:
    table, units = count(dossiers=RECEIVED_ELSEWHERE)
    assert count_received_by(table, units) == {
        ("16186", "16186"): 2,
        ("16222", "16186"): 1,
        # Received a day before the reform, by the commune that was there.
        ("16186@2019-12-01", "16186"): 1,
    }


def test_group_is_a_node_whose_lines_are_its_members() -> None:
    group = Group(
        "CUM-1",
        "Cụm số 1",
        (
            Membership("16204", date(2021, 1, 1), date(2025, 6, 30)),
            Membership("16207", date(2021, 1, 1), date(2025, 6, 30)),
            Membership("16186", REFORM, None),
        ),
    )
    catalogue = replace(CATALOGUE, groups=(group,))
    _, units = count("2025-6T", catalogue=catalogue)
    node = catalogue.unit("CUM-1")
    assert [line.unit.full_name for line in units.lines(node)] == ["xã Bình Lương", "xã Thanh Quân"]
    table, units = count(catalogue=catalogue)
    assert lines(table, units, node) == {
        "16186": ("xã Hóa Quỳ (từ ngày 01/7/2025)", 3),
        "16204": ("xã Bình Lương (đến ngày 30/6/2025)", 2),
    }


@pytest.mark.parametrize("measure", ["received_total", "pending_within"])
def test_dossier_outside_every_unit_breaks_the_roll_up(measure: str) -> None:
    table, _ = count()
    key = (measure, "16204", "*")
    broken = check_rollup(replace(table, cells={**table.cells, key: table.cells[key] + 1}))
    assert [(finding.code, dict(finding.params)["subject"]) for finding in broken] == [
        (ROLLUP_BROKEN, measure)
    ]
    assert check_rollup(table) == ()


def test_unit_unknown_to_the_catalogue_stands_under_its_own_code() -> None:
    units = UnitMap(CATALOGUE, reckoning("2025-9T"))
    assert units.key("99999", date(2025, 6, 1)) == "99999"
