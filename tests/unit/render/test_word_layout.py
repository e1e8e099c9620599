"""The Word document against one table of the decree's numbers: NĐ 30/2020/NĐ-CP, Annex I, Part I.

Every line names an item, where its measure stands in the files of the document, and what the decree allows. A
measure is asked of every document in the list: a commune's draft, a roll-up that lacks units, a publication, one
that restates another, and one with charts and many annexes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from pipelines import package_files
from pipelines.catalogue_files import packaged_files
from tests.support.sample_context import published_context, sample_context
from transforms.catalogue.load import load_catalogue
from transforms.render.docx import render_docx
from transforms.render.docx_frame import MOTTO, STATE_NAME, bold_width
from transforms.report.blocks import Annex, Chart, ReportContext, Table
from transforms.report.build import build_report
from transforms.report.template_cases import build_cases

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
W = f"{{{NS['w']}}}"
RELATION = f"{{{NS['r']}}}id"
TWIPS_PER_MM = 1440 / 25.4
INDENTS_MM = (10, 12.7)
"""First line of a paragraph: 1 cm or 1,27 cm."""


@dataclass(frozen=True)
class Word:
    """A document, its parts parsed."""

    content: bytes
    context: ReportContext

    @property
    def parts(self) -> Mapping[str, bytes]:
        archive = zipfile.ZipFile(io.BytesIO(self.content))
        return {name: archive.read(name) for name in archive.namelist()}

    @property
    def body(self) -> etree._Element:
        return etree.fromstring(self.parts["word/document.xml"])

    @property
    def styles(self) -> etree._Element:
        return etree.fromstring(self.parts["word/styles.xml"])

    @property
    def sections(self) -> list[etree._Element]:
        return self.body.findall(".//w:sectPr", NS)

    def style(self, name: str, path: str, attribute: str = "val") -> str | None:
        found = self.styles.find(f"w:style[@w:styleId='{name}']/{path}", NS)
        return None if found is None else found.get(f"{W}{attribute}")

    def paragraphs(self, style: str) -> list[etree._Element]:
        return self.body.xpath(f".//w:p[w:pPr/w:pStyle/@w:val='{style}']", namespaces=NS)

    def headers(self, section: etree._Element) -> dict[str, etree._Element]:
        """Kind of header (default, first) → its content."""
        relations = etree.fromstring(self.parts["word/_rels/document.xml.rels"])
        targets = {each.get("Id"): each.get("Target") for each in relations}
        return {
            each.get(f"{W}type"): etree.fromstring(self.parts[f"word/{targets[each.get(RELATION)]}"])
            for each in section.findall("w:headerReference", NS)
        }


def text_of(element: etree._Element) -> str:
    return "".join(element.itertext(f"{W}t"))


@cache
def documents() -> Mapping[str, Word]:
    """Name → document of every kind."""
    base, templates = package_files.word_base(), package_files.narrative_templates()
    catalogue = load_catalogue(packaged_files(), {})
    cases = {case.case_id: build_report(case.inputs) for case in build_cases(catalogue, templates)}
    sample = sample_context()
    tables = tuple(block for annex in sample.annexes for block in annex.blocks if isinstance(block, Table))
    contexts = {
        "commune": cases["thang-thuong"],
        "nothing sent": cases["chua-gui"],
        "roll-up": cases["huyen-thieu-don-vi"],
        "restated": cases["cong-bo-lai"],
        "draft": sample,
        "publication": published_context(),
        "charts": replace(sample, blocks=(*sample.charts, *sample.blocks, *sample.charts)),
        "ends with a table": replace(sample, blocks=(*sample.blocks, *tables[-1:], *tables[-1:])),
        "no annex": replace(sample, annexes=()),
        "many annexes": replace(
            sample, annexes=tuple(Annex(f"{number}", "TÊN", (*tables, *tables)) for number in "123")
        ),
    }
    return {name: Word(render_docx(context, base), context) for name, context in contexts.items()}


NAMES = (
    "commune", "nothing sent", "roll-up", "restated", "draft", "publication", "charts", "ends with a table", "no annex",
    "many annexes",
)  # fmt: skip


def test_list_of_documents_is_whole() -> None:
    assert tuple(documents()) == NAMES


# The decree's numbers

Measure = Callable[[Word], list[float]]


def page(side: str, attribute: str) -> Measure:
    """Millimetres of the page or of its margins, of every section."""
    return lambda word: [
        int(section.find(f"w:{side}", NS).get(f"{W}{attribute}")) / TWIPS_PER_MM for section in word.sections
    ]


def short_side(word: Word) -> list[float]:
    return [min(pair) for pair in zip(page("pgSz", "w")(word), page("pgSz", "h")(word), strict=True)]


def long_side(word: Word) -> list[float]:
    return [max(pair) for pair in zip(page("pgSz", "w")(word), page("pgSz", "h")(word), strict=True)]


def size(style: str) -> Measure:
    """Points of a style."""
    return lambda word: [int(word.style(style, "w:rPr/w:sz") or 0) / 2]


def between_paragraphs(word: Word) -> list[float]:
    """Points between two paragraphs of the text: space after the one and before the other."""
    spacing = [word.style("BodyText", "w:pPr/w:spacing", side) for side in ("before", "after")]
    return [sum(int(each or 0) for each in spacing) / 20]


def line_spacing(style: str) -> Measure:
    return lambda word: [int(word.style(style, "w:pPr/w:spacing", "line") or 0) / 240]


def first_line(style: str) -> Measure:
    return lambda word: [int(word.style(style, "w:pPr/w:ind", "firstLine") or 0) / TWIPS_PER_MM]


def rule_below(style: str, text: Callable[[Word], str], points: float) -> Measure:
    """Length of the rule below a line, as a part of the line's own length."""

    def measure(word: Word) -> list[float]:
        last = word.paragraphs(style)[-1]
        rule = last.getnext()
        assert rule.find("w:pPr/w:pBdr/w:top", NS) is not None, f"no rule below {style}"
        indent = rule.find("w:pPr/w:ind", NS)
        cell = last.getparent().find("w:tcPr/w:tcW", NS)
        room = int(cell.get(f"{W}w")) if cell is not None else 165 * TWIPS_PER_MM
        length = room - int(indent.get(f"{W}left")) - int(indent.get(f"{W}right"))
        return [length / TWIPS_PER_MM / bold_width(text(word), points)]

    return measure


