"""Exports whose body does not stand under its header (EXPORTS.md 1: 12 headers, 11 body cells)."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.header import HeaderMatch
from transforms.readers.shapes import SHAPES, count_shaped, share_shaped
from transforms.text_vi import fold

_SAMPLE_ROWS = 1000
_FEW, _MOST = 0.2, 0.8
_NAMES = {
    "code": ("ma", "so"),
    "procedure_code": ("ma", "so"),
    "date": ("ngay", "han", "thoi"),
    "symbol": ("so", "ky", "ma"),
}
"""Folded first words of headers under which such values are in their right place."""


def find_shifted_header(match: HeaderMatch, records: pa.Table) -> str:
    """Header text of a column whose values systematically stand one place beside it, or "".

    Told by shape, not by counting cells, so that a file that was opened and saved again is recognised
    too: a typed column hardly holds its own shape while the neighbour, which has another header, holds
    almost nothing else. Equal neighbours (dates beside dates) show it at the ends of their run.
    """
    sample = records.slice(0, _SAMPLE_ROWS)
    parse = {
        position: column.parse
        for column in match.profile.columns
        for position in match.positions.get(column.name, ())
    }
    for position, kind in sorted(parse.items()):
        shape = SHAPES.get(kind)
        if shape is None or share_shaped(sample.column(position), shape) >= _FEW:
            continue
        for step in (-1, 1):
            # Walk over a run of columns of the same kind: the value has moved to its far end.
            neighbour = position + step
            while parse.get(neighbour) == kind:
                neighbour += step
            if not 0 <= neighbour < sample.num_columns or _is_named(match, neighbour, kind):
                continue
            if share_shaped(sample.column(neighbour), shape) > _MOST:
                return match.block.names[position][0]
    return ""


def shift_match(match: HeaderMatch) -> HeaderMatch | None:
    """The match with every column after the profile's extra header one place to the left, or None.

    None where the profile knows no such variant, the extra header does not stand exactly once, or a
    column would have to hold two things. Whether the rows really lie so is for ``proves_shift`` to say.
    """
    shift = match.profile.shift
    if shift is None:
        return None
    wanted = fold(shift.extra_header)
    extra = [p for p, names in enumerate(match.block.names) if any(fold(name) == wanted for name in names)]
    if len(extra) != 1:
        return None
    renamed = [shift.renames.get(column.name, column.name) for column in match.profile.columns]
    present = [
        new for new, c in zip(renamed, match.profile.columns, strict=True) if c.name in match.positions
    ]
    if len(set(present)) < len(present):
        return None
    columns = tuple(
        replace(column, name=new)
        for column, new in zip(match.profile.columns, renamed, strict=True)
        if column.name in match.positions
    )
    positions = {
        shift.renames.get(name, name): tuple(p - 1 if p > extra[0] else p for p in places)
        for name, places in match.positions.items()
    }
    return replace(match, profile=replace(match.profile, columns=columns), positions=positions)


def proves_shift(match: HeaderMatch, records: pa.Table) -> bool:
    """True where every record proves that its cells lie as ``match``, a shifted one, says.

    Each has a code in the code column and a day in one of the date columns, no date column holds
    anything but days, and nothing stands under the last header.
    """
    if not records.num_rows:
        return False
    if any(column.null_count < len(column) for column in records.columns[match.block.head_positions[-1] :]):
        return False
    has_day = pa.chunked_array([pa.repeat(pa.scalar(False), records.num_rows)])
    has_code = False
    for column in match.profile.columns:
        cells = records.column(match.positions[column.name][0])
        if column.parse == "code":
            has_code = True
            if count_shaped(cells, SHAPES["code"]) < records.num_rows:
                return False
        elif column.parse == "date":
            if count_shaped(cells, SHAPES["date"]) < len(cells) - cells.null_count:
                return False
            has_day = pc.or_(has_day, pc.is_valid(cells))
    return has_code and bool(pc.all(has_day).as_py())


def _is_named(match: HeaderMatch, position: int, kind: str) -> bool:
    """True when the header there announces values of that kind."""
    return any(fold(name).startswith(_NAMES[kind]) for name in match.block.names[position])
