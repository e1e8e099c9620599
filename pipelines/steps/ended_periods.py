"""Periods that are over while something about them is open: looked at again, so that their end is not taken for a mending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.session import Session
from pipelines.steps.closed import LOOKED_BACK
from pipelines.steps.open_findings import ABOUT_PERIODS, ABOUT_REPORTS
from pipelines.steps.report import PeriodData, reckoning_of
from transforms.indicators.model import Period, Reckoning
from transforms.indicators.period import PeriodError, parse_period, period_name, periods_of_year, window


@dataclass(frozen=True, slots=True)
class EndedPeriods:
    """Periods before those of the night, counted again from what is known now."""

    data: Mapping[str, PeriodData] = field(default_factory=dict)
    """By period id; nothing is drafted from them."""
    reports: frozenset[tuple[str, str]] = frozenset()
    """(unit, period id) of the reports that had something to say of themselves."""


def find_ended(session: Session, as_of: date) -> tuple[dict[str, Reckoning], frozenset[tuple[str, str]]]:
    """Periods with open findings that ended within ``LOOKED_BACK``, and (unit, period id) of findings about reports.

    Findings about older periods are left as they are: nobody mends those any more.
    """
    told = [
        (row["unit_code"] or "", row["period_id"], row["code"].startswith(ABOUT_REPORTS))
        for row in session.store.findings().to_pylist()
        if row["state"] == "open"
        and row["period_id"]
        and row["code"].startswith((*ABOUT_PERIODS, *ABOUT_REPORTS))
    ]
    named = {
        told_as: period for period in _ended(session, as_of) for told_as in period_texts(period.period_id)
    }
    settings = session.settings
    wanted = {named[period].period_id for _, period, _ in told if period in named}
    reckonings = {
        period_id: reckoning_of(
            period_id, settings.basis, session.catalogue, as_of, rulebook=settings.rulebook
        )
        for period_id in sorted(wanted)
    }
    return reckonings, frozenset(
        (unit, named[period].period_id) for unit, period, is_report in told if is_report and period in named
    )


def period_texts(period_id: str) -> tuple[str, str]:
    """What a finding may hold of a period: its id, or its name where a finished report speaks of itself."""
    return period_id, period_name(parse_period(period_id))


def _ended(session: Session, as_of: date) -> list[Period]:
    found: list[Period] = []
    for period in (*periods_of_year(as_of.year - 1), *periods_of_year(as_of.year)):
        try:
            _, end = window(period, session.settings.basis, session.catalogue.windows)
        except PeriodError:
            continue
        if as_of - LOOKED_BACK <= end < as_of:
            found.append(period)
    return found
