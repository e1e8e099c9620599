"""What a unit has to do: dossiers that fall due soon, and what to mend or close first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.clock import today
from pipelines.session import Session, find_unit
from pipelines.steps.on_demand import require_deliveries
from pipelines.steps.open_findings import open_findings
from pipelines.steps.records import read_versions
from pipelines.steps.report import PeriodData, count_period, read_known, reckoning_of
from pipelines.steps.rollup import ReportUnits, report_units, require_on_map, unit_map
from pipelines.steps.todo_apart import find_apart, find_second_dossiers
from pipelines.store import Store
from transforms.canonical.identity import TWO_DOSSIERS
from transforms.catalogue.model import Catalogue, Unit
from transforms.history.as_known import known_dossiers
from transforms.indicators.due_soon import DueCounts, DueSoon, count_due, find_due_soon
from transforms.indicators.effect import Counting
from transforms.indicators.fix_list import SHOWN_FIXES, FixList, build_fix_lists
from transforms.indicators.model import Reckoning
from transforms.indicators.period import period_name, periods_containing
from transforms.indicators.rollup import code_of, place_dossiers
from transforms.indicators.state import DossierHistory

_NO_COUNTS: Mapping[str, DueCounts] = {}


@dataclass(frozen=True, slots=True)
class TodoList:
    """What one unit has to do, as known at one instant; the same inputs give the same list."""

    unit: Unit
    reckoning: Reckoning
    period_name: str
    data_date: date | None
    """Earliest export day among the newest lists: what was done since is not known yet."""
    due: DueSoon
    fixes: FixList
    is_missing: bool = False
    """True when the unit sent nothing that could be read: an empty list then says nothing."""


@dataclass(frozen=True, slots=True)
class TodoRequest:
    """What was asked for; None where a default holds."""

    unit_code: str
    period_id: str | None = None
    """The first kind of period of the workspace that contains the working day."""
    as_of: date | None = None
    known_at: datetime | None = None
    shown: int = SHOWN_FIXES


@dataclass(frozen=True, slots=True)
class StoredRecords:
    """What a period was counted from, before it was put under the lines of a roll-up."""

    dossiers: DossierHistory
    """Row beside row with the population of the count."""
    codes: Sequence[str]
    """Unit codes that were read."""
    known_at: datetime


def build_todo(session: Session, request: TodoRequest) -> tuple[TodoList, ...]:
    """One list for each unit below the node, the unit's own where it has none below it.

    Raises UsageProblemError for a unit or period that is not, and for an empty store.
    """
    catalogue = session.catalogue_at(request.known_at)
    find_unit(catalogue, request.unit_code)
    as_of = request.as_of or today(session.clock)
    settings = session.settings
    period_id = request.period_id
    if period_id is None:
        current = periods_containing(as_of, settings.period_kinds, settings.basis, catalogue.windows)
        period_id = current[0].period_id if current else str(as_of.year)
    reckoning = reckoning_of(period_id, settings.basis, catalogue, as_of, rulebook=settings.rulebook)
    known_at = require_deliveries(session, request.known_at)
    node = find_unit(catalogue, request.unit_code, reckoning.closing_day)
    lines = unit_map(catalogue, reckoning)
    require_on_map(lines, node)
    codes = lines.stored_codes(node)
    known = read_known(session.store, catalogue, codes, known_at)
    data = count_period(known, catalogue, reckoning)
    about = report_units(data, node)
    stored = StoredRecords(known.dossiers, codes, known_at)
    return build_todo_lists(session, catalogue, data, stored, about, request.shown)


def build_todo_lists(
    session: Session,
    catalogue: Catalogue,
    data: PeriodData,
    stored: StoredRecords,
    about: ReportUnits,
    shown: int = SHOWN_FIXES,
) -> tuple[TodoList, ...]:
    """The lists of the units of a report, from a period that is counted already under that catalogue."""
    store, reckoning = session.store, data.table.reckoning

    def place(history: DossierHistory) -> DossierHistory:
        return place_dossiers(history, data.units)

    dossiers, codes, known_at = stored.dossiers, stored.codes, stored.known_at
    counting = Counting(dossiers, data.known.fees, reckoning, catalogue, place)
    second = _shared_codes(store, known_at, set(codes))
    apart = (
        *find_apart(store, catalogue, dossiers.latest, set(codes), known_at),
        *find_second_dossiers(store, catalogue, dossiers.latest, codes, known_at, second),
    )
    explained = {
        (finding.code, finding.unit_code)
        for finding in open_findings(store, day=reckoning.as_of, known_at=known_at)
        if finding.is_explained
    }
    fixes = build_fix_lists(data.table, counting, apart, explained, shown)
    due = find_due_soon(dossiers, reckoning.as_of, catalogue, place)
    return tuple(
        TodoList(
            leaf,
            reckoning,
            period_name(reckoning.period),
            about.data_date,
            due.get(leaf.code, DueSoon(leaf.code, reckoning.as_of, DueCounts(), (), 0, 0)),
            fixes.get(leaf.code, FixList(leaf.code, (), (), 0)),
            leaf in about.missing,
        )
        for leaf in about.leaves
    )


def read_due_counts(session: Session, units: Collection[str], as_of: date) -> Mapping[str, DueCounts]:
    """Unit → how many of its dossiers fall due soon, as known now; for messages, which print nothing else."""
    if not units:
        return _NO_COUNTS
    versions = read_versions(session.store, "dossier", session.catalogue, None, sorted(units))
    due = find_due_soon(known_dossiers(versions), as_of, session.catalogue)
    return {unit: count_due(due.get(unit)) for unit in units}


def _shared_codes(store: Store, known_at: datetime, units: Collection[str]) -> set[str]:
    """Codes that the open findings say are used by two dossiers of one of these units."""
    return {
        place["subject"]
        for row in store.findings(known_at).to_pylist()
        if (row["state"], row["code"]) == ("open", TWO_DOSSIERS) and code_of(row["unit_code"]) in units
        for place in row["places"] or []
        if place["subject"]
    }