def issuing_body(word: Word) -> str:
    return word.context.letterhead.issuing_body[-1]


DECREE: tuple[tuple[str, Measure, float, float, str], ...] = (
    # item, measure, least, most, source
    ("paper, short side (mm)", short_side, 209.9, 210.1, "I.1: A4"),
    ("paper, long side (mm)", long_side, 296.9, 297.1, "I.1: A4"),
    ("top margin (mm)", page("pgMar", "top"), 20, 25, "I.3"),
    ("bottom margin (mm)", page("pgMar", "bottom"), 20, 25, "I.3"),
    ("left margin (mm)", page("pgMar", "left"), 30, 35, "I.3"),
    ("right margin (mm)", page("pgMar", "right"), 15, 20, "I.3"),
    ("page number within the top margin (mm)", page("pgMar", "header"), 5, 15, "I.7"),
    ("page number", size("Header"), 13, 14, "I.7"),
    ("Quốc hiệu", size("StateName"), 12, 13, "II.1"),
    ("Tiêu ngữ", size("Motto"), 13, 14, "II.1"),
    ("rule below Tiêu ngữ, part of its length", rule_below("Motto", lambda _: MOTTO, 13), 0.99, 1.01, "II.1"),
    ("parent body", size("ParentBody"), 12, 13, "II.2"),
    ("issuing body", size("IssuingBody"), 12, 13, "II.2"),
    ("rule below issuing body, part", rule_below("IssuingBody", issuing_body, 12), 1 / 3, 1 / 2, "II.2"),
    ("number and symbol", size("DocumentNumber"), 13, 13, "II.3"),
    ("place and date", size("PlaceAndDate"), 13, 14, "II.4"),
    ("name of the type", size("Title"), 13, 14, "II.5"),
    ("subject", size("Subtitle"), 13, 14, "II.5"),
    (
        "rule below subject, part",
        rule_below("Subtitle", lambda word: word.context.letterhead.subject, 14),
        1 / 3,
        1 / 2,
        "II.5",
    ),
    ("text", size("BodyText"), 13, 14, "II.6"),
    ("item of a list", size("List"), 13, 14, "II.6"),
    ("item of a list below", size("List2"), 13, 14, "II.6"),
    ("note in the text", size("Note"), 13, 14, "II.6"),
    ("warning in the text", size("Warning"), 13, 14, "II.6"),
    ("heading of a part", size("Heading1"), 13, 14, "II.6"),
    ("heading of a section", size("Heading2"), 13, 14, "II.6"),
    ("heading of a paragraph", size("Heading3"), 13, 14, "II.6"),
    ("between paragraphs (pt)", between_paragraphs, 6, 12, "II.6"),
    ("line spacing of the text", line_spacing("BodyText"), 1, 1.5, "II.6"),
    ("line spacing of a list", line_spacing("List"), 1, 1.5, "II.6"),
    ("first line of a paragraph (mm)", first_line("BodyText"), *INDENTS_MM, "II.6"),
    ("first line of an item (mm)", first_line("List"), *INDENTS_MM, "II.6"),
    ("authority and role of the signer", size("SignerRole"), 13, 14, "II.7"),
    ("name of the signer", size("SignerName"), 13, 14, "II.7"),
    ("“Nơi nhận:”", size("RecipientsHead"), 12, 12, "II.9"),
    ("recipients", size("Recipients"), 11, 11, "II.9"),
    ("number of an annex", size("AnnexNumber"), 14, 14, "III.1"),
    ("title of an annex", size("AnnexTitle"), 13, 14, "III.1"),
    ("reference below an annex title", size("AnnexReference"), 13, 14, "III.1"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("item", "measure", "least", "most", "source"), DECREE, ids=[row[0] for row in DECREE]
)
def test_measure_is_within_what_the_decree_allows(
    name: str, item: str, measure: Measure, least: float, most: float, source: str
) -> None:
    for value in measure(documents()[name]):
        rounding = 0.02  # Word keeps twentieths of a point
        assert least - rounding <= value <= most + rounding, f"{item} ({source}): {value:.2f}"


# style, bold, italic, alignment
LOOKS = (
    ("StateName", True, False, "center"),
    ("Motto", True, False, "center"),
    ("ParentBody", False, False, "center"),
    ("IssuingBody", True, False, "center"),
    ("DocumentNumber", False, False, "center"),
    ("PlaceAndDate", False, True, "center"),
    ("Title", True, False, "center"),
    ("Subtitle", True, False, "center"),
    ("BodyText", False, False, "both"),
    ("List", False, False, "both"),
    ("SignerRole", True, False, "center"),
    ("SignerName", True, False, "center"),
    ("RecipientsHead", True, True, "left"),
    ("Recipients", False, False, "left"),
    ("Header", False, False, "center"),
    ("AnnexNumber", True, False, "center"),
    ("AnnexTitle", True, False, "center"),
    ("AnnexReference", False, True, "center"),
)


def test_title_of_an_annex_is_shown_in_capitals() -> None:
    assert documents()["draft"].styles.find("w:style[@w:styleId='AnnexTitle']/w:rPr/w:caps", NS) is not None


@pytest.mark.parametrize(("style", "bold", "italic", "align"), LOOKS)
def test_look_of_an_item_is_that_of_the_decree(style: str, bold: bool, italic: bool, align: str) -> None:
    word = documents()["draft"]
    properties = word.styles.find(f"w:style[@w:styleId='{style}']/w:rPr", NS)
    assert (properties.find("w:b", NS) is not None, properties.find("w:i", NS) is not None) == (bold, italic)
    assert word.style(style, "w:pPr/w:jc") == align
    assert word.style(style, "w:rPr/w:color") == "000000"


# What a word processor does with it


@pytest.mark.parametrize("name", NAMES)
def test_audit_of_the_package_finds_no_error(name: str, tmp_path: Path) -> None:
    target = tmp_path / "report.docx"
    target.write_bytes(documents()[name].content)
    assert [str(error) for error in OpenXmlValidator().validate(target).errors] == []


@pytest.mark.parametrize("name", NAMES)
def test_empty_paragraph_is_a_rule_a_break_or_between_two_tables_never_a_space(name: str) -> None:
    word = documents()[name]
    for paragraph in word.body.iter(f"{W}p"):
        if text_of(paragraph) or paragraph.find(".//w:drawing", NS) is not None:
            continue
        properties = paragraph.find("w:pPr", NS)
        is_rule = properties.find("w:pBdr", NS) is not None
        is_break = (
            properties.find("w:sectPr", NS) is not None
            or properties.find("w:pageBreakBefore", NS) is not None
        )
        neighbours = [paragraph.getprevious(), paragraph.getnext()]
        is_between = [each.tag for each in neighbours if each is not None] == [f"{W}tbl"] * 2
        is_last = neighbours[1] is not None and neighbours[1].tag == f"{W}sectPr"
        is_open_name = properties.find("w:pStyle", NS).get(f"{W}val") == "SignerName"
        is_empty_cell = (
            paragraph.getparent().tag == f"{W}tc" and len(paragraph.getparent().findall("w:p", NS)) == 1
        )
        found = (is_rule, is_break, is_between, is_last, is_open_name, is_empty_cell)
        assert any(found), etree.tostring(paragraph, encoding="unicode")[-300:]


@pytest.mark.parametrize("name", NAMES)
def test_page_number_is_central_on_every_page_but_the_first_and_runs_on(name: str) -> None:
    word = documents()[name]
    first, *annexes = word.sections
    assert first.find("w:titlePg", NS) is not None
    assert "PAGE" not in etree.tostring(word.headers(first)["first"]).decode()
    assert all(section.find("w:titlePg", NS) is None for section in annexes)
    for section in word.sections:
        assert section.find("w:pgNumType", NS) is None, "annexes go on counting"
        (field,) = word.headers(section)["default"].xpath(".//w:instrText", namespaces=NS)
        assert field.text.strip() == "PAGE"
        paragraph = next(field.iterancestors(f"{W}p"))
        tabs = paragraph.find("w:pPr/w:tabs", NS)
        if tabs is not None:  # the draft mark stands to the right of it
            width, left, right = (
                int(section.find(f"w:{side}", NS).get(f"{W}{attribute}"))
                for side, attribute in (("pgSz", "w"), ("pgMar", "left"), ("pgMar", "right"))
            )
            assert int(tabs[0].get(f"{W}pos")) == pytest.approx((width - left - right) / 2, abs=2)
            assert tabs[0].get(f"{W}val") == "center"


@pytest.mark.parametrize("name", NAMES)
def test_heading_goes_with_its_text_and_a_lead_with_its_list(name: str) -> None:
    word = documents()[name]
    for level in (1, 2, 3):
        style = word.styles.find(f"w:style[@w:styleId='Heading{level}']/w:pPr", NS)
        assert style.find("w:keepNext", NS) is not None
        assert style.find("w:outlineLvl", NS).get(f"{W}val") == str(level - 1)
    leads = [each for each in word.paragraphs("BodyText") if text_of(each).endswith(":")]
    assert all(lead.find("w:pPr/w:keepNext", NS) is not None for lead in leads)


@pytest.mark.parametrize("name", NAMES)
def test_signature_stands_whole_on_the_page_of_the_last_words(name: str) -> None:
    word = documents()[name]
    (role, *_) = word.paragraphs("SignerRole")
    row = next(role.iterancestors(f"{W}tr"))
    assert row.find("w:trPr/w:cantSplit", NS) is not None
    before = next(row.iterancestors(f"{W}tbl")).getprevious()
    last = before if before.tag == f"{W}p" else before.findall(".//w:tr", NS)[-1].find(".//w:p", NS)
    assert last.find("w:pPr/w:keepNext", NS) is not None


@pytest.mark.parametrize("name", NAMES)
def test_table_has_a_name_a_description_and_header_rows_that_repeat(name: str) -> None:
    for table in documents()[name].body.iter(f"{W}tbl"):
        properties = table.find("w:tblPr", NS)
        assert properties.find("w:tblCaption", NS).get(f"{W}val")
        assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in table.findall("w:tr", NS))
        if properties.find("w:tblStyle", NS) is not None:
            assert properties.find("w:tblDescription", NS).get(f"{W}val").startswith("Các cột: ")
            assert table.find("w:tr/w:trPr/w:tblHeader", NS) is not None


