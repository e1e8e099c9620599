"""Numbers, dates and amounts as official Vietnamese writes them. The only place that formats a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_POINTS = "abcdđeghiklmnopqrstuvxy"


def thousands(number: int) -> str:
    """1363 → "1.363": the point separates thousands (DOMAIN.md 9.3)."""
    return f"{number:,}".replace(",", ".")


def padded(number: int) -> str:
    """2 → "02" for counts of dossiers and documents in prose; 0 → "0", 1363 → "1.363". Never in tables."""
    return f"{number:02d}" if 1 <= number <= 9 else thousands(number)


def percent(numerator: int, denominator: int) -> str | None:
    """ "98,5%": one decimal, half up; None when the denominator is 0 ("không phát sinh", DOMAIN.md 4).

    An exact whole percentage prints without decimals ("100%", "50%"), so that "50,0%" says that it was
    rounded. A share that would round to 0 or 100 without being it gets as many decimals as it takes to
    show the difference ("99,97%"): 100% is printed only when nothing is missing, 0% only when nothing is
    there. Raises ValueError for a negative count.
    """
    if numerator < 0 or denominator < 0:
        raise ValueError(f"a share needs counts, got {numerator}/{denominator}")
    if denominator == 0:
        return None
    if numerator * 100 % denominator == 0:
        return f"{thousands(numerator * 100 // denominator)}%"
    decimals = 1
    while True:
        scale = 10**decimals
        scaled = (numerator * 100 * scale * 2 + denominator) // (2 * denominator)
        if scaled not in (0, 100 * scale):
            break
        decimals += 1
    whole, fraction = divmod(scaled, scale)
    return f"{thousands(whole)},{fraction:0{decimals}d}%"


def points(percentage: str) -> Decimal:
    """ "1.098,5%" → 1098.5: a printed percentage as a number, for the distance between two of them."""
    return Decimal(percentage.removesuffix("%").replace(".", "").replace(",", "."))


def hundredths(numerator: int, denominator: int) -> str:
    """27220/1363 → "19,97": a quotient of counts with two decimals, half up. ValueError for a zero denominator."""
    if denominator <= 0:
        raise ValueError("a quotient needs a positive denominator")
    whole, rest = divmod((200 * numerator + denominator) // (2 * denominator), 100)
    return f"{thousands(whole)},{rest:02d}"


def money(amount: int) -> str:
    """11250000 → "11.250.000 đồng"."""
    return f"{thousands(amount)} đồng"


def amount_in_words(amount: int) -> str:
    """11250000 → "Mười một triệu hai trăm năm mươi nghìn đồng".

    Northern forms: linh, nghìn; mốt, lăm after mươi, mười plain before một (DOMAIN.md 9.5). A group of
    three zeros is left out; a group below one hundred inside a number says "không trăm". Raises
    ValueError for a negative amount.
    """
    if amount < 0:
        raise ValueError(f"an amount in words cannot be negative: {amount}")
    words = " ".join(_read_number(amount, is_leading=True)) or _DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _read_number(number: int, is_leading: bool) -> list[str]:
    """Words of a number; "tỷ" nests, so a million milliard is "một triệu tỷ"."""
    words: list[str] = []
    billions, rest = divmod(number, _BILLION)
    if billions:
        words += [*_read_number(billions, is_leading), "tỷ"]
        is_leading = False
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            words += [*_read_group(group, is_leading), *([name] if name else [])]
            is_leading = False
    return words


def _read_group(group: int, is_leading: bool) -> list[str]:
    """Words of 1..999."""
    hundreds, below = divmod(group, 100)
    tens, ones = divmod(below, 10)
    words: list[str] = []
    if hundreds or not is_leading:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 5:
        words.append("lăm")
    elif ones == 1 and tens > 1:
        words.append("mốt")
    elif ones:
        words.append(_DIGITS[ones])
    return words


_ONES = {word: digit for digit, word in enumerate(_DIGITS)} | {"mốt": 1, "lăm": 5, "tư": 4}
_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6}


def read_amount_in_words(text: str) -> int:
    """The inverse of :func:`amount_in_words`; also takes lẻ, ngàn, tư and a missing "đồng".

    Raises ValueError naming the word it does not know.
    """
    words = text.casefold().removesuffix("đồng").split()
    if not words:
        raise ValueError("no words to read")
    total = section = group = digit = 0
    for word in words:
        if word in _ONES:
            group, digit = group + _ONES[word], _ONES[word]
        elif word == "trăm":
            group += digit * 99
        elif word == "mươi":
            group += digit * 9
        elif word == "mười":
            group += 10
        elif word in ("linh", "lẻ"):
            continue
        elif word in _SCALES:
            section, group = section + group * _SCALES[word], 0
        elif word == "tỷ":
            total, section, group = (total + section + group) * _BILLION, 0, 0
        else:
            raise ValueError(f"not a number word: {word!r}")
    return total + section + group


def date_short(day: date) -> str:
    """05/9/2021: two digits for days below 10 and for January and February only (NĐ 30/2020/NĐ-CP)."""
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def date_long(day: date) -> str:
    """ "ngày 05 tháng 9 năm 2021"."""
    return f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)


def roman(number: int) -> str:
    """4 → "IV"; raises ValueError below 1."""
    if number < 1:
        raise ValueError(f"no Roman numeral for {number}")
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def point(number: int) -> str:
    """1 → "a", 5 → "đ": points follow the Vietnamese alphabet; raises IndexError beyond its end."""
    if number < 1:
        raise IndexError(number)
    return _POINTS[number - 1]
