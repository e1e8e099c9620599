"""Plain text as it lies in files: any encoding that offices use, the old Vietnamese ones included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from transforms.audit.documents.model import ReadReport
from transforms.audit.plain_text import split_text
from transforms.readers.encoding import SINGLE_BYTE
from transforms.readers.legacy.charsets import decode_as, read_as_windows_1252
from transforms.readers.legacy.columns import find_charset
from transforms.text_vi import compose


def read_plain(file: BinaryIO, encoding: str) -> ReadReport:
    """The report in a text file; form feeds count pages."""
    file.seek(0)
    text = file.read().decode(encoding, errors="replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if encoding == SINGLE_BYTE:
        lines = list(mend_letters(lines))
    report = split_text("\n".join(compose(line) for line in lines))
    if "\f" not in text:
        # Without a form feed nothing says where pages end.
        report = replace(report, blocks=tuple(replace(block, page=None) for block in report.blocks))
    return ReadReport("txt", report)


def mend_letters(texts: Sequence[str]) -> Sequence[str]:
    """Texts of an old one-byte set in Unicode, found by the words that they make; else as they stand."""
    charset = find_charset([text for text in texts if not text.isascii()])
    if charset is None:
        return [read_as_windows_1252(text) for text in texts]
    return [decode_as(charset, read_as_windows_1252(text)) or text for text in texts]