@pytest.mark.parametrize("name", NAMES)
def test_captions_count_on_with_fields_that_show_their_number(name: str) -> None:
    counted: dict[str, int] = {}
    for caption in documents()[name].paragraphs("Caption"):
        field = caption.find(".//w:instrText", NS)
        if field is None:
            continue  # a form has the number of its layout
        label = text_of(caption).split(" ")[0] if "Bảng" in field.text else "Biểu đồ"
        counted[label] = counted.get(label, 0) + 1
        assert text_of(caption).startswith(f"{label} {counted[label]}. ")
        assert field.text.strip() == f"SEQ {label} \\* ARABIC"


@pytest.mark.parametrize("name", NAMES)
def test_document_opens_without_a_question(name: str) -> None:
    """A stale field, or a setting to refresh all of them, makes Word ask before it shows the document."""
    parts = documents()[name].parts
    assert b"updateFields" not in parts["word/settings.xml"]
    assert not any(b"w:dirty" in content for part, content in parts.items() if part.startswith("word/"))


@pytest.mark.parametrize("name", NAMES)
def test_properties_name_title_subject_body_and_language_but_no_person(name: str) -> None:
    word = documents()[name]
    core = etree.fromstring(word.parts["docProps/core.xml"])
    told = {etree.QName(each).localname: each.text for each in core}
    assert told["title"] == word.context.title
    assert told["subject"] == word.context.letterhead.subject
    assert told["creator"] == " ".join(word.context.letterhead.issuing_body)
    assert told["language"] == "vi-VN"
    assert not told["lastModifiedBy"]
    language = word.styles.find("w:docDefaults/w:rPrDefault/w:rPr/w:lang", NS)
    assert language.get(f"{W}val") == "vi-VN"


