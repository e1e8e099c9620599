"""What the night says about new and renamed headers is worded with the parameters that it carries."""

from __future__ import annotations

from pathlib import Path

import expectations
from expectations.messages import describe, parse_messages, placeholders
from transforms.findings import Finding

FILE = Path(next(iter(expectations.__path__))) / "messages" / "proposals.vi.yml"
CARRIED = {
    "file.header.renamed": {"near", "renamed", "proposal"},
    "file.column.renamed": {"renamed", "proposal"},
}


def test_every_code_about_proposals_has_a_message_with_its_parameters() -> None:
    messages = parse_messages({FILE.name: FILE.read_bytes()})
    assert {code: set(placeholders(messages[code])) for code in messages} == CARRIED


def test_finding_names_the_column_and_the_command() -> None:
    params = (
        ("near", "Danh sách mẫu"),
        ("renamed", "“A” có lẽ là cột “B” (82%)"),
        ("proposal", "runs/x/proposals/y.yml"),
    )
    told = describe(
        Finding("file.header.renamed", "16204", file="ds.xlsx", params=params),
        parse_messages({FILE.name: FILE.read_bytes()}),
        {},
        {},
    )
    assert (
        told.sentence
        == "Tệp ds.xlsx theo mẫu “Danh sách mẫu” nhưng có cột bắt buộc đã đổi tên: “A” có lẽ là cột “B” (82%)."
    )
    assert 'motcua profile accept "runs/x/proposals/y.yml"' in told.remedy
