"""The checks beside and below a printed table: identities of its columns, sums of its rows, both live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transforms.render.tables import group_label
from transforms.render.xlsx_formats import Formats
from transforms.render.xlsx_layout import TableLayout, cell_name
from transforms.report.blocks import Figure, TableRow
from transforms.report.forms import NOT_ASKED

AGREES, DIFFERS, INCOMPLETE = "Khớp", "Lệch", "Thiếu số liệu"
_GAP = 1
"""Empty columns between the table and the checks, and empty rows below it."""
_CHECK_WIDTH = 24


@dataclass(frozen=True, slots=True)
class CheckArea:
    """Where the answers of a sheet's checks stand; empty ranges when there is nothing to check."""

    ranges: tuple[str, ...]
    differing: int
    """How many answers are "Lệch" by our own calculation."""


def asked_parts(layout: TableLayout, line: TableRow, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a sum that the line is asked for at all."""
    return tuple(key for key in keys if line.cells[layout.at_key[key]] != NOT_ASKED)


def row_answer(layout: TableLayout, line: TableRow, key: str, keys: tuple[str, ...]) -> bool | None:
    """Whether an identity holds in a row; None where one of its numbers is missing."""
    parts = asked_parts(layout, line, keys)
    cells = [line.cells[layout.at_key[name]] for name in (key, *parts)]
    values = [cell.value for cell in cells if isinstance(cell, Figure)]
    if len(values) <= len(parts) or not parts:
        return None
    return abs(values[0] - sum(values[1:])) < 1e-9


def total_answer(layout: TableLayout, column: int, at: int) -> bool | None:
    """Whether the total is the sum above it; None for rates.

    A total over units of which some gave nothing is the sum of the others; where it is not even that,
    the missing numbers leave it open (None).
    """
    total = layout.table.rows[at].cells[column]
    above = [line.cells[column] for line in layout.table.rows[:at] if line.kind == "body"]
    if not above or not isinstance(total, Figure) or not isinstance(total.value, int):
        return None
    values = [cell.value for cell in above if isinstance(cell, Figure)]
    if not values or not all(isinstance(value, int) for value in values):
        return None
    agrees = sum(values) == total.value
    return None if not agrees and len(values) < len(above) else agrees


def write_checks(sheet: Any, layout: TableLayout, formats: Formats, row_below: int) -> CheckArea:
    """A column per identity to the right of the printed part, a row per total from ``row_below`` on."""
    writer = _CheckWriter(sheet, layout, formats)
    ranges = (*writer.row_checks(), *writer.total_checks(row_below + _GAP))
    return CheckArea(ranges, writer.differing)


class _CheckWriter:
    def __init__(self, sheet: Any, layout: TableLayout, formats: Formats) -> None:
        self.sheet, self.layout, self.formats = sheet, layout, formats
        self.style = formats.check()
        self.differing = 0

    def row_checks(self) -> tuple[str, ...]:
        layout, table = self.layout, self.layout.table
        sums = [(column.key, column.formula) for column in table.columns if column.formula]
        checks = [
            (key, parts)
            for key, parts in dict.fromkeys((*sums, *table.checks))
            if {key, *parts} <= layout.at_key.keys()
        ]
        lines = [at for at, line in enumerate(table.rows) if group_label(line) is None]
        if not checks or not lines:
            return ()
        first_column = layout.last_column + 1 + _GAP
        for offset, (key, parts) in enumerate(checks):
            column = first_column + offset
            self._headline(column, key, parts)
            for at in lines:
                self._row_check(at, column, key, parts)
        last = cell_name(layout.last_data, first_column + len(checks) - 1)
        return (f"{cell_name(layout.first_data, first_column)}:{last}",)

    def _headline(self, column: int, key: str, parts: tuple[str, ...]) -> None:
        self.sheet.set_column(column, column, _CHECK_WIDTH)
        words = f"Đối chiếu: {self._name(key)} = {' + '.join(self._name(part) for part in parts)}"
        top, bottom = self.layout.header_top, self.layout.first_data - 1
        if bottom > top:
            self.sheet.merge_range(top, column, bottom, column, "", self.style)
        self.formats.write_text(self.sheet, top, column, words, self.style)

    def _row_check(self, at: int, column: int, key: str, keys: tuple[str, ...]) -> None:
        layout, line = self.layout, self.layout.table.rows[at]
        row = layout.first_data + at
        parts = asked_parts(layout, line, keys)
        if not parts:
            return
        left = cell_name(row, layout.at_key[key])
        right = [cell_name(row, layout.at_key[part]) for part in parts]
        answer = row_answer(layout, line, key, keys)
        self._check(row, column, f"{left}={'+'.join(right)}", (left, *right), answer)

    def total_checks(self, row: int) -> tuple[str, ...]:
        layout = self.layout
        ranges: list[str] = []
        for at, line in enumerate(layout.table.rows):
            if line.kind != "total":
                continue
            columns = [c for c in range(layout.last_column + 1) if total_answer(layout, c, at) is not None]
            if not columns:
                continue
            self._label_totals(row, columns)
            for column in columns:
                total = cell_name(layout.first_data + at, column)
                sums = ",".join(layout.body_ranges(column, 0, at))
                self._check(row, column, f"{total}=SUM({sums})", (total,), total_answer(layout, column, at))
            ranges.append(f"{cell_name(row, columns[0])}:{cell_name(row, columns[-1])}")
            row += 1
        return tuple(ranges)

    def _label_totals(self, row: int, columns: list[int]) -> None:
        is_number = self.layout.is_number
        label = next((c for c in range(len(is_number)) if not is_number[c]), None)
        if label is None or label in columns:
            return
        beside = 1 if label + 1 < len(is_number) and not is_number[label + 1] else 0
        style = self.formats.get(font_size=10, font_color="#595959")
        self.formats.write_text(self.sheet, row, label + beside, "Đối chiếu cộng dọc", style)

    def _name(self, key: str) -> str:
        column = self.layout.table.columns[self.layout.at_key[key]]
        return column.number or column.label

    def _check(self, row: int, column: int, test: str, cells: tuple[str, ...], answer: bool | None) -> None:
        formula = (
            f'=IF(COUNT({",".join(cells)})<{len(cells)},"{INCOMPLETE}",IF({test},"{AGREES}","{DIFFERS}"))'
        )
        shown = INCOMPLETE if answer is None else AGREES if answer else DIFFERS
        self.sheet.write_formula(row, column, formula, self.style, shown)
        self.differing += answer is False
