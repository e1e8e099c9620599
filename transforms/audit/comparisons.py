"""Changes against another period: "giảm 142 hồ sơ so với 1.505 hồ sơ", "tăng 5,2 %", points against percent.

The current number is the one just before the change; the base stands after "so với", after "từ", or in a
parenthesis. Two of {current, base, absolute change, relative change} give the others; what cannot be
computed is not checkable. Between two percentages a change is in points: "từ 92 % lên 95 %, tăng 3 %" is
right only as points, and the remark says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from transforms.audit.model import Claim, ClaimKind, Judgement, Role, Stated, TextRemark, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.rates import HUNDRED, agrees
from transforms.audit.reading import ReadBlock
from transforms.audit.units_of_count import is_known, may_be_added
from transforms.audit.wording import say, say_percent

_CHANGE = re.compile(
    r"(?<!\w)(?P<word>tăng|giảm)(?!\s+(?:cường|trưởng|tốc|nghèo|tải|thiểu|giá|ca))(?:\s+(?:thêm|đi|được|lên|xuống|so với[^,;()\d]{0,40}(?:là\s+)?))?\s*"
    r"(?:\(|:)?\s*(?:khoảng|gần|hơn|trên)?\s*$",
    re.IGNORECASE,
)
_TO = re.compile(r"(?<!\w)(?:tăng|giảm)?\s*từ\s*(?P<gap>[^\d,;]{0,25})$", re.IGNORECASE)
_TO = re.compile(
    r"^[^\d,;()]{0,45}?(?<!\w)(?:lên|xuống|còn|đến)(?:\s+(?:còn|mức|khoảng|thành))*\s*$", re.IGNORECASE
)
_BASE_WORDS = re.compile(
    r"so với|so(?!\w)|cùng kỳ|cùng kì|năm trước|năm ngoái|kỳ trước|tháng trước|quý trước|năm 20\d\d",
    re.IGNORECASE,
)
_FAR = 110
_PLAN = re.compile(r"kế hoạch|dự toán|chỉ tiêu", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """One stated change with what the sentence says about it."""

    quantity: Quantity
    is_rise: bool
    current: Quantity | None
    base: Quantity | None
    other: Quantity | None
    """The same change said the other way: 142 hồ sơ beside 5,2 %."""
    start: int


def judge_comparisons(reads: Sequence[ReadBlock]) -> Iterator[Judgement | TextRemark]:
    """A judgement for every stated change, and a remark where points are called percent."""
    for read in reads:
        for change in _find_changes(read):
            judgement = _judge(read, change)
            yield judgement
            if remark := _points_called_percent(read, change, judgement):
                yield remark


def _find_changes(read: ReadBlock) -> Iterator[Change]:
    done: set[int] = set()
    for position, quantity in enumerate(read.quantities):
        if quantity.start in done or quantity.unit == "thoi_gian":
            continue
        sentence_start, sentence_end = read.sentence_at(quantity.start)
        match = _CHANGE.search(read.text[sentence_start : quantity.start])
        if match is None or re.search(r"(?<!\w)từ\s*$", read.text[sentence_start : quantity.start]):
            continue
        other = _same_change(read, position, quantity)
        if other is not None:
            done.add(other.start)
        skip = {quantity.start} | ({other.start} if other else set())
        word_start = sentence_start + match.start("word")
        pair = _from_to(read, sentence_start, word_start)
        base = pair[0] if pair else _base(read, quantity, other, sentence_end, skip)
        current = pair[1] if pair else _current(read, quantity, sentence_start, word_start)
        yield Change(quantity, match["word"].casefold() == "tăng", current, base, other, word_start)


def _same_change(read: ReadBlock, position: int, quantity: Quantity) -> Quantity | None:
    """ "142 hồ sơ (8,6 %)", "142 hồ sơ, tương ứng 8,6 %": the change said twice."""
    if position + 1 >= len(read.quantities):
        return None
    after = read.quantities[position + 1]
    between = read.text[quantity.end : after.start]
    if (
        _BASE_WORDS.search(between)
        or after.is_percent == quantity.is_percent
        or after.is_point
        or quantity.is_point
    ):
        return None
    if re.fullmatch(
        r"\s*[^\d,;.()]{0,20}(?:\(|,|;)?\s*(?:tương ứng|tương đương|bằng|tức|hay|tăng|giảm|=)?\s*(?:với\s+)?(?:tỷ lệ\s+)?(?:là\s+|tăng\s+|giảm\s+)?",
        between,
        re.IGNORECASE,
    ) and ("(" in between or re.search(r"tương|bằng|tức|hay|=", between)):
        return after
    return None


def _from_to(read: ReadBlock, start: int, end: int) -> tuple[Quantity, Quantity] | None:
    """ "từ 92 % lên 95 %" in the words before the change: (base, current)."""
    before = [q for q in read.quantities if start <= q.start and q.end <= end and q.unit != "thoi_gian"]
    for base, current in pairwise(before):
        if re.search(r"(?<!\w)từ\s+[^\d,;]{0,25}$", read.text[start : base.start]) and _TO.match(
            read.text[base.end : current.start]
        ):
            return base, current
    return None


def _current(read: ReadBlock, quantity: Quantity, start: int, word_start: int) -> Quantity | None:
    """The number that rose or fell: the nearest one before, of the same kind, in the same clause group."""
    for candidate in reversed([q for q in read.quantities if start <= q.start and q.end <= word_start]):
        between = read.text[candidate.end : word_start]
        if read.depths[candidate.start] > read.depths[word_start] or _is_change(read, candidate, start):
            continue
        if ";" in between or len(between) > _FAR:
            return None
        if quantity.is_percent or quantity.is_point:
            return candidate if not re.search(r"(?<!\w)(?:tăng|giảm)(?!\w)", between) else None
        if candidate.is_count and _may_differ(candidate, quantity):
            return candidate
    return None


def _is_change(read: ReadBlock, quantity: Quantity, start: int) -> bool:
    """True for a number that is itself an amount of change: "tăng 150 hồ sơ …, giảm 50 hồ sơ …"."""
    return bool(_CHANGE.search(read.text[start : quantity.start]))


def _base(
    read: ReadBlock, quantity: Quantity, other: Quantity | None, end: int, skip: set[int]
) -> Quantity | None:
    """The number of the other period, after "so với" or in the parenthesis after it."""
    after_end = (other or quantity).end
    for candidate in read.quantities:
        if candidate.start < after_end or candidate.start >= end or candidate.start in skip:
            continue
        between = read.text[after_end : candidate.start]
        if ";" in between or len(between) > 90:
            return None
        if re.search(r"(?<!\w)(?:trong đó|gồm|với)(?!\w)|,", re.split(r"so với|so(?!\w)", between)[-1]):
            return None
        if (
            _BASE_WORDS.search(between)
            and not _PLAN.search(between)
            and not re.search(r"(?<!\w)(?:tăng|giảm|đạt)(?!\w)", between)
        ):
            return candidate if candidate.unit != "thoi_gian" else None
        return None
    return None


def _may_differ(one: Quantity, other: Quantity) -> bool:
    return not is_known(one.unit) or not is_known(other.unit) or may_be_added(one.unit, other.unit)


def _judge(read: ReadBlock, change: Change) -> Judgement:
    current, base, stated = change.current, change.base, change.quantity
    if current is not None and base is not None and current.is_percent and base.is_percent:
        return _judge_points(read, change, current, base)
    sign = 1 if change.is_rise else -1
    if (
        current is not None
        and base is not None
        and current.is_count
        and base.is_count
        and _may_differ(current, base)
    ):
        return _judge_counts(read, change, current, base.value, base)
    if change.other is not None and current is not None and current.is_count:
        absolute = stated if not stated.is_percent else change.other
        if _may_differ(absolute, current) and (implied := current.value - sign * absolute.value) > 0:
            relative = change.other if absolute is stated else stated
            return _judge_relative(read, change, current, absolute, relative, implied)
    word = "tăng" if change.is_rise else "giảm"
    return Judgement(
        _claim(read, change),
        Verdict.NOT_CHECKABLE,
        f"Mức {word} {read.text[stated.start : stated.end]} không kiểm tra được vì không nêu đủ số kỳ này và số kỳ so sánh.",
    )


def _judge_counts(
    read: ReadBlock, change: Change, current: Quantity, base: Decimal, base_quantity: Quantity
) -> Judgement:
    stated = change.quantity
    real = current.value - base
    word = "tăng" if real >= 0 else "giảm"
    is_same_way = (real >= 0) == change.is_rise or real == 0
    for said in (stated, change.other):
        if said is None:
            continue
        if said.is_percent:
            if base == 0:
                continue
            share = abs(real) / base * HUNDRED
            verdict = agrees(share, said, True) if is_same_way else None
            shown = say_percent(share)
        else:
            off = abs(abs(real) - said.value)
            allowed = sum(
                (q.precision / 2 for q in (current, base_quantity, said) if q.precision != 1), Decimal(0)
            )
            verdict = (
                Verdict.CONSISTENT
                if off == 0
                else Verdict.WITHIN_ROUNDING
                if off <= allowed or (said.approximation and off <= said.value / 20)
                else None
            )
            verdict = verdict if is_same_way else None
            shown = say(abs(real))
        if verdict is None:
            sentence = (
                f"{say(current.value)} so với {say(base)} là {word} {shown}, báo cáo ghi "
                f"{'tăng' if change.is_rise else 'giảm'} {read.text[said.start : said.end]}."
            )
            expected = share if said.is_percent else abs(real)
            return Judgement(
                _claim(read, change, current, base_quantity),
                Verdict.CONTRADICTION,
                sentence,
                expected,
                said.value - expected,
            )
        if verdict is Verdict.WITHIN_ROUNDING:
            return Judgement(
                _claim(read, change, current, base_quantity),
                verdict,
                f"{say(current.value)} so với {say(base)} là {word} {shown}; số đã ghi chênh trong phạm vi làm tròn.",
            )
    return Judgement(
        _claim(read, change, current, base_quantity),
        Verdict.CONSISTENT,
        f"{say(current.value)} so với {say(base)} đúng là {word} như đã ghi.",
    )


def _judge_relative(
    read: ReadBlock,
    change: Change,
    current: Quantity,
    absolute: Quantity,
    relative: Quantity,
    implied: Decimal,
) -> Judgement:
    share = absolute.value / implied * HUNDRED
    verdict = agrees(share, relative, True) or Verdict.CONTRADICTION
    word = "tăng" if change.is_rise else "giảm"
    sentence = f"{word.capitalize()} {say(absolute.value)} từ {say(implied)} là {say_percent(share)}"
    if verdict is Verdict.CONTRADICTION:
        sentence += f", báo cáo ghi {say(relative.value)}%."
    else:
        sentence += (
            ", khớp với tỷ lệ đã ghi." if verdict is Verdict.CONSISTENT else "; chênh trong phạm vi làm tròn."
        )
    return Judgement(_claim(read, change, current), verdict, sentence, share, relative.value - share)


def _judge_points(read: ReadBlock, change: Change, current: Quantity, base: Quantity) -> Judgement:
    """Between two percentages: points, or the relative change; either may be meant."""
    stated, real = change.quantity, current.value - base.value
    is_same_way = (real >= 0) == change.is_rise
    step = max(current.precision, base.precision)
    claim = _claim(read, change, current, base)
    if is_same_way and abs(abs(real) - stated.value) == 0:
        return Judgement(
            claim,
            Verdict.CONSISTENT,
            f"Từ {say(base.value)}% đến {say(current.value)}% là {say(abs(real))} điểm phần trăm.",
        )
    if is_same_way and abs(abs(real) - stated.value) <= step and stated.precision >= step:
        return Judgement(
            claim,
            Verdict.WITHIN_ROUNDING,
            f"Từ {say(base.value)}% đến {say(current.value)}% là {say(abs(real))} điểm phần trăm, chênh trong phạm vi làm tròn.",
        )
    if (
        is_same_way
        and not stated.is_point
        and base.value
        and (verdict := agrees(abs(real) / base.value * HUNDRED, stated, True))
    ):
        return Judgement(
            claim,
            verdict,
            f"Từ {say(base.value)}% đến {say(current.value)}% là thay đổi tương đối {say_percent(abs(real) / base.value * HUNDRED)}.",
        )
    return Judgement(
        claim,
        Verdict.CONTRADICTION,
        f"Từ {say(base.value)}% đến {say(current.value)}% là {'tăng' if real >= 0 else 'giảm'} {say(abs(real))} điểm phần trăm, "
        f"báo cáo ghi {'tăng' if change.is_rise else 'giảm'} {read.text[stated.start : stated.end]}.",
        abs(real),
        stated.value - abs(real),
    )


def _points_called_percent(read: ReadBlock, change: Change, judgement: Judgement) -> TextRemark | None:
    if not change.quantity.is_percent or judgement.verdict is not Verdict.CONSISTENT:
        return None
    if "điểm phần trăm" not in judgement.sentence:
        return None
    return TextRemark(
        "comparison.points",
        read.index,
        change.quantity.start,
        change.quantity.end,
        f"Mức thay đổi giữa hai tỷ lệ là {say(change.quantity.value)} điểm phần trăm; nên ghi “điểm phần trăm” thay cho “%”.",
    )


def _claim(read: ReadBlock, change: Change, *others: Quantity) -> Claim:
    stated = change.quantity
    values = [Stated(Role.CHANGE, stated.value, read.span_of(stated))]
    if change.other:
        values.append(Stated(Role.CHANGE, change.other.value, read.span_of(change.other)))
    roles = (Role.STATED, Role.BASE)
    values += [Stated(role, q.value, read.span_of(q)) for role, q in zip(roles, others, strict=False)]
    end = change.other.end if change.other else stated.end
    return Claim(
        ClaimKind.COMPARISON, read.index, change.start, end, read.text[change.start : end], tuple(values)
    )
