"""The tables of a report beside the form: documents, fees, supplement numbers."""

from __future__ import annotations

from transforms.catalogue.form_layout import form_items
from transforms.report.blocks import Figure, Run, Table, TableColumn, TableRow, Text
from transforms.report.breaks import break_sentences
from transforms.report.cells import Cells
from transforms.report.comparison_table import build_comparison_table
from transforms.report.coverage import lacking_name, supplement_notes, table_notes
from transforms.report.form_06 import build_form_by_field, build_form_by_unit
from transforms.report.form_07 import build_form_07
from transforms.report.indicator_annex import build_indicator_table
from transforms.report.inputs import ReportInputs
from transforms.report.ordering import document_type_name, listed_document_types
from transforms.report.ranking import build_ranking_table, build_unusual_table
from transforms.report.report_types import REPORT_TYPES
from transforms.report.restated import build_restated_table
from transforms.report.words import Source, named, sourced

_STT = TableColumn("stt", "TT", width_mm=10.0, is_text=True)
_DOCUMENT_MEASURES = (
    ("legal_documents_issued", "Văn bản quy phạm pháp luật"),
    ("documents_issued", "Văn bản hành chính"),
)
_FEE_MEASURES = (
    ("fee_charge_amount", "Phí"),
    ("fee_duty_amount", "Lệ phí"),
    ("fee_total_amount", "Tổng số"),
)


def build_tables(inputs: ReportInputs, cells: Cells) -> dict[str, Table]:
    """Every table that this report's data allow, by id, in the order in which annexes print them."""
    tables = [
        build_form_by_unit(inputs, cells) if inputs.is_rollup else None,
        build_form_by_field(inputs, cells),
        build_ranking_table(inputs, cells),
        build_unusual_table(inputs, cells),
        _documents(inputs, cells),
        _fees(inputs, cells),
        _supplement(inputs, cells),
        build_comparison_table(inputs, cells),
        build_indicator_table(inputs, cells)
        if REPORT_TYPES[inputs.report_type].has_indicator_annex
        else None,
        build_restated_table(inputs),
    ]
    return {table.table_id: table for table in tables if table is not None}


def build_workbook_tables(inputs: ReportInputs, cells: Cells) -> tuple[Table, ...]:
    """Forms that only the workbook prints: 07b is no part of the written report."""
    form = build_form_07(inputs, cells)
    return (form,) if form else ()


def _documents(inputs: ReportInputs, cells: Cells) -> Table | None:
    """Documents issued, by type: legal documents apart from administrative ones, never in one sum."""
    rows: list[TableRow] = []
    for measure, group in _DOCUMENT_MEASURES:
        if (total := cells.figure(measure)) is None:
            continue
        rows.append(TableRow(("", group, total), kind="group"))
        occurring = frozenset(facet for facet in cells.facets(measure) if cells.value(measure, facet))
        rows += [
            TableRow(
                (
                    str(index),
                    named(document_type_name(inputs.catalogue, type_id), Source.CATALOGUE),
                    cells.figure(measure, type_id) or "",
                )
            )
            for index, type_id in enumerate(listed_document_types(inputs.catalogue, occurring), 1)
        ]
    if not rows:
        return None
    columns = (
        _STT,
        TableColumn("name", "Loại văn bản", width_mm=90.0, is_text=True),
        TableColumn("count", "Số lượng", width_mm=30.0),
    )
    return Table(
        "van_ban",
        "Văn bản đã ban hành trong kỳ",
        columns,
        tuple(rows),
        unit_of_measure="văn bản",
        notes=(
            *table_notes(inputs, cells, "documents_issued"),
            *_note(cells, "undated_document", " dòng của sổ văn bản không có ngày nên chưa được tính."),
            *_breaks(inputs, "document"),
        ),
    )


