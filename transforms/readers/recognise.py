"""The one table of a workbook that exactly one export profile recognises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from transforms.catalogue.model import Profile
from transforms.readers.header import HeaderMatch, best_match, head_rows, header_blocks
from transforms.readers.model import RawExport, UnreadableFileError, Workbook
from transforms.readers.rows import RowKind, split_rows
from transforms.readers.shift import find_shifted_header
from transforms.text_vi import fold, tidy

TITLE_SEPARATOR = " | "
"""Between the cells of one title row, for example the agency block and the motto."""
_NEAREST = 3
_NOTHING_NEAR = "không có mẫu nào gần giống"


def recognise(workbook: Workbook, profiles: Sequence[Profile]) -> RawExport:
    """The records of the sheet that exactly one profile fits, with every other row counted by kind.

    A profile fits a visible sheet where all its required columns stand in one header. Of two that fit,
    one wins only when its required columns are more than, and include, the other's; else the titles
    decide by the profiles' hints. Raises UnreadableFileError ``file.empty``, ``file.profile.none``
    (``near``), ``file.profile.ambiguous`` (``names``), ``file.header.twice`` (``name``) or
    ``file.header.shifted`` (``name``).
    """
    if not any(sheet.cells.num_rows for sheet in workbook.sheets):
        raise UnreadableFileError("file.empty")
    matches = _all_matches(workbook, profiles)
    match = _only_fit(workbook, matches)
    return _extract(match)


def _all_matches(workbook: Workbook, profiles: Sequence[Profile]) -> list[HeaderMatch]:
    matches: list[HeaderMatch] = []
    for sheet in workbook.sheets:
        blocks = header_blocks(sheet) if sheet.cells.num_rows else ()
        found = (best_match(profile, sheet, blocks) for profile in profiles)
        matches.extend(match for match in found if match is not None)
    return matches


def _only_fit(workbook: Workbook, matches: Sequence[HeaderMatch]) -> HeaderMatch:
    fits = [m for m in matches if not m.missing and not m.sheet.is_hidden and _allows(m.profile, workbook)]
    if not fits:
        raise UnreadableFileError("file.profile.none", near=_near_misses(workbook, matches))
    strongest = [fit for fit in fits if not any(_contains(other, fit) for other in fits)]
    if len(strongest) > 1:
        hinted = [fit for fit in strongest if _has_hint(fit)]
        strongest = hinted or strongest
    if len(strongest) > 1:
        raise UnreadableFileError("file.profile.ambiguous", names="; ".join(map(_name, strongest)))
    return strongest[0]


def _allows(profile: Profile, workbook: Workbook) -> bool:
    return not profile.containers or workbook.container in profile.containers


def _contains(stronger: HeaderMatch, weaker: HeaderMatch) -> bool:
    return stronger.sheet is weaker.sheet and stronger.required_positions > weaker.required_positions


def _has_hint(match: HeaderMatch) -> bool:
    titles = fold(" ".join(_titles(match)))
    return any(hint in titles for hint in match.profile.title_hints)


def _name(match: HeaderMatch) -> str:
    return f"{match.profile.label} (trang “{match.sheet.name}”)" if match.sheet.name else match.profile.label


def _near_misses(workbook: Workbook, matches: Sequence[HeaderMatch]) -> str:
    """The up to three nearest profiles, each with what it lacks."""
    ordered = sorted(matches, key=lambda m: (len(m.missing), -m.found_required_count, m.profile.profile_id))
    nearest: dict[str, str] = {}
    for match in ordered:
        nearest.setdefault(match.profile.profile_id, f"{match.profile.label} ({_lack(workbook, match)})")
    return "; ".join(list(nearest.values())[:_NEAREST]) or _NOTHING_NEAR


def _lack(workbook: Workbook, match: HeaderMatch) -> str:
    if match.missing:
        return "thiếu cột: " + ", ".join(match.missing)
    if match.sheet.is_hidden:
        return f"bảng nằm ở trang ẩn “{match.sheet.name}”"
    return f"không nhận tệp dạng {workbook.container.upper()}"


def _titles(match: HeaderMatch) -> tuple[str, ...]:
    rows = head_rows(match.sheet, match.block.start)
    return tuple(TITLE_SEPARATOR.join(dict.fromkeys(tidy(text) for text in row if text)) for row in rows)


def _extract(match: HeaderMatch) -> RawExport:
    sheet, block = match.sheet, match.block
    below = sheet.cells.slice(block.end)
    split = split_rows(below, match)
    is_record = pa.array(split.kinds == RowKind.DATA)
    records = below.filter(is_record)
    if shifted := find_shifted_header(match, records):
        raise UnreadableFileError("file.header.shifted", name=shifted)
    body = _body(match, records)
    groups = split.group_names.filter(is_record) if split.group_names is not None else None
    export = RawExport(
        profile_id=match.profile.profile_id,
        kind=match.profile.kind,
        body=body,
        row_numbers=sheet.row_numbers.slice(block.end).filter(is_record),
        sheets=pa.repeat(pa.scalar(sheet.name, pa.string()), body.num_rows),
        titles=_titles(match),
        group_names=groups,
        structural_counts=_structural_counts(match, split.kinds),
        unknown_headers=match.unknown,
    )
    if export.sheet_row_count != sheet.cells.num_rows:
        raise RuntimeError(f"{export.sheet_row_count} rows told apart of {sheet.cells.num_rows} on the sheet")
    return export


def _structural_counts(
    match: HeaderMatch, kinds: np.ndarray[tuple[int], np.dtype[np.int8]]
) -> dict[str, int]:
    below = Counter(kinds.tolist())
    counts = {"title": match.block.start, "header": len(match.block.rows) + below[RowKind.HEADER]}
    for kind in (RowKind.COLUMN_NUMBER, RowKind.GROUP, RowKind.TOTAL, RowKind.SIGNATURE):
        counts[kind.name.lower()] = below[kind]
    return counts


def _body(match: HeaderMatch, records: pa.Table) -> pa.Table:
    """The records under the names of the profile, in the profile's order."""
    columns: dict[str, pa.ChunkedArray] = {}
    for column in match.profile.columns:
        positions = match.positions.get(column.name, ())
        if not positions:
            continue
        first = records.column(positions[0])
        if any(not records.column(position).equals(first) for position in positions[1:]):
            raise UnreadableFileError("file.header.twice", name=_header_text(match, positions[1]))
        columns[column.name] = first
    return pa.table(columns)


def _header_text(match: HeaderMatch, position: int) -> str:
    return match.block.names[position][0]
