"""The annex of explained findings: only when there are any, every number with its cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.report.report_case import BINH_LUONG, DISTRICT, THANH_XUAN, inputs
from transforms.render.json_context import render_json
from transforms.report.blocks import Figure, ReportContext, Table
from transforms.report.build import build_report
from transforms.report.check import all_blocks, check_report
from transforms.report.explained import EXPLAINED_TABLE
from transforms.report.figures import flatten
from transforms.report.inputs import ReportExplanation, ReportFinding

SAID = ReportExplanation(
    finding_id="0123456789abcdef",
    decision_id="fedcba9876543210",
    severity="critical",
    code="dossier.date.impossible",
    unit_code="16204",
    sentence="Cột “Ngày hẹn trả” có 1.002 ngày không có thật hoặc không đọc được (dòng 12 (trang tính Sheet1), 15 và 1.000 dòng khác); các dòng này được cách ly.",
    count=1002,
    subjects=("H1", "H2", "H3", "H4"),
    reason="Phần mềm ghi sai, đang chờ sửa",
    author="Công chức một cửa",
    decided_on=date(2021, 9, 6),
    expires_on=date(2021, 12, 31),
    is_full=True,
)


def explained(context: ReportContext) -> Table | None:
    tables = [block for block in all_blocks(context) if isinstance(block, Table)]
    return next((table for table in tables if table.table_id == EXPLAINED_TABLE), None)


def test_report_without_explanations_has_no_such_annex() -> None:
    context = build_report(inputs())
    assert explained(context) is None
    assert all(annex.title != "Giải trình số liệu" for annex in context.annexes)


def test_annex_says_what_was_found_how_much_why_by_whom_and_until_when() -> None:
    context = build_report(inputs(explanations=(SAID,)))
    assert context.annexes[-1].title == "Giải trình số liệu"
    table = explained(context)
    assert table is not None
    (row,) = table.rows
    number = row.cells[2]
    assert isinstance(number, Figure)
    assert (number.value, number.text) == (1002, "1.002")
    assert number.cell_id.startswith(
        "explained/dossier.date.impossible:0123456789abcdef:fedcba9876543210/16204/*/2021-9T"
    )
    assert [cell for cell in row.cells if isinstance(cell, str)] == [
        "1",
        "Cột “Ngày hẹn trả” có 1.002 ngày không có thật hoặc không đọc được; các dòng này được cách ly.",
        "H1, H2, H3, …",
        "Phần mềm ghi sai, đang chờ sửa",
        "Công chức một cửa, 06/9/2021",
        "31/12/2021",
    ]
    assert check_report(context) == check_report(build_report(inputs()))


def test_roll_up_names_the_unit_and_what_is_explained_in_part_says_so() -> None:
    other = replace(
        SAID, unit_code="16210", decision_id="0", subjects=(), expires_on=None, decided_on=None, is_full=False
    )
    whole = replace(SAID, decision_id="1", is_whole=True)
    given = inputs(node=DISTRICT, leaf_units=(BINH_LUONG, THANH_XUAN), explanations=(SAID, whole, other))
    table = explained(build_report(given))
    assert table is not None
    shown = [[cell.text if isinstance(cell, Figure) else cell for cell in row.cells] for row in table.rows]
    assert [row[1] for row in shown] == ["xã Bình Lương", "xã Bình Lương", "xã Thanh Xuân"]
    assert [row[4] for row in shown] == ["H1, H2, H3, …", "toàn bộ", "dòng không ghi mã"]
    assert [row[7] for row in shown] == ["31/12/2021", "31/12/2021", "không hết hạn"]
    assert "vẫn được coi là còn mở" in flatten(table.notes[-1])


def test_same_explanations_give_the_same_bytes_and_stamps_tell_of_what_is_open_only() -> None:
    open_one = ReportFinding(
        "critical", "dossier.code.missing", "16204", "Có 2 dòng không có mã.", "Hãy bổ sung."
    )
    given = inputs(explanations=(SAID,), findings=(open_one,))
    context = build_report(given)
    assert context.stamps == ("Có 2 dòng không có mã.",)
    assert [sentence for _, sentence, _ in context.findings] == ["Có 2 dòng không có mã."]
    assert render_json(context) == render_json(build_report(given))
