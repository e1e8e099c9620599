"""The rows behind a cell: which dossiers and other records of one count add to it, found by measure, unit and facet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.catalogue.classify import CLASSIFYING
from transforms.catalogue.model import Catalogue
from transforms.history.restatement import Counted
from transforms.indicators.contributions import dossier_contributions
from transforms.report.ordering import field_name
from transforms.report.restated import facet_words

Positions = NDArray[np.int64]
"""Row numbers of a table, from 0."""

_SEPARATOR = "\x1f"
_TEXT, _DAY, _NUMBER = pa.string(), pa.date32(), pa.int64()
_DAYS = ("received_date", "due_date", "resolved_date", "returned_date")
RECORDS = pa.schema(
    [
        ("kind", _TEXT),
        ("unit_code", _TEXT),
        ("facet", _TEXT),
        ("state", _TEXT),
        ("code", _TEXT),
        ("procedure_code", _TEXT),
        ("procedure_name", _TEXT),
        *((name, _DAY) for name in _DAYS),
        ("amount", _NUMBER),
        ("delivery_id", _TEXT),
        ("file", _TEXT),
        ("sheet", _TEXT),
        ("row", _NUMBER),
    ]
)
"""Records of every kind as they are shown; ``facet``: name of a dossier's field or a document's type, else empty.

Free text, officers, departments and quantities that a unit wrote in words are no part of it (DESIGN.md law 7).
"""


class RowIndex:
    """Rows of a table with the columns measure, unit_code and facet, sorted once and then looked up by cell."""

    def __init__(self, rows: pa.Table) -> None:
        keys = pc.binary_join_element_wise(rows["measure"], rows["unit_code"], rows["facet"], _SEPARATOR)
        encoded = keys.combine_chunks().dictionary_encode()
        codes = encoded.indices.to_numpy()
        self._order: Positions = np.argsort(codes, kind="stable").astype(np.int64)
        self._slot = {key: number for number, key in enumerate(encoded.dictionary.to_pylist())}
        self._starts = np.searchsorted(codes[self._order], np.arange(len(self._slot) + 1))

    def rows(self, measures: Sequence[str], units: Sequence[str], facets: Sequence[str]) -> Positions:
        """The rows of all those measures, units and facets together, in the table's order."""
        found: list[Positions] = [np.empty(0, np.int64)]
        for measure in dict.fromkeys(measures):
            for unit in dict.fromkeys(units):
                for facet in dict.fromkeys(facets):
                    slot = self._slot.get(_SEPARATOR.join((measure, unit, facet)))
                    if slot is not None:
                        found.append(self._order[self._starts[slot] : self._starts[slot + 1]])
        return np.sort(np.concatenate(found))


@dataclass(frozen=True, slots=True)
class FoundRows:
    """The rows behind a cell: positions in the population and among the entries of its count."""

    dossiers: Positions
    entries: Positions


class CellRows:
    """The records of one count by cell; whatever leads a figure back to its records asks here."""

    def __init__(self, counted: Counted) -> None:
        contributions = dossier_contributions(counted.population)
        self._dossiers: Positions = contributions["row"].to_numpy()
        self._of_dossiers = RowIndex(contributions)
        self._of_entries = RowIndex(counted.entries)

    def find(self, measures: Sequence[str], units: Sequence[str], facets: Sequence[str]) -> FoundRows:
        """The records that add to those measures of those units and facets; a dossier adds 1 to each."""
        own = self._dossiers[self._of_dossiers.rows(measures, units, facets)]
        return FoundRows(own, self._of_entries.rows(measures, units, facets))


def record_rows(counted: Counted, catalogue: Catalogue) -> pa.Table:
    """``RECORDS`` of one count: the dossiers of its population, then its entries, row beside row."""
    return pa.concat_tables([_dossiers(counted.population, catalogue), _entries(counted.entries, catalogue)])


def quarantined_rows(rows: pa.Table, codes: pa.Array) -> pa.Table:
    """``RECORDS`` of rows that were set apart; ``codes``: the code that each holds, empty where it holds none."""
    return _filled(
        {
            "kind": pa.repeat(pa.scalar("quarantined"), rows.num_rows),
            "unit_code": rows["unit_code"],
            "code": codes,
            **_source(rows),
        },
        rows.num_rows,
    )


def _dossiers(population: pa.Table, catalogue: Catalogue) -> pa.Table:
    size = population.num_rows
    told = population["procedure"].combine_chunks().dictionary_encode()
    parts = [text.split(_SEPARATOR) for text in told.dictionary.to_pylist()]
    texts = {
        name: pa.array([each[CLASSIFYING.index(name)] for each in parts], _TEXT).take(told.indices)
        for name in ("procedure_code", "procedure_name")
    }
    return _filled(
        {
            "kind": pa.repeat(pa.scalar("dossier"), size),
            "unit_code": population["unit_code"],
            "facet": _named(population["field_id"], lambda field_id: field_name(catalogue, field_id)),
            "state": population["state"],
            "code": population["dossier_code"],
            **texts,
            **{name: population[name] for name in _DAYS},
            **_source(population),
        },
        size,
    )


def _entries(entries: pa.Table, catalogue: Catalogue) -> pa.Table:
    # Every record that is no dossier has the types of documents for facets, or none.
    facet = _named(entries["facet"], lambda type_id: facet_words("", type_id, catalogue))
    return _filled(
        {
            "kind": entries["kind"],
            "unit_code": entries["unit_code"],
            "facet": facet,
            "code": entries["record"],
            "amount": entries["amount"],
            **_source(entries),
        },
        entries.num_rows,
    )


def _named(values: pa.ChunkedArray, name: Callable[[str], str]) -> pa.Array:
    """The values by name, each different one looked up once."""
    encoded = pc.fill_null(values, "").combine_chunks().dictionary_encode()
    names = [name(value) if value else "" for value in encoded.dictionary.to_pylist()]
    return pa.array(names, _TEXT).take(encoded.indices)


def _source(rows: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {
        "delivery_id": rows["_delivery_id"],
        "file": rows["_file"],
        "sheet": rows["_sheet"],
        "row": rows["_row"],
    }


def _filled(columns: dict[str, pa.Array | pa.ChunkedArray], size: int) -> pa.Table:
    """The schema's columns, those not given filled: texts empty, amounts 1, days null."""
    filled = []
    for item in RECORDS:
        values = columns.get(item.name)
        if item.type == _DAY:
            filled.append(pa.nulls(size, _DAY) if values is None else values)
        elif item.name == "amount" and values is None:
            filled.append(pa.repeat(pa.scalar(1, _NUMBER), size))
        elif values is None:
            filled.append(pa.repeat(pa.scalar("", item.type), size))
        else:
            filled.append(pc.fill_null(values.cast(item.type), "" if item.type == _TEXT else 0))
    return pa.table(filled, schema=RECORDS)
