"""Pages of a night as content: who sees what, what is missing, what is said of the first night."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.report.page_case import AS_OF, finding, large_night, night
from tests.unit.report.report_case import BINH_LUONG, THANH_XUAN, YEN_CAT, dossiers, inputs, table
from transforms.report.blocks import Figure, Paragraph
from transforms.report.figures import flatten
from transforms.report.pages.inputs import Before, NightInputs
from transforms.report.pages.model import Cards, FoundList, Grid, Links, PageContext, Trends
from transforms.report.pages.rollup_page import build_home_page, build_rollup_page
from transforms.report.pages.unit_page import build_unit_page

KNOWN_AT = "2021-09-04T18:00:00+07:00"


def section(page: PageContext, section_id: str) -> tuple[object, ...]:
    return next(each.blocks for each in page.sections if each.section_id == section_id)


def grid(page: PageContext, section_id: str) -> Grid:
    return next(block for block in section(page, section_id) if isinstance(block, Grid))


def rows(found: Grid) -> list[list[str]]:
    return [
        [
            " ".join(
                filter(
                    None, (cell.content if isinstance(cell.content, str) else cell.content.text, cell.remark)
                )
            )
            for cell in row.cells
        ]
        for row in found.rows
    ]


def sentences(page: PageContext, section_id: str) -> list[str]:
    said = []
    for block in section(page, section_id):
        if isinstance(block, Paragraph):
            said.append(flatten(block.text))
        elif isinstance(block, FoundList):
            said += [f"[{item.state}] {item.sentence} {item.remark}".strip() for item in block.items]
    return said


def test_unit_page_hides_what_is_meant_for_the_level_above() -> None:
    page = build_unit_page(night(), BINH_LUONG)
    said = sentences(page, "phat-hien")
    assert said == ["[] Có 3 dòng cần xem (dossier.due_date.missing). 3 trường hợp · từ ngày 01/9/2021"]
    (curve,) = next(block for block in section(page, "phat-hien") if isinstance(block, Trends)).trends
    assert curve.points[0].figure == Figure(9, "9", "findings/16204/unit/2021-08-01")


def test_rollup_page_lists_only_what_is_meant_for_the_level_above() -> None:
    said = sentences(build_rollup_page(night()), "phat-hien")
    assert said == [
        "[] Có 3 dòng cần xem (plausibility.closing_day.mass). Xã Bình Lương · 3 trường hợp · từ ngày 01/9/2021"
    ]


def test_ranking_shows_volume_and_gives_no_place_to_few_dossiers_or_none() -> None:
    lines = rows(grid(build_rollup_page(night()), "cac-don-vi"))
    assert lines[0][:5] == ["1", "Xã Bình Lương", "1.363", "1.361", "99,9% 1.359/1.361"]
    assert lines[1][:5] == ["ít hồ sơ, không xếp hạng", "Thị trấn Yên Cát", "12", "11", "90,9% 10/11"]
    assert lines[2][:3] == ["", "Xã Thanh Xuân", ""]
    assert lines[2][8] == "chưa có số liệu"
    assert lines[3][:2] == ["", "Cộng"]


def test_rollup_says_who_did_not_report_before_any_number() -> None:
    page = build_rollup_page(night())
    assert page.stamps[0].startswith("Chưa gửi tệp nào đọc được: xã Thanh Xuân (1/3 đơn vị).")
    matrix = rows(grid(page, "tep-da-nhan"))
    assert matrix[2] == ["Xã Thanh Xuân", *["✗ chưa gửi"] * 5]
    assert matrix[1][:3] == ["Xã Bình Lương", "✓ đúng hạn 05/9/2021", "! chậm 4 ngày 05/9/2021"]
    assert matrix[3] == ["Đã gửi", *["2/3 đơn vị"] * 5]


def test_missing_unit_has_a_page_without_a_single_zero() -> None:
    page = build_unit_page(night(), THANH_XUAN)
    assert "không có nghĩa là bằng 0" in page.stamps[0]
    (cards,) = section(page, "so-lieu-chinh")
    assert isinstance(cards, Cards)
    assert [number.figure for number in cards.numbers] == [None] * 4
    ids = [each.section_id for each in page.sections]
    assert not {"xu-huong", "theo-linh-vuc", "ton-dong", "bao-cao", "sap-den-han"} & set(ids)
    assert rows(grid(page, "ty-le-cac-ky"))[1][1:] == ["", "", "chưa có số liệu"]


def test_zero_dossiers_are_zeros_and_rates_of_nothing() -> None:
    empty = dossiers("ho_tich | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0")
    page = build_unit_page(night(reports=(inputs(empty),), months=(), backlog={}), BINH_LUONG)
    (cards,) = section(page, "so-lieu-chinh")
    assert isinstance(cards, Cards)
    assert [number.figure and number.figure.text for number in cards.numbers] == ["0", "0", None, "0"]
    assert cards.numbers[2].remark == "không phát sinh"
    assert "ton-dong" not in [each.section_id for each in page.sections]


def test_old_list_is_told_before_any_number() -> None:
    assert (
        build_unit_page(night(), BINH_LUONG)
        .stamps[0]
        .startswith("Danh sách hồ sơ mới nhất kết xuất ngày 03/9/2021")
    )
    assert build_unit_page(night(), YEN_CAT).stamps == ()


def test_first_night_says_so_instead_of_calling_everything_new() -> None:
    said = sentences(build_unit_page(night(), BINH_LUONG), "thay-doi")
    assert said == [
        "Đây là đêm đầu tiên có số liệu; từ đêm sau, mục này nêu những gì thay đổi so với đêm trước."
    ]


def changed_night(**states: str) -> NightInputs:
    before = dossiers("ho_tich | 7 | 270 | 0 | 200 | 77 | 0 | 0 | 0")
    findings = tuple(finding(f"dossier.{state}", "16204", state=state) for state in states.values())
    return night(findings=findings, before=Before(date(2021, 9, 4), KNOWN_AT, table(before)))


def test_changes_name_findings_by_what_became_of_them_and_figures_that_moved() -> None:
    page = build_unit_page(changed_night(a="new", b="fixed", c="persisting", d="worse"), BINH_LUONG)
    said = sentences(page, "thay-doi")
    assert said[0] == (
        "So với đêm của ngày làm việc 04/9/2021: 1 phát hiện mới, 1 phát hiện xấu hơn, 1 phát hiện đã xử lý xong, "
        "8 số liệu thay đổi."
    )
    assert [line.split("]")[0] for line in said[1:]] == ["[mới", "[xấu hơn", "[đã xử lý xong"]
    moved = grid(page, "thay-doi")
    assert rows(moved)[0] == ["Số hồ sơ tiếp nhận trong kỳ", "277", "1.363", "+1.086"]
    was = moved.rows[0].cells[1].content
    assert isinstance(was, Figure)
    assert was.cell_id == f"known/{KNOWN_AT}/received_in_window/16204/*/2021-9T/nd09/2021-09-05/tt01"
    assert "[đã xử lý xong" not in " ".join(sentences(page, "phat-hien"))


def test_night_without_changes_says_so_in_one_sentence() -> None:
    now = night()
    same = Before(date(2021, 9, 4), KNOWN_AT, now.main.table)
    said = sentences(build_unit_page(night(before=same), BINH_LUONG), "thay-doi")
    assert said == ["So với đêm của ngày làm việc 04/9/2021: không có gì thay đổi."]


def test_months_before_the_lists_begin_are_missing_not_zero() -> None:
    trends = next(block for block in section(build_unit_page(night(), BINH_LUONG), "xu-huong"))
    assert isinstance(trends, Trends)
    received, _, rate = trends.trends
    assert [point.figure and point.figure.text for point in received.points] == [
        None,
        None,
        "40",
        "50",
        "60",
        "70",
        "80",
    ]
    assert received.points[0].remark == "chưa có số liệu"
    assert received.points[2].figure is not None
    assert received.points[2].figure.cell_id == "received_in_window/16204/*/2021-04/nd09/2021-04-14/tt01"
    assert rate.points[2].figure is not None
    assert rate.points[2].figure.text == "90%"
    assert [extra and extra.text for extra in rate.points[2].extras] == ["36", "40"]


def test_month_of_a_rollup_tells_how_many_units_stand_behind_it() -> None:
    (trends,) = section(build_rollup_page(night()), "xu-huong")
    assert isinstance(trends, Trends)
    point = trends.trends[0].points[2]
    assert (point.remark, point.is_partial) == ("số liệu đủ của 2/3 đơn vị", False)
    few = night(told_since={("16204", "dossier"): date(2021, 3, 15)})
    assert "xu-huong" not in [each.section_id for each in build_rollup_page(few).sections]


def test_pages_lead_to_each_other_and_to_drafts_only_where_there_are_any() -> None:
    page = build_rollup_page(night())
    assert [row.cells[1].href for row in grid(page, "cac-don-vi").rows[:3]] == [
        "16204.html",
        "16174.html",
        "16210.html",
    ]
    (links,) = section(page, "bao-cao")
    assert isinstance(links, Links)
    assert [link.href for link in links.lines[0][1]] == [
        "../drafts/402/2021-9T/bao-cao.html",
        "../drafts/402/2021-9T/bao-cao.docx",
    ]
    assert [link.href for link in build_unit_page(night(), BINH_LUONG).links] == [
        "index.html",
        "../runs/latest/index.html",
    ]


def test_one_rule_about_several_periods_is_told_once_for_the_main_one() -> None:
    twice = tuple(
        finding(
            "indicator.channel.unknown",
            "16204",
            period_id=period,
            finding_id=period,
            sentence=f"Kỳ {period}.",
        )
        for period in ("2021", "2021-9T")
    )
    now = night()
    year = inputs(now.main.table.cells, period_name="năm 2021")
    page = build_unit_page(night(reports=(now.main, year), findings=twice), BINH_LUONG)
    assert sentences(page, "phat-hien") == ["[] Kỳ 2021-9T. 3 trường hợp · từ ngày 01/9/2021"]


def test_unit_unlike_the_others_is_named_with_both_numbers() -> None:
    said = sentences(build_rollup_page(large_night(12)), "khac-biet")
    assert said[0].startswith(
        "Xã Mẫu 07: tỷ lệ giải quyết trước hạn và đúng hạn 37,5% (30/80), thấp hơn hẳn trung vị 99,9%"
    )
    assert said[-1].startswith("Cách tìm:")


@pytest.mark.parametrize("name", ["402", "38"])
def test_home_page_leads_to_every_roll_up(name: str) -> None:
    page = build_home_page((night(page_name=name),))
    (links,) = section(page, "cac-trang")
    assert isinstance(links, Links)
    assert links.lines[0][1][0].href == f"{name}.html"
    assert page.meta == (f"Ngày làm việc {AS_OF:%d/9/%Y}",)
