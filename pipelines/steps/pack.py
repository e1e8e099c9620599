"""The evidence pack of a report: every printed number led back to its records, as one archive to carry away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow.compute as pc

from pipelines import package_files
from pipelines.editions import PUBLIC
from pipelines.errors import RenderingError
from pipelines.session import Session, find_unit
from pipelines.steps.on_demand import Answer
from pipelines.steps.pack_cells import CellFinder
from pipelines.steps.public_edition import refuse_formats
from pipelines.steps.report import ALL_FORMATS, PACK, build_unit_report, render_report
from transforms.catalogue.model import Unit
from transforms.indicators.rollup import code_of
from transforms.render.anchors import context_figures
from transforms.render.pack import render_pack
from transforms.report.blocks import ReportContext
from transforms.report.evidence import Evidence, FoundPage, SourceFile, build_evidence
from transforms.report.evidence_words import record_names
from transforms.report.numbers_vi import date_short


def render_answer(session: Session, answer: Answer, formats: Sequence[str]) -> dict[str, bytes]:
    """File name → content, one for each format, the evidence pack among them. Raises as ``render_report`` does.

    UsageProblemError for the pack of an edition that anybody may read: it would tell what that edition withholds.
    """
    if answer.public is not None:
        refuse_formats(PUBLIC, formats)
    files = render_report(answer.context, [name for name in formats if name != PACK])
    if PACK in formats:
        files[ALL_FORMATS[PACK]] = build_pack(session, answer)
    return files


def build_pack(session: Session, answer: Answer) -> bytes:
    """The archive; the same bytes for the same inputs (DESIGN.md law 3). Raises RenderingError naming unit and period."""
    try:
        return render_pack(gather_evidence(session, answer), package_files.page_templates())
    except Exception as problem:
        context = answer.context
        raise RenderingError(
            f"Không tạo được tệp {ALL_FORMATS[PACK]} cho {context.unit_name}, {context.period_name}; "
            "số liệu không bị ảnh hưởng, hãy gửi nhật ký của lượt chạy cho bộ phận kỹ thuật."
        ) from problem


def gather_evidence(session: Session, answer: Answer) -> Evidence:
    """What stands behind every number of the report and, for a roll-up, of the reports of its units."""
    finder = CellFinder(session, answer)
    pages = []
    for code, context in [("", answer.context), *_unit_contexts(answer)]:
        figures = {figure.cell_id: figure for figure in context_figures(context)}
        pages.append(FoundPage(code, context, tuple(finder.find(figure) for figure in figures.values())))
    return build_evidence(
        finder.frames, pages, _sources(session, answer, finder), record_names(finder.unit_names)
    )


def _unit_contexts(answer: Answer) -> Iterable[tuple[str, ReportContext]]:
    """The report of every unit of a roll-up that has data, in the roll-up's order, as a draft of its own."""
    if [leaf.code for leaf in answer.leaves] == [answer.node.code]:
        return
    reckoning = answer.data.table.reckoning
    with_data = {unit for _, unit, _ in answer.data.table.cells}
    for leaf in answer.leaves:
        # A line under another key than its code holds a unit of the past, which has no report of its own any more.
        if leaf.code in with_data and code_of(leaf.code) == leaf.code:
            unit = find_unit(answer.catalogue, leaf.code, reckoning.closing_day)
            yield leaf.code, _unit_report(answer, unit)


def _unit_report(answer: Answer, unit: Unit) -> ReportContext:
    return build_unit_report(
        answer.data,
        unit,
        answer.catalogue,
        answer.templates,
        answer.findings,
        None,
        answer.context.report_type,
    )


def _sources(session: Session, answer: Answer, finder: CellFinder) -> list[SourceFile]:
    """The files that were counted, and those of the records of earlier periods, by unit, day and name."""
    wanted = set(answer.data.deliveries["delivery_id"].to_pylist())
    for frame in finder.frames:
        wanted |= set(pc.unique(frame["delivery_id"]).to_pylist())
    rows = [row for row in session.store.deliveries().to_pylist() if row["delivery_id"] in wanted]
    rows.sort(
        key=lambda row: (row["unit_code"], str(row["exported_at"] or ""), row["file"], row["delivery_id"])
    )
    return [_source(row, finder) for row in rows]


def _source(row: dict[str, Any], finder: CellFinder) -> SourceFile:
    day = date_short(row["exported_at"].date()) if row["exported_at"] else ""
    name = finder.name_of(row["unit_code"])
    return SourceFile(row["delivery_id"], row["unit_code"], name, row["file"], day, row["sha256"])
