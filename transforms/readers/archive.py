"""Zip archives of exports: what lies in them, and each file taken out without trusting what it declares."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.package import ARCHIVE, DAMAGE, PACKINGS, find_container

MEMBER_SEPARATOR = " › "
"""Between the names of an archive and of a file in it, for people."""
_MAGIC = b"PK"
_CHUNK = 1 << 20
_ENCRYPTED_FLAG = 0x1
_UTF8_FLAG = 0x800
_LONGEST_NAME = 180
# Left by systems and programs beside the files that a person put in.
_DRIVE = re.compile(r"[A-Za-z]:")
_SYSTEM_FOLDERS = frozenset(("__macosx",))
_SYSTEM_NAMES = frozenset(("thumbs.db", ".ds_store", "desktop.ini"))
_VIETNAMESE_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One file in an archive. ``name`` is its path inside as people read it, without control characters."""

    index: int
    """Place in the archive's directory; names may repeat."""
    name: str
    refusal: str = ""
    """Code of the reason why it is not taken out, empty for a member that can be tried."""

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders above the file, the outermost first."""
        return tuple(self.name.split("/")[:-1])


def is_archive(file: BinaryIO) -> bool:
    """True for a zip file that is neither a workbook nor another document in a package; never raises."""
    file.seek(0)
    if file.read(len(_MAGIC)) != _MAGIC:
        return False
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return find_container(archive) == ARCHIVE
    except (UnreadableFileError, *DAMAGE):
        # A damaged package is refused by the reader of workbooks, with its own reason.
        return False


def list_members(file: BinaryIO, limits: Limits) -> tuple[ArchiveMember, ...]:
    """The files of an archive in the order of their names, folders and system files left out.

    A member whose path leads out of the archive is listed as refused ``file.archive.path``. Raises
    UnreadableFileError ``file.broken``, ``file.archive.encrypted`` when every file asks for a password,
    ``file.archive.members`` (``most``) or ``file.too_large`` for what the directory itself declares.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [(index, entry) for index, entry in enumerate(archive.infolist()) if not entry.is_dir()]
    except DAMAGE as error:
        raise UnreadableFileError("file.broken") from error
    if len(entries) > limits.archive_members:
        raise UnreadableFileError("file.archive.members", most=limits.archive_members)
    if entries and all(entry.flag_bits & _ENCRYPTED_FLAG for _, entry in entries):
        raise UnreadableFileError("file.archive.encrypted")
    if sum(entry.file_size for _, entry in entries) > limits.unpacked_bytes:
        raise UnreadableFileError("file.too_large")
    members = (_member(index, entry) for index, entry in entries)
    return tuple(sorted((m for m in members if not _is_of_system(m)), key=lambda m: (m.name, m.index)))


def unpack_member(file: BinaryIO, member: ArchiveMember, target: BinaryIO, limits: Limits) -> int:
    """How many bytes of one file were written to ``target``.

    What really comes out is counted: unpacking stops at the limit whatever size was declared. Raises
    UnreadableFileError with the member's own refusal, ``file.archive.encrypted``, ``file.too_large`` or
    ``file.broken``.
    """
    if member.refusal:
        raise UnreadableFileError(member.refusal)
    written = 0
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entry = archive.infolist()[member.index]
            if entry.flag_bits & _ENCRYPTED_FLAG:
                raise UnreadableFileError("file.archive.encrypted")
            if entry.compress_type not in PACKINGS:
                raise UnreadableFileError("file.broken")
            for piece in _pieces(archive, entry):
                written += len(piece)
                if written > limits.file_bytes:
                    raise UnreadableFileError("file.too_large")
                target.write(piece)
    except (*DAMAGE, IndexError) as error:
        raise UnreadableFileError("file.broken") from error
    return written


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while piece := part.read(_CHUNK):
            yield piece


def _member(index: int, entry: zipfile.ZipInfo) -> ArchiveMember:
    raw = _decoded(entry)
    path = raw.replace("\\", "/")
    parts = path.split("/")
    leads_out = path.startswith("/") or ".." in parts or bool(_DRIVE.match(path))
    shown = "/".join(part for part in parts if part.strip("."))
    shown = "".join(letter if letter.isprintable() else " " for letter in shown).strip()[-_LONGEST_NAME:]
    return ArchiveMember(index, shown or str(index + 1), "file.archive.path" if leads_out else "")


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name of an entry: UTF-8, also where it is not marked so, windows-1258 or code page 437."""
    name = entry.orig_filename.split("\0")[0]
    if entry.flag_bits & _UTF8_FLAG or name.isascii():
        return unicodedata.normalize("NFC", name)
    content = name.encode("cp437", errors="replace")
    for codec in ("utf-8", "cp1258"):
        try:
            decoded = unicodedata.normalize("NFC", content.decode(codec))
        except UnicodeDecodeError:
            continue
        if codec == "utf-8" or all(map(_is_vietnamese, decoded)):
            return decoded
    return name


def _is_vietnamese(letter: str) -> bool:
    if letter.isascii() or letter in "đĐ":
        return True
    apart = unicodedata.normalize("NFD", letter)
    return apart[0].isascii() and apart[0].isalpha() and _VIETNAMESE_MARKS.issuperset(apart[1:])


def _is_of_system(member: ArchiveMember) -> bool:
    name = member.name.rpartition("/")[2]
    return (
        name.startswith("._")
        or name.casefold() in _SYSTEM_NAMES
        or any(folder.casefold() in _SYSTEM_FOLDERS for folder in member.folders)
    )
