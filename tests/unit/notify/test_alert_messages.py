"""Codes about messages have their words, with the parameters that they are raised with; all are for IT."""

from __future__ import annotations

from pathlib import Path

import expectations
from expectations.messages import parse_messages, placeholders
from pipelines.notify import checks

ALERTS = Path(next(iter(expectations.__path__))) / "messages" / "alerts.vi.yml"
RAISED = {
    checks.UNREADABLE: {"total", "first"},
    checks.EMPTY: set(),
    checks.MISSING: {"level", "units", "instead"},
    checks.UNUSABLE: {"subject", "recipients", "fault"},
    checks.UNDELIVERED: {"recipient", "channel"},
}


def test_every_code_has_words_that_its_parameters_fill() -> None:
    messages = parse_messages({ALERTS.name: ALERTS.read_bytes()})
    assert {code: set(placeholders(messages[code])) for code in messages} == RAISED
    assert {messages[code].audience for code in messages} == {"it"}
    assert all(code.startswith("alert.") for code in messages)
