"""Which measure of dossiers a number in a sentence states, by the words of its own clause."""

from __future__ import annotations

import re

from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.units_of_count import may_be_added
from transforms.text_vi import fold

_CUT = re.compile(r"[;:()]|,(?!\d)|(?<!\w)(?:trong đó|gồm|và)(?!\w)", re.IGNORECASE)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (measure, re.compile(pattern))
    for measure, pattern in (
        ("due", r"\b(?:den han giai quyet|den han|phai giai quyet|can giai quyet|da va dang|luy ke|thuoc tham quyen)\b"),
        ("exit", r"\b(?:rut|tra lai|tu choi|khong du dieu kien|tam dung|cho bo sung|bo sung|khong tiep nhan|khong duoc tiep nhan|huy)\b"),
        ("carried_over", r"\b(?:ky truoc|ton ky|ton cu|ton dong|thang truoc|quy truoc|nam truoc chuyen|chuyen sang|tu ky)\b"),
        ("pending_overdue", r"\b(?:dang giai quyet|dang xu ly|chua giai quyet|chua xu ly|con lai|chua co ket qua)\b.*\b(?:qua han|tre han)\b|\bqua han\b.*\b(?:chua giai quyet|dang giai quyet|chua co ket qua|dang xu ly)\b"),
        ("pending_within", r"\b(?:trong han|con han|chua den han|con trong han|trong thoi han)\b"),
        ("late", r"\b(?:qua han|tre han|cham han|qua thoi han|tre hen)\b"),
        ("early_or_on_time", r"\b(?:dung va truoc han|truoc va dung han|truoc han va dung han|dung han va truoc han|dung truoc han|truoc han dung han)\b"),
        ("early", r"\b(?:truoc han|som han|truoc thoi han|som hon)\b"),
        ("on_time", r"\b(?:dung han|dung thoi han|dung hen)\b"),
        ("pending_total", r"\b(?:dang giai quyet|dang xu ly|chua giai quyet|chua xu ly|con lai|dang trong qua trinh|dang hoan thien|dang xem xet|dang thuc hien)\b"),
        ("received_online", r"\btruc tuyen\b|\bqua mang\b"),
        ("received_direct", r"\btruc tiep\b|\bbuu chinh\b"),
        ("resolved_total", r"\b(?:da giai quyet|giai quyet xong|da xu ly|da tra|giai quyet duoc|da hoan thanh|da tra ket qua|giai quyet va tra|ket qua giai quyet|giai quyet duoc)\b"),
        ("received_total", r"(?<!chua )(?<!chua duoc )\b(?:tiep nhan|da nhan)\b"),
    )
)  # fmt: skip

_GENERAL = ("received_total", "resolved_total")
_WHOLES = (*_GENERAL, "due", "carried_over", "pending_total")
_RESOLVED_PARTS = ("early", "on_time", "early_or_on_time")
_RESOLVED = dict(_RULES)["resolved_total"]
_PARTS_FOLLOW = re.compile(r"^\s*:|\(|(?<!\w)(?:trong đó|gồm|cụ thể|chia ra)(?!\w)", re.IGNORECASE)
_COUNTED_AS = re.compile(r"\b(?:duoc tinh (?:vao|la|cho)|duoc xep vao)\b")
_CLOSE_WORDS = 4
_REACH = 400


def measure_of(read: ReadBlock, quantity: Quantity) -> str:
    """The measure id of a number ("resolved_total", "late", …), "" where its clause says none.

    Overdue is "pending_overdue" where the number is a part of what is said to be pending.
    """
    measure = _own_measure(read, quantity)
    return "pending_overdue" if measure == "late" and _is_of_pending(read, quantity) else measure


def _own_measure(read: ReadBlock, quantity: Quantity) -> str:
    before, after = _words_around(read, quantity)
    # What an official writes before the number names it more often than what follows.
    measure = _named(before)
    if measure in _GENERAL and (closer := _named(" ".join(after.split()[:_CLOSE_WORDS]))):
        # "tiếp nhận 96 hồ sơ trực tuyến", "đã giải quyết 470 hồ sơ đúng hạn"
        return closer
    if not measure and _COUNTED_AS.search(after):
        # "211 hồ sơ chưa rõ hình thức nộp được tính vào cột trực tiếp": a part of a column, not the column.
        return ""
    return measure or _named(after) or _named(f"{before} {after}")


def _words_around(read: ReadBlock, quantity: Quantity) -> tuple[str, str]:
    start, end = clause_of(read, quantity)
    if nearest := _number_before(read, quantity):
        start = max(start, nearest.end)
    return fold(read.text[start : quantity.start]), fold(read.text[quantity.end : end])


def _is_of_pending(read: ReadBlock, quantity: Quantity) -> bool:
    """True for 15 of "đang giải quyết 21 hồ sơ, gồm 06 hồ sơ còn trong hạn và 15 hồ sơ đã quá hạn"."""
    if _RESOLVED.search(" ".join(_words_around(read, quantity))):
        return False
    start, _ = read.sentence_at(quantity.start)
    has_within = False
    for other in reversed(read.counts(start, quantity.start)):
        if not _is_same_kind(other, quantity):
            continue
        measure = _own_measure(read, other)
        if measure in _RESOLVED_PARTS:
            return False
        has_within = has_within or measure == "pending_within"
        if measure in _WHOLES:
            between = read.text[other.end : quantity.start]
            return (
                measure == "pending_total"
                and quantity.value <= other.value
                and bool(_PARTS_FOLLOW.search(between))
                and (has_within or ";" not in between)
            )
    return False


def _number_before(read: ReadBlock, quantity: Quantity) -> Quantity | None:
    """The nearest number before, of the same kind or a rate: the words up to its end are its own."""
    position = read.quantities.index(quantity)
    return next(
        (q for q in reversed(read.quantities[:position]) if q.is_percent or _is_same_kind(q, quantity)), None
    )


def _is_same_kind(one: Quantity, other: Quantity) -> bool:
    return one.is_count and (not one.unit or not other.unit or may_be_added(one.unit, other.unit))


def _named(words: str) -> str:
    return next((measure for measure, pattern in _RULES if words and pattern.search(words)), "")


def clause_of(read: ReadBlock, quantity: Quantity) -> tuple[int, int]:
    """The clause that a number stands in; a colon before the number belongs to its label."""
    start, end = read.sentence_at(quantity.start)
    if read.marker and start < read.marker.end <= quantity.start:
        start = read.marker.end
    start, end = max(start, quantity.start - _REACH), min(end, quantity.end + _REACH)
    cuts = list(_CUT.finditer(read.text, start, end))
    earlier = [cut for cut in cuts if cut.end() <= quantity.start]
    nearest = _number_before(read, quantity)
    while earlier:
        cut = earlier.pop()
        between = read.text[cut.end() : quantity.start]
        if cut.group() == ":" and not re.search(r"[^\W_]{2,}.*[^\W_]{2,}", between):
            continue
        # In "236 hồ sơ trước hạn, 576 hồ sơ đúng hạn" the words before the comma belong to the 236.
        is_taken = nearest is not None and nearest.start >= (earlier[-1].end() if earlier else start)
        if re.search(r"[^\W_]", between) or cut.group() != "," or is_taken:
            start = cut.end()
            break
    later = [cut.start() for cut in cuts if cut.start() >= quantity.end]
    return start, (later[0] if later else end)
