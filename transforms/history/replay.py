"""What a store would hold had some deliveries never come: the others said again, one after the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.confirmed import last_exported
from transforms.history.worlds import Flags, Known, Log, Numbers, World
from transforms.schema.model import Table

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - offices print local time


@dataclass(frozen=True, slots=True)
class Spoken:
    """Versions to write, beside each other: their content, and the commit that said it of an export of that time."""

    rows: pa.Table
    """Stored rows of the same content, with the provenance that they have in the store."""
    said_by: pa.Array
    exported_at: pa.Array


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    exported_at: int = 0
    is_correction: bool = False
    is_standing: bool = True
    out: Set[datetime] | None = None
    """Set for a verdict."""


class Replay:
    """Two histories of the same records side by side: as it was, and as it would have been.

    Arrays hold one entry per record (key) or per stored row; times are microseconds.
    """

    def __init__(
        self, rows: pa.Table, at: pa.Array, is_own: pa.Array, keys: pa.Array, ranges: pa.Table, table: Table
    ) -> None:
        """``rows`` with the position of each one's key in ``keys`` (sorted), and whether it is its delivery's own."""
        at = _one(at)
        columns = {
            name: _one(rows[name])
            for name in ("_known_from", "_exported_at", "_row", "_sheet", "_delivery_id")
        }
        order = pc.sort_indices(
            pa.table(
                {
                    "known": columns["_known_from"],
                    "key": at,
                    "exported": columns["_exported_at"],
                    "row": columns["_row"],
                    "sheet": pc.fill_null(columns["_sheet"], ""),
                    "delivery": columns["_delivery_id"],
                }
            ),
            sort_keys=[
                (name, "ascending") for name in ("known", "key", "exported", "row", "sheet", "delivery")
            ],
        )
        self._rows = rows.take(order).combine_chunks()
        self._table, self._ranges = table, ranges
        self._keys: list[str] = keys.to_pylist()
        self._key = _whole(at.take(order))
        self._known = _whole(self._rows["_known_from"])
        self._exported = _whole(self._rows["_exported_at"])
        self._content = _contents(self._rows, table)
        self._is_removal = _flags(pc.is_valid(self._rows["_removal"]))
        self._is_own = _flags(_one(is_own).take(order))
        self._events: dict[int, _Event] = {}

    def add_commit(
        self, at: datetime, exported_at: datetime, is_correction: bool, *, is_standing: bool
    ) -> None:
        """One accepted delivery."""
        exported = int((exported_at - _EPOCH) / timedelta(microseconds=1))
        self._events[_micros(at)] = _Event(at, exported, is_correction, is_standing)

    def add_verdict(self, at: datetime, out: Set[datetime]) -> None:
        """One earlier verdict: what counted from then on."""
        self._events[_micros(at)] = _Event(at, out=out)

    def run(self) -> tuple[Spoken, frozenset[datetime]]:
        """The versions to write, and the corrections' commits that must not count any more."""
        was = Known(len(self._keys))
        would = World(len(self._keys))
        more_out: set[datetime] = set()
        rows_at = _groups(self._known)
        ranges_at = _range_groups(self._ranges)
        seen_exports: set[int] = set()
        for instant in sorted(
            {*rows_at, *ranges_at, *(i for i, e in self._events.items() if e.out is not None)}
        ):
            event = self._events.get(instant)
            if event is None:
                continue
            group = rows_at.get(instant, np.empty(0, dtype=np.int64))
            if event.out is not None:
                was = self._known_under(instant, event.out)
                continue
            if event.is_standing:
                own = self._last_of_key(group[self._is_own[group]])
                if event.is_correction:
                    if self._mend(was, would, own, instant, seen_exports):
                        more_out.add(event.at)
                else:
                    implied = self._implied(was, ranges_at.get(instant, []), self._key[own])
                    self._say(would, own, implied, was, event.exported_at, instant)
                    seen_exports.add(event.exported_at)
            was.take(self._last_of_key(group), self._key, self._exported)
        standing = [
            instant
            for instant, e in self._events.items()
            if e.out is None and e.is_standing and e.at not in more_out
        ]
        return self._to_write(would, standing), frozenset(more_out)

    def _last_of_key(self, rows: Numbers) -> Numbers:
        """Of rows of one commit the one that wins for each key."""
        return rows[_is_last(self._key[rows])]

    def _known_under(self, instant: int, out: Set[datetime]) -> Known:
        """What counted from a verdict on."""
        gone = np.array(sorted(_micros(at) for at in out), dtype=np.int64)
        is_commit = np.isin(self._known, [i for i, e in self._events.items() if e.out is None])
        counts = (self._known < instant) & is_commit & self._is_own & ~np.isin(self._known, gone)
        rows = np.flatnonzero(counts | (self._known == instant))
        known = Known(len(self._keys))
        known.take(self._latest(rows), self._key, self._exported)
        return known

    def _latest(self, rows: Numbers) -> Numbers:
        """Of rows of many commits the one that wins for each key."""
        ordered = rows[np.lexsort((rows, self._known[rows], self._exported[rows], self._key[rows]))]
        return self._last_of_key(ordered)

    def _implied(self, was: Known, ranges: list[tuple[str, str]], own: Numbers) -> Numbers:
        """Keys that a delivery held just as they were known."""
        held = np.zeros(len(self._keys), dtype=bool)
        for first, last in ranges:
            held[bisect_left(self._keys, first) : bisect_right(self._keys, last)] = True
        held[own] = False
        held &= was.row >= 0
        keys = np.flatnonzero(held)
        return keys[~self._is_removal[was.row[keys]]]

    def _say(
        self, would: World, own: Numbers, implied: Numbers, was: Known, exported_at: int, instant: int
    ) -> None:
        rows = np.concatenate([own, was.row[implied]])
        keys = np.concatenate([self._key[own], implied])
        is_stored = np.concatenate([np.ones(len(own), dtype=bool), np.zeros(len(implied), dtype=bool)])
        would.say(keys, rows, self._content[rows], self._is_removal[rows], is_stored, exported_at, instant)

    def _mend(self, was: Known, would: World, own: Numbers, instant: int, exports: set[int]) -> bool:
        """Take a correction's rows over where they still are about the same content; True where any are not or moved."""
        keys, exported = self._key[own], self._exported[own]
        base = was.row[keys]
        is_mend = (base >= 0) & (was.exported[keys] == exported)
        is_same = is_mend & would.counts(keys) & (would.content[keys] == self._content[base])
        # A row that was set apart became readable: it stands while any export of that time does.
        is_taken = ~is_mend & np.isin(exported, list(exports))
        stands = is_same | is_taken
        moved_to = np.where(is_same, would.exported[keys], exported)
        is_changed = bool((~stands | (moved_to != exported)).any())
        rows = own[stands]
        would.mend(
            keys[stands],
            rows,
            self._content[rows],
            self._is_removal[rows],
            not is_changed,
            moved_to[stands],
            instant,
        )
        return is_changed

    def _to_write(self, would: World, standing: list[int]) -> Spoken:
        log = would.log()
        # Of two statements of exports of the same time the later one holds; it alone may need a row.
        order = np.lexsort((np.arange(len(log.key)), log.exported, log.key))
        last = order[_is_last(log.key[order], log.exported[order])]
        written = last[~log.is_stored[last]]
        lacking = self._lacking(would, log, written, standing)
        return self._spoken(
            np.concatenate([log.row[written], would.row[lacking]]),
            np.concatenate([log.said_by[written], would.last_by[lacking]]),
            np.concatenate([log.exported[written], would.last[lacking]]),
        )

    def _lacking(self, would: World, log: Log, written: Numbers, standing: list[int]) -> Numbers:
        """Keys of records of whose last export the rows and ranges that count would tell otherwise.

        Too early, where the range is older than the row that it confirmed; too late, where the record lies in
        a range of a delivery that did not hold it: it did not count when that delivery came.
        """
        stored = np.flatnonzero(np.isin(self._known, standing) & self._is_own)
        row = np.concatenate([stored, log.row[written]])
        key = np.concatenate([self._key[stored], log.key[written]])
        exported = np.concatenate([self._exported[stored], log.exported[written]])
        # What is written now is younger than every commit.
        known = np.concatenate([self._known[stored], np.full(len(written), np.iinfo(np.int64).max)])
        order = np.lexsort((row, known, exported, key))
        winners = order[_is_last(key[order])]
        latest = self._rows.take(pa.array(row[winners]))
        for name, values in (("_exported_at", exported), ("_known_from", known)):
            latest = _with(latest, name, pa.array(values[winners]))
        counting = pc.is_in(
            self._ranges["_known_from"].cast(pa.int64()), value_set=pa.array(standing, pa.int64())
        )
        told = _whole(last_exported(latest, self._table, self._ranges.filter(counting)))
        keys = key[winners]
        lacking: Numbers = keys[would.counts(keys) & (told != would.last[keys])]
        return lacking

    def _spoken(self, rows: Numbers, said_by: Numbers, exported: Numbers) -> Spoken:
        types = (self._rows.schema.field(name).type for name in ("_known_from", "_exported_at"))
        moments = (
            pa.array(values, pa.int64()).cast(kind)
            for values, kind in zip((said_by, exported), types, strict=True)
        )
        return Spoken(self._rows.take(pa.array(rows)), *moments)


