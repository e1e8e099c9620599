"""Rules between the columns of a fee receipt.

Amounts below zero follow from the schema; charge + duty = total is found while the file is read.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from expectations import forms
from expectations.params import RuleParams
from expectations.rule import Rule
from expectations.sources import find_rows
from transforms.findings import Finding
from transforms.schema.tables import FEE

UNKNOWN_DOSSIER = "fee.dossier.unknown"


def build_fee_rules(params: RuleParams) -> tuple[Rule, ...]:
    """Rules of one receipt: no day after the working day of the run."""
    return tuple(
        forms.at_most(f"fee.{column}.in_future", FEE, column, params.as_of)
        for column in ("received_date", "collected_date")
    )


def check_fee_dossiers(fees: pa.Table, dossiers: pa.Table) -> tuple[Finding, ...]:
    """``fee.dossier.unknown``: receipts of dossiers that no list of any unit names, per unit and file.

    Judged only where the collecting unit has dossiers of that time at all: a receipt whose day (reception,
    else collection) lies outside the unit's first and last day of reception may belong to a list that has
    not come. ``fees`` and ``dossiers``: the version of each that counts, overdue lists joined.
    """
    if fees.num_rows == 0 or dossiers.num_rows == 0:
        return ()
    spans = dossiers.group_by("unit_code").aggregate([("received_date", "min"), ("received_date", "max")])
    at = pc.index_in(fees["unit_code"], value_set=spans["unit_code"].combine_chunks())
    first, last = (spans[f"received_date_{end}"].combine_chunks().take(at) for end in ("min", "max"))
    day = pc.coalesce(fees["received_date"], fees["collected_date"])
    is_covered = pc.fill_null(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)), False)
    is_known = pc.is_in(fees["dossier_code"], value_set=dossiers["dossier_code"].combine_chunks())
    unknown = fees.filter(pc.and_(is_covered, pc.invert(is_known)))
    return find_rows(UNKNOWN_DOSSIER, "fee", "dossier_code", unknown, "total_amount")
