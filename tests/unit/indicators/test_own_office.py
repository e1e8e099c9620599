"""What a district handles at its own office: a line of its roll-up, apart from the sum that its code means."""

from __future__ import annotations

from datetime import date

from pipelines.catalogue_files import packaged_files
from tests.unit.history.version_rows import read_versions
from transforms.catalogue.load import load_catalogue
from transforms.history.as_known import known_dossiers
from transforms.indicators.build import build_indicators
from transforms.indicators.identities import check_rollup
from transforms.indicators.model import IndicatorTable
from transforms.indicators.period import parse_period, reckon
from transforms.indicators.rollup import UnitMap, code_of, is_office, place_dossiers
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

CATALOGUE = load_catalogue(packaged_files())
PROVINCE, DISTRICT = CATALOGUE.unit("38"), CATALOGUE.unit("402")
OFFICE = "402@co-quan"
COMMUNE_ONLY = """
    | unit_code | dossier_code | status_code | received_date | due_date   | resolved_date | exported   |
    | 16204     | xa-1         | 10          | 01/06/2021    | 04/06/2021 | 03/06/2021    | 05/09/2021 |
"""
BOTH = (
    COMMUNE_ONLY
    + """    | 402       | huyen-1      | 10          | 01/06/2021    | 04/06/2021 | 10/06/2021    | 05/09/2021 |
    | 402       | huyen-2      | 4           | 01/06/2021    | 04/06/2021 |               | 05/09/2021 |
"""
)


def count(dossiers: str) -> tuple[IndicatorTable, UnitMap]:
    days = reckon(parse_period("2021-9T"), "nd09", CATALOGUE.windows, date(2021, 9, 5))
    units = UnitMap(CATALOGUE, days)
    placed = place_dossiers(known_dossiers(read_versions(DOSSIER, dossiers)), units)
    return build_indicators(placed, FEE.empty(), DOCUMENT.empty(), days, CATALOGUE), units


def names(table: IndicatorTable, units: UnitMap, node: str) -> dict[str, str]:
    figures = {unit for (_, unit, _), value in table.cells.items() if value}
    return {line.unit.code: line.unit.full_name for line in units.lines(CATALOGUE.unit(node), figures)}


def test_district_with_dossiers_of_its_own_has_a_line_of_its_own() -> None:
    table, units = count(BOTH)
    assert names(table, units, "402")[OFFICE] == "huyện Như Xuân (cơ quan cấp huyện)"
    assert table.value("received_total", (OFFICE,)) == 2
    assert table.value("received_total", ("402",)) is None


def test_sum_over_the_lines_of_a_district_is_everything_that_was_counted() -> None:
    table, units = count(BOTH)
    for node in ("402", "38"):
        assert table.value("received_total", tuple(names(table, units, node))) == 3
    assert check_rollup(table) == ()


def test_district_without_dossiers_of_its_own_has_no_such_line() -> None:
    table, units = count(COMMUNE_ONLY)
    assert not any(map(is_office, names(table, units, "402")))


def test_own_line_is_told_from_the_district_by_its_key_alone() -> None:
    _, units = count(BOTH)
    assert (units.key("402"), units.record_key("402"), code_of(OFFICE)) == ("402", OFFICE, "402")
    assert units.record_key("16204") == "16204"
    assert not units.is_plain("402")
