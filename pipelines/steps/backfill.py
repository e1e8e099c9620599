"""Drafts of many past periods, in order, from what the store knows: shown first, then written, resumable.

The records are read once, as known at one instant, so that every period is written from the same knowledge however
long it takes. A draft that is done is noted in the run's folder; the next backfill of the same range, instant,
working day and catalogue goes on behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from pipelines.editions import INTERNAL
from pipelines.errors import UsageProblemError
from pipelines.progress import Progress
from pipelines.publications.folder import publication_folder
from pipelines.publications.model import Publication, read_publications
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.steps.draft import draft_files, nodes_to_draft
from pipelines.steps.drafts import write_folder
from pipelines.steps.earlier import CountedDays, earlier_codes, with_earlier
from pipelines.steps.on_demand import require_deliveries
from pipelines.steps.open_findings import OpenFinding, is_about_report, open_findings
from pipelines.steps.report import (
    FORMATS,
    KnownRecords,
    PeriodData,
    build_unit_report,
    count_period,
    read_known,
    reckoning_of,
    render_report,
)
from pipelines.steps.rollup import unit_map
from transforms.catalogue.model import Unit
from transforms.indicators.model import Reckoning
from transforms.indicators.period import PeriodError, parse_period, periods_between
from transforms.indicators.rollup import MapOf
from transforms.report.blocks import ReportContext

COMMAND = "backfill"
_DONE = "done.jsonl"


@dataclass(frozen=True, slots=True)
class Backfill:
    """What is to be written again, and from what.

    ``reckonings`` in the order of their last days, shorter periods first; ``nodes`` beside them: the units that
    there were in each.
    """

    reckonings: tuple[Reckoning, ...]
    nodes: tuple[tuple[Unit, ...], ...]
    known_at: datetime
    as_of: date
    findings: tuple[OpenFinding, ...]

    @property
    def parameters(self) -> dict[str, str]:
        """What must be equal for an interrupted backfill to be gone on with."""
        first, last = self.reckonings[0], self.reckonings[-1]
        return {
            "first": first.period.period_id,
            "last": last.period.period_id,
            "periods": ",".join(each.period.period_id for each in self.reckonings),
            "units": ",".join(sorted({node.code for nodes in self.nodes for node in nodes})),
            "basis": first.basis,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
        }

    @property
    def count(self) -> int:
        """Drafts in all."""
        return sum(len(nodes) for nodes in self.nodes)


@dataclass(frozen=True, slots=True)
class DraftChange:
    """What writing one draft would change.

    ``state``: new, changed, same, or done by the backfill that was interrupted. ``figure_count``: figures of the
    present draft that would read otherwise, come or go. ``published``: number of the newest publication of the
    period, 0 where there is none; ``published_count``: its figures that the new draft contradicts.
    """

    unit_code: str
    unit_name: str
    period_id: str
    state: str
    figure_count: int = 0
    published: int = 0
    published_count: int = 0


def plan_backfill(
    session: Session,
    first: str,
    last: str,
    units: Sequence[str],
    as_of: date,
    known_at: datetime | None = None,
) -> Backfill:
    """The periods of the workspace's kinds that lie within the range, and the units of each.

    Raises UsageProblemError for a range that is empty, turned around or not begun, and for an unknown unit.
    """
    settings, catalogue = session.settings, session.catalogue
    for code in units:
        session.unit(code)
    try:
        periods = periods_between(parse_period(first), parse_period(last), settings.period_kinds)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    reckonings: list[Reckoning] = []
    for period in periods:
        try:
            reckonings.append(
                reckoning_of(period.period_id, settings.basis, catalogue, as_of, rulebook=settings.rulebook)
            )
        except UsageProblemError:
            continue  # not begun yet, or without a window under this basis
    reckonings.sort(key=lambda each: (each.end, -each.start.toordinal()))
    if not reckonings:
        raise UsageProblemError(
            f"Không có kỳ báo cáo nào từ {first} đến {last} đã bắt đầu tính đến ngày làm việc; "
            "hãy kiểm tra --from, --to và khóa period_kinds trong motcua.toml."
        )
    instant = require_deliveries(session, known_at)
    nodes = tuple(
        tuple(node for node in nodes_to_draft(session, each.closing_day) if not units or node.code in units)
        for each in reckonings
    )
    findings = tuple(
        each
        for each in open_findings(session.store, day=as_of, known_at=instant)
        if not is_about_report(each)
    )
    return Backfill(tuple(reckonings), nodes, instant, as_of, findings)


def preview(
    session: Session, plan: Backfill, done: frozenset[tuple[str, str]], progress: Progress
) -> tuple[DraftChange, ...]:
    """What every draft of the plan would change, in order; nothing is written."""
    # In the order of their numbers, so the newest stays.
    issued = {
        (each.unit_code, each.period_id): each
        for each in read_publications(session.store)
        if (each.basis, each.report_type, each.edition)
        == (session.settings.basis, session.settings.report_types[0], INTERNAL)
    }
    found: list[DraftChange] = []
    for number, (data, node) in enumerate(_counted(session, plan), start=1):
        found.append(_change(session, data, node, plan, done, issued))
        progress("Xem trước", number, plan.count)
    return tuple(found)


def write_backfill(
    session: Session, run: Run, plan: Backfill, done: frozenset[tuple[str, str]], progress: Progress
) -> tuple[int, int]:
    """Drafts written and drafts left alone because they are the same already.

    Each is noted in the run's folder once it lies in its place, so that a run that dies is gone on with.
    """
    written = same = 0
    with (run.folder / _DONE).open("a", encoding="utf-8") as notes:
        for unit_code, period_id in sorted(done):
            _note(notes, unit_code, period_id)
        for number, (data, node) in enumerate(_counted(session, plan), start=1):
            period_id = data.table.reckoning.period.period_id
            if (node.code, period_id) not in done:
                files, _ = draft_files(session, data, node, plan.findings)
                target = session.workspace.drafts / node.code / period_id
                if write_folder(target, files):
                    written += 1
                else:
                    same += 1
                _note(notes, node.code, period_id)
            progress("Viết dự thảo", number, plan.count)
    return written, same


def find_done(runs: Path, plan: Backfill, catalogue_version: str) -> frozenset[tuple[str, str]]:
    """(unit, period) of what the newest backfill of the very same thing wrote before it was interrupted.

    Empty where the newest one ended well, or was of another range, instant, working day or catalogue.
    """
    for index in sorted(runs.glob(f"*-{COMMAND}*/index.json"), reverse=True):
        try:
            content = json.loads(index.read_text(encoding="utf-8"))
            wanted = {**plan.parameters, "catalogue": catalogue_version}
            if content.get("state") == "success" or content.get("parameters") != wanted:
                return frozenset()
            lines = (index.parent / _DONE).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError, AttributeError):
            return frozenset()
        return frozenset(_noted(lines))
    return frozenset()


def _noted(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        try:
            note = json.loads(line)
        except ValueError:
            return  # the line in which the run died
        yield note["unit_code"], note["period_id"]


def _note(notes: TextIO, unit_code: str, period_id: str) -> None:
    notes.write(json.dumps({"unit_code": unit_code, "period_id": period_id}) + "\n")
    notes.flush()


def _counted(session: Session, plan: Backfill) -> Iterator[tuple[PeriodData, Unit]]:
    """Every draft of the plan with the counts of its period; one period's counts are held at a time."""
    catalogue = session.catalogue
    known = _read(session, plan)
    counted: CountedDays = {}
    for reckoning, nodes in zip(plan.reckonings, plan.nodes, strict=True):
        if not nodes:
            continue
        data = with_earlier(count_period(known, catalogue, reckoning), known, catalogue, counted=counted)
        for node in nodes:
            yield data, node


