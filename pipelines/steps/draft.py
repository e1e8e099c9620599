"""Drafts of one unit for all periods of a night."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.session import Session
from pipelines.steps.drafts import write_folder
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.report import (
    PeriodData,
    build_unit_report,
    count_period,
    leaf_units,
    read_known,
    reckoning_of,
    render_report,
)
from transforms.catalogue.model import Unit
from transforms.findings import Finding
from transforms.indicators.period import periods_containing
from transforms.report.check import check_report

log = logging.getLogger("motcua.draft")


@dataclass(frozen=True, slots=True)
class UnitDrafts:
    """Where the drafts of one unit lie, by period id, and which of them changed."""

    unit_code: str
    folder: Path
    written: tuple[str, ...]
    same: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    """What the finished reports say about themselves."""


# Not a dataclass, for the reason given at Session.
class CountedNight:
    """Every period of a night counted once for all units."""

    def __init__(self, periods: Mapping[str, PeriodData]) -> None:
        self.periods = periods


def nodes_to_draft(session: Session, as_of: date) -> tuple[Unit, ...]:
    """Units that get drafts: every unit that has sent something, and the roll-ups directly above such units.

    A province above a single sampled district would print the district's figures under its own name, so
    a roll-up is drafted only where its own children are leaves.
    """
    catalogue = session.catalogue
    valid = [unit for unit in catalogue.units if unit.is_valid_on(as_of)]
    stored = session.store.deliveries().select(["unit_code", "state"]).to_pylist()
    delivered = {row["unit_code"] for row in stored if row["state"] == "accepted"}
    nodes: list[Unit] = []
    for unit in sorted(valid, key=lambda item: item.code):
        children = catalogue.children(unit.code, as_of)
        if not children:
            if unit.code in delivered:
                nodes.append(unit)
        elif any(child.code in delivered and not catalogue.children(child.code, as_of) for child in children):
            nodes.append(unit)
    return tuple(nodes)


def count_night(session: Session, as_of: date) -> CountedNight:
    """The periods set for the workspace whose window contains the working day, counted for all units."""
    settings, catalogue = session.settings, session.catalogue
    nodes = nodes_to_draft(session, as_of)
    leaves = {leaf.code for node in nodes for leaf in leaf_units(catalogue, node, as_of)}
    known = read_known(session.store, catalogue, sorted(leaves | {node.code for node in nodes}))
    periods = {}
    for period in periods_containing(as_of, settings.period_kinds, settings.basis, catalogue.windows):
        reckoning = reckoning_of(
            period.period_id, settings.basis, catalogue, as_of, rulebook=settings.rulebook
        )
        periods[period.period_id] = count_period(known, catalogue, reckoning)
    return CountedNight(periods)


def draft_unit(
    session: Session, counted: CountedNight, findings: Sequence[OpenFinding], node: Unit
) -> UnitDrafts:
    """Write ``drafts/<unit>/<period>/`` for every period of the night; a report equal to the last is left alone."""
    folder = session.workspace.drafts / node.code
    written: list[str] = []
    same: list[str] = []
    about_report: list[Finding] = []
    for period_id, data in counted.periods.items():
        context = build_unit_report(data, node, session.catalogue, session.templates, findings)
        about_report.extend(check_report(context))
        changed = write_folder(folder / period_id, render_report(context))
        (written if changed else same).append(period_id)
        log.info(
            "draft written" if changed else "draft unchanged",
            extra={"unit_code": node.code, "period_id": period_id},
        )
    return UnitDrafts(node.code, folder, tuple(written), tuple(same), tuple(about_report))
