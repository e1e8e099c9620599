"""A total against its parts: which parts belong together, and what their sum says.

Rules. Equal → consistent. Parts beyond the total → contradiction. Parts short of it → remainder not
classified. A single part after "trong đó" is an example, not a breakdown: consistent while it does not
exceed the total. Numbers printed with decimals or scale words ("285,3 tỷ") carry half a unit of their
last place each; words of approximation ("gần", "khoảng") allow one part in twenty: within rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.audit.clauses import Part
from transforms.audit.dimensions import OTHER, OVERLAPPING, dimension_of
from transforms.audit.model import Verdict
from transforms.audit.numbers import Quantity

_APPROXIMATE_SHARE = Decimal("0.05")
_PLAIN_AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """The verdict on a total with the parts that led to it."""

    verdict: Verdict
    parts: tuple[Part, ...]
    total_of_parts: Decimal


def weigh(total: Quantity, parts: Sequence[Part], is_whole: bool) -> Weighed | None:
    """The verdict on a breakdown; None where its parts answer different questions and nothing is exceeded."""
    direct = [part for part in parts if not part.is_nested]
    for chosen in ([*direct], [*parts]):
        if found := _equal_prefix(total, chosen):
            return found
    groups = _groups(direct)
    if len(groups) == 1 and OVERLAPPING not in groups:
        return _weigh_group(total, direct, is_whole)
    weighed = [
        found
        for name, group in groups.items()
        for chosen in ([[part] for part in group] if name == OVERLAPPING else [group])
        if (found := _equal_prefix(total, chosen) or _weigh_group(total, chosen, False))
    ]
    for verdict in (Verdict.CONTRADICTION, Verdict.CONSISTENT, Verdict.WITHIN_ROUNDING):
        for found in weighed:
            if found.verdict is verdict and (len(found.parts) > 1 or verdict is Verdict.CONTRADICTION):
                return found
    return next((found for found in weighed if len(found.parts) > 1), None) or next(iter(weighed), None)


def tolerance(quantities: Sequence[Quantity]) -> Decimal:
    """How far a sum of printed numbers may stray by rounding alone; 0 for whole counts."""
    return sum((q.precision / 2 for q in quantities if is_rounded(q)), Decimal(0))


def is_rounded(quantity: Quantity) -> bool:
    """True for numbers with decimals or a scale word; whole counts are exact."""
    return quantity.precision != 1


def _equal_prefix(total: Quantity, parts: Sequence[Part]) -> Weighed | None:
    """Consistent where the parts add up to the total, or the first of them before another question begins."""
    dimensions = [dimension_of(part.label) for part in parts]
    reached = Decimal(0)
    sums = [reached := reached + part.quantity.value for part in parts]
    for count in range(len(parts), 1, -1):
        if sums[count - 1] != total.value or not sums[count - 1]:
            continue
        asked = set(dimensions[:count]) - {OTHER}
        if not asked.intersection(dimensions[count:]):
            return Weighed(Verdict.CONSISTENT, tuple(parts[:count]), sums[count - 1])
    return None


def _weigh_group(total: Quantity, parts: Sequence[Part], is_whole: bool) -> Weighed | None:
    if not parts:
        return None
    found = _compare(total, parts)
    if len(parts) == 1 and found.verdict is Verdict.REMAINDER_NOT_CLASSIFIED and not is_whole:
        return Weighed(Verdict.CONSISTENT, found.parts, found.total_of_parts)
    return found


def _compare(total: Quantity, parts: Sequence[Part]) -> Weighed:
    quantities = [part.quantity for part in parts]
    reached = sum((q.value for q in quantities), Decimal(0))
    off = total.value - reached
    allowed = tolerance([total, *quantities])
    if off == 0:
        verdict = Verdict.CONSISTENT
    elif abs(off) <= allowed or _is_about(total, quantities, reached):
        verdict = Verdict.WITHIN_ROUNDING
    elif off < 0:
        verdict = Verdict.CONTRADICTION
    else:
        verdict = Verdict.REMAINDER_NOT_CLASSIFIED
    return Weighed(verdict, tuple(parts), reached)


def _is_about(total: Quantity, parts: Sequence[Quantity], reached: Decimal) -> bool:
    if not (total.approximation or any(part.approximation for part in parts)):
        return False
    return abs(total.value - reached) <= _APPROXIMATE_SHARE * max(abs(total.value), abs(reached))


def _groups(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """Parts by dimension.

    A list of mostly plain classes is one list, whatever word one of its names holds ("Trẻ em" is a field
    there). A remainder ("còn lại …", "khác") joins the others. Resolved early, on time or late beside what
    is still open is one breakdown of what was received.
    """
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(dimension_of(part.label), []).append(part)
    plain = groups.get(OTHER, [])
    if len(plain) >= _PLAIN_AT_LEAST and len(plain) * 5 >= len(parts) * 3:
        return {OTHER: list(parts)}
    if len(groups) == 2 and OVERLAPPING not in groups:
        if plain and any(_is_remainder(part.label) for part in plain):
            return {OTHER: list(parts)}
        if set(groups) == {"timeliness", "state"} and all(_is_open(part.label) for part in groups["state"]):
            return {"state": list(parts)}
    return groups


def _is_remainder(label: str) -> bool:
    return "còn lại" in label.casefold() or "khác" in label.casefold()


def _is_open(label: str) -> bool:
    return any(
        word in label.casefold()
        for word in ("đang", "chưa", "trả lại", "rút", "bổ sung", "tạm dừng", "còn lại")
    )
