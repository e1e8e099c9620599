"""One period of one unit under every rulebook, as known at an instant."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from pipelines import package_files
from pipelines.clock import VIETNAM, today
from pipelines.errors import UsageProblemError
from pipelines.session import Session, find_unit
from pipelines.steps.on_demand import Request, require_deliveries
from pipelines.steps.records import read_latest
from pipelines.steps.report import count_period, read_known, reckoning_of
from pipelines.steps.rollup import report_units, require_on_map, unit_map
from transforms.indicators.reconcile import reconcile
from transforms.indicators.reconcile_model import Reconciliation
from transforms.indicators.rollup import code_of
from transforms.indicators.scores import score_index
from transforms.indicators.software_summary import find_summary
from transforms.render.reconcile_html import render_reconcile_html
from transforms.report.reconciled_list import dossier_table
from transforms.report.reconciled_view import (
    ReconciledView,
    measure_lines,
    score_lines,
    summary_sentence,
)
from transforms.text_cells import shield

PAGE_FILE, LIST_FILE, JSON_FILE = "doi-chieu.html", "doi-chieu-ho-so.csv", "doi-chieu.json"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The reconciliation that answers a request, and the instant that gives it again."""

    view: ReconciledView
    known_at: datetime


def reconcile_request(session: Session, request: Request) -> Reconciled:
    """Every rulebook of the catalogue over the same dossiers; the request's rulebook, or the default, is the base.

    Raises UsageProblemError for a unit, period or rulebook that is not, and where no dossiers are known.
    """
    catalogue = session.catalogue_at(request.known_at)
    find_unit(catalogue, request.unit_code)
    as_of = request.as_of or (
        request.known_at.astimezone(VIETNAM).date() if request.known_at else today(session.clock)
    )
    reckoning = reckoning_of(
        request.period_id,
        request.basis or session.settings.basis,
        catalogue,
        as_of,
        request.cutoff,
        request.rulebook or session.settings.rulebook,
    )
    known_at = require_deliveries(session, request.known_at)
    node = find_unit(catalogue, request.unit_code, reckoning.closing_day)
    lines = unit_map(catalogue, reckoning, request.map_of)
    require_on_map(lines, node)
    stored = lines.stored_codes(node)
    data = count_period(read_known(session.store, catalogue, stored, known_at), catalogue, reckoning)
    about = report_units(data, node)
    having = set(data.table.units("received_total"))
    codes = [unit.code for unit in about.leaves if unit.code in having]
    if not codes:
        raise UsageProblemError(
            f"Chưa có danh sách hồ sơ nào của {node.full_name} (mã {node.code}) trong kho, nên không có gì để đối chiếu."
        )
    missing = tuple(unit for unit in about.leaves if unit.code not in having)
    found = reconcile(data.known.dossiers, data.known.fees, reckoning, catalogue, codes)
    summaries = read_latest(session.store, "summary", catalogue, known_at, stored)
    summary = find_summary(summaries, sorted({code_of(code) for code in codes}), reckoning)
    scores = tuple((c, score_index(c)) for c in found.countings if c.rulebook.scores)
    view = ReconciledView(about.node, about.leaves, catalogue, found, scores, summary, missing)
    return Reconciled(view, known_at)


def render_reconciled(reconciled: Reconciled) -> dict[str, bytes]:
    """File name → content: the page, the list of dossiers and the whole as JSON."""
    return {
        PAGE_FILE: render_reconcile_html(reconciled.view, package_files.page_templates(), LIST_FILE),
        LIST_FILE: render_dossier_list(reconciled.view),
        JSON_FILE: render_reconciled_json(reconciled),
    }


def render_dossier_list(view: ReconciledView) -> bytes:
    """The differing dossiers as CSV, with a mark of the encoding, as Excel wants it."""
    lines = io.StringIO(newline="")
    rows = ([shield(cell) for cell in row] for row in dossier_table(view))
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(rows)
    return lines.getvalue().encode("utf-8-sig")


