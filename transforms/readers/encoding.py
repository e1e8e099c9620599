"""Which encoding a text file is in, told from its bytes; never guessed without evidence."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import BinaryIO

from transforms.readers.model import UnreadableFileError

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
    "–—‘’“”…•·×°«»\u00a0₫"
)
# Words that stand in the header of nearly every export. Text of VNI or TCVN3 fonts decoded as
# windows-1258 shows none of them, so it is not mistaken for readable text.
_COMMON_WORDS = frozenset(
    (
        *("hồ", "sơ", "ngày", "số", "xã", "ký", "hiệu", "văn", "bản", "nhận", "tên", "mã", "thủ", "tục"),
        *("đơn", "vị", "trả", "hẹn", "trạng", "thái", "lĩnh", "vực", "phí", "tổng"),
    )
)
_WORD = re.compile(r"\w+")
_NEEDED_WORDS = 3


def detect_encoding(file: BinaryIO) -> str:
    """Python codec name of a text file: utf-8-sig, utf-16, utf-8 or cp1258.

    Reads the whole file in pieces. Raises UnreadableFileError ``file.encoding.unknown`` when the bytes
    are neither valid Unicode nor plausible Vietnamese in windows-1258 (DOMAIN.md 9.2).
    """
    file.seek(0)
    head = file.read(4)
    for bom, codec in _BOMS:
        if head.startswith(bom):
            if not _decodes(file, codec):
                raise UnreadableFileError("file.encoding.unknown")
            return codec
    if _decodes(file, "utf-8"):
        return "utf-8"
    if _is_windows_1258(file):
        return "cp1258"
    raise UnreadableFileError("file.encoding.unknown")


def _decodes(file: BinaryIO, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _is_windows_1258(file: BinaryIO) -> bool:
    if not _decodes(file, "cp1258"):
        return False
    file.seek(0)
    text = unicodedata.normalize("NFC", file.read(_CHUNK).decode("cp1258", errors="ignore"))
    foreign = [ch for ch in text if not ch.isascii()]
    known = sum(ch in _VIETNAMESE for ch in foreign)
    words = _COMMON_WORDS.intersection(_WORD.findall(text.casefold()))
    return known >= 0.98 * len(foreign) and len(words) >= _NEEDED_WORDS
