"""Rates with their numerator and denominator: "4.561/5.650 hồ sơ (80,7 %)", "512 hồ sơ, đạt 98,5 %".

Rule of agreement: the share rounded half up (or half even) to the printed decimals equals the printed
rate → consistent. Off by at most one unit of the last printed place, or a word of approximation and within
one part in twenty → within rounding. "100 %" beside a numerator that is not the denominator, and "0 %"
beside one that is not 0, are never more than within rounding. No denominator in reach → denominator
unknown. A base outside the report ("kế hoạch", "dự toán") is looked for only where it is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from transforms.audit.breakdown import Breakdown
from transforms.audit.model import BlockKind, Claim, ClaimKind, Judgement, Role, Span, Stated, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.rate_bases import Base, find_bases, find_fraction, find_numerator, is_same_kind
from transforms.audit.reading import ReadBlock
from transforms.audit.wording import say, say_percent

HUNDRED = Decimal(100)
_TARGET = re.compile(
    r"(?<!\w)(?:phấn đấu|mục tiêu|chỉ tiêu|yêu cầu|tối thiểu|ít nhất|đảm bảo|bảo đảm|dự kiến|đến năm|nhằm|phải đạt|"
    r"hướng tới|duy trì|đặt ra|giao|để|không quá|không vượt quá|cần)(?!\w)",
    re.IGNORECASE,
)
_FUTURE_HEADING = re.compile(
    r"phương hướng|nhiệm vụ|giải pháp|mục tiêu|chỉ tiêu|kế hoạch|kiến nghị|đề xuất", re.IGNORECASE
)
_RESULTS_HEADING = re.compile(r"kết quả|tình hình|thực hiện|đánh giá", re.IGNORECASE)
_CHANGE = re.compile(
    r"(?<!\w)(?:tăng|giảm|vượt|cắt giảm|rút ngắn|tăng thêm|giảm xuống|giảm còn|tăng lên|thấp hơn|cao hơn)(?!\w)[^,;.()]{0,40}$",
    re.IGNORECASE,
)
_AFTER_CHANGE = re.compile(r"^\s*(?:so|so với|cùng kỳ|cùng kì|sơ với)(?!\w)", re.IGNORECASE)
_PLAN = re.compile(
    r"^\s*(?:so với\s+)?(?:kế hoạch|kh(?!\w)|dự toán|chỉ tiêu|nghị quyết|nq(?!\w)|mục tiêu|định mức|tổng mức|khối lượng)",
    re.IGNORECASE,
)
_STATED_PLAN = re.compile(
    r"\s*(?:kế hoạch|dự toán|chỉ tiêu)?[^\d,;.()]{0,30}\(\s*(?:kế hoạch|kh|dự toán|chỉ tiêu)?\s*(?:giao|năm)?\s*(?:là|:)?\s*",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(r"(?<!\w)từ\s+[\d.,]+\s?%?\s*(?:đến|tới|-|–)\s*$", re.IGNORECASE)
_RANGE_AFTER = re.compile(r"\s*(?:đến|tới|-|–)\s*[\d.,]+\s?%")
_APPROXIMATE_SHARE = Decimal("0.05")


def judge_rates(
    reads: Sequence[ReadBlock], breakdowns: Sequence[Breakdown], changes: Collection[Span] = ()
) -> Iterator[Judgement]:
    """A judgement for every rate that states a result; targets and the ``changes`` already judged are no rates."""
    totals = {span: found for found in breakdowns for span in found.part_spans}
    is_future = False
    for read in reads:
        is_section = read.marker.rank <= 20 if read.marker else read.block.kind is BlockKind.HEADING
        if is_section:
            is_future = bool(_FUTURE_HEADING.search(read.text)) and not _RESULTS_HEADING.search(read.text)
        if is_future:
            continue
        for position, rate in enumerate(read.quantities):
            if not rate.is_percent or read.span_of(rate) in changes or _is_no_result(read, rate):
                continue
            if judgement := _judge(read, position, rate, totals):
                yield judgement


def agrees(share: Decimal, rate: Quantity, is_exact_whole: bool) -> Verdict | None:
    """Consistent, within rounding, or None: the share in percent against the printed rate."""
    step = rate.precision
    printed = rate.value
    if (printed in (HUNDRED, Decimal(0))) and not is_exact_whole:
        return Verdict.WITHIN_ROUNDING if abs(share - printed) <= step and share <= HUNDRED else None
    rounded = [share.quantize(step, rounding=mode) for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN)]
    if printed in rounded:
        return Verdict.CONSISTENT
    if min(abs(value - printed) for value in rounded) <= step:
        return Verdict.WITHIN_ROUNDING
    if rate.approximation and abs(share - printed) <= _APPROXIMATE_SHARE * max(share, printed):
        return Verdict.WITHIN_ROUNDING
    return None


def _is_no_result(read: ReadBlock, rate: Quantity) -> bool:
    """True for targets, changes against another period, and shares inside the name of something."""
    start, _ = read.sentence_at(rate.start)
    before = read.text[start : rate.start]
    clause = re.split(r"[;.]", before)[-1]
    if _TARGET.search(clause) and not re.search(
        r"(?<!\w)(?:đã đạt|kết quả đạt|thực hiện đạt|đã được)(?!\w)", clause
    ):
        return True
    if re.search(r"(?<!\w)bằng\s+(?:trên|hơn|gần|khoảng|xấp xỉ)?\s*$", before, re.IGNORECASE) and re.match(
        r"[^.;,]{0,60}(?:năm|quý|tháng|cùng kỳ|kỳ trước)", read.text[rate.end :], re.IGNORECASE
    ):
        # "bằng 205,6 % số hồ sơ của quý I năm 2022" compares with another period.
        return True
    if rate.approximation and re.search(
        r"(?<!\w)(?:tỷ|tỉ)\s+lệ\s+(?:\w+\s+){0,3}(?:dưới|trên|hơn)\s*$", before, re.IGNORECASE
    ):
        # "9/9 huyện đạt tỷ lệ dưới 10 %" names a threshold.
        return True
    if _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(read.text[rate.end :]):
        return True
    if _CHANGE.search(before) or _AFTER_CHANGE.match(read.text[rate.end :]):
        return True
    return bool(re.search(r"(?:^|\s)(?:lên|xuống|còn|từ)\s+(?:\w+\s+)?$", before, re.IGNORECASE)) and bool(
        re.search(r"(?<!\w)(?:tăng|giảm|cùng kỳ)(?!\w)", read.text[start : rate.end + 60], re.IGNORECASE)
    )


def _judge(read: ReadBlock, position: int, rate: Quantity, totals: dict[Span, Breakdown]) -> Judgement | None:
    fraction = find_fraction(read, position, rate)
    if fraction is not None and fraction.below is not None:
        if _names_threshold(read, fraction, rate):
            return None
        base = Base(fraction.below, read.span_of(fraction), True)
        return _weighed(read, rate, fraction, [base])
    if _PLAN.match(read.text[rate.end :]):
        planned = _planned(read, position, rate)
        if planned is not None:
            return _weighed(read, rate, planned[0], [planned[1]])
        return _unknown(read, rate, "kế hoạch hoặc chỉ tiêu được giao không nêu bằng số cạnh tỷ lệ này")
    numerator = find_numerator(read, position, rate)
    if numerator is None:
        return _without_numerator(read, rate)
    bases = list(find_bases(read, numerator, rate, totals))
    if not bases:
        return _unknown(read, rate, f"chỉ nêu số {say(numerator.value)}, không nêu tính trên tổng số nào")
    return _weighed(read, rate, numerator, bases)


def _names_threshold(read: ReadBlock, fraction: Quantity, rate: Quantity) -> bool:
    """ "12/16 xã đạt 100 % …" says what each of the twelve has reached, not what share twelve are."""
    if fraction.unit not in ("dia_phuong", "don_vi") or fraction.start > rate.start or fraction.below is None:
        return False
    if re.search(r"[,;:(]", read.text[fraction.end : rate.start]):
        return False
    return agrees(fraction.value / fraction.below * HUNDRED, rate, fraction.value == fraction.below) is None


def _planned(read: ReadBlock, position: int, rate: Quantity) -> tuple[Quantity, Base] | None:
    """ "520 lượt, đạt 104 % kế hoạch (kế hoạch là 500 lượt)": the plan is stated beside the rate."""
    numerator = find_numerator(read, position, rate)
    if numerator is None or position + 1 >= len(read.quantities):
        return None
    plan = read.quantities[position + 1]
    if (
        not plan.is_count
        or not is_same_kind(numerator, plan)
        or not _STATED_PLAN.fullmatch(read.text[rate.end : plan.start])
    ):
        return None
    return numerator, Base(plan.value, read.span_of(plan), True)


def _weighed(read: ReadBlock, rate: Quantity, numerator: Quantity, bases: Sequence[Base]) -> Judgement:
    """The verdict of a rate against the bases in reach: any base that agrees clears it."""
    best: tuple[Verdict, Base] | None = None
    for base in bases:
        if base.value <= 0:
            continue
        share = numerator.value / base.value * HUNDRED
        found = agrees(share, rate, numerator.value == base.value or numerator.value == 0)
        if found is Verdict.CONSISTENT:
            return _settled(read, rate, numerator, base, found)
        if found and best is None:
            best = found, base
    if best:
        return _settled(read, rate, numerator, best[1], best[0])
    firm = [base for base in bases if base.is_firm]
    near = [base for base in bases if base.place == "near"]
    if firm and not (rate.approximation and firm[0].span != read.span_of(numerator)):
        return _settled(read, rate, numerator, firm[0], Verdict.CONTRADICTION)
    if (
        len(near) == 1
        and near[0].value >= numerator.value
        and not near[0].is_doubtful
        and not rate.approximation
    ):
        return _settled(read, rate, numerator, near[0], Verdict.CONTRADICTION)
    return _unknown(
        read, rate, f"{say(numerator.value)} không ứng với tỷ lệ này theo số nào nêu gần đó, mẫu số chưa rõ"
    )


def _settled(read: ReadBlock, rate: Quantity, numerator: Quantity, base: Base, verdict: Verdict) -> Judgement:
    share = numerator.value / base.value * HUNDRED
    decimals = max(0, -int(rate.precision.as_tuple().exponent))
    computed = say_percent(share, max(2, decimals))
    fraction = f"{say(numerator.value)}/{say(base.value)}"
    if verdict is Verdict.CONSISTENT:
        sentence = f"{fraction} bằng {computed}, khớp với tỷ lệ đã ghi."
    elif verdict is Verdict.WITHIN_ROUNDING:
        sentence = f"{fraction} bằng {computed}; tỷ lệ ghi {say(rate.value)}% chênh trong phạm vi làm tròn."
    else:
        sentence = (
            f"{fraction} bằng {computed}, không phải {say(rate.value)}%; tử số, mẫu số hoặc tỷ lệ chưa đúng."
        )
    values = [
        Stated(Role.RATE, rate.value, read.span_of(rate)),
        Stated(Role.NUMERATOR, numerator.value, read.span_of(numerator)),
    ]
    values.append(Stated(Role.DENOMINATOR, base.value, base.span))
    return Judgement(
        _claim(read, rate, tuple(values)), verdict, sentence, expected=share, difference=rate.value - share
    )


def _unknown(read: ReadBlock, rate: Quantity, why: str) -> Judgement:
    values = (Stated(Role.RATE, rate.value, read.span_of(rate)),)
    sentence = f"Tỷ lệ {say(rate.value)}% chưa có mẫu số: {why}."
    return Judgement(_claim(read, rate, values), Verdict.DENOMINATOR_UNKNOWN, sentence)


def _without_numerator(read: ReadBlock, rate: Quantity) -> Judgement:
    """A rate that says no numerator of its own: two numbers of its sentence may still bear it out."""
    start, end = read.sentence_at(rate.start)
    counts = [q for q in read.counts(start, end) if q.start < rate.start]
    for below in counts:
        for above in counts:
            if (
                above is below
                or below.value <= 0
                or above.value > below.value
                or not is_same_kind(above, below)
            ):
                continue
            if above.value == below.value and rate.value != HUNDRED:
                continue
            share = above.value / below.value * HUNDRED
            if agrees(share, rate, above.value == below.value) is Verdict.CONSISTENT and (
                rate.precision < 1 or above.value != below.value
            ):
                return _settled(
                    read, rate, above, Base(below.value, read.span_of(below), True), Verdict.CONSISTENT
                )
    return _unknown(read, rate, "trong câu không có tử số và mẫu số")


def _claim(read: ReadBlock, rate: Quantity, values: tuple[Stated, ...]) -> Claim:
    return Claim(ClaimKind.RATE, read.index, rate.start, rate.end, read.text[rate.start : rate.end], values)
