"""Laws of the roll-up over random histories of units: nothing is lost, nothing counts twice, on any map."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.indicators.unit_histories import (
    PROVINCE,
    SPAN,
    Reform,
    Row,
    catalogue_of,
    day_of,
    dossiers_of,
    reforms,
    rows,
)
from transforms.catalogue.model import Catalogue
from transforms.history.as_known import known_dossiers
from transforms.indicators.build import build_indicators
from transforms.indicators.distinct import count_distinct
from transforms.indicators.identities import check_identities, check_rollup
from transforms.indicators.measures import DOSSIER_MEASURES
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.rollup import MapOf, UnitMap, count_received_by, place_dossiers
from transforms.schema.tables import DOCUMENT, FEE


def span(first: int, length: int) -> Reckoning:
    """A window counted to its end; the map of now is that of the last day of all."""
    start, last = day_of(first), day_of(min(first + length, SPAN))
    return Reckoning(Period("2025", "year", 2025, None), "tuy_chon", start, last, last, day_of(SPAN))


def counted(
    exported: list[Row], reckoning: Reckoning, catalogue: Catalogue, map_of: MapOf
) -> tuple[IndicatorTable, UnitMap]:
    units = UnitMap(catalogue, reckoning, map_of)
    dossiers = place_dossiers(known_dossiers(dossiers_of(exported)), units)
    return build_indicators(dossiers, FEE.empty(), DOCUMENT.empty(), reckoning, catalogue), units


def root_lines(table: IndicatorTable, units: UnitMap) -> tuple[str, ...]:
    with_figures = {unit for (_, unit, _), value in table.cells.items() if value}
    return tuple(line.unit.code for line in units.lines(PROVINCE, with_figures))


@settings(max_examples=60, deadline=None)
@given(history=reforms, exported=rows, first=st.integers(0, SPAN - 1), length=st.integers(0, SPAN))
def test_province_has_the_same_total_on_the_map_of_then_and_of_now(
    history: list[Reform], exported: list[Row], first: int, length: int
) -> None:
    catalogue, reckoning = catalogue_of(history), span(first, length)
    totals = []
    for map_of in MapOf:
        table, units = counted(exported, reckoning, catalogue, map_of)
        lines = root_lines(table, units)
        assert len(set(lines)) == len(lines)
        known = {unit.code for unit in catalogue.units}
        outside = [unit for unit in table.units("received_total") if unit not in known and "@" not in unit]
        for measure in DOSSIER_MEASURES:
            everything = table.value(measure.measure_id, table.units(measure.measure_id)) or 0
            unknown = table.value(measure.measure_id, tuple(outside)) or 0
            assert (table.value(measure.measure_id, lines) or 0) == everything - unknown
        assert check_identities(table) == ()
        assert check_rollup(table) == ()
        totals.append(
            [table.value(measure.measure_id, lines) or 0 for measure in DOSSIER_MEASURES]
            + [count_distinct(table, "procedures_with_dossiers", lines) or 0]
        )
    assert totals[0] == totals[1]


@settings(max_examples=40, deadline=None)
@given(history=reforms, exported=rows, first=st.integers(0, SPAN - 1), length=st.integers(0, SPAN))
def test_records_of_a_line_are_among_the_codes_that_its_node_reads(
    history: list[Reform], exported: list[Row], first: int, length: int
) -> None:
    catalogue, reckoning = catalogue_of(history), span(first, length)
    for map_of in MapOf:
        table, units = counted(exported, reckoning, catalogue, map_of)
        for unit in catalogue.units:
            codes = units.stored_codes(unit)
            lines = {line.unit.code for line in units.lines(unit, set(table.units("received_total")))}
            for row in table.population.to_pylist():
                if row["unit_code"] in lines:
                    assert row.get("stored_unit_code", row["unit_code"]) in codes


@settings(max_examples=40, deadline=None)
@given(history=reforms, exported=rows, first=st.integers(0, SPAN - 1), length=st.integers(0, SPAN))
def test_district_holds_what_its_communes_hold_on_the_map_of_then(
    history: list[Reform], exported: list[Row], first: int, length: int
) -> None:
    catalogue, reckoning = catalogue_of(history), span(first, length)
    table, units = counted(exported, reckoning, catalogue, MapOf.THEN)
    figures = {unit for (_, unit, _), value in table.cells.items() if value}
    seen: list[str] = []
    for district in (unit for unit in catalogue.units if unit.level == "huyen"):
        seen += [line.unit.code for line in units.lines(district, figures) if line.unit.level == "xa"]
    assert len(set(seen)) == len(seen)
    assert set(seen) <= set(root_lines(table, units))


@settings(max_examples=40, deadline=None)
@given(history=reforms, exported=rows)
def test_every_received_dossier_has_one_receiving_unit(history: list[Reform], exported: list[Row]) -> None:
    catalogue, reckoning = catalogue_of(history), span(0, SPAN)
    table, units = counted(exported, reckoning, catalogue, MapOf.THEN)
    pairs = count_received_by(table, units)
    received = table.value("received_in_window", table.units("received_in_window")) or 0
    assert sum(pairs.values()) == received
    for resolving in table.units("received_in_window"):
        own = sum(count for (_, unit), count in pairs.items() if unit == resolving)
        assert own == table.value("received_in_window", (resolving,))
