"""A report as a Word document in the official layout (NĐ 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

import io
import math
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.shared import Mm, Twips
from lxml import etree

from transforms.render.archive import repack
from transforms.render.docx_frame import letterhead_xml, page_header_xml, signature_xml, stamps_xml, title_xml
from transforms.render.docx_tables import table_xml
from transforms.render.docx_xml import TWIPS_PER_MM, Bookmarks, W, legal_text, paragraph, run
from transforms.render.numbering import annex_name, heading_text
from transforms.render.tables import chart_table
from transforms.report.blocks import (
    Annex,
    Block,
    Chart,
    Heading,
    Paragraph,
    ParagraphStyle,
    ReportContext,
    Table,
)

# NĐ 30/2020/NĐ-CP Annex I: A4; top and bottom 20-25 mm, left 30-35 mm, right 15-20 mm
PAGE_MM = (210, 297)
TOP_MM, RIGHT_MM, BOTTOM_MM, LEFT_MM = 20.0, 15.0, 20.0, 30.0
PORTRAIT_TEXT_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
LANDSCAPE_TEXT_MM = PAGE_MM[1] - LEFT_MM - RIGHT_MM

DOCUMENT_PART = "word/document.xml"
_PLACE = "text"
_TIMELESS = datetime(2000, 1, 1)  # noqa: DTZ001 - core properties hold no zone; a clock would break law 3
_STYLES = {
    ParagraphStyle.BODY: ("BodyText", ""),
    ParagraphStyle.DASH_ITEM: ("List", "- "),
    ParagraphStyle.PLUS_ITEM: ("List2", "+ "),
    ParagraphStyle.NOTE: ("Note", ""),
    ParagraphStyle.WARNING: ("Warning", ""),
}


def render_docx(context: ReportContext, base: bytes) -> bytes:
    """The document; the same bytes for the same context and base (DESIGN.md law 3).

    ``base`` is ``report_templates/base.docx``, which holds the styles only. Every figure stands under a
    bookmark of ``anchors.Anchors``. Annexes follow the signature on landscape pages.
    """
    document = Document(io.BytesIO(base))
    marks = Bookmarks()
    letterhead = context.letterhead
    body = letterhead_xml(letterhead, PORTRAIT_TEXT_MM) + title_xml(letterhead, PORTRAIT_TEXT_MM)
    body += stamps_xml(context.stamps)
    last = len(context.blocks) - 1
    for at, block in enumerate(context.blocks):
        body += _block_xml(block, marks, PORTRAIT_TEXT_MM, keep=at == last)
    parts = [body + signature_xml(context.signature, PORTRAIT_TEXT_MM)]
    _hold_place(document)
    _page_headers(document.sections[0], letterhead.draft_mark, PORTRAIT_TEXT_MM, is_first=True)
    for annex in context.annexes:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        document.paragraphs[-1].style = document.styles["Đoạn ngăn cách"]
        _landscape(section)
        _page_headers(section, letterhead.draft_mark, LANDSCAPE_TEXT_MM, is_first=False)
        parts.append(annex_xml(annex, marks))
        _hold_place(document)
    _core_properties(document, context)
    target = io.BytesIO()
    document.save(target)
    return repack(target.getvalue(), {DOCUMENT_PART: _document_part(document, parts)})


def annex_xml(annex: Annex, marks: Bookmarks) -> str:
    """Number, title and blocks; notes that open an annex name the report it belongs to, centred."""
    xml = ""
    if annex.number:
        xml += paragraph("AnnexNumber", run(annex_name(annex)))
    if annex.title:
        xml += paragraph("AnnexTitle", run(annex.title))
    is_opening, has_table = True, False
    for block in annex.blocks:
        is_opening = is_opening and isinstance(block, Paragraph) and block.style is ParagraphStyle.NOTE
        if is_opening and isinstance(block, Paragraph):
            xml += paragraph("AnnexReference", marks.inline(block.text))
        elif isinstance(block, Table):
            # word processors part a form's box from its table when the page ends between them
            xml += table_xml(block, marks, LANDSCAPE_TEXT_MM, new_page=has_table)
            has_table = True
        else:
            xml += _block_xml(block, marks, LANDSCAPE_TEXT_MM, keep=False)
    return xml


def _block_xml(block: Block, marks: Bookmarks, text_width: float, *, keep: bool) -> str:
    if isinstance(block, Paragraph):
        style, lead = _STYLES[block.style]
        content = (run(lead) if lead else "") + marks.inline(block.text)
        return paragraph(style, content, "<w:keepNext/>" if keep else "")
    if isinstance(block, Heading):
        level = min(max(block.level, 1), 3)
        return paragraph(f"Heading{level}", run(heading_text(block)))
    if isinstance(block, Table):
        return table_xml(block, marks, text_width)
    return _chart_xml(block, marks, text_width)


def _chart_xml(chart: Chart, marks: Bookmarks, text_width: float) -> str:
    """On paper a chart is its numbers."""
    return table_xml(chart_table(chart), marks, text_width)


def _hold_place(document: Any) -> None:
    """Marks where the next part of the text belongs: before the properties of the last section."""
    document.element.body.sectPr.addprevious(etree.Comment(_PLACE))


def _document_part(document: Any, parts: list[str]) -> bytes:
    """The document with its text in the places held for it.

    Text is put together as text, since moving a long table element by element into python-docx's tree takes
    a hundred times as long. Raises lxml's XMLSyntaxError where the whole is not well-formed.
    """
    frame = etree.tostring(document.element, encoding="unicode").split(f"<!--{_PLACE}-->")
    xml = "".join(before + part for before, part in zip(frame, [*parts, ""], strict=True))
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()
    parse_xml(content)
    return content


def _landscape(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_MM[1]), Mm(PAGE_MM[0])
    section.top_margin, section.bottom_margin = _at_least(TOP_MM), _at_least(BOTTOM_MM)
    section.left_margin, section.right_margin = _at_least(LEFT_MM), _at_least(RIGHT_MM)


def _at_least(millimetres: float) -> Any:
    """Word keeps whole twentieths of a point; rounding down would fall short of the decree's margins."""
    return Twips(math.ceil(millimetres * TWIPS_PER_MM))


def _page_headers(section: Any, draft_mark: str, text_width: float, *, is_first: bool) -> None:
    """The page number shows on every page but the first of the document."""
    section.different_first_page_header_footer = is_first
    headers = [(section.header, page_header_xml(draft_mark, text_width))]
    if is_first:
        headers.append((section.first_page_header, paragraph("Header", "")))
    for header, xml in headers:
        header.is_linked_to_previous = False
        root = header._element
        for element in list(root):
            root.remove(element)
        root.extend(list(parse_xml(f'<w:hdr xmlns:w="{W}">{xml}</w:hdr>')))


def _core_properties(document: Any, context: ReportContext) -> None:
    properties = document.core_properties
    properties.title = legal_text(context.title)[:255]
    properties.author = legal_text(" ".join(context.letterhead.issuing_body))[:255]
    properties.last_modified_by = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = _TIMELESS
    properties.revision = 1
