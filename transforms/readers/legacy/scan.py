"""Whether a column can hold text of an old character set at all, told from its bytes without decoding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from transforms.readers.repeating import is_repeating

_BLOCK = 1 << 20
# Second bytes after C2 (U+0080-U+00BF) that clean text has as well: no-break space and ° ± ² ³ ´.
# In old text they never stand alone: its other words have other signs.
_HARMLESS_AFTER_C2 = (0xA0, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4)
_VIETNAMESE_IN_LATIN_1 = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý×"


@dataclass(frozen=True, slots=True)
class Signs:
    """What the bytes of a column hold: characters that Vietnamese text lacks, and U+FFFD."""

    is_odd: bool
    is_damaged: bool


def scan_column(column: pa.ChunkedArray) -> Signs:
    """Signs of old character sets in a string column, in about a millisecond per megabyte.

    A column without odd characters may still be old text ("Hoà sô" is "Hồ sơ" in VNI), but never a
    whole sheet of it: the other letters of every set are odd ones.
    """
    is_odd = is_damaged = False
    for chunk in column.chunks:
        for block in _blocks(chunk):
            is_odd = is_odd or _has_odd(block)
            is_damaged = is_damaged or _has_substitute(block)
    return Signs(is_odd, is_damaged)


def is_ascii(column: pa.ChunkedArray) -> bool:
    """True when no text of the column has a character beyond ASCII."""
    return all(bool(block.max() < 0x80) for chunk in column.chunks for block in _blocks(chunk))


def _blocks(chunk: pa.Array) -> list[np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    if is_repeating(chunk):
        chunk = chunk.dictionary
    if chunk.offset:
        chunk = pa.concat_arrays([chunk])
    data = chunk.buffers()[2]
    if data is None:
        return []
    content = np.frombuffer(data, np.uint8)
    # One byte of overlap, so that no pair is cut.
    return [content[start : start + _BLOCK + 1] for start in range(0, len(content), _BLOCK)]


def _odd_second_bytes(harmless: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    odd = np.zeros(256, np.bool_)
    odd[0x80:0xC0] = True
    odd[list(harmless)] = False
    return odd


_ODD_AFTER = {
    0xC3: _odd_second_bytes(tuple(letter.encode()[1] for letter in _VIETNAMESE_IN_LATIN_1)),
    0xC2: _odd_second_bytes(_HARMLESS_AFTER_C2),
    0xC5: _odd_second_bytes((0xA8, 0xA9)),  # Ũ ũ; the others are Œ Š Ž and such
}
_ODD_LEADS = (0xCB, 0xCC, 0xCD, 0xCE)
"""Of ˆ ˜, of combining marks that found no letter, and of the Greek µ."""


def _has_odd(block: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bool:
    if block.max() < 0x80:
        return False
    for lead, odd in _ODD_AFTER.items():
        places = np.flatnonzero(block[:-1] == lead)
        if len(places) and odd[block[places + 1]].any():
            return True
    return any(bool((block == lead).any()) for lead in _ODD_LEADS)


def _has_substitute(block: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bool:
    if block.max() < 0xEF:
        return False
    places = np.flatnonzero(block[:-1] == 0xEF)
    return bool(len(places) and (block[places + 1] == 0xBF).any())
