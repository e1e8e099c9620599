"""What stands behind each line of a report: which lists are asked of it, and how far they tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.steps.rollup import ReportUnits
from transforms.catalogue.model import LIST_KINDS, SUPPLEMENT_LIST, Catalogue
from transforms.indicators.coverage import without_uncovered
from transforms.indicators.expected import Expectations
from transforms.indicators.model import IndicatorTable
from transforms.indicators.rollup import is_office

if TYPE_CHECKING:  # a report asks this module for its lines
    from pipelines.steps.report import PeriodData


@dataclass(frozen=True, slots=True)
class CoveredLines:
    """Keyed by the key of a line and the kind of list."""

    table: IndicatorTable
    """The counted cells without those of lists that were taken before the window or begin after it."""
    not_expected: frozenset[tuple[str, str]]
    data_days: Mapping[tuple[str, str], date]
    """Day of the newest list; of a line made of several units the oldest of theirs."""
    first_days: Mapping[tuple[str, str], date]
    """Day of the oldest record; of a line made of several units the newest of theirs."""
    unasked: frozenset[str]
    """Lines that sent nothing and are to send nothing: no units of this report."""


def cover_lines(data: PeriodData, about: ReportUnits, catalogue: Catalogue) -> CoveredLines:
    """The lines of one report.

    A list counts for the period when it was exported on its first day or later and has a record of its last
    day counted or earlier.
    """
    reckoning = data.table.reckoning
    expectations = Expectations(catalogue, reckoning.basis, reckoning.as_of)
    not_expected: set[tuple[str, str]] = set()
    days: dict[tuple[str, str], date] = {}
    first_days: dict[tuple[str, str], date] = {}
    uncovered: set[tuple[str, str]] = set()
    for key, codes in about.members.items():
        for kind in LIST_KINDS:
            period_kind, day = reckoning.period.kind, reckoning.closing_day
            is_asked = any(expectations.is_expected(code, kind, period_kind, day) for code in codes)
            # Of the office above its units only what it sends is known to be its own.
            if not is_asked or is_office(key):
                not_expected.add((key, kind))
            if kind == SUPPLEMENT_LIST:
                continue
            newest = [lists[-1].exported_on for code in codes if (lists := data.known.sent.lists(code, kind))]
            within = [day for day in newest if day >= reckoning.start]
            begins = [first for code in codes if (first := data.reach.first.get((kind, code)))]
            if begins:
                first_days[key, kind] = max(begins)
            if newest and begins and min(begins) > reckoning.closing_day:
                uncovered.add((key, kind))  # nobody knows what was before the oldest record: missing, not 0
            elif within:
                days[key, kind] = min(within)
            elif newest:
                uncovered.add((key, kind))
    silent = {unit.code for unit in about.missing}
    unasked = {key for key in silent if all((key, kind) in not_expected for kind in LIST_KINDS)}
    return CoveredLines(
        without_uncovered(data.table, uncovered),
        frozenset(not_expected),
        days,
        first_days,
        frozenset(unasked if unasked < {leaf.code for leaf in about.leaves} else ()),
    )
