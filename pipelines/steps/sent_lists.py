"""What units sent, were to send and still owe: the store's deliveries laid beside the expectations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from expectations.deliveries import EmptyLists, OwedSupplements, check_deliveries
from pipelines.session import Session
from pipelines.steps.draft import nodes_to_draft
from pipelines.store import Store
from transforms.canonical.corrections import CORRECTION_PROFILE
from transforms.catalogue.model import SUPPLEMENT_LIST, Catalogue, Unit
from transforms.findings import Finding
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState
from transforms.indicators.expected import Expectations
from transforms.indicators.model import Period
from transforms.indicators.period import MONTH, period_name, window
from transforms.indicators.sent import DOCUMENT, Sent, find_sent, register_directions

_DAYS_OF_ROWS = {
    "dossier": ("received_date", "resolved_date"),
    "fee": ("collected_date", "received_date"),
    DOCUMENT: ("arrived_date", "issued_date"),
}
"""Kind of record → days by which it counts in a period."""


@dataclass(frozen=True, slots=True)
class PeriodCoverage:
    """Every list of every unit for one period."""

    period: Period
    first: date
    last: date
    lists: tuple[DeliveryCoverage, ...]


def read_sent(
    store: Store, catalogue: Catalogue, as_of: date, known_at: datetime | None = None, with_rows: bool = False
) -> Sent:
    """The lists that count, as known; ``with_rows`` also the days of their records, to tell what is empty."""
    deliveries = store.deliveries(known_at)
    # What people decided about records is no list that a unit sent.
    is_own = pc.not_equal(pc.fill_null(deliveries["profile_id"], ""), CORRECTION_PROFILE)
    return find_sent(
        deliveries.filter(is_own),
        store.carried(known_at),
        store.versions(SUPPLEMENT_LIST, known_at),
        register_directions(catalogue),
        as_of,
        _row_days(store, known_at) if with_rows else None,
    )


def expected_units(session: Session, day: date) -> tuple[Unit, ...]:
    """Units that are to send lists, by code: those without units below them beneath what is drafted.

    Every such unit of the catalogue where nothing is drafted yet.
    """
    catalogue = session.catalogue
    parents = {unit.parent_code for unit in catalogue.units if unit.is_valid_on(day)}
    leaves = [unit for unit in catalogue.units if unit.is_valid_on(day) and unit.code not in parents]
    nodes = nodes_to_draft(session, day)
    codes = {node.code for node in nodes}
    members = {child.code for node in nodes if node.is_group for child in catalogue.children(node.code, day)}
    shown = [unit for unit in leaves if unit.code in codes | members or unit.parent_code in codes]
    return tuple(sorted(shown or leaves, key=lambda unit: unit.code))


def cover_periods(
    session: Session, periods: Sequence[Period], units: Sequence[Unit], sent: Sent, as_of: date
) -> tuple[PeriodCoverage, ...]:
    """Those units' lists for each of the periods as they stand on the day. PeriodError for one without a window."""
    basis, windows = session.settings.basis, session.catalogue.windows
    expectations = Expectations(session.catalogue, basis, as_of)
    return tuple(
        PeriodCoverage(
            period, *window(period, basis, windows), expectations.period_coverage(period, units, sent)
        )
        for period in periods
    )


def check_sent(session: Session, as_of: date) -> tuple[Finding, ...]:
    """What units owe, sent late or sent empty; nothing before the first file of all was taken."""
    sent = read_sent(session.store, session.catalogue, as_of, with_rows=True)
    if sent.watched_from is None:
        return ()
    kinds, units = session.settings.period_kinds, expected_units(session, as_of)
    expectations = Expectations(session.catalogue, session.settings.basis, as_of)
    ended = expectations.ended_periods((*kinds, MONTH))
    owed: defaultdict[str, list[tuple[str, date]]] = defaultdict(list)
    by_period = {period: expectations.period_coverage(period, units, sent) for period, _, _ in ended}
    for period, lists in by_period.items():
        for each in lists if period.kind in kinds else ():
            is_owed = each.kind == SUPPLEMENT_LIST and each.state is DeliveryState.MISSING
            # Nobody was asked for the supplements of periods that were over when the workspace began.
            if is_owed and each.due is not None and each.due >= sent.watched_from:
                owed[each.unit_code].append((period_name(period), each.due))
    months = [period for period, _, _ in ended if period.kind == MONTH]
    return check_deliveries(
        units,
        expectations.present_coverage(units, sent, kinds),
        _empty_lists(months[-1], by_period[months[-1]]) if months else EmptyLists(),
        {unit: OwedSupplements(tuple(periods)) for unit, periods in owed.items()},
        frozenset(unit.code for unit in units if sent.is_silent(unit.code)),
    )


def _empty_lists(period: Period, lists: Sequence[DeliveryCoverage]) -> EmptyLists:
    empty = tuple(each for each in lists if each.state is DeliveryState.EMPTY)
    return EmptyLists(empty, period_name(period))


def _row_days(store: Store, known_at: datetime | None) -> Mapping[tuple[str, str], Sequence[date]]:
    found: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for kind, names in _DAYS_OF_ROWS.items():
        rows = store.versions(kind, known_at)
        keys = ["unit_code", "direction"] if kind == DOCUMENT else ["unit_code"]
        for name in names:
            dated = pa.table([*(rows[key] for key in keys), rows[name]], names=[*keys, "day"])
            for row in dated.group_by([*keys, "day"], use_threads=False).aggregate([]).to_pylist():
                if row["day"] is not None:
                    own = f"{kind}.{row['direction']}" if kind == DOCUMENT else kind
                    found[row["unit_code"], own].add(row["day"])
    return {key: sorted(days) for key, days in found.items()}
