"""Amounts with their words: "11.250.000 đồng (Mười một triệu hai trăm năm mươi nghìn đồng)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from transforms.audit.model import Claim, ClaimKind, Judgement, Role, Stated, Verdict
from transforms.audit.number_words import is_number_words, read_number_words
from transforms.audit.reading import ReadBlock
from transforms.audit.wording import say

_WORDS_AFTER = re.compile(
    r"^\s*(?:[,.]\s*)?\(?\s*(?:(?:số tiền\s+)?(?:bằng|viết bằng)\s+chữ|tức|là)?\s*:?\s*[“\"]?(?P<words>[^\d()“”\".;]{6,200})",
    re.IGNORECASE,
)


def judge_money(reads: Sequence[ReadBlock]) -> Iterator[Judgement]:
    """A judgement for every amount that its words follow, in parentheses or after "bằng chữ"."""
    for read in reads:
        for quantity in read.quantities:
            if quantity.unit != "dong":
                continue
            tail = read.text[quantity.end :]
            found = _WORDS_AFTER.match(tail)
            if found is None or not (tail.lstrip(" ,.").startswith("(") or "chữ" in found.group().casefold()):
                continue
            words = found["words"].strip(" :,./")
            if not is_number_words(words):
                continue
            end = quantity.end + found.start("words") + len(found["words"].rstrip())
            said = read_number_words(words)
            values = (Stated(Role.STATED, quantity.value, read.span_of(quantity)),)
            claim = Claim(
                ClaimKind.MONEY, read.index, quantity.start, end, read.text[quantity.start : end], values
            )
            yield _judge(claim, quantity.value, said, words)


def _judge(claim: Claim, amount: Decimal, said: int | None, words: str) -> Judgement:
    if said is None:
        return Judgement(
            claim, Verdict.NOT_CHECKABLE, f"Phần bằng chữ “{words}” không đọc được thành một số tiền."
        )
    if amount == said:
        return Judgement(
            claim,
            Verdict.CONSISTENT,
            f"Số tiền {say(amount)} đồng khớp với phần bằng chữ.",
            expected=Decimal(said),
            difference=Decimal(0),
        )
    return Judgement(
        claim,
        Verdict.CONTRADICTION,
        f"Số tiền ghi {say(amount)} đồng nhưng phần bằng chữ là {say(Decimal(said))} đồng.",
        expected=Decimal(said),
        difference=amount - said,
    )
