"""The text of one of our own reports as the auditor reads it."""

from __future__ import annotations

import re

from transforms.audit import BlockKind, ReportText, TextBlock
from transforms.audit.plain_text import table_row

_KINDS = {"Heading 1": BlockKind.HEADING, "Heading 2": BlockKind.HEADING, "Heading 3": BlockKind.HEADING}
_KINDS |= {"List": BlockKind.LIST_ITEM, "List 2": BlockKind.LIST_ITEM}


def report_text(text: str) -> ReportText:
    """``word_text`` of a document as paragraphs, list items and table rows."""
    blocks: list[TextBlock] = []
    table, row = -1, 0
    for line in text.splitlines():
        if line.startswith("| "):
            is_first = not blocks or blocks[-1].kind is not BlockKind.TABLE_ROW
            table, row = (table + 1, 0) if is_first else (table, row + 1)
            blocks.append(table_row([cell.strip() for cell in line[1:-1].split(" | ")], table, row))
        elif found := re.fullmatch(r"\[([^\]]+)\] (.*)", line):
            blocks.append(TextBlock(_KINDS.get(found[1], BlockKind.PARAGRAPH), found[2]))
        else:
            blocks.append(TextBlock(BlockKind.PARAGRAPH, line))
    return ReportText(tuple(blocks))
