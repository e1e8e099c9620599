"""The figures that a unit's dossiers, receipts and documents must give, from what was meant to be written.

Written apart from the product: no catalogue, no reader, no indicator of it is used here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sample_exports.generator.calendar import EXPORT_DAY, WINDOW_END, WINDOW_START
from sample_exports.generator.documents import Document
from sample_exports.generator.dossiers import REFUSED, REGISTERED, STOPPED, SUPPLEMENT, WITHDRAWN, Dossier
from sample_exports.generator.fees import Receipt

Cells = dict[str, int]

FORM_MEASURES = (
    "received_total",
    "received_online",
    "received_direct",
    "carried_over",
    "resolved_total",
    "early",
    "on_time",
    "late",
    "pending_total",
    "pending_within",
    "pending_overdue",
)
"""Columns 3-13 of Biểu II.06a."""
CLOSING_DAY = min(WINDOW_END, EXPORT_DAY)
_OPENING_DAY = WINDOW_START - timedelta(days=1)


def dossier_cells(dossiers: Iterable[Dossier], channels: dict[str, int]) -> Cells:
    """``measure:field`` → count for one unit, nine months of 2021, rulebook tt01; ``*`` is the sum over fields.

    ``channels``: dossier code → channel where an export tells it; an unknown channel counts as direct.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for dossier in dossiers:
        measures = list(_measures(dossier, channels.get(dossier.code)))
        for measure in measures:
            counts[measure, dossier.procedure.field_id] += 1
            counts[measure, "*"] += 1
    fields = sorted({field for _, field in counts})
    return {f"{measure}:{field}": counts[measure, field] for field in fields for measure in FORM_MEASURES}


def _measures(dossier: Dossier, channel: int | None) -> Iterable[str]:
    received = dossier.received.date() if dossier.received else None
    if received is None or dossier.status in (REGISTERED, REFUSED) or received > CLOSING_DAY:
        return
    ended = dossier.ended.date() if dossier.ended else None
    if received < WINDOW_START:
        if ended and ended <= _OPENING_DAY:
            return
        yield "carried_over"
    else:
        yield "received_online" if channel == 2 else "received_direct"
    yield "received_total"
    state = _state(dossier, ended)
    yield state
    yield "resolved_total" if state in ("early", "on_time", "late") else "pending_total"


def _state(dossier: Dossier, ended: date | None) -> str:
    due = dossier.due
    if ended:
        if dossier.status == WITHDRAWN or due is None or ended == due:
            return "on_time"
        return "early" if ended < due else "late"
    if dossier.status in (SUPPLEMENT, STOPPED) or due is None or due >= CLOSING_DAY:
        return "pending_within"
    return "pending_overdue"


def fee_cells(receipts: Sequence[Receipt]) -> Cells:
    """Sums of the receipts in đồng and their number."""
    return {
        "fee_charge_amount:*": sum(receipt.charge for receipt in receipts),
        "fee_duty_amount:*": sum(receipt.duty for receipt in receipts),
        "fee_total_amount:*": sum(receipt.total for receipt in receipts),
        "fee_receipt_count:*": len(receipts),
    }


def document_cells(outgoing: Sequence[Document], incoming: Sequence[Document]) -> Cells:
    """Documents issued by type, legal ones apart, and received by level and type, in the window."""
    counts: Counter[str] = Counter()
    for document in outgoing:
        if WINDOW_START <= document.issued <= CLOSING_DAY:
            is_legal = document.type_id.endswith("_qppl")
            measure = "legal_documents_issued" if is_legal else "documents_issued"
            counts[f"{measure}:{document.type_id}"] += 1
            counts[f"{measure}:*"] += 1
    for document in incoming:
        if document.arrived and WINDOW_START <= document.arrived <= CLOSING_DAY:
            counts[f"documents_received:{document.issuer_level}:{document.type_id}"] += 1
            counts["documents_received:*"] += 1
    return dict(sorted(counts.items()))
