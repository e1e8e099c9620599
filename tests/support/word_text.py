"""A Word document as text that a person can read and compare: styles, tables, header and footer lines."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph


def word_text(content: bytes) -> str:
    """One line a paragraph with its style in brackets, one line a table row with cells between bars."""
    document = docx.Document(io.BytesIO(content))
    lines: list[str] = []
    for child in document.element.body.iterchildren():
        if child.tag == qn("w:p"):
            paragraph = Paragraph(child, document)
            if paragraph.text.strip():
                lines.append(f"[{paragraph.style.name}] {paragraph.text}")
            if child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
                lines.append("---- section ----")
        elif child.tag == qn("w:tbl"):
            lines.extend(_rows(Table(child, document)))
    return "\n".join(lines) + "\n"


def _rows(table: Table) -> Iterator[str]:
    for row in table._tbl.tr_lst:
        cells = ["/".join(text for p in cell.iter(qn("w:p")) if (text := _text(p))) for cell in row.tc_lst]
        yield "| " + " | ".join(cells) + " |"


def _text(paragraph: object) -> str:
    return "".join(node.text or "" for node in paragraph.iter(qn("w:t"))).strip()  # type: ignore[attr-defined]
