"""Every code about containers and archives has its sentence, and every sentence its code."""

from __future__ import annotations

import re
from pathlib import Path

import expectations
import pipelines
import transforms.readers
from expectations.messages import parse_messages, placeholders

MESSAGES = Path(next(iter(expectations.__path__))) / "messages" / "containers.vi.yml"
_CODE = re.compile(r'"(file\.(?:archive\.[a-z_]+|too_deep|xml\.entities))"')
PARAMS = {
    "file.archive.members": {"most"},
    "file.archive.no_table": {"names"},
    "file.archive.other": {"names"},
}


def test_codes_in_the_modules_and_codes_with_a_sentence_are_the_same() -> None:
    modules = [
        *Path(next(iter(transforms.readers.__path__))).glob("*.py"),
        Path(next(iter(pipelines.__path__))) / "unpacking.py",
    ]
    used = {code for module in modules for code in _CODE.findall(module.read_text(encoding="utf-8"))}
    messages = parse_messages({MESSAGES.name: MESSAGES.read_bytes()})
    assert set(messages) == used
    assert {code: set(placeholders(messages[code])) for code in messages} == {
        code: PARAMS.get(code, set()) for code in messages
    }
