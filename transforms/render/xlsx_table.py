"""One table on one sheet: live sums, checks beside the printed part, print set-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transforms.render.tables import (
    MISSING_MARK,
    MISSING_NOTE,
    NOTES_APART,
    group_label,
    has_missing,
    header_rows,
    is_narrow,
    number_columns,
    unit_line,
)
from transforms.render.xlsx_formats import Formats, number_format
from transforms.report.blocks import Figure, Table, TableRow, Text

AGREES, DIFFERS, INCOMPLETE = "Khớp", "Lệch", "Thiếu số liệu"

_GAP = 1
"""Empty columns between the table and the checks, and empty rows below it."""
_CHECK_WIDTH = 24
_ROW_HEIGHT = 19


@dataclass(frozen=True, slots=True)
class CheckArea:
    """Where the answers of a sheet's checks stand; empty ranges when there is nothing to check."""

    ranges: tuple[str, ...]
    differing: int
    """How many answers are "Lệch" by our own calculation."""


def write_table(sheet: Any, table: Table, formats: Formats, draft_mark: str = "") -> CheckArea:
    """Fills a sheet and returns its checks.

    Texts are written as texts, never as formulas. A number is a live sum only where the sum gives exactly
    the report's own number, so that opening the file never changes what was printed.
    """
    set_page(sheet, draft_mark)
    return _SheetWriter(sheet, table, formats).write()


def set_page(sheet: Any, draft_mark: str) -> None:
    """A4 landscape, one page wide, the draft mark above and the page number below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer('&C&"Times New Roman,Regular"&11Trang &P/&N')
    if draft_mark:
        sheet.set_header('&R&"Times New Roman,Bold"&12' + draft_mark.replace("&", "&&"))


def column_letter(index: int) -> str:
    """Letters of a column, 0 being A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """A1 name of a cell, counted from 0."""
    return f"{column_letter(column)}{row + 1}"


