"""The letters of a Word paragraph as printed: insertions kept, deletions, hidden text and field codes left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from transforms.audit.documents.letters import BREAK, Letter, Origin
from transforms.audit.documents.word_numbering import bullet_letter
from transforms.audit.documents.word_package import W, w
from transforms.audit.documents.word_styles import is_on

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = frozenset(
    w(name)
    for name in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "customXmlPr",
        "smartTagPr",
        "rt",
        "instrText",
        "delText",
    )
)
_SPACES = frozenset((w("tab"), w("ptab")))
_CONTENTS_FIELD = "TOC"
OWN_BOOKMARK = "mc_"
"""What the names of bookmarks begin with that our own reports set over their figures."""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote where it is referred to."""

    kind: str
    """footnote or endnote."""
    note_id: str
    run: Any


@dataclass(frozen=True, slots=True)
class Box:
    """A text box where it is anchored."""

    content: Any
    run: Any


@dataclass(slots=True)
class ParagraphLetters:
    """What a paragraph holds, in order."""

    letters: list[Letter] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    names: dict[str, list[Any]] = field(default_factory=dict)
    """Our own bookmarks: name → the elements whose letters stand under it."""
    page_count: int = 0
    """Pages that Word began inside this paragraph when it last laid the document out."""
    pages_before_text: int = 0


@dataclass(slots=True)
class _Field:
    code: str = ""
    is_in_result: bool = False


class LetterReader:
    """Reads paragraphs one after the other; a field such as a table of contents may span many."""

    def __init__(self, document: Any) -> None:
        self._fields: list[_Field] = []
        self._names: dict[str, str] = {}
        kinds = [mark.get(w("fldCharType")) for mark in document.iter(w("fldChar"))]
        # A field that never ends would hide the rest of the document.
        self._follows_fields = kinds.count("begin") == kinds.count("end")

    def read(self, paragraph: Any) -> ParagraphLetters:
        """The letters of a ``w:p``, with the notes and text boxes that it refers to."""
        found = ParagraphLetters()
        self._names = {}
        self._walk(paragraph, found, None)
        return found

    @property
    def _is_shown(self) -> bool:
        return all(
            field.is_in_result and field.code.split()[:1] != [_CONTENTS_FIELD] for field in self._fields
        )

    def _walk(self, parent: Any, found: ParagraphLetters, run: Any | None) -> None:
        for child in parent:
            tag = child.tag
            if not isinstance(tag, str) or tag in _LEFT_OUT:
                if tag == w("instrText") and self._fields and not self._fields[-1].is_in_result:
                    self._fields[-1].code += child.text or ""
                continue
            if tag == w("r"):
                self._read_run(child, found)
            elif tag == w("bookmarkStart"):
                if child.get(w("name"), "").startswith(OWN_BOOKMARK):
                    self._names[child.get(w("id"), "")] = child.get(w("name"))
            elif tag == w("bookmarkEnd"):
                self._names.pop(child.get(w("id"), ""), None)
            elif tag == f"{_COMPATIBILITY}AlternateContent":
                if (chosen := _chosen(child)) is not None:
                    self._walk(chosen, found, run)
            elif tag == w("txbxContent"):
                found.boxes.append(Box(child, run))
            elif tag == f"{_MATH}t":
                found.letters.extend((letter, None) for letter in child.text or "")
            else:
                self._walk(child, found, run)

    def _read_run(self, run: Any, found: ParagraphLetters) -> None:
        properties = run.find(w("rPr"))
        is_hidden = properties is not None and is_on(properties.find(w("vanish")))
        for child in run:
            tag = child.tag
            if tag == w("fldChar"):
                self._turn(child)
            elif tag == w("lastRenderedPageBreak"):
                found.page_count += 1
                if not any(letter.strip() for letter, _ in found.letters):
                    found.pages_before_text += 1
            elif tag in (w("footnoteReference"), w("endnoteReference")):
                kind = tag.removeprefix(f"{{{W}}}").removesuffix("Reference")
                found.notes.append(Note(kind, child.get(w("id"), ""), run))
            elif tag in (w("t"), w("tab"), w("ptab"), w("br"), w("cr"), w("noBreakHyphen"), w("sym")):
                if not is_hidden and self._is_shown:
                    found.letters.extend(_letters(child))
                    for name in self._names.values():
                        found.names.setdefault(name, []).append(child)
            elif not isinstance(tag, str) or tag in _LEFT_OUT:
                if tag == w("instrText") and self._fields and not self._fields[-1].is_in_result:
                    self._fields[-1].code += child.text or ""
            else:
                self._walk_one(child, found, run)

    def _walk_one(self, child: Any, found: ParagraphLetters, run: Any) -> None:
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            chosen = _chosen(child)
            if chosen is not None:
                self._walk(chosen, found, run)
        else:
            self._walk(child, found, run)

    def _turn(self, mark: Any) -> None:
        if not self._follows_fields:
            return
        kind = mark.get(w("fldCharType"))
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_in_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()


def _letters(element: Any) -> Iterator[Letter]:
    tag = element.tag
    if tag == w("t"):
        for place, letter in enumerate(element.text or ""):
            yield (" " if letter in "\r\n" else letter), Origin(element, place, place + 1)
        return
    whole = Origin(element, 0, 1)
    if tag in _SPACES:
        yield "\t", whole
    elif tag == w("noBreakHyphen"):
        yield "-", whole
    elif tag == w("sym"):
        code = element.get(w("char"), "")
        try:
            yield bullet_letter(chr(int(code, 16))), whole
        except (ValueError, OverflowError):
            return
    else:
        yield BREAK, whole


def _chosen(alternatives: Any) -> Any | None:
    """Of one content in several forms the first; the others say the same for older programs."""
    return next((child for child in alternatives if isinstance(child.tag, str)), None)
