"""Their own file come back: our two sheets taken off, the marker read, the sender's sheets as they were numbered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from transforms.readers.model import RawSheet, UnreadableFileError, Workbook
from transforms.returned.model import (
    AUTHOR_HEADER,
    EXPLANATION_HEADER,
    FORMAT_ID,
    LINE_COLUMNS,
    LINE_HEADER,
    MARKER_KEYS,
    MARKER_SHEET,
    MEND_HEADERS,
    NAMELESS_SHEET,
    ROW_MAP_COLUMNS,
    ReturnedLine,
    ReturnedMarker,
)
from transforms.text_vi import fold, tidy

DAMAGED = "returned.marker.damaged"
"""Refusal of a workbook that carries our marker in a state that cannot be read."""
_FORMAT_FAMILY = FORMAT_ID.partition("/")[0] + "/"
_RULE_HEADER, _SUBJECT_HEADER, _VALUE_HEADER = MEND_HEADERS[1], MEND_HEADERS[7], MEND_HEADERS[8]
_NEEDED_HEADERS = (LINE_HEADER, _RULE_HEADER, EXPLANATION_HEADER)

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What somebody wrote beside one line of the list.

    ``line`` is the marker's line; 0 where its number was lost and nothing else tells which line it was.
    ``row`` is the row of the list in which it stands now.
    """

    line: int
    text: str
    author: str
    row: int
    value: str | None = None
    """What the line says stands in the cell; None where its column was taken out."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A returned workbook taken apart.

    ``data`` holds neither of our sheets; its sheets carry the names and row numbers of the file as it was
    sent. Rows that were added to a partial workbook have numbers above all others.
    """

    marker: ReturnedMarker
    explanations: tuple[Explanation, ...]
    data: Workbook

    @property
    def has_data(self) -> bool:
        """False for a list alone: of a refused file, or of one whose original is gone."""
        return any(sheet.cells.num_rows for sheet in self.data.sheets)


def find_marker(workbook: Workbook) -> ReturnedMarker | None:
    """The marker of a workbook that went out from here; None for any other file.

    Found by its content as well as by the name of its sheet. Raises UnreadableFileError
    ``returned.marker.damaged`` where the marker is there but cannot be read in full.
    """
    sheet = _marker_sheet(workbook)
    return None if sheet is None else _parse_marker(_rows(sheet))


def split_returned(workbook: Workbook) -> Returned:
    """The three parts of a returned workbook.

    The list of explanations is found by its header, so that its sheet may be renamed, moved, sorted or
    have rows taken out. Raises UnreadableFileError as ``find_marker`` does, and where there is no marker.
    """
    marker = find_marker(workbook)
    if marker is None:
        raise UnreadableFileError(DAMAGED)
    own = [_marker_sheet(workbook)]
    explanations: list[Explanation] = []
    for sheet in workbook.sheets:
        if (header := _mend_header(sheet)) is not None:
            own.append(sheet)
            explanations.extend(_explanations(sheet, header, marker))
    sheets = [sheet for sheet in workbook.sheets if not any(sheet is other for other in own)]
    data = replace(workbook, sheets=tuple(_as_sent(sheet, sheets, marker) for sheet in sheets))
    return Returned(marker, tuple(explanations), data)


def _marker_sheet(workbook: Workbook) -> RawSheet | None:
    for sheet in workbook.sheets:
        first = _rows(sheet, 1)
        if sheet.name == MARKER_SHEET or (first and first[0][0].startswith(_FORMAT_FAMILY)):
            return sheet
    return None


def _parse_marker(rows: Sequence[Row]) -> ReturnedMarker:
    if not rows or rows[0][0] != FORMAT_ID:
        raise UnreadableFileError(DAMAGED)
    given: dict[str, str] = {}
    blocks: dict[tuple[str, ...], list[Row]] = {LINE_COLUMNS: [], ROW_MAP_COLUMNS: []}
    block: list[Row] | None = None
    for row in rows[1:]:
        header = next((names for names in blocks if row[: len(names)] == names), None)
        if header is not None:
            block = blocks[header]
        elif block is not None:
            block.append(row)
        else:
            given[row[0]] = row[1] if len(row) > 1 else ""
    try:
        return ReturnedMarker(
            **{name: given[name] for name in MARKER_KEYS if name not in ("exported_at", "is_partial")},
            exported_at=datetime.fromisoformat(given["exported_at"]),
            is_partial={"0": False, "1": True}[given["is_partial"]],
            lines=tuple(map(_parse_line, blocks[LINE_COLUMNS])),
            row_map=tuple((row[0], int(row[1]), int(row[2])) for row in blocks[ROW_MAP_COLUMNS]),
        )
    except (KeyError, ValueError, IndexError) as problem:
        raise UnreadableFileError(DAMAGED) from problem


