"""Random histories of dossiers, for laws that hold whatever the offices sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from hypothesis import strategies as st

from transforms.schema.tables import DOSSIER

FIRST_DAY = date(2021, 1, 1)
SPAN = 40
"""Days from which all dates are drawn: few, so that bounds are hit."""


@dataclass(frozen=True)
class Version:
    """One exported row of one dossier."""

    number: int
    status: int | None
    received: date | None
    due: date | None
    resolved: date | None
    returned: date | None
    exported: date


days = st.integers(0, SPAN - 1).map(lambda offset: FIRST_DAY + timedelta(days=offset))
maybe_days = st.none() | days
versions = st.builds(
    Version,
    number=st.integers(0, 5),
    status=st.sampled_from([None, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    # A missing day of reception is rare: canonicalisation sets such rows apart.
    received=st.one_of(days, days, days, days, st.none()),
    due=maybe_days,
    resolved=maybe_days,
    returned=maybe_days,
    exported=days,
)
histories = st.lists(versions, min_size=1, max_size=12)


def table_of(history: list[Version]) -> pa.Table:
    """The versions in the schema of the store; each delivery is known a second after the one before."""
    columns: dict[str, list[object]] = {
        "unit_code": ["16204" if version.number < 4 else "16174" for version in history],
        "dossier_code": [f"HS-{version.number}" for version in history],
        "field_name": [("Hộ tịch", "Chứng thực", None)[version.number % 3] for version in history],
        "status_code": [version.status for version in history],
        "channel_code": [(1, 2, None)[version.number % 3] for version in history],
        "received_date": [version.received for version in history],
        "due_date": [version.due for version in history],
        "resolved_date": [version.resolved for version in history],
        "returned_date": [version.returned for version in history],
        "_row": list(range(len(history))),
        "_exported_at": [
            datetime(version.exported.year, version.exported.month, version.exported.day)  # noqa: DTZ001
            for version in history
        ],
        "_known_from": [
            datetime(2021, 6, 1, tzinfo=UTC) + timedelta(seconds=number) for number in range(len(history))
        ],
    }
    empty: list[object] = [None] * len(history)
    arrays = [pa.array(columns.get(column.name, empty), column.type) for column in DOSSIER.columns]
    return pa.Table.from_arrays(arrays, schema=DOSSIER.arrow_schema())
