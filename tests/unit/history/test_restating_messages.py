"""Every code that comparing publications raises has its wording, and every reason its words."""

from __future__ import annotations

import re
from pathlib import Path

from expectations.messages import describe, parse_messages
from transforms.findings import Finding
from transforms.history.restatement import Reason
from transforms.indicators.volume import LEFT_OUT, NOTE_IDS
from transforms.report.restated import NOTE_NAMES, REASON_NAMES

ROOT = Path(__file__).parents[3]
CODE = re.compile(r'"(restatement\.[a-z_]+)"')


def test_codes_and_messages_are_the_same_set() -> None:
    source = (ROOT / "pipelines/steps/restating.py").read_text(encoding="utf-8")
    path = ROOT / "expectations/messages/restating.vi.yml"
    messages = parse_messages({path.name: path.read_bytes()})
    assert set(messages) == set(CODE.findall(source))
    params = (("total", 1200), ("period", "2021-9T"))
    told = describe(
        Finding("restatement.unexplained", "16207", params=params), messages, {}, {"16207": "xã Thanh Quân"}
    )
    assert "Có 1.200 ô số liệu của kỳ 9 tháng năm 2021 (xã Thanh Quân)" in told.sentence


def test_every_reason_and_note_has_words_of_its_own() -> None:
    assert set(REASON_NAMES) == set(Reason)
    assert len(set(REASON_NAMES.values())) == len(Reason)
    assert {*NOTE_IDS, LEFT_OUT, "undated_document", "undated_fee"} == set(NOTE_NAMES)
