"""One table on one sheet: live sums, checks beside the printed part, print set-up."""

from __future__ import annotations

from typing import Any

from transforms.render.tables import (
    MISSING_MARK,
    MISSING_NOTE,
    NOTES_APART,
    group_label,
    header_rows,
    is_narrow,
    unit_line,
)
from transforms.render.xlsx_checks import CheckArea, asked_parts, row_answer, total_answer, write_checks
from transforms.render.xlsx_formats import Formats, number_format
from transforms.render.xlsx_layout import CHARACTER, TableLayout, cell_name, column_letter
from transforms.render.xlsx_links import Links
from transforms.render.xlsx_page import PageWords, set_page
from transforms.report.blocks import Figure, TableRow, Text
from transforms.report.forms import NOT_ASKED

_ROW_HEIGHT, _LINE = 19, 15.5
_FEWEST_FILTERED = 10
"""Shorter tables are seen at a glance and need no filter."""
_LONG_CAPTION = 90


def place_table(layout: TableLayout, links: Links) -> None:
    """Give every figure of the table its name, before any formula is written."""
    for row, column, figure in layout.figures():
        links.place(figure, layout.sheet, row, column, layout.words(row - layout.first_data, column))


def write_table(
    sheet: Any, layout: TableLayout, formats: Formats, links: Links, page: PageWords
) -> CheckArea:
    """Fills a sheet and returns its checks; the table's figures have been placed before.

    Texts are written as texts, never as formulas. A number is a live calculation only where it gives exactly
    the report's own number, so that opening the file never changes what was printed.
    """
    set_page(sheet, page)
    return _SheetWriter(sheet, layout, formats, links).write()