def test_state_name_and_motto_are_those_of_the_decree() -> None:
    word = documents()["draft"]
    assert [text_of(p) for p in word.paragraphs("StateName")] == [STATE_NAME]
    assert [text_of(p) for p in word.paragraphs("Motto")] == [MOTTO]


# Charts


def charts_of(word: Word) -> list[Chart]:
    return [block for block in word.context.blocks if isinstance(block, Chart)]


def test_chart_is_drawn_by_word_and_read_out_by_its_words() -> None:
    word = documents()["charts"]
    drawn = word.body.xpath(".//wp:inline", namespaces=NS)
    assert len(drawn) == len(charts_of(word)) > 1
    for chart, inline in zip(charts_of(word), drawn, strict=True):
        assert inline.find("wp:docPr", NS).get("descr") == chart.alt_text
        assert inline.find("wp:docPr", NS).get("title") == chart.title
        assert int(inline.find("wp:extent", NS).get("cx")) == 165 * 36000
    assert len({inline.find("wp:docPr", NS).get("id") for inline in drawn}) == len(drawn)


def test_chart_holds_the_figures_of_its_series_and_leaves_a_gap_where_one_is_missing() -> None:
    word = documents()["charts"]
    for number, chart in enumerate(charts_of(word), 1):
        part = etree.fromstring(word.parts[f"word/charts/chart{number}.xml"])
        for series, drawn in zip(chart.series, part.findall(".//c:ser", NS), strict=True):
            points = {
                int(point.get("idx")): float(point.find("c:v", NS).text)
                for point in drawn.findall("c:val/c:numLit/c:pt", NS)
            }
            assert points == {at: value.value for at, value in enumerate(series.values) if value is not None}
        names = [point.text for point in part.find(".//c:cat", NS).findall(".//c:pt/c:v", NS)]
        assert names == list(chart.categories)


