"""Rows of an HTML table that hold nothing but text, told from their bytes.

A million rows that a program wrote all look alike. Where every tag of a stretch of rows opens or closes a
cell or a row, the stretch is cut at its tags, ten times quicker than building a tree of it. Anything else
(a span, a line break, a comment, a tag that is not closed) is for the parser to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MOST_COLUMNS = 1024
_ATTRIBUTES = (
    rb"(?:\s+(?!colspan|rowspan)[a-z_:][\w:.\-]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`]+))?)*\s*"
)
_CELL, _ROW = rb"<t[dh]" + _ATTRIBUTES + rb">", rb"<tr" + _ATTRIBUTES + rb">"
_FIRST_ROW = re.compile(
    rb"(?P<open>" + _ROW + rb"\s*" + _CELL + rb")[^<]*(?P<cell></t[dh]>\s*" + _CELL + rb")", re.IGNORECASE
)
_ROW_BREAK = re.compile(rb"</t[dh]>\s*</tr>\s*" + _ROW + rb"\s*" + _CELL, re.IGNORECASE)
_LAST = re.compile(rb"</t[dh]>\s*</tr>$", re.IGNORECASE)
_LONGEST_LAST = 200
_OTHER_TAG = re.compile(rb"<(?!/?t[dhr][\s>])|\b(?:col|row)span\b", re.IGNORECASE)
_PLAIN_TAGS = (
    (re.compile(_ROW + rb"\s*", re.IGNORECASE), b"<tr>"),
    (re.compile(_CELL, re.IGNORECASE), b"<td>"),
    (re.compile(rb"</t[dh]>\s*", re.IGNORECASE), b"</td>"),
    (re.compile(rb"</tr>\s*", re.IGNORECASE), b"</tr>"),
)

_Marks = tuple[bytes, bytes, bytes, bytes]
"""What stands before the first text, between two cells, between two rows and behind the last text."""
_PLAIN: _Marks = (b"<tr><td>", b"</td><td>", b"</td></tr><tr><td>", b"</td></tr>")

_USUAL = bytes({*range(0x20, 0x100)} - {*b"<&\x7f\xef"})
_LINE_ENDS = frozenset(b"\n\t")
_KNOWN = frozenset(b"&\n\t")
"""Everything else that is unusual is for the parser: a "<", control characters, and what begins with the
byte EF: U+FFFE and U+FFFF, which are no characters, U+FFFD, and letters that hardly occur."""
_ENTITIES = ((b"&nbsp;", "\u00a0"), (b"&lt;", "<"), (b"&gt;", ">"), (b"&quot;", '"'), (b"&amp;", "&"))
"""The last one last: "&amp;lt;" says "&lt;"."""
_SPACES = "[ \t\n]+"
_UNTIDY = "[\t\n]|  "


@dataclass(frozen=True, slots=True)
class PlainRows:
    """Rows in their order; ``columns``: one string column per cell, null where a row has fewer cells."""

    columns: list[pa.Array]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.columns[0])


def split_plain_rows(block: bytes) -> PlainRows | None:
    """The rows of valid UTF-8 that begins with a row and ends behind one; None where the parser must read it.

    The texts are those that the parser gives: entities as their characters, and where a text has line
    breaks, tabs or two spaces in a row, every run of white space as one space.
    """
    block = block.strip(b" \t\r\n")
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    marks = _marks(block)
    texts = _texts(block, marks) if marks else None
    if texts is None:
        if _OTHER_TAG.search(block):
            return None
        for pattern, tag in _PLAIN_TAGS:
            block = pattern.sub(tag, block)
        texts = _texts(block, _PLAIN)
    return None if texts is None else _columns(texts)


def _marks(block: bytes) -> _Marks | None:
    """The tags of the first row, as all rows of one program have the same."""
    first, last = _FIRST_ROW.match(block), _LAST.search(block[-_LONGEST_LAST:])
    if first is None or last is None:
        return None
    row = _ROW_BREAK.search(block)
    return first["open"], first["cell"], row[0] if row else _PLAIN[2], last[0]


def _texts(block: bytes, marks: _Marks) -> pa.ListArray | None:
    """The texts of every row; None where something else than the marks stands between or in them."""
    before, cell, row, behind = marks
    if not (block.startswith(before) and block.endswith(behind)):
        return None
    body = pa.array([block[len(before) : len(block) - len(behind)]], pa.string())
    cells = pc.split_pattern(pc.split_pattern(body, row.decode()).flatten(), cell.decode())
    content = cells.values.buffers()[2]
    content = content.to_pybytes() if content else b""
    odd = {*content.translate(None, _USUAL)}
    if not odd <= _KNOWN:
        return None
    texts = cells.values
    if odd & _LINE_ENDS or b"  " in content:
        spaced = pc.replace_substring_regex(texts, _SPACES, " ")
        texts = pc.if_else(pc.match_substring_regex(texts, _UNTIDY), spaced, texts)
    if b"&"[0] in odd:
        found = [entity for entity in _ENTITIES if entity[0] in content]
        if content.count(b"&") != sum(content.count(entity) for entity, _ in found):
            return None
        for entity, character in found:
            texts = pc.replace_substring(texts, entity.decode(), character)
    return pa.ListArray.from_arrays(cells.offsets, texts)


def _columns(cells: pa.ListArray) -> PlainRows | None:
    starts = cells.offsets.to_numpy()
    widths = np.diff(starts)
    width = int(widths.max())
    if width > _MOST_COLUMNS:
        return None
    columns = []
    for position in range(width):
        is_short = widths <= position
        places = pa.array(starts[:-1] + position, mask=is_short if is_short.any() else None)
        columns.append(cells.values.take(places))
    return PlainRows(columns)
