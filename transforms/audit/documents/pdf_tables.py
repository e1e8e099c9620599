"""Tables of a PDF page: ruled ones by their lines, unruled ones by the places of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.audit.documents.blocks import GridCell
from transforms.audit.documents.pdf_lines import Line, build_lines
from transforms.audit.documents.pdf_page import Glyph, Page, Rule
from transforms.text_vi import compose, tidy

_NEAR = 2.0
_LEAST_COLUMNS, _LEAST_ROWS = 3, 3
_WRAPPED = 1.45


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of one page: rows of cells, the lines inside it, and where it stands."""

    page: int
    top: float
    bottom: float
    columns: tuple[float, ...]
    """Left edges of the grid columns, and the right edge of the last."""
    rows: tuple[tuple[GridCell, ...], ...]
    lines: tuple[Line, ...]


def find_ruled(page: Page) -> tuple[list[FoundTable], list[Glyph]]:
    """The ruled tables of a page from top to bottom, and the letters outside them."""
    left = list(page.glyphs)
    tables: list[FoundTable] = []
    for rules in _connected(_joined(page.rules)):
        xs = _positions([rule.at for rule in rules if not rule.is_level])
        ys = _positions([rule.at for rule in rules if rule.is_level])[::-1]
        if len(xs) < 2 or len(ys) < 2:
            continue
        inside = [g for g in left if xs[0] < (g.x0 + g.x1) / 2 < xs[-1] and ys[-1] < g.y + g.size / 4 < ys[0]]
        if not any(glyph.text.strip() for glyph in inside):
            continue
        taken = set(map(id, inside))
        left = [glyph for glyph in left if id(glyph) not in taken]
        tables.append(_table(page.number, xs, ys, rules, inside))
    return sorted(tables, key=lambda table: -table.top), left


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Rules with the pieces of one line made one: Word draws a line anew for every cell."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.is_level, round(r.at), r.start)):
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.is_level == rule.is_level
            and abs(last.at - rule.at) <= 1
            and rule.start <= last.end + _NEAR
            and last.start <= rule.end + _NEAR
        ):
            joined[-1] = replace(last, start=min(last.start, rule.start), end=max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _connected(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Groups of rules that cross or touch, directly or through others."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touching = [group for group in groups if any(_touch(rule, other) for other in group)]
        merged = [rule, *(other for group in touching for other in group)]
        groups = [group for group in groups if not any(group is one for one in touching)]
        groups.append(merged)
    yield from groups


def _touch(one: Rule, other: Rule) -> bool:
    if one.is_level == other.is_level:
        is_near = abs(one.at - other.at) <= _NEAR
        return is_near and one.start - _NEAR <= other.end and other.start - _NEAR <= one.end
    return (
        other.start - _NEAR <= one.at <= other.end + _NEAR
        and one.start - _NEAR <= other.at <= one.end + _NEAR
    )


def _positions(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _table(
    page: int, xs: list[float], ys: list[float], rules: Sequence[Rule], glyphs: Sequence[Glyph]
) -> FoundTable:
    upright = [rule for rule in rules if not rule.is_level]
    level = [rule for rule in rules if rule.is_level]
    # For each place of the grid the place whose cell it belongs to: the first one of a merged cell.
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    width: dict[tuple[int, int], int] = {}
    for row in range(len(ys) - 1):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(len(xs) - 1):
            is_parted_left = column == 0 or _covers(upright, xs[column], middle)
            centre = (xs[column] + xs[column + 1]) / 2
            is_parted_above = row == 0 or _covers(level, ys[row], centre)
            if not is_parted_left:
                owner[row, column] = owner[row, column - 1]
            elif not is_parted_above:
                owner[row, column] = owner[row - 1, column]
            else:
                owner[row, column] = (row, column)
            if owner[row, column][0] == row:
                width[owner[row, column]] = column - owner[row, column][1] + 1
    texts: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        row = next(i for i in range(len(ys) - 1) if glyph.y + glyph.size / 4 > ys[i + 1] or i == len(ys) - 2)
        centre = (glyph.x0 + glyph.x1) / 2
        column = next(i for i in range(len(xs) - 1) if centre < xs[i + 1] or i == len(xs) - 2)
        texts.setdefault(owner[row, column], []).append(glyph)
    rows: list[tuple[GridCell, ...]] = []
    lines: list[Line] = []
    for row in range(len(ys) - 1):
        cells: list[GridCell] = []
        for column in range(len(xs) - 1):
            if (row, column) in width:
                found = [part for parts in build_lines(page, texts.get((row, column), ())) for part in parts]
                lines += found
                text = tidy(compose(" ".join(line.text for line in found)))
                cells.append(GridCell(text, column, width[row, column]))
        if any(cell.text for cell in cells):
            rows.append(tuple(cells))
    return FoundTable(page, ys[0], ys[-1], tuple(xs), tuple(rows), tuple(lines))


def _covers(rules: Sequence[Rule], at: float, along: float) -> bool:
    return any(
        abs(rule.at - at) <= _NEAR and rule.start - _NEAR <= along <= rule.end + _NEAR for rule in rules
    )


def find_unruled(rows: Sequence[list[Line]], start: int, pitch: float) -> tuple[FoundTable, int] | None:
    """A table without rules that starts at that row of lines, and the row after it; None where there is none."""
    taken: list[list[Line]] = []
    wrapped: list[tuple[int, Line]] = []
    for row in rows[start:]:
        if len(row) >= _LEAST_COLUMNS - (1 if taken else 0):
            taken.append(row)
        elif taken and len(row) == 1 and _is_wrapped(row[0], taken[-1], pitch):
            wrapped.append((len(taken) - 1, row[0]))
        else:
            break
    if sum(len(row) >= _LEAST_COLUMNS for row in taken) < _LEAST_ROWS:
        return None
    columns = _columns([part for row in taken for part in row])
    if len(columns) < _LEAST_COLUMNS:
        return None
    found: list[tuple[GridCell, ...]] = []
    for number, row in enumerate(taken):
        words: dict[int, list[str]] = {}
        for part in (*row, *(line for at, line in wrapped if at == number)):
            words.setdefault(_column(columns, part), []).append(part.text)
        found.append(
            tuple(GridCell(tidy(compose(" ".join(words[column]))), column) for column in sorted(words))
        )
    lines = tuple(part for row in taken for part in row)
    edges = (*(left for left, _ in columns), columns[-1][1])
    table = FoundTable(lines[0].page, lines[0].y + lines[0].size, lines[-1].y, edges, tuple(found), lines)
    return table, start + len(taken) + len(wrapped)


def _is_wrapped(line: Line, row: Sequence[Line], pitch: float) -> bool:
    is_close = 0 < row[0].y - line.y <= _WRAPPED * max(pitch, line.size)
    return is_close and any(abs(line.x0 - part.x0) <= line.size for part in row)


def _columns(parts: Sequence[Line]) -> list[tuple[float, float]]:
    """Stretches of the page's width that parts of any row fill."""
    merged: list[tuple[float, float]] = []
    for part in sorted(parts, key=lambda p: p.x0):
        if merged and part.x0 <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], part.x1))
        else:
            merged.append((part.x0, part.x1))
    return merged


def _column(columns: Sequence[tuple[float, float]], part: Line) -> int:
    centre = (part.x0 + part.x1) / 2
    return min(range(len(columns)), key=lambda i: max(columns[i][0] - centre, centre - columns[i][1], 0.0))
