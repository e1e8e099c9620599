"""Tables: total rows against their columns, totals of a row against its parts, shares against their numbers.

What a table means to add up is learnt from the table itself: a sum or share that holds in most rows is
meant to hold in all of them. Where several broken sums meet in one cell, that cell alone is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.audit.model import Claim, ClaimKind, Judgement, Role, Stated, Verdict
from transforms.audit.table_numbers import Number, Row, Table
from transforms.audit.wording import say, say_label
from transforms.text_vi import fold

_NOT_ADDED = re.compile(
    r"\b(?:ty le|ti le|ty trong|binh quan|trung binh|diem|xep hang|xep loai|so sanh|don gia|nam sinh|dat|ngay|thang|stt|tt|ma|tang giam)\b|%"
)
_HELD_SHARE = Decimal("0.6")
_MANY_ZEROS = 5
_ROMAN = re.compile(r"^(?:[IVX]+|[A-E])$")


@dataclass(frozen=True, slots=True)
class Check:
    """One sum: the cell that should be ``expected``, and the cells it comes of."""

    target: Number
    parts: tuple[Number, ...]
    expected: Decimal
    what: str

    @property
    def holds(self) -> bool:
        """True where the cell is its sum, rounding of printed decimals allowed."""
        rounded = [n for n in (self.target, *self.parts) if n.precision < 1]
        return abs(self.target.value - self.expected) <= sum((n.precision / 2 for n in rounded), Decimal(0))


def judge_tables(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judgements of every total cell; a number in which broken sums meet is judged once."""
    for table in tables:
        checks = [*_column_checks(table), *_group_checks(table), *_row_checks(table)]
        yield from _judge_checks(table, checks)


def _is_added(table: Table, column: int) -> bool:
    return column > 0 and not _NOT_ADDED.search(table.headers[column] if column < len(table.headers) else "")


def _is_grouping(table: Table, position: int) -> bool:
    """True for a row that stands over the numbered rows below it: "I", "A" or nothing in the first column."""
    row = table.rows[position]
    if position in table.totals or not row.numbers or not (_ROMAN.match(row.first) or row.first == ""):
        return False
    following = table.rows[position + 1 : position + 2]
    return bool(following) and bool(re.fullmatch(r"\d{1,3}\.?", following[0].first))


def _column_checks(table: Table) -> Iterator[Check]:
    grouping = {i for i in range(len(table.rows)) if _is_grouping(table, i)}
    leaves = [
        i
        for i in range(len(table.rows))
        if i not in table.totals and i not in grouping and not _is_detail(table.rows[i])
    ]
    for position in sorted(table.totals):
        for column, target in sorted(table.rows[position].numbers.items()):
            if not _is_added(table, column):
                continue
            readings = [
                _numbers(table, _since_last_total(table, leaves, position), column),
                _numbers(table, leaves, column),
                _numbers(table, grouping, column),
                _numbers(table, [i for i in table.totals if i != position], column),
            ]
            checks = [
                Check(target, tuple(part), sum((n.value for n in part), Decimal(0)), "cột")
                for part in readings
                if len(part) >= 2
            ]
            if not checks:
                continue
            yield next((check for check in checks if check.holds), checks[0])


def _is_detail(row: Row) -> bool:
    return fold(row.label).startswith("trong do")


def _since_last_total(table: Table, leaves: Sequence[int], position: int) -> list[int]:
    earlier = [t for t in table.totals if t < position]
    start = max(earlier, default=-1)
    return [i for i in leaves if start < i < position]


def _numbers(table: Table, rows: Iterable[int], column: int) -> list[Number]:
    return [table.rows[i].numbers[column] for i in rows if column in table.rows[i].numbers]


def _group_checks(table: Table) -> Iterator[Check]:
    """A grouping row with the numbered rows below it: "Văn bản hành chính | 588" over nine types."""
    for position in range(len(table.rows)):
        if not _is_grouping(table, position):
            continue
        members: list[int] = []
        for i in range(position + 1, len(table.rows)):
            if i in table.totals or not re.fullmatch(r"\d{1,3}\.?", table.rows[i].first):
                break
            members.append(i)
        for column, target in sorted(table.rows[position].numbers.items()):
            parts = _numbers(table, members, column)
            if len(parts) < 2 or not _is_added(table, column):
                continue
            check = Check(target, tuple(parts), sum((n.value for n in parts), Decimal(0)), "nhóm")
            if check.holds or (
                len(parts) > 2 and abs(target.value - check.expected) * 2 < max(target.value, Decimal(1))
            ):
                yield check


