"""Which unit and which span of time the titles of a sheet name, told from the words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.text_vi import fold, tidy

_UNIT_TYPES = ("thị trấn", "thị xã", "thành phố", "phường", "huyện", "tỉnh", "quận", "xã")
_UNIT = re.compile(rf"(?<!\w)({'|'.join(_UNIT_TYPES)})\s+([^\W\d_]+(?:\s+[^\W\d_]+){{0,1}})", re.IGNORECASE)
_NO_NAMES = frozenset(("hội", "thuộc", "trong", "này", "trực", "và", "theo", "của", "có", "năm", "cấp"))
_ENDS_NAME = frozenset(
    (
        "tỉnh",
        "huyện",
        "quận",
        "xã",
        "phường",
        "tháng",
        "quý",
        "năm",
        "từ",
        "đến",
        "ngày",
        "kỳ",
        "trang",
        "tờ",
        "phần",
        *_NO_NAMES,
    )
)
_SPAN = re.compile(
    r"\btu (?:ngay )?(\d{1,2}) (\d{1,2}) (\d{4}) den (?:het )?(?:ngay )?(\d{1,2}) (\d{1,2}) (\d{4})\b"
)
_DAY_IN_WORDS = re.compile(r"\bngay \d{1,2} thang \d{1,2} nam \d{4}\b")
_PERIODS = (
    re.compile(r"\bthang (\d{1,2})(?: nam)?(?: (20\d\d))?\b"),
    re.compile(r"\bquy ([1-4]|i{1,3}|iv)(?: nam)?(?: (20\d\d))?\b"),
    re.compile(r"\bnam (20\d\d)\b"),
)


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """``units``: folded type → folded names. ``periods``: spans of time as folded text, empty where none is named."""

    units: Mapping[str, frozenset[str]]
    periods: frozenset[str]


def read_title_facts(sheet_name: str, titles: Sequence[str]) -> TitleFacts:
    """What the titles of one sheet name; a sheet's own name counts for units ("Xã Bình Lương") only.

    The day beside a place ("ngày 5 tháng 9 năm 2021") is the day of signing and no period.
    """
    units: dict[str, set[str]] = {}
    for text in (sheet_name, *titles):
        for kind, name in _units_in(text):
            units.setdefault(fold(kind), set()).add(fold(name))
    periods = frozenset(period for title in titles for period in _periods_in(title))
    return TitleFacts({kind: frozenset(names) for kind, names in units.items()}, periods)


def find_difference(facts: Sequence[TitleFacts]) -> str:
    """Why sheets with these titles are no parts of one list, in Vietnamese; "" where nothing speaks against it.

    Sheets that name nothing agree with every other.
    """
    for kind in sorted({kind for fact in facts for kind in fact.units}):
        if len({fact.units[kind] for fact in facts if kind in fact.units}) > 1:
            return "tiêu đề của các trang tính ghi các đơn vị khác nhau"
    if len({fact.periods for fact in facts if fact.periods}) > 1:
        return "tiêu đề của các trang tính ghi các kỳ khác nhau"
    return ""


def _units_in(text: str) -> Iterable[tuple[str, str]]:
    for found in _UNIT.finditer(tidy(text)):
        words: list[str] = []
        for word in found[2].split():
            if word.casefold() in _ENDS_NAME:
                break
            words.append(word)
        # "CỘNG HÒA XÃ HỘI CHỦ NGHĨA" names none.
        if words:
            yield found[1], " ".join(words)


def _periods_in(title: str) -> Iterable[str]:
    folded = _DAY_IN_WORDS.sub(" ", fold(title))
    if found := _SPAN.search(folded):
        yield " ".join(f"{int(part):02d}" for part in found.groups())
        return
    for pattern in _PERIODS:
        if found := pattern.search(folded):
            yield found[0]
            return
