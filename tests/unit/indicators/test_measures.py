"""How measures add over time, and rates."""

from __future__ import annotations

import pytest

from tests.unit.indicators.small_catalogue import indicators_of
from transforms.indicators.distinct import count_distinct
from transforms.indicators.measure import Measure, MeasureError, MeasureType
from transforms.indicators.measures import (
    FORM_06A,
    MEASURES,
    RATIOS,
    add_form_over_time,
    add_measures,
    add_over_facets,
    add_over_time,
    add_over_units,
    ratio,
    ratio_of_sums,
    sum_over_time,
)

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
    assert ratio_of_sums(indicators_of(DOSSIERS), "on_time_rate", ("16204",)) == (2, 3)


def test_online_rate_is_over_the_received_dossiers() -> None:
    assert ratio_of_sums(indicators_of(DOSSIERS), "online_rate", ("16204",)) == (1, 5)


def test_ratio_without_a_denominator_did_not_arise() -> None:
    table = indicators_of(DOSSIERS)
    assert ratio_of_sums(table, "on_time_rate", ("16204",), "chung_thuc") == (0, 0)
    assert ratio_of_sums(table, "online_rate", ("16204",), "pbgdpl") == (0, 0)
    assert ratio(0, 0) is None
    assert ratio(0, 3) == 0


def test_ratio_of_a_unit_that_sent_nothing_is_missing() -> None:
    assert ratio_of_sums(indicators_of(DOSSIERS), "on_time_rate", ("16174",)) is None


TWO_UNITS = """
    | unit_code | dossier_code | procedure_code | procedure_name | field_name | status_code | received_date | due_date   | resolved_date |
    | 16204     | HS-1         | 1.001193       |                | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 03/03/2021    |
    | 16204     | HS-2         | 1.000894       |                | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 05/03/2021    |
    | 16204     | HS-3         |                | Chứng thực A   | Chứng thực | 10          | 01/03/2021    | 04/03/2021 | 05/03/2021    |
    | 16204     | HS-4         |                |                | Chứng thực | 10          | 01/03/2021    | 04/03/2021 | 05/03/2021    |
    | 16174     | HS-5         | 1.001193       |                | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 03/03/2021    |
    | 16174     | HS-6         | 2.000815       |                | Chứng thực | 10          | 01/12/2020    | 04/12/2020 | 03/03/2021    |
    """


def test_ratio_of_two_units_is_a_ratio_of_sums_and_no_mean_of_ratios() -> None:
    table = indicators_of(TWO_UNITS)
    assert ratio_of_sums(table, "on_time_rate", ("16204",)) == (1, 4)
    assert ratio_of_sums(table, "on_time_rate", ("16174",)) == (1, 2)
    assert ratio_of_sums(table, "on_time_rate", ("16204", "16174")) == (2, 6)


def test_procedure_that_two_units_share_is_counted_once() -> None:
    table = indicators_of(TWO_UNITS)
    counts = [
        count_distinct(table, "procedures_with_dossiers", units)
        for units in (("16204",), ("16174",), ("16204", "16174"), ("16222",))
    ]
    assert counts == [3, 1, 3, None]


def test_distinct_count_of_a_field_looks_at_that_field_only() -> None:
    table = indicators_of(TWO_UNITS)
    assert count_distinct(table, "procedures_with_dossiers", ("16204",), "ho_tich") == 2
    assert count_distinct(table, "procedures_with_dossiers", ("16204",), "chung_thuc") == 1


def test_stocks_and_flows_of_several_units_add() -> None:
    for measure_id in ("early", "carried_over", "pending_total", "received_total"):
        assert add_over_units(MEASURES[measure_id], [3, None, 4]) == 7
    assert add_over_units(MEASURES["early"], [None, None]) is None


NOT_ADDED = [m for m in MEASURES.values() if m.type in (MeasureType.RATIO, MeasureType.DISTINCT)]


@pytest.mark.parametrize("measure", NOT_ADDED, ids=lambda measure: measure.measure_id)
def test_ratio_or_distinct_count_adds_neither_over_units_nor_fields_nor_time(measure: Measure) -> None:
    for add in (add_over_units, add_over_facets, add_over_time, sum_over_time):
        with pytest.raises(MeasureError, match=measure.measure_id):
            add(measure, [1, 2])
    with pytest.raises(MeasureError):
        add_measures(["early", measure.measure_id], [1, 2])


@pytest.mark.parametrize("measure_id", [measure.measure_id for measure in NOT_ADDED])
def test_table_refuses_to_sum_what_is_no_sum(measure_id: str) -> None:
    with pytest.raises(MeasureError, match=measure_id):
        indicators_of(TWO_UNITS).value(measure_id, ("16204", "16174"))


def test_stocks_of_two_days_do_not_add() -> None:
    with pytest.raises(MeasureError, match=r"carried_over \+ pending_total"):
        add_measures(["carried_over", "pending_total"], [1, 2])
    assert add_measures(["late", "pending_overdue"], [1, 2]) == 3
    assert add_measures(["late", "pending_overdue"], [1, None]) is None


def test_every_ratio_names_additive_measures_above_and_below_the_line() -> None:
    assert set(RATIOS) == {"on_time_rate", "online_rate", "overdue_rate"}
    for measure in RATIOS.values():
        for part in (*measure.numerator, *measure.denominator):
            assert MEASURES[part].type not in (MeasureType.RATIO, MeasureType.DISTINCT)


def test_only_ratios_have_a_ratio_and_only_distinct_counts_are_counted_anew() -> None:
    table = indicators_of(TWO_UNITS)
    with pytest.raises(MeasureError, match="early"):
        ratio_of_sums(table, "early", ("16204",))
    with pytest.raises(MeasureError, match="early"):
        count_distinct(table, "early", ("16204",))