def _row_checks(table: Table) -> Iterator[Check]:
    """Sums that hold in most rows: a "tổng" column of the columns beside it, and of other "tổng" columns."""
    columns = sorted({c for row in table.rows for c in row.numbers if _is_added(table, c)})
    called = [
        c for c in columns if c < len(table.headers) and re.search(r"\b(?:tong|cong)\b", table.headers[c])
    ]
    for index, total in enumerate(called):
        position = columns.index(total)
        stop = columns.index(called[index + 1]) if index + 1 < len(called) else len(columns)
        for parts in (
            columns[position + 1 : stop],
            *(columns[position + 1 : end] for end in range(position + 3, stop)),
            columns[:position],
        ):
            if len(parts) >= 2 and (checks := _learnt(table, total, parts, "dòng")):
                yield from checks
                break
    for index in range(len(called) - 2):
        if checks := _learnt(table, called[index], called[index + 1 : index + 3], "cân đối"):
            yield from checks
            break


def _learnt(table: Table, total: int, parts: Sequence[int], what: str) -> list[Check]:
    """The checks of one sum over all rows, where it holds in most of those with something to add."""
    checks: list[Check] = []
    for row in table.rows:
        if total not in row.numbers or any(c not in row.numbers for c in parts):
            continue
        numbers = tuple(row.numbers[c] for c in parts)
        checks.append(Check(row.numbers[total], numbers, sum((n.value for n in numbers), Decimal(0)), what))
    telling = [check for check in checks if check.target.value or check.expected]
    held = sum(check.holds for check in telling)
    if len(telling) >= 2 and held >= 2 and Decimal(held) >= _HELD_SHARE * len(telling):
        return checks
    # Columns of mostly zeros tell little in a row, but many such rows and one that holds tell enough.
    return checks if held and len(checks) - len(telling) >= _MANY_ZEROS else []


def _judge_checks(table: Table, checks: Sequence[Check]) -> Iterator[Judgement]:
    broken = [check for check in checks if not check.holds]
    yield from (
        _judgement(table, check, check.target, []) for check in checks if check.holds and check.what != "dòng"
    )
    held = Counter((n.row, n.column) for check in checks if check.holds for n in (check.target, *check.parts))
    while broken:
        counts = Counter((n.row, n.column) for check in broken for n in (check.target, *check.parts))
        worst = max(
            counts,
            key=lambda place: (
                counts[place],
                -held[place],
                place == (broken[0].target.row, broken[0].target.column),
            ),
        )
        if counts[worst] == 1:
            for check in broken:
                yield _judgement(table, check, check.target, [check])
            return
        meeting = [
            check for check in broken if worst in {(n.row, n.column) for n in (check.target, *check.parts)}
        ]
        suspect = next(
            n for check in meeting for n in (check.target, *check.parts) if (n.row, n.column) == worst
        )
        yield _judgement(table, meeting[0], suspect, meeting)
        broken = [check for check in broken if check not in meeting]


def _judgement(table: Table, check: Check, at: Number, broken: Sequence[Check]) -> Judgement:
    row = table.rows[at.row]
    text = row.read.text[at.span.start : at.span.end]
    values = (
        Stated(Role.TOTAL, check.target.value, check.target.span),
        *(Stated(Role.PART, n.value, n.span) for n in check.parts),
    )
    claim = Claim(ClaimKind.TABLE_TOTAL, at.span.block, at.span.start, at.span.end, text, values)
    where = f"dòng “{say_label(row.label)}”" if row.label else f"dòng thứ {at.row + 1}"
    difference = check.target.value - check.expected
    if not broken:
        return Judgement(
            claim,
            Verdict.CONSISTENT,
            f"Số {say(at.value)} ở {where} đúng bằng tổng các số thành phần của {check.what}.",
            check.expected,
            difference,
        )
    total_row = table.rows[check.target.row]
    if at is check.target and len(broken) == 1:
        sentence = f"Số {say(at.value)} ở {where} không bằng tổng các số thành phần trong bảng ({say(check.expected)}), chênh {say(abs(difference))}."
    else:
        expected = at.value + difference if at != check.target else check.expected
        sentence = (
            f"Số {say(at.value)} ở {where} làm {len(broken)} phép cộng của bảng không khớp "
            f"(trong đó có dòng “{say_label(total_row.label)}”); các phép cộng đều khớp nếu số này là {say(expected)}."
        )
        return Judgement(
            claim, Verdict.CONTRADICTION, sentence, expected, at.value - expected, suspect=at.span
        )
    return Judgement(claim, Verdict.CONTRADICTION, sentence, check.expected, difference)
