"""Distinct counts: what several units or fields have in common is counted once, so they are always counted anew."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.measure import ALL_FIELDS, MeasureError, MeasureType
from transforms.indicators.measures import MEASURES
from transforms.indicators.model import IndicatorTable
from transforms.indicators.population import rows_of_measure
from transforms.indicators.state import column


def count_distinct(
    table: IndicatorTable, measure_id: str, units: Sequence[str], facet: str = ALL_FIELDS
) -> int | None:
    """How many different values the units have together; None when none of them has dossier data.

    Rows that tell none of the measure's columns are not counted: what they are is not known. MeasureError
    for a measure of another type.
    """
    measure = MEASURES[measure_id]
    if measure.type is not MeasureType.DISTINCT:
        raise MeasureError(f"{measure_id}: a {measure.type} measure is no distinct count")
    if table.value(measure.among, tuple(units)) is None:
        return None
    population = table.population
    own = pc.is_in(column(population, "unit_code"), value_set=pa.array(list(units), pa.string()))
    wanted = pc.and_(rows_of_measure(population, measure.among), own)
    if facet != ALL_FIELDS:
        wanted = pc.and_(wanted, pc.equal(column(population, "field_id"), facet))
    values = pc.coalesce(*(column(population, name) for name in measure.counted_columns)).filter(wanted)
    return len(pc.unique(values.drop_null()))
