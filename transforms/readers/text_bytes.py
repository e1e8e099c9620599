"""What the bytes of a string column tell at once, where a pattern would look at one text after the other.

Each answer is on the safe side: what it does not know, a pattern is asked.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Places = np.ndarray[tuple[int], np.dtype[np.intp]]
Signs = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
_Offsets = np.ndarray[tuple[int], np.dtype[np.int32]]

_BLOCK = 1 << 20
_WORD = 8
_ODD, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
"""An odd number of 64 bits (the golden ratio's) that spreads what is multiplied with it over all of them."""
_ZERO, _NINE = ord("0"), ord("9")
_FIRST_BEYOND_ASCII = 0x80
_LEAD_OF_THREE = 0xE1
_VIETNAMESE_SECOND = (0xBA, 0xBB)
"""After E1: U+1E80-U+1EFF."""


def _bare_bytes() -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    bare = np.zeros(256, np.bool_)
    bare[0x21:0x7F] = True
    bare[0xC3:0xC7] = True
    return bare


_BARE_FIRST = _bare_bytes()
"""Bytes with which a text can begin that no white space begins with: signs of ASCII, leads of U+00C0-U+01BF."""


def bytes_of(texts: pa.StringArray) -> tuple[_Offsets, Bytes]:
    """Where the texts begin and end, one more than there are texts, and the bytes that this counts in."""
    _, offsets, data = texts.buffers()
    if offsets is None or not len(texts):
        return np.zeros(len(texts) + 1, np.int32), np.zeros(0, np.uint8)
    places = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return places, np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)


def beyond_ascii(content: Bytes) -> Bytes:
    """The stretch of the bytes outside of which all is ASCII; empty where all of them are.

    Mostly it is the header at the top of a column. It begins and ends at blocks, not at letters.
    """
    blocks = range(0, len(content), _BLOCK)
    odd = [start for start in blocks if content[start : start + _BLOCK].max() >= _FIRST_BEYOND_ASCII]
    # A letter may begin in the last byte of a block, and then goes on in the next one, which is odd too.
    return content[odd[0] : odd[-1] + _BLOCK] if odd else content[:0]


def side_by_side(texts: pa.StringArray) -> Signs | None:
    """The bytes of the texts, one line a text and nulls left out; None unless all are equally long."""
    places, content = bytes_of(texts)
    lengths = np.diff(places)
    filled = len(texts) - texts.null_count
    length = int(lengths.max(initial=0))
    # Nulls have no bytes of their own, so that the texts lie one behind the other.
    if not length or int(places[-1] - places[0]) != filled * length:
        return None
    if texts.null_count or int(lengths.min()) < length:
        is_valid = texts.is_valid().to_numpy(zero_copy_only=False)
        if (lengths[~is_valid] > 0).any() or (lengths[is_valid] < length).any():
            return None
    return content[places[0] : places[-1]].reshape(filled, length)


def are_distinct(texts: pa.StringArray) -> bool:
    """True when no text stands twice, told of equally long ones by a number that is made of each.

    Different numbers are of different texts; that two have the same one by chance happens once in ten
    million columns of a million, and is then for another way to settle.
    """
    signs = side_by_side(texts)
    if signs is None or texts.null_count or signs.shape[1] < _WORD:
        return False
    count, length = signs.shape
    numbers = np.zeros(count, np.uint64)
    # Every eight bytes as a number, the last eight beginning before the ones before them end.
    for start in (*range(0, length - _WORD, _WORD), length - _WORD):
        numbers ^= np.ndarray((count,), np.uint64, signs.data, start, (length,))
        numbers *= _ODD
        numbers ^= numbers >> _HALF
    numbers.sort()
    return bool((numbers[1:] != numbers[:-1]).all())


def is_ascii(texts: pa.StringArray) -> bool:
    """True when none of the texts has a character beyond ASCII."""
    places, content = bytes_of(texts)
    return not len(beyond_ascii(content[places[0] : places[-1]]))


