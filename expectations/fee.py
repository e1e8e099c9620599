"""Rules between the columns of a fee receipt.

Amounts below zero follow from the schema; charge + duty = total is found while the file is read.
"""

from __future__ import annotations

from expectations import forms
from expectations.params import RuleParams
from expectations.rule import Rule
from transforms.schema.tables import FEE


def build_fee_rules(params: RuleParams) -> tuple[Rule, ...]:
    """Rules of one receipt: no day after the working day of the run."""
    return tuple(
        forms.at_most(f"fee.{column}.in_future", FEE, column, params.as_of)
        for column in ("received_date", "collected_date")
    )
