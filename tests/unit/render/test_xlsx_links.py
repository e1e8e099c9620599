"""Every number of a workbook has a defined name, and what can be calculated is calculated from named cells."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import openpyxl

from tests.support.sample_context import figure, form_06a, sample_context
from transforms.render.anchors import cell_stem, context_figures
from transforms.render.xlsx import render_xlsx
from transforms.report.blocks import (
    Annex,
    Fact,
    Figure,
    KeyNumber,
    ReportContext,
    Run,
    Table,
    TableColumn,
    TableRow,
)
from transforms.report.words import Words

NAME = re.compile(r"mc_[0-9a-f]{16}_\d+")


def book(context: ReportContext, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(context)), data_only=values)


def cell_of(workbook: Any, address: str) -> Any:
    sheet, _, place = address.rpartition("!")
    return workbook[sheet.strip("'").replace("''", "'")][place.replace("$", "")]


def index_of(workbook: Any) -> list[tuple[Any, ...]]:
    return list(workbook["Chỉ mục"].iter_rows(min_row=2, values_only=True))


def without_narrative(context: ReportContext) -> ReportContext:
    """The workbook prints no prose."""
    return replace(context, blocks=tuple(block for block in context.blocks if isinstance(block, Table)))


def test_every_figure_of_tables_charts_and_key_numbers_has_a_name_that_leads_to_its_value() -> None:
    context = without_narrative(sample_context())
    workbook = book(context, values=True)
    named = {name: cell_of(workbook, found.attr_text).value for name, found in workbook.defined_names.items()}
    assert all(NAME.fullmatch(name) for name in named)
    for found in context_figures(context):
        name = f"{cell_stem(found.cell_id)}_1"
        value = named[name]
        if isinstance(value, str):
            assert found.text in value, "a number inside the sentence of a note"
        else:
            assert value == found.value, found.cell_id


def test_every_number_of_every_sheet_is_named_or_refers_to_a_named_one() -> None:
    workbook = book(sample_context())
    named = {found.attr_text.replace("$", "") for found in workbook.defined_names.values()}
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and sheet.title != "Chỉ mục":
                    assert f"'{sheet.title}'!{cell.coordinate}" in named, f"{sheet.title}!{cell.coordinate}"


def test_index_maps_every_name_to_cell_id_place_and_value() -> None:
    workbook, values = book(sample_context()), book(sample_context(), values=True)
    lines = index_of(workbook)
    assert {line[0] for line in lines} == set(workbook.defined_names)
    assert len(lines) == len(workbook.defined_names)
    for (name, cell_id, place, _, formula), line in zip(lines, index_of(values), strict=True):
        assert name.startswith(cell_stem(cell_id) + "_")
        assert workbook.defined_names[name].attr_text.replace("$", "").replace("'", "") == place
        if isinstance(formula, str):
            assert formula == f"={name}"
            assert line[4] == cell_of(values, workbook.defined_names[name].attr_text).value
    first = next(line for line in lines if line[1].startswith("received_total/16204/bao_tro_xa_hoi/"))
    assert first[2:4] == ("Biểu II.06a!C10", "Bảo trợ xã hội · Số hồ sơ nhận giải quyết, tổng số")


def test_name_of_a_number_printed_twice_counts_its_printings() -> None:
    table = Table(
        "hai_lan",
        "Hai lần",
        (TableColumn("a", "A"), TableColumn("b", "B")),
        (TableRow((figure("late", 3), figure("late", 3))),),
    )
    names = [line[0] for line in index_of(book(replace(_empty(), annexes=(Annex("", "", (table,)),))))]
    stem = cell_stem(figure("late", 3).cell_id)
    assert names == [f"{stem}_1", f"{stem}_2"]


def test_number_inside_a_fact_names_the_cell_of_the_fact() -> None:
    fact = Fact("coverage", "Đơn vị có số liệu", Words(Figure(15, "15", "coverage/x"), Run(" đơn vị")))
    workbook = book(replace(_empty(), facts=(fact,)))
    (line, *_) = index_of(workbook)
    assert (line[1], line[3], line[4]) == ("coverage/x", "Đơn vị có số liệu", 15)
    assert cell_of(workbook, workbook.defined_names[line[0]].attr_text).value == "15 đơn vị"


def test_key_number_refers_to_its_cell_in_the_form_and_a_rate_is_calculated_from_cells() -> None:
    sheet = book(sample_context())["Thông tin"]
    formulas = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value}
    assert formulas["Hồ sơ tiếp nhận"] == "='Biểu II.06a'!$C$19"
    rate = Figure(1361 / 1361, "100%", figure("x", 0).cell_id.replace("x/", "rate/on_time_rate/"))
    context = replace(sample_context(), key_numbers=(KeyNumber("Đúng hạn", rate),))
    cells = {row[0].value: row[1].value for row in book(context)["Thông tin"].iter_rows()}
    assert cells["Đúng hạn"] == "=('Biểu II.06a'!$H$19+'Biểu II.06a'!$I$19)/('Biểu II.06a'!$G$19)"


def test_rate_that_the_cells_do_not_give_stays_a_number() -> None:
    rate = Figure(0.5, "50%", figure("x", 0).cell_id.replace("x/", "rate/on_time_rate/"))
    context = replace(sample_context(), key_numbers=(KeyNumber("Đúng hạn", rate),))
    cells = {row[0].value: row[1].value for row in book(context)["Thông tin"].iter_rows()}
    assert cells["Đúng hạn"] == 0.5


def test_difference_and_growth_are_calculated_from_the_two_periods() -> None:
    now = "late/16204/*/2021-9T/nd09/2021-09-05/tt01"
    then = "late/16204/*/2020-9T/nd09/2020-09-14/tt01"
    tail = f"{now}/16204/2020-9T/2020-09-14"
    cells = (
        Figure(6, "6", now),
        Figure(8, "8", then),
        Figure(-2, "2", f"change/{tail}"),
        Figure(-0.25, "25%", f"growth/{tail}"),
    )
    columns = tuple(TableColumn(key, key.upper()) for key in "abcd")
    table = Table("so_sanh", "So sánh", columns, (TableRow(cells),))
    sheet = book(replace(_empty(), annexes=(Annex("", "", (table,)),)))["So sánh"]
    assert sheet["C3"].value == "='So sánh'!$A$3-'So sánh'!$B$3"
    assert sheet["D3"].value == "=('So sánh'!$A$3-'So sánh'!$B$3)/'So sánh'!$B$3"
    assert sheet["D3"].number_format == "0%"


def _empty() -> ReportContext:
    return replace(sample_context(), blocks=(), annexes=(), key_numbers=(), stamps=(), facts=(), charts=())


def test_roll_up_of_many_units_has_a_name_for_each_of_its_thousands_of_figures() -> None:
    table = form_06a(180)
    workbook = book(replace(_empty(), annexes=(Annex("", "", (table,)),)))
    figures = sum(isinstance(cell, Figure) for row in table.rows for cell in row.cells)
    assert figures == 181 * 11
    assert len(workbook.defined_names) == figures + 1, "one more in a note"
    assert workbook["Biểu II.06a"].auto_filter.ref == "A9:M189", "the total stays out of the filter"
