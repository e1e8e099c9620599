"""Where a profile's header stands on a sheet, in one to four rows, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from transforms.catalogue.model import Profile
from transforms.readers.model import RawSheet
from transforms.text_vi import fold, tidy

_SEARCHED_ROWS = 40
_MOST_HEADER_ROWS = 4

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class HeaderBlock:
    """Up to four rows of a sheet read as one header: for each position the texts it may be known by."""

    start: int
    """Index of the first row among the sheet's rows with content."""
    rows: tuple[Row, ...]

    @property
    def end(self) -> int:
        """Index of the first row below the header."""
        return self.start + len(self.rows)

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Candidate texts of each position, the most specific first; empty where no header stands.

        A merged heading has its text in the first cell it covers, so the upper rows are read on to the
        right where a lower row has text of its own: "Tiếp nhận" over "Trong kỳ" gives both
        "Tiếp nhận Trong kỳ" and "Trong kỳ".
        """
        spread = _spread(self.rows)
        return tuple(self._names_at(position, spread) for position in range(len(self.rows[0])))

    @cached_property
    def folded_names(self) -> tuple[tuple[str, ...], ...]:
        """``names`` as they are compared; worked out once for all profiles."""
        return tuple(tuple(map(fold, names)) for names in self.names)

    @cached_property
    def folded_ends(self) -> frozenset[str]:
        """With what the names end: the lowest text of each position, as it is compared."""
        lowest = (
            next((text for text in reversed(column) if text), None) for column in zip(*self.rows, strict=True)
        )
        return frozenset(fold(text) for text in lowest if text)

    @cached_property
    def head_positions(self) -> tuple[int, ...]:
        """Positions over which a header stands, in order; empty columns before and between are left out."""
        return tuple(position for position, names in enumerate(self.names) if names)

    def overlaps(self, other: HeaderBlock) -> bool:
        """True where both lie on at least one common row of the same sheet."""
        return self.start < other.end and other.start < self.end

    def _names_at(self, position: int, spread: Sequence[Row]) -> tuple[str, ...]:
        own = [row[position] for row in self.rows]
        lowest = max((level for level, text in enumerate(own) if text), default=-1)
        if lowest < 0:
            return ()
        candidates: list[str] = []
        for texts in ([row[position] for row in spread[:lowest]] + [own[lowest]], own):
            parts = [text for text in texts if text]
            candidates.extend(" ".join(parts[first:]) for first in range(len(parts)))
        return tuple(dict.fromkeys(tidy(text) for text in candidates))


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One profile laid over one header block."""

    profile: Profile
    sheet: RawSheet
    block: HeaderBlock
    positions: Mapping[str, tuple[int, ...]]
    """Source column name → positions whose header claims it."""
    known_count: int
    """Positions that the profile reads or lists as ignored."""
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    """First alias of every required column that was not found."""

    @property
    def required_positions(self) -> frozenset[int]:
        """Positions that the required columns of the profile rest on."""
        names = (column.name for column in self.profile.columns if column.is_required)
        return frozenset(position for name in names for position in self.positions.get(name, ()))

    @property
    def found_required_count(self) -> int:
        """How many required columns were found."""
        return sum(1 for c in self.profile.columns if c.is_required and c.name in self.positions)


def header_blocks(sheet: RawSheet) -> tuple[HeaderBlock, ...]:
    """Every block of one to four rows at the top of a sheet that could be its header."""
    rows = head_rows(sheet, _SEARCHED_ROWS + _MOST_HEADER_ROWS - 1)
    return tuple(_blocks(rows))


def head_rows(sheet: RawSheet, count: int) -> list[Row]:
    """The first rows of a sheet as tuples."""
    columns = [column.to_pylist() for column in sheet.cells.slice(0, count).columns]
    return list(zip(*columns, strict=True))


def _blocks(rows: Sequence[Row]) -> Iterator[HeaderBlock]:
    for start in range(min(len(rows), _SEARCHED_ROWS)):
        for height in range(1, min(_MOST_HEADER_ROWS, len(rows) - start) + 1):
            yield HeaderBlock(start, tuple(rows[start : start + height]))


def best_match(profile: Profile, sheet: RawSheet, blocks: Sequence[HeaderBlock]) -> HeaderMatch | None:
    """The block on which most of the profile is found; None when nothing of it is.

    Fewest missing columns first, then most known headers, then fewest rows, then the highest.
    """
    known = _known_headers(profile)
    ends = _required_ends(profile)
    # Blocks of data are passed over before their names are made up: there are a hundred, and one header.
    matches = (
        _match(profile, sheet, block, known) for block in blocks if not ends.isdisjoint(block.folded_ends)
    )
    found = [match for match in matches if match.found_required_count]
    if not found:
        return None
    return min(
        found,
        key=lambda m: (len(m.missing), -m.known_count, len(m.block.rows), m.block.start),
    )


def _known_headers(profile: Profile) -> dict[str, str]:
    known = {fold(text): "" for text in profile.ignored}
    known.update({fold(alias): column.name for column in profile.columns for alias in column.aliases})
    return known


def _required_ends(profile: Profile) -> frozenset[str]:
    """With what a text must end, word by word, to be the header of a required column or a part of it."""
    words = [fold(alias).split() for c in profile.columns if c.is_required for alias in c.aliases]
    # A text without a letter or digit says nothing, so what stands above it may be the whole header.
    return frozenset(" ".join(parts[first:]) for parts in words for first in range(len(parts) + 1))


def _match(profile: Profile, sheet: RawSheet, block: HeaderBlock, known: Mapping[str, str]) -> HeaderMatch:
    positions: dict[str, list[int]] = {}
    unknown: list[str] = []
    known_count = 0
    for position, (names, keys) in enumerate(zip(block.names, block.folded_names, strict=True)):
        if not names:
            continue
        owner = next((known[key] for key in keys if key in known), None)
        if owner is None:
            unknown.append(names[0])
            continue
        known_count += 1
        if owner:
            positions.setdefault(owner, []).append(position)
    return HeaderMatch(
        profile=profile,
        sheet=sheet,
        block=block,
        positions={name: tuple(found) for name, found in positions.items()},
        known_count=known_count,
        unknown=tuple(dict.fromkeys(unknown)),
        missing=tuple(c.aliases[0] for c in profile.columns if c.is_required and c.name not in positions),
    )


def _spread(rows: Sequence[Row]) -> list[Row]:
    """The rows with every merged heading carried on to the right, the last row as it is.

    A heading ends where a heading above it begins: under "Tiếp nhận | Đã xử lý" a second row that has
    text only below "Tiếp nhận" says nothing about "Đã xử lý".
    """
    spread: list[Row] = []
    begins = [False] * len(rows[0])
    for row in rows[:-1]:
        carried: str | None = None
        texts: list[str | None] = []
        for text, is_new in zip(row, begins, strict=True):
            carried = text or (None if is_new else carried)
            texts.append(carried)
        spread.append(tuple(texts))
        begins = [is_new or bool(text) for is_new, text in zip(begins, row, strict=True)]
    return [*spread, rows[-1]]
