"""Which stored rows count once deliveries were taken back, and what the others must then be seen to have said.

A version is stored only when it says something new. So a record that a wrong file brought first, and that
later files merely repeated, stands in the store under the wrong file alone; what the others said of it lies in
their ranges of confirmed keys. Taking the file back therefore needs two things: its own rows stop counting, and
what other files said of the same records is written down beside.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.replay import Replay, Spoken
from transforms.schema.keys import key_texts
from transforms.schema.model import Table


@dataclass(frozen=True, slots=True)
class Commit:
    """An accepted delivery: when it became known, and the export that it is."""

    known_from: datetime
    delivery_id: str
    file: str
    exported_at: datetime
    is_correction: bool = False
    """True for versions that corrections laid over what was stored, not said by a file."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """From ``known_from`` on the commits of the instants ``out`` do not count."""

    known_from: datetime
    out: frozenset[datetime]


@dataclass(frozen=True, slots=True)
class Restated:
    """``rows``: versions to append with the verdict's instant, ``_known_from`` null; ``out``: what must not count."""

    rows: pa.Table
    out: frozenset[datetime]


def counting_rows(rows: pa.Table, commits: pa.Table, verdict: Verdict | None = None) -> pa.Table:
    """The rows that count: those of accepted commits, under the newest verdict where there is one.

    ``rows`` carry ``_known_from`` and ``_delivery_id``; ``commits``: ``known_from`` and ``delivery_id`` of the
    accepted deliveries. The instant names the commit, not only the file: a run that died after appending rows
    of a file and the run that later took the same file have different instants. Under a verdict the rows of
    the commits that are out do not count, and neither do older rows that a commit wrote on behalf of another
    delivery (stored rows restated beside an older export): the verdict's own rows say what is left of them.
    """
    instants = commits["known_from"].combine_chunks()
    at = pc.index_in(rows["_known_from"], value_set=instants)
    is_committed = pc.is_valid(at)
    if verdict is None:
        # Hardly ever does a run die between its rows and its commit, so mostly nothing has to be copied.
        return rows if at.null_count == 0 else rows.filter(is_committed)
    instant = pa.scalar(verdict.known_from, instants.type)
    is_out = pc.is_in(rows["_known_from"], value_set=pa.array(sorted(verdict.out), instants.type))
    is_own = pc.fill_null(
        pc.equal(commits["delivery_id"].combine_chunks().take(at), rows["_delivery_id"]), False
    )
    is_later = pc.greater(rows["_known_from"], instant)
    stands = pc.and_(is_committed, pc.and_(pc.invert(is_out), pc.or_(is_own, is_later)))
    return rows.filter(pc.or_(stands, pc.equal(rows["_known_from"], instant)))


def restate(
    rows: pa.Table,
    ranges: pa.Table,
    commits: Sequence[Commit],
    verdicts: Sequence[Verdict],
    table: Table,
    judged: Set[datetime],
    out: Set[datetime],
) -> Restated:
    """What has to be written with a new verdict so that the store answers as if the commits ``out`` had never been.

    ``rows``: all rows of ``table`` ever appended; ``ranges``: those of ``CONFIRMED`` about the same kind;
    ``commits``: every accepted delivery; ``verdicts``: earlier ones, oldest first; ``judged``: commits that
    were ever taken back, also those that count again.

    The deliveries are replayed in the order in which they came. What one said of a record is its own row, or,
    where its range names the record, what the store knew of it then. It is compared with what the remaining
    ones had said by then, by the rules of ``transforms.canonical.compare``; where that makes it news and no row
    says so, one is written. Rows of corrections go out with the record that they mended, and follow it where it
    moves to another export. A row that only its export is known of has ``_row`` 0 and no sheet.
    """
    ordered = sorted(commits, key=lambda commit: commit.known_from)
    instants = [commit.known_from for commit in ordered] + [verdict.known_from for verdict in verdicts]
    column = rows.schema.field("_known_from").type
    rows = rows.filter(pc.is_in(rows["_known_from"], value_set=pa.array(instants, column)))
    is_own = _is_own(rows, ordered)
    keys = key_texts(rows, table)
    touched = _touched(rows, keys, is_own, ordered, verdicts, judged, ranges)
    if len(touched) == 0:
        return Restated(table.empty(), frozenset(out))
    at = pc.index_in(keys, value_set=touched)
    kept = pc.is_valid(at)
    replay = Replay(rows.filter(kept), at.filter(kept), is_own.filter(kept), touched, ranges, table)
    for verdict in verdicts:
        replay.add_verdict(verdict.known_from, verdict.out)
    for commit in ordered:
        replay.add_commit(
            commit.known_from,
            commit.exported_at,
            commit.is_correction,
            is_standing=commit.known_from not in out,
        )
    spoken, more_out = replay.run()
    return Restated(_as_said(spoken, ordered, table), frozenset(out) | more_out)


