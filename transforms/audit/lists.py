"""Totals whose parts are the items of a list below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.audit.breakdown import Breakdown, usable_parts
from transforms.audit.clauses import SUBSET_CUE, WHOLE_CUE, Part, label_before
from transforms.audit.model import BlockKind, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.weigh import Weighed, weigh
from transforms.text_vi import fold

_OPENS_LIST = re.compile(
    r"(?:như sau|trong\s+(?:số\s+)?đó|gồm|cụ thể|chia ra|sau đây)\s*(?:\([^()]*\))?\s*[:;.]?\s*(?:\([^()]*\))?\s*$|:\s*(?:\([^()]*\))?\s*$",
    re.IGNORECASE,
)
_PLAIN_END = re.compile(r"^[\s.;,]*(?:\([^()]*\))?[\s.;:,]*$")
_HEADING_RANK, _PARAGRAPH_RANK, _BULLET_RANK = 25, 55, 60


@dataclass(frozen=True, slots=True)
class ItemList:
    """A parent block and the items directly below it."""

    parent: ReadBlock
    items: tuple[ReadBlock, ...]
    is_same_rank: bool = False
    """True where the items carry the same marker as the parent, which only its closing cue sets above them."""


def find_lists(reads: Sequence[ReadBlock]) -> Iterator[ItemList]:
    """Every list with its parent: the nearest block above that stands less deep."""
    ranks = _ranks(reads)
    for position, parent in enumerate(reads):
        if parent.block.kind in (BlockKind.TABLE_ROW, BlockKind.FOOTNOTE):
            continue
        items = list(_items_below(reads, ranks, position))
        if len(items) >= 2:
            yield ItemList(parent, tuple(items))
        elif parent.marker and _OPENS_LIST.search(parent.text):
            siblings = list(_siblings_below(reads, ranks, position))
            if len(siblings) >= 2:
                yield ItemList(parent, tuple(siblings), is_same_rank=True)


def find_list_totals(lists: Sequence[ItemList]) -> Iterator[Breakdown]:
    """Every total that a list below it breaks down."""
    for item_list in lists:
        if found := _read_total(item_list):
            yield found


def first_number(read: ReadBlock) -> Quantity | None:
    """The number that an item is about: the first one that counts, outside parentheses."""
    start, end = read.sentences[0] if read.sentences else (0, len(read.text))
    return next((q for q in read.counts(start, end) if not read.depths[q.start]), None)


def item_label(read: ReadBlock, quantity: Quantity) -> str:
    """The name of an item: its words before the number, or those after it ("10 hồ sơ bảo trợ xã hội")."""
    start = read.marker.end if read.marker else 0
    before = read.text[start : quantity.start].strip(" -–+:;,.")
    return before or re.split(r"[;,.(]", read.text[quantity.end :], maxsplit=1)[0].strip()


def _ranks(reads: Sequence[ReadBlock]) -> list[float]:
    """How deep every block stands: by its marker, else by what it is.

    Offices nest bullets in any order ("-" over "+", "*" over "-"): under one heading the bullet that comes
    first stands least deep.
    """
    ranks: list[float] = []
    order: list[str] = []
    for read in reads:
        if read.marker and read.marker.rank >= _BULLET_RANK:
            mark = (
                "•"
                if read.marker.text not in "-–—+*"
                else read.marker.text.replace("–", "-").replace("—", "-")
            )
            if mark not in order:
                order.append(mark)
            ranks.append(_BULLET_RANK + order.index(mark))
            continue
        if read.marker:
            ranks.append(read.marker.rank)
        elif read.block.kind is BlockKind.HEADING:
            ranks.append(_HEADING_RANK)
        elif read.block.kind is BlockKind.LIST_ITEM:
            ranks.append(_BULLET_RANK + min(read.block.indent, 400) / 100)
        else:
            ranks.append(_PARAGRAPH_RANK)
        if read.marker or read.block.kind is BlockKind.HEADING:
            order.clear()
    return ranks


def _items_below(reads: Sequence[ReadBlock], ranks: Sequence[float], position: int) -> Iterator[ReadBlock]:
    """Blocks of the first rank found deeper than the block's, up to a block that stands no deeper than it."""
    own = ranks[position]
    rank: float | None = None
    for index, read in enumerate(reads[position + 1 :], position + 1):
        if read.block.kind in (BlockKind.TABLE_ROW, BlockKind.FOOTNOTE):
            if rank is None:
                return
            continue
        here = ranks[index]
        if here <= own or (read.marker is None and read.block.kind is not BlockKind.LIST_ITEM):
            return
        if rank is None:
            rank = here
        if here < rank:
            return
        if here == rank:
            yield read


