"""What speaks for each header of a table being each column of a kind: its words and its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.catalogue.model import Profile
from transforms.catalogue.proposal import SORT_NAMES, Candidate, Fate, ProposedColumn, ValueShape
from transforms.readers.header import HeaderBlock
from transforms.readers.header_names import NUMBERING, KnownNames, names_person, score_headers
from transforms.readers.value_shape import WIDEST, fit_of_parse, looks_personal
from transforms.text_vi import fold

EXACT = 95.0
"""Likeness from which a header is the known text in another spelling."""
_TELLING = 70.0
"""Likeness from which a header's words outweigh values that look like personal data."""
_HEADER_WEIGHT = 0.7
_SHAPE_ALONE = 80.0
_OWN_SHAPES = ("code", "procedure_code", "symbol")
"""Ways of reading whose values are like no others, so that they speak without any header."""
_SHOWN_FROM = 40.0
_RUNNERS_UP = 3


Weighed = Mapping[str, tuple[str, Candidate]]
"""For one header: canonical column → the header text that speaks best for it, and the candidate."""


@dataclass(frozen=True, slots=True)
class HeaderText:
    """One header of a table: its first position and the texts it may be known by, the most specific first."""

    position: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """Profiles of one kind of record that fix the same columns, for example incoming documents."""

    kind: str
    profiles: tuple[Profile, ...]

    @property
    def parses(self) -> Mapping[str, str]:
        """Way of reading of every column that one of the profiles reads."""
        return {column.name: column.parse for profile in self.profiles for column in profile.columns}

    @property
    def usual(self) -> tuple[str, ...]:
        """Columns that every profile requires."""
        required = [{c.name for c in profile.columns if c.is_required} for profile in self.profiles]
        return tuple(name for name in self.parses if all(name in names for names in required))

    @property
    def required_somewhere(self) -> frozenset[str]:
        """Columns that some profile requires."""
        return frozenset(c.name for profile in self.profiles for c in profile.columns if c.is_required)


def formats_of(profiles: Iterable[Profile]) -> tuple[Format, ...]:
    """The profiles by kind and constants; the product's own workbook is no export and is left out."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[Profile]] = {}
    for profile in profiles:
        if profile.kind != "supplement":
            groups.setdefault((profile.kind, tuple(sorted(profile.constants.items()))), []).append(profile)
    return tuple(Format(kind, tuple(members)) for (kind, _), members in groups.items())


def format_of(profile: Profile, profiles: Iterable[Profile]) -> Format:
    """The group that a profile belongs to."""
    return next(group for group in formats_of((*profiles, profile)) if profile in group.profiles)


def headers_of(block: HeaderBlock) -> tuple[HeaderText, ...]:
    """The distinct headers of a block; a text that several positions share is left to none of them."""
    positions: dict[tuple[str, ...], int] = {}
    for position, names in enumerate(block.names[:WIDEST]):
        kept = tuple(name for name in names if fold(name))
        if kept:
            positions.setdefault(kept, position)
    owners = Counter(key for names in positions for key in {fold(name) for name in names})
    found = []
    for names, position in positions.items():
        own = tuple(name for name in names if owners[fold(name)] == 1)
        found.append(HeaderText(position, own or names[:1]))
    return tuple(found)


def weigh(headers: Sequence[HeaderText], shapes: Sequence[ValueShape], group: Format) -> tuple[Weighed, ...]:
    """What each header could be, by column.

    ``shapes`` are by position. The column "" stands for what profiles of the group ignore. A score is
    seven parts words and three parts values; where a column is empty, nine parts of ten words.
    """
    known = KnownNames.of(group.kind, group.profiles)
    texts = [name for header in headers for name in header.names]
    scores = score_headers(texts, known.texts) * np.array(known.trusts, np.float32)
    weighed: list[dict[str, tuple[str, Candidate]]] = []
    row = 0
    for header in headers:
        best: dict[str, tuple[str, Candidate]] = {}
        shape = shapes[header.position]
        for name in header.names:
            for column, alias, likeness in zip(known.columns, known.texts, scores[row].tolist(), strict=True):
                if column not in best or likeness > best[column][1].header_score:
                    total = _total(likeness, group.parses.get(column, "text"), shape)
                    best[column] = (name, Candidate(column, alias, likeness, total))
            row += 1
        weighed.append(best)
    return tuple(weighed)


def _total(likeness: float, parse: str, shape: ValueShape) -> float:
    if not shape.filled_count:
        return 0.9 * likeness
    fit = fit_of_parse(parse, shape)
    total = _HEADER_WEIGHT * likeness + (1 - _HEADER_WEIGHT) * 100 * fit
    return max(total, _SHAPE_ALONE * fit) if parse in _OWN_SHAPES and fit > 0.8 else total


def ignored_column(header: HeaderText, shape: ValueShape, weighed: Weighed) -> ProposedColumn | None:
    """The header as one to ignore, with its reason: personal data, a running number, a known one; else None.

    A header that is exactly a known column is not judged by its words.
    """
    likeness = max((c.header_score for column, (_, c) in weighed.items() if column), default=0.0)
    ignored = weighed[""][1].header_score if "" in weighed else 0.0
    text = header.names[0]
    if any(fold(name) in NUMBERING for name in header.names):
        return ProposedColumn(text, Fate.NUMBERING, shape, reason="số thứ tự")
    if likeness >= EXACT:
        return None
    if any(names_person(name) for name in header.names):
        return ProposedColumn(text, Fate.PERSONAL, shape, reason="thông tin cá nhân (theo tiêu đề)")
    if ignored >= EXACT:
        return ProposedColumn(text, Fate.KNOWN, shape, reason="các mẫu cùng loại đều bỏ qua cột này")
    if likeness < _TELLING and (sort := looks_personal(shape)):
        reason = f"thông tin cá nhân (giá trị giống {SORT_NAMES[sort]} {shape.share(sort):.0%})"
        return ProposedColumn(text, Fate.PERSONAL, shape, reason=reason)
    return None


def ranked(weighed: Weighed) -> tuple[Candidate, ...]:
    """Candidates worth showing, best first."""
    candidates = [c for column, (_, c) in weighed.items() if column and c.score >= _SHOWN_FROM]
    return tuple(sorted(candidates, key=lambda c: (-c.score, c.column)))


def placed_column(weighed: Weighed, column: str, shape: ValueShape) -> ProposedColumn:
    """The header placed in that column, with what else it could have been."""
    text, best = weighed[column]
    others = tuple(c for c in ranked(weighed) if c.column != column)[:_RUNNERS_UP]
    return ProposedColumn(text, Fate.PLACED, shape, best, others)


def unclear_column(header: HeaderText, shape: ValueShape, weighed: Weighed) -> ProposedColumn:
    """The header as one that nobody can place, with what it is nearest to."""
    near = ranked(weighed)
    return ProposedColumn(
        header.names[0], Fate.UNCLEAR, shape, near[0] if near else None, near[1:_RUNNERS_UP]
    )
