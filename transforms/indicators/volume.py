"""Biểu II.06a: dossiers counted by unit and field, and the identities that must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import UNCLASSIFIED
from transforms.findings import Finding
from transforms.indicators.measures import DOSSIER_MEASURES, MEASURES
from transforms.indicators.model import ALL_FIELDS, IndicatorTable, Reckoning
from transforms.indicators.population import PLACES, is_state
from transforms.indicators.state import State, column

Cells = dict[tuple[str, str, str], int]
Notes = dict[tuple[str, str], int]

NOTE_IDS = (
    "unknown_channel",
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
        measures = ["carried_over"]
        if row["is_received_in_window"]:
            measures = ["received_in_window", f"received_{row['channel_group']}"]
        resolved = row["placed_as"] in PLACES[:3]
        measures += ["received_total", row["placed_as"], "resolved_total" if resolved else "pending_total"]
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


def check_identities(table: IndicatorTable) -> tuple[Finding, ...]:
    """A critical finding per unit, field and identity of the form that does not hold; normally none.

    Identities: 3 = 4 + 5 + 6, 7 = 8 + 9 + 10, 11 = 12 + 13, 3 = 7 + 11, and for every measure the sum
    over fields equals the total (TT 01/2020/TT-VPCP, Biểu II.06a; DOMAIN.md 2.2).
    """
    identities = [(m.measure_id, m.parts) for m in DOSSIER_MEASURES if m.parts]
    identities.append(("received_total", ("resolved_total", "pending_total")))
    broken: list[Finding] = []
    for unit in table.units("received_total"):
        fields = table.facets("received_total", (unit,))
        for field in (*fields, ALL_FIELDS):
            for total, parts in identities:
                addends = [table.value(part, (unit,), field) for part in parts]
                broken += _broken(table, unit, field, total, _numbered(parts), addends)
        for measure in DOSSIER_MEASURES:
            addends = [table.value(measure.measure_id, (unit,), field) for field in fields]
            words = "tổng các lĩnh vực"
            broken += _broken(table, unit, ALL_FIELDS, measure.measure_id, words, addends)
    return tuple(broken)


def _grouped(population: pa.Table) -> list[dict[str, Any]]:
    """Numbers of counted dossiers by everything that the form tells apart: a few thousand rows at most."""
    keys = ["unit_code", "field_id", "is_received_in_window", "channel_group", "placed_as"]
    counted = population.select([*keys, "is_counted"]).filter(population["is_counted"])
    rows: list[dict[str, Any]] = counted.group_by(keys).aggregate([("unit_code", "count")]).to_pylist()
    return rows


def _notes(population: pa.Table, reckoning: Reckoning, units: Sequence[str]) -> Notes:
    is_counted = column(population, "is_counted")
    is_received = column(population, "is_received_in_window")
    filed = pc.coalesce(column(population, "filed_date"), column(population, "received_date"))
    first, last = (pa.scalar(day, pa.date32()) for day in (reckoning.start, reckoning.closing_day))
    is_filed_by_then = pc.fill_null(pc.less_equal(filed, last), True)
    is_filed_within = pc.and_(is_filed_by_then, pc.fill_null(pc.greater_equal(filed, first), True))
    masks = {
        "unknown_channel": pc.and_(is_received, column(population, "is_channel_unknown")),
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
    notes: Notes = {}
    for note_id in NOTE_IDS:
        found = pc.value_counts(column(population, "unit_code").filter(masks[note_id])).to_pylist()
        numbers = {entry["values"]: entry["counts"] for entry in found}
        notes.update({(note_id, unit): numbers.get(unit, 0) for unit in units})
    return notes


def _numbered(parts: Sequence[str]) -> str:
    """The parts as the form names them: "(4) + (5) + (6)"."""
    return " + ".join(f"({MEASURES[part].column_number})" for part in parts)


def _broken(
    table: IndicatorTable,
    unit: str,
    field: str,
    total: str,
    words: str,
    addends: Sequence[int | None],
) -> list[Finding]:
    stated = table.value(total, (unit,), field)
    added = sum(addend or 0 for addend in addends)
    if stated == added and None not in addends:
        return []
    measure = MEASURES[total]
    params = (
        (
            "measure",
            measure.label if measure.column_number is None else f"{measure.label} ({measure.column_number})",
        ),
        ("parts", words),
        ("stated", stated if stated is not None else "không có"),
        ("added", added),
        ("period", table.reckoning.period.period_id),
        ("subject", f"{field}: {total} = {words}"),
    )
    return [Finding("indicator.identity.broken", unit, "dossier", params=params)]
