"""Closed periods that would say something else now: what came late stays out of them and is told."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from pipelines.editions import INTERNAL
from pipelines.errors import UserError
from pipelines.publications.model import Publication, Series, read_publications
from pipelines.session import Session, find_unit
from pipelines.steps.periods import UnitPeriod, find_unit_period, parse_period_decisions, state_of
from pipelines.steps.published_sides import counted_cells, kept_cells
from pipelines.steps.report import PeriodData, count_period, read_known, reckoning_of
from pipelines.steps.rollup import report_units, unit_map
from transforms.findings import Finding
from transforms.indicators.closing import PeriodState, check_closed_draft
from transforms.indicators.model import Reckoning
from transforms.indicators.rollup import code_of

log = logging.getLogger("motcua.closed")

LOOKED_BACK = timedelta(days=92)
"""After its last day a period is looked at for so long: late files come within weeks, and counting costs time."""

_Closed = tuple[Publication, UnitPeriod, PeriodState]


def find_late_deliveries(session: Session, as_of: date) -> tuple[Finding, ...]:
    """A note for each closed period whose newest publication differs from a count of all that is known now.

    Counted as the publication was: same days, rulebook and closing day, so that only what came since can
    differ. Nothing is counted where nothing came. A publication that cannot be read is left to ``motcua verify``.
    """
    found: list[Finding] = []
    counted: dict[Reckoning, PeriodData] = {}
    closed = _closed_since(session, as_of)
    units = _units_by_reckoning(session, closed)
    for publication, target, state in closed:
        reckoning = _reckoning(session, publication)
        try:
            published = kept_cells(session, publication)
        except UserError:
            log.warning("publication not readable", extra={"unit_code": publication.unit_code})
            continue
        if reckoning not in counted:
            known = read_known(session.store, session.catalogue, sorted(units[reckoning]))
            counted[reckoning] = count_period(known, session.catalogue, reckoning)
        node = find_unit(session.catalogue, code_of(publication.unit_code), reckoning.closing_day)
        about = report_units(counted[reckoning], node)
        drafted = counted_cells(counted[reckoning].table, about.node, about.leaves)
        if finding := check_closed_draft(target.unit, target.period, state, published, drafted):
            found.append(finding)
    return tuple(found)


def _closed_since(session: Session, as_of: date) -> list[_Closed]:
    """The newest publication of each closed period that is still looked at, where something came after it."""
    newest: dict[Series, Publication] = {
        each.series: each for each in read_publications(session.store) if each.edition == INTERNAL
    }
    arrivals = session.store.deliveries().to_pylist()
    decisions = parse_period_decisions(session.store.decisions())
    found: list[_Closed] = []
    for publication in newest.values():
        if not _came_after(publication, arrivals):
            continue
        target = find_unit_period(
            session, code_of(publication.unit_code), publication.period_id, publication.basis
        )
        state = state_of(target, as_of, decisions, session.catalogue)
        if state.is_closed and as_of <= target.end + LOOKED_BACK:
            found.append((publication, target, state))
    return found


def _came_after(publication: Publication, arrivals: Iterable[Mapping[str, Any]]) -> bool:
    return any(
        row["known_from"] > publication.known_at or row["state"] == "retracted"
        for row in arrivals
        if row["state"] != "refused"
    )


def _units_by_reckoning(session: Session, closed: Iterable[_Closed]) -> dict[Reckoning, set[str]]:
    """Every unit whose records are needed, so that one count serves all publications of a period."""
    found: dict[Reckoning, set[str]] = {}
    for publication, _, _ in closed:
        reckoning = _reckoning(session, publication)
        node = find_unit(session.catalogue, code_of(publication.unit_code), reckoning.closing_day)
        lines = unit_map(session.catalogue, reckoning)
        found.setdefault(reckoning, set()).update(lines.stored_codes(node))
    return found


def _reckoning(session: Session, publication: Publication) -> Reckoning:
    return reckoning_of(
        publication.period_id,
        publication.basis,
        session.catalogue,
        publication.as_of,
        publication.cutoff,
        publication.rulebook,
    )
