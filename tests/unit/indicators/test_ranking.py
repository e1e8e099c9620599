from __future__ import annotations

from datetime import date

import pyarrow as pa

from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.outliers import LEAST_DOSSIERS
from transforms.indicators.ranking import RankedUnit, Standing, rank_units

DAY = date(2021, 9, 5)
RECKONING = Reckoning(
    Period("2021-9T", "nine_months", 2021, None), "nd09", date(2020, 12, 15), date(2021, 9, 14), DAY, DAY
)


def units(**in_time_of_resolved: tuple[int, int]) -> IndicatorTable:
    """Units by name: dossiers in time, dossiers resolved."""
    cells: dict[tuple[str, str, str], int] = {}
    for unit, (in_time, resolved) in in_time_of_resolved.items():
        cells |= {
            ("early", unit, "*"): 0,
            ("on_time", unit, "*"): in_time,
            ("resolved_total", unit, "*"): resolved,
        }
    return IndicatorTable(RECKONING, cells, {}, pa.table({}))


def test_units_stand_by_their_exact_rate_and_equal_rates_share_a_place() -> None:
    table = units(a=(90, 100), b=(900, 1000), c=(999, 1000), d=(1, 100))
    assert rank_units(table, "abcd") == (
        RankedUnit("c", Standing.RANKED, 1),
        RankedUnit("b", Standing.RANKED, 2),
        RankedUnit("a", Standing.RANKED, 2),
        RankedUnit("d", Standing.RANKED, 4),
    )


def test_rates_that_print_alike_are_told_apart() -> None:
    table = units(a=(9_996, 10_000), b=(9_997, 10_000))
    assert [each.unit_code for each in rank_units(table, "ab")] == ["b", "a"]


def test_unit_with_few_dossiers_has_a_line_but_no_place() -> None:
    table = units(few=(1, LEAST_DOSSIERS - 1), enough=(0, LEAST_DOSSIERS))
    assert rank_units(table, ("few", "enough")) == (
        RankedUnit("enough", Standing.RANKED, 1),
        RankedUnit("few", Standing.FEW),
    )


def test_unit_without_a_list_is_silent_and_one_without_dossiers_is_not() -> None:
    table = units(empty=(0, 0))
    assert rank_units(table, ("gone", "empty")) == (
        RankedUnit("empty", Standing.FEW),
        RankedUnit("gone", Standing.SILENT),
    )