def _contents(rows: pa.Table, table: Table) -> Numbers:
    """A number per row; equal where everything that the record states is equal."""
    texts = [pc.fill_null(_one(rows[name]).cast(pa.string()), "\x00") for name in table.content_names]
    joined = pc.binary_join_element_wise(
        *texts, pc.cast(pc.is_valid(_one(rows["_removal"])), pa.string()), "\x1f"
    )
    return _whole(_one(joined).dictionary_encode().indices)


def _is_last(*columns: Numbers) -> Flags:
    """True where the next entry differs in any column, and for the last one."""
    if len(columns[0]) == 0:
        return np.empty(0, dtype=bool)
    differs = np.zeros(len(columns[0]) - 1, dtype=bool)
    for values in columns:
        differs |= values[1:] != values[:-1]
    return np.append(differs, True)


def _with(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    position = rows.schema.get_field_index(name)
    field = rows.schema.field(position)
    return rows.set_column(position, field, values.cast(field.type))


def _groups(known: Numbers) -> dict[int, Numbers]:
    """Instant → the rows that it brought; ``known`` is sorted."""
    stops = (np.flatnonzero(_is_last(known)) + 1).tolist()
    starts = [0, *stops[:-1]]
    return {
        int(known[a]): np.arange(a, b, dtype=np.int64)
        for a, b in zip(starts[: len(stops)], stops, strict=True)
    }


def _range_groups(ranges: pa.Table) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    instants = _whole(ranges["_known_from"]).tolist()
    bounds = (ranges[name].to_pylist() for name in ("first_key", "last_key"))
    for instant, first, last in zip(instants, *bounds, strict=True):
        found.setdefault(instant, []).append((first, last))
    return found


def _micros(at: datetime) -> int:
    return int(pa.scalar(at, pa.timestamp("us", tz="UTC")).cast(pa.int64()).as_py())


def _one(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _whole(values: pa.Array | pa.ChunkedArray) -> Numbers:
    return np.array(
        pc.fill_null(_one(values).cast(pa.int64()), 0).to_numpy(zero_copy_only=False), dtype=np.int64
    )


def _flags(values: pa.Array | pa.ChunkedArray) -> Flags:
    return np.array(_one(values).to_numpy(zero_copy_only=False), dtype=bool)
