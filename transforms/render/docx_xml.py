"""WordprocessingML as text: runs, numbers under a bookmark, paragraphs.

Text is parsed once per document; python-docx objects per cell would take most of the time of a night.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from transforms.render.anchors import Anchors
from transforms.report.blocks import Figure, Run, Text
from transforms.report.words import FINDING, parts_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWIPS_PER_MM = 1440 / 25.4

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * TWIPS_PER_MM)


def legal_text(text: str) -> str:
    """Text that XML can hold: a character that it cannot becomes U+FFFD, so that its loss is seen."""
    return _ILLEGAL.sub("\ufffd", text)


def run(text: str, *, bold: bool | None = None, italic: bool | None = None) -> str:
    """One run; None leaves a weight to the paragraph's style. A line break in the text stays one."""
    weight = _switch("b", bold) + _switch("i", italic)
    properties = f"<w:rPr>{weight}</w:rPr>" if weight else ""
    body = escape(legal_text(text)).replace("\n", _BREAK)
    return f'<w:r>{properties}<w:t xml:space="preserve">{body}</w:t></w:r>'


def _switch(name: str, on: bool | None) -> str:
    if on is None:
        return ""
    off = "" if on else ' w:val="0"'
    return f"<w:{name}{off}/><w:{name}Cs{off}/>"


def paragraph(style: str, content: str, properties: str = "") -> str:
    """One paragraph of a style of the base; ``properties`` are in the order of the schema, after pStyle."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def short_rule(style: str, length: float, available: float, before: float = 1, after: float = 0) -> str:
    """A centred line below a heading; lengths in mm, spaces in points.

    It is the border of an empty paragraph, so it needs no drawing and moves with its text.
    """
    side = max(0, twips((available - length) / 2))
    return paragraph(
        style,
        "",
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" w:line="40" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}" w:firstLine="0"/>',
    )


def plain_cell(width: int, content: str, properties: str = "") -> str:
    """A cell of ``width`` twips; ``properties`` in the order of the schema, after tcW."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def plain_table(widths: Iterable[int], rows: str, title: str) -> str:
    """A table without borders and cell margins, for things that stand side by side; ``title`` is read aloud."""
    columns = tuple(widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar><w:tblCaption w:val={quoteattr(title)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def joined(*parts: str) -> str:
    """Parts one after the other; two tables without a paragraph between them would grow together."""
    xml = ""
    for part in parts:
        if xml.endswith("</w:tbl>") and part.startswith("<w:tbl>"):
            xml += paragraph("Hairline", "", "<w:keepNext/>")
        xml += part
    return xml


def field_xml(instruction: str, text: str, *, hidden: bool = False) -> str:
    """A field with what it shows until it is reckoned anew; it is not marked as stale.

    Word would ask a reader who opens a document with stale fields whether to update them.
    """
    look = "<w:rPr><w:vanish/></w:rPr>" if hidden else ""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{escape(text)}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{look}{part}</w:r>" for part in parts)


@dataclass(slots=True)
class Bookmarks:
    """Numbers the bookmarks and captions of one document."""

    anchors: Anchors = field(default_factory=Anchors)
    count: int = 0
    captions: Counter[str] = field(default_factory=Counter)

    def figure(self, figure: Figure, *, bold: bool | None = None) -> str:
        """A number as one run inside its bookmark."""
        return self._marked(figure.cell_id, run(figure.text, bold=bold))

    def inline(self, text: Text, *, bold: bool | None = None) -> str:
        """The runs of a text; the wording of a finding stands under a bookmark as numbers do."""
        return "".join(
            self.figure(part, bold=bold) if isinstance(part, Figure) else self._run(part, bold=bold)
            for part in text
        )

    def words(self, text: str, *, bold: bool | None = None) -> str:
        """The runs of a plain text."""
        return self.inline(parts_of(text), bold=bold)

    def numbered(self, label: str) -> str:
        """ "Bảng 2. ": the lead of a caption, its number a field that counts the captions of that label."""
        self.captions[label] += 1
        number = field_xml(f"SEQ {label} \\* ARABIC", str(self.captions[label]))
        return f"{run(f'{label} ')}{number}{run('. ')}"

    def _run(self, part: Run, *, bold: bool | None) -> str:
        xml = run(part.text, bold=part.bold or bold, italic=part.italic or None)
        return self._marked(part.source, xml) if part.source.startswith(FINDING) else xml

    def _marked(self, cell_id: str, xml: str) -> str:
        self.count += 1
        name = self.anchors.name(cell_id)
        return (
            f'<w:bookmarkStart w:id="{self.count}" w:name="{name}"/>{xml}<w:bookmarkEnd w:id="{self.count}"/>'
        )
