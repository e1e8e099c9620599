"""Cell ids as people copy them from a workbook or a page."""

from __future__ import annotations

from pipelines.steps.cell_names import parse_cell_id


def test_total_of_filled_in_numbers_names_every_item_of_it() -> None:
    name = parse_cell_id("supplement/402/workflows_huyen_count+workflows_xa_count/2021-9T")
    assert name.measures == ("supplement.workflows_huyen_count", "supplement.workflows_xa_count")
    assert (name.unit_key, name.period_id) == ("402", "2021-9T")


def test_single_filled_in_number_names_its_item() -> None:
    assert parse_cell_id("supplement/16204/staff_total_count/2021-9T").measures == (
        "supplement.staff_total_count",
    )
