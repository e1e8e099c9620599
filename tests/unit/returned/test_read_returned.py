# ruff: noqa: DTZ001 - exports print local time only
"""A workbook that comes back: its marker, its explanations and the sender's sheets as they were numbered."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from tests.support.export_files import Cell, xlsx_file
from transforms.readers.model import UnreadableFileError, Workbook
from transforms.readers.workbook import read_workbook
from transforms.returned.model import (
    FORMAT_ID,
    LINE_COLUMNS,
    MARKER_KEYS,
    MARKER_SHEET,
    MEND_HEADERS,
    MEND_SHEET,
    ROW_MAP_COLUMNS,
    ReturnedLine,
    ReturnedMarker,
)
from transforms.returned.read import Explanation, find_marker, split_returned

MARKER = ReturnedMarker(
    delivery_id="0123456789abcdef",
    sha256="ab" * 32,
    unit_code="16204",
    kind="dossier",
    profile_id="tandan.dossier.v1",
    exported_at=datetime(2021, 9, 5, 16, 30),
    exported_at_source="file_name",
    file="Danh sach ho so 05-09-2021 16-30.xls",
    lines=(
        ReturnedLine(1, "f1", "dossier.date.impossible", "HS-2", "", 6, "due_date", "16204"),
        ReturnedLine(2, "f2", "dossier.code.missing", "", "", 7, "dossier_code", "16204"),
        ReturnedLine(3, "f3", "fee.total.mismatch", "HS-2", "", 6, "total_amount", "16204"),
    ),
)
DATA: Sequence[Sequence[Cell]] = (
    ["UBND XÃ MẪU"],
    ["Mã hồ sơ", "Ngày hẹn trả"],
    ["HS-1", "03/08/2021"],
    ["HS-2", "30/09/2021"],
)


def marker_rows(marker: ReturnedMarker = MARKER) -> list[list[Cell]]:
    given = {name: getattr(marker, name) for name in MARKER_KEYS}
    given |= {"exported_at": marker.exported_at.isoformat(), "is_partial": int(marker.is_partial)}
    rows: list[list[Cell]] = [[FORMAT_ID], *([name, str(given[name])] for name in MARKER_KEYS), []]
    rows += [
        list(LINE_COLUMNS),
        *([str(getattr(line, name)) for name in LINE_COLUMNS] for line in marker.lines),
    ]
    if marker.is_partial:
        rows += [[], list(ROW_MAP_COLUMNS), *([str(part) for part in row] for row in marker.row_map)]
    return rows


def mend_rows(*lines: tuple[Cell, str, str, str, str]) -> list[list[Cell]]:
    """The list with (STT, rule, record, explanation, author) per line."""
    rows: list[list[Cell]] = [["NỘI DUNG CẦN SỬA"], ["Hãy sửa"], ["Đơn vị"], [], list(MEND_HEADERS)]
    for number, code, subject, text, author in lines:
        row: list[Cell] = [None] * len(MEND_HEADERS)
        for name, value in (
            ("STT", number), ("Mã quy tắc", code), ("Hồ sơ", subject), ("Giải trình", text), ("Người giải trình", author)
        ):  # fmt: skip
            row[MEND_HEADERS.index(name)] = value
        rows.append(row)
    return rows


def workbook(sheets: dict[str, Sequence[Sequence[Cell]]]) -> Workbook:
    return read_workbook(io.BytesIO(xlsx_file(sheets, hidden=(MARKER_SHEET,))), "gui lai.xlsx")


def returned(*lines: tuple[Cell, str, str, str, str], marker: ReturnedMarker = MARKER) -> Workbook:
    return workbook({MEND_SHEET: mend_rows(*lines), "Dữ liệu": DATA, MARKER_SHEET: marker_rows(marker)})


def test_marker_is_read_as_it_was_written() -> None:
    assert find_marker(returned()) == MARKER


def test_marker_of_a_partial_workbook_holds_where_rows_were() -> None:
    marker = replace(MARKER, is_partial=True, row_map=(("Dữ liệu", 3, 5), ("Dữ liệu", 4, 6)))
    assert find_marker(returned(marker=marker)) == marker


def test_any_other_workbook_has_no_marker() -> None:
    assert find_marker(workbook({"Sheet1": DATA})) is None
    assert find_marker(workbook({MEND_SHEET: mend_rows(), "Sheet1": DATA})) is None


@pytest.mark.parametrize("row", range(10))
def test_marker_that_lost_a_row_is_damaged_whichever_it_is(row: int) -> None:
    rows = marker_rows()
    del rows[row]
    with pytest.raises(UnreadableFileError) as caught:
        find_marker(workbook({"Sheet1": DATA, MARKER_SHEET: rows}))
    assert caught.value.code == "returned.marker.damaged"


@pytest.mark.parametrize(
    ("row", "text"), [(0, "motcua-returned/2"), (6, "hôm qua"), (9, "có thể"), (12, "1; drop")]
)
def test_marker_with_a_value_that_cannot_be_is_damaged(row: int, text: str) -> None:
    rows = marker_rows()
    rows[row][-1 if len(rows[row]) < 3 else 0] = text
    with pytest.raises(UnreadableFileError, match=r"returned\.marker\.damaged"):
        find_marker(workbook({"Sheet1": DATA, MARKER_SHEET: rows}))


def test_data_is_what_the_unit_sent_under_its_own_sheet_name_and_rows() -> None:
    parts = split_returned(returned((1, "dossier.date.impossible", "HS-2", "", "")))
    (sheet,) = parts.data.sheets
    assert sheet.name == "", "the file had no sheet names"
    assert sheet.row_numbers.to_pylist() == [1, 2, 3, 4]
    assert sheet.cells.column(0).to_pylist() == ["UBND XÃ MẪU", "Mã hồ sơ", "HS-1", "HS-2"]
    assert parts.has_data
    assert parts.explanations == ()


def test_rows_of_a_partial_workbook_get_their_numbers_back_and_added_rows_stand_above_all() -> None:
    marker = replace(
        MARKER, is_partial=True, row_map=(("Dữ liệu", 1, 1), ("Dữ liệu", 2, 5), ("Dữ liệu", 3, 900))
    )
    (sheet,) = split_returned(returned(marker=marker)).data.sheets
    assert sheet.row_numbers.to_pylist() == [1, 5, 900, 904]


def test_renamed_sheet_keeps_its_rows_where_only_one_can_be_meant() -> None:
    marker = replace(MARKER, is_partial=True, row_map=(("Dữ liệu", 3, 500), ("Dữ liệu", 4, 600)))
    book = workbook({MEND_SHEET: mend_rows(), "Đã xem": DATA, MARKER_SHEET: marker_rows(marker)})
    (sheet,) = split_returned(book).data.sheets
    assert sheet.row_numbers.to_pylist()[2:] == [500, 600]


def test_explanations_are_known_by_their_number_and_rule_in_any_order() -> None:
    lines = (
        (2, "dossier.code.missing", "", "Không tra được", "Công chức một cửa"),
        (1, "dossier.date.impossible", "HS-2", "", "Người Mẫu 0001"),
        (3, "fee.total.mismatch", "HS-2", "  Thu hai\nlần ", ""),
    )
    assert split_returned(returned(*lines)).explanations == (
        Explanation(2, "Không tra được", "Công chức một cửa", 6, ""),
        Explanation(3, "Thu hai lần", "", 8, ""),
    )


def test_lost_number_is_found_by_rule_and_record_and_is_0_where_nothing_tells() -> None:
    lines = (
        (None, "dossier.date.impossible", "HS-2", "một", ""),
        (1, "fee.total.mismatch", "HS-2", "hai", ""),
        (99, "dossier.khac", "HS-9", "ba", ""),
    )
    assert [item.line for item in split_returned(returned(*lines)).explanations] == [1, 3, 0]


def test_list_is_found_by_its_header_whatever_its_sheet_is_called_and_wherever_it_stands() -> None:
    rows = mend_rows((1, "dossier.date.impossible", "HS-2", "lý do", ""))
    moved = [["ghi thêm"], *rows]
    book = workbook({"Dữ liệu": DATA, "Của tôi": moved, MARKER_SHEET: marker_rows()})
    parts = split_returned(book)
    assert [sheet.name for sheet in parts.data.sheets] == [""]
    assert [item.line for item in parts.explanations] == [1]


def test_list_alone_has_no_data() -> None:
    book = workbook(
        {
            MEND_SHEET: mend_rows((1, "dossier.date.impossible", "HS-2", "lý do", "")),
            MARKER_SHEET: marker_rows(),
        }
    )
    parts = split_returned(book)
    assert not parts.has_data
    assert len(parts.explanations) == 1


def test_marker_is_found_by_its_content_where_its_sheet_was_renamed() -> None:
    book = workbook({MEND_SHEET: mend_rows(), "Sheet9": marker_rows(), "Dữ liệu": DATA})
    assert find_marker(book) == MARKER
    assert [sheet.cells.num_rows for sheet in split_returned(book).data.sheets] == [4]
