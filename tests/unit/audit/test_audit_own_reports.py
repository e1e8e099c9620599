"""Reports of our own, as their goldens hold them: clean, and one edited number is the one reported."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.report_text import report_text
from transforms.audit import ReportText, audit_text

GOLDEN = Path(__file__).parents[2] / "golden"


def _golden(name: str) -> ReportText:
    return report_text((GOLDEN / name).read_text("utf-8"))


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
