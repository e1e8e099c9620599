"""The same quantity said in two places: a list and a column of a table, two sentences with the same words.

Two places speak of the same thing only when their wording proves it: a list and a column agree in most of
their names and numbers; two sentences name a "tổng số" in the same four or more words under headings that
do not set them apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from transforms.audit.lists import ItemList, first_number, item_label
from transforms.audit.model import BlockKind, Claim, ClaimKind, Judgement, Role, Span, Stated, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.table_numbers import Number, Row, Table
from transforms.audit.wording import say, say_label
from transforms.text_vi import fold

_AT_LEAST = 3
_PERIOD_WORDS = re.compile(
    r"cùng kỳ|kỳ trước|năm trước|tháng|quý|năm 20|tuần|kế hoạch|chỉ tiêu|so với", re.IGNORECASE
)
_SPECIFIC_WORDS = 4


def judge_repeats(
    reads: Sequence[ReadBlock], lists: Sequence[ItemList], tables: Sequence[Table]
) -> Iterator[Judgement]:
    """A contradiction wherever the second mention of a quantity has another value."""
    for item_list in lists:
        yield from _list_against_tables(item_list, tables)
    yield from _same_words(reads)
    yield from _words_of_a_row(reads, tables)


def _words_of_a_row(reads: Sequence[ReadBlock], tables: Sequence[Table]) -> Iterator[Judgement]:
    """A number in a sentence that begins with the very words of a row with one number."""
    rows: dict[str, Number | None] = {}
    for table in tables:
        for row in table.rows:
            numbers = [number for column, number in row.numbers.items() if column > 0]
            name = _key(row.label)
            if len(name.split()) >= _SPECIFIC_WORDS and len(numbers) == 1:
                rows[name] = None if name in rows else numbers[0]
    for read in reads:
        if not rows or read.block.kind is BlockKind.TABLE_ROW:
            continue
        for start, end in read.sentences:
            counts = read.counts(start, end)
            if not counts or counts[0].approximation or read.depths[counts[0].start]:
                continue
            begin = read.marker.end if read.marker and start < read.marker.end else start
            name = _key(re.sub(r"(?: trong kỳ)?(?: là)?\W*$", "", read.text[begin : counts[0].start]))
            number = rows.get(name)
            if number is not None and number.value != counts[0].value:
                yield _against_table(read, counts[0], number, read.text[begin : counts[0].start])


def _list_against_tables(item_list: ItemList, tables: Sequence[Table]) -> Iterator[Judgement]:
    items: dict[str, tuple[ReadBlock, Quantity]] = {}
    for read in item_list.items:
        if quantity := first_number(read):
            items.setdefault(_key(item_label(read, quantity)), (read, quantity))
    if len(items) < _AT_LEAST:
        return
    for table in tables:
        rows = {
            _key(row.label): row for i, row in enumerate(table.rows) if i not in table.totals and row.label
        }
        shared = [name for name in items if name and name in rows]
        if len(shared) < _AT_LEAST:
            continue
        columns = {c for name in shared for c in rows[name].numbers if c > 0}
        scored = [
            (sum(c in rows[n].numbers and rows[n].numbers[c].value == items[n][1].value for n in shared), -c)
            for c in columns
        ]
        if not scored:
            continue
        equal, negative = max(scored)
        if equal == len(shared) or equal < _AT_LEAST - 1 or equal * 5 < len(shared) * 3:
            continue
        for name in shared:
            number = rows[name].numbers.get(-negative)
            read, quantity = items[name]
            if (
                number is not None
                and number.value != quantity.value
                and not _is_made_of(rows[name], quantity)
            ):
                yield _against_table(read, quantity, number, name=item_label(read, quantity))


def _is_made_of(row: Row, quantity: Quantity) -> bool:
    """True where the number is a sum or difference of two of the row's: it may be another measure of the same."""
    values = [number.value for column, number in row.numbers.items() if column > 0 and number.value]
    return any(
        quantity.value in (one + other, one - other)
        for i, one in enumerate(values)
        for j, other in enumerate(values)
        if i != j
    )


def _key(label: str) -> str:
    return re.sub(r"^(?:so|linh vuc|tong so|so luong)\s+", "", fold(label))


def _against_table(read: ReadBlock, quantity: Quantity, number: Number, name: str) -> Judgement:
    text = read.text[quantity.start : quantity.end]
    values = (
        Stated(Role.STATED, quantity.value, read.span_of(quantity)),
        Stated(Role.STATED, number.value, number.span),
    )
    claim = Claim(ClaimKind.REPEAT, read.index, quantity.start, quantity.end, text, values)
    sentence = (
        f"“{say_label(name)}” ghi {say(quantity.value)} trong phần lời nhưng {say(number.value)} trong bảng."
    )
    return Judgement(claim, Verdict.CONTRADICTION, sentence, number.value, quantity.value - number.value)


def _same_words(reads: Sequence[ReadBlock]) -> Iterator[Judgement]:
    """Sentences that name a total in the same words with another number."""
    named: dict[tuple[str, str], list[tuple[ReadBlock, Quantity]]] = defaultdict(list)
    for read in reads:
        if read.block.kind is BlockKind.TABLE_ROW:
            continue
        for start, end in read.sentences:
            counts = read.counts(start, end)
            if not counts or read.depths[counts[0].start]:
                continue
            quantity = counts[0]
            begin = read.marker.end if read.marker and start < read.marker.end else start
            label = read.text[begin : quantity.start]
            folded = fold(label)
            if (
                "tong" not in folded.split()
                or len(folded.split()) < _SPECIFIC_WORDS
                or _PERIOD_WORDS.search(label)
            ):
                continue
            named[folded, quantity.unit].append((read, quantity))
    for mentions in named.values():
        first_read, first = mentions[0]
        for read, quantity in mentions[1:]:
            if quantity.value == first.value or quantity.approximation or first.approximation:
                continue
            text = read.text[quantity.start : quantity.end]
            values = (
                Stated(Role.STATED, quantity.value, read.span_of(quantity)),
                Stated(Role.STATED, first.value, Span(first_read.index, first.start, first.end)),
            )
            claim = Claim(ClaimKind.REPEAT, read.index, quantity.start, quantity.end, text, values)
            label = say_label(read.text[: quantity.start].split(".")[-1])
            sentence = f"“{label}” ghi {say(quantity.value)} ở đây nhưng ghi {say(first.value)} ở phần trước."
            yield Judgement(claim, Verdict.CONTRADICTION, sentence, first.value, quantity.value - first.value)
