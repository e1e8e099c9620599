"""The measures that are counted, how they add over time, units and fields, and the ratios made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from transforms.indicators.measure import ALL_FIELDS, Measure, MeasureError, MeasureType

if TYPE_CHECKING:  # the table asks the algebra of this module
    from transforms.indicators.model import IndicatorTable

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
ON_TIME_RATE = Measure(
    "on_time_rate",
    "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn",
    MeasureType.RATIO,
    numerator=("early", "on_time"),
    # What was resolved, not what was received (QĐ 766/QĐ-TTg; DOMAIN.md 4).
    denominator=("resolved_total",),
)
ONLINE_RATE = Measure(
    "online_rate",
    "Tỷ lệ hồ sơ tiếp nhận trực tuyến",
    MeasureType.RATIO,
    numerator=("received_online",),
    denominator=("received_in_window",),
)
OVERDUE_RATE = Measure(
    "overdue_rate",
    "Tỷ lệ hồ sơ đang giải quyết quá hạn trên số hồ sơ phải giải quyết",
    MeasureType.RATIO,
    numerator=("pending_overdue",),
    # Of all that was to be handled, not of what is open: an office that is nearly done has few open ones.
    denominator=("received_total",),
)
PROCEDURES_WITH_DOSSIERS = Measure(
    "procedures_with_dossiers",
    "Số thủ tục hành chính có phát sinh hồ sơ tiếp nhận trong kỳ",
    MeasureType.DISTINCT,
    among="received_in_window",
    counted_columns=("procedure_code", "procedure_name"),
)

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
            OVERDUE_RATE,
            PROCEDURES_WITH_DOSSIERS,
        )
    }
)
"""Every measure by its id."""

DOSSIER_MEASURES = (*FORM_06A, RECEIVED_IN_WINDOW)
"""The measures that dossiers are counted into."""
RATIOS: Mapping[str, Measure] = MappingProxyType(
    {measure_id: measure for measure_id, measure in MEASURES.items() if measure.type is MeasureType.RATIO}
)
"""The ratios by their id."""


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


def add_over_units(measure: Measure, values: Sequence[int | None]) -> int | None:
    """One value for units that have no dossier in common, in one period; None when none of them has one.

    What a unit does not have adds nothing: who is missing is told beside the sum. MeasureError for ratios
    and distinct counts: a ratio is a ratio of sums (``ratio_of_sums``), and what two units both have is
    counted once (``count_distinct``).
    """
    return _add_apart(measure, values, "units")


def add_over_facets(measure: Measure, values: Sequence[int | None]) -> int | None:
    """One value for several fields or document types of the same units; as ``add_over_units`` otherwise."""
    return _add_apart(measure, values, "fields")


def add_measures(measure_ids: Sequence[str], values: Sequence[int | None]) -> int | None:
    """The sum of several measures of one unit and period, missing when any of them is.

    MeasureError when one of them is a ratio or a distinct count, or when stocks of two days are mixed.
    """
    types = {MEASURES[measure_id].type for measure_id in measure_ids}
    stocks = types - {MeasureType.FLOW}
    is_mixed = {MeasureType.OPENING_STOCK, MeasureType.CLOSING_STOCK} <= types
    if len(measure_ids) > 1 and (is_mixed or stocks & {MeasureType.RATIO, MeasureType.DISTINCT}):
        raise MeasureError(f"{' + '.join(measure_ids)}: these measures do not add")
    found = [value for value in values if value is not None]
    return sum(found) if len(found) == len(values) else None


def _add_apart(measure: Measure, values: Sequence[int | None], what: str) -> int | None:
    if measure.type in (MeasureType.RATIO, MeasureType.DISTINCT):
        raise MeasureError(f"{measure.measure_id}: a {measure.type} measure does not add over {what}")
    found = [value for value in values if value is not None]
    return sum(found) if found else None


def ratio(numerator: int, denominator: int) -> float | None:
    """The share in 0..1; None when nothing arose ("không phát sinh", DOMAIN.md 4), never 0 or 1."""
    return numerator / denominator if denominator else None


def ratio_of_sums(
    table: IndicatorTable, measure_id: str, units: Sequence[str], facet: str = ALL_FIELDS
) -> tuple[int, int] | None:
    """(numerator, denominator) of a ratio over all those units together; None when a part of it is missing.

    A denominator of 0 says that nothing arose; ``ratio`` of it is None. MeasureError for a measure that is
    no ratio.
    """
    measure = MEASURES[measure_id]
    if measure.type is not MeasureType.RATIO:
        raise MeasureError(f"{measure_id}: a {measure.type} measure is no ratio")
    above, below = (
        add_measures(parts, [table.value(part, tuple(units), facet) for part in parts])
        for parts in (measure.numerator, measure.denominator)
    )
    return None if above is None or below is None else (above, below)
