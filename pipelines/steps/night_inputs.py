"""What the pages of a night show, gathered from what was counted, checked and sent, and from the last night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from expectations.life import FIXED, life_states
from pipelines.clock import VIETNAM
from pipelines.errors import UsageProblemError
from pipelines.run_records import SUCCESS, read_run
from pipelines.session import Session, find_unit
from pipelines.steps.draft import CountedNight
from pipelines.steps.finding_life import read_histories, read_opened_on
from pipelines.steps.open_findings import ABOUT_REPORTS, OpenFinding, is_about_report, open_findings
from pipelines.steps.report import (
    FORMATS,
    KnownRecords,
    PeriodData,
    count_period,
    read_known,
    reckoning_of,
    report_inputs,
)
from pipelines.steps.rollup import report_units, unit_map
from pipelines.steps.sent_lists import cover_periods, read_sent
from pipelines.steps.todo import StoredRecords, build_todo_lists
from transforms.calendar.work_calendar import build_calendar
from transforms.catalogue.model import SUPPLEMENT_LIST, Catalogue, Unit
from transforms.indicators.backlog import BacklogCells, count_backlog
from transforms.indicators.build import build_indicators
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.period import MONTH, PeriodError, periods_containing, previous, reckon
from transforms.indicators.rollup import code_of, place_dossiers
from transforms.indicators.sent import Sent
from transforms.report.pages.inputs import Before, MonthCount, NightInputs, OpenCurve, PageFinding, UnitTodo
from transforms.report.pages.rollup_page import INDEX
from transforms.schema.tables import DOCUMENT

MONTHS = 13
"""A month and the same one a year ago, with those between."""
RUN_PAGE = "../runs/latest/index.html"
_DRAFT_FILES = (("Trang", FORMATS["html"]), ("Word", FORMATS["docx"]), ("Excel", FORMATS["xlsx"]))
_NIGHTLY = "*-nightly*"


# Not a dataclass, for the reason given at Session.
class PagesNight:
    """One night as its pages need it: read once, then asked for every node."""

    def __init__(
        self, session: Session, counted: CountedNight, findings: Sequence[OpenFinding], as_of: date
    ) -> None:
        if counted.known is None or not counted.periods:
            raise ValueError("a night without counted records has no pages")
        self.session, self.catalogue, self.as_of = session, session.catalogue, as_of
        self.known: KnownRecords = counted.known
        # The longest period tells most; of equal ones the first that the workspace names.
        self.periods: tuple[PeriodData, ...] = tuple(
            sorted(counted.periods.values(), key=lambda data: data.table.reckoning.start)
        )
        self.main = self.periods[0]
        self.last_night = find_last_night(session.workspace.runs)
        self.findings = _page_findings(session, findings, self.last_night)
        self.before = _count_before(session, self.main, self.known, self.last_night)
        self.months = _count_months(self.known, self.catalogue, self.main.table.reckoning, counted.neighbours)
        self.backlog: BacklogCells = count_backlog(
            self.main.table.population,
            self.main.table.reckoning.closing_day,
            build_calendar(self.catalogue.days_off),
        )
        self.sent: Sent = read_sent(session.store, self.catalogue, as_of, with_rows=True)
        self.curves = _curves(session)

    def inputs(
        self, node: Unit, page_name: str = INDEX, drafted: frozenset[str] = frozenset()
    ) -> NightInputs:
        """Everything that the page of a node and those of its units show."""
        about = report_units(self.main, node)
        reports = tuple(report_inputs(data, node, self.catalogue, {}, ()) for data in self.periods)
        units = [replace(leaf, code=code_of(leaf.code)) for leaf in about.leaves]
        periods = [data.table.reckoning.period for data in self.periods]
        covered = cover_periods(self.session, periods, units, self.sent, self.as_of)
        stored = StoredRecords(
            self.known.dossiers,
            sorted(about.stored_codes),
            self.session.store.last_commit() or self.session.clock.now(),
        )
        lists = build_todo_lists(self.session, self.catalogue, self.main, stored, about)
        codes = {unit.code for unit in units} | {node.code}
        return NightInputs(
            reports=reports,
            months=tuple(
                MonthCount(table.reckoning, table, _lines(self.catalogue, table, node))
                for table in self.months
            ),
            told_since={(code, kind): day for (kind, code), day in self.main.reach.since.items()},
            told_until={(code, kind): day for (kind, code), day in self.main.reach.until.items()},
            lists=covered[0].lists,
            other_supplements={
                each.period.period_id: tuple(sent for sent in each.lists if sent.kind == SUPPLEMENT_LIST)
                for each in covered[1:]
            },
            findings=tuple(each for each in self.findings if each.unit_code in codes or not each.unit_code),
            curves=_curves_of(self.curves, codes),
            todo={
                item.unit.code: UnitTodo(item.due, item.fixes, item.data_date)
                for item in lists
                if not item.is_missing
            },
            backlog=self.backlog,
            before=self.before,
            drafted=drafted,
            draft_files=_DRAFT_FILES,
            page_name=page_name,
            run_page=RUN_PAGE,
        )


@dataclass(frozen=True, slots=True)
class LastNight:
    """The night before this one: the last that ended well."""

    known_at: datetime
    as_of: date


def find_last_night(runs: Path) -> LastNight | None:
    """The last night that ended well and says what it knew; None before the first."""
    for folder in sorted(runs.glob(_NIGHTLY), key=lambda path: path.name, reverse=True):
        record = read_run(folder)
        day = record.summary.get("as_of")
        if record.state == SUCCESS and record.known_at and day:
            return LastNight(datetime.fromisoformat(record.known_at), date.fromisoformat(day))
    return None


def _page_findings(
    session: Session, now: Sequence[OpenFinding], last_night: LastNight | None
) -> tuple[PageFinding, ...]:
    """What is open, then what was mended since the last night; what is about the reports themselves is left out."""
    since = read_opened_on(session.store)
    open_now = {each.finding_id: each for each in now if not is_about_report(each)}
    if last_night is None:
        return tuple(
            _page_finding(each, "explained" if each.is_explained else "", since) for each in open_now.values()
        )
    then = open_findings(session.store, day=last_night.as_of, known_at=last_night.known_at)
    open_then = {each.finding_id: each for each in then if not is_about_report(each)}
    states = life_states(
        {identity: each.state() for identity, each in open_then.items()},
        {identity: each.state() for identity, each in open_now.items()},
    )
    fixed = {identity: each for identity, each in open_then.items() if states[identity] == FIXED}
    return tuple(
        _page_finding(each, states[identity], since) for identity, each in {**open_now, **fixed}.items()
    )


def _page_finding(each: OpenFinding, state: str, since: Mapping[str, date]) -> PageFinding:
    return PageFinding(
        each.finding_id,
        each.code,
        each.severity,
        each.audience,
        each.unit_code,
        each.period_id,
        each.count,
        each.sentence,
        each.remedy,
        state,
        since.get(each.finding_id),
    )


def _count_before(
    session: Session, main: PeriodData, known: KnownRecords, last_night: LastNight | None
) -> Before | None:
    """The main period as the last night counted it."""
    if last_night is None:
        return None
    reckoning, known_at = main.table.reckoning, last_night.known_at
    catalogue = session.catalogue_at(known_at)
    try:
        then = reckoning_of(
            reckoning.period.period_id,
            reckoning.basis,
            catalogue,
            last_night.as_of,
            rulebook=reckoning.rulebook,
        )
    except UsageProblemError:
        return Before(last_night.as_of, known_at.isoformat(), None)
    stored = read_known(session.store, catalogue, sorted(known.asked), known_at)
    table = count_period(stored, catalogue, then).table
    return Before(last_night.as_of, known_at.isoformat(), _without_rows(table))


def _count_months(
    known: KnownRecords, catalogue: Catalogue, main: Reckoning, already: Sequence[IndicatorTable]
) -> tuple[IndicatorTable, ...]:
    """The dossiers of the last months up to the working day, oldest first; a month without a window is left out."""
    counted = {(table.reckoning.start, table.reckoning.closing_day): table for table in already}
    current = periods_containing(main.as_of, (MONTH,), main.basis, catalogue.windows)
    found: list[IndicatorTable] = []
    period: Period | None = current[0] if current else None
    while period is not None and len(found) < MONTHS:
        try:
            own = reckon(period, main.basis, catalogue.windows, main.as_of, rulebook=main.rulebook)
        except PeriodError:
            break
        # Counts of the same days agree in everything but the name of the period, which their ids need.
        same = counted.get((own.start, own.closing_day))
        if same is None or same.reckoning != own:
            dossiers = place_dossiers(known.dossiers, unit_map(catalogue, own))
            same = build_indicators(dossiers, known.fees, DOCUMENT.empty(), own, catalogue)
        found.append(_without_rows(same))
        period = previous(period)
    return tuple(reversed(found))


def _without_rows(table: IndicatorTable) -> IndicatorTable:
    """The count without the dossiers behind it: what leads back to them counts again."""
    return replace(table, population=table.population.schema.empty_table())


def _lines(catalogue: Catalogue, table: IndicatorTable, node: Unit) -> tuple[str, ...]:
    """Keys of the lines that the node had in that month; none where there was no such node."""
    reckoning = table.reckoning
    try:
        then = find_unit(catalogue, node.code, reckoning.closing_day)
    except UsageProblemError:
        return ()
    if then.valid_from > reckoning.closing_day:
        return ()
    with_figures = {unit for (_, unit, _), value in table.cells.items() if value}
    return tuple(line.unit.code for line in unit_map(catalogue, reckoning).lines(then, with_figures))


def _curves(session: Session) -> tuple[OpenCurve, ...]:
    """Open rows per unit and audience at the end of each day, findings about reports left out."""
    last = session.store.last_commit()
    if last is None:
        return ()
    summed: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    days: tuple[date, ...] = ()
    for history in read_histories(session.store, last.astimezone(VIETNAM).date()):
        if history.code not in session.messages or history.code.startswith(ABOUT_REPORTS):
            continue
        key, days = (history.unit_code, session.messages[history.code].audience), history.days
        summed[key] = [a + b for a, b in zip(summed[key] or [0] * len(days), history.counts, strict=True)]
    return tuple(
        OpenCurve(unit, audience, days, tuple(counts)) for (unit, audience), counts in sorted(summed.items())
    )


def _curves_of(curves: Sequence[OpenCurve], codes: set[str]) -> tuple[OpenCurve, ...]:
    """The curves of some units, and their sum for each audience under no unit."""
    own = [each for each in curves if each.unit_code in codes]
    found = [each for each in own if each.unit_code]
    for audience in sorted({each.audience for each in own}):
        members = [each for each in own if each.audience == audience]
        counts = tuple(map(sum, zip(*(each.counts for each in members), strict=True)))
        found.append(OpenCurve("", audience, members[0].days, counts))
    return tuple(found)
