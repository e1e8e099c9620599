"""Numbers written in Vietnamese words, as people write them: "mười một triệu hai trăm năm mươi nghìn"."""

from __future__ import annotations

import re
import unicodedata

_ONES = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6}
_BILLION = {"tỷ", "tỉ"}
_TENS = {"mươi", "mười"}
_LINK = {"linh", "lẻ"}
_CLOSING = {"đồng", "chẵn", "việt", "nam", "vnđ", "tròn"}
_WORD = re.compile(r"[^\W\d_]+")


def read_number_words(text: str) -> int | None:
    """The whole number said by the words; None where a word is no number word or nothing is said.

    Northern and southern forms alike (nghìn/ngàn, linh/lẻ, tỷ/tỉ, bốn/tư, lăm/nhăm); commas, hyphens,
    capitals and a closing "đồng", "đồng chẵn" do not matter. "rưỡi" adds half of the last scale.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    while words and words[-1] in _CLOSING:
        words.pop()
    if not words:
        return None
    total = section = group = 0
    last_scale, pending_tens = 1, 0
    has_digit = False
    for word in words:
        if word in _ONES:
            group += _ONES[word]
            pending_tens = _ONES[word]
            has_digit = True
        elif word == "trăm":
            if not has_digit:
                return None
            group += pending_tens * 99
            pending_tens = 0
        elif word == "mười":
            group += 10
            pending_tens = 0
            has_digit = True
        elif word == "mươi":
            if not has_digit:
                return None
            group += pending_tens * 9
            pending_tens = 0
        elif word in _LINK:
            pending_tens = 0
        elif word in _SCALES:
            if not has_digit:
                return None
            section, group, pending_tens = section + group * _SCALES[word], 0, 0
            last_scale = _SCALES[word]
        elif word in _BILLION:
            if not has_digit:
                return None
            total, section, group, pending_tens = (total + section + group) * 10**9, 0, 0, 0
            last_scale = 10**9
        elif word == "rưỡi" and last_scale > 1:
            section += last_scale // 2
        else:
            return None
    return total + section + group if has_digit else None


def is_number_words(text: str) -> bool:
    """True when at least two words of the text are number words and it starts with one."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    known = _ONES.keys() | _SCALES.keys() | _BILLION | _TENS | _LINK | {"trăm"}
    return len(words) > 1 and words[0] in known and sum(word in known for word in words) >= 2
