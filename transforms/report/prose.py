"""The unit's own words made fit for an official list: bullets, closing marks and first letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.report.names import sentence_case
from transforms.text_vi import tidy

_BULLET = re.compile(r"^(?:[-+•*–—●▪]+\s*|\(?(?:\d{1,2}|[a-zđ])[).]\s+)")
_PRIVATE = re.compile("[\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f]")
_SENTENCE_BREAK = re.compile(r"[.!?…]\s+\S")


def clean_line(text: str) -> str:
    """One line without bullet and closing mark, first letter capital; empty when nothing is left.

    Private-use and control characters are removed: they would be mistaken for figure markers or break
    a Word file.
    """
    bare = _BULLET.sub("", tidy(_PRIVATE.sub("", text)))
    return sentence_case(bare.removesuffix("./.").rstrip(".;, ").strip())


def paragraph_lines(texts: Sequence[str]) -> tuple[str, ...]:
    """Each line as a paragraph of its own, closed with a full stop."""
    return tuple(_closed(line, ".") for text in texts if (line := clean_line(text)))


def list_lines(texts: Sequence[str]) -> tuple[str, ...]:
    """The lines as items of one list: closed with ";", the last with ".".

    Where any item holds more than one sentence every item ends with a full stop.
    """
    lines = [line for text in texts if (line := clean_line(text))]
    mark = "." if any(_SENTENCE_BREAK.search(line) for line in lines) else ";"
    return (*(_closed(line, mark) for line in lines[:-1]), *(_closed(line, ".") for line in lines[-1:]))


def _closed(line: str, mark: str) -> str:
    return line if line.endswith(("!", "?", "…", ":")) else line + mark
