"""Where the figures of our own web pages stand: elements with ``data-cell``, named as the bookmarks in Word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from transforms.audit.documents.model import NamedSpan
from transforms.audit.model import Span, TextBlock
from transforms.text_vi import tidy

_NAME = re.compile(r"mc_[0-9a-f]+_\d+")
_FIRST_TOKEN = 10**17
"""Tokens are numbers, so that a table is a table with them too; no report holds one of 18 digits."""
_TOKEN = re.compile(r"(?<!\d)1\d{17}(?!\d)")


def find_page_figures(
    root: Any, blocks: Sequence[TextBlock], read: Callable[[Any], Iterable[TextBlock]]
) -> Iterator[NamedSpan]:
    """The figures of a page in reading order; ``blocks`` is what ``read`` gave for it.

    The page is read once more with a number of its own in place of every figure. A block that does not
    come back letter for letter gives none. Changes the texts of ``root``.
    """
    figures: dict[str, tuple[str, str]] = {}
    for element in root.iterfind(".//*[@data-cell]"):
        if len(element) == 0 and element.text and _NAME.fullmatch(element.get("id", "")):
            token = str(_FIRST_TOKEN + len(figures))
            figures[token] = element.get("id"), tidy(element.text)
            element.text = token
    if not figures:
        return
    for index, (block, marked) in enumerate(zip(blocks, read(root), strict=False)):
        end, text = 0, ""
        found: list[NamedSpan] = []
        for match in _TOKEN.finditer(marked.text):
            name, printed = figures.get(match.group(), ("", match.group()))
            text, end = text + marked.text[end : match.start()], match.end()
            found.append(NamedSpan(name, Span(index, len(text), len(text) + len(printed))))
            text += printed
        if found and text + marked.text[end:] == block.text:
            yield from found
