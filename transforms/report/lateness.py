"""How long the dossiers that are open past their day have been late, in working days."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.due_rule import late_days
from transforms.indicators.state import column
from transforms.report.blocks import Figure
from transforms.report.cells import Cells
from transforms.report.inputs import ReportInputs
from transforms.report.numbers_vi import padded

LONGEST = "longest"
"""First part of the id: what follows is the cell of the dossiers among which the longest is sought."""
_OVERDUE = "pending_overdue"
_NEEDED = {"state", "placed_as", "unit_code", "due_date", "resolved_date", "returned_date"}


def longest_late(inputs: ReportInputs, cells: Cells) -> Figure | None:
    """Working days by which the dossier longest past its day is late on the last day counted.

    None where nothing is overdue, and where the catalogue has no calendar of days off to reckon with. Days
    off as of NĐ 23/2015/NĐ-CP and the yearly decisions (``calendars/days_off.csv``).
    """
    table = inputs.table
    rows = table.population
    if not cells.value(_OVERDUE) or not inputs.catalogue.days_off or not set(rows.column_names) >= _NEEDED:
        return None
    own = pc.and_(
        pc.equal(column(rows, "placed_as"), _OVERDUE),
        pc.is_in(column(rows, "unit_code"), value_set=pa.array(cells.leaf_codes, pa.string())),
    )
    days = late_days(rows.filter(pc.fill_null(own, False)), table.reckoning.closing_day, inputs.catalogue)
    longest = pc.max(days).as_py()
    if not longest:
        return None
    return Figure(
        longest, padded(longest), f"{LONGEST}/{table.reckoning.cell_id(_OVERDUE, inputs.node.code)}"
    )
