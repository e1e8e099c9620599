"""Columns of percentages against the two columns that they are the share of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from transforms.audit.model import Claim, ClaimKind, Judgement, Role, Stated, Verdict
from transforms.audit.table_numbers import Row, Table
from transforms.audit.wording import round_to, say, say_percent

_HELD_SHARE = Decimal("0.6")


def judge_shares(tables: Iterable[Table]) -> Iterator[Judgement]:
    """A column of percentages that is the share of two others in most rows is judged in all."""
    for table in tables:
        yield from _judge_table(table)


def _judge_table(table: Table) -> Iterator[Judgement]:
    columns = sorted({c for row in table.rows for c in row.numbers})
    shares = [
        c
        for c in columns
        if c < len(table.headers) and re.search(r"\b(?:ty le|ti le|ty trong)\b|%", table.headers[c])
    ]
    counts = [c for c in columns if c > 0 and c not in shares]
    for share in shares:
        best: tuple[int, int, int] | None = None
        for above in counts:
            for below in counts:
                if above == below:
                    continue
                rows = [
                    r
                    for r in table.rows
                    if {share, above, below} <= r.numbers.keys() and r.numbers[below].value > 0
                ]
                held = sum(_is_share(r, share, above, below) for r in rows)
                if (
                    len(rows) >= 3
                    and held >= 2
                    and Decimal(held) >= _HELD_SHARE * len(rows)
                    and (best is None or held > best[0])
                ):
                    best = held, above, below
        if best is None:
            continue
        for row in table.rows:
            if {share, best[1], best[2]} <= row.numbers.keys() and row.numbers[best[2]].value > 0:
                yield _share_judgement(row, share, best[1], best[2])


def _is_share(row: Row, share: int, above: int, below: int) -> bool:
    stated = row.numbers[share]
    real = row.numbers[above].value / row.numbers[below].value * 100
    return abs(real - stated.value) <= stated.precision


def _share_judgement(row: Row, share: int, above: int, below: int) -> Judgement:
    stated, over, under = row.numbers[share], row.numbers[above], row.numbers[below]
    real = over.value / under.value * 100
    decimals = max(0, -int(stated.precision.as_tuple().exponent))
    verdict = (
        Verdict.CONSISTENT
        if round_to(real, decimals) == stated.value
        else Verdict.WITHIN_ROUNDING
        if abs(round_to(real, decimals) - stated.value) <= stated.precision
        else Verdict.CONTRADICTION
    )
    text = row.read.text[stated.span.start : stated.span.end]
    values = (
        Stated(Role.RATE, stated.value, stated.span),
        Stated(Role.NUMERATOR, over.value, over.span),
        Stated(Role.DENOMINATOR, under.value, under.span),
    )
    claim = Claim(ClaimKind.RATE, stated.span.block, stated.span.start, stated.span.end, text, values)
    computed = f"{say(over.value)}/{say(under.value)} bằng {say_percent(real, max(2, decimals))}"
    ending = {
        Verdict.CONSISTENT: ", khớp với tỷ lệ đã ghi.",
        Verdict.WITHIN_ROUNDING: f"; bảng ghi {say(stated.value)}%, chênh trong phạm vi làm tròn.",
        Verdict.CONTRADICTION: f", bảng ghi {say(stated.value)}%.",
    }[verdict]
    return Judgement(claim, verdict, computed + ending, real, stated.value - real)
