"""Records as reports and checks see them: versions of the store under the present catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from pipelines.store import Store
from transforms.catalogue.model import Catalogue
from transforms.catalogue.statuses import fill_status_codes
from transforms.history.as_known import latest_versions
from transforms.history.joined import Joined, join_overdue
from transforms.schema.tables import RECORD_TABLES


def read_joined(
    store: Store,
    catalogue: Catalogue,
    known_at: datetime | None = None,
    units: Sequence[str] | None = None,
) -> Joined:
    """Versions of dossiers joined with the overdue lists, and the rows of which the join was made.

    A status label accepted since a file was read counts for its stored rows too.
    """
    versions = fill_status_codes(store.versions("dossier", known_at, units), catalogue)
    overdue = store.versions("overdue", known_at, units)
    if overdue.num_rows == 0:
        return join_overdue(versions, overdue)
    confirmed, overdue_confirmed = (store.confirmed(kind, known_at, units) for kind in ("dossier", "overdue"))
    return join_overdue(versions, overdue, None, confirmed, overdue_confirmed)


def read_versions(
    store: Store,
    kind: str,
    catalogue: Catalogue,
    known_at: datetime | None = None,
    units: Sequence[str] | None = None,
) -> pa.Table:
    """Versions of one kind as known at that instant; dossiers are joined with the overdue lists."""
    if kind == "dossier":
        return read_joined(store, catalogue, known_at, units).versions
    return store.versions(kind, known_at, units)


def read_latest(
    store: Store,
    kind: str,
    catalogue: Catalogue,
    known_at: datetime | None = None,
    units: Sequence[str] | None = None,
) -> pa.Table:
    """The version of each record that counts."""
    return latest_versions(
        read_versions(store, kind, catalogue, known_at, units), RECORD_TABLES[kind], known_at
    )
