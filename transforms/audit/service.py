"""What the one-stop figures must satisfy: received = resolved + pending, and "đúng hạn" said of everything.

Balance: columns 3 = 7 + 11 of Biểu II.06 (TT 01/2020/TT-VPCP). A report may count what was carried over in
or beside what was received, and may name returned or withdrawn dossiers apart; each of these readings
clears the figures. On time: "tiếp nhận N hồ sơ và trả kết quả đúng hạn" and "100 % hồ sơ tiếp nhận …" speak
of everything received, so that an open dossier contradicts them; "100 % hồ sơ đã giải quyết đúng hạn" speaks
of what was resolved, and only a late one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from transforms.audit.breakdown import Breakdown
from transforms.audit.lists import ItemList
from transforms.audit.measures import clause_of, measure_of
from transforms.audit.model import BlockKind, Claim, ClaimKind, Judgement, Role, Stated, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.wording import say

Placed = tuple[ReadBlock, Quantity]

_ON_TIME = r"(?:đúng (?:thời )?(?:hạn|hẹn)|trước (?:và|hoặc|, ) ?đúng (?:thời )?hạn|đúng và trước (?:thời )?hạn|trước hạn và đúng hạn)"
_ALL_RECEIVED = re.compile(
    rf"(?:và|đã|đều|được|đều được)\s+(?:được\s+)?(?:giải quyết(?:,| và)?\s*)?(?:trả kết quả|trả|giải quyết)(?:\s+(?:kết quả|xong))?\s*{_ON_TIME}",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"(?:100\s?%|tất cả(?: các)?|toàn bộ)(?:\s+(?:số\s+)?(?:các\s+)?(?:hồ sơ|đơn|tthc|thủ tục))?[^.;%]{{0,80}}?{_ON_TIME}",
    re.IGNORECASE,
)
_NONE_LATE = re.compile(
    r"không (?:có|phát sinh|để xảy ra|còn|có trường hợp)\s+(?:hồ sơ|đơn|trường hợp)?[^.;,\d]{0,30}?(?:quá|trễ|chậm) hạn",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"(?<!\w)(?:phấn đấu|mục tiêu|chỉ tiêu|đảm bảo|bảo đảm|yêu cầu|cần|tiếp tục|nhằm|để|sẽ|đề nghị|khắc phục)(?!\w)",
    re.IGNORECASE,
)
_RESOLVED_ONLY = re.compile(r"đã giải quyết|đã xử lý|đến hạn|giải quyết xong", re.IGNORECASE)
_OPEN = re.compile(r"(?<!\w)(?:đang|chưa|còn\s+(?:lại|tồn)|tồn)(?!\w)(?!\s+tại)", re.IGNORECASE)
_STILL_MEASURES = ("pending_total", "pending_within", "pending_overdue")
_LATE_MEASURES = ("late", "pending_overdue")
_DOSSIER_UNITS = ("ho_so", "don", "truong_hop", "")


def judge_balance(
    reads: Sequence[ReadBlock], lists: Sequence[ItemList], breakdowns: Sequence[Breakdown]
) -> Iterator[Judgement]:
    """A judgement wherever one paragraph or one list states received, resolved and pending, once each."""
    covered = {found.read.span_of(found.total) for found in breakdowns if len(found.weighed.parts) > 1}
    groups: list[list[ReadBlock]] = [[read] for read in reads if read.block.kind is not BlockKind.TABLE_ROW]
    groups += [[item_list.parent, *item_list.items] for item_list in lists]
    seen: set[tuple[int, int]] = set()
    for group in groups:
        named: dict[str, list[Placed]] = {}
        for read in group:
            for quantity in read.quantities:
                if quantity.is_count and quantity.unit in _DOSSIER_UNITS and quantity.below is None:
                    named.setdefault(measure_of(read, quantity), []).append((read, quantity))
        found = _judge_balance(named)
        if found is None or (found.claim.block, found.claim.start) in seen:
            continue
        if found.verdict is not Verdict.CONTRADICTION and found.claim.span in covered:
            continue
        seen.add((found.claim.block, found.claim.start))
        yield found


def _judge_balance(named: dict[str, list[Placed]]) -> Judgement | None:
    received, resolved = named.get("received_total", []), named.get("resolved_total", [])
    pending = named.get("pending_total", []) or _both(named)
    if not (
        len(received) == len(resolved) == 1
        and pending
        and (len(pending) == 1 or "pending_total" not in named)
    ):
        return None
    if max(q.value for _, q in (*resolved, *pending)) > _most(received[0][1], named):
        return None
    carried = sum((q.value for _, q in named.get("carried_over", [])), Decimal(0))
    exits = sum((q.value for _, q in named.get("exit", [])), Decimal(0))
    read, total = received[0]
    if total.approximation or resolved[0][1].approximation:
        return None
    open_value = sum((q.value for _, q in pending), Decimal(0))
    reached = resolved[0][1].value + open_value
    values = (
        Stated(Role.TOTAL, total.value, read.span_of(total)),
        *(Stated(Role.PART, q.value, r.span_of(q)) for r, q in (*resolved, *pending)),
    )
    claim = Claim(
        ClaimKind.BALANCE, read.index, total.start, total.end, read.text[total.start : total.end], values
    )
    said = f"Đã giải quyết {say(resolved[0][1].value)} và đang giải quyết {say(open_value)} cộng lại được {say(reached)}"
    accepted = {total.value, total.value + carried, total.value - exits, total.value + carried - exits}
    if reached in accepted:
        return Judgement(claim, Verdict.CONSISTENT, f"{said}, khớp với số tiếp nhận.", reached, Decimal(0))
    largest = max(accepted)
    off = total.value - reached
    if reached > largest:
        sentence = f"{said}, nhiều hơn số tiếp nhận {say(largest)} là {say(reached - largest)}."
        return Judgement(claim, Verdict.CONTRADICTION, sentence, reached, off)
    sentence = f"{said}; số tiếp nhận ghi {say(total.value)}, còn {say(off)} chưa nêu tình trạng."
    return Judgement(claim, Verdict.REMAINDER_NOT_CLASSIFIED, sentence, reached, off)


def _most(received: Quantity, named: dict[str, list[Placed]]) -> Decimal:
    """Received and carried over together: nothing resolved or pending can be more and be of the same story."""
    return received.value + sum((q.value for _, q in named.get("carried_over", [])), Decimal(0))


def _both(named: dict[str, list[Placed]]) -> list[Placed]:
    within, overdue = named.get("pending_within", []), named.get("pending_overdue", [])
    return [*within, *overdue] if len(within) == len(overdue) == 1 else []


def judge_on_time(reads: Sequence[ReadBlock], lists: Sequence[ItemList]) -> Iterator[Judgement]:
    """A contradiction wherever everything is said to be on time and the same place names what is not."""
    below = {item_list.parent.index: item_list.items for item_list in lists}
    for read in reads:
        if read.block.kind is BlockKind.TABLE_ROW:
            continue
        for start, end in read.sentences:
            found, is_received = _claim_of_all(read, start, end)
            if found is None:
                continue
            evidence = list(_against(read, found, below.get(read.index, ()), is_received))
            if evidence:
                yield _judge_on_time(read, found, evidence, is_received)


def _claim_of_all(read: ReadBlock, start: int, end: int) -> tuple[re.Match[str] | None, bool]:
    """The words that say "on time" of everything, and whether they speak of all that was received."""
    sentence = read.text[start:end]
    if match := _EVERY.search(read.text, start, end):
        before = read.text[start : match.start()]
        if _TARGET.search(re.split(r"[,;]", before)[-1]):
            return None, False
        return match, "tiếp nhận" in match.group().casefold() and not _RESOLVED_ONLY.search(match.group())
    if match := _NONE_LATE.search(read.text, start, end):
        return (None, False) if _TARGET.search(read.text[start : match.start()]) else (match, False)
    if match := _ALL_RECEIVED.search(read.text, start, end):
        counts = read.counts(start, match.start())
        is_own_number = re.match(r"\s*(?:là|:|có|được|đạt)?\s*\d", read.text[match.end() : match.end() + 25])
        if counts and not is_own_number and "tiếp nhận" in sentence.casefold():
            return (match, True) if measure_of(read, counts[-1]) == "received_total" else (None, False)
    return None, False


def _against(
    read: ReadBlock, claim: re.Match[str], items: Sequence[ReadBlock], is_received: bool
) -> Iterator[Placed]:
    for place in (read, *items):
        for quantity in place.quantities:
            if quantity.value <= 0 or quantity.unit not in _DOSSIER_UNITS or quantity.is_percent:
                continue
            if place is read and claim.start() <= quantity.start < claim.end():
                continue
            start, end = clause_of(place, quantity)
            words = place.text[start:end]
            measure = measure_of(place, quantity)
            is_against = measure in _LATE_MEASURES and not re.search(r"không", words, re.IGNORECASE)
            if is_received and not is_against:
                is_against = measure in _STILL_MEASURES or (place is not read and bool(_OPEN.search(words)))
            if is_against and not _is_of_earlier(place, quantity):
                yield place, quantity


def _is_of_earlier(read: ReadBlock, quantity: Quantity) -> bool:
    start, end = clause_of(read, quantity)
    return bool(
        re.search(r"kỳ trước|năm trước|cùng kỳ|so với|giảm|tăng", read.text[start:end], re.IGNORECASE)
    )


def _judge_on_time(
    read: ReadBlock, match: re.Match[str], evidence: Sequence[Placed], is_received: bool
) -> Judgement:
    values = tuple(Stated(Role.PART, q.value, r.span_of(q)) for r, q in evidence)
    claim = Claim(ClaimKind.ON_TIME, read.index, match.start(), match.end(), match.group(), values)
    r, q = evidence[0]
    start, end = clause_of(r, q)
    quoted = r.text[start:end].strip(" ,;.:-+")
    whole = "tất cả hồ sơ đã tiếp nhận" if is_received else "tất cả hồ sơ"
    sentence = f"Báo cáo nói {whole} đều đúng hạn, nhưng cùng nội dung này có nêu “{quoted}”."
    return Judgement(claim, Verdict.CONTRADICTION, sentence)
