"""WordprocessingML as text: runs, numbers under a bookmark, paragraphs.

Text is parsed once per document; python-docx objects per cell would take most of the time of a night.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from transforms.render.anchors import Anchors
from transforms.report.blocks import Figure, Run, Text

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


def short_rule(style: str, length: float, available: float, before: float = 1) -> str:
    """A centred line below a heading; lengths in mm, ``before`` in points.

    It is the border of an empty paragraph, so it needs no drawing and moves with its text.
    """
    side = max(0, twips((available - length) / 2))
    return paragraph(
        style,
        "",
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:before="{round(before * 20)}" w:after="0" w:line="40" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}" w:firstLine="0"/>',
    )


def plain_cell(width: int, content: str, properties: str = "") -> str:
    """A cell of ``width`` twips; ``properties`` in the order of the schema, after tcW."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def plain_table(widths: Iterable[int], rows: str) -> str:
    """A table without borders and cell margins, for things that stand side by side."""
    columns = tuple(widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


@dataclass(slots=True)
class Bookmarks:
    """Numbers the bookmarks of one document."""

    anchors: Anchors = field(default_factory=Anchors)
    count: int = 0

    def figure(self, figure: Figure, *, bold: bool | None = None) -> str:
        """A number as one run inside its bookmark."""
        self.count += 1
        name = self.anchors.name(figure.cell_id)
        return (
            f'<w:bookmarkStart w:id="{self.count}" w:name="{name}"/>{run(figure.text, bold=bold)}'
            f'<w:bookmarkEnd w:id="{self.count}"/>'
        )

    def inline(self, text: Text) -> str:
        """The runs of a text."""
        return "".join(self.figure(part) if isinstance(part, Figure) else _styled(part) for part in text)


def _styled(part: Run) -> str:
    return run(part.text, bold=part.bold or None, italic=part.italic or None)
