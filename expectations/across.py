"""Checks that look across rows, months, units and sources, in one call over everything that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from expectations.cross import CROSS_CODES, check_fee_dates, check_few_decisions, check_few_receipts
from expectations.history import HISTORY_CODES, check_history, unit_histories
from expectations.params import RuleParams
from expectations.plausibility import (
    PLAUSIBILITY_CODES,
    check_due_days,
    check_mass_closing,
    check_repeated_supplements,
)
from expectations.sequence import SEQUENCE_CODES, check_sequences
from expectations.summary_counts import SUMMARY_COUNT_CODES, check_summary_counts
from transforms.calendar.work_calendar import build_calendar
from transforms.catalogue.model import UNCLASSIFIED, UNCLASSIFIED_NAME, Catalogue
from transforms.findings import Finding
from transforms.indicators.plausibility import count_closings, count_months

ACROSS_CODES = (*SEQUENCE_CODES, *HISTORY_CODES, *CROSS_CODES, *SUMMARY_COUNT_CODES, *PLAUSIBILITY_CODES)
"""Every code that ``check_across`` can raise."""


@dataclass(frozen=True, slots=True)
class HeldRecords:
    """What counts now, over all units.

    ``classified``: the version of each dossier that counts, overdue lists joined, with its field
    (``catalogue.classify``); ``versions``: all versions of dossiers, joined likewise; the others: the version of
    each record that counts. ``data_days``: unit → the day its newest dossier list was taken.
    """

    classified: pa.Table
    versions: pa.Table
    fees: pa.Table
    documents: pa.Table
    summaries: pa.Table
    data_days: Mapping[str, date]
    codes_set_apart: pa.Array | None = None
    """Dossier codes known without standing in a dossier list: rows that could not be taken and nothing has
    mended since, and dossiers that only an overdue list names."""
    rows_without_code: Mapping[str, int] = field(default_factory=dict)
    """Unit → rows set apart because they have no code."""


def check_across(held: HeldRecords, catalogue: Catalogue, params: RuleParams) -> tuple[Finding, ...]:
    """Findings of ``ACROSS_CODES``. What cannot be judged is said in a finding of its own, never passed over."""
    as_of = params.as_of
    excluded = tuple(item.field_id for item in catalogue.fields if item.is_excluded)
    counts = count_months(held.classified, as_of, excluded)
    calendar = build_calendar(catalogue.days_off)
    names = {item.field_id: item.name for item in catalogue.fields} | {UNCLASSIFIED: UNCLASSIFIED_NAME}
    parents = {unit.code: unit.parent_code for unit in catalogue.units if unit.is_valid_on(as_of)}
    return (
        *check_sequences(held.classified, params, held.codes_set_apart, held.rows_without_code),
        *check_history(counts, held.data_days, calendar, names),
        *check_fee_dates(held.fees, held.classified),
        *check_few_receipts(held.fees, held.classified),
        *check_few_decisions(held.documents, held.classified, catalogue),
        *check_summary_counts(held.summaries, held.versions, held.fees, held.data_days, as_of, catalogue),
        *check_due_days(counts, unit_histories(counts, held.data_days, calendar), parents),
        *check_mass_closing(count_closings(held.classified), as_of),
        *check_repeated_supplements(held.versions),
    )