class _SheetWriter:
    def __init__(self, sheet: Any, layout: TableLayout, formats: Formats, links: Links) -> None:
        self.sheet, self.layout, self.formats, self.links = sheet, layout, formats, links
        self.table, self.last_column = layout.table, layout.last_column

    def write(self) -> CheckArea:
        self._head()
        self._header()
        for at, line in enumerate(self.table.rows):
            self._row(self.layout.first_data + at, at, line)
        row = self._notes(self.layout.last_data + 1)
        self._print_setup(row - 1)
        self._filter()
        return write_checks(self.sheet, self.layout, self.formats, row)

    def _head(self) -> None:
        row = self._box()
        if self.table.caption:
            self._across(row, self.table.caption, self.formats.title())
            self.sheet.set_row(row, 40 if len(self.table.caption) > _LONG_CAPTION else 24)
            row += 1
        if self.table.unit_of_measure:
            self._across(row, unit_line(self.table), self.formats.get(align="right", italic=True))

    def _box(self) -> int:
        """The form's box at the right edge, as wide as its longest line; the row below it."""
        lines = self.layout.box
        needed = max(map(len, lines), default=0)
        left, width = self.last_column, 0.0
        while left > 0 and (width := width + self.layout.widths[left]) < needed:
            left -= 1
        for row, line in enumerate(lines):
            edges = {"top": 1 if row == 0 else 0, "bottom": 1 if row == len(lines) - 1 else 0}
            style = self.formats.get(
                align="center", font_size=11, bold=row == 0, left=1, right=1, text_wrap=True, **edges
            )
            self._across(row, line, style, left)
        return len(lines)

    def _across(self, row: int, text: str, style: Any, first: int = 0) -> None:
        if self.last_column > first:
            self.sheet.merge_range(row, first, row, self.last_column, "", style)
        self.formats.write_text(self.sheet, row, first, text, style)

    def _header(self) -> None:
        row, widths = self.layout.header_top, self.layout.widths
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
        lines_high = max(1 + len(label) * 1.15 // max(widths[at], widest) for at, label in enumerate(labels))
        has_groups = any(column.group for column in self.table.columns)
        self.sheet.set_row(row + has_groups, max(20, 15.5 * lines_high + 4))
        if has_groups:
            self.sheet.set_row(row, 15.5 * self._group_lines() + 4)
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)

    def _group_lines(self) -> int:
        """Lines that the fullest group header needs over its columns."""
        spans: dict[str, float] = {}
        for column, width in zip(self.table.columns, self.layout.widths, strict=True):
            spans[column.group] = spans.get(column.group, 0.0) + width
        return max(1 + int(len(group) * CHARACTER // width) for group, width in spans.items())

    def _row(self, row: int, at: int, line: TableRow) -> None:
        widths = self.layout.widths
        label = group_label(line)
        if label is not None:
            self._across(row, label, self.formats.cell("group", text_wrap=True, indent=1))
            self.sheet.set_row(row, _ROW_HEIGHT + _LINE * (self._lines(label, sum(widths)) - 1))
            return
        for column, value in enumerate(line.cells):
            if isinstance(value, Figure):
                self._figure(row, column, value, self._formula(row, column, at, line), line.kind)
            else:
                self._words(row, column, value, line.kind)
                self.links.place_text(value, self.layout.sheet, row, column, self.layout.words(at, column))
        lines = max(self._lines(value, width) for value, width in zip(line.cells, widths, strict=True))
        self.sheet.set_row(row, _ROW_HEIGHT + _LINE * (lines - 1))

    @staticmethod
    def _lines(value: Figure | str, width: float) -> int:
        """Lines that a cell's words need; said outright, since not every program finds the height itself."""
        return 1 if isinstance(value, Figure) else 1 + int(len(value) * CHARACTER // (width - 1))

    def _figure(self, row: int, column: int, figure: Figure, formula: str, kind: str) -> None:
        style = self.formats.cell(kind, align="right", num_format=number_format(figure))
        if formula:
            self.sheet.write_formula(row, column, formula, style, figure.value)
        else:
            self.sheet.write_number(row, column, figure.value, style)

    def _words(self, row: int, column: int, value: str, kind: str) -> None:
        if value == NOT_ASKED:
            self.formats.write_text(self.sheet, row, column, value, self.formats.cell(kind, align="center"))
        elif not self.table.columns[column].is_text and value in ("", MISSING_MARK):
            self.formats.write_text(
                self.sheet, row, column, MISSING_MARK, self.formats.cell(kind, align="right")
            )
        elif value:
            align = "center" if is_narrow(self.table.columns[column]) else "left"
            style = self.formats.cell(kind, align=align, text_wrap=True, indent=int(align == "left"))
            self.formats.write_text(self.sheet, row, column, value, style)
        else:
            self.sheet.write_blank(row, column, None, self.formats.cell(kind))

    def _formula(self, row: int, column: int, at: int, line: TableRow) -> str:
        """The calculation that a cell shows; empty where its number is counted, not calculated."""
        if line.kind == "total" and total_answer(self.layout, column, at) is True:
            return f"=SUM({','.join(self.layout.body_ranges(column, 0, at))})"
        if line.kind == "group":
            return self._group_sum(column, at)
        header = self.table.columns[column]
        if header.formula and row_answer(self.layout, line, header.key, header.formula) is True:
            parts = asked_parts(self.layout, line, header.formula)
            return "=" + "+".join(cell_name(row, self.layout.at_key[key]) for key in parts)
        figure = line.cells[column]
        return self.links.formula(figure) if isinstance(figure, Figure) else ""

    def _group_sum(self, column: int, at: int) -> str:
        """ "=SUM(C6:C9)" over the body rows up to the next heading; empty where that is not the group's number."""
        end = at + 1
        while end < len(self.table.rows) and self.table.rows[end].kind == "body":
            end += 1
        figures = [self.table.rows[index].cells[column] for index in range(at, end)]
        values = [cell.value for cell in figures if isinstance(cell, Figure)]
        if len(values) < 2 or len(values) < len(figures) or values[0] != sum(values[1:]):
            return ""
        return f"=SUM({','.join(self.layout.body_ranges(column, at + 1, end))})"

    def _notes(self, row: int) -> int:
        style = self.formats.get(italic=True, font_size=11, text_wrap=True, valign="top")
        notes = self.table.notes
        texts = [_plain(note) for note in notes]
        if self._has_marks():
            texts.append(MISSING_NOTE)
        is_together = len(texts) > NOTES_APART
        for at, note in enumerate(notes):
            place = row if is_together else row + at
            self.links.place_text(
                note, self.layout.sheet, place, 0, f"Ghi chú của bảng “{self.table.caption}”"
            )
        width = sum(self.layout.widths) / CHARACTER
        for text in [" ".join(texts)] if is_together else texts:
            self._across(row, text, style)
            self.sheet.set_row(row, 15 * (1 + int(len(text) // width)) + 2)
            row += 1
        return row

    def _has_marks(self) -> bool:
        """Whether the mark of a missing number stands anywhere, also in a column that has words elsewhere."""
        return any(
            not value and not column.is_text
            for line in self.table.rows
            if group_label(line) is None
            for value, column in zip(line.cells, self.table.columns, strict=True)
            if isinstance(value, str)
        )

    def _print_setup(self, last_row: int) -> None:
        """Only the table is printed, its header lines on every page; they stay in view on the screen."""
        sheet, layout = self.sheet, self.layout
        sheet.print_area(0, 0, last_row, self.last_column)
        sheet.repeat_rows(layout.header_top, layout.first_data - 1)
        everything = f"A1:{cell_name(last_row, self.last_column)}"
        sheet.ignore_errors({"number_stored_as_text": everything, "formula_range": everything})
        texts = 0
        while texts <= self.last_column and self.table.columns[texts].is_text:
            texts += 1
        sheet.freeze_panes(layout.first_data, texts if texts <= 3 and texts <= self.last_column else 0)

    def _filter(self) -> None:
        """Arrows on the last header line of a long plain list; its total stays out of the filter."""
        kinds = [line.kind for line in self.table.rows]
        body = kinds.count("body")
        if body >= _FEWEST_FILTERED and kinds[:body] == ["body"] * body:
            top = self.layout.first_data - 1
            self.sheet.autofilter(f"A{top + 1}:{column_letter(self.last_column)}{top + 1 + body}")


def _plain(text: Text) -> str:
    return "".join(part.text for part in text)