def _read(session: Session, plan: Backfill) -> KnownRecords:
    codes: set[str] = set()
    for reckoning, nodes in zip(plan.reckonings, plan.nodes, strict=True):
        lines = unit_map(session.catalogue, reckoning)
        for node in nodes:
            codes |= {node.code, *lines.stored_codes(node)}
            codes |= {*earlier_codes(session.catalogue, reckoning, node, MapOf.THEN)}
    return read_known(session.store, session.catalogue, sorted(codes), plan.known_at)


def _context(session: Session, data: PeriodData, node: Unit, plan: Backfill) -> ReportContext:
    first = session.settings.report_types[0]
    return build_unit_report(
        data, node, session.catalogue, session.templates, plan.findings, report_type=first
    )


def _change(
    session: Session,
    data: PeriodData,
    node: Unit,
    plan: Backfill,
    done: frozenset[tuple[str, str]],
    issued: Mapping[tuple[str, str], Publication],
) -> DraftChange:
    period_id = data.table.reckoning.period.period_id
    if (node.code, period_id) in done:
        return DraftChange(node.code, node.full_name, period_id, "done")
    new = _cells(render_report(_context(session, data, node, plan), ["json"])[FORMATS["json"]])
    draft = session.workspace.drafts / node.code / period_id / FORMATS["json"]
    old = _cells(draft.read_bytes()) if draft.exists() else None
    publication = issued.get((node.code, period_id))
    number = publication.number if publication else 0
    contradicted = 0
    if publication:
        said = _published_cells(session, publication)
        contradicted = sum(new.get(cell, value) != value for cell, value in said.items())
    if old is None:
        return DraftChange(node.code, node.full_name, period_id, "new", 0, number, contradicted)
    differing = sum(old.get(cell) != new.get(cell) for cell in old.keys() | new.keys())
    state = "changed" if differing else "same"
    return DraftChange(node.code, node.full_name, period_id, state, differing, number, contradicted)


def _published_cells(session: Session, publication: Publication) -> dict[str, float]:
    """Its figures; none where its folder was taken away, which ``motcua verify`` tells."""
    folder = publication_folder(session.workspace.publications, publication.series, publication.number)
    content = folder / FORMATS["json"]
    return _cells(content.read_bytes()) if content.exists() else {}


def _cells(content: bytes) -> dict[str, float]:
    return {cell["cell_id"]: cell["value"] for cell in json.loads(content)["cells"].values()}
