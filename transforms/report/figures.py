"""How a number survives a text template: it travels as a private marker and comes back as a Figure.

Templates are plain text, so what they print has no type. The environment's functions therefore hand
out a marker (U+E000, index, U+E001) for every inline they were asked for, and the parser puts the
inline back. Text written by units travels the same way, which also makes it inert: nothing in it can
be read as markup.
"""

from __future__ import annotations

import re
from dataclasses import replace

from transforms.report.blocks import Figure, Inline, Run, Text
from transforms.report.words import parts_of

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKER = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_BOLD = "**"


class UnclosedBoldError(ValueError):
    """Raised when a line opens ``**`` without closing it."""


class FigureBook:
    """The inlines of one rendering, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._inlines: list[Inline] = []

    def mark(self, inline: Inline) -> str:
        """The marker that stands for that inline until :meth:`read` puts it back."""
        self._inlines.append(inline)
        return f"{_OPEN}{len(self._inlines) - 1}{_CLOSE}"

    def mark_text(self, text: str, source: str = "") -> str:
        """The marker of a stretch of plain text that no markup is read from; ``source`` is where its digits come from."""
        parts = (Run(text, source=source),) if source and text else parts_of(text)
        return "".join(self.mark(part) for part in parts)

    def read(self, line: str) -> Text:
        """The line as runs and figures, ``**bold**`` included; neighbouring runs of one weight and source join.

        Raises UnclosedBoldError when a ``**`` is left open.
        """
        pieces = line.split(_BOLD)
        if len(pieces) % 2 == 0:
            raise UnclosedBoldError(line)
        inlines: list[Inline] = []
        for index, piece in enumerate(pieces):
            is_bold = index % 2 == 1
            # re.split with one group alternates plain text and marker indices.
            for turn, part in enumerate(_MARKER.split(piece)):
                if turn % 2 == 1:
                    _append(inlines, self._inlines[int(part)], is_bold)
                elif part:
                    _append(inlines, Run(part), is_bold)
        return tuple(inlines)


def _append(inlines: list[Inline], inline: Inline, is_bold: bool) -> None:
    if isinstance(inline, Figure):
        inlines.append(inline)
        return
    run = replace(inline, bold=inline.bold or is_bold)
    last = inlines[-1] if inlines else None
    if isinstance(last, Run) and replace(last, text=run.text) == run:
        inlines[-1] = replace(last, text=last.text + run.text)
    else:
        inlines.append(run)


def flatten(text: Text) -> str:
    """What a reader sees of an inline text."""
    return "".join(inline.text for inline in text)
