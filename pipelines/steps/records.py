"""Records as reports and checks see them: versions of the store under the present catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from pipelines.store import Store
from transforms.catalogue.model import Catalogue
from transforms.catalogue.statuses import fill_status_codes
from transforms.history.as_known import latest_versions
from transforms.schema.tables import RECORD_TABLES


def read_versions(
    store: Store,
    kind: str,
    catalogue: Catalogue,
    known_at: datetime | None = None,
    units: Sequence[str] | None = None,
) -> pa.Table:
    """Versions of one kind; a status label accepted since a file was read counts for its stored rows too."""
    rows = store.versions(kind, known_at, units)
    return fill_status_codes(rows, catalogue) if kind == "dossier" else rows


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
