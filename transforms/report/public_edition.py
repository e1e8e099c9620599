"""The edition of a report that anybody may read: what it leaves out, and how it says so.

Counts are withheld where ``Cells`` looks them up, so no sentence, chart, bookmark, formula or name in a workbook
ever holds them, and no sentence is chosen by them. What concerns the work behind the figures (findings, what to
mend, explanations with codes of dossiers, changes against an earlier version) is left out altogether.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transforms.indicators.measures import RATIOS
from transforms.report.blocks import Fact, Figure, Paragraph, ParagraphStyle, Run, Table, Text
from transforms.report.cells import JOIN, Cells
from transforms.report.inputs import ReportInputs
from transforms.report.words import Source, Words, sourced

WITHHELD_MARK = "…"
"""Printed for a withheld number, the same for a small one and for one that would give it away."""
EDITION_FACT = "edition"
OPEN_QUESTIONS = "Một số số liệu của báo cáo đang được kiểm tra, đối chiếu."
"""All that a public edition says of open findings."""
_PLAIN_PARTS = 7
"""Parts of the id of a counted cell (DESIGN.md section 2)."""


class WithheldFigureError(AssertionError):
    """A finished public edition holds a number that it has to withhold: a bug, never a matter of the data."""


def public_inputs(inputs: ReportInputs) -> ReportInputs:
    """The inputs without what only the offices themselves are to read; as they are for an internal edition."""
    if inputs.public is None:
        return inputs
    return replace(inputs, findings=(), explanations=(), restated=None)


def public_lead(inputs: ReportInputs) -> tuple[Paragraph, ...]:
    """What stands before the first sentence of a public edition."""
    if inputs.public is None:
        return ()
    return (Paragraph(ParagraphStyle.NOTE, _explained(inputs)),)


def public_facts(inputs: ReportInputs) -> tuple[Fact, ...]:
    """The line at the head of the page; nothing for an internal edition."""
    if inputs.public is None:
        return ()
    return (Fact(EDITION_FACT, "Bản", Words(*_explained(inputs))),)


def without_sums(table: Table, cells: Cells) -> Table:
    """A form of a public edition: no live sum, check or order of keying in over cells that may be withheld."""
    if not cells.is_public or not any(WITHHELD_MARK in row.cells for row in table.rows):
        return replace(table, entry=None) if cells.is_public else table
    columns = tuple(replace(column, formula=()) for column in table.columns)
    note: Text = (Run(f"Dấu “{WITHHELD_MARK}”: số liệu không công bố để bảo vệ thông tin cá nhân."),)
    return replace(table, columns=columns, checks=(), entry=None, notes=(*table.notes, note))


def check_withheld(inputs: ReportInputs, figures: Iterable[Figure]) -> None:
    """Raise WithheldFigureError for a figure that is, holds or is made of a withheld cell."""
    if inputs.public is None:
        return
    for figure in figures:
        parts = figure.cell_id.split("/")
        parts = parts[1:] if len(parts) == _PLAIN_PARTS + 1 else parts
        if len(parts) != _PLAIN_PARTS:
            continue
        measure, units, facets = parts[:3]
        ratio = RATIOS.get(measure)
        measures = (*ratio.numerator, *ratio.denominator) if ratio else measure.split(JOIN)
        held = {
            (each, unit, facet)
            for each in measures
            for unit in units.split(JOIN)
            for facet in facets.split(JOIN)
        }
        if held & inputs.public.hidden:
            raise WithheldFigureError(figure.cell_id)


def _explained(inputs: ReportInputs) -> Text:
    assert inputs.public is not None
    return (
        Run("Bản công khai. Ở các lĩnh vực liên quan đến đời tư, số hồ sơ từ một đến dưới "),
        sourced(str(inputs.public.threshold), Source.CATALOGUE),
        Run(f" và những số có thể suy ra số đó được thay bằng dấu “{WITHHELD_MARK}”; các số tổng vẫn đúng."),
    )
