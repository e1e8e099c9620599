"""What a report says of units that sent only some lists, and of lists that are older than what is counted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    DISTRICT,
    SUPPLEMENT,
    THANH_XUAN,
    YEN_CAT,
    dossiers,
    inputs,
    papers,
    show,
)
from transforms.catalogue.model import Unit
from transforms.indicators.coverage import list_of_measure, without_uncovered
from transforms.report.blocks import Figure, ReportContext, Table
from transforms.report.build import build_report
from transforms.report.check import all_blocks, check_report
from transforms.report.figures import flatten
from transforms.report.inputs import ReportInputs

UNITS = (BINH_LUONG, THANH_XUAN, YEN_CAT)
KINDS = ("dossier", "fee", "document.outgoing", "document.incoming", "supplement")


def rollup(
    dossiers_of: tuple[Unit, ...] = UNITS, papers_of: tuple[Unit, ...] = UNITS, **others: object
) -> ReportInputs:
    """The district over three communes of which these sent dossiers, and these registers and receipts."""
    cells: dict[tuple[str, str, str], int] = {}
    for unit in dossiers_of:
        cells |= dossiers(BINH_LUONG_DOSSIERS, unit.code)
    for unit in papers_of:
        cells |= papers(unit.code)
    given = {"supplement": {unit.code: SUPPLEMENT for unit in UNITS}, **others}
    return inputs(cells, node=DISTRICT, leaf_units=UNITS, **given)  # type: ignore[arg-type]


def tables(context: ReportContext) -> dict[str, Table]:
    return {block.table_id: block for block in all_blocks(context) if isinstance(block, Table)}


def foot(context: ReportContext, table_id: str) -> list[str]:
    return [flatten(note) for note in tables(context)[table_id].notes]


def test_full_rollup_carries_no_stamp_and_no_gap() -> None:
    context = build_report(rollup())
    assert context.page_stamp == ""
    assert "đơn vị; chưa có" not in show(context)
    assert all("chưa có" not in note for table_id in tables(context) for note in foot(context, table_id))
    assert [number.remark for number in context.key_numbers if "số liệu của" in number.remark] == []


def test_unit_that_sent_dossiers_but_no_papers_is_named_where_papers_are_summed() -> None:
    context = build_report(rollup(papers_of=(BINH_LUONG, YEN_CAT)))
    gap = "2/3 đơn vị; chưa có: xã Thanh Xuân."
    text = show(context)
    for what in ("Số liệu văn bản ban hành", "Số liệu văn bản đến", "Số liệu phí, lệ phí"):
        assert f"> {what} của {gap}" in text
    assert "Số liệu hồ sơ của" not in text
    assert foot(context, "phi_le_phi")[0] == f"Số liệu của {gap}"
    assert foot(context, "van_ban")[0] == f"Số liệu của {gap}"
    assert not any("chưa có" in note for note in foot(context, "bieu_06_don_vi"))
    assert context.page_stamp == "Thiếu số liệu: phí, lệ phí 1/3 đơn vị; văn bản đi 1/3; văn bản đến 1/3"


def test_unit_that_sent_nothing_is_told_by_a_share_in_every_group_and_on_every_page() -> None:
    two = (BINH_LUONG, YEN_CAT)
    given = {unit.code: SUPPLEMENT for unit in two}
    context = build_report(rollup(two, two, supplement=given, missing_units=(THANH_XUAN,)))
    text = show(context)
    # Named at the head, so that the groups need only the share.
    assert "Báo cáo tổng hợp số liệu của 2/3 đơn vị; chưa gửi: xã Thanh Xuân." in text
    for what in ("hồ sơ", "văn bản ban hành", "văn bản đến", "phí, lệ phí"):
        assert f"> Số liệu {what} của 2/3 đơn vị." in text
    for table_id in ("bieu_06_don_vi", "bieu_06_linh_vuc", "van_ban", "phi_le_phi", "so_lieu_bo_sung"):
        assert foot(context, table_id)[0] == "Số liệu của 2/3 đơn vị; chưa có: xã Thanh Xuân.", table_id
    assert context.page_stamp == "Thiếu số liệu 1/3 đơn vị"


def test_numbers_at_the_head_and_charts_carry_the_share() -> None:
    context = build_report(rollup((BINH_LUONG, YEN_CAT), (BINH_LUONG,)))
    remarks = {number.label: number.remark for number in context.key_numbers}
    assert remarks["Hồ sơ đã giải quyết"] == "số liệu của 2/3 đơn vị"
    assert remarks["Phí, lệ phí đã thu"] == "đồng; số liệu của 1/3 đơn vị"
    assert all(chart.title.endswith("(số liệu của 2/3 đơn vị)") for chart in context.charts)


def test_shares_are_figures_with_one_value_each() -> None:
    context = build_report(rollup((BINH_LUONG, YEN_CAT), (BINH_LUONG,)))
    note = tables(context)["phi_le_phi"].notes[0]
    assert [part.value for part in note if isinstance(part, Figure)] == [1, 3]
    assert [
        finding for finding in check_report(context) if finding.code == "report.figure.disagreement"
    ] == []


def test_unit_without_the_software_is_no_gap() -> None:
    no_software = frozenset({(THANH_XUAN.code, "fee")})
    context = build_report(rollup(papers_of=(BINH_LUONG, YEN_CAT), not_expected=no_software))
    assert "Số liệu phí, lệ phí của" not in show(context)
    assert not any("chưa có" in note for note in foot(context, "phi_le_phi"))
    assert "phí" not in context.page_stamp
    rows = [row.cells[1] for row in tables(context)["phi_le_phi"].rows]
    assert "xã Thanh Xuân (không phải gửi)" in rows


def test_share_is_of_the_units_that_have_the_software() -> None:
    no_software = frozenset({(YEN_CAT.code, "fee")})
    context = build_report(rollup(papers_of=(BINH_LUONG,), not_expected=no_software))
    assert "> Số liệu phí, lệ phí của 1/2 đơn vị; chưa có: xã Thanh Xuân." in show(context)
    assert "phí, lệ phí 1/2" in context.page_stamp
    assert "văn bản đi 2/3" in context.page_stamp


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("fee", "! Chưa có số liệu phí, lệ phí: đơn vị chưa gửi"),
        ("document.outgoing", "! Chưa có số liệu văn bản ban hành: đơn vị chưa gửi"),
        ("document.incoming", "! Chưa có số liệu văn bản đến: đơn vị chưa gửi"),
    ],
)
def test_single_unit_says_what_it_did_not_send_unless_it_has_no_such_software(
    kind: str, sentence: str
) -> None:
    own = dossiers(BINH_LUONG_DOSSIERS)
    told = show(build_report(inputs(own)))
    assert sentence in told
    assert "0 đồng" not in told
    quiet = show(build_report(inputs(own, not_expected=frozenset({(BINH_LUONG.code, kind)}))))
    assert sentence not in quiet
    assert "Đơn vị chưa gửi số liệu bổ sung" not in quiet


def test_single_unit_carries_no_page_stamp() -> None:
    assert build_report(inputs(dossiers(BINH_LUONG_DOSSIERS))).page_stamp == ""


def days(**by_unit: date) -> dict[tuple[str, str], date]:
    return {(code.removeprefix("u"), kind): day for code, day in by_unit.items() for kind in KINDS}


def test_list_as_old_as_the_closing_day_needs_no_word() -> None:
    context = build_report(inputs(data_days=days(u16204=date(2021, 9, 5))))
    assert "ngày kết xuất danh sách" not in show(context)


def test_single_unit_says_up_to_which_day_each_list_tells() -> None:
    old = {("16204", "dossier"): date(2021, 9, 5), ("16204", "fee"): date(2021, 8, 27)}
    context = build_report(inputs(data_days=old))
    sentence = "Số liệu phí, lệ phí tính đến ngày 27/8/2021, ngày kết xuất danh sách."
    assert f"> {sentence}" in show(context)
    assert sentence in foot(context, "phi_le_phi")
    assert "Số liệu hồ sơ tính đến" not in show(context)


def test_rollup_names_the_day_of_most_units_and_the_others() -> None:
    usual, older = date(2021, 9, 3), date(2021, 8, 27)
    context = build_report(rollup(data_days=days(u16204=usual, u16174=usual, u16210=older)))
    assert (
        "> Số liệu hồ sơ tính đến ngày 03/9/2021, ngày kết xuất danh sách; riêng xã Thanh Xuân đến ngày 27/8/2021."
        in show(context)
    )


def test_rollup_names_the_units_that_lag_behind_the_closing_day() -> None:
    context = build_report(
        rollup(data_days=days(u16204=date(2021, 9, 5), u16174=date(2021, 9, 7), u16210=date(2021, 8, 27)))
    )
    assert "> Số liệu hồ sơ chưa đủ đến ngày chốt số liệu: xã Thanh Xuân đến ngày 27/8/2021." in show(context)


def test_sentences_about_supplements_of_other_units_say_so() -> None:
    without_training = {key: value for key, value in SUPPLEMENT.items() if key != "trained_count"}
    given = {BINH_LUONG.code: SUPPLEMENT, THANH_XUAN.code: without_training, YEN_CAT.code: SUPPLEMENT}
    text = show(build_report(rollup(supplement=given)))
    assert (
        "> Số người được cử đi học được tổng hợp từ số liệu bổ sung của 2/3 đơn vị; chưa có: xã Thanh Xuân."
        in text
    )
    assert "Số liệu nhân sự được tổng hợp từ số liệu bổ sung của" not in text


def test_measures_are_counted_from_one_list_each() -> None:
    assert list_of_measure("late+pending_overdue") == "dossier"
    assert list_of_measure("fee_charge_amount+fee_duty_amount") == "fee"
    assert list_of_measure("legal_documents_issued") == "document.outgoing"
    assert list_of_measure("documents_received") == "document.incoming"


def test_cells_of_a_list_from_before_the_window_are_missing_not_zero() -> None:
    table = inputs(notes={("withdrawn", "16204"): 3, ("undated_fee", "16204"): 1}).table
    left = without_uncovered(table, {("16204", "dossier"), ("16204", "fee")})
    assert left.value("received_total", ("16204",)) is None
    assert left.value("fee_total_amount", ("16204",)) is None
    assert left.value("documents_issued", ("16204",)) == 588
    assert dict(left.notes) == {("undated_fee", "16204"): 1}
    assert without_uncovered(table, ()) is table
