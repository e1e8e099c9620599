"""Exports whose body does not stand under its header (EXPORTS.md 1: 12 headers, 11 body cells)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.header import HeaderMatch
from transforms.schema.tables import DOSSIER_CODE_PATTERN
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
_SHAPES = {
    "code": DOSSIER_CODE_PATTERN,
    "procedure_code": r"^\d\.\d{6}",
    "date": r"^(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})",
    "symbol": r"^\d+[^\s/]*/(?:\d{4}/)?\pL",
}


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
        shape = _SHAPES.get(kind)
        if shape is None or _share(sample, position, shape) >= _FEW:
            continue
        for step in (-1, 1):
            # Walk over a run of columns of the same kind: the value has moved to its far end.
            neighbour = position + step
            while parse.get(neighbour) == kind:
                neighbour += step
            if not 0 <= neighbour < sample.num_columns or _is_named(match, neighbour, kind):
                continue
            if _share(sample, neighbour, shape) > _MOST:
                return match.block.names[position][0]
    return ""


def _is_named(match: HeaderMatch, position: int, kind: str) -> bool:
    """True when the header there announces values of that kind."""
    return any(fold(name).startswith(_NAMES[kind]) for name in match.block.names[position])


def _share(sample: pa.Table, position: int, shape: str) -> float:
    """Share of the filled cells that have the shape; 0 where nothing is filled."""
    column = sample.column(position).drop_null()
    if len(column) == 0:
        return 0.0
    hits = pc.sum(pc.match_substring_regex(column, shape)).as_py() or 0
    return float(hits) / len(column)
