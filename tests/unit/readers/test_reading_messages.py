"""Every code that reading raises has its Vietnamese sentence, with the parameters it is raised with."""

from __future__ import annotations

import re
from pathlib import Path

import expectations
import transforms.readers
from expectations.messages import parse_messages, placeholders

READING = Path(next(iter(expectations.__path__))) / "messages" / "reading.vi.yml"
# Raised by the pipeline before a file is opened, worded here beside the other refusals.
FROM_THE_PIPELINE = {"file.unstable": set(), "file.unit.unknown_folder": {"folder"}}
_RAISED = re.compile(r'UnreadableFileError\(\s*"(file\.[a-z_.]+)"((?:,\s*\w+=)?)')
_PARAM = re.compile(r"\w+")


def _raised() -> dict[str, set[str]]:
    raised: dict[str, set[str]] = {code: set(params) for code, params in FROM_THE_PIPELINE.items()}
    for module in Path(next(iter(transforms.readers.__path__))).glob("*.py"):
        for code, param in _RAISED.findall(module.read_text(encoding="utf-8")):
            raised.setdefault(code, set()).update(_PARAM.findall(param))
    return raised


def test_every_raised_code_has_a_message_with_its_parameters() -> None:
    messages = parse_messages({READING.name: READING.read_bytes()})
    raised = _raised()
    assert set(messages) == set(raised)
    assert {code: set(placeholders(messages[code])) for code in messages} == raised
