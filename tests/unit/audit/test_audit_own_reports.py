"""Reports of our own, as their goldens hold them: clean, and one edited number is the one reported."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from transforms.audit import BlockKind, ReportText, TextBlock, audit_text
from transforms.audit.plain_text import table_row

GOLDEN = Path(__file__).parents[2] / "golden"
KINDS = {"Heading 1": BlockKind.HEADING, "Heading 2": BlockKind.HEADING, "Heading 3": BlockKind.HEADING}
KINDS |= {"List": BlockKind.LIST_ITEM, "List 2": BlockKind.LIST_ITEM}


def _golden(name: str) -> ReportText:
    blocks: list[TextBlock] = []
    table, row = -1, 0
    for line in (GOLDEN / name).read_text("utf-8").splitlines():
        if line.startswith("| "):
            is_first = not blocks or blocks[-1].kind is not BlockKind.TABLE_ROW
            table, row = (table + 1, 0) if is_first else (table, row + 1)
            blocks.append(table_row([cell.strip() for cell in line[1:-1].split(" | ")], table, row))
        elif found := re.fullmatch(r"\[([^\]]+)\] (.*)", line):
            blocks.append(TextBlock(KINDS.get(found[1], BlockKind.PARAGRAPH), found[2]))
        else:
            blocks.append(TextBlock(BlockKind.PARAGRAPH, line))
    return ReportText(tuple(blocks))


def _suspects(report: ReportText, old: str, new: str) -> set[str]:
    """The letters of the numbers that the alarms point at, after one edit."""
    position = next(i for i, block in enumerate(report.blocks) if old in block.text)
    block = report.blocks[position]
    changed = replace(block, text=block.text.replace(old, new, 1))
    blocks = (*report.blocks[:position], changed, *report.blocks[position + 1 :])
    spans = {alarm.suspect or alarm.claim.span for alarm in audit_text(ReportText(blocks)).alarms}
    return {blocks[span.block].text[span.start : span.end] for span in spans}


@pytest.mark.parametrize("name", ["binh-luong-2021-9T.txt", "nhu-xuan-2021-9T.txt"])
def test_an_own_report_has_neither_alarm_nor_remark(name: str) -> None:
    audit = audit_text(_golden(name))
    assert [alarm.sentence for alarm in audit.alarms] == []
    assert [remark.sentence for remark in audit.remarks] == []
    assert len(audit.judgements) > 20


@pytest.mark.parametrize(
    ("old", "new", "suspect"),
    [
        ("Chứng thực: 545 hồ sơ", "Chứng thực: 554 hồ sơ", "554 hồ sơ"),
        ("gồm 84 hồ sơ nộp trực tuyến", "gồm 94 hồ sơ nộp trực tuyến", "94 hồ sơ"),
        ("11.250.000 đồng (Mười", "11.350.000 đồng (Mười", "11.350.000 đồng"),
        ("| 277 | 23 | 254 |", "| 277 | 23 | 255 |", "255"),
        ("Quyết định: 362 văn bản", "Quyết định: 376 văn bản", "376 văn bản"),
        ("| 1.363 | 84 |", "| 1.336 | 84 |", "1.336"),
    ],
)
def test_one_edited_number_is_found_and_no_other(old: str, new: str, suspect: str) -> None:
    assert _suspects(_golden("binh-luong-2021-9T.txt"), old, new) == {suspect}
