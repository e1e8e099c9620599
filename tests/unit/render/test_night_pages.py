"""A page of a night as a file: complete in itself, the same bytes again, readable by whoever reads it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from lxml import html

from pipelines.package_files import page_templates
from tests.unit.report.page_case import finding, large_night, night
from tests.unit.report.report_case import BINH_LUONG, THANH_XUAN
from transforms.render.pages_html import render_page
from transforms.render.svg_trend import trend_svg
from transforms.report.blocks import Figure
from transforms.report.pages.model import PageContext, Trend, TrendPoint
from transforms.report.pages.rollup_page import build_rollup_page
from transforms.report.pages.unit_page import build_unit_page

PAGES = {
    "district": build_rollup_page(night()),
    "unit": build_unit_page(night(), BINH_LUONG),
    "missing": build_unit_page(night(), THANH_XUAN),
}


def rendered(page: PageContext) -> str:
    return render_page(page, page_templates()).decode()


def parsed(page: PageContext) -> html.HtmlElement:
    return html.document_fromstring(rendered(page))


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_same_bytes_again(name: str) -> None:
    assert rendered(PAGES[name]) == rendered(replace(PAGES[name]))


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_for_nothing_from_outside(name: str) -> None:
    page = parsed(PAGES[name])
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not page.xpath("//@src | //link | //iframe | //object")
    assert not re.search(r"url\(|@import", rendered(PAGES[name]))
    assert all(re.match(r"#|\.\./(drafts|runs)/|[0-9a-z]+\.html$", href) for href in page.xpath("//a/@href"))


def test_only_script_of_a_page_is_named_by_its_hash() -> None:
    page = parsed(PAGES["district"])
    (script,) = page.xpath("//script/text()")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert (
        f"script-src 'sha256-{digest}'"
        in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    )
    assert not re.search(r"fetch|XMLHttp|innerHTML|eval|https?:", script)


def test_page_without_anything_to_sort_has_no_script() -> None:
    assert "<script" not in rendered(PAGES["missing"])
    assert "script-src" not in rendered(PAGES["missing"])


@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_walked_by_a_screen_reader(name: str) -> None:
    page = parsed(PAGES[name])
    assert page.get("lang") == "vi"
    assert page.xpath("//body/*[1][@class='skip']/@href") == ["#noi-dung"]
    assert len(page.xpath("//main[@id='noi-dung']")) == len(page.xpath("//h1")) == 1
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for label in page.xpath("//section/@aria-labelledby"):
        assert page.xpath(f"//h2[@id='{label}']")
    for table in page.xpath("//table"):
        assert table.xpath("./caption")
        assert table.xpath("./thead//th[@scope='col']")
        assert all(row.xpath("./th[@scope]") for row in table.xpath("./tbody/tr"))
    for drawing in page.xpath("//*[local-name()='svg']"):
        assert drawing.get("role") == "img"
        assert all(page.xpath(f"//*[@id='{name}']") for name in drawing.get("aria-labelledby").split())
        assert drawing.xpath("./ancestor::figure//details//table")


def test_every_number_of_a_table_cell_carries_its_cell() -> None:
    page = parsed(PAGES["district"])
    (row,) = page.xpath("//table[@id='bang-don-vi']//tr[th/a[@href='16204.html']]")
    cells = {found.get("data-cell"): found.text for found in row.xpath(".//*[@data-cell]")}
    tail = "16204/*/2021-9T/nd09/2021-09-05/tt01"
    assert cells[f"received_in_window/{tail}"] == "1.363"
    assert cells[f"rate/on_time_rate/{tail}"] == "99,9%"
    assert cells[f"early+on_time/{tail}"] == "1.359"


def test_words_of_the_store_are_no_markup() -> None:
    page = parsed(PAGES["unit"])
    assert not page.xpath("//table[@id='bang-den-han']//b")
    assert "Đăng ký <b>khai sinh</b>" in page.xpath("string(//table[@id='bang-den-han'])")
    hostile = night(findings=(finding("x", "16204", sentence="<script>alert(1)</script>"),))
    assert "<script>alert" not in rendered(build_unit_page(hostile, BINH_LUONG))


def test_marks_say_in_words_what_their_colour_says() -> None:
    tags = parsed(PAGES["district"]).xpath("//td/span[contains(@class, 'tag')]")
    assert tags
    assert all(re.search(r"\w{3}", "".join(tag.itertext())) for tag in tags)


def test_pages_of_sixty_units_stay_small() -> None:
    large = large_night()
    sizes = [len(render_page(build_rollup_page(large), page_templates()))]
    sizes += [len(render_page(build_unit_page(large, unit), page_templates())) for unit in large.units[:3]]
    assert max(sizes) < 1_000_000
    assert len(parsed(build_rollup_page(large)).xpath("//table[@id='bang-don-vi']/tbody/tr")) == 61


def point(at: int, value: float | None, is_partial: bool = False) -> TrendPoint:
    figure = None if value is None else Figure(value, f"{value}", f"cell/{at}")
    return TrendPoint(at, f"{at}/2021", f"{at}", figure, is_partial=is_partial)


@pytest.mark.parametrize("kind", ["columns", "line", "steps"])
@pytest.mark.parametrize("values", [(), (None,), (0,), (5,), (3, None, 9), (0.97, 0.97)])
def test_drawing_of_any_values_has_no_impossible_number(kind: str, values: tuple[float | None, ...]) -> None:
    points = tuple(point(at, value) for at, value in enumerate(values))
    drawn = trend_svg(Trend("t", "Tiêu đề <1>", kind, points, "Mô tả", "Số"))
    assert "nan" not in drawn
    assert "inf" not in drawn
    assert "Tiêu đề &lt;1&gt;" in drawn
    assert not re.search(r'(height|width)="-', drawn)


def test_month_that_is_not_over_is_drawn_unlike_a_whole_one() -> None:
    drawn = trend_svg(Trend("t", "T", "columns", (point(1, 5), point(2, 5, is_partial=True)), "M", "Số"))
    assert drawn.count("stroke-dasharray") == 1


def test_unknown_kind_of_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="pie"):
        trend_svg(Trend("t", "T", "pie", (), "M", "Số"))
