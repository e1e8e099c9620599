"""Every code that canonicalisation raises has its wording, and every wording its code."""

from __future__ import annotations

import re
from pathlib import Path

from expectations.messages import parse_messages

ROOT = Path(__file__).parents[3]
SOURCES = (*(ROOT / "transforms/canonical").glob("*.py"), ROOT / "transforms/readers/owner_unit.py")
CODE = re.compile(r'"((?:delivery|file|dossier|fee|overdue|document|summary)\.[a-z_]+\.[a-z_]+)"')


def test_codes_and_messages_are_the_same_set() -> None:
    raised = {code for source in SOURCES for code in CODE.findall(source.read_text(encoding="utf-8"))}
    raised |= {f"{kind}.date.impossible" for kind in ("dossier", "fee", "overdue", "document")}
    raised |= {f"{kind}.unit.foreign" for kind in ("dossier", "overdue")} | {"dossier.receiving_unit.unknown"}
    path = ROOT / "expectations/messages/canonical.vi.yml"

    messages = parse_messages({path.name: path.read_bytes()})

    assert set(messages) == raised
