"""The page of an audited report: text in order, marks in place, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import html

from pipelines.package_files import page_templates
from transforms.audit import Audit, ReportText, Span, audit_text, split_text
from transforms.render.audit_html import build_page, cut_pieces, render_audit_html
from transforms.render.audit_marks import Group, gather_marks

TEXT = """BÁO CÁO

Tiếp nhận 20 hồ sơ <trong kỳ>, gồm:
- Hộ tịch: 10 hồ sơ;
- Đất đai: 15 hồ sơ.

Tổng số cán bộ, công chức: 22 người, trong đó cán bộ: 19 người; công chức: 3 người.

| Lĩnh vực | Số lượng |
| Hộ tịch | 10 |
| Đất đai | 15 |
| Tổng số | 26 |
"""


def page_of(report: ReportText, audit: Audit) -> html.HtmlElement:
    content = render_audit_html("bao-cao.docx", "Xét văn bản.", report, audit, page_templates(), (3,))
    return html.document_fromstring(content.decode())


def test_text_stands_whole_and_in_order_with_its_marks_taken_out() -> None:
    report = split_text(TEXT)
    page = page_of(report, audit_text(report))
    (article,) = page.xpath("//article")
    for extra in article.xpath(".//*[@class='tick' or contains(@class,'ref ')]"):
        extra.drop_tree()
    shown = re.sub(r"\s+", "", article.text_content())
    said = "".join(re.sub(r"[\s|]+", "", block.text) for block in report.blocks)
    assert shown.replace("trang1", "") == said


def test_every_mark_has_a_sign_a_number_words_and_links_both_ways() -> None:
    report = split_text(TEXT)
    audit = audit_text(report)
    marks = gather_marks(report, audit)
    assert {mark.group for mark in marks} == {Group.WRONG}
    page = page_of(report, audit)
    ids = {element.get("id") for element in page.xpath("//*[@id]")}
    for mark in marks:
        (note,) = page.xpath(f"//li[@id='nhan-xet-{mark.number}']")
        assert mark.said[0].sentence in note.text_content()
        assert mark.place in note.text_content()
        assert f"{mark.said[0].sign}{mark.number}" in note.text_content()
        (reference,) = page.xpath(f"//article//a[@href='#nhan-xet-{mark.number}']")
        assert reference.get("aria-label") == f"{mark.said[0].label}, xem nhận xét {mark.number}"
        (place,) = page.xpath(f"//article//*[@id='cho-{mark.number}']")
        assert place.text_content() == report.blocks[mark.span.block].text[mark.span.start : mark.span.end]
    assert {link.get("href")[1:] for link in page.xpath("//a[starts-with(@href,'#')]")} <= ids
    assert page.xpath("//span[@class='fine']/@title")


def test_page_asks_for_nothing_and_says_what_was_not_read() -> None:
    report = split_text(TEXT)
    content = render_audit_html("a.docx", "x", report, audit_text(report), page_templates(), (3,)).decode()
    assert not re.findall(r"(?:src|href)=\"(?!#)|url\(|@import|<script", content)
    assert "default-src 'none'" in content
    assert "&lt;trong kỳ&gt;" in content
    assert "Trang 3 chỉ có ảnh" in content
    assert content.encode() == render_audit_html(
        "a.docx", "x", report, audit_text(report), page_templates(), (3,)
    )


def test_report_without_faults_says_so() -> None:
    report = split_text("Trong kỳ có 5 hồ sơ.")
    page = page_of(report, audit_text(report))
    assert "Không thấy chỗ nào tự mâu thuẫn" in page.xpath("//aside")[0].text_content()


def test_marks_in_each_other_take_the_graver_colour_where_they_overlap() -> None:
    report = split_text(TEXT)
    (first, *_) = gather_marks(report, audit_text(report))
    wide = replace(first, number=1, span=Span(0, 0, 8), said=(replace(first.said[0], group=Group.REMARK),))
    inner = replace(first, number=2, span=Span(0, 4, 6))
    pieces = list(cut_pieces("Tiếp nhận 20", 0, [wide, inner], []))
    assert [(p.text, p.group) for p in pieces] == [
        ("Tiếp", Group.REMARK),
        (" n", Group.WRONG),
        ("hậ", Group.REMARK),
        ("n 20", None),
    ]
    assert [[m.number for m in p.ends] for p in pieces] == [[], [2], [1], []]


def test_rows_of_a_table_fill_their_columns() -> None:
    report = split_text(TEXT)
    *_, table = build_page(report.blocks, (), ())
    assert [[(c.width, c.is_number) for c in row] for row in table.rows][-1] == [(1, False), (1, True)]
