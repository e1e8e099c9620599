"""Quantities in running Vietnamese text: value, precision, unit and words of approximation.

1.363 · 1363 · 11.250.000 · 11,250,000 · 96,8 % · 96.8% · 61,3 ngàn · 02 · "hai đơn" · 4.561/5.650.
The point parts thousands and the comma decimals, unless the number itself shows the other convention
(DOMAIN.md 9.3).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.audit.masks import find_masked
from transforms.audit.number_words import read_number_words
from transforms.audit.units_of_count import is_known, unit_at

_SPACES = "[ \u00a0\u202f\u2009]"
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+|\d+(?:[.,]\d+)?"
_SCALE_WORDS = {
    "nghìn": 3,
    "ngàn": 3,
    "triệu": 6,
    "tỷ": 9,
    "tỉ": 9,
    "nghìn tỷ": 12,
    "ngàn tỷ": 12,
    "nghìn tỉ": 12,
}
_SCALE = r"nghìn tỷ|ngàn tỷ|nghìn tỉ|nghìn|ngàn|triệu|tỷ|tỉ"
_QUANTITY = re.compile(
    rf"(?<![\w.,])(?<!\d/)(?P<number>{_NUMBER})(?![\w]|[.,]\d)"
    rf"(?:{_SPACES}?/{_SPACES}?(?P<below>{_NUMBER})(?![\w]|[.,]\d|/))?"
    rf"(?:{_SPACES}+(?P<scale>{_SCALE})(?!\w)(?:{_SPACES}+(?P<more>\d{{1,3}}){_SPACES}+(?P<more_scale>nghìn|ngàn|triệu)(?!\w))?)?",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"(?<![\w.,/])(?P<number>{_NUMBER})(?=%|đ(?!\w)|ha(?!\w)|đ/c)", re.IGNORECASE)
_WORD_NUMBER = re.compile(
    r"(?<!\w)(?P<words>không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười(?: một| hai| ba| bốn| lăm| sáu| bảy| tám| chín)?)"
    rf"{_SPACES}+(?=\w)",
    re.IGNORECASE,
)
_APPROXIMATIONS = (
    ("over", ("hơn", "trên", "ít nhất", "tối thiểu", "không dưới", "từ")),
    ("under", ("gần", "dưới", "chưa đến", "chưa tới", "ngót", "không quá", "tối đa", "xấp xỉ dưới")),
    ("about", ("khoảng", "chừng", "ước", "ước tính", "ước đạt", "ước khoảng", "xấp xỉ", "cỡ", "tầm", "độ")),
)
_APPROXIMATE = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{'|'.join(words)}){_SPACES}*$", re.IGNORECASE))
    for kind, words in _APPROXIMATIONS
)
_TARGET_SIZE = 24
_SLASH = re.compile(r"\s*/\s*")
_NAMES_A_NUMBER = re.compile(r"\s?:\s+\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts, at offsets of its text."""

    start: int
    end: int
    """After the unit word, where one follows."""
    number_end: int
    value: Decimal
    precision: Decimal
    """Size of the last printed place: 1 for 1.363, 100 for "61,3 ngàn", 0.1 for 96,8 %."""
    unit: str
    """Canonical unit ("ho_so", "nguoi", "%", "dong", …); "" where no noun follows, "?cấp" where an
    unknown one does."""
    approximation: str = ""
    """ "over" (hơn), "under" (gần), "about" (khoảng) or ""."""
    below: Decimal | None = None
    """The denominator of a printed fraction: 5650 of "4.561/5.650"."""
    scale: Decimal = Decimal(1)
    """What its scale word multiplies by: 1.000.000.000 for "285,3 tỷ đồng"."""

    @property
    def is_percent(self) -> bool:
        """True for 96,8 %."""
        return self.unit == "%"

    @property
    def is_point(self) -> bool:
        """True for percentage points: "tăng 3 điểm phần trăm"."""
        return self.unit == "diem_phan_tram"

    @property
    def is_count(self) -> bool:
        """True where the number may be a total, a part, a numerator or a base."""
        return self.unit not in ("%", "diem_phan_tram", "thoi_gian")


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of the text in order; dates, document numbers and their like are none (``masks``)."""
    masked = find_masked(text)
    starts = [start for start, _ in masked]
    found: list[Quantity] = []
    for match in (*_QUANTITY.finditer(text), *_GLUED.finditer(text)):
        if not _is_masked(match.start(), masked, starts) and (quantity := _read(text, match)):
            found.append(quantity)
    for match in _WORD_NUMBER.finditer(text):
        if not _is_masked(match.start(), masked, starts) and (quantity := _read_word(text, match)):
            found.append(quantity)
    found.sort(key=lambda quantity: (quantity.start, -quantity.end))
    kept: list[Quantity] = []
    for quantity in found:
        if kept and quantity.start < kept[-1].number_end:
            continue
        if _NAMES_A_NUMBER.match(text, quantity.number_end) and not quantity.unit:
            # "mũi 1: 7.000 liều"
            continue
        if kept and _is_below(text, kept[-1], quantity):
            kept[-1] = replace(kept[-1], end=quantity.end, below=quantity.value)
            continue
        kept.append(quantity)
    return tuple(kept)


def _is_below(text: str, above: Quantity, below: Quantity) -> bool:
    """True for the second half of "5.234.567.000 đồng/5.000.000.000 đồng"."""
    is_same = above.below is None and below.below is None and above.unit == below.unit and bool(above.unit)
    return is_same and below.value > 0 and bool(_SLASH.fullmatch(text[above.end : below.start]))


def parse_number(text: str) -> tuple[Decimal, Decimal] | None:
    """(value, size of the last printed place) of a number that stands alone, as in a table cell; else None."""
    found = re.fullmatch(rf"\s*(?P<sign>-|–)?\s*(?P<number>{_NUMBER})\s*(?P<percent>%)?\s*", text)
    if found is None:
        return None
    value, precision = _value(found["number"], is_count=not found["percent"])
    return (-value if found["sign"] else value), precision


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    number_end = match.end()
    unit, end = unit_at(text, number_end)
    scale = (groups.get("scale") or "").casefold()
    is_count = not scale and unit not in ("%", "dien_tich", "do_dai", "khoi_luong", "diem_phan_tram")
    value, precision = _value(match["number"], is_count)
    power = Decimal(1)
    if scale:
        power = Decimal(10) ** _SCALE_WORDS[re.sub(_SPACES, " ", scale)]
        value, precision = value * power, precision * power
        if more := groups.get("more"):
            step = Decimal(10) ** _SCALE_WORDS[groups["more_scale"].casefold()]
            value, precision = value + int(more) * step, step
    below = None
    if groups.get("below"):
        below = _value(groups["below"], is_count=is_count)[0] * power
        if not unit and _looks_like_day(match["number"], groups["below"]):
            return None
        if below == 0:
            below = None
    return Quantity(
        match.start(),
        end,
        number_end,
        value,
        precision,
        unit,
        _approximation(text, match.start()),
        below,
        power,
    )


def _read_word(text: str, match: re.Match[str]) -> Quantity | None:
    """A number word directly before a counted noun; "một số", "một cửa", "ba là" are none."""
    unit, end = unit_at(text, match.end("words"))
    if not is_known(unit) or unit in ("thoi_gian", "%"):
        return None
    words = match["words"].casefold()
    value = read_number_words(words)
    if value is None or (value == 0 and not _is_said_zero(text, match.start())):
        return None
    if words == "năm" and re.search(
        r"(?:trong|của|cả|từng|hàng|hằng|mỗi|đầu|cuối|mỗi)\s+$", text[: match.start()]
    ):
        return None
    return Quantity(
        match.start(),
        end,
        match.end("words"),
        Decimal(value),
        Decimal(1),
        unit,
        _approximation(text, match.start()),
    )


def _is_said_zero(text: str, start: int) -> bool:
    return bool(re.search(r"[:(]\s*$", text[:start]))


def _value(number: str, is_count: bool) -> tuple[Decimal, Decimal]:
    """Value and size of the last place; a comma before exactly three digits parts thousands of a count."""
    bare = re.sub("[\u00a0\u202f\u2009]", "", number)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", bare) and (
        is_count or "," in bare or bare.count(".") > 1 or not bare.startswith("0")
    ):
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?", bare) or (
        re.fullmatch(r"[1-9]\d{0,2},\d{3}(?:\.\d+)?", bare) and (is_count or "." in bare)
    ):
        bare = bare.replace(",", "")
    else:
        bare = bare.replace(",", ".")
    value = Decimal(bare)
    exponent = value.as_tuple().exponent
    return value, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _looks_like_day(above: str, below: str) -> bool:
    return above.isdigit() and below.isdigit() and 1 <= int(above) <= 31 and 1 <= int(below) <= 12


def _approximation(text: str, start: int) -> str:
    before = text[max(0, start - _TARGET_SIZE) : start]
    return next((kind for kind, pattern in _APPROXIMATE if pattern.search(before)), "")


def _is_masked(position: int, masked: tuple[tuple[int, int], ...], starts: list[int]) -> bool:
    index = bisect_right(starts, position) - 1
    return index >= 0 and position < masked[index][1]
