"""What was known of each record at an instant: its latest version and the statuses it was shown with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.order import VersionOrder, differs_from_previous, order_versions
from transforms.schema.model import Table
from transforms.schema.tables import DOSSIER


@dataclass(frozen=True, slots=True)
class KnownDossiers:
    """The dossiers known at one instant, one row each, in key order.

    ``latest`` has the schema of the versions; ``status_since`` (date32) and ``statuses_on`` run beside
    it row by row, so that nothing has to be joined.
    """

    latest: pa.Table
    status_since: pa.Array
    """First export day of the current unbroken run of the latest status."""
    _order: VersionOrder

    def statuses_on(self, day: date) -> pa.Array:
        """The status shown by the newest export whose day is on or before ``day``; null when none is."""
        return _statuses_on(self._order, day)

    def times_shown(self, status: int, day: date) -> pa.Array:
        """How many separate unbroken runs of ``status`` exports up to ``day`` showed, int64, never null."""
        return _times_shown(self._order, status, day)


def known_dossiers(versions: pa.Table, known_at: datetime | None = None) -> KnownDossiers:
    """The dossiers as known at ``known_at``, as known now when it is None; removed ones are left out.

    ``versions`` has the schema of ``DOSSIER`` and holds only rows of committed deliveries.
    """
    order = order_versions(versions, DOSSIER.key, known_at)
    return KnownDossiers(order.latest(), _status_since(order), order)


def latest_versions(
    versions: pa.Table, table: Table, known_at: datetime | None = None, *, with_removed: bool = False
) -> pa.Table:
    """One row per key, sorted by key: the version that counts (DESIGN.md section 3, latest version).

    It is the one with the highest (``_exported_at``, ``_known_from``, ``_row``) among those with
    ``_known_from`` on or before ``known_at``. ``versions`` holds only rows of committed deliveries. A
    record whose winning version carries ``_removal`` does not count; ``with_removed`` shows it.
    """
    return order_versions(versions, table.key, known_at, with_removed=with_removed).latest()


def statuses_on(versions: pa.Table, day: date, known_at: datetime | None = None) -> pa.Table:
    """Per dossier (key columns) the ``status_code`` shown on ``day``, null when no export reaches back.

    One row for every dossier known at ``known_at``, sorted by key, beside ``latest_versions``.
    """
    order = order_versions(versions, DOSSIER.key, known_at)
    return _beside_key(order, "status_code", _statuses_on(order, day))


def status_since(versions: pa.Table, known_at: datetime | None = None) -> pa.Table:
    """Per dossier (key columns) ``status_since``: the first export day that showed today's status.

    Only the unbroken run of the latest status counts: a dossier that was paused, went on and is paused
    again is paused since the second time.
    """
    order = order_versions(versions, DOSSIER.key, known_at)
    return _beside_key(order, "status_since", _status_since(order))


def _beside_key(order: VersionOrder, name: str, values: pa.Array) -> pa.Table:
    return order.latest().select(list(DOSSIER.key)).append_column(name, values)


def _statuses_on(order: VersionOrder, day: date) -> pa.Array:
    # Export times ascend within a key, so the versions shown by then are the first ones of each key.
    shown = pc.cast(pc.less_equal(_export_days(order), pa.scalar(day, pa.date32())), pa.int64())
    shown = pc.fill_null(shown, 1)
    running = pc.cumulative_sum(shown)
    before_key = pc.subtract(running.take(order.starts), shown.take(order.starts))
    shown_count = pc.subtract(running.take(order.ends), before_key)
    newest = pc.subtract(pc.add(order.starts, shown_count), 1)
    newest = pc.if_else(pc.greater(shown_count, 0), newest, pa.scalar(None, pa.int64()))
    return order.ordered("status_code").take(newest)


def _status_since(order: VersionOrder) -> pa.Array:
    days = _export_days(order)
    if len(order.starts) == len(days):
        return days  # one version each, or none at all
    has_several = pc.not_equal(order.starts, order.ends)
    positions, key_number = _positions_of(order, has_several)
    exported, status = (
        order.versions[name].combine_chunks().take(order.rows.take(positions))
        for name in ("_exported_at", "status_code")
    )
    # A later correction of the same export replaces what it showed; it must not break a run.
    standing = _is_last_of_run([key_number, exported])
    positions, key_number, status = (each.filter(standing) for each in (positions, key_number, status))
    is_start = differs_from_previous([key_number, status])
    run_start = pc.cumulative_max(pc.if_else(is_start, pa.array(np.arange(len(positions))), 0))
    at_end = run_start.filter(_is_last_of_run([key_number]))
    # What has one version shows its status since that one.
    since = pc.replace_with_mask(order.starts, has_several, positions.take(at_end))
    return days.take(since)


def _positions_of(order: VersionOrder, keys: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Positions in the order of all versions of the keys of the mask, and for each the number of its key."""
    starts, ends = (each.filter(keys).to_numpy() for each in (order.starts, order.ends))
    counts = ends - starts + 1
    number = np.repeat(np.arange(len(counts)), counts)
    before = np.concatenate([[0], np.cumsum(counts)[:-1]])
    positions = np.arange(len(number)) - before[number] + starts[number]
    return pa.array(positions), pa.array(number)


def _times_shown(order: VersionOrder, status: int, day: date) -> pa.Array:
    days = _export_days(order)
    if len(days) == 0:
        return pa.array([], pa.int64())
    _, key_number = _positions_of(order, pa.repeat(pa.scalar(True), len(order.starts)))
    standing = _is_last_of_run([key_number, order.ordered("_exported_at")])
    key_number, shown = key_number.filter(standing), order.ordered("status_code").filter(standing)
    is_start = differs_from_previous([key_number, shown])
    is_asked = pc.and_(
        pc.fill_null(pc.equal(shown, pa.scalar(status, shown.type)), False),
        pc.fill_null(pc.less_equal(days.filter(standing), pa.scalar(day, pa.date32())), True),
    )
    counted = pc.value_counts(key_number.filter(pc.and_(is_start, is_asked)))
    keys = pa.array(np.arange(len(order.starts)))
    found = pc.index_in(keys, value_set=counted.field("values"))
    return pc.fill_null(counted.field("counts").take(found), 0)


def _is_last_of_run(columns: list[pa.Array]) -> pa.Array:
    """True where the next row differs in any of the columns, and for the last row."""
    return pa.concat_arrays([differs_from_previous(columns).slice(1), pa.array([True])])


def _export_days(order: VersionOrder) -> pa.Array:
    return pc.cast(order.ordered("_exported_at"), pa.date32())
