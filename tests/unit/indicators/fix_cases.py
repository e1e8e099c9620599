"""Applying the mendings of a fix-list to the records they are about, and counting anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa

from transforms.catalogue.model import Catalogue
from transforms.history.as_known import known_dossiers
from transforms.indicators.build import build_indicators
from transforms.indicators.effect import CellKey, Counting, Effect, cells_of
from transforms.indicators.fix_list import FixList, build_fix_lists
from transforms.indicators.fix_rules import Mending, find_mendings
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

_LATER = datetime(2030, 1, 1, tzinfo=UTC)


def count(versions: pa.Table, reckoning: Reckoning, catalogue: Catalogue) -> IndicatorTable:
    """The indicators of versions of dossiers, without receipts and documents."""
    history = known_dossiers(versions)
    return build_indicators(history, FEE.empty(), DOCUMENT.empty(), reckoning, catalogue)


def fix_lists_of(
    versions: pa.Table, reckoning: Reckoning, catalogue: Catalogue
) -> tuple[IndicatorTable, tuple[Mending, ...], dict[str, FixList]]:
    """The count, every mending, and the complete fix-list of each unit."""
    history = known_dossiers(versions)
    table = count(versions, reckoning, catalogue)
    mendings = find_mendings(table.population, history.latest, history.status_since, reckoning, catalogue)
    lists = build_fix_lists(table, Counting(history, FEE.empty(), reckoning, catalogue), shown=10_000)
    return table, mendings, lists


def apply(versions: pa.Table, mending: Mending, rows: Sequence[int], as_of: date) -> pa.Table:
    """The versions with an export of the working day (of a later day where one is known) that shows these rows mended."""
    mended = mending.after.take(pa.array(rows, pa.int64())).to_pylist()
    for number, row in enumerate(mended):
        day = max(as_of, row["_exported_at"].date())
        row["_exported_at"] = datetime.combine(day, time(23, 59))
        row["_known_from"] = _LATER + timedelta(seconds=number)
    return pa.concat_tables([versions, pa.Table.from_pylist(mended, schema=DOSSIER.arrow_schema())])


def of_unit(table: IndicatorTable, unit: str) -> dict[CellKey, int]:
    """The unit's cells and notes that are not 0."""
    return {key: value for key, value in cells_of(table).items() if key[1] == unit and value}


def promised(table: IndicatorTable, unit: str, effect: Effect) -> dict[CellKey, int]:
    """The unit's cells and notes that are not 0, as the effect says they will read."""
    cells = of_unit(table, unit)
    for change in effect.cells:
        assert cells.get((change.measure_id, unit, change.facet), 0) == change.before
        cells[change.measure_id, unit, change.facet] = change.after
    return {key: value for key, value in cells.items() if value}
