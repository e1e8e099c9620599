"""Where a table's cells come to stand on its sheet, worked out before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.render.tables import group_label, header_rows, number_columns
from transforms.report.blocks import Figure, Table, TableRow

_MM_PER_CHARACTER = 2.0
CHARACTER = 0.78
"""Width of an average letter of the report's font, in the unit of column widths (a digit of Excel's own font)."""


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


def quoted_sheet(name: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table on the sheet of that name: box and title, header lines, rows, notes, one below the other."""

    table: Table
    sheet: str
    box: tuple[str, ...]
    is_number: tuple[bool, ...]
    widths: tuple[float, ...]
    """Characters by column: about two millimetres each, wide enough for the longest number."""
    header_top: int
    first_data: int
    at_key: dict[str, int]
    """Column key → index."""

    @property
    def last_column(self) -> int:
        """Index of the table's last column."""
        return len(self.table.columns) - 1

    @property
    def last_data(self) -> int:
        """Sheet row of the table's last row."""
        return self.first_data + len(self.table.rows) - 1

    def body_ranges(self, column: int, start: int, end: int) -> list[str]:
        """A1 ranges of the body rows among the rows ``start`` to ``end`` (not included)."""
        ranges: list[str] = []
        first: int | None = None
        for index in range(start, end + 1):
            is_body = index < end and self.table.rows[index].kind == "body"
            if is_body and first is None:
                first = index
            elif not is_body and first is not None:
                top, bottom = self.first_data + first, self.first_data + index - 1
                ranges.append(f"{cell_name(top, column)}:{cell_name(bottom, column)}")
                first = None
        return ranges

    def figures(self) -> list[tuple[int, int, Figure]]:
        """(sheet row, column, figure) of every figure that has a cell of its own, in reading order."""
        return [
            (self.first_data + at, column, cell)
            for at, line in enumerate(self.table.rows)
            for column, cell in enumerate(line.cells)
            if isinstance(cell, Figure)
        ]

    def words(self, at: int, column: int) -> str:
        """What a figure is, for the list of names: "Hộ tịch · Số lượng hồ sơ tiếp nhận, Tổng số"."""
        header = self.table.columns[column]
        label = f"{header.group}, {header.label.lower()}" if header.group else header.label
        return " · ".join(filter(None, (_line_words(self.table.rows[at]), label)))


def lay_out(table: Table, sheet: str) -> TableLayout:
    """The places of a table's cells."""
    box = tuple(filter(None, (table.form_number, *table.form_box)))
    header_top = len(box) + bool(table.caption) + bool(table.unit_of_measure)
    return TableLayout(
        table,
        sheet,
        box,
        number_columns(table),
        tuple(_width(table, at) for at in range(len(table.columns))),
        header_top,
        header_top + len(header_rows(table)),
        {column.key: at for at, column in enumerate(table.columns)},
    )


def _width(table: Table, at: int) -> float:
    cells = [line.cells[at] for line in table.rows if group_label(line) is None]
    longest = max((len(cell.text) for cell in cells if isinstance(cell, Figure)), default=0)
    return max(table.columns[at].width_mm / _MM_PER_CHARACTER, longest * 1.15 + 2)


def _line_words(line: TableRow) -> str:
    """The longest of its words is a line's name; the others are its number and its remarks."""
    return max((cell for cell in line.cells if isinstance(cell, str)), key=len, default="")
