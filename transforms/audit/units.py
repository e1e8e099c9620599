"""Names of units that do not belong in this report: another commune's, another level's.

Only what a copied text leaves behind is remarked: a unit of the same level named as if it were the author
or the owner of a document, and a level ("thị xã") that the unit's chain does not have. Neighbours in a
sentence about joint work, lists of levels and units above never are. Old and new tone placement are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.audit.model import BlockKind, TextRemark, TitleFacts, UnitFacts
from transforms.audit.reading import ReadBlock
from transforms.audit.unit_mentions import UnitMention, find_unit_mentions
from transforms.text_vi import fold

_LEVELS = {
    "xã": 0,
    "phường": 0,
    "thị trấn": 0,
    "đặc khu": 0,
    "huyện": 1,
    "quận": 1,
    "thị xã": 1,
    "thành phố": 1,
    "tỉnh": 2,
}
_SHARED = re.compile(
    r"(?<!\w)(?:phối hợp|giáp|giáp ranh|liên xã|liên kết|học tập|trao đổi kinh nghiệm|giao lưu|kết nghĩa|cùng với|cùng các|so với|tại xã|"
    r"sáp nhập|hợp nhất|nhập|chuyển|luân chuyển|điều động|biệt phái|các xã|xã bạn|hỗ trợ|tham quan|cụm|nguyên|trước đây|cũ|công dân|trú tại|"
    r"hộ khẩu|thường trú|quê|đường|tuyến|cầu|chợ|từ xã|đến xã|thuộc xã|gồm xã|sang xã|với xã|và xã|giữa)(?!\w)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?:,|;|/|-|và|hoặc)\s*$", re.IGNORECASE)
_LISTED_AFTER = re.compile(
    r"^\s*(?:,|/|-|–|và|hoặc)\s*(?:các\s+)?(?:thị trấn|thị xã|thành phố|phường|huyện|quận|tỉnh|đặc khu|xã)(?!\w)",
    re.IGNORECASE,
)
_LISTED_BEFORE = re.compile(
    r"(?:thị trấn|thị xã|thành phố|phường|huyện|quận|tỉnh|đặc khu|xã|cấp|các)\s*(?:,|/|-|–|và|hoặc)?\s*$",
    re.IGNORECASE,
)
_BODY = (
    "cổng thông tin điện tử",
    "trang thông tin điện tử",
    "cổng ttđt",
    "trang ttđt",
    "ubnd",
    "ủy ban",
    "uỷ ban",
    "đảng ủy",
    "đảng uỷ",
    "hđnd",
    "hội đồng",
)


def check_units(
    reads: Sequence[ReadBlock], title: TitleFacts, unit: UnitFacts | None
) -> Iterator[TextRemark]:
    """Remarks on units and levels that this report cannot mean."""
    own_type = unit.type if unit else title.unit_type
    own_name = unit.name if unit else title.unit_name
    if not own_type or own_type not in _LEVELS:
        return
    level = _LEVELS[own_type]
    mentions = [(read, mention) for read in reads for mention in find_unit_mentions(read.text)]
    chain = {own_type} | ({kind for kind, _ in unit.parents} if unit else _types_above(mentions, level))
    for read, mention in mentions:
        if read.block.kind is BlockKind.TABLE_ROW or _is_recipient(read):
            continue
        if mention.name:
            if _is_other(mention, own_type, own_name, level, unit) and not _is_shared(read, mention):
                yield _other_unit(read, mention, own_type, own_name)
        elif _is_other_level(read, mention, chain, level):
            yield _other_level(read, mention, own_type, own_name)


def _types_above(mentions: Sequence[tuple[ReadBlock, UnitMention]], level: int) -> set[str]:
    """Types of the units above, as the report itself names them."""
    return {m.type for _, m in mentions if m.name and _LEVELS[m.type] > level} | {"tỉnh"}


def _is_other(mention: UnitMention, own_type: str, own_name: str, level: int, unit: UnitFacts | None) -> bool:
    """True for a unit of the same level with another name that acts or owns here."""
    if _LEVELS[mention.type] != level or not mention.is_committee or level == 2:
        return False
    named = fold(mention.name)
    own = fold(own_name)
    if not own or named == own or named.startswith(f"{own} ") or own.startswith(f"{named} "):
        return False
    above = {fold(name) for _, name in unit.parents} if unit else set()
    return named not in above and mention.type in (own_type, *(_same_level(own_type)))


def _same_level(own_type: str) -> tuple[str, ...]:
    return tuple(kind for kind, level in _LEVELS.items() if level == _LEVELS[own_type])


def _is_shared(read: ReadBlock, mention: UnitMention) -> bool:
    start, end = read.sentence_at(mention.start)
    around = (
        read.text[max(start, mention.start - 90) : mention.start]
        + read.text[mention.end : min(end, mention.end + 40)]
    )
    own = read.text[mention.start : mention.end]
    return (
        bool(_SHARED.search(around))
        and not re.search(
            r"(?:ban hành|nội quy|quy chế)[^.;]{0,40}$", read.text[start : mention.start], re.IGNORECASE
        )
        and bool(own)
    )


def _is_other_level(read: ReadBlock, mention: UnitMention, chain: set[str], level: int) -> bool:
    """True for "thị xã", "quận", "phường" said of one's own when the unit's chain has none."""
    if mention.type in chain or mention.type in ("tỉnh", "đặc khu", "xã") or level == 2:
        return False
    if not mention.committee.startswith(_BODY):
        return False
    before = read.text[: mention.start]
    after = read.text[mention.end :]
    if _LISTED_AFTER.match(after) or _LISTED_BEFORE.search(before) or _LISTED.search(before.rstrip()[-2:]):
        return False
    return not (
        re.search(r"(?:các|cấp|một số|những)\s*$", before, re.IGNORECASE) or _LEVELS[mention.type] < level
    )


def _is_recipient(read: ReadBlock) -> bool:
    return bool(re.search(r"\((?:b/c|để b/c|đ/b|p/h|để phối hợp)\)", read.text))


def _own(own_type: str, own_name: str) -> str:
    return f"{own_type} {own_name}".strip()


def _other_unit(read: ReadBlock, mention: UnitMention, own_type: str, own_name: str) -> TextRemark:
    shown = read.text[mention.start : mention.end]
    return TextRemark(
        "unit.other",
        read.index,
        mention.start,
        mention.end,
        f"Báo cáo của {_own(own_type, own_name)} nhắc đến “{shown}” như đơn vị ban hành; có thể được chép từ văn bản của đơn vị khác.",
    )


def _other_level(read: ReadBlock, mention: UnitMention, own_type: str, own_name: str) -> TextRemark:
    shown = read.text[mention.start : mention.end]
    return TextRemark(
        "unit.level",
        read.index,
        mention.start,
        mention.end,
        f"“{shown}” không phải cấp của {_own(own_type, own_name)} hay của đơn vị cấp trên; đề nghị kiểm tra lại.",
    )
