"""Sums within one line of the software's own summary by field (EXPORTS.md section 1).

The comparison with our own counts is another matter; a line that does not add up is no good for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, combinations

import pyarrow as pa
import pyarrow.compute as pc

from expectations import forms
from expectations.params import RuleParams
from expectations.rule import Rule
from transforms.schema.tables import SUMMARY

RECEIVED_PARTS = "received_parts"
"""Carried over + received in the window; null where one is missing."""
ACCOUNTED_TOTAL = "accounted_total"
"""Resolved + open. Returned, withdrawn and waiting dossiers are added where only that makes it the total
received: the software counts them under resolved and under within time, but prints them apart too."""
SENT_IN = "sent_in"
"""Received online + by public post."""
SUM_NAMES = (RECEIVED_PARTS, ACCOUNTED_TOTAL, SENT_IN)

_STANDING = ("early", "on_time", "late", "pending_within", "pending_overdue")
_APART = ("awaiting_supplement", "withdrawn")


def build_summary_rules(_params: RuleParams) -> tuple[Rule, ...]:
    """What a line must add up to; a sum with a missing part is not judged."""
    total = "received_total"
    rules = (
        forms.equal("summary.received_total.parts_differ", SUMMARY, RECEIVED_PARTS, total, mend=total),
        forms.equal("summary.received_total.not_accounted", SUMMARY, ACCOUNTED_TOTAL, total, mend=total),
        # The form of two days in order is that of two numbers: the total must not be the smaller one.
        forms.in_order("summary.received_online.too_many", SUMMARY, SENT_IN, total, mend="received_online"),
    )
    return tuple(replace(rule, fails=_on_sums(rule.fails)) for rule in rules)


def _on_sums(fails: Callable[[pa.Table], pa.Array]) -> Callable[[pa.Table], pa.Array]:
    """The mask over the plain record table, with the sums that it compares."""
    return lambda table: fails(with_sums(table))


def with_sums(summary: pa.Table) -> pa.Table:
    """The summary table with ``SUM_NAMES`` appended (int64); unchanged when it has them."""
    if all(name in summary.column_names for name in SUM_NAMES):
        return summary
    total = summary["received_total"]
    standing = _sum(summary, _STANDING)
    accounted = standing
    for apart in chain.from_iterable(combinations(_APART, size) for size in (1, 2)):
        with_apart = _sum(summary, (*_STANDING, *apart))
        fits = pc.fill_null(pc.equal(with_apart, total), False)
        accounted = pc.if_else(fits, with_apart, accounted)
    return (
        summary.append_column(RECEIVED_PARTS, _sum(summary, ("carried_over", "received_in_window")))
        .append_column(
            ACCOUNTED_TOTAL, pc.if_else(pc.fill_null(pc.equal(standing, total), False), standing, accounted)
        )
        .append_column(SENT_IN, _sum(summary, ("received_online", "received_postal")))
    )


def _sum(summary: pa.Table, names: tuple[str, ...]) -> pa.ChunkedArray:
    result = summary[names[0]]
    for name in names[1:]:
        result = pc.add(result, summary[name])
    return result
