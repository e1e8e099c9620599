"""Drafts of one unit for all periods of a night."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.session import Session
from pipelines.steps.drafts import write_folder
from pipelines.steps.earlier import CountedDays, earlier_codes, with_earlier
from pipelines.steps.ended_periods import EndedPeriods, find_ended
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.report import (
    KnownRecords,
    PeriodData,
    build_unit_report,
    count_period,
    leaf_units,
    read_known,
    reckoning_of,
    render_report,
)
from pipelines.steps.rollup import unit_map
from pipelines.steps.series import count_neighbours
from transforms.catalogue.model import Unit
from transforms.findings import Finding
from transforms.indicators.model import IndicatorTable
from transforms.indicators.period import periods_containing
from transforms.indicators.rollup import MapOf
from transforms.report.blocks import ReportContext
from transforms.report.check import check_report

log = logging.getLogger("motcua.draft")
_NONE_ENDED = EndedPeriods()


@dataclass(frozen=True, slots=True)
class UnitDrafts:
    """Where the drafts of one unit lie, by period id, and which of them changed."""

    unit_code: str
    folder: Path
    written: tuple[str, ...]
    same: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    """What the finished reports say about themselves."""
    ended: tuple[str, ...] = ()
    """Periods that are over, of which the report was only built again to see what it says about itself."""

    @property
    def built(self) -> tuple[str, ...]:
        """Ids of the periods of which the report was built."""
        return (*self.written, *self.same, *self.ended)


# Not a dataclass, for the reason given at Session.
class CountedNight:
    """Every period of a night counted once for all units, with the dossiers of those that it must agree with."""

    def __init__(
        self,
        periods: Mapping[str, PeriodData],
        neighbours: Sequence[IndicatorTable] = (),
        known: KnownRecords | None = None,
        ended: EndedPeriods = _NONE_ENDED,
    ) -> None:
        self.periods = periods
        self.ended = ended
        self.neighbours = tuple(neighbours)
        """Counts of the periods before and of the parts, dossiers only; nothing is drafted from them."""
        self.known = known
        """What all of it was counted from, before it was put under the lines of a roll-up."""


def nodes_to_draft(session: Session, as_of: date) -> tuple[Unit, ...]:
    """Units that get drafts: every unit that has sent something, and the roll-ups directly above such units.

    A unit whose rows came in the list of another, such as its district's, has sent them. A province above a
    single sampled district would print the district's figures under its own name, so a roll-up is drafted only
    where its own children are leaves; a group of the workspace where it says so.
    """
    catalogue = session.catalogue
    valid = [unit for unit in catalogue.units if unit.is_valid_on(as_of)]
    drafted = {group.code for group in catalogue.groups if group.is_drafted}
    groups = [group.as_unit() for group in catalogue.groups if group.code in drafted]
    stored = session.store.deliveries().select(["unit_code", "state"]).to_pylist()
    delivered = {row["unit_code"] for row in stored if row["state"] == "accepted"}
    delivered.update(session.store.carried().column("unit_code").to_pylist())
    parents = {unit.parent_code for unit in valid}
    nodes: list[Unit] = []
    for unit in sorted([*valid, *groups], key=lambda item: item.code):
        if unit.code not in parents and not unit.is_group:
            if unit.code in delivered:
                nodes.append(unit)
            continue
        children = catalogue.children(unit.code, as_of)
        if unit.is_group:
            leaves = {leaf.code for child in children for leaf in leaf_units(catalogue, child, as_of)}
            if leaves & delivered:
                nodes.append(unit)
        elif any(child.code in delivered and child.code not in parents for child in children):
            nodes.append(unit)
    return tuple(nodes)


def count_night(session: Session, as_of: date) -> CountedNight:
    """The periods set for the workspace whose window contains the working day, counted for all units."""
    settings, catalogue = session.settings, session.catalogue
    nodes = nodes_to_draft(session, as_of)
    reckonings = [
        reckoning_of(period.period_id, settings.basis, catalogue, as_of, rulebook=settings.rulebook)
        for period in periods_containing(as_of, settings.period_kinds, settings.basis, catalogue.windows)
    ]
    codes = {node.code for node in nodes}
    ended, reports = find_ended(session, as_of)
    for reckoning in (*reckonings, *ended.values()):
        lines = unit_map(catalogue, reckoning)
        codes.update(code for node in nodes for code in lines.stored_codes(node))
    for reckoning in reckonings:
        codes.update(code for node in nodes for code in earlier_codes(catalogue, reckoning, node, MapOf.THEN))
    known = read_known(session.store, catalogue, sorted(codes))
    earlier: CountedDays = {}
    periods = {
        reckoning.period.period_id: with_earlier(
            count_period(known, catalogue, reckoning), known, catalogue, counted=earlier
        )
        for reckoning in reckonings
    }
    over = {period: count_period(known, catalogue, reckoning) for period, reckoning in ended.items()}
    neighbours = count_neighbours(known, catalogue, (*reckonings, *ended.values()), earlier)
    return CountedNight(periods, neighbours, known, EndedPeriods(over, reports))


def draft_files(
    session: Session, data: PeriodData, node: Unit, findings: Sequence[OpenFinding]
) -> tuple[dict[str, bytes], tuple[ReportContext, ...]]:
    """The files of one draft by their path in its folder, and the reports they show.

    The first type of report set for the workspace lies in the folder itself, each other one in a folder of its
    own below.
    """
    files: dict[str, bytes] = {}
    contexts = build_contexts(session, data, node, findings)
    for number, (report_type, context) in enumerate(
        zip(session.settings.report_types, contexts, strict=True)
    ):
        below = f"{report_type}/" if number else ""
        files.update({below + name: content for name, content in render_report(context).items()})
    return files, contexts


def build_contexts(
    session: Session, data: PeriodData, node: Unit, findings: Sequence[OpenFinding]
) -> tuple[ReportContext, ...]:
    """The content of the unit's report, one for each type of report set for the workspace."""
    return tuple(
        build_unit_report(data, node, session.catalogue, session.templates, findings, report_type=report_type)
        for report_type in session.settings.report_types
    )


def draft_unit(
    session: Session, counted: CountedNight, findings: Sequence[OpenFinding], node: Unit
) -> UnitDrafts:
    """Write ``drafts/<unit>/<period>/`` for every period of the night; a report equal to the last is left alone."""
    folder = session.workspace.drafts / node.code
    written: list[str] = []
    same: list[str] = []
    about_report: list[Finding] = []
    for period_id, data in counted.periods.items():
        files, contexts = draft_files(session, data, node, findings)
        about_report.extend(finding for context in contexts for finding in check_report(context))
        changed = write_folder(folder / period_id, files)
        (written if changed else same).append(period_id)
        log.info(
            "draft written" if changed else "draft unchanged",
            extra={"unit_code": node.code, "period_id": period_id},
        )
    ended = tuple(period for period in counted.ended.data if (node.code, period) in counted.ended.reports)
    for period_id in ended:
        contexts = build_contexts(session, counted.ended.data[period_id], node, findings)
        about_report.extend(finding for context in contexts for finding in check_report(context))
    return UnitDrafts(node.code, folder, tuple(written), tuple(same), tuple(about_report), ended)
