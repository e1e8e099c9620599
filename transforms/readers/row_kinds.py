"""Kinds of rows, and masks over all rows of a table."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.header import Row
from transforms.text_vi import fold

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Kinds = np.ndarray[tuple[int], np.dtype[np.int8]]

SPARSE_CELLS = 3
"""Headings, remarks and signatures hardly fill more cells of their row."""
LEFT_RANKS = 2
"""Headings stand under one of the first two headers."""


class RowKind(IntEnum):
    """What a row below the header is."""

    DATA = 0
    HEADER = 1
    COLUMN_NUMBER = 2
    GROUP = 3
    TOTAL = 4
    SIGNATURE = 5
    TITLE = 6
    """Titles printed again at the top of a page."""
    NOTE = 7


def to_mask(values: pa.ChunkedArray | pa.Array) -> Mask:
    """Booleans as a numpy mask; null counts as false."""
    filled = pc.fill_null(values, False)
    array = filled.to_numpy(zero_copy_only=False) if isinstance(filled, pa.Array) else filled.to_numpy()
    return np.asarray(array, dtype=bool)


def rank_of(row: Row, heads: tuple[int, ...]) -> int:
    """How many headed columns stand left of the row's first text; empty columns do not count."""
    first = next(position for position, text in enumerate(row) if text)
    return sum(1 for position in heads if position < first)


def joined(row: Row) -> str:
    """The folded text of a whole row."""
    return fold(" ".join(text for text in row if text))
