"""The page: self-contained, complete, every number with its cell."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from lxml import html

from tests.support.sample_context import field_chart, published_context, sample_context, state_chart
from transforms.render.anchors import cell_stem, context_figures
from transforms.render.html import render_html
from transforms.render.svg import chart_svg
from transforms.report.blocks import Chart, Figure, Paragraph, ParagraphStyle, Run, Series


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    root = Path(__file__).parents[3] / "report_templates"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("page/*.j2")}


@pytest.fixture(scope="module")
def page(templates: dict[str, str]) -> html.HtmlElement:
    return html.fromstring(render_html(sample_context(), templates).decode())


def test_page_asks_for_nothing_outside_itself(templates: dict[str, str]) -> None:
    text = render_html(sample_context(), templates).decode()
    outside = re.findall(r"https?://[^\"' )]+|//[a-z][^\"' )]*\.[a-z]{2,}", text)
    assert set(outside) <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in text
    assert "@import" not in text
    tree = html.fromstring(text)
    assert not tree.xpath("//script | //link | //img | //iframe | //*[@src]")
    assert all(link.startswith("#") for link in tree.xpath("//@href"))


def test_page_every_figure_is_printed_with_its_cell(page: html.HtmlElement) -> None:
    printed = {(n.get("data-cell"), n.text_content()) for n in page.xpath("//*[@data-cell]")}
    missing = [f for f in context_figures(sample_context()) if (f.cell_id, f.text) not in printed]
    assert missing == []


def test_page_anchors_are_unique_and_named_like_the_bookmarks(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for number in page.xpath(
        "//*[@data-cell][not(ancestor::svg)]"
    ):  # a drawing's stand in the table below it
        assert re.fullmatch(cell_stem(number.get("data-cell")) + r"_\d+", number.get("id"))


def test_page_links_lead_to_something_on_the_page(page: html.HtmlElement) -> None:
    ids = set(page.xpath("//@id"))
    assert {link[1:] for link in page.xpath("//@href")} <= ids


def test_number_of_the_narrative_leads_to_its_table_cell(page: html.HtmlElement) -> None:
    link = page.xpath("//p[contains(., 'tiếp nhận')]/a[text()='1.363']")[0]
    target = page.get_element_by_id(link.get("href")[1:])
    assert target.get("data-cell") == link.get("data-cell")
    assert target.getparent().tag == "td"


def test_page_tells_facts_stamps_key_numbers_and_findings(page: html.HtmlElement) -> None:
    text = " ".join(page.text_content().split())
    context = sample_context()
    for expected in (
        *context.stamps,
        *(fact.text for fact in context.facts),
        *(number.label for number in context.key_numbers),
        *(sentence for _, sentence, _ in context.findings),
        "DỰ THẢO",
    ):
        assert expected in text


def test_long_list_of_findings_is_complete_and_folded_after_twenty(templates: dict[str, str]) -> None:
    findings = tuple(("Cảnh báo", f"Điều số {number}.", "") for number in range(1, 26))
    tree = html.fromstring(render_html(replace(sample_context(), findings=findings), templates).decode())
    items = tree.xpath("//section[@class='findings']//li/p/text()")
    assert items == [f"Điều số {number}." for number in range(1, 26)]
    assert len(tree.xpath("//section[@class='findings']/details//li")) == 5


def test_publication_page_has_no_draft_mark(templates: dict[str, str]) -> None:
    text = render_html(published_context(), templates).decode()
    assert "DỰ THẢO" not in text
    assert "Số: 45/BC-UBND" in text


def test_page_tables_have_captions_and_scoped_headers(page: html.HtmlElement) -> None:
    tables = page.xpath("//table")
    assert len(tables) == 4  # two of the report, two behind charts
    for table in tables:
        assert table.xpath("./caption")
        assert table.xpath(".//thead//th[@scope='col' or @scope='colgroup']")
        assert not table.xpath(".//th[not(@scope)]")
        assert "scroll" in table.getparent().get("class")


def test_page_missing_number_is_a_mark(page: html.HtmlElement) -> None:
    row = page.xpath("//tr[th='Phí khác']")[0]
    assert [cell.text_content() for cell in row.xpath("td")] == ["…", "…"]


def test_page_has_a_language_a_viewport_and_one_main_heading(page: html.HtmlElement) -> None:
    assert page.get("lang") == "vi"
    assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"]
    assert len(page.xpath("//h1")) == 1


def test_page_texts_are_escaped(templates: dict[str, str]) -> None:
    evil = "<script>alert(1)</script>"
    block = Paragraph(ParagraphStyle.BODY, (Run(evil, bold=True), Figure(1, evil, '"><b>')))
    chart = replace(
        field_chart(), title=evil, alt_text=evil, categories=(evil,), series=(Series(evil, (None,)),)
    )
    context = replace(
        sample_context(), blocks=(block,), charts=(chart,), stamps=(evil,), title=evil, annexes=()
    )
    tree = html.fromstring(render_html(context, templates).decode())
    assert not tree.xpath("//script | //b")
    assert evil in tree.text_content()


def test_render_html_twice_gives_equal_bytes(templates: dict[str, str]) -> None:
    assert render_html(sample_context(), templates) == render_html(sample_context(), templates)


def test_template_that_names_what_there_is_not_fails(templates: dict[str, str]) -> None:
    with pytest.raises(UndefinedError):
        render_html(sample_context(), templates | {"page/report.html.j2": "{{ report.no_such_thing }}"})


@pytest.mark.parametrize("chart", [field_chart(), state_chart()])
def test_chart_has_words_and_every_number_as_text(chart: Chart) -> None:
    drawn = html.fromstring(chart_svg(chart))
    assert drawn.get("role") == "img"
    assert [e.text for e in drawn.xpath("./title | ./desc")] == [chart.title, chart.alt_text]
    texts = [element.text for element in drawn.xpath(".//text")]
    for category in chart.categories:
        assert category in texts
    for series in chart.series:
        for value in series.values:
            assert value is None or not value.value or value.text in texts


def test_chart_missing_number_is_said_and_zero_is_zero() -> None:
    drawn = html.fromstring(chart_svg(field_chart()))
    texts = [element.text for element in drawn.xpath(".//text")]
    assert texts[texts.index("Tôn giáo") + 1] == "không có số liệu"
    assert texts[texts.index("Phổ biến, giáo dục pháp luật") + 1] == "0"


def test_chart_of_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="pie"):
        chart_svg(replace(field_chart(), kind="pie"))
