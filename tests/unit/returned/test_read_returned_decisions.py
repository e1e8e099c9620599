"""What is kept of the words of people, and the wording of what is said about corrections and returned files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import expectations
from expectations.messages import parse_messages, placeholders
from pipelines.steps.decisions import masked

ROOT = Path(__file__).parents[3]
MESSAGES = Path(next(iter(expectations.__path__))) / "messages" / "corrections.vi.yml"
SOURCES = ("transforms/returned/read.py", "pipelines/steps/sent_back.py", "pipelines/steps/corrections.py")
CODE = re.compile(r'"((?:correction|returned)\.[a-z_]+(?:\.[a-z_]+)*)"')


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gọi 0000000001 gặp bà Mẫu", "gọi [đã ẩn số] gặp bà Mẫu"),
        ("số 000 000 0001 hoặc 0000.000.001", "số [đã ẩn số] hoặc [đã ẩn số]"),
        ("căn cước 000000000001", "căn cước [đã ẩn số]"),
        ("+84 000 000 001", "[đã ẩn số]"),
        ("chứng minh 000000001.", "chứng minh [đã ẩn số]."),
    ],
)
def test_identity_and_phone_numbers_are_not_kept(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ 000.09.42.H56-210803-0001 hẹn ngày 30/09/2021",
        "thủ tục 1.001193, lệ phí 11.250.000 đồng, 8 hồ sơ",
        "theo văn bản 45/BC-UBND ngày 05/09/2021",
        "mã H56.42.09-20210803-0001",
    ],
)
def test_codes_days_and_amounts_are_kept(text: str) -> None:
    assert masked(text) == text


def test_every_code_has_its_wording_and_every_wording_its_code() -> None:
    messages = parse_messages({MESSAGES.name: MESSAGES.read_bytes()})
    raised = {code for name in SOURCES for code in CODE.findall((ROOT / name).read_text(encoding="utf-8"))}
    assert set(messages) == raised
    assert {code: set(placeholders(messages[code])) for code in messages if placeholders(messages[code])} == {
        "correction.unmatched": {"subject", "entry", "stands"},
        "returned.other_unit": {"named_unit"},
    }
