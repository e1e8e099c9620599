"""Administrative units mentioned in running text: "UBND xã Bình Lương", "Cổng thông tin điện tử thị xã"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TYPES = "thị trấn|thị xã|thành phố|phường|huyện|quận|tỉnh|đặc khu|xã"
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
_WORD = rf"[{_UPPER}][^\W\d_]*'?[^\W\d_]*"
_NAME = rf"(?P<name>(?:{_WORD}|\d{{1,2}}(?![\d/.,]))(?:[ \-]{_WORD}){{0,3}})"
_COMMITTEE = (
    r"(?P<committee>(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|hội đồng nhân dân|hđnd|đảng ủy|đảng uỷ|"
    r"cổng thông tin điện tử|trang thông tin điện tử|cổng ttđt|trang ttđt|đảng bộ|"
    r"cơ quan ubnd|công an|mttq|ubmttq)(?:\s*(?:,|-|và)\s*(?:hđnd|ubnd))?\s+)?"
)
_MENTION = re.compile(rf"(?<![^\W_])(?i:{_COMMITTEE})(?P<type>(?i:{_TYPES}))(?![^\W_])(?:\s+{_NAME})?")
_NOT_NAMES = frozenset(
    [
        "Ban",
        "Bộ",
        "Cổng",
        "Trang",
        "Trung",
        "Công",
        "Đảng",
        "Hội",
        "Ủy",
        "Uỷ",
        "UBND",
        "HĐND",
        "Chủ",
        "Phó",
        "Văn",
        "Phòng",
        "Sở",
        "Đoàn",
        "Năm",
        "Báo",
        "Kế",
        "Quyết",
        "Nghị",
        "Căn",
        "Tổng",
        "Trong",
        "Tại",
        "Theo",
        "Từ",
        "Về",
        "Và",
        "Các",
        "Để",
        "Với",
        "Có",
        "Đã",
        "TM",
        "KT",
        "CHỦ",
        "CỘNG",
        "Tổ",
        "Thanh",
        "Mặt",
        "Hiện",
        "Nhằm",
        "Đồng",
        "Kết",
        "Số",
        "I",
        "II",
        "III",
        "IV",
        "V",
    ]
)


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A type of unit with its name, empty where none follows."""

    start: int
    end: int
    type: str
    name: str
    committee: str
    """The body named before it ("ubnd", "cổng thông tin điện tử"), folded to lower case; "" for none."""

    @property
    def is_committee(self) -> bool:
        """True where the people's committee itself is named."""
        return self.committee.startswith(("ubnd", "ủy ban", "uỷ ban"))


def find_unit_mentions(text: str) -> Iterator[UnitMention]:
    """Every unit mentioned in the text, typed; capitals of a heading do not hide one."""
    for match in _MENTION.finditer(text):
        name = (match["name"] or "").strip()
        words = name.split()
        if words and (words[0] in _NOT_NAMES or words[0].rstrip(":") in _NOT_NAMES):
            name = ""
        if match["type"].isupper() and name and not name.isupper():
            name = ""
        if name.isupper() and match["type"].isupper():
            name = " ".join(word.capitalize() for word in _until_other(words))
        elif name:
            name = " ".join(_until_other(words))
        end = match.end("type") if not name else match.start("name") + len(" ".join(_until_other(words)))
        yield UnitMention(
            match.start(),
            end,
            match["type"].casefold(),
            name,
            re.sub(r"\s+", " ", (match["committee"] or "")).strip().casefold(),
        )


def _until_other(words: list[str]) -> list[str]:
    """The words of a name up to one that starts something else ("Bình Lương Báo cáo")."""
    kept: list[str] = []
    for word in words:
        if kept and word in _NOT_NAMES:
            break
        kept.append(word)
    return kept