def _fees(inputs: ReportInputs, cells: Cells) -> Table | None:
    """Charges and duties: one line for a unit, one line per unit for a roll-up."""
    if cells.value("fee_total_amount") is None:
        return None
    having = set(cells.units_with("fee_total_amount"))
    rows: list[TableRow] = []
    for index, unit in enumerate(inputs.leaf_units, 1):
        if unit.code in having:
            amounts: tuple[Figure | str, ...] = tuple(
                cells.figure(measure, unit=unit.code) or "" for measure, _ in _FEE_MEASURES
            )
            rows.append(TableRow((str(index), named(unit.full_name, Source.CATALOGUE), *amounts)))
        else:
            remark = lacking_name(inputs, unit, "fee")
            rows.append(TableRow((str(index), remark, *("" for _ in _FEE_MEASURES))))
    if inputs.is_rollup:
        totals = tuple(cells.figure(measure) or "" for measure, _ in _FEE_MEASURES)
        rows.append(TableRow(("", "Tổng số", *totals), kind="total"))
    # An export may state the total only, or a total that its parts do not make: then no live formula,
    # because it would print another number than the one that was counted.
    has_parts = all(
        cells.value("fee_charge_amount+fee_duty_amount", unit=code)
        == cells.value("fee_total_amount", unit=code)
        for code in having
    )
    columns = (
        _STT,
        TableColumn("name", "Đơn vị", width_mm=60.0, is_text=True),
        *(
            TableColumn(
                measure,
                label,
                width_mm=35.0,
                formula=("fee_charge_amount", "fee_duty_amount")
                if has_parts and measure == "fee_total_amount"
                else (),
            )
            for measure, label in _FEE_MEASURES
        ),
    )
    return Table(
        "phi_le_phi",
        "Phí, lệ phí đã thu trong kỳ",
        columns,
        tuple(rows),
        unit_of_measure="đồng",
        notes=(
            *table_notes(inputs, cells, "fee_total_amount"),
            *_note(cells, "undated_fee", " khoản thu không có ngày nên chưa được tính."),
            *_breaks(inputs, "fee"),
        ),
    )


def _note(cells: Cells, note_id: str, words: str) -> tuple[Text, ...]:
    figure = cells.note_figure(note_id)
    return ((figure, Run(words)),) if figure else ()


def _breaks(inputs: ReportInputs, subject: str) -> tuple[Text, ...]:
    return tuple((sourced(sentence, Source.CATALOGUE),) for sentence in break_sentences(inputs, subject))


def _supplement(inputs: ReportInputs, cells: Cells) -> Table | None:
    """The numbers that units filled in; for a roll-up their sums and how many units gave each.

    What fills a column of a form is printed there.
    """
    rows: list[TableRow] = []
    in_forms = form_items(inputs.catalogue.forms)
    for item in inputs.catalogue.supplement_items:
        if item.item_id in in_forms:
            continue
        figure = cells.supplement_figure(item.item_id) if item.type != "text" else None
        if figure is None:
            continue
        cells_of_row: list[Figure | str] = [
            str(len(rows) + 1),
            named(item.label, Source.CATALOGUE),
            item.unit_of_measure,
            figure,
        ]
        if inputs.is_rollup:
            supplied = len(cells.supplied_by(item.item_id))
            cells_of_row.append(cells.coverage_figure(f"supplement.{item.item_id}", supplied))
        rows.append(TableRow(tuple(cells_of_row)))
    if not rows:
        return None
    columns = [
        _STT,
        TableColumn("name", "Nội dung", width_mm=100.0, is_text=True),
        TableColumn("unit", "Đơn vị tính", width_mm=25.0, is_text=True),
        TableColumn("value", "Số liệu", width_mm=25.0),
    ]
    if inputs.is_rollup:
        columns.append(TableColumn("supplied", "Số đơn vị có số liệu", width_mm=30.0))
    return Table(
        "so_lieu_bo_sung",
        "Số liệu do đơn vị cung cấp",
        tuple(columns),
        tuple(rows),
        notes=supplement_notes(inputs, cells),
    )
