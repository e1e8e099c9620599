"""What the words of a row say it is: a total, a group, a note, a part of the signature block."""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.text_vi import fold, tidy

HAS_LETTER = re.compile(r"[^\W\d_]")
OUTLINE_NUMBER = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])[.)/]?$")

_ACCENTED = {"tong": "tổng", "cong": "cộng", "so": "số", "hop": "hợp"}
"""Words of totals that lose their meaning with their tone mark: "Công chứng", "Tống", "hộp"."""
_NO_TOTALS = ("cộng hòa", "cộng hoà", "cộng đồng", "cộng tác", "tổng cục", "tổng công ty", "tổng kết",
              "tổng hội", "tổng đài", "tổng thanh tra", "tổng liên đoàn")  # fmt: skip
"""What only begins like a total."""
_QUANTITY = re.compile(
    r"^[+\-(]?(?:\d[\d.,\s]*)?\)?\s*(?:%|đồng|đ|vnđ|vnd|hồ sơ|bộ|bản|văn bản|trường hợp|lượt|x)?[.\-–—]*$",
    re.IGNORECASE,
)
_ERROR = re.compile(r"^#[A-Z/0!?]+$")
_IN_WORDS = ("bang chu", "so tien bang chu", "viet bang chu")

_PERIOD = re.compile(
    r"^(?:thang|quy|nam|tuan|ngay)\b[ 0-9ivx]*(?:thang|quy|nam|20\d\d|19\d\d)?[ 0-9]*$|^\d{1,2} 20\d\d$"
)
_DATE = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$|^\d{4}-\d{2}-\d{2}")
_HEADED = re.compile(
    r"^(?:(?:[ivxlc]{1,5}|\d{1,2}|[a-h]) )?(?:linh vuc|nhom|thang|quy|don vi|bo phan|loai)\b"
)
_NUMBERED_HEADING = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])\s*[.)/:\-–]\s*[^\W\d_]")

_PLACE_AND_DAY = re.compile(r"^(?:[a-z ]+ )?ngay(?: \d{1,2})? thang(?: \d{1,2})? nam(?: \d{2,4})?$")
_SIGNING = re.compile(
    r"^(?:(?:kt|tm|tl|tuq|q|t m|k t|t l) )*"
    r"(?:nguoi (?:lap|ky|vao so|ghi so|nhap|thong ke|phu trach|tong hop|bao cao|kiem tra|kiem soat|thuc hien|duyet|xac nhan)|"
    r"can bo (?:lap|tong hop|phu trach|thong ke|bao cao)|cong chuc (?:lap|phu trach|tu phap|van phong)|"
    r"lap bieu|ke toan|van thu|thu quy|thu truong|(?:pho )?chu tich|(?:pho )?giam doc|(?:pho )?truong (?:phong|bo phan|ban)|"
    r"chanh van phong|ky (?:va )?ghi ro ho (?:va )?ten|ky (?:va )?(?:ho )?ten|ky dong dau|da ky|ky so|"
    r"xac nhan cua|noi nhan|dai dien)\b"
)
_ON_BEHALF = re.compile(r"^(?:tm|kt|tl|tuq|t m|k t|t l|tu q)\b")
_NOTE = re.compile(
    r"^(?:ghi chu|luu y|chu thich|giai thich|nguon|trang \d|ngay in|in ngay|thoi gian in|nguoi in|ket xuat|"
    r"ngay ket xuat|bang chu|so tien bang chu|danh sach (?:nay )?(?:co|gom))\b|^trang$"
)
_NOTE_MARK = re.compile(r"^\(?\*+\)?\s*\S|^-{3,}$|^={3,}$")


def is_total_label(text: str, words: Iterable[str]) -> bool:
    """True where a text is, or begins with, one of the folded words of totals.

    Tone marks count where they are written: "Công chứng" and the surname "Tống" are no totals.
    """
    tokens = [part for part in re.split(r"[^\w]+", tidy(text).casefold()) if part]
    start = " ".join(tokens[:3])
    if start.startswith(_NO_TOTALS):
        return False
    return any(_begins(tokens, word.split()) for word in words)


def is_bare_total_label(text: str, words: Iterable[str]) -> bool:
    """True where a text is a word of totals and nothing more ("Tổng cộng:", "CỘNG (I+II)")."""
    bare = re.sub(r"\(.*?\)|[^\w\s]", " ", text)
    tokens = [part for part in bare.casefold().split() if HAS_LETTER.search(part)]
    return any(_begins(tokens, word.split()) and len(tokens) == len(word.split()) for word in words)


def is_quantity(text: str) -> bool:
    """True for what a total row may hold beside its label: a number with or without its unit, a dash, an error."""
    text = tidy(text)
    return bool(_QUANTITY.match(text) or _ERROR.match(text)) or fold(text).startswith(_IN_WORDS)


def is_group_heading(text: str) -> bool:
    """True for a text that by itself announces a group: "II. Hộ tịch", "Lĩnh vực Đất đai", "Tháng 01/2021"."""
    return bool(_NUMBERED_HEADING.match(text) or _HEADED.match(fold(text)) or is_period(text))


def is_period(text: str) -> bool:
    """True for a text that names a span of time or a day and nothing else."""
    return bool(_PERIOD.match(fold(text)) or _DATE.match(text))


def is_place_and_day(text: str) -> bool:
    """True for the line above a signature: "Bình Lương, ngày 5 tháng 9 năm 2021", also with dots left open."""
    return bool(_PLACE_AND_DAY.match(fold(text)))


def is_signing(text: str) -> bool:
    """True for an office or an instruction of a signature block ("TM. ỦY BAN NHÂN DÂN", "(Ký, ghi rõ họ tên)")."""
    folded = fold(text)
    return len(folded.split()) <= 12 and bool(_SIGNING.match(folded) or _ON_BEHALF.match(folded))


def is_note(text: str) -> bool:
    """True for a remark at the foot of a list or a page."""
    return bool(_NOTE.match(fold(text)) or _NOTE_MARK.match(text))


def total_words_pattern(words: Iterable[str]) -> str:
    """Regular expression that finds folded words at the start of text with its diacritics still on."""
    starts = "|".join(r"[^\pL\pN]+".join(_letters_pattern(part) for part in word.split()) for word in words)
    return rf"(?i)^[^\pL\pN]*(?:{starts})(?:[^\pL\pN]|$)"


def _begins(tokens: list[str], words: list[str]) -> bool:
    return len(tokens) >= len(words) and all(
        fold(token) == word and (token.isascii() or token == _ACCENTED.get(word, token))
        for token, word in zip(tokens, words, strict=False)
    )


def _letters_pattern(word: str) -> str:
    return "".join(f"[{letter}{_VARIANTS.get(letter, '')}]" for letter in word)


def _letter_variants() -> dict[str, str]:
    variants: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        folded = fold(chr(code))
        if len(folded) == 1:
            variants[folded] = variants.get(folded, "") + chr(code)
    return variants


_VARIANTS = _letter_variants()
