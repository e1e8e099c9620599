"""A known format some of whose headers have new names: which header is probably which column, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from transforms.catalogue.accepted import next_version
from transforms.catalogue.model import Catalogue, Profile, SourceColumn
from transforms.catalogue.proposal import Fate, Proposal, ProposedColumn, ValueShape
from transforms.readers.evidence import (
    EXACT,
    HeaderText,
    Weighed,
    format_of,
    headers_of,
    ignored_column,
    placed_column,
    unclear_column,
    weigh,
)
from transforms.readers.header import HeaderMatch
from transforms.readers.model import RawSheet, UnreadableFileError, Workbook
from transforms.readers.recognise import recognise
from transforms.readers.tables import find_matches
from transforms.readers.value_shape import fit_of_parse, measure_shapes
from transforms.text_vi import fold

_RENAMED_FROM = 65.0
"""Score from which a header of a known format is taken for a renamed column."""
_MARGIN = 5.0
"""By how much it must be ahead of the next header."""
_ONLY_ONE = 20.0
"""Added where values of that shape stand in no other column that is still free."""
_SOME_LIKENESS = 25.0
_MOST_MISSING = 3
"""One of so many required columns may be missing."""
_FEWEST_FOUND = 3


@dataclass(frozen=True, slots=True)
class _Explained:
    """What became of the headers that a known format does not know."""

    renamed: dict[str, ProposedColumn]
    """Canonical column → the header that is probably it."""
    others: tuple[ProposedColumn, ...]


def find_renamed(workbook: Workbook, catalogue: Catalogue) -> Proposal | None:
    """The nearest known format as a new version that knows the new names; None where it is not that near.

    Near is a format of whose required columns at most a third is missing, each with one header that is
    probably it.
    """
    matches = [
        match
        for match in _visible_matches(workbook, catalogue.profiles)
        if match.missing
        and match.found_required_count >= _FEWEST_FOUND
        and len(match.missing) * _MOST_MISSING <= match.found_required_count + len(match.missing)
    ]
    ordered = sorted(matches, key=lambda m: (len(m.missing), -m.known_count, -m.profile.version))
    for match in ordered:
        wanted = [c for c in match.profile.columns if c.is_required and c.name not in match.positions]
        explained = _explain(match, wanted, catalogue)
        if len(explained.renamed) == len(wanted):
            return _new_version(match, explained, catalogue)
    return None


def find_renamed_optional(workbook: Workbook, profile_id: str, catalogue: Catalogue) -> Proposal | None:
    """A new version of the profile that read a file, knowing the new names of its other columns; None without any."""
    profile = next(profile for profile in catalogue.profiles if profile.profile_id == profile_id)
    match = next((m for m in _visible_matches(workbook, (profile,)) if not m.missing and m.unknown), None)
    if match is None:
        return None
    wanted = [c for c in profile.columns if not c.is_required and c.name not in match.positions]
    explained = _explain(match, wanted, catalogue)
    return _new_version(match, explained, catalogue) if explained.renamed else None


def find_clashes(profile: Profile, profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """Other formats whose exports the profile would claim too, or which would claim its own.

    Each format's widest header is recognised with both profiles: it must go to its owner. Versions of one
    format do not clash, the later one goes before.
    """
    return tuple(
        other
        for other in profiles
        if other.family != profile.family and not (_keeps(other, profile) and _keeps(profile, other))
    )


def _keeps(owner: Profile, rival: Profile) -> bool:
    """True when an export of the owner, written as near to the rival as it may be, is still the owner's."""
    try:
        container = next(iter((*owner.containers, *rival.containers)), "html")
        return (
            recognise(_widest_export(owner, rival, container), (owner, rival)).profile_id == owner.profile_id
        )
    except UnreadableFileError:
        return False


def _visible_matches(workbook: Workbook, profiles: Sequence[Profile]) -> list[HeaderMatch]:
    return [
        match
        for match in find_matches(workbook, profiles)
        if not match.sheet.is_hidden and _allows(match.profile, workbook.container)
    ]


def _allows(profile: Profile, container: str) -> bool:
    return not profile.containers or container in profile.containers


