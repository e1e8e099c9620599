"""Styles of a Word document: which paragraphs are headings, how far they are indented, how they are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transforms.audit.documents.word_package import w

_DEEPEST = 20
_BODY_LEVEL = 9
_TWIPS = 20
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A numbering instance and a level of it; "0" stands for no numbering."""

    number_id: str
    level: int


def is_on(element: Any | None) -> bool:
    """True for a switch such as w:vanish that is there and not turned off."""
    return element is not None and element.get(w("val"), "1") not in _OFF


def value_of(parent: Any | None, name: str) -> str | None:
    """The w:val of a child."""
    child = parent.find(w(name)) if parent is not None else None
    return None if child is None else child.get(w("val"))


class Styles:
    """The paragraph styles of a document by id."""

    def __init__(self, root: Any | None) -> None:
        self._styles = (
            {} if root is None else {style.get(w("styleId")): style for style in root.iter(w("style"))}
        )
        self._default = next(
            (
                style_id
                for style_id, style in self._styles.items()
                if style.get(w("type")) == "paragraph" and style.get(w("default"), "0") not in _OFF
            ),
            None,
        )
        self._chains: dict[str | None, list[Any]] = {}

    def chain(self, properties: Any | None) -> list[Any]:
        """The paragraph's style and those it is based on, nearest first."""
        style_id = value_of(properties, "pStyle") or self._default
        if style_id not in self._chains:
            self._chains[style_id] = self._follow(style_id)
        return self._chains[style_id]

    def _follow(self, style_id: str | None) -> list[Any]:
        found: list[Any] = []
        while style_id in self._styles and len(found) < _DEEPEST:
            style = self._styles[style_id]
            found.append(style)
            style_id = value_of(style, "basedOn")
        return found

    def is_heading(self, properties: Any | None) -> bool:
        """True where the paragraph or its style has an outline level, or the style is a title's."""
        chain = self.chain(properties)
        for holder in (properties, *(style.find(w("pPr")) for style in chain)):
            level = value_of(holder, "outlineLvl")
            if level is not None:
                return level.isdigit() and int(level) < _BODY_LEVEL
        names = [(value_of(style, "name") or "").casefold() for style in chain]
        return any(name.startswith("heading ") or name in ("title", "subtitle") for name in names)

    def is_contents(self, properties: Any | None) -> bool:
        """True for an entry of a table of contents, which says again what the headings say."""
        names = ((value_of(style, "name") or "").casefold() for style in self.chain(properties)[:1])
        return any(name.startswith("toc ") and name[4:].isdigit() for name in names)

    def list_place(self, properties: Any | None) -> ListPlace | None:
        """Numbering of the paragraph: its own, else its style's; None for none."""
        own = _list_place(properties)
        if own is not None and own[0] is not None:
            return _place(own[0], own[1] or 0)
        for style in self.chain(properties):
            found = _list_place(style.find(w("pPr")))
            if found is not None and found[0] is not None:
                level = own[1] if own is not None and own[1] is not None else found[1]
                return _place(found[0], level or 0)
        return None

    def indent(self, properties: Any | None, listed: Any | None) -> float:
        """Where the first line starts, in points; ``listed`` are the paragraph properties of its list level."""
        left: int | None = None
        first: int | None = None
        for holder in (properties, listed, *(style.find(w("pPr")) for style in self.chain(properties))):
            indents = holder.find(w("ind")) if holder is not None else None
            if indents is None:
                continue
            if left is None:
                left = _twips(indents, "left", "start")
            if first is None:
                hanging = _twips(indents, "hanging")
                first = -hanging if hanging is not None else _twips(indents, "firstLine")
        return ((left or 0) + (first or 0)) / _TWIPS


def _list_place(properties: Any | None) -> tuple[str | None, int | None] | None:
    numbered = properties.find(w("numPr")) if properties is not None else None
    if numbered is None:
        return None
    level = value_of(numbered, "ilvl")
    return value_of(numbered, "numId"), int(level) if level is not None and level.isdigit() else None


def _place(number_id: str, level: int) -> ListPlace | None:
    return None if number_id == "0" else ListPlace(number_id, level)


def _twips(indents: Any, *names: str) -> int | None:
    for name in names:
        text = indents.get(w(name))
        if text is not None:
            try:
                return round(float(text))
            except ValueError:
                return None
    return None
