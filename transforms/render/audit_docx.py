"""A copy of a Word report with a comment at every place that an audit marked; nothing else in it changes."""

from __future__ import annotations

import copy
import io
import posixpath
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from lxml import etree

from transforms.audit.documents.letters import Origin
from transforms.audit.documents.model import REPORT_LIMITS
from transforms.audit.documents.word import WordBlock, walk_word
from transforms.audit.documents.word_package import W, open_word, parse_xml, part_relations, w
from transforms.audit.model import ReportText
from transforms.render.audit_marks import Mark
from transforms.render.docx_xml import legal_text

AUTHOR, INITIALS = "Mot Cua", "MC"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_COMMENTS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES_PART = "[Content_Types].xml"

Edges = tuple[Origin, Origin] | None
"""The first and the last letter of a place."""


def render_audit_docx(file: BinaryIO, report: ReportText, marks: Sequence[Mark], day: datetime) -> bytes:
    """The document with one comment per mark, by "Mot Cua", dated ``day``.

    Runs are split where a mark begins or ends and keep their formatting. Every part but the main one, its
    relations, the comments and the list of content types stays byte for byte. A mark in a footnote or a
    text box is commented where that hangs, since Word takes no comments inside. ValueError where ``report``
    was not read from this file, or the file is of the strict variant of the format.
    """
    found = walk_word(open_word(file, REPORT_LIMITS))
    if found.text != report or found.package.is_strict:
        raise ValueError("the report was read from another file, or its format takes no comments")
    placed = [(mark, *_place(found.blocks, mark)) for mark in marks]
    splitter = _Splitter([edges for _, edges, _ in placed if edges is not None])
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        comments = _Comments(archive, found.package.main_part, found.package.document)
        for mark, edges, anchor in placed:
            first, last = (anchor, anchor) if edges is None else splitter.runs(edges)
            number = comments.add(mark, day)
            _enclose(first, last, number)
        return comments.pack(found.package.document)


def _place(blocks: Sequence[WordBlock], mark: Mark) -> tuple[Edges, Any]:
    """Edges of a mark's letters, or the run that its note or text box hangs on."""
    block = blocks[mark.span.block]
    if block.anchor is not None:
        return None, block.anchor
    held = [origin for origin in block.origins[mark.span.start : mark.span.end] if origin is not None]
    # A number that Word counts is printed and not held: the comment goes to the words behind it, and that
    # of a block without any words of its own to the nearest that has some.
    nearest = sorted(blocks, key=lambda other: abs(blocks.index(other) - mark.span.block)) if not held else []
    for other in nearest:
        held = [origin for origin in other.origins if origin is not None][:1]
        if held:
            break
    home = _paragraph_of(held[0].element)
    return (held[0], next(o for o in reversed(held) if _paragraph_of(o.element) is home)), None


def _paragraph_of(element: Any) -> Any:
    return next(element.iterancestors(w("p")))


class _Splitter:
    """Splits runs at the edges of marks, so that every edge is the edge of a run."""

    def __init__(self, edges: Iterable[tuple[Origin, Origin]]) -> None:
        places: dict[Any, set[int]] = {}
        for first, last in edges:
            places.setdefault(first.element, set()).add(first.start)
            places.setdefault(last.element, set()).add(last.end)
        self._begin: dict[tuple[Any, int], Any] = {}
        self._end: dict[tuple[Any, int], Any] = {}
        for element, cuts in places.items():
            self._split(element, cuts)

    def runs(self, edges: tuple[Origin, Origin]) -> tuple[Any, Any]:
        """The run that begins with the first letter and the run that ends with the last."""
        first, last = edges
        return self._begin[first.element, first.start], self._end[last.element, last.end]

    def _split(self, element: Any, cuts: set[int]) -> None:
        run = _alone(element)
        text = element.text or "" if element.tag == w("t") else " "
        bounds = sorted({0, len(text), *cuts})
        for start, end in pairwise(bounds):
            if start:
                following = copy.deepcopy(run)
                run.addnext(following)
                run = following
            if len(bounds) > 2:
                piece = run.find(w("t"))
                piece.text = text[start:end]
                piece.set(_SPACE, "preserve")
            self._begin[element, start] = self._end[element, end] = run


def _alone(element: Any) -> Any:
    """The run of an element once what stands before and after it has gone into runs of its own."""
    run = element.getparent()
    content = [child for child in run if child.tag != w("rPr")]
    at = content.index(element)
    for rest, is_before in ((content[:at], True), (content[at + 1 :], False)):
        if rest:
            other = etree.SubElement(run, run.tag, dict(run.attrib))
            other.extend(copy.deepcopy(run.findall(w("rPr"))))
            other.extend(rest)
            (run.addprevious if is_before else run.addnext)(other)
    return run


