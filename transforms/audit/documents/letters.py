"""Text whose every letter still knows where in its document it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from transforms.text_vi import compose

BREAK = "\n"
"""A line break inside a paragraph, as a letter."""
_INVISIBLE = frozenset("\u200b\u200c\u200d\ufeff\u00ad\u2060")
_SPACE = re.compile(r"\s")


class Origin(NamedTuple):
    """Where a letter stands: an element that holds text, and the place of the letter in that text.

    A named tuple, since there is one for every letter of a report.
    """

    element: Any
    start: int
    end: int


Letter = tuple[str, Origin | None]


@dataclass(frozen=True, slots=True)
class Letters:
    """A text with the origin of each letter; None for letters that the document prints but does not hold."""

    text: str
    origins: tuple[Origin | None, ...]

    def __add__(self, other: Letters) -> Letters:
        return Letters(self.text + other.text, self.origins + other.origins)


EMPTY = Letters("", ())


def printed(text: str) -> Letters:
    """Letters without an origin: a number that Word counts, the bar between two cells."""
    return Letters(text, (None,) * len(text))


def tidy_letters(letters: Iterable[Letter]) -> Letters:
    """NFC letters with every run of white space as one space, none at the ends; breaks count as white space."""
    texts: list[str] = []
    origins: list[Origin | None] = []
    space: Origin | None = None
    has_space = False
    for text, origin in _composed(letters):
        if _SPACE.match(text):
            space, has_space = (space if has_space else origin), True
            continue
        if has_space and texts:
            texts.append(" ")
            origins.append(space)
        has_space = False
        texts.append(text)
        origins.append(origin)
    joined = "".join(texts)
    # A letter may compose into more than one code point; each of them stands where the letter does.
    if len(joined) != len(origins):
        origins = [origin for text, origin in zip(texts, origins, strict=True) for _ in text]
    return Letters(joined, tuple(origins))


def split_breaks(letters: Sequence[Letter]) -> list[Letters]:
    """The tidied lines of a paragraph, empty ones left out."""
    lines: list[list[Letter]] = [[]]
    for letter in letters:
        if letter[0] == BREAK:
            lines.append([])
        else:
            lines[-1].append(letter)
    return [line for line in map(tidy_letters, lines) if line.text]


def join_letters(parts: Sequence[Letters], separator: str) -> Letters:
    """The parts with a printed separator between them."""
    joined = EMPTY
    for number, part in enumerate(parts):
        joined = joined + (printed(separator) + part if number else part)
    return joined


def _composed(letters: Iterable[Letter]) -> Iterator[Letter]:
    """Letters with the marks that follow them put on: "e" and two marks are the one letter "ế"."""
    group, first, last = "", None, None
    for text, origin in letters:
        if text in _INVISIBLE:
            continue
        if group and unicodedata.combining(text):
            group, last = group + text, origin
            continue
        if group:
            yield _one(group, first, last)
        group, first, last = text, origin, origin
    if group:
        yield _one(group, first, last)


def _one(group: str, first: Origin | None, last: Origin | None) -> Letter:
    if len(group) == 1:
        return group, first
    if first is None or last is None or first.element is not last.element:
        return compose(group), first
    return compose(group), Origin(first.element, first.start, last.end)
