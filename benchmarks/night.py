"""The parts of a night that the rows time, called as the flow calls them but without the engine."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pyarrow.compute as pc

from expectations.params import build_rule_params
from expectations.registry import rules_of
from expectations.runner import failing_rows, prepare_table
from pipelines.catalogue_files import packaged_files
from pipelines.inbox import InboxFile
from pipelines.steps.commit import commit_deliveries
from pipelines.steps.model import ReadDelivery
from pipelines.steps.read import SPOOLED, read_delivery, read_spool
from pipelines.steps.records import read_latest
from pipelines.steps.report import PeriodData, count_period, read_known, reckoning_of
from pipelines.store import Store
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.indicators.model import Reckoning
from transforms.readers.limits import DEFAULT_LIMITS
from transforms.schema.tables import DOSSIER

ARRIVED = datetime.fromisoformat("2021-09-06")
AS_OF = date(2021, 9, 5)
PERIOD = "2021-9T"
_SIDE_BY_SIDE = 2
_ROWS_AT_ONCE = 700_000


def packaged_catalogue() -> Catalogue:
    """The product's own reference data."""
    return load_catalogue(packaged_files())


def spool_file(path: Path, unit: str, catalogue: Catalogue, spool: Path) -> ReadDelivery:
    """One file read, recognised, typed and spooled; RuntimeError where it was refused."""
    file = InboxFile(unit, path)
    spool.mkdir(parents=True, exist_ok=True)
    read = read_delivery(file, "0" * 16, file.sha256(DEFAULT_LIMITS), catalogue, ARRIVED, spool)
    if read.spool is None:
        raise RuntimeError(f"refused: {read.refusal_code}")
    return read


def spooled_rows(read: ReadDelivery) -> int:
    """Data rows of the file, those set apart included."""
    if read.spool is None:
        return 0
    return sum(int(read_spool(read.spool, name).num_rows) for name in SPOOLED)


def commit(read: ReadDelivery, store: Store) -> None:
    """The file's rows in the store."""
    commit_deliveries(store, [read], ARRIVED.astimezone())


def check(store: Store, catalogue: Catalogue) -> int:
    """Rows that break a rule, each once per rule, over all dossiers; every rule, failing rows complete."""
    params = build_rule_params(catalogue, AS_OF)
    rows = read_latest(store, "dossier", catalogue)
    masks = failing_rows(prepare_table("dossier", rows, params), rules_of("dossier", params))
    return sum(mask.true_count for mask in masks.values())


def count(store: Store, catalogue: Catalogue, units: list[str]) -> PeriodData:
    """The figures of the nine months for those units."""
    reckoning = reckoning_of(PERIOD, "nd09", catalogue, AS_OF)
    return count_period(read_known(store, catalogue, units), catalogue, reckoning)


def count_dossiers(
    store: Store, catalogue: Catalogue, reckoning: Reckoning, known_at: datetime
) -> dict[tuple[str, str, str], int]:
    """Biểu II.06a of every unit of the store as known then: measure × unit × field, zeros left out.

    A record belongs to one unit for good, so groups of units are counted on their own, two side by side,
    and the store may be as large as it likes.
    """

    def count_group(units: list[str]) -> dict[tuple[str, str, str], int]:
        data = count_period(read_known(store, catalogue, units, known_at), catalogue, reckoning)
        return {cell: number for cell, number in data.table.cells.items() if number}

    cells: dict[tuple[str, str, str], int] = {}
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for found in pool.map(count_group, _groups(store)):
            for cell, number in found.items():
                cells[cell] = cells.get(cell, 0) + number
    return cells


def _groups(store: Store) -> list[list[str]]:
    """The units of the store, neighbours together as they lie, in groups of about so many versions."""
    counted = pc.value_counts(store.read(DOSSIER, columns=["unit_code"])["unit_code"]).to_pylist()
    total = sum(each["counts"] for each in counted)
    count = max(_SIDE_BY_SIDE, math.ceil(total / _ROWS_AT_ONCE))
    groups: list[list[str]] = [[] for _ in range(count)]
    before = 0
    for unit, size in sorted((each["values"], each["counts"]) for each in counted):
        groups[before * count // total].append(unit)
        before += size
    return [group for group in groups if group]