def _enclose(first: Any, last: Any, number: int) -> None:
    first.addprevious(_mark("commentRangeStart", number))
    reference = etree.Element(w("r"))
    reference.append(_mark("commentReference", number))
    last.addnext(reference)
    last.addnext(_mark("commentRangeEnd", number))


def _mark(name: str, number: int) -> Any:
    element = etree.Element(w(name))
    element.set(w("id"), str(number))
    return element


class _Comments:
    """The comments of a package: those it has, and the new ones behind them."""

    def __init__(self, archive: zipfile.ZipFile, main: str, document: Any) -> None:
        self._archive = archive
        self._main = main
        self._relations_part = part_relations(main)
        has_relations = self._relations_part in archive.namelist()
        self._relations = (
            parse_xml(archive.read(self._relations_part))
            if has_relations
            else etree.fromstring(f'<Relationships xmlns="{_RELATIONS}"/>')
        )
        self._part = self._known_part()
        self._is_new = not self._part
        if self._is_new:
            self._part = self._free_name()
            self._root = etree.Element(w("comments"), nsmap={"w": W})
        else:
            self._root = parse_xml(archive.read(self._part))
        used = [
            int(element.get(w("id"), ""))
            for root in (self._root, document)
            for element in root.iter(w("comment"), w("commentReference"), w("commentRangeStart"))
            if element.get(w("id"), "").isdigit()
        ]
        self._next = max(used, default=-1) + 1

    def add(self, mark: Mark, day: datetime) -> int:
        """The number of a new comment that says what a mark says."""
        number, self._next = self._next, self._next + 1
        paragraphs = "".join(
            f"<w:p>{'<w:r><w:annotationRef/></w:r>' if not at else ''}"
            f"{_run(f'{said.label}: ', '<w:b/>')}{_run(said.sentence)}</w:p>"
            for at, said in enumerate(mark.said)
        )
        # Times of comments are local ones without a zone, whatever their form says.
        self._root.append(
            etree.fromstring(
                f'<w:comment xmlns:w="{W}" w:id="{number}" w:author="{AUTHOR}" w:initials="{INITIALS}" '
                f'w:date="{day:%Y-%m-%dT%H:%M:%S}Z">{paragraphs}</w:comment>'
            )
        )
        return number

    def pack(self, document: Any) -> bytes:
        """The package with its new parts; the members keep their order and their dates."""
        changed = {self._main: _bytes(document), self._part: _bytes(self._root)}
        if self._is_new:
            self._declare()
            changed[self._relations_part] = _bytes(self._relations)
            types = parse_xml(self._archive.read(_TYPES_PART))
            override = etree.SubElement(types, f"{{{_TYPES}}}Override")
            override.set("PartName", f"/{self._part}")
            override.set("ContentType", _COMMENTS_TYPE)
            changed[_TYPES_PART] = _bytes(types)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            members = self._archive.infolist()
            for member in members:
                content = changed.pop(member.filename, None)
                # A copy: writing notes the new place in the entry.
                out.writestr(copy.copy(member), self._archive.read(member) if content is None else content)
            for name, content in changed.items():
                entry = zipfile.ZipInfo(name, members[0].date_time)
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, content)
        return target.getvalue()

    def _known_part(self) -> str:
        for relation in self._relations.iter(f"{{{_RELATIONS}}}Relationship"):
            if relation.get("Type") == _COMMENTS_RELATION:
                target = str(relation.get("Target", ""))
                path = posixpath.normpath(posixpath.join(posixpath.dirname(self._main), target)).lstrip("/")
                return path if path in self._archive.namelist() else ""
        return ""

    def _free_name(self) -> str:
        folder, names = posixpath.dirname(self._main), set(self._archive.namelist())
        wanted = (f"comments{number or ''}.xml" for number in range(len(names) + 1))
        return next(path for name in wanted if (path := posixpath.join(folder, name)) not in names)

    def _declare(self) -> None:
        used = {relation.get("Id") for relation in self._relations}
        relation = etree.SubElement(self._relations, f"{{{_RELATIONS}}}Relationship")
        relation.set("Id", next(name for n in range(len(used) + 1) if (name := f"rIdMotCua{n}") not in used))
        relation.set("Type", _COMMENTS_RELATION)
        relation.set("Target", posixpath.basename(self._part))


def _run(text: str, properties: str = "") -> str:
    weight = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{weight}<w:t xml:space="preserve">{escape(legal_text(text))}</w:t></w:r>'


def _bytes(root: Any) -> bytes:
    content: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return content
