"""What was no xlsx goes back as text in its own layout; a long file only with its failing rows."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.support.export_files import csv_file, html_file
from tests.unit.returned.mend_case import HEADER, UNIT_NAME, line, marker, row, sent, table
from transforms.readers.workbook import read_workbook
from transforms.returned.body import SentFile
from transforms.returned.build import render_returned
from transforms.returned.model import MEND_SHEET, NAMELESS_SHEET
from transforms.returned.read import split_returned


def files(count: int) -> dict[str, bytes]:
    return {"html": html_file(table(count)), "csv": csv_file(table(count), ";", "utf-8-sig")}


@pytest.mark.parametrize("container", ["html", "csv"])
def test_rows_keep_their_numbers_and_cells_their_text(container: str) -> None:
    source = sent(files(4)[container], "ds.xls")
    assert source.workbook.container == container
    content = render_returned(marker("ds.xls"), UNIT_NAME, [line(6, sheet="")], source)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[NAMELESS_SHEET]
    assert [cell.value for cell in sheet[4]] == list(HEADER)
    assert sheet["A2"].value == "DANH SÁCH HỒ SƠ"
    assert (sheet["G6"].value, sheet["G6"].number_format) == ("01/09/2021 08:00:00", "@")
    assert sheet["I6"].comment is not None
    assert sheet.freeze_panes == "A5"
    assert 15 < sheet.column_dimensions["C"].width < 35
    back = split_returned(read_workbook(io.BytesIO(content), "x.xlsx"))
    (data,) = back.data.sheets
    assert data.name == ""
    assert data.cells.to_pylist() == source.workbook.sheets[0].cells.to_pylist()
    assert data.row_numbers.equals(source.workbook.sheets[0].row_numbers)


def test_cell_that_starts_like_a_formula_stays_text_also_when_edited() -> None:
    cells = (*row(1)[:5], "=HYPERLINK(1)", "-", "-5", "@x", "")
    content = html_file([HEADER, cells])
    book = openpyxl.load_workbook(
        io.BytesIO(render_returned(marker("ds.xls"), UNIT_NAME, [line(2, sheet="")], sent(content, "ds.xls")))
    )
    sheet = book[NAMELESS_SHEET]
    assert (sheet["F2"].value, sheet["F2"].data_type, sheet["F2"].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert sheet["I2"].quotePrefix
    assert not sheet["G2"].quotePrefix
    assert not sheet["H2"].quotePrefix


@pytest.mark.parametrize("container", ["html", "csv"])
def test_long_file_goes_back_with_every_failing_row_and_its_header_only(container: str) -> None:
    failing = [5, 7, 9, 24]
    lines = [line(number, sheet="") for number in failing]
    source = sent(files(20)[container], "ds.xls")
    content = render_returned(marker("ds.xls"), UNIT_NAME, lines, source, full_rows=19)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet, front = book[NAMELESS_SHEET], book[MEND_SHEET]
    assert [sheet.cell(number, 1).value for number in range(5, 10)] == ["1", "3", "5", "20", None]
    assert [front.cell(number, 6).value for number in range(6, 10)] == [5, 6, 7, 8], "rows of this workbook"
    assert "4 dòng cần sửa" in str(front["A4"].value)
    back = split_returned(read_workbook(io.BytesIO(content), "x.xlsx"))
    assert back.marker.is_partial
    assert [mark.row for mark in back.marker.lines] == failing, "the marker speaks of the file that was sent"
    assert back.data.sheets[0].row_numbers.to_pylist() == [1, 2, 3, 4, *failing]


def test_file_of_just_as_many_rows_as_the_limit_goes_back_whole() -> None:
    content = render_returned(
        marker("ds.xls"), UNIT_NAME, [line(5, sheet="")], sent(files(20)["html"], "ds.xls"), full_rows=20
    )
    assert openpyxl.load_workbook(io.BytesIO(content))[NAMELESS_SHEET].max_row == 24


def test_failing_row_keeps_the_group_row_above_it() -> None:
    groups = [*table(2), ("Lĩnh vực Hộ tịch",), row(3), row(4), ("Lĩnh vực Đất đai",), row(5), row(6)]
    content = render_returned(
        marker("ds.xls"), UNIT_NAME, [line(11, sheet="")], sent(html_file(groups), "ds.xls"), full_rows=2
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content))[NAMELESS_SHEET]
    assert [sheet.cell(number, 1).value for number in (5, 6)] == ["Lĩnh vực Đất đai", "5"]


def test_partial_workbook_that_came_back_is_answered_in_rows_of_the_first_file() -> None:
    first = render_returned(
        marker("ds.xls"),
        UNIT_NAME,
        [line(number, sheet="") for number in (5, 9, 24)],
        sent(files(20)["html"], "ds.xls"),
        full_rows=10,
    )
    file = io.BytesIO(first)
    workbook = read_workbook(file, "x.xlsx")
    rows = {(sheet, here): there for sheet, here, there in split_returned(workbook).marker.row_map}
    source = SentFile(file, workbook, sent(files(1)["html"], "ds.xls").profile, rows)
    second = render_returned(marker("ds.xls"), UNIT_NAME, [line(24, sheet="")], source, full_rows=10)
    book = openpyxl.load_workbook(io.BytesIO(second))
    assert book.sheetnames.count(MEND_SHEET) == 1
    assert book[MEND_SHEET]["F6"].value == 7
    assert book[NAMELESS_SHEET]["I7"].comment is not None
    again = split_returned(read_workbook(io.BytesIO(second), "x.xlsx"))
    assert again.data.sheets[0].row_numbers.to_pylist() == [1, 2, 3, 4, 5, 9, 24]


def test_same_content_gives_the_same_bytes() -> None:
    made = [
        render_returned(marker("ds.xls"), UNIT_NAME, [line(6, sheet="")], sent(files(4)["csv"], "ds.csv"))
        for _ in range(2)
    ]
    assert made[0] == made[1]
