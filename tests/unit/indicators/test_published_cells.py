"""What is kept of a report's figures beside its printed files."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.published import published_cells, published_population
from transforms.schema.published import PUBLISHED_CELL, PUBLISHED_DOSSIER

RECKONING = Reckoning(
    Period("2021-09", "month", 2021, 9),
    "nd09",
    date(2021, 8, 15),
    date(2021, 9, 14),
    date(2021, 9, 14),
    date(2021, 9, 15),
)


def table() -> IndicatorTable:
    """Two communes of which one has a field that the other has not, and a third that is not asked for."""
    cells = {
        ("early", "A", "ho_tich"): 2,
        ("early", "A", "*"): 2,
        ("early", "B", "dat_dai"): 1,
        ("early", "B", "*"): 1,
        ("early", "C", "*"): 100,
    }
    population = PUBLISHED_DOSSIER.empty()
    return IndicatorTable(
        RECKONING,
        MappingProxyType(cells),
        MappingProxyType({("paused", "A"): 1, ("paused", "C"): 9}),
        population,
    )


def kept(
    node: str, leaves: tuple[str, ...], printed: dict[str, int | float]
) -> dict[tuple[str, str, str], int]:
    rows = published_cells(table(), node, leaves, printed)
    assert rows.schema.equals(PUBLISHED_CELL.arrow_schema())
    assert rows.column("cell_id").to_pylist() == sorted(rows.column("cell_id").to_pylist())
    return {
        (r["measure_id"], r["unit_code"], r["facet"]): r["value"] for r in rows.to_pylist() if r["measure_id"]
    }


def test_single_unit_keeps_its_own_cells_only() -> None:
    assert kept("A", ("A",), {}) == {
        ("early", "A", "ho_tich"): 2,
        ("early", "A", "*"): 2,
        ("paused", "A", "*"): 1,
    }


def test_rollup_keeps_its_units_and_their_sums_and_invents_no_zero() -> None:
    found = kept("D", ("A", "B"), {})
    assert found["early", "D", "*"] == 3
    assert found["early", "D", "ho_tich"] == 2
    assert found["paused", "D", "*"] == 1
    assert ("early", "B", "ho_tich") not in found, "missing is not zero"
    assert not any(unit == "C" for _, unit, _ in found)


def test_printed_figures_are_marked_and_others_are_added_with_their_share() -> None:
    counted = RECKONING.cell_id("early", "A")
    share = "rate/" + RECKONING.cell_id("on_time_rate", "A")
    rows = {
        row["cell_id"]: row
        for row in published_cells(table(), "A", ("A",), {counted: 2, share: 0.5}).to_pylist()
    }
    assert (rows[counted]["kind"], rows[counted]["value"], rows[counted]["is_printed"]) == ("count", 2, True)
    assert (rows[share]["kind"], rows[share]["value"], rows[share]["rate"]) == ("printed", None, 0.5)
    assert rows[RECKONING.cell_id("early", "A", "ho_tich")]["is_printed"] is False


def test_population_of_no_dossier_has_the_columns_of_any_other() -> None:
    assert published_population(table(), ("A",)).schema.equals(PUBLISHED_DOSSIER.arrow_schema())


def test_no_kept_column_of_a_dossier_is_free_text_or_a_person() -> None:
    names = set(PUBLISHED_DOSSIER.names)
    assert not names & {"procedure_name", "field_name", "status_label", "_file"}
