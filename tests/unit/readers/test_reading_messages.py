"""Every code that reading raises has its Vietnamese sentence, with the parameters it is raised with."""

from __future__ import annotations

import re
from pathlib import Path

import expectations
import transforms.readers
from expectations.messages import parse_messages, placeholders

READING = Path(next(iter(expectations.__path__))) / "messages" / "reading.vi.yml"
# Raised by the pipeline before a file is opened, worded here beside the other refusals.
FROM_THE_PIPELINE = {
    "file.unstable": set(),
    "file.unit.unknown_folder": {"folder"},
    # Added to what recognising says: where the proposed profile lies.
    "file.profile.none": {"proposal"},
}
# Not raised: what is noticed about a file that is read all the same.
NOTICED = {
    "file.header.shift_read": {"name", "renamed"},
    "file.sheet.hidden": {"sheets"},
    "file.sheet.unread": {"sheets"},
    "file.sheet.continued": {"sheets"},
    "file.cell.error": set(),
    "file.date.month_first": set(),
    "file.date.turned_by_excel": set(),
    "file.date.order_doubtful": set(),
}
MODULES = sorted(Path(next(iter(transforms.readers.__path__))).rglob("*.py"))
_RAISED = re.compile(
    r'UnreadableFileError\(\s*"(file\.[a-z_.]+)"((?:,\s*\w+=[^,()]*(?:\([^()]*(?:\([^()]*\))*[^()]*\))?)*)'
)
_PARAM = re.compile(r",\s*(\w+)=")


def _raised() -> dict[str, set[str]]:
    raised: dict[str, set[str]] = {code: set(params) for code, params in FROM_THE_PIPELINE.items()}
    for module in MODULES:
        for code, params in _RAISED.findall(module.read_text(encoding="utf-8")):
            raised.setdefault(code, set()).update(_PARAM.findall(params))
    return raised


def test_every_raised_code_has_a_message_with_its_parameters() -> None:
    folder = READING.parent
    everywhere = parse_messages({path.name: path.read_bytes() for path in folder.glob("*.vi.yml")})
    raised = _raised()
    assert {code for code in raised if code not in everywhere} == set()
    assert {code: set(placeholders(everywhere[code])) for code in raised} == raised


def test_every_message_about_reading_is_raised_or_noticed() -> None:
    messages = parse_messages({READING.name: READING.read_bytes()})
    assert set(messages) <= set(_raised()) | set(NOTICED)
    assert set(NOTICED) <= set(messages)
    assert {code: set(placeholders(messages[code])) for code in NOTICED} == NOTICED


def test_every_noticed_code_stands_in_the_readers() -> None:
    source = "".join(module.read_text(encoding="utf-8") for module in MODULES)
    assert {code for code in NOTICED if f'"{code}"' not in source} == set()
