"""A total found with its parts, wherever the two stand; and the judgement that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.audit.clauses import Part
from transforms.audit.model import Claim, ClaimKind, Judgement, Role, Span, Stated, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.units_of_count import is_known, may_be_added, unit_named_in
from transforms.audit.weigh import Weighed
from transforms.audit.wording import say, say_label, say_sum

_SCALES = {
    Decimal(10**3): "nghìn",
    Decimal(10**6): "triệu",
    Decimal(10**9): "tỷ",
    Decimal(10**12): "nghìn tỷ",
}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total, its block, and its parts with the blocks that they stand in."""

    read: ReadBlock
    total: Quantity
    label: str
    parts: tuple[tuple[ReadBlock, Part], ...]
    is_whole: bool
    weighed: Weighed

    @property
    def part_spans(self) -> tuple[Span, ...]:
        """Where the parts that led to the verdict stand."""
        kept = {id(part) for part in self.weighed.parts}
        return tuple(read.span_of(part.quantity) for read, part in self.parts if id(part) in kept)


def usable_parts(total: Quantity, total_label: str, parts: Sequence[Part]) -> list[Part]:
    """The parts that count what the total counts.

    A bare number counts what its neighbours count. A total without a noun takes the noun of its label:
    "Văn bản áp dụng pháp luật: 5" counts documents.
    """
    named = {total.unit} if total.unit else set(unit_named_in(total_label))
    return [part for part in parts if _counts_the_same(part.quantity.unit, total.unit, named)]


def _counts_the_same(unit: str, total_unit: str, named: set[str]) -> bool:
    if is_known(unit):
        return not named or any(may_be_added(unit, name) for name in named)
    if unit == total_unit:
        return True
    is_money = "dong" in named
    if unit == "":
        # "trực tuyến 300" after "500 hồ sơ"; a bare number beside money is an amount only where money is counted.
        return not is_money or total_unit == "dong"
    return not is_money and not total_unit.startswith("?")


def judge_breakdown(found: Breakdown) -> Judgement:
    """The judgement of a breakdown; the sentence names the sum, the total and what lies between."""
    total, weighed = found.total, found.weighed
    stated = (
        Stated(Role.TOTAL, total.value, found.read.span_of(total)),
        *(
            Stated(Role.PART, part.quantity.value, span)
            for part, span in zip(weighed.parts, found.part_spans, strict=True)
        ),
    )
    claim = Claim(
        ClaimKind.TOTAL,
        found.read.index,
        total.start,
        total.end,
        found.read.text[total.start : total.end],
        stated,
    )
    reached = weighed.total_of_parts
    return Judgement(
        claim,
        weighed.verdict,
        _sentence(found),
        expected=reached,
        difference=abs(total.value - reached)
        if weighed.verdict is Verdict.REMAINDER_NOT_CLASSIFIED
        else total.value - reached,
    )


def _sentence(found: Breakdown) -> str:
    total, weighed = found.total, found.weighed
    scale = max([total.scale, *(part.quantity.scale for part in weighed.parts)])
    values = tuple(part.quantity.value / scale for part in weighed.parts)
    reached, unit = weighed.total_of_parts / scale, _unit_word(found, scale)
    name = f" “{say_label(found.label)}”" if say_label(found.label) else ""
    stated = f"{say(total.value / scale)}{unit}"
    off = abs(total.value / scale - reached)
    if len(values) == 1:
        if weighed.verdict is Verdict.CONTRADICTION:
            return f"Phần nêu riêng {say(reached)}{unit} lớn hơn số chung{name} là {stated}; một trong hai số chưa đúng."
        if weighed.verdict is Verdict.REMAINDER_NOT_CLASSIFIED:
            return f"Chỉ nêu một phần {say(reached)}{unit}; số chung{name} ghi {stated}, còn {say(off)}{unit} chưa được phân loại."
        return f"Phần nêu riêng {say(reached)}{unit} nằm trong số chung{name} là {stated}."
    listed = f"{len(values)} số thành phần ({say_sum(values)}) cộng lại được {say(reached)}{unit}"
    match weighed.verdict:
        case Verdict.CONSISTENT:
            return f"{listed}, đúng bằng số tổng{name}."
        case Verdict.WITHIN_ROUNDING:
            return f"{listed}; số tổng{name} ghi {stated}, chênh {say(off)} trong phạm vi làm tròn."
        case Verdict.CONTRADICTION:
            return f"{listed}, vượt số tổng{name} ghi {stated} là {say(off)}{unit}; số tổng hoặc số thành phần chưa đúng."
        case _:
            return f"{listed}; số tổng{name} ghi {stated}, còn {say(off)}{unit} chưa được phân loại."


def _unit_word(found: Breakdown, scale: Decimal) -> str:
    if scale > 1:
        return (
            f" {_SCALES.get(scale, '')} đồng" if found.total.unit == "dong" else f" {_SCALES.get(scale, '')}"
        )
    total = found.total
    read, quantity = found.read, total
    if total.end == total.number_end:
        for part_read, part in found.parts:
            if part.quantity.end > part.quantity.number_end:
                read, quantity = part_read, part.quantity
                break
    word = read.text[quantity.number_end : quantity.end].strip()
    return f" {word.casefold()}" if word and "%" not in word else ""
