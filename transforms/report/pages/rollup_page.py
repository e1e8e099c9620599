"""The page of a roll-up: its units side by side, who is missing, who differs, and what asks for the level above."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.indicators.rollup import code_of
from transforms.report.cells import Cells
from transforms.report.coverage import page_stamp
from transforms.report.names import sentence_case
from transforms.report.pages.backlog import backlog_blocks
from transforms.report.pages.changes import changes_blocks
from transforms.report.pages.delivered import coverage_matrix, not_reported
from transforms.report.pages.found import PARENT, UNIT, findings_of, found_blocks
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import Link, Links, PageContext, Section
from transforms.report.pages.ranking import outlier_blocks, units_grid
from transforms.report.pages.rates import fields_grid, main_cards, rates_grid
from transforms.report.pages.trends import month_trends
from transforms.report.pages.unit_page import HOME, draft_links, optional_section, page_links, page_meta
from transforms.report.words import Source, named

INDEX = "index"


def build_rollup_page(night: NightInputs) -> PageContext:
    """The page of the night's node."""
    stored = tuple(code_of(unit.code) for unit in night.units)
    own = findings_of(night, (*stored, night.node.code, ""), PARENT)
    changed = (*own, *findings_of(night, stored, UNIT))
    names = {
        code_of(unit.code): named(sentence_case(unit.full_name), Source.CATALOGUE) for unit in night.units
    }
    curve = next((each for each in night.curves if each.unit_code == "" and each.audience == PARENT), None)
    fields, trends = fields_grid(night), month_trends(night)
    cells = Cells(night.main)
    silent = not_reported(night)
    sections = [
        Section("so-lieu-chinh", "Số liệu chính", (main_cards(night),)),
        Section("cac-don-vi", "Các đơn vị", (units_grid(night),)),
        Section("khac-biet", "Đơn vị khác hẳn các đơn vị khác", outlier_blocks(night), "Khác biệt"),
        Section(
            "thay-doi",
            "Thay đổi so với đêm trước",
            changes_blocks(night, changed, unit_names=names),
            "Thay đổi",
        ),
        Section(
            "phat-hien", "Phát hiện dành cho cấp trên", found_blocks(night, own, curve, names), "Phát hiện"
        ),
        Section("tep-da-nhan", "Các tệp đã nhận", (coverage_matrix(night),), "Tệp"),
        Section("ty-le-cac-ky", "Tỷ lệ theo kỳ", (rates_grid(night),), "Tỷ lệ"),
        *optional_section("ton-dong", "Hồ sơ đang giải quyết", backlog_blocks(night), "Đang giải quyết"),
        *optional_section("xu-huong", "Xu hướng theo tháng", (trends,) if trends else (), "Xu hướng"),
        *optional_section("theo-linh-vuc", "Theo lĩnh vực", (fields,) if fields else (), "Lĩnh vực"),
        *optional_section("bao-cao", "Dự thảo báo cáo", draft_links(night, night.node.code), "Dự thảo"),
    ]
    home = () if night.page_name == INDEX else (Link("Trang đầu", HOME),)
    stamps = (silent, page_stamp(night.main, cells))
    return PageContext(
        name=night.page_name,
        kicker="Trang tổng hợp",
        title=named(sentence_case(night.node.full_name), Source.CATALOGUE),
        meta=page_meta(night, night.node.code),
        links=page_links(night, home),
        stamps=tuple(filter(None, stamps)),
        sections=tuple(sections),
        is_sortable=True,
    )


def build_home_page(nights: Sequence[NightInputs]) -> PageContext:
    """The first page of a workspace with several roll-ups, or with none: where each page lies."""
    first = nights[0]
    lines = tuple(
        (
            named(sentence_case(night.node.full_name), Source.CATALOGUE),
            (Link("Xem trang", f"{night.page_name}.html"),),
        )
        for night in nights
    )
    return PageContext(
        name=INDEX,
        kicker="Một cửa",
        title="Các trang của đêm",
        meta=page_meta(first, "")[:1],
        links=page_links(first),
        stamps=(),
        sections=(Section("cac-trang", "Các đơn vị", (Links(lines),)),),
    )
