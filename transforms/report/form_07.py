"""Biểu số II.07b: how many procedures there are, as units filled in; dossiers do not tell (DOMAIN.md 2.4)."""

from __future__ import annotations

from transforms.catalogue.form_layout import Form, FormColumn
from transforms.catalogue.model import Unit
from transforms.report.blocks import Figure, Table, TableRow, Text
from transforms.report.cells import JOIN, Cells
from transforms.report.coverage import LACKING_REMARK
from transforms.report.forms import NOT_ASKED, UNITS, build_form, chosen_form
from transforms.report.inputs import ReportInputs
from transforms.report.words import Source, Words, named, sourced

FAMILY = "II.07"
NOTHING_GIVEN = (
    "Chưa có số liệu: hãy điền các mục của biểu này vào bảng số liệu bổ sung của kỳ báo cáo rồi gửi lại."
)
_SOURCE = "Số liệu do đơn vị điền trong bảng số liệu bổ sung; tệp kết xuất hồ sơ không có các số này."
_NO_SUM = "Không cộng theo đơn vị, vì một thủ tục có thể do nhiều đơn vị cùng giải quyết."
_NOT_ASKED_NOTE = (
    f"Dấu “{NOT_ASKED}”: cấp mà đơn vị không phải thống kê hoặc không còn tại thời điểm báo cáo."
)


def build_form_07(inputs: ReportInputs, cells: Cells) -> Table | None:
    """The form with a line per unit, the node of a roll-up first; None where the catalogue has no such form.

    Each total is the sum of the levels that the unit answers for, and stays empty while one of them is
    missing. Without any figure the form is one line that says so. Units are not summed.
    """
    form = chosen_form(inputs, FAMILY)
    if form is None:
        return None
    units = inputs.leaf_units
    if inputs.is_rollup and not inputs.node.is_group and inputs.node not in units:
        units = (inputs.node, *units)
    answers = [(unit, _figures(form, inputs, cells, unit)) for unit in units]
    if not any(isinstance(cell, Figure) for _, figures in answers for cell in figures):
        empty = ("" for column in form.columns if not column.is_text)
        return _form(
            form,
            inputs,
            (TableRow(("", named(NOTHING_GIVEN, Source.FORM), *empty), kind="group"),),
            (_SOURCE,),
        )
    rows = tuple(_line(index, unit, figures) for index, (unit, figures) in enumerate(answers, 1))
    has_unasked = any(NOT_ASKED in row.cells for row in rows)
    notes = [_SOURCE, *([_NO_SUM] if len(rows) > 1 else []), *([_NOT_ASKED_NOTE] if has_unasked else [])]
    return _form(form, inputs, rows, tuple(notes))


def _form(form: Form, inputs: ReportInputs, rows: tuple[TableRow, ...], notes: tuple[str, ...]) -> Table:
    words: tuple[Text, ...] = tuple((sourced(note, Source.FORM),) for note in notes)
    return build_form(form, UNITS, "bieu_07b", inputs, rows, notes=words)


def _line(index: int, unit: Unit, figures: tuple[Figure | str, ...]) -> TableRow:
    has_any = any(isinstance(cell, Figure) for cell in figures)
    name = sourced(unit.full_name, Source.CATALOGUE)
    return TableRow((str(index), Words(name) if has_any else Words(name, f" ({LACKING_REMARK})"), *figures))


def _figures(form: Form, inputs: ReportInputs, cells: Cells, unit: Unit) -> tuple[Figure | str, ...]:
    """The unit's cells; NOT_ASKED for a level that it does not answer for, empty where it gave no figure."""
    day = inputs.table.reckoning.end
    at = {column.key: column for column in form.columns}

    def cell(column: FormColumn) -> Figure | str:
        if not column.sum_of:
            return _given(column, unit, cells) if column.is_asked_of(unit.level, day) else NOT_ASKED
        parts = [key for key in column.sum_of if at[key].is_asked_of(unit.level, day)]
        return cells.supplement_figure(JOIN.join(parts), unit.code) or "" if parts else NOT_ASKED

    return tuple(cell(column) for column in form.columns if not column.is_text)


def _given(column: FormColumn, unit: Unit, cells: Cells) -> Figure | str:
    return cells.supplement_figure(column.key, unit.code) or ""
