"""An xlsx goes back as the clerk's own file: everything in it stays, and the failing cells are marked."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from tests.unit.returned.mend_case import UNIT_NAME, clerks_workbook, line, marker, sent
from transforms.readers.workbook import read_workbook
from transforms.returned.build import render_returned
from transforms.returned.lines import MendLine
from transforms.returned.model import MARKER_SHEET, MEND_SHEET
from transforms.returned.read import split_returned


def returned(lines: list[MendLine], content: bytes | None = None) -> bytes:
    return render_returned(marker(), UNIT_NAME, lines, sent(content or clerks_workbook()))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_look_and_contents_of_the_clerk_stay() -> None:
    book = opened(returned([line(5)]))
    assert book.sheetnames == [MEND_SHEET, "Hồ sơ", "Ghi chép", MARKER_SHEET]
    sheet = book["Hồ sơ"]
    assert sheet.column_dimensions["C"].width == 41.5
    assert [str(span) for span in sheet.merged_cells.ranges] == ["A2:J2"]
    assert sheet.row_dimensions[6].hidden
    assert (sheet["A5"].value, sheet["A5"].number_format) == (1, "000")
    assert sheet["I6"].number_format == "dd/mm/yyyy"
    assert sheet["L5"].value == '=IF(J5="","chưa xong","xong")'
    assert (sheet["L7"].value, sheet["L7"].data_type) == ("=không phải công thức", "s")
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["E5:E8"]
    assert book["Ghi chép"]["B2"].value == "việc riêng"


def test_marker_is_very_hidden_and_the_list_is_what_opens() -> None:
    book = opened(returned([line(5)]))
    assert book[MARKER_SHEET].sheet_state == "veryHidden"
    assert book.active is not None
    assert book.active.title == MEND_SHEET
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets].count(True) == 1


def test_failing_cell_is_coloured_and_carries_sentence_and_remedy() -> None:
    sheet = opened(returned([line(5), line(8, "dossier_code", "critical")]))["Hồ sơ"]
    assert sheet["I5"].fill.fgColor.rgb == "00FFF1C9"
    assert sheet["D8"].fill.fgColor.rgb == "00F8D9C9"
    assert sheet["D8"].font.bold, "only the fill changes"
    note = sheet["I5"].comment
    assert note is not None
    assert "Cảnh báo: Có 1 hồ sơ không có ngày hẹn trả (dòng 5)." in note.text
    assert "Việc cần làm: Hãy bổ sung ngày hẹn trả." in note.text
    own = sheet["D8"].comment
    assert own is not None
    assert own.text.startswith("Đã gọi điện\n\nNghiêm trọng:"), "the clerk's own note stays above ours"
    untouched = [cell.coordinate for cells in sheet.iter_rows() for cell in cells if cell.fill.patternType]
    assert untouched == ["I5", "D8"]


def test_worst_of_several_findings_colours_the_cell_and_all_are_noted() -> None:
    both = [line(5, severity="critical", code="dossier.a"), line(5, severity="info", code="dossier.b")]
    cell = opened(returned(both))["Hồ sơ"]["I5"]
    assert cell.fill.fgColor.rgb == "00F8D9C9"
    assert cell.comment is not None
    assert cell.comment.text.count("Việc cần làm") == 2


@pytest.mark.parametrize("column", ["", "channel_code"])
def test_finding_without_a_column_of_the_file_marks_the_first_cell(column: str) -> None:
    sheet = opened(returned([line(5, column)]))["Hồ sơ"]
    assert sheet["A5"].comment is not None


def test_mark_inside_a_merge_lands_on_the_cell_that_shows() -> None:
    book = openpyxl.load_workbook(io.BytesIO(clerks_workbook()))
    book["Hồ sơ"].merge_cells("H5:I5")
    target = io.BytesIO()
    book.save(target)
    sheet = opened(returned([line(5)], target.getvalue()))["Hồ sơ"]
    assert sheet["H5"].comment is not None


def test_workbook_reads_like_the_file_that_was_sent_before_any_program_calculates() -> None:
    content = clerks_workbook()
    back = split_returned(read_workbook(io.BytesIO(returned([line(5)], content)), "x.xlsx"))
    before = sent(content).workbook.sheets
    assert [sheet.name for sheet in back.data.sheets] == [sheet.name for sheet in before]
    for now, then in zip(back.data.sheets, before, strict=True):
        assert now.cells.to_pylist() == then.cells.to_pylist()
        assert now.row_numbers.equals(then.row_numbers)
    assert before[0].cells.column("c11").to_pylist()[4:6] == ["chưa xong", "2"]


def test_marker_comes_back_as_it_went_out() -> None:
    back = split_returned(read_workbook(io.BytesIO(returned([line(5), line(7)])), "x.xlsx"))
    assert back.marker.delivery_id == "0123456789012345", "digits only, and still a text"
    assert (back.marker.exported_at, back.marker.is_partial) == (marker().exported_at, False)
    assert [(mark.line, mark.row, mark.column, mark.subject) for mark in back.marker.lines] == [
        (1, 5, "due_date", "000.09.42.H56-210901-0001"),
        (2, 7, "due_date", "000.09.42.H56-210901-0003"),
    ]


def test_same_content_gives_the_same_bytes() -> None:
    content = clerks_workbook()
    assert returned([line(5)], content) == returned([line(5)], content)
    with zipfile.ZipFile(io.BytesIO(returned([line(5)], content))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_lost_pictures_are_said_only_where_there_were_any() -> None:
    assert opened(returned([line(5)]))[MEND_SHEET]["A4"].value is None
    with_picture = io.BytesIO(clerks_workbook())
    with zipfile.ZipFile(with_picture, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG")
    note = opened(returned([line(5)], with_picture.getvalue()))[MEND_SHEET]["A4"].value
    assert note is not None
    assert "Hình ảnh" in str(note)


def test_xlsx_with_a_document_type_is_converted_instead_of_opened() -> None:
    source, target = io.BytesIO(clerks_workbook()), io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as out:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "xl/styles.xml":
                part = b'<!DOCTYPE x [<!ENTITY a "b">]>' + part
            out.writestr(name, part)
    book = opened(returned([line(5)], target.getvalue()))
    assert book["Hồ sơ"]["L5"].value == "chưa xong", "text of the reader, not the formula"
    assert book["Hồ sơ"]["I5"].comment is not None
