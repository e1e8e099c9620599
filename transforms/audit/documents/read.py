"""What a file is and which reader takes it."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

from transforms.audit.documents.model import REPORT_LIMITS, ReadReport
from transforms.audit.documents.plain import read_plain
from transforms.audit.documents.web import read_web
from transforms.audit.documents.word import read_word
from transforms.audit.documents.word_package import find_main_part
from transforms.readers import ole
from transforms.readers.detect import detect
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.package import DAMAGE

__all__ = ["ReadReport", "read_report"]

_HEAD = 1024
_FROM_END = 2
_PDF = b"%PDF-"
_WORD_STREAM = "WordDocument"
_SPREADSHEETS = {
    "xlsx": "bảng tính Excel",
    "xlsb": "bảng tính Excel",
    "xls": "bảng tính Excel",
    "xml2003": "bảng tính Excel",
    "ods": "bảng tính OpenDocument",
    "mhtml": "trang web lưu dạng MHTML",
    "zip": "tệp nén",
}
_OWN_CODES = {
    "file.empty": "audit.file.empty",
    "file.too_large": "audit.file.too_large",
    "file.too_deep": "audit.file.broken",
    "file.broken": "audit.file.broken",
    "file.xml.entities": "audit.file.broken",
    "file.encrypted": "audit.file.encrypted",
    "file.encoding.unknown": "audit.file.encoding_unknown",
}


def read_report(file: BinaryIO, limits: Limits = REPORT_LIMITS) -> ReadReport:
    """The report in an open seekable binary file, told by its content: .docx, .pdf, .html or plain text.

    Raises UnreadableFileError with a code ``audit.file.*``: empty, too_large, broken, encrypted, word_97
    (the binary .doc), unknown_format (parameter ``seems``), encoding_unknown, only_pictures (a scanned
    PDF), letters_unknown (a PDF whose fonts do not say which letters they draw).
    """
    size = file.seek(0, _FROM_END)
    if size > limits.file_bytes:
        raise UnreadableFileError("audit.file.too_large")
    file.seek(0)
    head = file.read(_HEAD)
    if _PDF in head:
        # Read only where a PDF comes: its library takes a third of a second to load.
        from transforms.audit.documents.pdf import read_pdf

        return read_pdf(file, limits)
    if head.startswith(b"PK") and _is_word(file):
        return read_word(file, limits)
    if head.startswith(ole.MAGIC):
        _refuse_word_97(file)
    return _read_text(file, limits)


def _read_text(file: BinaryIO, limits: Limits) -> ReadReport:
    try:
        found = detect(file, limits)
    except UnreadableFileError as problem:
        if problem.code == "file.unknown_format":
            raise UnreadableFileError(
                "audit.file.unknown_format", seems=str(dict(problem.params)["seems"])
            ) from None
        raise UnreadableFileError(_OWN_CODES[problem.code]) from None
    if found.container == "html":
        return read_web(file, found.encoding)
    if found.container == "csv":
        return read_plain(file, found.encoding)
    raise UnreadableFileError("audit.file.unknown_format", seems=_SPREADSHEETS[found.container])


def _is_word(file: BinaryIO) -> bool:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            return "word/document.xml" in names or (
                "_rels/.rels" in names and find_main_part(archive).startswith("word/")
            )
    except (*DAMAGE, KeyError, SyntaxError):
        raise UnreadableFileError("audit.file.broken") from None


def _refuse_word_97(file: BinaryIO) -> None:
    try:
        names = ole.CompoundFile(file).names
    except (ole.BrokenCompoundFileError, struct.error):
        raise UnreadableFileError("audit.file.broken") from None
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableFileError("audit.file.encrypted")
    if _WORD_STREAM in names:
        raise UnreadableFileError("audit.file.word_97")
