"""Columns of few distinct texts, dictionary encoded: each text stands once and is worked on once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

TYPE = pa.dictionary(pa.int32(), pa.string())
"""How such a column stands in a sheet; its texts are distinct and none of them is null."""


def is_repeating(column: pa.Array | pa.ChunkedArray) -> bool:
    """True for a dictionary encoded column."""
    return bool(pa.types.is_dictionary(column.type))


def as_strings(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The column as strings, one a row."""
    return column.cast(pa.string()) if is_repeating(column) else column


def on_texts(
    column: pa.Array | pa.ChunkedArray, compute: Callable[[pa.Array], pa.Array]
) -> pa.Array | pa.ChunkedArray:
    """What ``compute`` says of every text, a value a row, asked once per distinct text where they repeat.

    ``compute`` looks at each text alone and gives null for null.
    """
    if not is_repeating(column):
        return compute(column)
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks != 1:
            return compute(as_strings(column))
        return pa.chunked_array([on_texts(column.chunk(0), compute)])
    return compute(column.dictionary).take(column.indices)


def used_texts(texts: pa.DictionaryArray) -> pa.StringArray:
    """The distinct texts that stand in a row; cutting rows off a column leaves its other texts with it."""
    return texts.dictionary.take(pc.unique(texts.indices).drop_null())


def match(column: pa.Array | pa.ChunkedArray, pattern: str) -> pa.Array | pa.ChunkedArray:
    """True where the pattern is found in the text; null for null."""
    return on_texts(column, partial(pc.match_substring_regex, pattern=pattern))


def map_texts(texts: pa.DictionaryArray, compute: Callable[[pa.Array], pa.Array]) -> pa.DictionaryArray:
    """The column with other texts: ``compute`` gives one, or null, for each of its distinct texts."""
    found = compute(texts.dictionary)
    if found is texts.dictionary:
        return texts
    # Two texts may have become one, and some none.
    encoded = found.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(texts.indices), encoded.dictionary)
