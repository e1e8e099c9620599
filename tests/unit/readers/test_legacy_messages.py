"""Every code about old text has its sentence, filled by what the finding carries and nothing personal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import expectations
from expectations.messages import describe, parse_messages, placeholders
from tests.support.legacy_text import sheet_of
from transforms.readers.legacy.mend import mend_sheet

LEGACY = Path(next(iter(expectations.__path__))) / "messages" / "legacy.vi.yml"
ROWS = [("§¨ng ký khai sinh", "Mã"), ("Hé tÞch", "møc\ufffd"), ("Chøng thùc", "møc"), ("§Êt ®ai", "Hồ sơ")]


def test_every_finding_about_old_text_has_a_sentence_with_its_parameters() -> None:
    messages = parse_messages({LEGACY.name: LEGACY.read_bytes()})
    doubtful = mend_sheet(sheet_of([("Mã", "møc"), ("1", "mø\ufffdc")])).findings
    findings = [*mend_sheet(sheet_of(ROWS)).findings, *doubtful]
    assert {finding.code for finding in findings} == set(messages)
    for finding in findings:
        assert {name for name, _ in finding.params} == set(placeholders(messages[finding.code]))
        said = describe(replace(finding, file="a.xls"), messages, {}, {})
        assert "a.xls" in said.sentence
        assert "{" not in said.sentence + said.why + said.remedy


def test_sentence_names_set_columns_and_rows() -> None:
    messages = parse_messages({LEGACY.name: LEGACY.read_bytes()})
    said = {f.code: describe(f, messages, {}, {}).sentence for f in mend_sheet(sheet_of(ROWS)).findings}
    assert "TCVN3 (phông .VnTime) ở cột A" in said["file.encoding.legacy"]
    assert "1 ký tự" in said["file.text.damaged"]
    assert "dòng 2" in said["file.text.damaged"]
