"""How measures add over time, and rates."""

from __future__ import annotations

import pytest

from tests.unit.indicators.small_catalogue import indicators_of
from transforms.indicators.measures import (
    FORM_06A,
    MEASURES,
    MeasureError,
    add_form_over_time,
    add_over_time,
    on_time_rate,
    online_rate,
    sum_over_time,
)
from transforms.indicators.model import MeasureType

QUARTERS = [
    dict(zip([measure.measure_id for measure in FORM_06A], row, strict=True))
    for row in (
        (12, 2, 8, 2, 9, 1, 7, 1, 3, 2, 1),
        (14, 1, 10, 3, 10, 2, 8, 0, 4, 3, 1),
        (9, 0, 5, 4, 7, 0, 4, 3, 2, 1, 1),
    )
]


def test_form_has_the_columns_3_to_13_in_order() -> None:
    assert [measure.column_number for measure in FORM_06A] == list(range(3, 14))
    assert {
        m.column_number: tuple(MEASURES[p].column_number for p in m.parts) for m in FORM_06A if m.parts
    } == {
        3: (4, 5, 6),
        7: (8, 9, 10),
        11: (12, 13),
    }


def test_flows_add_and_stocks_are_taken_at_the_ends() -> None:
    assert add_over_time(MEASURES["resolved_total"], [9, 10, 7]) == 26
    assert add_over_time(MEASURES["carried_over"], [2, 3, 4]) == 2
    assert add_over_time(MEASURES["pending_total"], [3, 4, 2]) == 2


@pytest.mark.parametrize("measure_id", ["received_total", "on_time_rate", "online_rate"])
def test_measure_that_holds_a_stock_or_a_ratio_does_not_add(measure_id: str) -> None:
    with pytest.raises(MeasureError, match=measure_id):
        add_over_time(MEASURES[measure_id], [1, 2])


@pytest.mark.parametrize("measure", [m for m in MEASURES.values() if m.type is not MeasureType.FLOW])
def test_summing_anything_but_a_flow_is_refused(measure: object) -> None:
    with pytest.raises(MeasureError):
        sum_over_time(measure, [1, 2])  # type: ignore[arg-type]


def test_missing_quarter_leaves_the_sum_missing() -> None:
    assert add_over_time(MEASURES["early"], [1, None, 2]) is None
    assert add_over_time(MEASURES["pending_total"], [None, 4]) == 4


def test_nothing_to_add_is_refused() -> None:
    with pytest.raises(MeasureError, match="no values"):
        add_over_time(MEASURES["early"], [])


def test_forms_of_three_quarters_make_the_form_of_nine_months() -> None:
    added = add_form_over_time(QUARTERS)
    assert list(added) == [measure.measure_id for measure in FORM_06A]
    assert list(added.values()) == [28, 3, 23, 2, 26, 3, 19, 4, 2, 1, 1]
    assert added["received_total"] == added["resolved_total"] + added["pending_total"]


DOSSIERS = """
    | dossier_code | field_name | status_code | channel_code | received_date | due_date   | resolved_date |
    | HS-1         | Hộ tịch    | 10          | 2            | 01/03/2021    | 04/03/2021 | 03/03/2021    |
    | HS-2         | Hộ tịch    | 10          | 1            | 01/03/2021    | 04/03/2021 | 04/03/2021    |
    | HS-3         | Hộ tịch    | 10          | 1            | 01/03/2021    | 04/03/2021 | 05/03/2021    |
    | HS-4         | Hộ tịch    | 4           | 1            | 01/03/2021    | 04/03/2021 |               |
    | HS-5         | Chứng thực | 4           | 1            | 01/03/2021    | 04/03/2021 |               |
    """


def test_on_time_rate_is_over_the_resolved_dossiers() -> None:
    assert on_time_rate(indicators_of(DOSSIERS), ("16204",)) == pytest.approx(2 / 3)


def test_online_rate_is_over_the_received_dossiers() -> None:
    assert online_rate(indicators_of(DOSSIERS), ("16204",)) == pytest.approx(1 / 5)


def test_rate_without_a_denominator_did_not_arise() -> None:
    table = indicators_of(DOSSIERS)
    assert on_time_rate(table, ("16204",), "chung_thuc") is None
    assert online_rate(table, ("16204",), "pbgdpl") is None
    assert on_time_rate(table, ("16174",)) is None
