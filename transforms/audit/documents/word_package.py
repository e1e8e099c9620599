"""A Word document as its parts, unpacked defensively."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from transforms.audit.documents.model import MOST_XML_BYTES
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.package import DAMAGE, PACKINGS

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ROOT_RELATIONS = "_rels/.rels"
_MAIN, _USUAL_MAIN = "/officeDocument", "word/document.xml"
_ENCRYPTED_FLAG = 0x1
_MOST_MEMBERS = 10_000


def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{W}}}{name}"


@dataclass(frozen=True, slots=True)
class WordPackage:
    """The parts of a document that its text comes from; absent ones are None."""

    main_part: str
    """Path of the main part in the package."""
    document: Any
    styles: Any
    numbering: Any
    footnotes: Any
    endnotes: Any
    is_strict: bool = False
    """True for the strict variant of the format, whose namespaces were replaced for reading."""


def open_word(file: BinaryIO, limits: Limits) -> WordPackage:
    """The parts of a .docx or .docm.

    Raises UnreadableFileError ``audit.file.broken``, ``audit.file.encrypted`` or ``audit.file.too_large``.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            check_archive(archive, limits)
            return _read_parts(archive)
    except (*DAMAGE, etree.XMLSyntaxError, KeyError) as error:
        raise UnreadableFileError("audit.file.broken") from error


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what would unpack to too much, is locked, or is packed in a way that no office program uses."""
    members = archive.infolist()
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise UnreadableFileError("audit.file.encrypted")
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise UnreadableFileError("audit.file.too_large")
    if any(member.compress_type not in PACKINGS for member in members):
        raise UnreadableFileError("audit.file.broken")


def find_main_part(archive: zipfile.ZipFile) -> str:
    """Path of the main part as the package's own relations name it."""
    if _ROOT_RELATIONS in archive.namelist():
        for relation in _parse(_content(archive, _ROOT_RELATIONS)).iter(_RELATIONS):
            if relation.get("Type", "").endswith(_MAIN):
                return str(relation.get("Target", "")).lstrip("/")
    return _USUAL_MAIN


def part_relations(part: str) -> str:
    """Path of the relations of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _read_parts(archive: zipfile.ZipFile) -> WordPackage:
    main = find_main_part(archive)
    content = _content(archive, main)
    parts: dict[str, Any] = {}
    relations = part_relations(main)
    if relations in archive.namelist():
        for relation in _parse(_content(archive, relations)).iter(_RELATIONS):
            kind = str(relation.get("Type", "")).rsplit("/", 1)[-1]
            if kind not in ("styles", "numbering", "footnotes", "endnotes") or kind in parts:
                continue
            path = posixpath.normpath(
                posixpath.join(posixpath.dirname(main), str(relation.get("Target", "")))
            )
            if path.lstrip("/") in archive.namelist():
                parts[kind] = _parse(_content(archive, path.lstrip("/")))
    return WordPackage(
        main,
        _parse(content),
        parts.get("styles"),
        parts.get("numbering"),
        parts.get("footnotes"),
        parts.get("endnotes"),
        _STRICT[0][0] in content,
    )


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        # zipfile stops at the declared size and compares the checksum, so a part cannot be larger than it says.
        content = part.read(MOST_XML_BYTES + 1)
    if len(content) > MOST_XML_BYTES:
        raise UnreadableFileError("audit.file.too_large")
    return content


def _parse(content: bytes) -> Any:
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    return parse_xml(content)


def parse_xml(content: bytes) -> Any:
    """The root of an XML part. A declared document type is refused: its entities can grow without end."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=False)
    root = etree.fromstring(content, parser)
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise UnreadableFileError("audit.file.broken")
    return root