def _parse_line(row: Row) -> ReturnedLine:
    cells = dict(zip(LINE_COLUMNS, (*row, *[""] * len(LINE_COLUMNS)), strict=False))
    texts = {name: text for name, text in cells.items() if name not in ("line", "row")}
    return ReturnedLine(line=int(cells["line"]), row=int(cells["row"] or 0), **texts)


def _mend_header(sheet: RawSheet) -> tuple[int, Mapping[str, int]] | None:
    """Row number and positions of the header of the list; None for any other sheet."""
    wanted = {fold(name): name for name in MEND_HEADERS}
    for number, row in zip(sheet.row_numbers.slice(0, 40).to_pylist(), _rows(sheet, 40), strict=True):
        positions = {wanted[key]: at for at, text in enumerate(row) if (key := fold(text)) in wanted}
        if all(name in positions for name in _NEEDED_HEADERS):
            return number, positions
    return None


def _explanations(
    sheet: RawSheet, header: tuple[int, Mapping[str, int]], marker: ReturnedMarker
) -> Iterator[Explanation]:
    below, positions = header
    lines = {line.line: line for line in marker.lines}
    for number, row in zip(sheet.row_numbers.to_pylist(), _rows(sheet), strict=True):
        text = tidy(row[positions[EXPLANATION_HEADER]])
        if number <= below or not text:
            continue
        at = positions.get(AUTHOR_HEADER)
        author = tidy(row[at]) if at is not None else ""
        value = tidy(row[positions[_VALUE_HEADER]]) if _VALUE_HEADER in positions else None
        yield Explanation(_line_of(row, positions, lines), text, author, number, value)


def _line_of(row: Row, positions: Mapping[str, int], lines: Mapping[int, ReturnedLine]) -> int:
    """The marker's line of a row: by its number where the rule agrees, else by rule and record where only one fits."""
    code = tidy(row[positions[_RULE_HEADER]])
    number = tidy(row[positions[LINE_HEADER]]).removesuffix(".0")
    if number.isdigit() and (line := lines.get(int(number))) and line.code == code:
        return line.line
    subject = tidy(row[positions[_SUBJECT_HEADER]]) if _SUBJECT_HEADER in positions else ""
    fits = [line.line for line in lines.values() if (line.code, line.subject) == (code, subject)]
    return fits[0] if len(fits) == 1 else 0


def _as_sent(sheet: RawSheet, sheets: Sequence[RawSheet], marker: ReturnedMarker) -> RawSheet:
    """The sheet under its name and row numbers in the file as it was sent."""
    is_only = len(sheets) == 1
    numbers = sheet.row_numbers
    if marker.is_partial:
        mapped = {name for name, _, _ in marker.row_map}
        title = sheet.name if sheet.name in mapped or not is_only or len(mapped) != 1 else min(mapped)
        original = {row: sent for name, row, sent in marker.row_map if name == title}
        beyond = max([0, *original.values(), *(line.row for line in marker.lines)])
        numbers = pa.array([original.get(row, beyond + row) for row in numbers.to_pylist()], pa.int64())
    named = {line.sheet for line in marker.lines if line.row}
    name = sheet.name
    if name not in named and named:
        if name == NAMELESS_SHEET and "" in named:
            name = ""
        elif is_only and len(named) == 1:
            name = min(named)
    return replace(sheet, name=name, row_numbers=numbers)


def _rows(sheet: RawSheet, count: int | None = None) -> list[Row]:
    """The first rows of a sheet as texts, all of them where no count is given; empty cells are ""."""
    cells = sheet.cells if count is None else sheet.cells.slice(0, count)
    columns = [[text or "" for text in column.to_pylist()] for column in cells.columns]
    return list(zip(*columns, strict=True))
