"""From what was known of dossiers, receipts and documents to the counted cells of one period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.classify import classify
from transforms.catalogue.model import Catalogue
from transforms.catalogue.rulebook import Rulebook
from transforms.findings import Finding, Place
from transforms.indicators.channel import STORED_UNIT
from transforms.indicators.documents import count_documents
from transforms.indicators.fees import count_fees
from transforms.indicators.model import ALL_FIELDS, IndicatorTable, Reckoning
from transforms.indicators.population import RulebookError, build_population, rows_of_measure
from transforms.indicators.rollup import code_of
from transforms.indicators.state import DossierHistory, column
from transforms.indicators.volume import count_dossiers

NO_DELIVERIES: Mapping[str, Sequence[str]] = MappingProxyType({})


def build_indicators(
    dossiers: DossierHistory,
    fees: pa.Table,
    documents: pa.Table,
    reckoning: Reckoning,
    catalogue: Catalogue,
    delivered: Mapping[str, Sequence[str]] = NO_DELIVERIES,
) -> IndicatorTable:
    """The cells of every unit that has data, under one reckoning.

    ``dossiers``: ``history.known_dossiers``; ``fees`` and ``documents``: ``history.latest_versions``,
    all three of committed deliveries and as known at the same instant. ``delivered``: record kind
    (dossier, fee) → units whose list arrived; where it was empty they get zeros instead of no cells.
    RulebookError when the catalogue lacks the reckoning's rulebook.
    """
    listed = [f.field_id for f in catalogue.fields if f.is_listed_when_zero and not f.is_excluded]
    population = population_of(dossiers, fees, reckoning, catalogue)
    volume = count_dossiers(population, reckoning, listed, delivered.get("dossier", ()))
    document_cells, document_notes = count_documents(documents, reckoning, catalogue.document_types)
    fee_cells, fee_notes = count_fees(fees, reckoning, delivered.get("fee", ()))
    return IndicatorTable(
        reckoning,
        MappingProxyType({**volume.cells, **document_cells, **fee_cells}),
        MappingProxyType({**volume.notes, **document_notes, **fee_notes}),
        population,
        rulebook_of(catalogue, reckoning).is_exact,
    )


def rulebook_of(catalogue: Catalogue, reckoning: Reckoning) -> Rulebook:
    """The way of counting that the reckoning names; RulebookError when the catalogue lacks it."""
    if reckoning.rulebook not in catalogue.rulebooks:
        raise RulebookError(f"the catalogue has no rulebook {reckoning.rulebook}")
    return catalogue.rulebooks[reckoning.rulebook]


def population_of(
    dossiers: DossierHistory, fees: pa.Table, reckoning: Reckoning, catalogue: Catalogue
) -> pa.Table:
    """The dossiers with their field and where each counts, see ``build_population``; in the order of ``dossiers``.

    Each row follows from its own dossier and receipts alone. RulebookError when the catalogue lacks the
    reckoning's rulebook.
    """
    rulebook = rulebook_of(catalogue, reckoning)
    excluded = [field.field_id for field in catalogue.fields if field.is_excluded]
    classified = classify(dossiers.latest, catalogue)
    return build_population(classified, dossiers, fees, reckoning, rulebook, excluded)


def trace_cell(
    table: IndicatorTable, measure_id: str, unit_codes: Sequence[str], facet: str = ALL_FIELDS
) -> pa.Table:
    """The dossiers behind a dossier cell, as rows of the population; as many as the cell says.

    KeyError for a measure that does not count dossiers.
    """
    population = table.population
    units = pa.array(list(unit_codes), pa.string())
    wanted = pc.and_(
        rows_of_measure(population, measure_id), pc.is_in(column(population, "unit_code"), value_set=units)
    )
    if facet != ALL_FIELDS:
        wanted = pc.and_(wanted, pc.equal(column(population, "field_id"), facet))
    return population.filter(wanted)


def check_indicators(table: IndicatorTable) -> tuple[Finding, ...]:
    """What makes the counted figures doubtful, one finding per unit and period, with every row concerned.

    States that had to be guessed, missing promised days (counted on time or within time), unknown
    channels (counted as direct); and, without rows, register lines and receipts that no date places.
    """
    population = table.population
    has_no_due = pc.invert(pc.is_valid(column(population, "due_date")))
    doubts = {
        ("dossier.state.undated", "status_code"): column(population, "is_state_undated"),
        ("indicator.due_date.missing", "due_date"): pc.and_(column(population, "is_counted"), has_no_due),
        ("indicator.channel.unknown", "channel_code"): pc.and_(
            column(population, "is_received_in_window"), column(population, "is_channel_unknown")
        ),
    }
    return (
        *(
            finding
            for (code, column_name), fails in doubts.items()
            for finding in _row_findings(table, code, column_name, fails)
        ),
        *_note_findings(table, "indicator.document.undated", "document", "undated_document"),
        *_note_findings(table, "indicator.fee.undated", "fee", "undated_fee"),
    )


def _row_findings(table: IndicatorTable, code: str, column_name: str, fails: pa.Array) -> list[Finding]:
    # Of the unit as stored: the line that it counts under may be another's.
    unit_column = STORED_UNIT if STORED_UNIT in table.population.column_names else "unit_code"
    names = [unit_column, "_file", "_sheet", "_row", "dossier_code", "status_label"]
    failing = table.population.select(names).filter(fails)
    failing = failing.sort_by([(name, "ascending") for name in names[:4]])
    # Rows by the ten thousand: whole columns are turned into Python values, not row after row.
    units, *columns = (failing[name].to_pylist() for name in names)
    params = (("period", table.reckoning.period.period_id),)
    found: list[Finding] = []
    for unit, group in groupby(zip(units, *columns, strict=True), key=itemgetter(0)):
        rows = list(group)
        files = {file or "" for _, file, *_ in rows}
        places = tuple(
            Place(
                sheet or "",
                row or 0,
                dossier_code or "",
                (status or "") if column_name == "status_code" else "",
                (file or "") if len(files) > 1 else "",
            )
            for _, file, sheet, row, dossier_code, status in rows
        )
        file = files.pop() if len(files) == 1 else ""
        found.append(Finding(code, unit, "dossier", file, column_name, params, places))
    return found


def _note_findings(table: IndicatorTable, code: str, kind: str, note_id: str) -> list[Finding]:
    period = table.reckoning.period.period_id
    totals: Counter[str] = Counter()
    for (note, unit), number in table.notes.items():
        if note == note_id:
            totals[code_of(unit)] += number
    return [
        Finding(code, unit, kind, params=(("total", number), ("period", period)))
        for unit, number in sorted(totals.items())
        if number
    ]
