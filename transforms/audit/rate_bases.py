"""What a rate may be of: its printed fraction, its numerator, and the numbers in reach as its base."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from transforms.audit.breakdown import Breakdown
from transforms.audit.measures import measure_of
from transforms.audit.model import Span
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.units_of_count import is_known, may_be_added

_SHARE_CUE = re.compile(
    r"^[^,;.()]{0,70}?[,;]?\s*\(?\s*(?:(?:đã\s+)?đạt(?:\s+được)?|chiếm|tương ứng|tương đương|bằng|=|ứng với)?\s*(?:khoảng|gần|hơn|trên)?\s*"
    r"(?:(?:với\s+)?(?:tỷ|tỉ)\s+(?:lệ|trọng)(?:\s+là)?:?\s*)?(?:đạt|là|chiếm)?\s*(?:khoảng|gần|hơn|trên|dưới|xấp xỉ)?\s*$",
    re.IGNORECASE,
)
_HAS_CUE = re.compile(
    r"\(\s*(?:khoảng|gần|hơn|trên|đạt|chiếm|tỷ lệ|tỉ lệ)?|đạt|chiếm|tương ứng|tương đương|bằng|=|(?:tỷ|tỉ)\s+(?:lệ|trọng)",
    re.IGNORECASE,
)
_WHOLE_BEFORE = re.compile(
    r"(?:/|trên|trong)\s*(?:tổng\s+số|tổng|số)?\s*(?:hồ sơ\s+)?(?:đã\s+)?(?:tiếp nhận\s+|giải quyết\s+|là\s+)*$",
    re.IGNORECASE,
)
_NEAR, _REACH = 60, 16


@dataclass(frozen=True, slots=True)
class Base:
    """A number that a rate may be taken of; ``is_firm`` where the report itself says so."""

    value: Decimal
    span: Span
    is_firm: bool
    place: str = ""
    """near: in the same clause group before the numerator; far, after."""
    is_doubtful: bool = False
    """True where the rate may rightly be of another number that the report does not state."""


def find_fraction(read: ReadBlock, position: int, rate: Quantity) -> Quantity | None:
    """The printed fraction that the rate belongs to: just before it, or in the parenthesis after it."""
    before = read.quantities[position - 1] if position else None
    if before and before.below is not None and before.is_count and _is_close(read, before.end, rate.start):
        return before
    after = read.quantities[position + 1] if position + 1 < len(read.quantities) else None
    if after and after.below is not None and after.is_count and _is_close(read, rate.end, after.start, 60):
        return after
    return None


def _is_close(read: ReadBlock, start: int, end: int, limit: int = 80) -> bool:
    between = read.text[start:end]
    return len(between) <= limit and not re.search(r"[;.](?:\s|$)", between)


def find_numerator(read: ReadBlock, position: int, rate: Quantity) -> Quantity | None:
    """The count that the rate says the share of: "N hồ sơ (P %)", "N hồ sơ, chiếm P %", "P % (N hồ sơ)"."""
    for before in reversed(read.quantities[:position]):
        if read.depths[before.start] > read.depths[rate.start]:
            continue
        if not before.is_count:
            break
        between = read.text[before.end : rate.start]
        if ";" in between or re.search(r"\.\s", between):
            break
        if _SHARE_CUE.match(between) and _HAS_CUE.search(between):
            label = re.search(r"(?:tỷ|tỉ)\s+lệ\s+(\S.*)$", between)
            if label is None or len(label.group(1)) < 12:
                return _above_whole(read, position, before) or before
        break
    if position + 1 < len(read.quantities):
        after = read.quantities[position + 1]
        if after.is_count and re.fullmatch(
            r"\s*\(\s*(?:tương ứng|tương đương|với|bằng|là|gồm)?\s*", read.text[rate.end : after.start]
        ):
            return after
    return None


def _above_whole(read: ReadBlock, position: int, whole: Quantity) -> Quantity | None:
    """ "1.540 hồ sơ trên tổng số 2.200 hồ sơ, đạt 70 %": the number before the whole is the numerator."""
    for above in reversed(read.quantities[:position]):
        if above.start >= whole.start or not above.is_count:
            continue
        between = read.text[above.end : whole.start]
        is_of = (
            len(between) < _NEAR
            and ";" not in between
            and re.search(r"(?<!\w)trên(?!\w)|tổng số", between, re.IGNORECASE)
        )
        return above if is_of and _WHOLE_BEFORE.search(between) and is_same_kind(above, whole) else None
    return None


def find_bases(
    read: ReadBlock, numerator: Quantity, rate: Quantity, totals: Mapping[Span, Breakdown]
) -> Iterator[Base]:
    """Numbers that the share may be of, firm ones first."""
    span = read.span_of(numerator)
    if found := totals.get(span):
        yield Base(found.total.value, found.read.span_of(found.total), True)
    for other in _around(read, numerator):
        if other is numerator or not other.is_count or other.value <= 0 or not is_same_kind(numerator, other):
            continue
        between = read.text[numerator.end : other.start] if other.start > numerator.end else ""
        if (
            between
            and len(between) < _NEAR
            and _WHOLE_BEFORE.search(between)
            and not re.search(r"[;]", between)
        ):
            yield Base(other.value, read.span_of(other), True)
            continue
        tail = read.text[rate.end : other.start] if other.start > rate.end else ""
        if (
            tail
            and re.fullmatch(
                r"\s*(?:/|trên|trong|so với|của)?\s*(?:tổng\s*)?(?:số\s*)?[^\d,;.()]{0,30}\(?\s*",
                tail,
                re.IGNORECASE,
            )
            and re.search(r"tổng|trên|/", tail)
        ):
            yield Base(other.value, read.span_of(other), True)
            continue
        if other.start < numerator.start:
            is_near = other.start >= _segment_start(read, numerator.start) and other.below is None
            yield Base(
                other.value,
                read.span_of(other),
                False,
                "near" if is_near else "far",
                _is_of_other_base(read, numerator, other),
            )
        else:
            yield Base(other.below or other.value, read.span_of(other), False, "after")
    if numerator.below is not None:
        yield Base(numerator.below, span, True)


def _around(read: ReadBlock, numerator: Quantity) -> tuple[Quantity, ...]:
    """The numbers within a readable distance of the numerator, in order."""
    position = read.quantities.index(numerator)
    return read.quantities[max(0, position - _REACH) : position + _REACH]


def _segment_start(read: ReadBlock, position: int) -> int:
    """Start of the semicolon's stretch of the sentence that a position is in."""
    start, _ = read.sentence_at(position)
    mark = read.text.rfind(";", start, position)
    while mark >= 0 and read.depths[mark]:
        mark = read.text.rfind(";", start, mark)
    return mark + 1 if mark >= 0 else start


def _is_of_other_base(read: ReadBlock, numerator: Quantity, other: Quantity) -> bool:
    """A share on time is of what was resolved or due; what was received is a doubtful base for it."""
    on_time = measure_of(read, numerator) in (
        "early",
        "on_time",
        "early_or_on_time",
        "late",
        "pending_overdue",
    )
    return on_time and measure_of(read, other) not in ("resolved_total", "due", "pending_total")


def is_same_kind(one: Quantity, other: Quantity) -> bool:
    return not is_known(one.unit) or not is_known(other.unit) or may_be_added(one.unit, other.unit)