def _explain(match: HeaderMatch, wanted: Sequence[SourceColumn], catalogue: Catalogue) -> _Explained:
    """For each wanted column the free header that is probably it, where one is clearly ahead of the others."""
    profile = match.profile
    known = {fold(text) for column in profile.columns for text in column.aliases}
    known |= {fold(text) for text in profile.ignored}
    free = [h for h in headers_of(match.block) if not any(fold(name) in known for name in h.names)]
    shapes = measure_shapes(match.sheet.cells.slice(match.block.end), catalogue)
    weighed = weigh(free, shapes, format_of(profile, catalogue.profiles))
    fates: dict[int, ProposedColumn] = {}
    for index, header in enumerate(free):
        if (ignored := ignored_column(header, shapes[header.position], weighed[index])) is not None:
            fates[index] = ignored
    renamed: dict[str, ProposedColumn] = {}
    for column in wanted:
        offers = _offers(column, [i for i in range(len(free)) if i not in fates], free, shapes, weighed)
        if not offers or offers[0][0] < _RENAMED_FROM:
            continue
        if len(offers) > 1 and offers[0][0] - offers[1][0] < _MARGIN:
            continue
        score, index = offers[0]
        found = placed_column(weighed[index], column.name, shapes[free[index].position])
        assert found.best is not None
        if any(fold(other.header) == fold(found.header) for other in renamed.values()):
            continue
        fates[index] = replace(found, best=replace(found.best, score=min(score, 100.0)))
        renamed[column.name] = fates[index]
    others = tuple(
        fates.get(index) or unclear_column(header, shapes[header.position], weighed[index])
        for index, header in enumerate(free)
    )
    return _Explained(renamed, tuple(c for c in others if c.fate is not Fate.PLACED))


def _offers(
    column: SourceColumn,
    indices: Sequence[int],
    free: Sequence[HeaderText],
    shapes: Sequence[ValueShape],
    weighed: Sequence[Weighed],
) -> list[tuple[float, int]]:
    """Free headers that may be the column, best first."""
    suits = [
        index
        for index in indices
        if column.parse != "text" and fit_of_parse(column.parse, shapes[free[index].position]) >= 0.9
    ]
    offers = []
    for index in indices:
        if column.name not in weighed[index] or _is_another(weighed[index], column.name):
            continue
        candidate = weighed[index][column.name][1]
        is_only = suits == [index] and candidate.header_score >= _SOME_LIKENESS
        offers.append((candidate.score + (_ONLY_ONE if is_only else 0.0), index))
    return sorted(offers, key=lambda offer: (-offer[0], offer[1]))


def _is_another(weighed: Weighed, column: str) -> bool:
    """True where the header is, word for word, the known name of another column."""
    own = weighed[column][1].header_score
    others = max((c.header_score for name, (_, c) in weighed.items() if name and name != column), default=0.0)
    return others >= EXACT > own


def _new_version(match: HeaderMatch, explained: _Explained, catalogue: Catalogue) -> Proposal:
    base = match.profile
    columns = tuple(
        replace(column, aliases=(*column.aliases, explained.renamed[column.name].header))
        if column.name in explained.renamed
        else column
        for column in base.columns
    )
    dropped = tuple(c.header for c in explained.others if c.fate is not Fate.UNCLEAR)
    version = next_version(catalogue.profiles, base.family)
    told = tuple(
        f"Cột “{_alias(base, name)}” của mẫu có lẽ nay là “{found.header}”."
        for name, found in explained.renamed.items()
    )
    return Proposal(
        profile=replace(
            base,
            profile_id=f"{base.family}.v{version}",
            columns=columns,
            ignored=(*base.ignored, *dropped),
            accepted_on=None,
            accepted_by="",
        ),
        columns=(*explained.renamed.values(), *explained.others),
        sheet=match.sheet.name,
        header_row=int(match.sheet.row_numbers[match.block.start].as_py()),
        row_count=match.sheet.cells.num_rows - match.block.end,
        reasons=told,
        base=base,
    )


def _alias(profile: Profile, column: str) -> str:
    return next(c.aliases[0] for c in profile.columns if c.name == column)


def _widest_export(owner: Profile, rival: Profile, container: str) -> Workbook:
    """A sheet with the owner's titles and every header it knows, in the words of the rival where it can be."""
    wished = {fold(text) for column in rival.columns for text in column.aliases}
    headers = [
        next((text for text in column.aliases if fold(text) in wished), column.aliases[0])
        for column in owner.columns
    ]
    headers += [text for text in owner.ignored if fold(text) not in {fold(header) for header in headers}]
    rows: list[list[str | None]] = [[*headers]]
    if owner.title_hints:
        rows.insert(0, [" ".join(owner.title_hints), *[None] * (len(headers) - 1)])
    cells = pa.table(
        {f"c{place}": pa.array([row[place] for row in rows], pa.string()) for place in range(len(headers))}
    )
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    return Workbook(container, (RawSheet("", cells, numbers),))
