"""Totals with their parts inside one paragraph: "22 người, trong đó …", "1.363 hồ sơ, gồm …", "(a + b)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.audit.breakdown import Breakdown, usable_parts
from transforms.audit.clauses import LONGEST_REACH, Cue, Part, find_cues, label_before, scope_of, split_parts
from transforms.audit.dimensions import OTHER, OVERLAPPING, dimension_of
from transforms.audit.model import BlockKind, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.weigh import Weighed, weigh

_OPENING = re.compile(r"\(")
_SHORT = 14
_MOST_PARTS, _MOST_CANDIDATES = 80, 8
"""What a sentence that people can read never exceeds."""


def find_totals(reads: Sequence[ReadBlock]) -> Iterator[Breakdown]:
    """Every breakdown that a paragraph states within itself."""
    for position, read in enumerate(reads):
        if not read.quantities:
            continue
        earlier: list[Breakdown] = []
        cues = tuple(find_cues(read))
        for cue in cues:
            if found := _by_cue(reads, position, cue, cues, earlier):
                earlier.append(found)
                yield found
        yield from _by_parenthesis(read, cues)


def _by_cue(
    reads: Sequence[ReadBlock], position: int, cue: Cue, cues: Sequence[Cue], earlier: Sequence[Breakdown]
) -> Breakdown | None:
    read = reads[position]
    start, end = scope_of(read, cue)
    home: ReadBlock | None = read
    candidates, is_near = _candidates(read, cue)
    if re.search(r";\s*$", read.text[: cue.start]) and (again := _totals_of(earlier, read, cue)):
        # "2.268 thủ tục gồm …; trong đó …": the second cue opens the same total again.
        candidates, is_near = again, True
    if not candidates and _opens_block(read, cue):
        home, candidates = _before_block(reads, position)
        is_near = False
    if not candidates or home is None:
        return None
    best: tuple[Quantity, list[Part], Weighed] | None = None
    judged: Quantity | None = None
    total_start = candidates[0].start if home is read else -1
    for scope_end in _scope_ends(read, start, end, cue, cues, total_start):
        parts = split_parts(read, start, scope_end)[:_MOST_PARTS]
        for total in candidates[:_MOST_CANDIDATES]:
            label = label_before(home, total)
            usable = usable_parts(total, label, parts)
            if not usable or len(usable) * 2 < len(parts):
                continue
            found = weigh(total, usable, cue.is_whole)
            if found is None:
                continue
            if found.verdict is Verdict.CONSISTENT and len(found.parts) > 1:
                return _breakdown(home, read, total, usable, cue.is_whole, found)
            if best is None and judged in (None, total) and (is_near or len(candidates) == 1):
                best = total, usable, found
            judged = judged or total
    if best is None:
        return None
    total, usable, found = best
    return _breakdown(home, read, total, usable, cue.is_whole, found)


def _breakdown(
    home: ReadBlock, read: ReadBlock, total: Quantity, parts: Sequence[Part], is_whole: bool, found: Weighed
) -> Breakdown:
    label = label_before(home, total)
    return Breakdown(home, total, label, tuple((read, part) for part in parts), is_whole, found)


def _totals_of(earlier: Sequence[Breakdown], read: ReadBlock, cue: Cue) -> list[Quantity]:
    sentence_start, _ = read.sentence_at(cue.start)
    return [found.total for found in earlier if found.read is read and found.total.start >= sentence_start]


def _opens_block(read: ReadBlock, cue: Cue) -> bool:
    lead = read.text[read.marker.end if read.marker else 0 : cue.start]
    return not cue.is_whole and not lead.strip(" ,.-–+*•") and read.marker is None


def _before_block(reads: Sequence[ReadBlock], position: int) -> tuple[ReadBlock | None, list[Quantity]]:
    """ "Trong đó, …" at the start of a paragraph goes on with the last sentence of the paragraph before."""
    if position == 0:
        return None, []
    before = reads[position - 1]
    if before.block.kind is not BlockKind.PARAGRAPH or not before.sentences:
        return None, []
    start, end = before.sentences[-1]
    return before, [
        q for q in before.counts(start, end) if not before.depths[q.start] and not _is_compared(before, q)
    ][::-1]


def _candidates(read: ReadBlock, cue: Cue) -> tuple[list[Quantity], bool]:
    """Numbers that may be the total, nearest first; and whether they stand in the cue's own sentence."""
    sentence_start = max(read.sentence_at(cue.start)[0], cue.start - LONGEST_REACH)
    depth = read.depths[cue.start]
    before = [
        q
        for q in read.counts(sentence_start, cue.start)
        if read.depths[q.start] <= depth and q.end <= cue.start and not _is_compared(read, q)
    ]
    if depth:
        opening = _opening_before(read, cue.start, depth)
        inside = [q for q in before if q.start > opening]
        before = inside or [q for q in before if q.start < opening and read.depths[q.start] < depth]
    if before:
        return before[::-1], True
    # "05 hồ sơ. Trong đó 02 đơn …": the cue opens a sentence.
    lead = read.text[sentence_start : cue.start].strip(" ,.-–+")
    if len(lead) > _SHORT or sentence_start == 0:
        return [], False
    earlier = read.sentence_at(sentence_start - 1)
    found = [q for q in read.counts(*earlier) if not read.depths[q.start] and not _is_compared(read, q)]
    return found[::-1], len(found) == 1


