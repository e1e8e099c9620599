"""Random histories of units: renamed under the same code, merged, divided, moved from districts to the province."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from hypothesis import strategies as st

from tests.unit.indicators.small_catalogue import CATALOGUE
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.model import Catalogue, Unit
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.units import check_units
from transforms.schema.tables import DOSSIER

FIRST_DAY = date(2025, 1, 1)
SPAN = 60
PROVINCE = Unit("38", "Tỉnh Mẫu", "tỉnh", "tinh", "", date(1900, 1, 1), None, "")
_CODES = [f"1600{number}" for number in range(6)]
_NEW_CODES = [f"1700{number}" for number in range(9)]


def day_of(offset: int) -> date:
    """The day that many days after the first."""
    return FIRST_DAY + timedelta(days=offset)


@dataclass(frozen=True)
class Reform:
    """One decision on units, in force from a day."""

    offset: int
    kind: str
    """rename, merge, divide, end (without a successor) or move (all districts end)."""
    pick: int
    count: int


reforms = st.lists(
    st.builds(
        Reform,
        offset=st.integers(1, SPAN - 1),
        kind=st.sampled_from(["rename", "merge", "merge", "divide", "end", "move"]),
        pick=st.integers(0, 20),
        count=st.integers(2, 3),
    ),
    max_size=5,
    unique_by=lambda reform: reform.offset,
).map(lambda found: sorted(found, key=lambda reform: reform.offset))


def catalogue_of(history: list[Reform]) -> Catalogue:
    """A province of two districts and six communes that went through those reforms; it holds all the checks."""
    districts = [
        Unit(code, f"Huyện {code}", "huyện", "huyen", "38", date(1900, 1, 1), None, "")
        for code in ("401", "402")
    ]
    living = {
        code: Unit(code, f"Xã {code}", "xã", "xa", districts[index % 2].code, date(1900, 1, 1), None, "")
        for index, code in enumerate(_CODES)
    }
    gone: list[Unit] = []
    fresh = iter(_NEW_CODES)
    for number, reform in enumerate(history):
        start, end = day_of(reform.offset), day_of(reform.offset - 1)
        codes = sorted(living)
        picked = [codes[(reform.pick + step) % len(codes)] for step in range(min(reform.count, len(codes)))]
        first = living[picked[0]]
        # Successors carry over the picked unit's parent unless the districts end.
        if reform.kind == "move":
            for code in codes:
                gone.append(replace(living[code], valid_to=end, successor_code=code))
                living[code] = replace(
                    living[code], name=f"Xã {code} mới {number}", parent_code="38", valid_from=start
                )
            districts = [d if d.valid_to else replace(d, valid_to=end) for d in districts]
        elif reform.kind == "rename":
            gone.append(replace(first, valid_to=end, successor_code=first.code))
            living[first.code] = replace(first, name=f"Xã {first.code} tên {number}", valid_from=start)
        elif reform.kind == "merge" and len(picked) > 1:
            heir = picked[-1] if reform.pick % 2 else next(fresh)
            for code in dict.fromkeys(picked):
                gone.append(replace(living.pop(code), valid_to=end, successor_code=heir))
            living[heir] = replace(
                first, code=heir, name=f"Xã {heir} gộp {number}", valid_from=start, valid_to=None
            )
        elif reform.kind == "divide":
            heirs = [first.code, next(fresh)]
            gone.append(replace(living.pop(first.code), valid_to=end, successor_code=";".join(heirs)))
            for heir in heirs:
                living[heir] = replace(first, code=heir, name=f"Xã {heir} chia {number}", valid_from=start)
        elif reform.kind == "end" and len(living) > 1:
            gone.append(replace(living.pop(first.code), valid_to=end))
    units = (PROVINCE, *districts, *gone, *living.values())
    problems = Problems()
    check_units([Entry(unit, unit.full_name) for unit in units], problems)
    try:
        problems.raise_if_any()
    except CatalogueError as error:  # the history itself would be wrong
        raise AssertionError(error) from error
    return replace(CATALOGUE, units=units)


@dataclass(frozen=True)
class Row:
    """One dossier as exported once."""

    code: str
    received: int
    resolved: int | None
    status: int
    receiving: str | None


rows = st.lists(
    st.builds(
        Row,
        code=st.sampled_from([*_CODES, *_NEW_CODES[:4], "99999"]),
        received=st.integers(-5, SPAN),
        resolved=st.none() | st.integers(-5, SPAN),
        status=st.sampled_from([2, 4, 5, 7, 8, 9, 10]),
        receiving=st.none() | st.sampled_from(_CODES),
    ),
    min_size=1,
    max_size=12,
)


def dossiers_of(exported: list[Row]) -> pa.Table:
    """The rows in the schema of the store, one version each, exported on the last day."""
    columns: dict[str, list[object]] = {
        "unit_code": [row.code for row in exported],
        "receiving_unit_code": [row.receiving for row in exported],
        "dossier_code": [f"HS-{number}" for number in range(len(exported))],
        "field_name": ["Hộ tịch" if number % 2 else None for number in range(len(exported))],
        "procedure_code": [("1.001193", "2.000815", None)[number % 3] for number in range(len(exported))],
        "status_code": [row.status for row in exported],
        "channel_code": [1 + number % 2 for number in range(len(exported))],
        "received_date": [day_of(row.received) for row in exported],
        "due_date": [day_of(row.received + 3) for row in exported],
        "resolved_date": [
            None if row.resolved is None else max(day_of(row.resolved), day_of(row.received))
            for row in exported
        ],
        "_row": list(range(1, len(exported) + 1)),
        "_exported_at": [datetime(2025, 3, 2)] * len(exported),  # noqa: DTZ001
        "_known_from": [datetime(2025, 6, 1, tzinfo=UTC)] * len(exported),
    }
    empty: list[object] = [None] * len(exported)
    arrays = [pa.array(columns.get(column.name, empty), column.type) for column in DOSSIER.columns]
    return pa.Table.from_arrays(arrays, schema=DOSSIER.arrow_schema())
