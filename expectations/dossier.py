"""Rules between the columns of a dossier (NĐ 61/2018/NĐ-CP; statuses of the National Portal, list 1-10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from expectations import derived, forms
from expectations.params import RuleParams
from expectations.rule import Rule
from transforms.canonical.identity import TWO_DOSSIERS, is_other_dossier
from transforms.canonical.pairs import find_pairs
from transforms.findings import Finding
from transforms.schema.tables import DOSSIER

OUTSIDE_STATUSES = (1, 3)
"""Newly registered and refused: not received, hence without a promised day."""
CLOSED_STATUSES = (7, 9, 10)
"""Withdrawn, finished, result handed over."""
FINISHED_STATUSES = (9, 10)
RETURNED_STATUSES = (7, 10)
"""Withdrawn (the papers were handed back), result handed over."""


def build_dossier_rules(params: RuleParams) -> tuple[Rule, ...]:
    """Cross-column rules of one dossier row.

    Rows without a code or a reception day are set apart while the file is read, and procedures that the
    catalogue does not know are found when classifying: neither is repeated here.
    """
    return (*_presence(), *_order(), *_future(params), *_code(params))


def _presence() -> tuple[Rule, ...]:
    return (
        forms.not_missing(
            "dossier.due_date.missing",
            DOSSIER,
            "due_date",
            forms.when_not_in("status_code", OUTSIDE_STATUSES),
        ),
        forms.not_missing(
            "dossier.resolved_date.missing",
            DOSSIER,
            "resolved_date",
            forms.when_in("status_code", FINISHED_STATUSES),
        ),
        forms.in_list(
            "dossier.status.not_closed",
            DOSSIER,
            "status_code",
            CLOSED_STATUSES,
            forms.when_present("resolved_date"),
        ),
        forms.in_list(
            "dossier.status.not_returned",
            DOSSIER,
            "status_code",
            RETURNED_STATUSES,
            forms.when_present("returned_date"),
        ),
    )


def _order() -> tuple[Rule, ...]:
    return (
        forms.in_order(
            "dossier.filed_date.after_received", DOSSIER, "filed_date", "received_date", mend="filed_date"
        ),
        forms.in_order(
            "dossier.due_date.before_received", DOSSIER, "received_date", "due_date", mend="due_date"
        ),
        forms.in_order(
            "dossier.resolved_date.before_received",
            DOSSIER,
            "received_date",
            "resolved_date",
            mend="resolved_date",
        ),
        forms.in_order(
            "dossier.returned_date.before_resolved",
            DOSSIER,
            "resolved_date",
            "returned_date",
            mend="returned_date",
        ),
        # The chain over a missing link; with the link there, the two rules above judge it.
        forms.in_order(
            "dossier.returned_date.before_received",
            DOSSIER,
            "received_date",
            "returned_date",
            mend="returned_date",
            when=forms.when_missing("resolved_date"),
        ),
    )


def _future(params: RuleParams) -> tuple[Rule, ...]:
    return tuple(
        forms.at_most(f"dossier.{column}.in_future", DOSSIER, column, params.as_of)
        for column in ("filed_date", "received_date", "resolved_date", "returned_date")
    )


def _code(params: RuleParams) -> tuple[Rule, ...]:
    parts = (
        forms.equal(
            "dossier.code.foreign_unit",
            DOSSIER,
            derived.CODE_AGENCY,
            derived.EXPECTED_AGENCY,
            mend="dossier_code",
        ),
        forms.equal(
            "dossier.code.other_day", DOSSIER, derived.CODE_DAY, derived.RECEIVED_DAY, mend="dossier_code"
        ),
    )
    return (
        *(_on_code_parts(rule, params) for rule in parts),
        # Within one delivery: the next export brings the same dossiers again, which is no error.
        forms.unique_together(
            "dossier.dossier_code.duplicate",
            DOSSIER,
            ("_delivery_id", "unit_code", "dossier_code"),
            mend="dossier_code",
        ),
    )


def _on_code_parts(rule: Rule, params: RuleParams) -> Rule:
    """The rule with a mask that takes the plain record table and derives what it compares."""
    fails = rule.fails
    return replace(rule, fails=lambda table: fails(derived.with_code_parts(table, params)))


def check_shared_codes(dossiers: pa.Table) -> tuple[Finding, ...]:
    """``dossier.code.two_dossiers``: one code under two units for two dossiers, told to each of them.

    ``dossiers``: the version of each that counts, so a code stands at most once per unit; both are
    counted, each by its unit. Two dossiers of one unit under one code are found where the second one
    arrives (in its file, or against what was known), and only the later row counts.
    """
    codes = dossiers["dossier_code"].combine_chunks().dictionary_encode()
    group = codes.indices.fill_null(len(codes.dictionary)).to_numpy()
    is_shared = np.bincount(group, minlength=len(codes.dictionary) + 1) > 1
    is_shared[-1] = False
    shared = dossiers.filter(pa.array(is_shared[group]))
    if shared.num_rows == 0:
        return ()
    shared = shared.sort_by([("dossier_code", "ascending"), ("unit_code", "ascending")])
    one, other = shared.slice(0, shared.num_rows - 1), shared.slice(1)
    same_code = np.asarray(one["dossier_code"].to_numpy() == other["dossier_code"].to_numpy(), dtype=bool)
    mask = pa.array(same_code & is_other_dossier(one, other).to_numpy(zero_copy_only=False))
    one, other = one.filter(mask), other.filter(mask)
    column = "dossier_code"
    return (
        *find_pairs(TWO_DOSSIERS, "dossier", column, one, other),
        *find_pairs(TWO_DOSSIERS, "dossier", column, other, one),
    )
