"""The Word document against the numbers of NĐ 30/2020/NĐ-CP, Annex I."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from lxml import etree
from openxml_audit import OpenXmlValidator

from report_templates.make_base import STYLES, base_docx
from tests.support.sample_context import form_06a, published_context, sample_context
from transforms.render.anchors import context_figures
from transforms.render.docx import render_docx
from transforms.report.blocks import Annex, Figure, Paragraph, ParagraphStyle, ReportContext, Run

BASE = Path("report_templates/base.docx")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def base() -> bytes:
    return (Path(__file__).parents[3] / BASE).read_bytes()


@pytest.fixture(scope="module")
def draft(base: bytes) -> bytes:
    return render_docx(sample_context(), base)


def part(content: bytes, name: str) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


def body_of(content: bytes) -> etree._Element:
    return part(content, "word/document.xml")


def text_of(element: etree._Element) -> str:
    return "".join(element.itertext(f"{W}t"))


def style_of(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val")


def paragraphs_of_style(content: bytes, style: str) -> list[str]:
    return [text_of(p) for p in body_of(content).iter(f"{W}p") if style_of(p) == style]


def test_base_docx_committed_file_is_what_its_script_writes(base: bytes) -> None:
    assert base == base_docx()


def test_base_docx_holds_no_wording(base: bytes) -> None:
    assert text_of(body_of(base)) == ""


# style, smallest and largest size in points, bold, italic, alignment: NĐ 30/2020/NĐ-CP, Annex I
DECREE = [
    ("StateName", 12, 13, True, False, "center"),
    ("Motto", 13, 14, True, False, "center"),
    ("ParentBody", 12, 13, False, False, "center"),
    ("IssuingBody", 12, 13, True, False, "center"),
    ("DocumentNumber", 13, 13, False, False, "center"),
    ("PlaceAndDate", 13, 14, False, True, "center"),
    ("Title", 13, 14, True, False, "center"),
    ("Subtitle", 13, 14, True, False, "center"),
    ("BodyText", 13, 14, False, False, "both"),
    ("List", 13, 14, False, False, "both"),
    ("List2", 13, 14, False, False, "both"),
    ("Heading1", 13, 14, True, False, "both"),
    ("Heading2", 13, 14, True, False, "both"),
    ("Heading3", 13, 14, True, True, "both"),
    ("SignerRole", 13, 14, True, False, "center"),
    ("SignerName", 13, 14, True, False, "center"),
    ("RecipientsHead", 12, 12, True, True, "left"),
    ("Recipients", 11, 11, False, False, "left"),
    ("Header", 13, 14, False, False, "center"),
    ("AnnexNumber", 13, 14, True, False, "center"),
]


@pytest.mark.parametrize(("style_id", "smallest", "largest", "bold", "italic", "align"), DECREE)
def test_style_size_and_weight_are_those_of_the_decree(
    base: bytes, style_id: str, smallest: float, largest: float, bold: bool, italic: bool, align: str
) -> None:
    style = part(base, "word/styles.xml").find(f"{W}style[@{W}styleId='{style_id}']")
    assert style is not None
    size = int(style.find(f"{W}rPr/{W}sz").get(f"{W}val")) / 2
    assert smallest <= size <= largest
    assert (style.find(f"{W}rPr/{W}b") is not None) == bold
    assert (style.find(f"{W}rPr/{W}i") is not None) == italic
    assert style.find(f"{W}pPr/{W}jc").get(f"{W}val") == align
    assert style.find(f"{W}rPr/{W}color").get(f"{W}val") == "000000"


def test_base_font_and_language_are_times_new_roman_and_vietnamese(base: bytes) -> None:
    default = part(base, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    fonts = default.find(f"{W}rFonts")
    assert {fonts.get(f"{W}{name}") for name in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert default.find(f"{W}lang").get(f"{W}val") == "vi-VN"


def test_body_paragraph_indent_and_spacing_follow_the_decree(base: bytes) -> None:
    style = part(base, "word/styles.xml").find(f"{W}style[@{W}styleId='BodyText']/{W}pPr")
    spacing = style.find(f"{W}spacing")
    assert int(style.find(f"{W}ind").get(f"{W}firstLine")) == 720  # 1,27 cm
    assert int(spacing.get(f"{W}before")) + int(spacing.get(f"{W}after")) >= 120  # at least 6 pt between
    assert 240 <= int(spacing.get(f"{W}line")) <= 360  # single to 1.5 lines


def test_no_style_is_defined_twice() -> None:
    assert len({style.style_id for style in STYLES}) == len(STYLES)
    assert len({style.name for style in STYLES}) == len(STYLES)


def test_every_style_used_is_defined_in_the_base(draft: bytes, base: bytes) -> None:
    defined = {s.get(f"{W}styleId") for s in part(base, "word/styles.xml").iter(f"{W}style")}
    used = {style_of(p) for p in body_of(draft).iter(f"{W}p")} - {""}
    assert used <= defined


def test_sections_are_portrait_text_then_landscape_annex_with_the_margins_of_the_decree(draft: bytes) -> None:
    text, annex = Document(io.BytesIO(draft)).sections
    assert (round(text.page_width.mm), round(text.page_height.mm)) == (210, 297)
    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)
    for section in (text, annex):
        assert 20 <= section.top_margin.mm <= 25.1
        assert 20 <= section.bottom_margin.mm <= 25.1
        assert 30 <= round(section.left_margin.mm, 2) <= 35
        assert 15 <= round(section.right_margin.mm, 2) <= 20
    assert text.different_first_page_header_footer
    assert not annex.different_first_page_header_footer


def test_page_number_is_a_field_in_the_middle_and_hidden_on_the_first_page(draft: bytes) -> None:
    text, annex = Document(io.BytesIO(draft)).sections
    assert "PAGE" in text.header._element.xml
    assert "PAGE" in annex.header._element.xml
    assert "PAGE" not in text.first_page_header._element.xml


def test_draft_mark_stands_on_the_first_page_and_in_every_later_header(draft: bytes) -> None:
    assert paragraphs_of_style(draft, "DraftMark") == ["DỰ THẢO"]
    headers = [section.header.paragraphs[0].text for section in Document(io.BytesIO(draft)).sections]
    assert all("DỰ THẢO" in header for header in headers)


def test_publication_has_number_and_no_draft_mark(base: bytes) -> None:
    content = render_docx(published_context(), base)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not any(
        "DỰ THẢO" in text_of(part(content, n)) for n in names if n.startswith("word/") and n.endswith("xml")
    )
    assert paragraphs_of_style(content, "DocumentNumber") == ["Số: 45/BC-UBND"]


def test_header_block_of_a_commune_has_two_lines_and_no_parent_body(draft: bytes) -> None:
    assert paragraphs_of_style(draft, "IssuingBody") == ["ỦY BAN NHÂN DÂN", "XÃ BÌNH LƯƠNG"]
    assert paragraphs_of_style(draft, "ParentBody") == []
    assert paragraphs_of_style(draft, "StateName") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert paragraphs_of_style(draft, "Motto") == ["Độc lập - Tự do - Hạnh phúc"]
    assert paragraphs_of_style(draft, "PlaceAndDate") == ["Bình Lương, ngày 05 tháng 9 năm 2021"]


def test_headings_are_word_headings_with_their_numbers(draft: bytes) -> None:
    assert paragraphs_of_style(draft, "Heading1")[0] == "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"
    assert paragraphs_of_style(draft, "Heading2")[0] == "1. Về kế hoạch cải cách hành chính"
    assert paragraphs_of_style(draft, "Heading3") == ["a) Văn bản quy phạm pháp luật"]


def test_list_items_carry_their_signs(draft: bytes) -> None:
    assert "- Quyết định: 362 văn bản;" in paragraphs_of_style(draft, "List")
    assert "+ Báo cáo định kỳ: 60 văn bản;" in paragraphs_of_style(draft, "List2")


def test_stamps_are_printed_in_one_box_after_the_title(draft: bytes) -> None:
    stamps = paragraphs_of_style(draft, "Stamp")
    assert stamps[0] == "Lưu ý về số liệu của báo cáo này:"
    assert stamps[1].startswith("- 505 hồ sơ")
    styles = [style_of(p) for p in body_of(draft).iter(f"{W}p")]
    assert styles.index("Subtitle") < styles.index("Stamp") < styles.index("BodyText")


def test_recipients_and_signer_follow_the_text_and_stay_with_it(draft: bytes) -> None:
    assert paragraphs_of_style(draft, "Recipients") == [
        "- UBND huyện Như Xuân (b/c);", "- Phòng Nội vụ huyện;", "- Thường trực Đảng ủy, HĐND xã;", "- Lưu: VT.",
    ]  # fmt: skip
    assert paragraphs_of_style(draft, "SignerRole") == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    closing = [p for p in body_of(draft).iter(f"{W}p") if text_of(p).endswith("./.")]
    assert len(closing) == 1
    assert closing[0].find(f"{W}pPr/{W}keepNext") is not None


def annex_table(content: bytes) -> etree._Element:
    return list(body_of(content).iter(f"{W}tbl"))[-1]


def test_form_header_rows_repeat_and_no_row_splits(draft: bytes) -> None:
    rows = list(annex_table(draft).iter(f"{W}tr"))
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
    assert repeated == [True] * 3 + [False] * 10
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_form_groups_are_merged_and_the_columns_without_group_reach_down(draft: bytes) -> None:
    upper, lower, numbers = list(annex_table(draft).iter(f"{W}tr"))[:3]
    spans = [int(span.get(f"{W}val")) for span in upper.iter(f"{W}gridSpan")]
    assert spans == [4, 4, 3]
    assert len(list(upper.iter(f"{W}vMerge"))) == len(list(lower.iter(f"{W}vMerge"))) == 2
    assert [text_of(cell) for cell in numbers.iter(f"{W}tc")] == [f"({n})" for n in range(1, 14)]


def test_form_every_row_covers_every_column_of_the_grid(draft: bytes) -> None:
    for table in body_of(draft).iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.iter(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            assert sum(1 if span is None else int(span.get(f"{W}val")) for span in spans) == columns


def test_form_is_as_wide_as_the_text_of_its_page(draft: bytes) -> None:
    widths = [int(c.get(f"{W}w")) for c in annex_table(draft).findall(f"{W}tblGrid/{W}gridCol")]
    assert sum(widths) == pytest.approx(252 * 1440 / 25.4, abs=15)


def test_missing_number_is_printed_as_missing_and_explained(draft: bytes) -> None:
    fees = next(t for t in body_of(draft).iter(f"{W}tbl") if "Phí khác" in text_of(t))
    rows = [[text_of(cell) for cell in row.iter(f"{W}tc")] for row in fees.iter(f"{W}tr")]
    assert ["Phí khác", "…", "…"] in rows
    assert "Dấu “…”: không có số liệu." in paragraphs_of_style(draft, "TableNote")


def test_bookmarks_are_unique_short_and_named_after_the_cell(draft: bytes) -> None:
    starts = list(body_of(draft).iter(f"{W}bookmarkStart"))
    names = [start.get(f"{W}name") for start in starts]
    assert len(names) == len(set(names))
    printed = replace(sample_context(), key_numbers=(), charts=())
    assert len(names) == len(list(context_figures(printed)))
    assert all(len(name) <= 40 and re.fullmatch(r"mc_[0-9a-f]{16}_\d+", name) for name in names)
    ids = [start.get(f"{W}id") for start in starts]
    assert sorted(ids) == sorted(end.get(f"{W}id") for end in body_of(draft).iter(f"{W}bookmarkEnd"))
    assert len(ids) == len(set(ids))


def test_render_docx_twice_gives_equal_bytes(draft: bytes, base: bytes) -> None:
    assert render_docx(sample_context(), base) == draft


def test_package_has_no_clock(draft: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(draft))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


@pytest.mark.parametrize("make", [sample_context, published_context])
def test_openxml_audit_finds_no_error(make: object, base: bytes, tmp_path: Path) -> None:
    target = tmp_path / "report.docx"
    target.write_bytes(render_docx(make(), base))  # type: ignore[operator]
    result = OpenXmlValidator().validate(target)
    assert [str(error) for error in result.errors] == []


def test_text_with_markup_and_control_characters_is_printed_as_text(base: bytes) -> None:
    odd = Paragraph(ParagraphStyle.BODY, (Run("A < B & C\x02\n]]> “x”"), Figure(1, "<1>", "a/b")))
    content = render_docx(replace(sample_context(), blocks=(odd,)), base)
    assert "A < B & C\ufffd]]> “x”<1>" in paragraphs_of_style(content, "BodyText")


def test_report_with_nothing_in_it_is_still_a_document(base: bytes, tmp_path: Path) -> None:
    empty: ReportContext = replace(sample_context(), blocks=(), annexes=(), stamps=(), charts=())
    target = tmp_path / "empty.docx"
    target.write_bytes(render_docx(empty, base))
    assert OpenXmlValidator().validate(target).is_valid
    assert paragraphs_of_style(target.read_bytes(), "Subtitle") == [
        "Công tác cải cách hành chính 9 tháng năm 2021"
    ]


def test_two_annexes_have_a_landscape_section_each(base: bytes, tmp_path: Path) -> None:
    second = Annex("II", "BẢNG DÀI", (form_06a(40),))
    context = replace(sample_context(), annexes=(*sample_context().annexes, second))
    target = tmp_path / "two.docx"
    target.write_bytes(render_docx(context, base))
    assert OpenXmlValidator().validate(target).is_valid
    assert len(Document(target).sections) == 3
    assert paragraphs_of_style(target.read_bytes(), "AnnexNumber") == ["Phụ lục I", "Phụ lục II"]
