"""Documents issued and received, counted from the registers by type and issuing level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import DocumentType
from transforms.indicators.model import ALL_FIELDS, Reckoning

Cells = dict[tuple[str, str, str], int]
Notes = dict[tuple[str, str], int]

OTHER = "khac"
"""Type and level of what neither symbol nor summary tells."""
MEASURES_OF_DIRECTION = {
    "outgoing": ("documents_issued", "legal_documents_issued"),
    "incoming": ("documents_received",),
}


def count_documents(
    documents: pa.Table, reckoning: Reckoning, document_types: Sequence[DocumentType]
) -> tuple[Cells, Notes]:
    """Documents of the window by unit: ``*`` and one cell per type, or ``<level>:<type>`` when received.

    ``documents``: the latest version of each register line. Issued documents count by the date they
    bear, received ones by the day of arrival, else by their date. Legal documents (văn bản quy phạm
    pháp luật, by ``DocumentType.is_legal``) are a measure of their own and not among
    ``documents_issued``. A unit whose register has nothing in the window has ``*`` = 0; a unit without
    that register has no cell. The note ``undated_document`` counts lines that no date places.
    """
    counted = place_documents(documents, reckoning, document_types)
    keys = counted.column_names
    cells: Counter[tuple[str, str, str]] = Counter()
    notes: Counter[tuple[str, str]] = Counter()
    for row in counted.group_by(keys).aggregate([("unit", "count")]).to_pylist():
        unit, number = row["unit"], row["unit_count"]
        for measure in MEASURES_OF_DIRECTION[row["direction"]]:
            cells[measure, unit, ALL_FIELDS] += 0
        notes["undated_document", unit] += number if row["is_in_window"] is None else 0
        if row["is_in_window"]:
            is_legal = row["is_legal"] and row["direction"] == "outgoing"
            measure = MEASURES_OF_DIRECTION[row["direction"]][1 if is_legal else 0]
            cells[measure, unit, row["facet"]] += number
            cells[measure, unit, ALL_FIELDS] += number
    return dict(sorted(cells.items())), dict(sorted(notes.items()))


def place_documents(
    documents: pa.Table, reckoning: Reckoning, document_types: Sequence[DocumentType]
) -> pa.Table:
    """Where each register line counts, row beside row: ``unit``, ``direction``, ``facet``, ``is_legal``,
    ``is_in_window`` (null where no date places it).
    """
    legal = pa.array([kind.type_id for kind in document_types if kind.is_legal], pa.string())
    is_incoming = pc.equal(documents["direction"], "incoming")
    day = pc.if_else(
        is_incoming,
        pc.coalesce(documents["arrived_date"], documents["issued_date"]),
        documents["issued_date"],
    )
    first, last = (pa.scalar(bound, pa.date32()) for bound in (reckoning.start, reckoning.closing_day))
    type_id = pc.fill_null(documents["document_type_id"], OTHER)
    level = pc.fill_null(documents["issuer_level"], OTHER)
    return pa.table(
        {
            "unit": documents["unit_code"],
            "direction": documents["direction"],
            "facet": pc.if_else(is_incoming, pc.binary_join_element_wise(level, type_id, ":"), type_id),
            "is_legal": pc.is_in(type_id, value_set=legal),
            "is_in_window": pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)),
        }
    )