def _is_compared(read: ReadBlock, quantity: Quantity) -> bool:
    """True for a number that changes or compares rather than counts: "tăng 142 hồ sơ", "so với 1.505 hồ sơ"."""
    before = read.text[max(0, quantity.start - 28) : quantity.start].casefold()
    return bool(
        re.search(
            r"(?<!\w)(?:tăng|giảm|so với|so với cùng kỳ|cùng kỳ(?:\s+năm\s+\w+)?|kế hoạch|chỉ tiêu)\W*(?:là\s+)?$",
            before,
        )
    )


def _opening_before(read: ReadBlock, position: int, depth: int) -> int:
    for index in range(position - 1, -1, -1):
        if read.text[index] == "(" and read.depths[index] < depth:
            return index
    return -1


def _scope_ends(
    read: ReadBlock, start: int, end: int, cue: Cue, cues: Sequence[Cue], total_start: int
) -> list[int]:
    """Where the breakdown may end, the reading to judge by first.

    A total that itself follows a semicolon, or another cue, is one of a series, and the next semicolon ends
    its breakdown: "A: 5 hồ sơ; B: 10 hồ sơ, trong đó 02 đang giải quyết; C: …".
    """
    depth = read.depths[cue.start]
    sentence_start = max(read.sentence_at(cue.start)[0], cue.start - LONGEST_REACH)
    marks = [i for i in range(sentence_start, end) if read.text[i] == ";" and read.depths[i] == depth]
    first_after = [i for i in marks if i >= start][:1]
    is_inner = any(
        sentence_start <= other.start and other.end <= total_start and read.depths[other.start] == depth
        for other in cues
    )
    if is_inner or any(i < total_start for i in marks):
        return first_after or [end]
    return [end, *first_after]


def _by_parenthesis(read: ReadBlock, cues: Sequence[Cue]) -> Iterator[Breakdown]:
    """Breakdowns in parentheses after a number without a cue: "100 hồ sơ (60 trực tuyến, 40 trực tiếp)".

    Without a cue only a sum, a plus sign or a known pair of questions makes it a breakdown.
    """
    for match in _OPENING.finditer(read.text):
        opening = match.start()
        closing = _closing(read, opening)
        inside = read.text[opening + 1 : closing]
        if any(opening < cue.start < closing for cue in cues):
            continue
        total = _number_before(read, opening)
        if total is None:
            continue
        label = label_before(read, total)
        parts = usable_parts(total, label, split_parts(read, opening + 1, closing))
        if len(parts) < 2:
            continue
        found = weigh(total, parts, is_whole=True)
        if found is None or len(found.parts) < 2:
            continue
        kinds = {dimension_of(part.label) for part in found.parts}
        is_meant = "+" in inside or (len(kinds) == 1 and not kinds & {OTHER, OVERLAPPING})
        if found.verdict is Verdict.CONSISTENT or is_meant:
            yield _breakdown(read, read, total, parts, True, found)


def _number_before(read: ReadBlock, opening: int) -> Quantity | None:
    sentence_start, _ = read.sentence_at(opening)
    depth = read.depths[opening]
    before = [q for q in read.counts(sentence_start, opening) if read.depths[q.start] == depth]
    if not before or re.search(r"[;,:]", read.text[before[-1].end : opening]):
        return None
    return before[-1]


def _closing(read: ReadBlock, opening: int) -> int:
    depth = read.depths[opening]
    for position in range(opening + 1, len(read.text)):
        if read.text[position] == ")" and read.depths[position] == depth:
            return position
    return len(read.text)
