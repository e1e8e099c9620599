"""The measures that are counted, how they add over time, and the rates made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from transforms.indicators.model import ALL_FIELDS, IndicatorTable, Measure, MeasureType

_FLOW, _OPENING, _CLOSING = MeasureType.FLOW, MeasureType.OPENING_STOCK, MeasureType.CLOSING_STOCK

FORM_06A = (
    # received_total holds a stock, the dossiers carried over, so it must not be summed over periods:
    # every quarter would count them again.
    Measure(
        "received_total",
        "Số hồ sơ tiếp nhận",
        MeasureType.CUMULATIVE,
        3,
        ("received_online", "received_direct", "carried_over"),
    ),
    Measure("received_online", "Tiếp nhận trực tuyến", _FLOW, 4),
    Measure("received_direct", "Tiếp nhận trực tiếp, qua dịch vụ bưu chính", _FLOW, 5),
    Measure("carried_over", "Từ kỳ trước chuyển sang", _OPENING, 6),
    Measure("resolved_total", "Số hồ sơ đã giải quyết", _FLOW, 7, ("early", "on_time", "late")),
    Measure("early", "Giải quyết trước hạn", _FLOW, 8),
    Measure("on_time", "Giải quyết đúng hạn", _FLOW, 9),
    Measure("late", "Giải quyết quá hạn", _FLOW, 10),
    Measure("pending_total", "Số hồ sơ đang giải quyết", _CLOSING, 11, ("pending_within", "pending_overdue")),
    Measure("pending_within", "Đang giải quyết, trong hạn", _CLOSING, 12),
    Measure("pending_overdue", "Đang giải quyết, quá hạn", _CLOSING, 13),
)
"""Columns 3-13 of Biểu II.06a, in print order (TT 01/2020/TT-VPCP; DOMAIN.md 2.2)."""

RECEIVED_IN_WINDOW = Measure(
    "received_in_window",
    "Số hồ sơ tiếp nhận trong kỳ",
    _FLOW,
    parts=("received_online", "received_direct"),
)
DOCUMENT_MEASURES = (
    Measure("documents_issued", "Số văn bản hành chính đã ban hành", _FLOW),
    Measure("legal_documents_issued", "Số văn bản quy phạm pháp luật đã ban hành", _FLOW),
    Measure("documents_received", "Số văn bản đến", _FLOW),
)
FEE_MEASURES = (
    Measure("fee_charge_amount", "Số tiền phí đã thu", _FLOW),
    Measure("fee_duty_amount", "Số tiền lệ phí đã thu", _FLOW),
    Measure("fee_total_amount", "Tổng số tiền phí, lệ phí đã thu", _FLOW),
    Measure("fee_receipt_count", "Số biên lai thu phí, lệ phí", _FLOW),
)
ON_TIME_RATE = Measure("on_time_rate", "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn", MeasureType.RATIO)
ONLINE_RATE = Measure("online_rate", "Tỷ lệ hồ sơ tiếp nhận trực tuyến", MeasureType.RATIO)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.measure_id: measure
        for measure in (
            *FORM_06A,
            RECEIVED_IN_WINDOW,
            *DOCUMENT_MEASURES,
            *FEE_MEASURES,
            ON_TIME_RATE,
            ONLINE_RATE,
        )
    }
)
"""Every measure by its id."""

DOSSIER_MEASURES = (*FORM_06A, RECEIVED_IN_WINDOW)
"""The measures that dossiers are counted into."""


class MeasureError(ValueError):
    """A measure was added in a way that its type forbids."""


def add_over_time(measure: Measure, values: Sequence[int | None]) -> int | None:
    """One value for consecutive periods that tile the whole, given in order of time.

    Flows are summed, of an opening stock the first value counts and of a closing stock the last. A
    missing value stays missing. MeasureError for a measure that holds a stock among its parts, for
    distinct counts and for ratios: those are counted anew or made from their parts.
    """
    if not values:
        raise MeasureError(f"{measure.measure_id}: no values to add over time")
    if measure.type is MeasureType.OPENING_STOCK:
        return values[0]
    if measure.type is MeasureType.CLOSING_STOCK:
        return values[-1]
    if measure.type is MeasureType.FLOW:
        return sum_over_time(measure, values)
    raise MeasureError(f"{measure.measure_id}: a {measure.type} measure does not add over time")


def sum_over_time(measure: Measure, values: Sequence[int | None]) -> int | None:
    """The plain sum over periods, missing when any value is; MeasureError for all but flows.

    Summing a stock counts every dossier that stays open once per period.
    """
    if measure.type is not MeasureType.FLOW:
        raise MeasureError(f"{measure.measure_id}: summing a {measure.type} measure over time")
    found = [value for value in values if value is not None]
    return sum(found) if len(found) == len(values) else None


def add_form_over_time(periods: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Biểu II.06a of a whole from the forms of the consecutive periods that tile it.

    Measure id → value in, measure id → value out. Totals are made from their parts, as the form does.
    """
    added = {
        m.measure_id: add_over_time(m, [p[m.measure_id] for p in periods]) for m in FORM_06A if not m.parts
    }
    whole = {measure_id: value for measure_id, value in added.items() if value is not None}
    totals = {m.measure_id: sum(whole[part] for part in m.parts) for m in FORM_06A if m.parts}
    return {m.measure_id: {**whole, **totals}[m.measure_id] for m in FORM_06A}


def on_time_rate(table: IndicatorTable, units: tuple[str, ...], facet: str = ALL_FIELDS) -> float | None:
    """(early + on time) / resolved, in 0..1; None when nothing was resolved ("không phát sinh").

    The denominator is the resolved dossiers, not the received ones (QĐ 766/QĐ-TTg; DOMAIN.md 4).
    """
    early, on_time = table.value("early", units, facet), table.value("on_time", units, facet)
    if early is None or on_time is None:
        return None
    return _rate(early + on_time, table.value("resolved_total", units, facet))


def online_rate(table: IndicatorTable, units: tuple[str, ...], facet: str = ALL_FIELDS) -> float | None:
    """Received online / received in the window, in 0..1; None when nothing was received."""
    return _rate(
        table.value("received_online", units, facet), table.value("received_in_window", units, facet)
    )


def _rate(numerator: int | None, denominator: int | None) -> float | None:
    return numerator / denominator if numerator is not None and denominator else None
