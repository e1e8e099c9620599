"""Numbers and bullets that Word prints before paragraphs, reckoned from its numbering definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.audit.documents.word_package import w
from transforms.audit.documents.word_styles import ListPlace, value_of

_PLACEHOLDER = re.compile(r"%(\d)")
_BULLET = "•"
# Bullets of Symbol and Wingdings lie in the private area; these are the ones that Word's own lists use.
_PRIVATE: Mapping[int, str] = {
    0x2D: "-",
    0x2B: "+",
    0xA7: "▪",
    0xB7: "•",
    0xD8: "➢",
    0xFC: "✓",
    0x76: "•",
    0x6F: "◦",
    0xE0: "-",
}
_DEEPEST = 9
_ROMAN_BELOW = 4000
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(slots=True)
class _Level:
    format: str
    text: str
    start: int
    suffix: str
    restart: int | None
    is_legal: bool
    properties: Any | None


@dataclass(slots=True)
class _Counters:
    values: dict[int, int] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)


class Numbering:
    """The lists of a document, counted on from paragraph to paragraph in the order of the text."""

    def __init__(self, root: Any | None) -> None:
        self._abstract: dict[str, Any] = {}
        self._numbers: dict[str, Any] = {}
        self._linked: dict[str, str] = {}
        if root is not None:
            for abstract in root.iter(w("abstractNum")):
                self._abstract[abstract.get(w("abstractNumId"))] = abstract
                if style := value_of(abstract, "styleLink"):
                    self._linked[style] = abstract.get(w("abstractNumId"))
            self._numbers = {number.get(w("numId")): number for number in root.iter(w("num"))}
        self._levels: dict[tuple[str, int], _Level | None] = {}
        self._counters: dict[str, _Counters] = {}

    def label(self, place: ListPlace) -> str:
        """The printed label of the next paragraph there, with its separating space; "" for a list that prints none."""
        level = self.level(place)
        if level is None:
            return ""
        counters = self._counters.setdefault(self._abstract_id(place.number_id), _Counters())
        self._count(counters, place, level)
        if level.format == "bullet":
            text = _bullet(level.text)
        elif level.format == "none":
            text = _PLACEHOLDER.sub("", level.text)
        else:
            text = _PLACEHOLDER.sub(
                lambda found: self._shown(counters, place, int(found[1]) - 1, level), level.text
            )
        text = text.strip()
        return f"{text} " if text and level.suffix != "nothing" else text

    def level(self, place: ListPlace) -> _Level | None:
        """The definition of a level; None where the document has none."""
        key = (place.number_id, place.level)
        if key not in self._levels:
            self._levels[key] = self._read_level(place)
        return self._levels[key]

    def _abstract_id(self, number_id: str) -> str:
        number = self._numbers.get(number_id)
        abstract_id = value_of(number, "abstractNumId") or ""
        abstract = self._abstract.get(abstract_id)
        # A definition that only points to a list style is the one that the style is linked with.
        return self._linked.get(value_of(abstract, "numStyleLink") or "", abstract_id)

    def _read_level(self, place: ListPlace) -> _Level | None:
        number = self._numbers.get(place.number_id)
        abstract = self._abstract.get(self._abstract_id(place.number_id))
        if number is None or abstract is None:
            return None
        override = _at_level(number, "lvlOverride", place.level)
        found = override.find(w("lvl")) if override is not None else None
        if found is None:
            found = _at_level(abstract, "lvl", place.level)
        if found is None:
            return None
        restart = value_of(found, "lvlRestart")
        return _Level(
            value_of(found, "numFmt") or "decimal",
            value_of(found, "lvlText") or "",
            _whole(value_of(found, "start"), 1),
            value_of(found, "suff") or "tab",
            _whole(restart, 0) if restart is not None else None,
            found.find(w("isLgl")) is not None,
            found.find(w("pPr")),
        )

    def _count(self, counters: _Counters, place: ListPlace, level: _Level) -> None:
        key = (place.number_id, place.level)
        start = self._start_override(place)
        if start is not None and key not in counters.seen:
            counters.values[place.level] = start
        elif place.level in counters.values:
            counters.values[place.level] += 1
        else:
            counters.values[place.level] = level.start
        counters.seen.add(key)
        for deeper in [n for n in counters.values if n > place.level]:
            definition = self.level(ListPlace(place.number_id, deeper))
            restart = definition.restart if definition is not None else None
            if restart is None or (restart and place.level < restart):
                del counters.values[deeper]

    def _start_override(self, place: ListPlace) -> int | None:
        override = _at_level(self._numbers.get(place.number_id), "lvlOverride", place.level)
        start = value_of(override, "startOverride")
        return None if start is None else _whole(start, 1)

    def _shown(self, counters: _Counters, place: ListPlace, index: int, shown_in: _Level) -> str:
        level = self.level(ListPlace(place.number_id, index))
        if level is None or index >= _DEEPEST:
            return ""
        value = counters.values.setdefault(index, level.start)
        return _number(value, "decimal" if shown_in.is_legal else level.format)


def bullet_letter(letter: str) -> str:
    """A sign of the private area as the sign that its font shows, a bullet for those unknown."""
    code = ord(letter)
    return _PRIVATE.get(code - 0xF000, _BULLET) if 0xF000 <= code <= 0xF0FF else letter


def _bullet(text: str) -> str:
    return "".join(map(bullet_letter, text))


def _number(value: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman") and 0 < value < _ROMAN_BELOW:
        letters = _roman(value)
        return letters.upper() if kind == "upperRoman" else letters
    if kind in ("upperLetter", "lowerLetter") and value > 0:
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind == "decimalZero":
        return f"{value:02d}"
    return "" if kind == "none" else str(value)


def _roman(value: int) -> str:
    letters = ""
    for size, sign in _ROMAN:
        count, value = divmod(value, size)
        letters += sign * count
    return letters


def _at_level(parent: Any | None, name: str, level: int) -> Any | None:
    if parent is None:
        return None
    return next((child for child in parent.findall(w(name)) if child.get(w("ilvl")) == str(level)), None)


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
