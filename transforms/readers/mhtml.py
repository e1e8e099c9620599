"""A web page saved in one file (MIME, RFC 2557), as Excel writes "Single File Web Page"."""

from __future__ import annotations

import email
import email.policy
import io
from email.message import Message
from typing import BinaryIO

from transforms.readers.encoding import detect_encoding
from transforms.readers.html import read_html
from transforms.readers.limits import DEFAULT_LIMITS, Limits
from transforms.readers.model import RawSheet, UnreadableFileError

_MOST_BYTES = 64 << 20
"""The parts are decoded in memory; a list of dossiers in this form is a few megabytes."""
_FROM_END = 2
_NO_TABLES = ("tabstrip.htm", "filelist.xml")


def read_mhtml(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> tuple[RawSheet, ...]:
    """The tables of every page in the file, in order; pictures and the strip of sheet tabs are passed over.

    Raises UnreadableFileError ``file.too_large``, ``file.broken`` when no page is in it or the end is
    missing, and what ``read_html`` raises.
    """
    if file.seek(0, _FROM_END) > _MOST_BYTES:
        raise UnreadableFileError("file.too_large")
    file.seek(0)
    message = email.message_from_binary_file(file, policy=email.policy.compat32)
    pages = [
        part for part in message.walk() if part.get_content_type() == "text/html" and not _is_strip(part)
    ]
    if not pages or message.defects or any(page.defects for page in pages):
        raise UnreadableFileError("file.broken")
    return tuple(sheet for page in pages for sheet in _read_page(page, limits) if sheet.cells.num_rows)


def _is_strip(part: Message) -> bool:
    return str(part.get("Content-Location", "")).endswith(_NO_TABLES)


def _read_page(page: Message, limits: Limits) -> tuple[RawSheet, ...]:
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise UnreadableFileError("file.broken")
    file = io.BytesIO(content)
    return read_html(file, detect_encoding(file), limits)
