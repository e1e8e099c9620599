"""The page of one unit: what it is to know about itself, and nothing that is meant for the level above."""

from __future__ import annotations

from transforms.catalogue.model import Unit
from transforms.indicators.rollup import code_of
from transforms.report.names import sentence_case
from transforms.report.pages.backlog import backlog_blocks
from transforms.report.pages.changes import changes_blocks
from transforms.report.pages.delivered import unit_lists
from transforms.report.pages.found import UNIT, findings_of, found_blocks
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import Link, Links, PageBlock, PageContext, Section
from transforms.report.pages.rates import fields_grid, main_cards, rates_grid
from transforms.report.pages.todo import due_blocks, fix_blocks
from transforms.report.pages.trends import month_trends
from transforms.report.pages.wording import day_words, period_words
from transforms.report.words import Source, Words, named

HOME = "index.html"


def build_unit_page(night: NightInputs, unit: Unit) -> PageContext:
    """The page of one of the night's units; a unit that sent nothing gets what there is to say without figures."""
    is_alone = night.node.code == unit.code
    scope = "" if is_alone else unit.code
    stored = code_of(unit.code)
    findings = findings_of(night, (stored,), UNIT)
    curve = next((each for each in night.curves if each.unit_code == stored and each.audience == UNIT), None)
    todo = night.todo.get(unit.code)
    fields = fields_grid(night, scope)
    trends = month_trends(night, scope)
    sections = [
        Section("so-lieu-chinh", "Số liệu chính", (main_cards(night, scope),)),
        Section("thay-doi", "Thay đổi so với đêm trước", changes_blocks(night, findings, scope), "Thay đổi"),
        Section("phat-hien", "Phát hiện cần xử lý", found_blocks(night, findings, curve, {}), "Phát hiện"),
    ]
    if todo is not None:
        sections.append(Section("sap-den-han", "Sắp đến hạn", due_blocks(todo)))
        sections.append(Section("nen-sua-truoc", "Nên sửa trước", fix_blocks(night, todo)))
    sections += [
        Section("tep-da-gui", "Các tệp đã gửi", (unit_lists(night, stored),), "Tệp"),
        Section("ty-le-cac-ky", "Tỷ lệ theo kỳ", (rates_grid(night, scope),), "Tỷ lệ"),
        *optional_section(
            "ton-dong", "Hồ sơ đang giải quyết", backlog_blocks(night, scope), "Đang giải quyết"
        ),
        *optional_section("xu-huong", "Xu hướng theo tháng", (trends,) if trends else (), "Xu hướng"),
        *optional_section("theo-linh-vuc", "Theo lĩnh vực", (fields,) if fields else (), "Lĩnh vực"),
        *optional_section("bao-cao", "Dự thảo báo cáo", draft_links(night, unit.code), "Dự thảo"),
    ]
    return PageContext(
        name=stored,
        kicker="Trang của đơn vị",
        title=named(sentence_case(unit.full_name), Source.CATALOGUE),
        meta=page_meta(night, unit.code),
        links=page_links(
            night, () if is_alone else (Link(f"Trang của {night.node.full_name}", f"{night.page_name}.html"),)
        ),
        stamps=_stamps(night, unit),
        sections=tuple(sections),
        is_sortable=bool(fields and fields.is_sortable),
    )


def page_meta(night: NightInputs, key: str) -> tuple[str, ...]:
    """The working day, the period that the main numbers are about, and up to which day the lists tell."""
    meta = [Words("Ngày làm việc ", *day_words(night.as_of).parts), period_words(night.main)]
    day = night.main.data_date if key == night.node.code else night.main.data_days.get((key, "dossier"))
    if day is not None:
        meta.append(Words("Số liệu đến ngày ", *day_words(day).parts))
    return tuple(meta)


def page_links(night: NightInputs, first: tuple[Link, ...] = ()) -> tuple[Link, ...]:
    """Where else to go from a page."""
    return (*first, Link("Lượt chạy mới nhất", night.run_page)) if night.run_page else first


def draft_links(night: NightInputs, code: str) -> tuple[PageBlock, ...]:
    """The drafts of a unit, by period; nothing where it gets none."""
    if code_of(code) not in night.drafted:
        return ()
    lines = []
    for report in night.reports:
        period = report.table.reckoning.period.period_id
        files = (
            Link(label, f"../drafts/{code_of(code)}/{period}/{name}") for label, name in night.draft_files
        )
        lines.append((named(sentence_case(report.period_name), Source.PERIOD), tuple(files)))
    return (Links(tuple(lines)),)


def _stamps(night: NightInputs, unit: Unit) -> tuple[str, ...]:
    if unit in night.main.missing_units:
        return (
            "Chưa nhận được tệp nào đọc được của đơn vị, nên chưa có số liệu. Không có số liệu không có nghĩa là bằng 0.",
        )
    day = night.main.data_days.get((unit.code, "dossier"))
    closing = night.main.table.reckoning.closing_day
    if day is not None and day < closing:
        return (
            Words(
                "Danh sách hồ sơ mới nhất kết xuất ngày ", *day_words(day).parts, "; những gì diễn ra sau ngày đó chưa có trong số liệu.",
            ),
        )  # fmt: skip
    return ()


def optional_section(
    section_id: str, title: str, blocks: tuple[PageBlock, ...], short_title: str
) -> tuple[Section, ...]:
    """The section, or nothing where there is nothing to show: no heading stands over an empty place."""
    return (Section(section_id, title, blocks, short_title),) if blocks else ()
