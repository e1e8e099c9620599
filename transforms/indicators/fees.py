"""Money collected, from the receipts of the fee lists, in whole đồng."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.model import ALL_FIELDS, Reckoning

Cells = dict[tuple[str, str, str], int]
Notes = dict[tuple[str, str], int]

AMOUNTS = {
    "fee_charge_amount": "charge_amount",
    "fee_duty_amount": "duty_amount",
    "fee_total_amount": "total_amount",
}
"""Measure → column of the receipt."""


def count_fees(fees: pa.Table, reckoning: Reckoning, units: Sequence[str] = ()) -> tuple[Cells, Notes]:
    """Charges (phí), duties (lệ phí), their total and the number of receipts per unit, facet ``*``.

    ``fees``: the latest version of each receipt. A receipt counts on the day the money was collected,
    else on the day the dossier was accepted. ``units`` delivered a fee list, maybe an empty one: they
    have zeros where nothing was collected. An amount that none of a unit's receipts in the window
    states has no cell. The note ``undated_fee`` counts receipts that no date places.
    """
    in_window = is_in_window(fees, reckoning)
    found = sorted({*units, *pc.unique(fees["unit_code"]).to_pylist()})
    undated = _by_unit(fees.filter(pc.is_null(in_window)), [("unit_code", "count")])
    notes = {("undated_fee", unit): undated.get(unit, {}).get("unit_code_count", 0) for unit in found}
    aggregates = [("unit_code", "count"), *((name, "sum") for name in AMOUNTS.values())]
    sums = _by_unit(fees.filter(pc.fill_null(in_window, False)), aggregates)
    cells: Cells = {}
    for unit in found:
        collected = sums.get(unit)
        for measure_id, name in AMOUNTS.items():
            amount = collected[f"{name}_sum"] if collected else 0
            if amount is not None:
                cells[measure_id, unit, ALL_FIELDS] = amount
        cells["fee_receipt_count", unit, ALL_FIELDS] = collected["unit_code_count"] or 0 if collected else 0
    return dict(sorted(cells.items())), {key: number or 0 for key, number in notes.items()}


def is_in_window(fees: pa.Table, reckoning: Reckoning) -> pa.ChunkedArray:
    """True where the receipt counts in the window, null where no date places it."""
    day = pc.coalesce(fees["collected_date"], fees["received_date"])
    first, last = (pa.scalar(bound, pa.date32()) for bound in (reckoning.start, reckoning.closing_day))
    return pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last))


def _by_unit(fees: pa.Table, aggregates: list[tuple[str, str]]) -> dict[str, dict[str, int | None]]:
    rows = fees.group_by("unit_code").aggregate(aggregates).to_pylist()
    return {row["unit_code"]: row for row in rows}
