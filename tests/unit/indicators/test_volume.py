"""Biểu II.06a: cells by unit and field, zeros, notes, identities (DOMAIN.md 2.2)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pipe_table import read_rows
from tests.unit.indicators.random_dossiers import SPAN, Version, days, histories, table_of
from tests.unit.indicators.small_catalogue import CATALOGUE, TT01, indicators_of, reckoning_of
from transforms.catalogue.rulebook import Rulebook
from transforms.findings import Finding
from transforms.indicators.build import trace_cell
from transforms.indicators.identities import check_identities
from transforms.indicators.measures import DOSSIER_MEASURES, FORM_06A, add_form_over_time
from transforms.indicators.model import ALL_FIELDS, IndicatorTable, Period, Reckoning
from transforms.indicators.population import RulebookError
from transforms.indicators.volume import NOTE_IDS

UNIT = ("16204",)
FORM = tuple(measure.measure_id for measure in FORM_06A)

YEAR_OF_DOSSIERS = """
    | dossier_code | field_name | status_code | channel_code | received_date | due_date   | resolved_date |
    | truoc-ky-xong| Hộ tịch    | 10          | 1            | 01/12/2020    | 04/12/2020 | 14/12/2020    |
    | mang-sang-1  | Hộ tịch    | 10          | 1            | 14/12/2020    | 16/12/2020 | 15/12/2020    |
    | mang-sang-2  | Đất đai    | 4           | 1            | 01/12/2020    | 04/12/2020 |               |
    | dau-ky       | Hộ tịch    | 10          | 2            | 15/12/2020    | 15/12/2020 | 15/12/2020    |
    | tre          | Hộ tịch    | 9           | 3            | 01/03/2021    | 04/03/2021 | 05/03/2021    |
    | rut          | Hộ tịch    | 7           | 1            | 01/03/2021    | 04/03/2021 | 09/03/2021    |
    | con-han      | Chứng thực | 4           | 2            | 03/09/2021    | 07/09/2021 |               |
    | bo-sung      | Chứng thực | 5           |              | 03/08/2021    | 04/08/2021 |               |
    | ngay-chot    | Khác lạ    | 4           | 1            | 05/09/2021    |            |               |
    | sau-chot     | Hộ tịch    | 4           | 1            | 06/09/2021    | 07/09/2021 |               |
    | dang-ky      | Hộ tịch    | 1           | 2            |               |            |               |
    | tu-choi      | Hộ tịch    | 3           | 2            |               |            |               |
    | cu-tru       | Đăng ký, quản lý cư trú | 10 | 1        | 01/03/2021    | 04/03/2021 | 04/03/2021    |
    """
FORM_OF_THE_YEAR = """
    | field          | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 |
    | chung_thuc     | 2 | 1 | 1 | 0 | 0 | 0 | 0 | 0  | 2  | 2  | 0  |
    | dat_dai        | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0  | 1  | 0  | 1  |
    | ho_tich        | 4 | 1 | 2 | 1 | 4 | 1 | 2 | 1  | 0  | 0  | 0  |
    | pbgdpl         | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0  | 0  | 0  | 0  |
    | chua_phan_loai | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0  | 1  | 1  | 0  |
    | *              | 8 | 2 | 4 | 2 | 4 | 1 | 2 | 1  | 4  | 3  | 1  |
    """


def form_rows(table: IndicatorTable, units: tuple[str, ...] = UNIT) -> dict[str, list[int | None]]:
    """Field → columns 3-13."""
    fields = (*table.facets("received_total", units), ALL_FIELDS)
    return {field: [table.value(measure, units, field) for measure in FORM] for field in fields}


def test_form_is_filled_by_field_with_zeros_written_out() -> None:
    expected = {
        row["field"]: [int(row[str(number)]) for number in range(3, 14)]
        for row in read_rows(FORM_OF_THE_YEAR)
    }
    assert form_rows(indicators_of(YEAR_OF_DOSSIERS)) == expected


def test_received_in_window_leaves_out_what_was_carried_over() -> None:
    table = indicators_of(YEAR_OF_DOSSIERS)
    assert table.value("received_in_window", UNIT) == 6
    assert table.value("received_in_window", UNIT, "dat_dai") == 0


def test_notes_tell_what_the_form_cannot() -> None:
    notes = indicators_of(YEAR_OF_DOSSIERS).notes
    assert {note_id: notes[note_id, "16204"] for note_id in NOTE_IDS} == {
        "unknown_channel": 1,
        "received_elsewhere": 0,
        "unknown_procedure": 1,
        "missing_due_date": 1,
        "not_received": 1,
        "registered": 1,
        "refused": 1,
        "excluded_field": 1,
        "undated_state": 0,
        "paused": 1,
        "withdrawn": 1,
    }


def test_refused_dossiers_are_noted_in_the_window_they_were_filed_in() -> None:
    table = indicators_of("""
        | dossier_code | status_code | filed_date |
        | trong-ky     | 3           | 01/03/2021 |
        | ky-truoc     | 3           | 01/03/2020 |
        | sau-chot     | 3           | 06/09/2021 |
        """)
    assert table.notes["refused", "16204"] == 1


def test_unit_whose_dossiers_all_lie_outside_the_window_has_zeros() -> None:
    table = indicators_of("| dossier_code | status_code | received_date |\n| HS-1 | 4 | 06/09/2021 |")
    assert form_rows(table) == {field: [0] * 11 for field in ("chung_thuc", "ho_tich", "pbgdpl", "*")}


def test_unit_without_dossiers_has_no_cells_unless_its_list_arrived() -> None:
    assert indicators_of("").value("received_total", UNIT) is None
    table = indicators_of("", delivered={"dossier": UNIT})
    assert table.value("received_total", UNIT) == 0
    assert table.value("received_total", ("16174",)) is None
    assert table.notes["unknown_channel", "16204"] == 0


def test_paused_at_the_opening_is_carried_over_and_resolved_in_the_window() -> None:
    table = indicators_of("""
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date | exported   |
        | HS-1         | Hộ tịch    | 5           | 01/12/2020    | 04/12/2020 |               | 10/12/2020 |
        | HS-1         | Hộ tịch    | 10          | 01/12/2020    | 04/01/2021 | 03/01/2021    | 05/09/2021 |
        """)
    assert form_rows(table)["ho_tich"] == [1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0]
    assert table.population["state_at_opening"].to_pylist() == ["paused"]


def test_rulebook_that_forgets_a_state_is_refused() -> None:
    forgetful = {"early": "early", "on_time": "on_time"}
    with pytest.raises(RulebookError, match="withdrawn"):
        indicators_of("", catalogue=replace(CATALOGUE, rulebooks={"tt01": Rulebook("tt01", forgetful)}))


def test_unknown_rulebook_is_refused() -> None:
    reckoning = replace(reckoning_of(), rulebook="khong_co")
    with pytest.raises(RulebookError, match="khong_co"):
        indicators_of("", reckoning=reckoning)


def test_rulebook_decides_where_withdrawn_dossiers_stand() -> None:
    text = "| dossier_code | status_code | received_date | resolved_date |\n| HS-1 | 7 | 01/03/2021 | 02/03/2021 |"
    strict = replace(CATALOGUE, rulebooks={"tt01": Rulebook("tt01", {**TT01, "withdrawn": "late"})})
    columns = [
        form_rows(indicators_of(text, catalogue=catalogue))["*"][5:8] for catalogue in (CATALOGUE, strict)
    ]
    assert columns == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("measure", [measure.measure_id for measure in DOSSIER_MEASURES])
def test_traced_dossiers_are_as_many_as_the_cell_says(measure: str) -> None:
    table = indicators_of(YEAR_OF_DOSSIERS)
    for field in (*table.facets(measure, UNIT), ALL_FIELDS):
        assert trace_cell(table, measure, UNIT, field).num_rows == table.value(measure, UNIT, field)


def test_trace_names_the_dossiers_behind_a_cell() -> None:
    table = indicators_of(YEAR_OF_DOSSIERS)
    traced = trace_cell(table, "carried_over", UNIT)
    assert traced["dossier_code"].to_pylist() == ["mang-sang-1", "mang-sang-2"]
    assert traced["_row"].to_pylist() == [6, 7]
    assert trace_cell(table, "carried_over", ("16174",)).num_rows == 0


def test_trace_of_a_measure_without_dossiers_is_refused() -> None:
    with pytest.raises(KeyError, match="fee_total_amount"):
        trace_cell(indicators_of(YEAR_OF_DOSSIERS), "fee_total_amount", UNIT)


def test_identities_hold_on_what_was_counted() -> None:
    assert check_identities(indicators_of(YEAR_OF_DOSSIERS)) == ()


@pytest.mark.parametrize(
    ("measure", "field", "broken"),
    [
        # 4 is part of 3, and no longer the sum over fields; 4 + 5 is also received_in_window.
        ("received_online", "ho_tich", 3),
        ("early", "*", 2),
        ("pending_total", "*", 3),
        ("pending_total", "dat_dai", 3),
    ],
)
def test_cell_that_was_tampered_with_breaks_every_identity_it_is_in(
    measure: str, field: str, broken: int
) -> None:
    table = indicators_of(YEAR_OF_DOSSIERS)
    key = (measure, "16204", field)
    findings = check_identities(replace(table, cells={**table.cells, key: table.cells[key] + 1}))
    assert len(findings) == broken
    assert {finding.code for finding in findings} == {"indicator.identity.broken"}
    assert len({dict(finding.params)["subject"] for finding in findings}) == broken


def test_broken_identity_names_both_numbers() -> None:
    table = indicators_of(YEAR_OF_DOSSIERS)
    cells = {**table.cells, ("late", "16204", "ho_tich"): 2, ("late", "16204", "*"): 2}
    finding = check_identities(replace(table, cells=cells))[0]
    assert finding == Finding(
        "indicator.identity.broken",
        "16204",
        "dossier",
        params=(
            ("measure", "Số hồ sơ đã giải quyết (7)"),
            ("parts", "(8) + (9) + (10)"),
            ("stated", 4),
            ("added", 5),
            ("period", "2021-9T"),
            ("subject", "ho_tich: resolved_total = (8) + (9) + (10)"),
        ),
    )


def span(first: date, length: int) -> Reckoning:
    """A window of any length, closed on its last day."""
    last = date.fromordinal(first.toordinal() + length)
    return Reckoning(Period("2021", "year", 2021, None), "tuy_chon", first, last, last, last)


@settings(max_examples=60)
@given(history=histories, first=days, length=st.integers(0, SPAN))
def test_identities_traces_and_totals_hold_for_any_dossiers(
    history: list[Version], first: date, length: int
) -> None:
    table = indicators_of(table_of(history), reckoning=span(first, length))
    assert check_identities(table) == ()
    for measure in FORM:
        for unit in table.units(measure):
            traced = trace_cell(table, measure, (unit,))
            assert traced.num_rows == table.value(measure, (unit,))
    inside = sum(table.population["is_counted"].to_pylist())
    assert inside == (table.value("received_total", table.units("received_total")) or 0)


@settings(max_examples=60)
@given(history=histories, first=days, lengths=st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_forms_of_consecutive_windows_add_up_to_the_form_of_the_whole(
    history: list[Version], first: date, lengths: list[int]
) -> None:
    dossiers = table_of(history)
    parts, start = [], first
    for length in lengths:
        parts.append(indicators_of(dossiers, reckoning=span(start, length)))
        start = date.fromordinal(start.toordinal() + length + 1)
    whole = indicators_of(dossiers, reckoning=span(first, (start - first).days - 1))
    for before, after in itertools.pairwise(parts):
        for unit in whole.units("carried_over"):
            assert after.value("carried_over", (unit,)) == before.value("pending_total", (unit,))
    for unit in whole.units("carried_over"):
        forms = [{measure: part.cells[measure, unit, ALL_FIELDS] for measure in FORM} for part in parts]
        assert add_form_over_time(forms) == {
            measure: whole.cells[measure, unit, ALL_FIELDS] for measure in FORM
        }