def test_chart_keeps_together_with_the_table_of_its_numbers() -> None:
    word = documents()["charts"]
    for place in word.paragraphs("Chart"):
        caption = place.getnext()
        assert text_of(caption).startswith("Biểu đồ ")
        assert caption.getnext().tag == f"{W}tbl"
    assert word.styles.find("w:style[@w:styleId='Chart']/w:pPr/w:keepNext", NS) is not None
    assert word.styles.find("w:style[@w:styleId='Caption']/w:pPr/w:keepNext", NS) is not None


def test_chart_of_an_unknown_kind_is_refused() -> None:
    chart = replace(charts_of(documents()["charts"])[0], kind="pie")
    with pytest.raises(ValueError, match="unknown kind of chart: pie"):
        render_docx(replace(sample_context(), blocks=(chart,)), package_files.word_base())


# The copy for LibreOffice


def test_copy_for_libreoffice_differs_in_hidden_fields_of_headings_only() -> None:
    base = package_files.word_base()
    plain = etree.fromstring(
        zipfile.ZipFile(io.BytesIO(render_docx(sample_context(), base))).read("word/document.xml")
    )
    copy = zipfile.ZipFile(io.BytesIO(render_docx(sample_context(), base, for_libreoffice=True)))
    root = etree.fromstring(copy.read("word/document.xml"))
    hidden = root.xpath(".//w:r[w:rPr/w:vanish]", namespaces=NS)
    assert {
        next(run.iterancestors(f"{W}p")).find("w:pPr/w:pStyle", NS).get(f"{W}val")[:7] for run in hidden
    } == {"Heading"}
    assert not any(text_of(run) for run in hidden)
    for run in hidden:
        run.getparent().remove(run)
    assert etree.tostring(root) == etree.tostring(plain)