def _is_own(rows: pa.Table, commits: Sequence[Commit]) -> pa.Array:
    """True where a row is of the very delivery whose commit wrote it."""
    column = rows.schema.field("_known_from").type
    at = pc.index_in(rows["_known_from"], value_set=pa.array([c.known_from for c in commits], column))
    named = pa.array([c.delivery_id for c in commits], pa.string()).take(at.combine_chunks())
    return pc.fill_null(pc.equal(named, rows["_delivery_id"].combine_chunks()), False)


def _touched(
    rows: pa.Table,
    keys: pa.Array,
    is_own: pa.Array,
    commits: Sequence[Commit],
    verdicts: Sequence[Verdict],
    judged: Set[datetime],
    ranges: pa.Table,
) -> pa.Array:
    """Sorted keys of the records about which a verdict may change anything."""
    known = rows["_known_from"].combine_chunks()

    def is_at(instants: Sequence[datetime]) -> pa.Array:
        return pc.is_in(known, value_set=pa.array(instants, known.type))

    of_verdict = is_at([verdict.known_from for verdict in verdicts])
    is_derived = pc.and_(pc.invert(is_own), pc.invert(of_verdict))
    touched = pc.unique(keys.filter(pc.or_(is_at(sorted(judged)), is_derived)))
    of_judged = ranges.filter(
        pc.is_in(ranges["_known_from"], value_set=pa.array(sorted(judged), ranges["_known_from"].type))
    )
    touched = pc.unique(pa.concat_arrays([touched, _inside(of_judged, keys)]))
    is_correction = is_at([commit.known_from for commit in commits if commit.is_correction])
    while True:
        # A correction's delivery counts as a whole or not at all, so all its records are looked at.
        hit = known.filter(pc.and_(is_correction, pc.is_in(keys, value_set=touched)))
        more = keys.filter(pc.is_in(known, value_set=pc.unique(hit)))
        wider = pc.unique(pa.concat_arrays([touched, more]))
        if len(wider) == len(touched):
            return touched.take(pc.sort_indices(touched))
        touched = wider


def _inside(ranges: pa.Table, keys: pa.Array) -> pa.Array:
    """The keys that lie in any of the ranges."""
    every = pc.unique(keys)
    every = every.take(pc.sort_indices(every))
    ordered = every.to_pylist()
    slices = [
        every.slice(start := bisect_left(ordered, first), bisect_right(ordered, last) - start)
        for first, last in zip(ranges["first_key"].to_pylist(), ranges["last_key"].to_pylist(), strict=True)
    ]
    return pa.concat_arrays([every.slice(0, 0), *slices])


def _as_said(spoken: Spoken, commits: Sequence[Commit], table: Table) -> pa.Table:
    """The versions under the names of those who said them; the place is kept where it is a row of their own."""
    rows = spoken.rows
    said_by = pc.index_in(
        spoken.said_by, value_set=pa.array([c.known_from for c in commits], spoken.said_by.type)
    )
    delivery_ids = pa.array([c.delivery_id for c in commits], pa.string()).take(said_by)
    files = pa.array([c.file for c in commits], pa.string()).take(said_by)
    is_own = pc.equal(delivery_ids, rows["_delivery_id"].combine_chunks())
    columns = {
        **{name: rows[name] for name in table.names},
        "_delivery_id": delivery_ids,
        "_file": pc.if_else(is_own, rows["_file"].combine_chunks(), files),
        "_sheet": pc.if_else(is_own, rows["_sheet"].combine_chunks(), pa.scalar(None, pa.string())),
        "_row": pc.if_else(is_own, rows["_row"].combine_chunks(), 0),
        "_exported_at": spoken.exported_at,
        "_known_from": pa.nulls(rows.num_rows, rows.schema.field("_known_from").type),
    }
    return pa.table([columns[name] for name in table.names], schema=table.arrow_schema())
