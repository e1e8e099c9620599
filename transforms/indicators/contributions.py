"""Which record adds what to which cell: the counts of a period, record by record, for the ledger of a restatement."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.classify import CLASSIFYING
from transforms.catalogue.model import DocumentType
from transforms.history.restating.model import (
    CONTRIBUTIONS,
    ENTRIES,
    POPULATION,
    SOURCE,
    CellKey,
    conform,
)
from transforms.indicators.documents import MEASURES_OF_DIRECTION, place_documents
from transforms.indicators.fees import AMOUNTS, is_in_window
from transforms.indicators.measures import DOSSIER_MEASURES
from transforms.indicators.model import ALL_FIELDS, IndicatorTable, Reckoning
from transforms.indicators.population import rows_of_measure
from transforms.indicators.state import column
from transforms.indicators.volume import note_masks

NOTE = "note."
"""Begins the measure of a count that is told beside the form."""
SUPPLEMENT_MEASURE = "supplement."
"""Begins the measure of an item that a unit filled in."""
_SEPARATOR = "\x1f"
_NUMBER = pa.int64()


def ledger_cells(table: IndicatorTable) -> dict[CellKey, int]:
    """The cells and notes of a count by measure, unit and facet; notes under ``note.<id>``."""
    notes = {(NOTE + note, unit, ALL_FIELDS): value for (note, unit), value in table.notes.items()}
    return {**table.cells, **notes}


def ledger_population(table: IndicatorTable) -> pa.Table:
    """The dossiers of a count in the schema ``POPULATION``, with a truth for each note that counts them."""
    rows = table.population
    texts = [pc.fill_null(column(rows, name), "") for name in CLASSIFYING if name in rows.column_names]
    told = pc.binary_join_element_wise(*texts, _SEPARATOR)
    rows = conform(rows.append_column("procedure", told), POPULATION).select(POPULATION.names)
    for note_id, mask in note_masks(table.population, table.reckoning).items():
        rows = rows.append_column(NOTE + note_id, mask)
    return rows


def dossier_contributions(population: pa.Table) -> pa.Table:
    """``CONTRIBUTIONS`` of dossiers: one to each measure, for the field and for the sum over fields."""
    parts = [
        _ones(population, measure.measure_id, rows_of_measure(population, measure.measure_id), facet)
        for measure in DOSSIER_MEASURES
        for facet in (column(population, "field_id"), None)
    ]
    parts += [
        _ones(population, name, column(population, name), None)
        for name in population.column_names
        if name.startswith(NOTE)
    ]
    return pa.concat_tables(parts)


def fee_entries(fees: pa.Table, reckoning: Reckoning) -> pa.Table:
    """``ENTRIES`` of receipts, named by dossier and receipt number; ``fees``: the latest version of each."""
    counts = is_in_window(fees, reckoning)
    number = pc.fill_null(fees["receipt_number"], "")
    record = pc.if_else(
        pc.equal(number, ""),
        fees["dossier_code"],
        pc.binary_join_element_wise(fees["dossier_code"], ", biên lai ", number, ""),
    )
    within = pc.fill_null(counts, False)
    return pa.concat_tables(
        [
            _entries(fees, "fee", record, "", pc.invert(within)),
            *(
                _entries(fees, "fee", record, measure, pc.and_(within, pc.is_valid(fees[name])), fees[name])
                for measure, name in AMOUNTS.items()
            ),
            _entries(fees, "fee", record, "fee_receipt_count", within),
            _entries(fees, "fee", record, f"{NOTE}undated_fee", pc.is_null(counts)),
        ]
    )


def document_entries(
    documents: pa.Table, reckoning: Reckoning, document_types: Sequence[DocumentType]
) -> pa.Table:
    """``ENTRIES`` of register lines, named by symbol; incoming ones also by their number in the register.

    ``documents``: the latest version of each.
    """
    placed = place_documents(documents, reckoning, document_types)
    number = pc.fill_null(documents["register_number"], "")
    record = pc.if_else(
        pc.equal(number, ""),
        documents["symbol"],
        pc.binary_join_element_wise(documents["symbol"], ", số đến ", number, ""),
    )
    within = pc.fill_null(placed["is_in_window"], False)
    parts = [
        _entries(documents, "document", record, "", pc.invert(within)),
        _entries(
            documents, "document", record, f"{NOTE}undated_document", pc.is_null(placed["is_in_window"])
        ),
    ]
    for direction, measures in MEASURES_OF_DIRECTION.items():
        is_own = pc.and_(within, pc.equal(placed["direction"], direction))
        is_legal = pc.and_(placed["is_legal"], pc.equal(placed["direction"], "outgoing"))
        for position, measure in enumerate(measures):
            counted = pc.and_(is_own, is_legal if position else pc.invert(is_legal))
            for facet in (placed["facet"], None):
                parts.append(_entries(documents, "document", record, measure, counted, facet=facet))
    return pa.concat_tables(parts)


def supplement_entries(supplement: pa.Table, period_id: str) -> pa.Table:
    """``ENTRIES`` of the numbers that units filled in for the period: the first line of each item that has one.

    ``supplement``: the latest version of each line.
    """
    rows = supplement.filter(
        pc.and_(pc.equal(supplement["period_id"], period_id), pc.is_valid(supplement["number_value"]))
    )
    rows = rows.sort_by([(name, "ascending") for name in ("unit_code", "item_id", "ordinal")])
    keys = pc.binary_join_element_wise(rows["unit_code"], rows["item_id"], _SEPARATOR).combine_chunks()
    rows = rows.take(pc.unique(pc.index_in(keys, value_set=keys)))
    measure = pc.binary_join_element_wise(SUPPLEMENT_MEASURE, rows["item_id"], "")
    everything = pa.repeat(pa.scalar(True), rows.num_rows)
    return _entries(rows, "supplement", rows["item_id"], measure, everything, rows["number_value"])


def entry_cells(entries: pa.Table) -> dict[CellKey, int]:
    """The sums of entries by cell: what the cells are where nothing else says it."""
    counted = entries.filter(pc.not_equal(entries["measure"], ""))
    sums = counted.group_by(["measure", "unit_code", "facet"]).aggregate([("amount", "sum")])
    names = ("measure", "unit_code", "facet", "amount_sum")
    columns = (sums[name].to_pylist() for name in names)
    return {(measure, unit, facet): value for measure, unit, facet, value in zip(*columns, strict=True)}


def _ones(population: pa.Table, measure: str, counts: pa.Array, facet: pa.Array | None) -> pa.Table:
    at = pc.indices_nonzero(pc.fill_null(counts, False)).cast(_NUMBER)
    size = len(at)
    return pa.table(
        [
            at,
            pa.repeat(pa.scalar(measure), size),
            column(population, "unit_code").take(at),
            pa.repeat(pa.scalar(ALL_FIELDS), size) if facet is None else facet.take(at),
            pa.repeat(pa.scalar(1, _NUMBER), size),
        ],
        schema=CONTRIBUTIONS,
    )


def _entries(
    rows: pa.Table,
    kind: str,
    record: pa.Array | pa.ChunkedArray,
    measure: str | pa.ChunkedArray,
    counts: pa.Array | pa.ChunkedArray,
    amount: pa.ChunkedArray | None = None,
    facet: pa.ChunkedArray | None = None,
) -> pa.Table:
    """The rows that count, as entries of one measure or of the measure written beside each."""
    size = rows.num_rows
    found = pa.table(
        {
            "kind": pa.repeat(pa.scalar(kind), size),
            "record": record,
            "unit_code": rows["unit_code"],
            "measure": pa.repeat(pa.scalar(measure), size) if isinstance(measure, str) else measure,
            "facet": pa.repeat(pa.scalar(ALL_FIELDS), size) if facet is None else facet,
            "amount": pa.repeat(pa.scalar(1, _NUMBER), size) if amount is None else amount,
            **{name: rows[name] for name, _ in SOURCE},
        }
    )
    return found.filter(pc.fill_null(counts, False)).cast(ENTRIES)