def render_reconciled_json(reconciled: Reconciled) -> bytes:
    """Everything that the page shows, for programs."""
    view = reconciled.view
    content = {
        "unit_code": view.node.code,
        "unit_name": view.node.full_name,
        "period_id": view.reckoning.period.period_id,
        "basis": view.reckoning.basis,
        "start": view.reckoning.start.isoformat(),
        "end": view.reckoning.end.isoformat(),
        "closing_day": view.reckoning.closing_day.isoformat(),
        "as_of": view.reckoning.as_of.isoformat(),
        "missing_units": [unit.code for unit in view.missing],
        "known_at": reconciled.known_at.isoformat(),
        "rulebooks": [
            {
                "id": counting.rulebook.rulebook_id,
                "name": counting.rulebook.name,
                "sources": [asdict(source) for source in counting.rulebook.sources],
            }
            for counting in view.reconciliation.countings
        ],
        "measures": _measures(view),
        "comparisons": _comparisons(view.reconciliation),
        "scores": _scores(view),
        "software_summary": _summary(view),
        "dossiers": _dossiers(view.reconciliation),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _measures(view: ReconciledView) -> list[dict[str, Any]]:
    ids = [counting.rulebook.rulebook_id for counting in view.reconciliation.countings]
    return [
        {
            "label": line.label,
            "figures": {
                book: {"value": figure.value, "text": figure.text, "cell_id": figure.cell_id}
                for book, figure in zip(ids, line.figures, strict=True)
            },
            **({"software": line.printed, "fit": line.fit} if line.printed else {}),
        }
        for line in measure_lines(view)
    ]


def _comparisons(found: Reconciliation) -> list[dict[str, Any]]:
    return [
        {
            "base": comparison.base.rulebook_id,
            "other": comparison.other.rulebook_id,
            "differences": [
                {
                    "measure": difference.measure_id,
                    "base": difference.base,
                    "other": difference.other,
                    "difference": difference.amount,
                    "reasons": [{**asdict(reason), "amount": reason.amount} for reason in difference.reasons],
                }
                for difference in comparison.differences
            ],
        }
        for comparison in found.comparisons
    ]


def _scores(view: ReconciledView) -> list[dict[str, Any]]:
    return [
        {
            "rulebook": counting.rulebook.rulebook_id,
            "applies_from": counting.rulebook.applies_from.isoformat()
            if counting.rulebook.applies_from
            else None,
            "groups": [
                {
                    "name": group.group.name,
                    "most": group.group.most,
                    "parts": [
                        {
                            "name": score.part.name,
                            "most": score.part.most,
                            "rate": score.part.rate_id or None,
                            "certainty": score.part.certainty,
                            "outcome": score.outcome.value,
                            "numerator": score.numerator,
                            "denominator": score.denominator,
                            "untold": score.untold,
                            "points": None if score.points is None else round(score.points, 2),
                        }
                        for score in group.parts
                    ],
                }
                for group in groups
            ],
            "lines": [asdict(line) for line in score_lines(view, counting, groups)],
        }
        for counting, groups in view.scores
    ]


def _summary(view: ReconciledView) -> dict[str, Any]:
    summary = view.summary
    if summary is None:
        return {"sent": False, "sentence": summary_sentence(view)}
    return {
        "sent": True,
        "sentence": summary_sentence(view),
        "start": summary.start.isoformat(),
        "end": summary.end.isoformat(),
        "missing_units": list(summary.missing_units),
        "values": dict(summary.values),
    }


def _dossiers(found: Reconciliation) -> list[dict[str, Any]]:
    ids = [counting.rulebook.rulebook_id for counting in found.countings]
    return [
        {
            **{
                key: value.isoformat() if hasattr(value, "isoformat") else value
                for key, value in asdict(replace(dossier, standings=(), reasons=())).items()
                if key not in ("standings", "reasons")
            },
            "standings": {
                book: asdict(standing) for book, standing in zip(ids, dossier.standings, strict=True)
            },
            "reasons": [
                {"rulebook": book, "measure": measure, "reason": code, "difference": sign}
                for book, measure, code, sign in dossier.reasons
            ],
        }
        for dossier in found.dossiers
    ]
