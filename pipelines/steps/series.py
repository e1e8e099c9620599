"""Counts of the periods that a night's periods must agree with: the one before, and the parts of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from pipelines.steps.report import KnownRecords
from pipelines.steps.rollup import unit_map
from transforms.catalogue.model import Catalogue
from transforms.indicators.build import build_indicators
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import PeriodError, reckon
from transforms.indicators.rollup import place_dossiers
from transforms.indicators.series import just_before, parts_of
from transforms.schema.tables import DOCUMENT

_NONE: Mapping[tuple[date, date], IndicatorTable] = MappingProxyType({})


def count_neighbours(
    known: KnownRecords,
    catalogue: Catalogue,
    reckonings: Sequence[Reckoning],
    already: Mapping[tuple[date, date], IndicatorTable] = _NONE,
) -> tuple[IndicatorTable, ...]:
    """The dossiers of every neighbouring period that has begun by the working day, each counted once.

    Dossiers matter here, and receipts for the channel that they tell; documents are flows, which no identity
    ties to another period. ``already``: counts made of the same records for another purpose, by first and last
    day; they are not made twice.
    """
    counted = {(reckoning.start, reckoning.closing_day) for reckoning in reckonings}
    found: list[IndicatorTable] = []
    for reckoning in reckonings:
        for period in (just_before(reckoning.period), *parts_of(reckoning.period)):
            try:
                own = reckon(
                    period, reckoning.basis, catalogue.windows, reckoning.as_of, rulebook=reckoning.rulebook
                )
            except PeriodError:
                continue  # not begun yet, or without a window under this basis
            days = (own.start, own.closing_day)
            if days in counted:
                continue
            counted.add(days)
            if days in already:
                found.append(already[days])
                continue
            dossiers = place_dossiers(known.dossiers, unit_map(catalogue, own))
            found.append(build_indicators(dossiers, known.fees, DOCUMENT.empty(), own, catalogue))
    return tuple(found)
