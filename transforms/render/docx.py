"""A report as a Word document in the official layout (NĐ 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.shared import Mm, Twips
from lxml import etree

from transforms.render.archive import repack
from transforms.render.docx_charts import ChartParts
from transforms.render.docx_frame import (
    letterhead_xml,
    page_header_xml,
    page_stamp_xml,
    signature_xml,
    stamps_xml,
    title_xml,
)
from transforms.render.docx_tables import table_xml
from transforms.render.docx_xml import (
    TWIPS_PER_MM,
    Bookmarks,
    W,
    field_xml,
    joined,
    legal_text,
    paragraph,
    run,
)
from transforms.render.numbering import annex_name, heading_text
from transforms.render.tables import chart_table
from transforms.report.blocks import (
    Annex,
    Block,
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
_LAID_OUT_AGAIN = field_xml("PAGE", "", hidden=True)
"""In documents of more than a hundred paragraphs LibreOffice (7.4) guesses where pages end and then pulls paragraphs
back one by one without asking what they are to be kept with, which strands headings at the foot of a page. A page
number that nobody sees makes it lay out the heading once more, and then the heading goes with its text."""
_STYLES = {
    ParagraphStyle.BODY: ("BodyText", ""),
    ParagraphStyle.DASH_ITEM: ("List", "- "),
    ParagraphStyle.PLUS_ITEM: ("List2", "+ "),
    ParagraphStyle.NOTE: ("Note", ""),
    ParagraphStyle.WARNING: ("Warning", ""),
}


def render_docx(context: ReportContext, base: bytes, *, for_libreoffice: bool = False) -> bytes:
    """The document; the same bytes for the same context and base (DESIGN.md law 3).

    ``base`` is ``report_templates/base.docx``, which holds the styles only. Every figure stands under a
    bookmark of ``anchors.Anchors``. Annexes follow the signature on landscape pages. ``for_libreoffice``
    gives the copy that is converted to PDF and then thrown away.
    """
    document = Document(io.BytesIO(base))
    writer = _Writer(Bookmarks(), ChartParts(document), _LAID_OUT_AGAIN if for_libreoffice else "")
    letterhead = context.letterhead
    body = joined(
        letterhead_xml(letterhead, PORTRAIT_TEXT_MM),
        title_xml(letterhead, PORTRAIT_TEXT_MM),
        stamps_xml(context.stamps, writer.marks),
        writer.text_xml(context.blocks, PORTRAIT_TEXT_MM),
        signature_xml(context.signature, PORTRAIT_TEXT_MM),
        "" if context.annexes else paragraph("Hairline", ""),
    )
    parts = [body]
    _hold_place(document)
    _page_headers(document.sections[0], context, writer.marks, PORTRAIT_TEXT_MM, is_first=True)
    for annex in context.annexes:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        document.paragraphs[-1].style = document.styles["Đoạn ngăn cách"]
        _landscape(section)
        _page_headers(section, context, writer.marks, LANDSCAPE_TEXT_MM, is_first=False)
        parts.append(writer.annex_xml(annex, LANDSCAPE_TEXT_MM))
        _hold_place(document)
    _core_properties(document, context)
    target = io.BytesIO()
    document.save(target)
    return repack(target.getvalue(), {DOCUMENT_PART: _document_part(document, parts)})


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the blocks of one document; what counts through all of it is counted here. Widths in mm."""

    marks: Bookmarks
    charts: ChartParts
    heading_end: str = ""
    """Put at the end of each heading."""

    def text_xml(self, blocks: tuple[Block, ...], text_width: float) -> str:
        """The text; its last block is held on the page of the signature."""
        last = len(blocks) - 1
        return joined(*(self.block_xml(b, text_width, held=at == last) for at, b in enumerate(blocks)))

    def annex_xml(self, annex: Annex, text_width: float) -> str:
        """Number, title and blocks; notes that open an annex name the report it belongs to, centred."""
        xml = ""
        if annex.number:
            xml += paragraph("AnnexNumber", run(annex_name(annex)))
        if annex.title:
            xml += paragraph("AnnexTitle", self.marks.words(annex.title))
        is_opening, has_table = True, False
        for block in annex.blocks:
            is_opening = is_opening and isinstance(block, Paragraph) and block.style is ParagraphStyle.NOTE
            if is_opening and isinstance(block, Paragraph):
                xml += paragraph("AnnexReference", self.marks.inline(block.text))
            elif isinstance(block, Table):
                # word processors part a form's box from its table when the page ends between them
                xml = joined(xml, table_xml(block, self.marks, text_width, new_page=has_table))
                has_table = True
            else:
                xml += self.block_xml(block, text_width)
        return xml

    def block_xml(self, block: Block, text_width: float, *, held: bool = False) -> str:
        """One block; ``held`` keeps it with what follows. A lead that ends with a colon stays with its list."""
        if isinstance(block, Paragraph):
            style, lead = _STYLES[block.style]
            is_lead = bool(block.text) and block.text[-1].text.rstrip().endswith(":")
            content = (run(lead) if lead else "") + self.marks.inline(block.text)
            return paragraph(style, content, "<w:keepNext/>" if held or is_lead else "")
        if isinstance(block, Heading):
            level = min(max(block.level, 1), 3)
            return paragraph(f"Heading{level}", self.marks.words(heading_text(block)) + self.heading_end)
        if isinstance(block, Table):
            return table_xml(block, self.marks, text_width, held=held)
        drawn = self.charts.chart_xml(block, self.marks, text_width)
        return drawn + table_xml(chart_table(block), self.marks, text_width, held=held, captioned=False)


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


def _page_headers(
    section: Any, context: ReportContext, marks: Bookmarks, text_width: float, *, is_first: bool
) -> None:
    """The page number shows on every page but the first of the document, what the figures lack on all of them."""
    section.different_first_page_header_footer = is_first
    draft_mark, stamp = context.letterhead.draft_mark, context.page_stamp
    _fill(section.header, page_header_xml(draft_mark, stamp, marks, text_width))
    if is_first:
        _fill(section.first_page_header, page_stamp_xml(stamp, marks) or paragraph("Header", ""))


def _fill(header: Any, xml: str) -> None:
    """Put the paragraphs in place of what a header holds."""
    header.is_linked_to_previous = False
    root = header._element
    for element in list(root):
        root.remove(element)
    root.extend(list(parse_xml(f'<w:hdr xmlns:w="{W}">{xml}</w:hdr>')))


def _core_properties(document: Any, context: ReportContext) -> None:
    properties = document.core_properties
    properties.title = legal_text(context.title)[:255]
    properties.subject = legal_text(context.letterhead.subject)[:255]
    properties.author = legal_text(" ".join(context.letterhead.issuing_body))[:255]
    properties.last_modified_by = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = _TIMELESS
    properties.revision = 1
