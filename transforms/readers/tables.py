"""Which sheets of a workbook hold the one table, and why a workbook that seems to hold two is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from transforms.catalogue.model import Profile
from transforms.readers.header import HeaderMatch, best_match, head_rows, header_blocks
from transforms.readers.model import RawSheet, UnreadableFileError, Workbook
from transforms.readers.row_kinds import RowKind
from transforms.readers.rows import split_rows
from transforms.readers.shapes import SHAPES, count_shaped, share_shaped
from transforms.readers.sheet_titles import find_difference, read_title_facts
from transforms.text_vi import fold, tidy

TITLE_SEPARATOR = " | "
"""Between the cells of one title row, for example the agency block and the motto."""
_NEAREST = 3
_NOTHING_NEAR = "không có mẫu nào gần giống"
_MOST = 0.8
_ONE_TABLE_TWO_PROFILES = "một bảng khớp với hơn một mẫu kết xuất"
_TWO_TABLES_ON_A_SHEET = "trên một trang tính có hơn một bảng"
_SHEETS_OF_TWO_PROFILES = "các trang tính chứa bảng của các mẫu khác nhau"


@dataclass(frozen=True, slots=True)
class TablePart:
    """The rows of one sheet that belong to the table."""

    sheet: RawSheet
    match: HeaderMatch
    """The header over the columns; of the first sheet where this one goes on without a header."""
    has_header: bool = True
    """False where records stand from the first row on; a header further down is one printed again."""

    @property
    def start(self) -> int:
        """Index of the first row below the header."""
        return self.match.block.end if self.has_header else 0

    @property
    def body(self) -> pa.Table:
        """The rows below the header, as wide as the header at least."""
        body = self.sheet.cells.slice(self.start)
        for position in range(body.num_columns, len(self.match.block.names)):
            body = body.append_column(f"c{position}", pa.nulls(body.num_rows, pa.string()))
        return body

    @property
    def titles(self) -> tuple[str, ...]:
        """The rows above the header as texts."""
        return sheet_titles(self.match) if self.has_header else ()


def find_parts(workbook: Workbook, profiles: Sequence[Profile]) -> tuple[TablePart, ...]:
    """The sheets that together hold the one table, in order; all have the same profile.

    A profile fits a visible sheet where all its required columns stand in one header. Of two versions of
    one format that fit, the later wins; of two formats, one wins only when its required columns are more
    than, and include, the other's; else the titles decide by the profiles' hints. Sheets with the same
    header are one list; so is a sheet without a header that follows directly and has codes and days in
    the same columns. Raises UnreadableFileError ``file.profile.none`` (``near``) or
    ``file.profile.ambiguous`` (``names``, ``reason``).
    """
    matches = find_matches(workbook, profiles)
    fits = [m for m in matches if not m.missing and not m.sheet.is_hidden and _allows(m.profile, workbook)]
    if not fits:
        raise UnreadableFileError("file.profile.none", near=_near_misses(workbook, matches))
    tables = [
        _table_of_sheet(sheet, fits) for sheet in workbook.sheets if any(f.sheet is sheet for f in fits)
    ]
    # An empty form beside the list that was filled in says nothing.
    tables = [table for table in tables if table.sheet.cells.num_rows > table.block.end] or tables
    if len({table.profile.profile_id for table in tables}) > 1:
        raise _ambiguous(tables, _SHEETS_OF_TWO_PROFILES)
    if len(tables) > 1:
        facts = [
            read_title_facts(table.sheet.name, () if _has_records_above(table) else sheet_titles(table))
            for table in tables
        ]
        if difference := find_difference(facts):
            raise _ambiguous(tables, difference)
    return _with_continuations(workbook, tables, {id(fit.sheet) for fit in fits})


def find_matches(workbook: Workbook, profiles: Sequence[Profile]) -> list[HeaderMatch]:
    """The best header of every profile on every sheet on which anything of it is found."""
    matches: list[HeaderMatch] = []
    for sheet in workbook.sheets:
        blocks = header_blocks(sheet) if sheet.cells.num_rows else ()
        found = (best_match(profile, sheet, blocks) for profile in profiles)
        matches.extend(match for match in found if match is not None)
    return matches


def sheet_titles(match: HeaderMatch) -> tuple[str, ...]:
    """The rows above a header as texts, the cells of a row joined by ``TITLE_SEPARATOR``."""
    rows = head_rows(match.sheet, match.block.start)
    return tuple(TITLE_SEPARATOR.join(dict.fromkeys(tidy(text) for text in row if text)) for row in rows)


def find_unread(workbook: Workbook, parts: Sequence[TablePart]) -> tuple[RawSheet, ...]:
    """Visible sheets beside the table that seem to hold records of it all the same.

    Told by a header with at least half of the profile's required columns, or by dossier codes.
    """
    read = {id(part.sheet) for part in parts}
    profile = parts[0].match.profile
    required = sum(column.is_required for column in profile.columns)
    return tuple(
        sheet
        for sheet in workbook.sheets
        if not sheet.is_hidden
        and id(sheet) not in read
        and sheet.cells.num_rows
        and (_resembles(sheet, profile, required) or _holds_codes(sheet))
    )


def _resembles(sheet: RawSheet, profile: Profile, required: int) -> bool:
    match = best_match(profile, sheet, header_blocks(sheet))
    if match is None or sheet.cells.num_rows <= match.block.end:
        return False
    return match.found_required_count * 2 >= max(required, 3)


def _holds_codes(sheet: RawSheet) -> bool:
    return any(share_shaped(column, SHAPES["code"]) >= 0.5 for column in sheet.cells.columns)


def _table_of_sheet(sheet: RawSheet, fits: Sequence[HeaderMatch]) -> HeaderMatch:
    here = [fit for fit in fits if fit.sheet is sheet]
    here = [fit for fit in here if not any(_supersedes(other, fit) for other in here)]
    strongest = [fit for fit in here if not any(_contains(other, fit) for other in here)]
    if not all(fit.block.overlaps(strongest[0].block) for fit in strongest):
        raise _ambiguous(strongest, _TWO_TABLES_ON_A_SHEET)
    if len(strongest) > 1:
        strongest = [fit for fit in strongest if _has_hint(fit)] or strongest
    if len(strongest) > 1:
        raise _ambiguous(strongest, _ONE_TABLE_TWO_PROFILES)
    return strongest[0]


def _allows(profile: Profile, workbook: Workbook) -> bool:
    return not profile.containers or workbook.container in profile.containers


def _contains(stronger: HeaderMatch, weaker: HeaderMatch) -> bool:
    is_same_table = stronger.block.overlaps(weaker.block)
    return is_same_table and stronger.required_positions > weaker.required_positions


def _supersedes(later: HeaderMatch, earlier: HeaderMatch) -> bool:
    """True for a later version of the same format."""
    new, old = later.profile, earlier.profile
    return bool(new.family) and new.family == old.family and new.version > old.version


def _has_hint(match: HeaderMatch) -> bool:
    titles = fold(" ".join(sheet_titles(match)))
    return any(hint in titles for hint in match.profile.title_hints)


def _with_continuations(
    workbook: Workbook, tables: Sequence[HeaderMatch], fitting: set[int]
) -> tuple[TablePart, ...]:
    headed = {id(table.sheet): table for table in tables}
    parts: list[TablePart] = []
    before: TablePart | None = None
    for sheet in workbook.sheets:
        if sheet.is_hidden or not sheet.cells.num_rows:
            continue
        part: TablePart | None = None
        if table := headed.get(id(sheet)):
            part = TablePart(sheet, table, has_header=not _has_records_above(table))
        elif before is not None and id(sheet) not in fitting:
            candidate = TablePart(sheet, before.match, has_header=False)
            part = candidate if _goes_on(candidate) else None
        before = part
        if part is not None:
            parts.append(part)
    return tuple(parts)


def _has_records_above(match: HeaderMatch) -> bool:
    """True where the header found is one printed again, with records of a page before it above."""
    above = match.sheet.cells.slice(0, match.block.start)
    for column in match.profile.columns:
        if column.parse in ("code", "symbol"):
            for position in match.positions.get(column.name, ())[:1]:
                if count_shaped(above.column(position), SHAPES[column.parse]):
                    return True
    return False


def _goes_on(part: TablePart) -> bool:
    """True where the sheet's rows have the shapes of the table's columns, the key among them."""
    match, body = part.match, part.body
    if body.num_columns > len(match.block.names):
        return False
    kinds = split_rows(body, match, is_continued=True).kinds
    records = body.filter(pa.array(kinds == RowKind.DATA))
    shaped: list[str] = []
    for column in match.profile.columns:
        for position in match.positions.get(column.name, ())[:1]:
            cells = records.column(position)
            if column.parse not in SHAPES or cells.null_count == len(cells):
                continue
            if share_shaped(cells, SHAPES[column.parse]) < _MOST:
                return False
            shaped.append(column.parse)
    return "date" in shaped and bool({"code", "symbol"} & set(shaped))


def _ambiguous(tables: Sequence[HeaderMatch], reason: str) -> UnreadableFileError:
    names = "; ".join(dict.fromkeys(map(_name, tables)))
    return UnreadableFileError("file.profile.ambiguous", names=names, reason=reason)


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
