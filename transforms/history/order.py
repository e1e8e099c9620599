"""Versions of records in their order of validity: by key, and within a key the winner last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_VALIDITY = ("_exported_at", "_known_from", "_row")
# Two sheets of one workbook can hold the same row number; without these the winner would depend on
# the order in which the store happens to return rows.
_TIE_BREAKERS = ("_sheet", "_delivery_id")
_SAMPLE, _FEW = 4096, 512
"""Texts count as few where the first rows hold no more different ones than this."""


@dataclass(frozen=True, slots=True)
class VersionOrder:
    """Where every version stands, as row numbers into ``versions``.

    ``rows`` lists the row numbers by key, then (``_exported_at``, ``_known_from``, ``_row``).
    ``starts`` and ``ends`` are positions in ``rows``: the first and the last version of each key,
    one entry per key, keys ascending.
    """

    versions: pa.Table
    rows: pa.Array
    starts: pa.Array
    ends: pa.Array

    is_in_place: bool = False
    """The versions lie in this order already: ``rows`` only counts up, and nothing has to be copied."""

    def ordered(self, column: str) -> pa.Array:
        """One column of the versions, in order."""
        values = self.versions[column].combine_chunks()
        return values if self.is_in_place else values.take(self.rows)

    def latest(self) -> pa.Table:
        """The winning version of each key, keys ascending."""
        if self.is_in_place and len(self.ends) == self.versions.num_rows:
            return self.versions.combine_chunks()
        return self.versions.take(self.rows.take(self.ends)).combine_chunks()


def order_versions(
    versions: pa.Table, key: Sequence[str], known_at: datetime | None = None, *, with_removed: bool = False
) -> VersionOrder:
    """The order of all versions known at ``known_at``, of all there are when it is None.

    A record whose winning version carries ``_removal`` was taken out: it is left out with all its
    versions, and so is a removal that a later version overtook. ``with_removed`` keeps both. Null parts
    of a key count as "". ``known_at`` must carry a time zone; ValueError otherwise.
    """
    if known_at is not None:
        if known_at.tzinfo is None:
            raise ValueError("known_at needs a time zone")
        is_known = pc.less_equal(versions["_known_from"], pa.scalar(known_at))
        if not pc.all(is_known, skip_nulls=False).as_py():  # what was read as known then needs no copying
            versions = versions.filter(is_known)
    parts = [_filled(versions[name]) for name in key]
    removal = versions["_removal"].combine_chunks()
    if ascends(parts) and (with_removed or removal.null_count == len(removal)):
        every = pa.array(np.arange(versions.num_rows))  # as they come from the store after a single export
        return VersionOrder(versions, every, every, every, is_in_place=True)
    rows = _sorted_rows(parts)
    is_start = differs_from_previous([part.take(rows) for part in parts])
    if pc.min(is_start).as_py() is False:
        rows = _in_validity(versions, rows, is_start)
    removal = removal.take(rows)
    if not with_removed and removal.null_count < len(removal):
        rows, is_start = _without_removed(rows, is_start, pc.is_valid(removal))
    starts = pc.cast(pc.indices_nonzero(is_start), pa.int64())
    count = pa.array([len(rows)] if len(rows) else [], pa.int64())
    ends = pc.subtract(pa.concat_arrays([starts.slice(1), count]), 1)
    return VersionOrder(versions, rows, starts, ends)


def sorted_by_key(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The rows by key, those with one key as they lie; stored like this they need no sorting when they are read."""
    parts = [_filled(rows[name]) for name in key]
    return rows if ascends(parts) else rows.take(_sorted_rows(parts)).combine_chunks()


def ascends(columns: Sequence[pa.Array]) -> bool:
    """True where every row is greater than the one before, the first column deciding; far cheaper than sorting.

    Columns without nulls; false for fewer than two rows.
    """
    if len(columns[0]) < 2:
        return False
    rises, is_level = pa.scalar(False), pa.scalar(True)
    for column in columns:
        before, after = column.slice(0, len(column) - 1), column.slice(1)
        rises = pc.or_(rises, pc.and_(is_level, pc.less(before, after)))
        if pc.all(rises).as_py():
            return True
        is_level = pc.and_(is_level, pc.equal(before, after))
    return False


def _sorted_rows(columns: Sequence[pa.Array]) -> pa.Array:
    """Row numbers in the order of the columns, the first deciding; rows that are equal stay as they lie."""
    names = [f"sort_{number}" for number in range(len(columns))]
    table = pa.table([_ranks(column) for column in columns], names=names)
    return pc.sort_indices(table, sort_keys=[(name, "ascending") for name in names])


def _ranks(column: pa.Array) -> pa.Array:
    """Texts of which there are few as their places in the order, which compare many times faster; others as they are."""
    if not pa.types.is_string(column.type) or len(pc.unique(column.slice(0, _SAMPLE))) > _FEW:
        return column
    encoded = column.dictionary_encode()
    place = pc.rank(encoded.dictionary, sort_keys="ascending", tiebreaker="dense")
    return place.take(encoded.indices)


def _in_validity(versions: pa.Table, rows: pa.Array, is_start: pa.Array) -> pa.Array:
    """The rows with those of each key that has several in their order of validity; keys stay where they are."""
    key_number = pc.cumulative_sum(pc.cast(is_start, pa.int64()))
    is_single = pc.and_(is_start, pa.concat_arrays([is_start.slice(1), pa.array([True])]))
    places = pc.indices_nonzero(pc.invert(is_single))
    several = rows.take(places)
    validity = [_filled(versions[name].take(several)) for name in (*_VALIDITY, *_TIE_BREAKERS)]
    order = _sorted_rows([key_number.take(places), *validity])
    return pc.replace_with_mask(rows, pc.invert(is_single), several.take(order))


def _without_removed(rows: pa.Array, is_start: pa.Array, is_removal: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Rows and starts without the keys that end in a removal, and without removals that were overtaken."""
    key_number = pc.cumulative_sum(pc.cast(is_start, pa.int64()))
    is_last = pa.concat_arrays([is_start.slice(1), pa.array([True])])
    gone = key_number.filter(pc.and_(is_last, is_removal))
    kept = pc.invert(pc.or_(is_removal, pc.is_in(key_number, value_set=gone)))
    return rows.filter(kept), differs_from_previous([key_number.filter(kept)])


def differs_from_previous(columns: Sequence[pa.Array]) -> pa.Array:
    """True for the first row and wherever any of the columns has another value than the row before."""
    length = len(columns[0])
    if length == 0:
        return pa.array([], pa.bool_())
    differs = pa.nulls(0, pa.bool_())
    for number, column in enumerate(columns):
        before, after = column.slice(0, length - 1), column.slice(1)
        # A null equals a null here: both mean "not stated".
        unequal = pc.if_else(
            pc.and_(pc.is_valid(before), pc.is_valid(after)),
            pc.not_equal(before, after),
            pc.xor(pc.is_valid(before), pc.is_valid(after)),
        )
        differs = unequal if number == 0 else pc.or_(differs, unequal)
    return pa.concat_arrays([pa.array([True]), differs])


def _filled(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece, nulls as "" or 0 where the type has such a value."""
    values = column.combine_chunks()
    if values.null_count == 0:
        return values
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return pc.fill_null(values, "")
    if pa.types.is_integer(values.type):
        return pc.fill_null(values, 0)
    if pa.types.is_timestamp(values.type):
        # No export time or no commit yet: weaker than any that is known.
        return pc.fill_null(values, pa.scalar(0, pa.int64()).cast(values.type))
    return values
