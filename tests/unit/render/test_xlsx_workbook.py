"""The workbook: live sums that give the report's own numbers, checks beside the printed part."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.support.sample_context import form_06a, published_context, sample_context
from transforms.render.xlsx import render_xlsx
from transforms.render.xlsx_formats import number_format, sheet_names
from transforms.report.blocks import Annex, Figure, ReportContext, Table, TableColumn, TableRow


def book(context: ReportContext, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(context)), data_only=values)


def with_table(table: Table) -> ReportContext:
    return replace(sample_context(), blocks=(), annexes=(Annex("I", "", (table,)),))


def small_table(total: int, *rows: tuple[str, str | int, str | int, str | int]) -> Table:
    """Columns a = b + c with a total row; an empty text is a missing number."""

    def cell(value: str | int, key: str) -> Figure | str:
        return Figure(value, str(value), key) if isinstance(value, int) else value

    lines = [TableRow((name, *(cell(v, f"{name}/{i}") for i, v in enumerate(vs)))) for name, *vs in rows]
    last = TableRow(("Tổng số", Figure(total, str(total), "t/a"), "", ""), kind="total")
    columns = (
        TableColumn("name", "Tên", is_text=True),
        TableColumn("a", "Tổng", formula=("b", "c")),
        TableColumn("b", "Phần b"),
        TableColumn("c", "Phần c"),
    )
    checks = (("a", ("b", "c")),)
    return Table("small", "Bảng nhỏ", columns, (*lines, last), checks=checks)


def test_sheets_are_information_then_forms_tables_charts_and_notes() -> None:
    assert book(sample_context()).sheetnames == [
        "Thông tin",
        "Biểu II.06a",
        "Phí, lệ phí đã thu trong kỳ",
        "Biểu đồ",
        "Ghi chú",
        "Chỉ mục",
    ]


def test_group_row_with_a_number_is_the_live_sum_of_the_rows_below_it() -> None:
    def line(kind: str, name: str, count: int) -> TableRow:
        return TableRow((name, Figure(count, str(count), f"documents_issued/{name}")), kind=kind)

    rows = (line("group", "Hành chính", 5), line("body", "Quyết định", 3), line("body", "Báo cáo", 2))
    columns = (TableColumn("name", "Loại văn bản", is_text=True), TableColumn("count", "Số lượng"))
    sheet = book(with_table(Table("van_ban", "Văn bản", columns, rows)))["Văn bản"]
    assert [sheet.cell(row, 2).value for row in (3, 4, 5)] == ["=SUM(B4:B5)", 3, 2]


def test_form_sums_are_formulas_with_our_numbers_behind_them() -> None:
    formulas, values = (
        book(sample_context())["Biểu II.06a"],
        book(sample_context(), values=True)["Biểu II.06a"],
    )
    assert formulas["C10"].value == "=D10+E10+F10"
    assert formulas["G10"].value == "=H10+I10+J10"
    assert formulas["K17"].value == "=L17+M17"
    assert formulas["C19"].value == "=SUM(C10:C18)"
    assert (values["C11"].value, values["C19"].value, values["G19"].value, values["K19"].value) == (
        545,
        1363,
        1361,
        2,
    )
    assert formulas["D11"].value == 12, "a number that is no sum stays a number"
    assert formulas["C19"].number_format == "#,##0"


def test_checks_stand_outside_the_print_area_and_agree() -> None:
    sheet = book(sample_context(), values=True)["Biểu II.06a"]
    assert sheet.print_area == "'Biểu II.06a'!$A$1:$M$21"
    assert sheet["R7"].value == "Đối chiếu: (3) = (7) + (11)"
    assert {sheet.cell(row, column).value for row in range(10, 20) for column in range(15, 19)} == {"Khớp"}
    assert {sheet.cell(23, column).value for column in range(3, 14)} == {"Khớp"}
    assert book(sample_context(), values=True)["Thông tin"]["B25"].value == "Khớp"


def test_checks_are_live() -> None:
    sheet = book(sample_context())["Biểu II.06a"]
    assert sheet["R10"].value == '=IF(COUNT(C10,G10,K10)<3,"Thiếu số liệu",IF(C10=G10+K10,"Khớp","Lệch"))'
    assert sheet["C23"].value == '=IF(COUNT(C19)<1,"Thiếu số liệu",IF(C19=SUM(C10:C18),"Khớp","Lệch"))'


def test_sum_that_does_not_hold_keeps_our_number_and_says_so() -> None:
    context = with_table(small_table(15, ("x", 10, 4, 5), ("y", 6, 3, 3)))
    formulas, values = book(context)["Bảng nhỏ"], book(context, values=True)["Bảng nhỏ"]
    assert formulas["B3"].value == 10, "opening the file must not change what was printed"
    assert formulas["B4"].value == "=C4+D4"
    assert formulas["B5"].value == 15
    assert (values["F3"].value, values["F4"].value) == ("Lệch", "Khớp")
    assert values["B8"].value == "Lệch"
    verdicts = [
        row[1].value
        for row in book(context, values=True)["Thông tin"].iter_rows()
        if row[0].value == "Bảng nhỏ"
    ]
    assert verdicts == ["Lệch"]


def test_missing_number_is_a_mark_and_never_part_of_a_sum() -> None:
    context = with_table(small_table(10, ("x", 10, 4, 6), ("y", "", "", 3)))
    sheet, values = book(context)["Bảng nhỏ"], book(context, values=True)["Bảng nhỏ"]
    assert sheet["B4"].value == "…"
    assert sheet["B5"].value == "=SUM(B3:B4)", "the sum of those that gave a number"
    assert values["B5"].value == 10
    assert values["F4"].value == "Thiếu số liệu"
    assert sheet["A6"].value == "Dấu “…”: không có số liệu."


def test_total_beyond_the_numbers_shown_stays_a_number() -> None:
    context = with_table(small_table(12, ("x", 10, 4, 6), ("y", "", "", 3)))
    assert book(context)["Bảng nhỏ"]["B5"].value == 12


def test_total_leaves_out_group_rows() -> None:
    rows = form_06a().rows
    group = TableRow(("", "Cấp xã", *[""] * 11), kind="group")
    table = replace(form_06a(), rows=(*rows[:4], group, *rows[4:]))
    assert book(with_table(table))["Biểu II.06a"]["C20"].value == "=SUM(C10:C13,C15:C19)"


def test_texts_are_never_formulas_or_links() -> None:
    evil = '=HYPERLINK("http://example.invalid","x")'
    table = small_table(0, (evil, 0, 0, 0), ("@SUM(1)", 0, 0, 0), ("http://example.invalid", 0, 0, 0))
    sheet = book(with_table(table))["Bảng nhỏ"]
    for row, text in ((3, evil), (4, "@SUM(1)"), (5, "http://example.invalid")):
        assert sheet.cell(row, 1).value == text
        assert sheet.cell(row, 1).data_type == "s"
        assert sheet.cell(row, 1).hyperlink is None


def test_text_that_looks_like_a_formula_stays_text_when_somebody_edits_it() -> None:
    sheet = book(with_table(small_table(5, ("- một ý", 5, 3, 2), ("-", 0, 0, 0))))["Bảng nhỏ"]
    quoted = {cell.value: cell.quotePrefix for cell in sheet["A"] if cell.value in ("- một ý", "-")}
    assert quoted == {"- một ý": True, "-": False}


def test_print_setup_is_a4_landscape_one_page_wide_with_repeated_header() -> None:
    sheet = book(sample_context())["Biểu II.06a"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert int(sheet.page_setup.fitToHeight) == 0, "one page wide, as many high as it takes"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$7:$9"
    assert sheet.freeze_panes == "C10"
    assert "&P" in sheet.oddFooter.center.text
    assert "DỰ THẢO" in sheet.oddHeader.right.text
    assert book(published_context())["Biểu II.06a"].oddHeader.right.text is None


def test_information_sheet_names_facts_warnings_and_key_numbers() -> None:
    cells = [
        cell.value
        for row in book(sample_context(), values=True)["Thông tin"].iter_rows()
        for cell in row
        if cell.value is not None
    ]
    for expected in (
        "DỰ THẢO",
        "Cách tính",
        "Thông tư số 01/2020/TT-VPCP",
        "Hồ sơ tiếp nhận",
        1363,
        0.9985,
        11_250_000,
    ):
        assert expected in cells
    assert any(isinstance(cell, str) and "505 hồ sơ" in cell for cell in cells)


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (1363, "1.363", "#,##0"),
        (2, "02", "#,##0"),
        (0.9985, "99,9%", "0.0%"),
        (0.9985, "99,85%", "0.00%"),
        (1.0, "100%", "0%"),
        (98.5, "98,5%", '0.0"%"'),
        (100, "100%", '0"%"'),
        (-0.125, "12,5%", "0.0%"),
        (3.25, "3,25", "#,##0.00"),
    ],
)
def test_number_format_shows_what_is_printed(value: float, text: str, expected: str) -> None:
    assert number_format(Figure(value, text, "a")) == expected


def test_sheet_names_are_legal_short_and_unique() -> None:
    long = "Tình hình, kết quả giải quyết thủ tục hành chính tại đơn vị"
    tables = tuple(
        Table(str(n), caption, (), ()) for n, caption in enumerate((long, long, "a/b:c[d]", "thông TIN", ""))
    )
    names = sheet_names(tables, ("Thông tin",))
    assert names == (
        "Tình hình, kết quả giải quyết",
        "Tình hình, kết quả giải (2)",
        "a b c d",
        "thông TIN (2)",
        "4",
    )
    assert all(len(name) <= 31 for name in names)


def test_render_xlsx_twice_gives_equal_bytes() -> None:
    assert render_xlsx(sample_context()) == render_xlsx(sample_context())


def test_openxml_audit_finds_no_error(tmp_path: Path) -> None:
    target = tmp_path / "report.xlsx"
    target.write_bytes(render_xlsx(sample_context()))
    assert [str(error) for error in OpenXmlValidator().validate(target).errors] == []
