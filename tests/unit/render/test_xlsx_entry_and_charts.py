"""The sheet for keying in, the charts, and what is printed on every page."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from tests.support.sample_context import MEASURES, form_06a, sample_context
from transforms.render.xlsx import render_xlsx
from transforms.render.xlsx_page import PageWords, set_page
from transforms.report.blocks import Annex, Chart, EntryOrder, Figure, ReportContext, Series, Table, TableRow


def book(context: ReportContext, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(context)), data_only=values)


def with_form(table: Table) -> ReportContext:
    return replace(sample_context(), blocks=(), annexes=(Annex("I", "", (table,)),))


def keyed_form() -> Table:
    return replace(form_06a(), entry=EntryOrder("Lĩnh vực: cấp xã", MEASURES))


def test_keying_in_sheet_repeats_the_form_line_by_line_in_its_order() -> None:
    sheet = book(with_form(keyed_form()))["Nhập báo cáo CP"]
    assert sheet["A4"].value.startswith("Biểu số II.06a/VPCP/KSTT. ")
    assert sheet["B5"].value == "Lĩnh vực: cấp xã"
    assert [sheet.cell(6, column).value for column in range(3, 14)] == [f"({n})" for n in range(3, 14)]
    assert [sheet.cell(row, 2).value for row in (7, 8, 16)] == ["Bảo trợ xã hội", "Chứng thực", "Tổng số"]
    assert (sheet["C7"].value, sheet["M16"].value) == ("='Biểu II.06a'!C10", "='Biểu II.06a'!M19")
    values = book(with_form(keyed_form()), values=True)
    assert values["Nhập báo cáo CP"]["C16"].value == values["Biểu II.06a"]["C19"].value == 1363


def test_columns_are_keyed_in_the_order_that_the_layout_says() -> None:
    table = replace(form_06a(), entry=EntryOrder("Lĩnh vực", ("late", "received_total")))
    sheet = book(with_form(table))["Nhập báo cáo CP"]
    assert [sheet.cell(6, column).value for column in (3, 4)] == ["(10)", "(3)"]
    assert [sheet.cell(8, column).value for column in (3, 4)] == ["='Biểu II.06a'!J11", "='Biểu II.06a'!C11"]


def test_unit_that_sent_nothing_keeps_its_line_without_zeros() -> None:
    silent = TableRow(("10", "xã Thanh Xuân (chưa có số liệu)", *[""] * 11))
    table = keyed_form()
    context = with_form(replace(table, rows=(*table.rows[:-1], silent, table.rows[-1])))
    for sheet, row in (("Biểu II.06a", 19), ("Nhập báo cáo CP", 16)):
        cells = [book(context)[sheet].cell(row, column).value for column in range(2, 14)]
        assert cells == ["xã Thanh Xuân (chưa có số liệu)", *["…"] * 11]
    assert book(context)["Nhập báo cáo CP"]["A19"].value == "Dấu “…”: không có số liệu."


def test_report_without_a_form_has_no_keying_in_sheet() -> None:
    assert "Nhập báo cáo CP" not in book(with_form(form_06a())).sheetnames


def bar_chart(*values: int | None) -> Chart:
    figures = tuple(
        None if value is None else Figure(value, str(value), f"received/{at}")
        for at, value in enumerate(values)
    )
    names = tuple(f"Lĩnh vực {at}" for at in range(len(values)))
    return Chart(
        "theo_linh_vuc",
        "Hồ sơ theo lĩnh vực",
        "bar",
        names,
        (Series("Tiếp nhận", figures),),
        "Số hồ sơ theo lĩnh vực: a 5; b chưa có số liệu.",
        category_title="Lĩnh vực",
        value_title="Số hồ sơ",
    )


def with_charts(*charts: Chart) -> ReportContext:
    return replace(with_form(form_06a()), charts=charts)


def test_chart_stands_beside_its_numbers_with_titles_and_words_for_who_cannot_see_it() -> None:
    content = render_xlsx(with_charts(bar_chart(5, 3)))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Biểu đồ"]
    assert [[cell.value for cell in row[:2]] for row in sheet["A1:B4"]] == [
        ["Hồ sơ theo lĩnh vực", None],
        ["Lĩnh vực", "Tiếp nhận"],
        ["Lĩnh vực 0", 5],
        ["Lĩnh vực 1", 3],
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    for words in (
        "Hồ sơ theo lĩnh vực",
        "<a:t>Lĩnh vực</a:t>",
        "<a:t>Số hồ sơ</a:t>",
        "'Biểu đồ'!$B$3:$B$4",
    ):
        assert words in chart
    assert 'descr="Số hồ sơ theo lĩnh vực: a 5; b chưa có số liệu."' in drawing


def test_missing_number_of_a_chart_is_an_empty_cell_and_a_gap() -> None:
    content = render_xlsx(with_charts(bar_chart(5, None)))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Biểu đồ"]
    assert sheet["B4"].value is None
    assert sheet["A5"].value == "Ô trống: không có số liệu."
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        # Without this element a gap is drawn; "zero" or "span" would draw what nobody counted.
        assert "dispBlanksAs" not in package.read("xl/charts/chart1.xml").decode()


def test_number_of_a_chart_that_a_form_has_too_refers_to_the_form() -> None:
    total = form_06a().rows[-1].cells[2]
    assert isinstance(total, Figure)
    chart = replace(bar_chart(5), series=(Series("Tiếp nhận", (total,)),))
    assert book(with_charts(chart))["Biểu đồ"]["B3"].value == "='Biểu II.06a'!$C$19"


def test_same_chart_in_text_and_page_is_drawn_once_and_a_line_of_time_as_a_line() -> None:
    line = replace(bar_chart(5, 3), chart_id="theo_thang", kind="line")
    context = replace(with_charts(bar_chart(5, 3), line), blocks=(bar_chart(5, 3),))
    with zipfile.ZipFile(io.BytesIO(render_xlsx(context))) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 2
        assert "<c:lineChart>" in package.read("xl/charts/chart2.xml").decode()


class _Sheet:
    """What set_page asks of a sheet, remembered."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def set_header(self, text: str) -> None:
        self.texts["header"] = text

    def set_footer(self, text: str) -> None:
        self.texts["footer"] = text

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


@pytest.mark.parametrize(
    "stamp", ["Thiếu số liệu 2/16 đơn vị", "2 đơn vị & 3 đơn vị", "Thiếu: " + "xã, " * 99]
)
def test_page_words_stay_within_what_excel_takes(stamp: str) -> None:
    sheet = _Sheet()
    set_page(sheet, PageWords("9 tháng năm 2021", "DỰ THẢO", stamp))
    assert all(len(text) <= 255 for text in sheet.texts.values())
    assert sheet.texts["header"].startswith('&L&"Times New Roman,Regular"&10 9 tháng'), "not a size of 109"
    assert stamp[:9].replace("&", "&&") in sheet.texts["footer"]
    assert sheet.texts["footer"].endswith("&A, trang &P/&N")
