"""Which encoding a text file is in, told from its bytes."""

from __future__ import annotations

import codecs
from typing import BinaryIO

import numpy as np

from transforms.readers.model import UnreadableFileError

SINGLE_BYTE = "latin-1"
"""One character for each byte, nothing lost: what the bytes mean is settled later for each column by the
words they make (legacy/), as the character set belongs to the font of a cell and not to the file."""

_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LETTERS_PER_DAMAGE = 10
"""A file is damaged UTF-8, and no other encoding, when so many letters are whole for each broken place."""
_ZERO_SHARE, _ZERO_SHARE_OTHER = 0.5, 0.02
_SUBSTITUTE = "\ufffd"
# Control characters that text does not have. VISCII has capitals at 02, 05, 06, 14, 19 and 1E.
_NO_TEXT = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1a") - {0x02, 0x05, 0x06, 0x14, 0x19, 0x1E})
_MOST_NO_TEXT_SHARE = 0.001


def detect_encoding(file: BinaryIO) -> str:
    """Python codec name of a text file: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be or latin-1.

    Reads the whole file in pieces. Decode with ``errors="replace"``: a few broken places do not make
    UTF-8 another encoding. "latin-1" stands for any one-byte set, see ``SINGLE_BYTE``. Raises
    UnreadableFileError ``file.encoding.unknown`` for bytes that are no text in any of them.
    """
    file.seek(0)
    head = file.read(_CHUNK)
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return codec
    if codec := utf16_codec(head):
        return codec
    if _is_utf8(file):
        return "utf-8"
    if len(head) - len(head.translate(None, _NO_TEXT)) > _MOST_NO_TEXT_SHARE * len(head):
        raise UnreadableFileError("file.encoding.unknown")
    return SINGLE_BYTE


def utf16_codec(head: bytes) -> str:
    """Codec of UTF-16 without a byte order mark, told by the zero bytes of its plain letters, else ""."""
    even, odd = head[::2], head[1::2]
    for codec, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if (
            len(others) > 1
            and zeros.count(0) >= _ZERO_SHARE * len(zeros)
            and others.count(0) <= _ZERO_SHARE_OTHER * len(others)
        ):
            text = head.decode(codec, errors="ignore")
            return "" if any(chr(code) in text for code in _NO_TEXT) else codec
    return ""


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    letters = broken = 0
    file.seek(0)
    while True:
        chunk = file.read(_CHUNK)
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            # A substitute that an earlier program wrote is a letter of the file like any other.
            broken += text.count(_SUBSTITUTE) - chunk.count(_SUBSTITUTE.encode())
            letters += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) >= 0xC2))
        if not chunk:
            return _LETTERS_PER_DAMAGE * broken <= letters - broken or broken <= 0
