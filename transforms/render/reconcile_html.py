"""A reconciliation as one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from transforms.indicators.reconcile_model import Counting
from transforms.render.anchors import Anchors
from transforms.report.blocks import Figure
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.ordering import field_name
from transforms.report.reconciled import TITLE, source_words, standing_words
from transforms.report.reconciled_view import (
    SOFTWARE_COLUMN,
    ReconciledView,
    difference_lines,
    dossier_reasons,
    measure_lines,
    missing_sentence,
    rate_figure,
    score_lines,
    score_sentence,
    software_counting,
    summary_sentence,
)

PAGE = "page/reconcile.html.j2"
SHOWN_DOSSIERS = 1000
"""More than these make a page that a browser opens slowly; the list beside it has them all."""


def render_reconcile_html(view: ReconciledView, templates: Mapping[str, str], list_name: str) -> bytes:
    """The page in UTF-8; the same bytes for the same view and templates (DESIGN.md law 3).

    ``templates``: texts of the files below ``report_templates/`` by relative name; ``list_name``: the file with
    all dossiers that lies beside the page. Nothing in the page asks for another file or address. Every counted
    number carries its cell id.
    """
    anchors = Anchors()

    def figure(printed: Figure) -> Markup:
        return Markup('<span class="n" id="{}" data-cell="{}">{}</span>').format(
            anchors.name(printed.cell_id), printed.cell_id, printed.text
        )

    reconciliation = view.reconciliation
    software = software_counting(view)
    units = view.units if view.is_rollup else ()
    page = _environment(tuple(sorted(templates.items()))).get_template(PAGE)
    text = page.render(
        title=TITLE,
        view=view,
        countings=reconciliation.countings,
        lines=measure_lines(view),
        has_summary=view.summary is not None and not view.summary.missing_units,
        software_column=SOFTWARE_COLUMN,
        software_label=software.rulebook.label if software else "",
        score_sentence=score_sentence,
        summary_sentence=summary_sentence(view),
        comparisons=[(found, difference_lines(view, found)) for found in reconciliation.comparisons],
        scores=[(counting, tuple(score_lines(view, counting, groups))) for counting, groups in view.scores],
        unit_lines=[(unit, _unit_figures(view, unit.code)) for unit in units],
        missing_sentence=missing_sentence(view),
        dossiers=reconciliation.dossiers[:SHOWN_DOSSIERS],
        dossier_count=thousands(len(reconciliation.dossiers)),
        rest_count=len(reconciliation.dossiers) - SHOWN_DOSSIERS,
        unit_names={unit.code: unit.full_name for unit in view.units},
        field_name=lambda field_id: field_name(view.catalogue, field_id),
        reasons=dossier_reasons,
        standing_words=standing_words,
        source_words=source_words,
        day=lambda each: date_short(each) if each else "–",
        thousands=thousands,
        figure=figure,
        list_name=list_name,
    )
    return (text.rstrip("\n") + "\n").encode("utf-8", "replace")


def _unit_figures(view: ReconciledView, unit_code: str) -> list[tuple[Figure, Figure]]:
    """Received and on-time rate of one unit under each rulebook; nothing for a unit that sent nothing."""
    if unit_code in {unit.code for unit in view.missing}:
        return []
    return [
        (_received(counting, unit_code), rate_figure(view, counting, unit_code))
        for counting in view.reconciliation.countings
    ]


def _received(counting: Counting, unit_code: str) -> Figure:
    value = counting.by_unit["received_in_window", unit_code]
    return Figure(value, thousands(value), counting.cell_id("received_in_window", unit_code))


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