def has_bare_edges(texts: pa.StringArray) -> bool:
    """True when no text begins or ends with white space of any kind, told where they begin and end with
    a sign of ASCII or a Vietnamese letter; empty texts have no edges."""
    places, content = bytes_of(texts)
    starts, ends = places[:-1], places[1:]
    is_filled = starts < ends
    if not is_filled.all():
        starts, ends = starts[is_filled], ends[is_filled]
    return _begin_bare(content, starts) and _end_bare(content, ends)


def begin_with(texts: pa.StringArray, first: bytes) -> Places:
    """The texts whose first byte is one of those."""
    wanted = np.zeros(256, np.bool_)
    wanted[list(first)] = True
    filled, found = _first_bytes(texts)
    return filled[wanted[found]]


def begin_without_digit(texts: pa.StringArray) -> Places:
    """The filled texts that do not begin with 0-9; nulls are no texts."""
    filled, first = _first_bytes(texts)
    return filled[(first - np.uint8(_ZERO)) > _NINE - _ZERO]


def are_words_with_number(texts: pa.StringArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True for the texts that are signs of ASCII without white space and end with a digit."""
    places, content = bytes_of(texts)
    within = content[places[0] : places[-1]]
    # Below 0x21 and above 0x7E in one comparison, as unsigned numbers come round.
    odd = np.flatnonzero((within - np.uint8(0x21)) > 0x7E - 0x21) + places[0]
    found = np.zeros(len(texts), np.bool_)
    filled = np.flatnonzero(places[:-1] < places[1:])
    last = content[places[filled + 1] - 1]
    found[filled] = (last - np.uint8(_ZERO)) <= _NINE - _ZERO
    found[np.searchsorted(places, odd, side="right") - 1] = False
    if texts.null_count:
        found &= texts.is_valid().to_numpy(zero_copy_only=False)
    return found


def consist_of(texts: pa.StringArray, first: bytes, others: bytes) -> bool:
    """True when each text is filled, begins with one of the first bytes, and has none but the others."""
    places, content = bytes_of(texts)
    if not len(texts) or texts.null_count or not (places[:-1] < places[1:]).all():
        return False
    if content[places[0] : places[-1]].tobytes().translate(None, others):
        return False
    wanted = np.zeros(256, np.bool_)
    wanted[list(first)] = True
    return bool(wanted[content[places[:-1]]].all())


def _first_bytes(texts: pa.StringArray) -> tuple[Places, Bytes]:
    """Positions of the texts that are filled, and the first byte of each."""
    places, content = bytes_of(texts)
    filled = np.flatnonzero(places[:-1] < places[1:])
    if texts.null_count:
        filled = filled[texts.is_valid().to_numpy(zero_copy_only=False)[filled]]
    return filled, content[places[filled]]


def _begin_bare(content: Bytes, starts: _Offsets) -> bool:
    first = content[starts]
    others = np.flatnonzero(~_BARE_FIRST[first])
    if not len(others):
        return True
    if (first[others] != _LEAD_OF_THREE).any():
        return False
    return _is_vietnamese(content[starts[others] + 1])


def _end_bare(content: Bytes, ends: _Offsets) -> bool:
    last = content[ends - 1]
    if not len(last):
        return True
    letters = ends[last >= _FIRST_BEYOND_ASCII]
    if len(letters) < len(last) and not _BARE_FIRST[last[last < _FIRST_BEYOND_ASCII]].all():
        return False
    # The last letter of two bytes, or of three.
    before = content[letters - 2]
    is_third = (before & 0xC0) == _FIRST_BEYOND_ASCII
    if not _BARE_FIRST[before[~is_third]].all():
        return False
    third = letters[is_third]
    return bool((content[third - 3] == _LEAD_OF_THREE).all()) and _is_vietnamese(content[third - 2])


def _is_vietnamese(second: Bytes) -> bool:
    return bool(((second == _VIETNAMESE_SECOND[0]) | (second == _VIETNAMESE_SECOND[1])).all())
