"""Digits that count nothing: dates, document numbers, years, ordinals, articles, phones, times, markers.

What is masked here is never read as a quantity, so that no rule has to think of it again.
"""

from __future__ import annotations

import re

from transforms.audit.units_of_count import COUNTED_WORDS

Interval = tuple[int, int]

_YEAR = r"(?:19|20)\d{2}"
_DAY_MONTH = r"(?:0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(?:0?[1-9]|1[0-2])"
_QUARTER = r"(?:[IVX]{1,3}|[1-4])(?:\s?[,và-]+\s?(?:[IVX]{1,3}|[1-4]))?"

_MARKER = re.compile(
    r"^\s*(?:\(?\d{1,2}\)|\d{1,2}(?:\.\d{1,2})*[.):]?(?=\s+[^\W\d])|\d{1,2}(?:\.\d{1,2})+\.?(?=\s)|\d{1,2}[.)](?=\s|$))"
)
"""A list or section number at the start of a block: "1.", "2.1.", "3)", "(4)"."""

_DESIGNATORS = (
    "điều|khoản|mục|tiểu mục|chương|phần|phụ lục|biểu|biểu số|mẫu|mẫu số|biểu mẫu|bảng|hình|trang|"
    "số|mức|mức độ|cấp độ|lần|lần thứ|thứ|khóa|khoá|kỳ họp|phiên họp|phiên|vòng|"
    "tổ|tổ dân phố|khu|khu vực|khu phố|khối|thôn|bản|ấp|xóm|buôn|làng|phường|quận|đường|quốc lộ|tỉnh lộ|ql|"
    "nghị định|thông tư|quyết định|nghị quyết|chỉ thị|công văn|công điện|đề án|dự án|chương trình|"
    "tuần|bậc|hạng|loại|nhóm|phiên bản|iso|tcvn|covid|windows|điện thoại|đt|sđt|fax|số máy|tài khoản số|"
    "top|vị trí thứ|thứ hạng|xếp thứ|xếp hạng|nghị quyết số|điểm cầu"
)
_COUNTED = rf"{COUNTED_WORDS}|nghìn|ngàn|triệu|tỷ|tỉ|%|phần trăm|tỷ lệ"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # web addresses and mail
        r"\b(?:https?://|www\.)\S+|\S+@\S+\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:gov|com|org|edu)(?:\.vn)?\b\S*",
        # full dates
        rf"\b{_DAY_MONTH}\s?[/.-]\s?\d{{4}}\b",
        r"\bngày\s+\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?",
        rf"\b(?:ngày|từ|đến|hết|trước|sau|sáng|chiều|tối|hôm)\s+(?:ngày\s+)?{_DAY_MONTH}\b(?!\s?[/.]\s?\d)"
        rf"(?:\s*(?:-|–|đến|và|,)\s*(?:ngày\s+)?{_DAY_MONTH}\b)?",
        r"\bngày\s+(?:mùng\s+)?\d{1,2}(?:\s*(?:-|–|,|và|đến)\s*\d{1,2})*\b(?!\s?/?\d)",
        rf"\b\d{{1,2}}\s?/\s?{_YEAR}\b(?!/)",
        rf"\b{_YEAR}\s?-\s?\d{{1,2}}-\d{{1,2}}\b",
        # periods
        r"\btháng\s+\d{1,2}(?:\s*[,-]\s*\d{1,2})*(?:\s?/\s?\d{4}|\s+năm\s+\d{4})?",
        rf"\bquý\s+{_QUARTER}\b(?:\s?/\s?\d{{4}}|\s*(?:,|-)?\s*năm\s+\d{{4}})?",
        r"\b\d{1,2}\s+tháng\b",
        r"\b(?:giai đoạn|nhiệm kỳ|thời kỳ|niên khóa|năm học)\s+\d{4}(?:\s?[-–]\s?\d{4})?",
        rf"\bnăm\s+{_YEAR}(?:\s*(?:[-–,]|và|đến)\s*(?:năm\s+)?{_YEAR})*",
        rf"\b{_YEAR}\s?[-–]\s?{_YEAR}\b",
        # numbers of documents
        r"\b\d{1,6}[a-zđ]{0,2}\s?/\s?(?:\d{4}\s?/\s?)?(?!ha\b|m2\b|km\b|đ\b)[A-ZĐ]{1,8}(?:\d{1,2})?(?:\s?[-–]\s?[A-ZĐ&.\d]+)*",
        r"\b(?:số|số:)\s*\d{1,6}(?:\s?/\s?\d{4})?(?:\s?/)?(?=\s*[/A-ZĐ]{2})",
        r"\b[A-ZĐ]{1,6}[.-]?\d{1,6}(?:[-./]\d+)*\b",
        r"\b[IVXLC]+\.\d+[a-zđ]?\b(?:/[A-ZĐ]+)*",
        r"\b\d\.\d{6}\b(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?",
        r"\b\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}\S*",
        # times, phones, round the clock
        r"\b\d{1,2}\s?(?:giờ|h|g)\s?(?:\d{1,2}\s?(?:phút|')?)?\b",
        r"\b\d{1,2}:\d{2}(?::\d{2})?\b",
        r"(?<![\d.,])(?:\(\+?84\)|\+84|0)\d{1,4}[ .]?\d{3}[ .]?\d{3,4}\b",
        r"\b24/7\b|\b24/24\b",
        # service levels, ordinals, articles
        r"\bmức(?:\s+độ)?\s+\d(?:\s*(?:,|và|-|/)\s*(?:mức(?:\s+độ)?\s+\d|\d(?=\s*(?:[.,;:)]|$|của|cho|trên|tại|theo))))*"
        r"(?=\b(?!\s?(?:%|\.\d|,\d)))",
        r"\bđiểm\s+[a-zđ](?:\s*,\s*[a-zđ])*\b",
    )
)
_DESIGNATED = re.compile(
    rf"\b(?:{_DESIGNATORS})\s+(?:số\s+)?(\d+[a-zđ]?(?:\s*(?:,|và|-|–)\s*\d+[a-zđ]?\b(?!\s*(?:{_COUNTED})))*)"
    rf"(?![\d.,/]*\d)(?!\s*(?:{_COUNTED})(?!\w))",
    re.IGNORECASE,
)
"""A number that names its noun: "Điều 17", "Phụ lục 2", "thôn 3"; not "quyết định 362 văn bản"."""
_BARE_YEAR = re.compile(rf"(?<![\d.,/]){_YEAR}(?![\d/]|[.,]\d)(?!\s*(?:{_COUNTED})(?!\w))", re.IGNORECASE)
_DOCUMENT_SYMBOL = re.compile(r"^\d{1,6}[a-zđ]{0,2}\s?/\s?(?:\d{4}\s?/\s?)?[A-ZĐ]")


def find_masked(text: str) -> tuple[Interval, ...]:
    """Intervals of the text whose digits are no quantities, in order, overlaps merged."""
    found: list[Interval] = []
    if marker := _MARKER.match(text):
        found.append(marker.span())
    for pattern in _PATTERNS:
        found.extend(match.span() for match in pattern.finditer(text) if _is_masking(match))
    found.extend(match.span() for match in _DESIGNATED.finditer(text))
    found.extend(match.span() for match in _BARE_YEAR.finditer(text))
    return _merged(found)


def _is_masking(match: re.Match[str]) -> bool:
    """Patterns ignore case; the symbol of a document is written in capitals ("45/BC-UBND", not "45/hồ sơ")."""
    text = match.group()
    if re.match(r"\d{1,6}[a-zđ]{0,2}\s?/\s?(?:\d{4}\s?/\s?)?[^\W\d]", text):
        return bool(_DOCUMENT_SYMBOL.match(text))
    if re.match(r"[^\W\d]{1,6}[.-]?\d", text):
        return text[0].isupper() and not re.match(r"(?:IX|IV|V?I{0,3})\d", text)
    return True


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
