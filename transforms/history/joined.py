"""Dossiers of the lists joined with the software's own overdue list, when they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.as_known import latest_versions
from transforms.history.confirmed import last_exported
from transforms.history.order import order_versions
from transforms.schema.keys import key_texts
from transforms.schema.tables import CONFIRMED, DOSSIER, OVERDUE

JOINED_COLUMNS = ("received_date", "due_date", "resolved_date")
"""Columns that both a list and an overdue list tell."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Versions of dossiers as reports and checks see them, and what the join was made of."""

    versions: pa.Table
    """Schema of ``DOSSIER``: the lists' versions with the dates of the latest one joined, then one row for
    each dossier that only an overdue list knows."""
    listed: pa.Table
    """The latest version of each dossier that both know, as the list states it; beside ``overdue``."""
    overdue: pa.Table
    only: pa.Table
    """Lines of overdue lists about dossiers that no list knows."""


def join_overdue(
    versions: pa.Table,
    overdue: pa.Table,
    known_at: datetime | None = None,
    confirmed: pa.Table | None = None,
    overdue_confirmed: pa.Table | None = None,
) -> Joined:
    """The dossiers with what the overdue lists say about their dates, as known at ``known_at``.

    Per column of ``JOINED_COLUMNS`` the source exported later wins and the other fills only what is
    empty; of two exported at the same time the list wins. Status, procedure and everything else stay the
    list's. A dossier that only an overdue list knows becomes a row with its three dates and nothing else:
    its state on any day, also before the list was exported, follows from the dates. A record that a
    decision took out of the lists is not brought back by an overdue list.

    ``versions`` (``DOSSIER``) and ``overdue`` (``OVERDUE``) are versions of committed deliveries;
    ``confirmed`` and ``overdue_confirmed``: the ranges of ``CONFIRMED`` of either kind, so that a record that
    a newer export repeated unchanged counts as exported then. No stored row is changed. A million
    dossiers cost one search for the overdue codes among theirs.
    """
    if known_at is not None:
        versions, overdue = (
            rows.filter(pc.less_equal(rows["_known_from"], pa.scalar(known_at)))
            for rows in (versions, overdue)
        )
    lines = latest_versions(overdue, OVERDUE)
    if lines.num_rows == 0:
        return Joined(versions, versions.slice(0, 0), lines, lines)
    confirmed = CONFIRMED.empty() if confirmed is None else confirmed
    overdue_confirmed = CONFIRMED.empty() if overdue_confirmed is None else overdue_confirmed
    named = pc.is_in(versions["dossier_code"], value_set=lines["dossier_code"].combine_chunks())
    positions = pc.indices_nonzero(named)
    candidates = versions.take(positions)
    listed, at = _latest_standing(candidates, positions)
    keys = key_texts(lines, OVERDUE)
    only = lines.filter(pc.invert(pc.is_in(keys, value_set=key_texts(candidates, DOSSIER))))

    # Beside each other in the order of ``versions``, as the replacement below wants them.
    order = pc.sort_indices(at)
    listed, at = listed.take(order), at.take(order)
    beside = pc.index_in(key_texts(listed, DOSSIER), value_set=keys)
    is_both = pc.is_valid(beside)
    listed, at, beside = listed.filter(is_both), at.filter(is_both), beside.filter(is_both)
    matched = lines.take(beside)
    is_newer = pc.greater(
        last_exported(matched, OVERDUE, overdue_confirmed),
        last_exported(listed, DOSSIER, confirmed),
    )
    joined = versions
    for name in JOINED_COLUMNS:
        joined = _with_dates(joined, name, at, listed[name], matched[name], is_newer)
    return Joined(pa.concat_tables([joined, _as_dossiers(only)]), listed, matched, only)


def _latest_standing(candidates: pa.Table, positions: pa.Array) -> tuple[pa.Table, pa.Array]:
    """The latest version of each candidate that no decision took out, and its position in all versions."""
    order = order_versions(candidates, DOSSIER.key)  # leaves out what was removed
    rows = order.rows.take(order.ends)
    return candidates.take(rows), positions.take(rows)


def _with_dates(
    versions: pa.Table,
    name: str,
    at: pa.Array,
    listed: pa.ChunkedArray,
    overdue: pa.ChunkedArray,
    is_newer: pa.Array,
) -> pa.Table:
    dates = pc.if_else(is_newer, pc.coalesce(overdue, listed), pc.coalesce(listed, overdue))
    mask = np.zeros(versions.num_rows, dtype=bool)
    mask[at.to_numpy()] = True
    dates = dates.combine_chunks() if isinstance(dates, pa.ChunkedArray) else dates
    column = pc.replace_with_mask(versions[name].combine_chunks(), pa.array(mask), dates)
    return versions.set_column(versions.schema.get_field_index(name), versions.schema.field(name), column)


def _as_dossiers(lines: pa.Table) -> pa.Table:
    """Lines of overdue lists in the schema of dossiers; what they do not tell is empty."""
    columns = [
        lines[column.name] if column.name in lines.column_names else pa.nulls(lines.num_rows, column.type)
        for column in DOSSIER.columns
    ]
    return pa.table(columns, schema=DOSSIER.arrow_schema())
