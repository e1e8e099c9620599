"""What values of a kind look like, so that a column is known by its cells and not only by its header."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.repeating import match
from transforms.schema.tables import DOSSIER_CODE_PATTERN

SHAPES = {
    "code": DOSSIER_CODE_PATTERN,
    "procedure_code": r"^\d\.\d{6}",
    "date": r"^(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\d{2})?(?:\D|$)|\d{4}-\d{2}-\d{2}|(?i)ngày \d)",
    "symbol": r"^\d+[^\s/]*/(?:\d{4}/)?\pL",
}
"""Way of reading a column → pattern of its values; other ways have no shape of their own."""


def count_shaped(column: pa.ChunkedArray, shape: str) -> int:
    """How many cells have the shape."""
    return int(pc.sum(match(column, shape)).as_py() or 0)


def share_shaped(column: pa.ChunkedArray, shape: str) -> float:
    """Share of the filled cells that have the shape; 0 where nothing is filled."""
    filled = len(column) - column.null_count
    return count_shaped(column, shape) / filled if filled else 0.0