class _SheetWriter:
    def __init__(self, sheet: Any, table: Table, formats: Formats) -> None:
        self.sheet, self.table, self.formats = sheet, table, formats
        self.last_column = len(table.columns) - 1
        self.is_number = number_columns(table)
        self.at_key = {column.key: at for at, column in enumerate(table.columns)}
        self.first_data = 0
        self.answers: list[tuple[int, int, bool | None]] = []

    def write(self) -> CheckArea:
        row = self._head()
        header_top = row
        row = self._header(row)
        self.first_data = row
        for at, line in enumerate(self.table.rows):
            self._row(row + at, at, line)
        row += len(self.table.rows)
        last_data = row - 1
        row = self._notes(row)
        self._print_setup(header_top, row - 1)
        ranges = self._row_checks(header_top, last_data) + self._total_checks(row + _GAP)
        return CheckArea(tuple(ranges), sum(answer is False for _, _, answer in self.answers))

    def _head(self) -> int:
        row = 0
        for at, line in enumerate(filter(None, (self.table.form_number, *self.table.form_box))):
            self._across(row, line, self.formats.get(align="right", font_size=11, bold=at == 0))
            row += 1
        if self.table.caption:
            self._across(row, self.table.caption, self.formats.title())
            self.sheet.set_row(row, 40 if len(self.table.caption) > 90 else 24)
            row += 1
        if self.table.unit_of_measure:
            self._across(row, unit_line(self.table), self.formats.get(align="right", italic=True))
            row += 1
        return row

    def _across(self, row: int, text: str, style: Any) -> None:
        if self.last_column:
            self.sheet.merge_range(row, 0, row, self.last_column, "", style)
        self.formats.write_text(self.sheet, row, 0, text, style)

    def _header(self, row: int) -> int:
        lines = header_rows(self.table)
        is_numbered = any(column.number for column in self.table.columns)
        for at, line in enumerate(lines):
            numbers = is_numbered and at == len(lines) - 1
            style = self.formats.column_number() if numbers else self.formats.header()
            for cell in line:
                bottom, right = row + at + cell.rows - 1, cell.column + cell.columns - 1
                if cell.rows * cell.columns > 1:
                    self.sheet.merge_range(row + at, cell.column, bottom, right, "", style)
                self.formats.write_text(self.sheet, row + at, cell.column, cell.label, style)
        labels = [column.label for column in self.table.columns]
        widest = max(len(word) for label in labels for word in (label or "-").split())
        lines_high = max(
            1 + len(label) * 1.15 // max(self._width(at), widest) for at, label in enumerate(labels)
        )
        label_line = row + (1 if any(column.group for column in self.table.columns) else 0)
        self.sheet.set_row(label_line, max(20, 15.5 * lines_high + 4))
        for at in range(len(labels)):
            self.sheet.set_column(at, at, self._width(at))
        return row + len(lines)

    def _width(self, at: int) -> float:
        """Characters: about two millimetres each, wide enough for the longest number."""
        cells = [line.cells[at] for line in self.table.rows if group_label(line) is None]
        longest = max((len(cell.text) for cell in cells if isinstance(cell, Figure)), default=0)
        return max(self.table.columns[at].width_mm / 2, longest * 1.15 + 2)

    def _row(self, row: int, at: int, line: TableRow) -> None:
        label = group_label(line)
        if label is not None:
            self._across(row, label, self.formats.cell("group"))
            return
        for column, value in enumerate(line.cells):
            if isinstance(value, Figure):
                style = self.formats.cell(line.kind, align="right", num_format=number_format(value))
                formula = self._total(column, at) if line.kind == "total" else self._sum(column, row, line)
                if formula:
                    self.sheet.write_formula(row, column, formula, style, value.value)
                else:
                    self.sheet.write_number(row, column, value.value, style)
            elif self.is_number[column]:
                self.formats.write_text(
                    self.sheet,
                    row,
                    column,
                    value or MISSING_MARK,
                    self.formats.cell(line.kind, align="right"),
                )
            else:
                align = "center" if is_narrow(self.table.columns[column]) else "left"
                self._write_words(
                    row, column, value, self.formats.cell(line.kind, align=align, text_wrap=True)
                )
        if all(isinstance(v, Figure) or len(v) <= self._width(at) for at, v in enumerate(line.cells)):
            self.sheet.set_row(row, _ROW_HEIGHT)  # a longer text keeps the height that Excel finds for it

    def _write_words(self, row: int, column: int, value: str, style: Any) -> None:
        if value:
            self.formats.write_text(self.sheet, row, column, value, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def _sum(self, column: int, row: int, line: TableRow) -> str:
        """ "=E9+F9+G9" for a column that is the sum of others; empty where that is not its number."""
        keys = self.table.columns[column].formula
        if not keys or self._answer(line, self.table.columns[column].key, keys) is not True:
            return ""
        return "=" + "+".join(cell_name(row, self.at_key[key]) for key in keys)

    def _total(self, column: int, at: int) -> str:
        """ "=SUM(E9:E16)" over the body rows above; empty where that is not the number of the total."""
        if self._total_answer(column, at) is not True:
            return ""
        return f"=SUM({','.join(self._body_ranges(column, at))})"

    def _total_answer(self, column: int, at: int) -> bool | None:
        """Whether the total is the sum above it; None for rates.

        A total over units of which some gave nothing is the sum of the others; where it is not even that,
        the missing numbers leave it open (None).
        """
        total = self.table.rows[at].cells[column]
        above = [line.cells[column] for line in self.table.rows[:at] if line.kind == "body"]
        if not above or not isinstance(total, Figure) or not isinstance(total.value, int):
            return None
        values = [cell.value for cell in above if isinstance(cell, Figure)]
        if not values or not all(isinstance(value, int) for value in values):
            return None
        agrees = sum(values) == total.value
        return None if not agrees and len(values) < len(above) else agrees

    def _body_ranges(self, column: int, at: int) -> list[str]:
        ranges: list[str] = []
        start: int | None = None
        for index in range(at + 1):
            is_body = index < at and self.table.rows[index].kind == "body"
            if is_body and start is None:
                start = index
            elif not is_body and start is not None:
                first, last = self.first_data + start, self.first_data + index - 1
                ranges.append(f"{cell_name(first, column)}:{cell_name(last, column)}")
                start = None
        return ranges

    def _answer(self, line: TableRow, key: str, parts: tuple[str, ...]) -> bool | None:
        """Whether an identity holds in a row; None where one of its numbers is missing."""
        cells = [line.cells[self.at_key[name]] for name in (key, *parts) if name in self.at_key]
        values = [cell.value for cell in cells if isinstance(cell, Figure)]
        if len(values) <= len(parts):
            return None
        return abs(values[0] - sum(values[1:])) < 1e-9

    def _row_checks(self, header_top: int, last_data: int) -> list[str]:
        """A column per identity to the right of the printed part."""
        sums = [(column.key, column.formula) for column in self.table.columns if column.formula]
        known = set(self.at_key)
        checks = [
            (key, parts)
            for key, parts in dict.fromkeys((*sums, *self.table.checks))
            if {key, *parts} <= known
        ]
        first_column = self.last_column + 1 + _GAP
        style = self.formats.check()
        for offset, (key, parts) in enumerate(checks):
            column = first_column + offset
            self.sheet.set_column(column, column, _CHECK_WIDTH)
            words = f"Đối chiếu: {self._name(key)} = {' + '.join(self._name(part) for part in parts)}"
            top, bottom = header_top, self.first_data - 1
            if bottom > top:
                self.sheet.merge_range(top, column, bottom, column, "", style)
            self.formats.write_text(self.sheet, top, column, words, style)
            for at, line in enumerate(self.table.rows):
                if group_label(line) is None:
                    row = self.first_data + at
                    left = cell_name(row, self.at_key[key])
                    right = "+".join(cell_name(row, self.at_key[part]) for part in parts)
                    self._check(
                        row,
                        column,
                        f"{left}={right}",
                        (left, *right.split("+")),
                        self._answer(line, key, parts),
                    )
        if not checks or last_data < self.first_data:
            return []
        last = cell_name(last_data, first_column + len(checks) - 1)
        return [f"{cell_name(self.first_data, first_column)}:{last}"]

    def _total_checks(self, row: int) -> list[str]:
        """A row per total below the printed part."""
        ranges: list[str] = []
        for at, line in enumerate(self.table.rows):
            columns = [c for c in range(self.last_column + 1) if isinstance(line.cells[c], Figure)]
            columns = [c for c in columns if self._total_answer(c, at) is not None]
            if line.kind != "total" or not columns:
                continue
            label = next((c for c in range(self.last_column + 1) if not self.is_number[c]), None)
            if label is not None and label not in columns:
                beside = 1 if label + 1 <= self.last_column and not self.is_number[label + 1] else 0
                style = self.formats.get(font_size=10, font_color="#595959")
                self.formats.write_text(self.sheet, row, label + beside, "Đối chiếu cộng dọc", style)
            for column in columns:
                total = cell_name(self.first_data + at, column)
                sums = ",".join(self._body_ranges(column, at))
                self._check(row, column, f"{total}=SUM({sums})", (total,), self._total_answer(column, at))
            ranges.append(f"{cell_name(row, columns[0])}:{cell_name(row, columns[-1])}")
            row += 1
        return ranges

    def _name(self, key: str) -> str:
        column = self.table.columns[self.at_key[key]]
        return column.number or column.label

    def _check(self, row: int, column: int, test: str, cells: tuple[str, ...], answer: bool | None) -> None:
        formula = (
            f'=IF(COUNT({",".join(cells)})<{len(cells)},"{INCOMPLETE}",IF({test},"{AGREES}","{DIFFERS}"))'
        )
        shown = INCOMPLETE if answer is None else AGREES if answer else DIFFERS
        self.sheet.write_formula(row, column, formula, self.formats.check(), shown)
        self.answers.append((row, column, answer))

    def _notes(self, row: int) -> int:
        style = self.formats.get(italic=True, font_size=11, text_wrap=True)
        notes = [_words(note) for note in self.table.notes]
        if has_missing(self.table):
            notes.append(MISSING_NOTE)
        if len(notes) > NOTES_APART:
            notes = [" ".join(notes)]
        width = sum(self._width(at) for at in range(self.last_column + 1))
        for note in notes:
            self._across(row, note, style)
            self.sheet.set_row(row, 15 * (1 + int(len(note) // max(width, 1))) + 2)
            row += 1
        return row

    def _print_setup(self, header_top: int, last_row: int) -> None:
        """Only the table is printed, its header lines on every page; they stay in view on the screen."""
        sheet = self.sheet
        sheet.print_area(0, 0, last_row, self.last_column)
        sheet.repeat_rows(header_top, self.first_data - 1)
        everything = f"A1:{cell_name(last_row, self.last_column)}"
        sheet.ignore_errors({"number_stored_as_text": everything, "formula_range": everything})
        texts = 0
        while texts <= self.last_column and not self.is_number[texts]:
            texts += 1
        sheet.freeze_panes(self.first_data, texts if texts <= 3 and texts <= self.last_column else 0)


def _words(text: Text) -> str:
    return "".join(part.text for part in text)
