"""The key of a record as one text, for comparison and order."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.schema.model import Table

KEY_SEPARATOR = "\x1f"


def key_texts(rows: pa.Table, table: Table) -> pa.Array:
    """One text per row that identifies its record; a missing part of the key counts as empty.

    The unit comes first in every key, so sorted texts stand unit by unit.
    """
    parts = [pc.fill_null(rows.column(name).cast(pa.string()), "") for name in table.key]
    joined = pc.binary_join_element_wise(*parts, KEY_SEPARATOR)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
