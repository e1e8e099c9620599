"""Statistical forms in a report: layout by level and day, blocks of units, numbers of procedures, old layouts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from expectations.messages import describe, parse_messages
from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    CATALOGUE,
    DISTRICT,
    ROOT,
    THANH_XUAN,
    dossiers,
    inputs,
    number,
    show_table,
)
from transforms.findings import Finding
from transforms.report.blocks import Figure, ReportContext, Table
from transforms.report.build import build_report
from transforms.report.check import OUTDATED, check_report
from transforms.report.figures import flatten
from transforms.report.inputs import ReportInputs, SupplementValue

PROVINCE = next(each for each in CATALOGUE.units if each.code == "38")
ROLLUP = dossiers(BINH_LUONG_DOSSIERS)
OUTDATED_NOTE = "Mẫu theo TT 01/2020/TT-VPCP, chờ cập nhật TT 5/2025/TT-VPCP"
Given = Mapping[str, tuple[SupplementValue, ...]]


def numbers(**given: int) -> Given:
    """A supplement with nothing but numbers."""
    return {item: number(value) for item, value in given.items()}


def until(end: date, of: ReportInputs) -> ReportInputs:
    """The same inputs in a period that ends on another day."""
    reckoning = replace(of.table.reckoning, start=date(end.year, 1, 1), end=end, closing_day=end, as_of=end)
    return replace(of, table=replace(of.table, reckoning=reckoning))


def tables(context: ReportContext) -> dict[str, Table]:
    """The tables of annexes and workbook by id."""
    blocks = [*(block for annex in context.annexes for block in annex.blocks), *context.workbook_tables]
    return {block.table_id: block for block in blocks if isinstance(block, Table)}


def form_07(of: ReportInputs) -> Table:
    """Biểu II.07b of those inputs."""
    return tables(build_report(of))["bieu_07b"]


def test_district_prints_06d_by_unit_and_by_field() -> None:
    found = tables(build_report(inputs(ROLLUP, node=DISTRICT, leaf_units=(BINH_LUONG, THANH_XUAN))))
    for table_id, label in (
        ("bieu_06_don_vi", "Đơn vị"),
        ("bieu_06_linh_vuc", "Lĩnh vực, công việc giải quyết theo cấp"),
    ):
        form = found[table_id]
        assert form.form_number == "Biểu số II.06d/VPCP/KSTT"
        assert form.columns[1].label == label
        assert form.entry is not None
        assert form.entry.columns == tuple(column.key for column in form.columns[2:])
    entry = found["bieu_06_linh_vuc"].entry
    assert entry is not None
    assert entry.heading == "Lĩnh vực, công việc giải quyết theo cấp: cấp xã"


def test_province_lists_units_in_blocks_and_a_block_of_which_nothing_was_sent_says_so() -> None:
    rows = show_table(
        tables(build_report(inputs(ROLLUP, node=PROVINCE, leaf_units=(BINH_LUONG, THANH_XUAN))))[
            "bieu_06_don_vi"
        ]
    )
    names = [row.split(" | ")[:3] for row in rows]
    assert names[:-1] == [
        ["", "Sở, ban, ngành cấp tỉnh", ""],
        ["1", "Sở, ban, ngành cấp tỉnh (chưa có số liệu)", ""],
        ["", "Cấp huyện", ""],
        ["2", "Cấp huyện (chưa có số liệu)", ""],
        ["", "Cấp xã", ""],
        ["3", "xã Bình Lương", "1.363"],
        ["4", "xã Thanh Xuân (chưa có số liệu)", ""],
    ]


def test_province_has_no_district_block_in_periods_that_end_after_the_districts_did() -> None:
    of = until(date(2025, 9, 14), inputs(ROLLUP, node=PROVINCE, leaf_units=(BINH_LUONG,)))
    form = tables(build_report(of))["bieu_06_don_vi"]
    assert form.form_number == "Biểu số II.06c/VPCP/KSTT"
    assert not any("Cấp huyện" in row for row in show_table(form))


def test_form_07_of_a_commune_adds_what_it_answers_for_and_marks_the_rest() -> None:
    given = numbers(procedures_local_xa_count=120, procedures_one_stop_xa_count=118)
    form = form_07(inputs(supplement={"16204": given}))
    assert show_table(form) == ["1 | xã Bình Lương | 120 | x | x | 120 | 118 | x | x | 118 |  | x | x | "]
    total = form.rows[0].cells[2]
    assert isinstance(total, Figure)
    assert total.cell_id == "supplement/16204/procedures_local_xa_count/2021-9T"
    assert [column.number for column in form.columns] == [f"({n})" for n in range(1, 15)]
    assert any("Dấu “x”" in flatten(note) for note in form.notes)


def test_form_07_total_of_a_district_needs_every_level_it_answers_for() -> None:
    given = {
        "402": numbers(workflows_huyen_count=200, workflows_xa_count=110, procedures_local_huyen_count=250),
        "16204": numbers(workflows_xa_count=110),
    }
    form = form_07(inputs(ROLLUP, node=DISTRICT, leaf_units=(BINH_LUONG, THANH_XUAN), supplement=given))
    assert show_table(form) == [
        "1 | huyện Như Xuân |  | x | 250 |  |  | x |  |  | 310 | x | 200 | 110",
        "2 | xã Bình Lương |  | x | x |  |  | x | x |  | 110 | x | x | 110",
        "3 | xã Thanh Xuân (chưa có số liệu) |  | x | x |  |  | x | x |  |  | x | x | ",
    ]
    total = form.rows[0].cells[10]
    assert isinstance(total, Figure)
    assert total.cell_id == "supplement/402/workflows_huyen_count+workflows_xa_count/2021-9T"
    assert not any(row.kind == "total" for row in form.rows), "several units handle one procedure"


def test_form_07_of_a_province_asks_for_no_districts_after_they_ended() -> None:
    given = {"38": numbers(workflows_tinh_count=900, workflows_xa_count=300, workflows_huyen_count=7)}
    of = inputs(ROLLUP, node=PROVINCE, leaf_units=(BINH_LUONG,), supplement=given)
    assert show_table(form_07(of))[0].endswith("1.207 | 900 | 7 | 300")
    assert show_table(form_07(until(date(2025, 9, 14), of)))[0].endswith("1.200 | 900 | x | 300")


def test_form_07_without_numbers_says_so_and_prints_no_zero() -> None:
    form = form_07(inputs())
    (row,) = form.rows
    assert row.kind == "group"
    assert [cell for cell in row.cells if cell] == [
        "Chưa có số liệu: hãy điền các mục của biểu này vào bảng số liệu bổ sung của kỳ báo cáo rồi gửi lại."
    ]


def test_numbers_of_form_07_stand_in_no_other_table_and_in_no_annex() -> None:
    context = build_report(inputs(supplement={"16204": numbers(workflows_xa_count=110, inspection_count=1)}))
    printed = [block for annex in context.annexes for block in annex.blocks if isinstance(block, Table)]
    (filled,) = (table for table in printed if table.table_id == "so_lieu_bo_sung")
    assert show_table(filled)[0].startswith("1 | Số cuộc kiểm tra")
    assert len(filled.rows) == 1
    assert [table.table_id for table in context.workbook_tables] == ["bieu_07b"]


def test_period_after_the_circular_ended_prints_the_old_layout_with_its_note_and_a_finding() -> None:
    context = build_report(until(date(2026, 3, 14), inputs()))
    form = tables(context)["bieu_06a"]
    assert form.layout_note == OUTDATED_NOTE
    assert form.form_box[-1] == OUTDATED_NOTE
    (finding,) = (found for found in check_report(context) if found.code == OUTDATED)
    assert finding.params == (
        ("forms", "Biểu số II.06a/VPCP/KSTT, Biểu số II.07b/VPCP/KSTT"),
        ("period", "9 tháng năm 2021"),
        ("note", OUTDATED_NOTE),
    )


def test_period_within_the_circular_has_no_note_and_no_finding() -> None:
    context = build_report(until(date(2026, 2, 14), inputs()))
    assert tables(context)["bieu_06a"].layout_note == ""
    assert not [found for found in check_report(context) if found.code == OUTDATED]


def test_finding_of_an_old_layout_is_information_for_the_level_above() -> None:
    content = Path(ROOT / "expectations" / "messages" / "forms.vi.yml").read_bytes()
    params = (("forms", "Biểu số II.06a/VPCP/KSTT"), ("period", "tháng 3 năm 2026"), ("note", OUTDATED_NOTE))
    finding = Finding(OUTDATED, "16204", params=params)
    described = describe(finding, parse_messages({"forms.vi.yml": content}), {}, {"16204": "xã Bình Lương"})
    assert (described.severity, described.audience) == ("info", "parent")
    assert described.sentence == (
        "Báo cáo tháng 3 năm 2026 của xã Bình Lương: Biểu số II.06a/VPCP/KSTT được in theo mẫu cũ. "
        f"{OUTDATED_NOTE}."
    )


def test_catalogue_without_layouts_gives_a_report_without_forms() -> None:
    context = build_report(replace(inputs(), catalogue=replace(CATALOGUE, forms=())))
    assert not {"bieu_06a", "bieu_07b"} & tables(context).keys()
