"""Biểu II.06a: dossiers counted by unit and field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import UNCLASSIFIED
from transforms.indicators.channel import STORED_UNIT
from transforms.indicators.measures import DOSSIER_MEASURES
from transforms.indicators.model import ALL_FIELDS, Reckoning
from transforms.indicators.population import PLACES, is_state
from transforms.indicators.state import State, column

Cells = dict[tuple[str, str, str], int]
Notes = dict[tuple[str, str], int]

NOTE_IDS = (
    "unknown_channel",
    "received_elsewhere",
    "unknown_procedure",
    "missing_due_date",
    "not_received",
    "registered",
    "refused",
    "excluded_field",
    "undated_state",
    "paused",
    "withdrawn",
)
"""What is told beside the form, each for every unit that has dossiers, with explicit zeros."""
LEFT_OUT = "left_out"
"""Note of the dossiers that a rulebook leaves out because their procedure is unknown; only under such a one."""


@dataclass(frozen=True, slots=True)
class DossierCount:
    """Cells (measure, unit, field) and notes (note, unit) of dossiers."""

    cells: Cells
    notes: Notes


def count_dossiers(
    population: pa.Table,
    reckoning: Reckoning,
    listed_fields: Sequence[str] = (),
    units: Sequence[str] = (),
) -> DossierCount:
    """Every measure of Biểu II.06a × unit × field, zeros written out, ``*`` being the sum over fields.

    ``population`` comes from ``build_population``. ``listed_fields`` are printed even when nothing
    arose; ``units`` delivered a list of dossiers, maybe an empty one. Every other unit has cells only
    when it has dossiers: missing is not zero.
    """
    tally: Counter[tuple[str, str, str]] = Counter()
    fields_of_unit: dict[str, set[str]] = {
        unit: set(listed_fields) for unit in (*units, *pc.unique(population["unit_code"]).to_pylist())
    }
    for row in _grouped(population):
        unit, field, number = row["unit_code"], row["field_id"], row["unit_code_count"]
        fields_of_unit[unit].add(field)
        measures = []
        if row["is_received_in_window"]:
            measures = ["received_in_window", f"received_{row['channel_group']}", "received_total"]
        elif row["is_carried_over"]:
            measures = ["carried_over", "received_total"]
        if row["placed_as"] is not None:
            resolved = row["placed_as"] in PLACES[:3]
            measures += [row["placed_as"], "resolved_total" if resolved else "pending_total"]
        for measure in measures:
            tally[measure, unit, field] += number
            tally[measure, unit, ALL_FIELDS] += number
    cells = {
        (measure.measure_id, unit, field): tally[measure.measure_id, unit, field]
        for measure in DOSSIER_MEASURES
        for unit in sorted(fields_of_unit)
        for field in (*sorted(fields_of_unit[unit]), ALL_FIELDS)
    }
    return DossierCount(cells, _notes(population, reckoning, sorted(fields_of_unit)))


def _grouped(population: pa.Table) -> list[dict[str, Any]]:
    """Numbers of counted dossiers by everything that the form tells apart: a few thousand rows at most."""
    keys = ["unit_code", "field_id", "is_received_in_window", "is_carried_over", "channel_group", "placed_as"]
    counted = population.select([*keys, "is_counted"]).filter(population["is_counted"])
    rows: list[dict[str, Any]] = counted.group_by(keys).aggregate([("unit_code", "count")]).to_pylist()
    return rows


def note_masks(population: pa.Table, reckoning: Reckoning) -> dict[str, pa.Array]:
    """Note id → True for the dossiers that it counts, for every id of ``NOTE_IDS``, and ``LEFT_OUT`` where it applies."""
    is_counted = column(population, "is_counted")
    is_received = column(population, "is_received_in_window")
    filed = pc.coalesce(column(population, "filed_date"), column(population, "received_date"))
    first, last = (pa.scalar(day, pa.date32()) for day in (reckoning.start, reckoning.closing_day))
    is_filed_by_then = pc.fill_null(pc.less_equal(filed, last), True)
    is_filed_within = pc.and_(is_filed_by_then, pc.fill_null(pc.greater_equal(filed, first), True))
    left_out = (
        {LEFT_OUT: column(population, "is_left_out")} if "is_left_out" in population.column_names else {}
    )
    return {
        **left_out,
        "unknown_channel": pc.and_(is_received, column(population, "is_channel_unknown")),
        "received_elsewhere": pc.and_(is_received, _is_received_elsewhere(population)),
        "unknown_procedure": pc.and_(is_counted, pc.equal(column(population, "field_id"), UNCLASSIFIED)),
        "missing_due_date": pc.and_(is_counted, pc.invert(pc.is_valid(column(population, "due_date")))),
        "not_received": is_state(population, State.NOT_RECEIVED),
        "registered": pc.and_(is_state(population, State.REGISTERED), is_filed_by_then),
        "refused": pc.and_(is_state(population, State.REFUSED), is_filed_within),
        "excluded_field": column(population, "is_excluded"),
        "undated_state": column(population, "is_state_undated"),
        "paused": pc.and_(is_counted, is_state(population, State.PAUSED)),
        "withdrawn": pc.and_(is_counted, is_state(population, State.WITHDRAWN)),
    }


def _is_received_elsewhere(population: pa.Table) -> pa.Array:
    """True where the export names a receiving unit other than the resolving one."""
    name = STORED_UNIT if STORED_UNIT in population.column_names else "unit_code"
    is_other = pc.not_equal(column(population, "receiving_unit_code"), column(population, name))
    return pc.fill_null(is_other, False)


def _notes(population: pa.Table, reckoning: Reckoning, units: Sequence[str]) -> Notes:
    masks = note_masks(population, reckoning)
    notes: Notes = {}
    for note_id, mask in masks.items():
        found = pc.value_counts(column(population, "unit_code").filter(mask)).to_pylist()
        numbers = {entry["values"]: entry["counts"] for entry in found}
        notes.update({(note_id, unit): numbers.get(unit, 0) for unit in units})
    return notes
