"""Rules between the columns of a register line (NĐ 30/2020/NĐ-CP on records management)."""

from __future__ import annotations

from expectations import forms
from expectations.params import RuleParams
from expectations.rule import Rule
from transforms.schema.tables import DOCUMENT


def build_document_rules(params: RuleParams) -> tuple[Rule, ...]:
    """Rules of one register line: the day that counts is there, in order and not in the future."""
    return (
        forms.not_missing(
            "document.issued_date.missing",
            DOCUMENT,
            "issued_date",
            forms.when_in("direction", ("outgoing",)),
        ),
        forms.not_missing(
            "document.arrived_date.missing",
            DOCUMENT,
            "arrived_date",
            forms.when_in("direction", ("incoming",)),
        ),
        forms.in_order(
            "document.arrived_date.before_issued",
            DOCUMENT,
            "issued_date",
            "arrived_date",
            mend="arrived_date",
        ),
        forms.at_most("document.issued_date.in_future", DOCUMENT, "issued_date", params.as_of),
        forms.at_most("document.arrived_date.in_future", DOCUMENT, "arrived_date", params.as_of),
    )