def _siblings_below(reads: Sequence[ReadBlock], ranks: Sequence[float], position: int) -> Iterator[ReadBlock]:
    own = ranks[position]
    for index, read in enumerate(reads[position + 1 :], position + 1):
        if read.block.kind is BlockKind.TABLE_ROW or ranks[index] < own:
            return
        if ranks[index] == own:
            yield read


def _read_total(item_list: ItemList) -> Breakdown | None:
    parent = item_list.parent
    parts = list(_parts(item_list.items))
    if len(parts) < 2 or len(parts) * 5 < len(item_list.items) * 4:
        return None
    opens = bool(_OPENS_LIST.search(parent.text))
    for total in (candidates := _totals(parent, opens)):
        label = label_before(parent, total)
        usable = usable_parts(total, label, [part for _, part in parts])
        if len(usable) < 2 or len(usable) * 5 < len(parts) * 4:
            continue
        found = weigh(total, usable, True)
        if found and found.verdict is Verdict.CONSISTENT and _is_enough(found, usable, item_list):
            return _breakdown(item_list, total, label, parts, found)
    if item_list.is_same_rank or not candidates:
        return None
    settled = _settled(parent, candidates)
    if settled is None:
        return None
    total = settled
    label = label_before(parent, total)
    usable = usable_parts(total, label, [part for _, part in parts])
    if len(usable) != len(parts) or not _is_of_one_kind(usable):
        return None
    is_whole = not SUBSET_CUE.search(parent.text[total.end :]) or bool(
        WHOLE_CUE.search(parent.text[total.end :])
    )
    found = weigh(total, usable, is_whole)
    if found is None:
        return None
    return _breakdown(item_list, total, label, parts, found)


def _is_enough(found: Weighed, usable: Sequence[Part], item_list: ItemList) -> bool:
    """A sum of a few first items proves a total only where the rest answers another question."""
    return len(found.parts) == len(usable) or item_list.is_same_rank or len(found.parts) * 2 >= len(usable)


def _is_of_one_kind(parts: Sequence[Part]) -> bool:
    """At least half of the items say what they count, or none does."""
    named = sum(part.quantity.unit != "" for part in parts)
    return named == 0 or named * 2 >= len(parts)


def _breakdown(
    item_list: ItemList,
    total: Quantity,
    label: str,
    parts: Sequence[tuple[ReadBlock, Part]],
    found: Weighed,
) -> Breakdown:
    return Breakdown(item_list.parent, total, label, tuple(parts), True, found)


def _parts(items: Sequence[ReadBlock]) -> Iterator[tuple[ReadBlock, Part]]:
    for item in items:
        if quantity := first_number(item):
            yield item, Part(quantity, item_label(item, quantity), quantity.start)


def _totals(parent: ReadBlock, opens: bool) -> list[Quantity]:
    """Numbers of the parent that the list may break down, nearest to the list first."""
    counts = [q for q in parent.quantities if q.is_count and not parent.depths[q.start]]
    if not counts:
        return []
    if opens or _PLAIN_END.match(parent.text[counts[-1].end :]):
        return counts[::-1]
    return []


def _settled(parent: ReadBlock, candidates: Sequence[Quantity]) -> Quantity | None:
    """The one number that the list must break down; None where the paragraph leaves it open.

    The only number; else the only one of the last sentence; else the one whose words the last sentence
    repeats ("… tiếp nhận 1.363 hồ sơ, … . Số hồ sơ tiếp nhận theo lĩnh vực như sau:"); else the only one
    said to be a "tổng".
    """
    if len(candidates) == 1:
        return candidates[0]
    start, end = parent.sentence_at(len(parent.text.rstrip()) - 1)
    last = [q for q in candidates if start <= q.start < end]
    if len(last) == 1:
        return last[0]
    called = [q for q in candidates if "tổng" in label_before(parent, q).casefold().rsplit(",", 1)[-1]]
    if len(called) == 1:
        return called[0]
    if not last:
        words = set(fold(parent.text[start:end]).split()) - _IDLE
        scores = [(len(words & set(fold(_clause(parent, q)).split())), -q.start, q) for q in candidates]
        scores.sort(key=lambda score: score[:2], reverse=True)
        if scores[0][0] > scores[1][0] or (scores[0][0] and scores[0][2].start < scores[1][2].start):
            return scores[0][2]
    return None


_IDLE = frozenset(
    ("so", "ho", "nhu", "sau", "cu", "the", "theo", "trong", "ky", "la", "cac", "va", "duoc", "da", "co", "nam", "thang",
     "van", "ban")
)  # fmt: skip


def _clause(read: ReadBlock, quantity: Quantity) -> str:
    return re.split(r"[,;]", label_before(read, quantity))[-1]
