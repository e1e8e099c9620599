"""The annex "Giải trình số liệu": what units explained of the findings that concern a report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.report.blocks import Figure, Run, Table, TableColumn, TableRow, Text
from transforms.report.inputs import ReportExplanation, ReportInputs
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.words import Source, Words, finding_source, named, sourced

EXPLAINED_TABLE = "giai_trinh"
EXPLAINED_TITLE = "Giải trình số liệu"
SHOWN_SUBJECTS = 3
NO_END = "không hết hạn"
_CAPTION = "Giải trình đã được chấp nhận"
WHOLE, NO_CODE = "toàn bộ", "dòng không ghi mã"
_ROWS = re.compile(r"\s*\((?:tệp [^()]*, )?(?:dòng \d|không rõ số dòng)(?:[^()]|\([^()]*\))*\)")
"""The rows that a sentence names for the clerk; a reader of the report has no file at hand."""


def build_explained_table(inputs: ReportInputs) -> Table | None:
    """One line per explanation, by unit, the gravest first; None where nothing was explained."""
    if not inputs.explanations:
        return None
    columns = (
        TableColumn("stt", "TT", width_mm=10.0, is_text=True),
        *((TableColumn("unit", "Đơn vị", width_mm=30.0, is_text=True),) if inputs.is_rollup else ()),
        TableColumn(
            "finding", "Nội dung phát hiện", width_mm=62.0 if inputs.is_rollup else 72.0, is_text=True
        ),
        TableColumn("count", "Số đã giải trình", width_mm=20.0),
        TableColumn("subjects", "Đối tượng", width_mm=44.0 if inputs.is_rollup else 50.0, is_text=True),
        TableColumn("reason", "Giải trình", width_mm=48.0 if inputs.is_rollup else 58.0, is_text=True),
        TableColumn("author", "Người giải trình", width_mm=26.0, is_text=True),
        TableColumn("expires", "Hiệu lực đến", width_mm=24.0, is_text=True),
    )
    rows = tuple(_row(inputs, number, item) for number, item in enumerate(inputs.explanations, 1))
    return Table(EXPLAINED_TABLE, _CAPTION, columns, rows, notes=_notes(inputs.explanations))


def explained_cell_id(inputs: ReportInputs, item: ReportExplanation) -> str:
    """The id of the number of an explanation: its finding's rule, the decision, unit and period."""
    measure = f"{item.code}:{item.finding_id}:{item.decision_id}"
    return "explained/" + inputs.table.reckoning.cell_id(measure, item.unit_code)


def _row(inputs: ReportInputs, number: int, item: ReportExplanation) -> TableRow:
    names = {unit.code: unit.full_name for unit in (*inputs.leaf_units, inputs.node)}
    day = f", {date_short(item.decided_on)}" if item.decided_on else ""
    return TableRow(
        (
            str(number),
            *(
                (named(names.get(item.unit_code, item.unit_code), Source.CATALOGUE),)
                if inputs.is_rollup
                else ()
            ),
            named(_ROWS.sub("", item.sentence), finding_source(item.finding_id)),
            Figure(item.count, thousands(item.count), explained_cell_id(inputs, item)),
            named(_subjects(item), Source.RECORD),
            named(item.reason, Source.EXPLANATION),
            Words(sourced(item.author, Source.EXPLANATION), sourced(day, Source.DATE)),
            named(date_short(item.expires_on), Source.DATE) if item.expires_on else NO_END,
        )
    )


def _subjects(item: ReportExplanation) -> str:
    """The first few; how many there are stands in the column of numbers."""
    if item.is_whole:
        return WHOLE
    shown = ", ".join(item.subjects[:SHOWN_SUBJECTS])
    return f"{shown}, …" if len(item.subjects) > SHOWN_SUBJECTS else shown or NO_CODE


def _notes(explanations: Sequence[ReportExplanation]) -> tuple[Text, ...]:
    words = "Số liệu trong báo cáo được tính theo dữ liệu hiện có, không thay đổi theo giải trình."
    if all(item.is_full for item in explanations):
        return ((Run(words),),)
    partial = "Phát hiện chỉ được giải trình một phần vẫn được coi là còn mở."
    return ((Run(words),), (Run(partial),))
