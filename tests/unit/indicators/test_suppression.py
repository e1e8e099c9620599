"""Which cells a public edition hides: case by case, and in the light of editions that came before."""

from __future__ import annotations

import pytest

from transforms.catalogue.model import UNCLASSIFIED
from transforms.indicators.suppression import (
    FORMS,
    Before,
    Cell,
    Rules,
    SuppressionError,
    hide_in_rollup,
    hide_small_cells,
)

RELIGION, LAND, CIVIL = "ton_giao", "dat_dai", "ho_tich"
RULES = Rules(frozenset({RELIGION}), frozenset({RELIGION, LAND, CIVIL}), threshold=3)


def counts(**lines: dict[str, int]) -> dict[Cell, int]:
    return {(atom, field): number for field, line in lines.items() for atom, number in line.items()}


def fields_of(cells: frozenset[Cell]) -> set[str]:
    return {field for _, field in cells}


def test_numbers_of_other_fields_are_printed_however_small() -> None:
    table = counts(dat_dai={"received_direct": 1, "on_time": 1}, ho_tich={"received_direct": 2, "late": 2})
    assert hide_small_cells(table, RULES).cells == frozenset()


def test_zero_and_the_threshold_itself_are_printed() -> None:
    table = counts(
        ton_giao={"received_direct": 3, "on_time": 3}, dat_dai={"received_direct": 9, "on_time": 9}
    )
    assert hide_small_cells(table, RULES).cells == frozenset()


def test_small_number_is_hidden_with_another_field_that_keeps_the_totals_true() -> None:
    table = counts(
        ton_giao={"received_direct": 1, "on_time": 1}, dat_dai={"received_direct": 90, "on_time": 90}
    )
    hidden = hide_small_cells(table, RULES)
    assert ("received_total", RELIGION) in hidden.cells
    assert len(fields_of(hidden.cells)) == 2
    assert {("received_direct", field) for field in fields_of(hidden.cells)} <= hidden.cells


def test_threshold_of_five_hides_four() -> None:
    table = counts(
        ton_giao={"received_direct": 4, "on_time": 4}, dat_dai={"received_direct": 9, "on_time": 9}
    )
    rules = Rules(RULES.sensitive, RULES.listed, threshold=5)
    assert ("on_time", RELIGION) in hide_small_cells(table, rules).cells


def test_dossiers_without_a_field_never_hide_others_since_a_note_counts_them() -> None:
    rules = Rules(frozenset({RELIGION}), frozenset({RELIGION, CIVIL}), threshold=3)
    table = counts(
        ton_giao={"received_direct": 1, "on_time": 1},
        chua_phan_loai={"received_direct": 1, "on_time": 1},
        ho_tich={"received_direct": 900, "on_time": 900},
    )
    assert UNCLASSIFIED not in fields_of(hide_small_cells(table, rules).cells)


def test_field_that_nobody_else_can_hide_is_refused() -> None:
    rules = Rules(frozenset({RELIGION}), frozenset({RELIGION}), threshold=3)
    with pytest.raises(SuppressionError):
        hide_small_cells(counts(ton_giao={"received_direct": 1, "on_time": 1}), rules)


def test_opening_stock_that_the_period_before_hid_stays_hidden() -> None:
    table = counts(ton_giao={"carried_over": 9, "on_time": 9}, dat_dai={"carried_over": 50, "on_time": 50})
    assert hide_small_cells(table, RULES).cells == frozenset()
    before = Before(frozenset({RELIGION, LAND}), True, {})
    hidden = hide_small_cells(table, RULES, before).cells
    assert {(measure, field) for measure in FORMS for field in (RELIGION, LAND)} <= hidden


def test_opening_stock_that_was_printed_before_proves_nothing() -> None:
    table = counts(
        ton_giao={"received_direct": 1, "carried_over": 5, "on_time": 6},
        dat_dai={"received_direct": 5, "carried_over": 5, "on_time": 10},
    )
    hidden = hide_small_cells(table, RULES, Before(frozenset(), True, {}))
    assert all(atom != "carried_over" for move in hidden.moves for atom, _ in move.change)


def test_number_whose_rest_since_an_earlier_edition_is_small_is_hidden() -> None:
    table = counts(
        ton_giao={"received_direct": 9, "on_time": 9}, dat_dai={"received_direct": 50, "on_time": 50}
    )
    assert hide_small_cells(table, RULES).cells == frozenset()
    before = Before(frozenset(), False, {("received_direct", RELIGION): 7})
    assert ("received_direct", RELIGION) in hide_small_cells(table, RULES, before).cells


def test_sum_of_units_is_printed_where_two_units_hide_each_other() -> None:
    unit = counts(ton_giao={"received_direct": 2, "on_time": 2}, dat_dai={"received_direct": 2, "on_time": 2})
    rules = Rules(RULES.sensitive, frozenset({RELIGION, LAND}), threshold=3)
    hidden = hide_in_rollup({"16204": unit, "16210": unit}, "402", rules)
    assert ("received_direct", "16204", RELIGION) in hidden
    assert not any(code == "402" for _, code, _ in hidden)


def test_sum_is_hidden_where_it_would_give_the_only_small_unit_away() -> None:
    small = counts(
        ton_giao={"received_direct": 2, "on_time": 2}, dat_dai={"received_direct": 9, "on_time": 9}
    )
    large = counts(
        ton_giao={"received_direct": 40, "on_time": 40}, dat_dai={"received_direct": 9, "on_time": 9}
    )
    hidden = hide_in_rollup({"16204": small, "16210": large}, "402", RULES)
    assert ("received_direct", "402", RELIGION) in hidden
    assert not any(code == "16210" for _, code, _ in hidden)
