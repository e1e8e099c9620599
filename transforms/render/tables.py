"""What every renderer has to work out about a table before it can print it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from transforms.report.blocks import Chart, Figure, Table, TableColumn, TableRow

MISSING_MARK = "…"
"""Printed where a number is missing, as in official statistics; missing is not zero (DESIGN.md law 2)."""
MISSING_NOTE = "Dấu “…”: không có số liệu."
NOTES_APART = 3
"""More notes than this run on in one paragraph, to stay on the page of their table."""
_NARROW_MM = 12.0


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header cell; ``column`` is the index of the first column below it."""

    label: str
    column: int
    columns: int = 1
    rows: int = 1
    is_group: bool = False


def header_rows(table: Table) -> tuple[tuple[HeaderCell, ...], ...]:
    """Header cells line by line, left to right.

    Neighbouring columns of one group share a merged cell above them; a column without a group reaches
    down over both lines. The printed column numbers, where a table has them, are a line of their own.
    """
    lines: list[tuple[HeaderCell, ...]] = []
    if any(column.group for column in table.columns):
        upper: list[HeaderCell] = []
        lower: list[HeaderCell] = []
        for group, members in groupby(enumerate(table.columns), key=lambda pair: pair[1].group):
            found = list(members)
            if group:
                upper.append(HeaderCell(group, found[0][0], columns=len(found), is_group=True))
                lower.extend(HeaderCell(column.label, index) for index, column in found)
            else:
                upper.extend(HeaderCell(column.label, index, rows=2) for index, column in found)
        lines += [tuple(upper), tuple(lower)]
    else:
        lines.append(tuple(HeaderCell(column.label, index) for index, column in enumerate(table.columns)))
    if any(column.number for column in table.columns):
        lines.append(tuple(HeaderCell(column.number, index) for index, column in enumerate(table.columns)))
    return tuple(lines)


def group_label(row: TableRow) -> str | None:
    """Label to print across a group row; None when the row carries numbers and is printed cell by cell."""
    if row.kind != "group" or any(isinstance(cell, Figure) for cell in row.cells):
        return None
    return next((cell for cell in row.cells if isinstance(cell, str) and cell), "")


def number_columns(table: Table) -> tuple[bool, ...]:
    """For each column whether it holds numbers: not declared as text and without any words in its cells.

    A mark of one letter, such as the "x" of what is not reckoned, is no word.
    """
    rows = [row for row in table.rows if group_label(row) is None]
    return tuple(
        not column.is_text and not any(isinstance(cell := row.cells[at], str) and cell[1:] for row in rows)
        for at, column in enumerate(table.columns)
    )


def has_missing(table: Table) -> bool:
    """Whether a number is missing anywhere, so that the mark for it wants its explanation."""
    numbers = number_columns(table)
    return any(
        is_number and cell == ""
        for row in table.rows
        if group_label(row) is None
        for cell, is_number in zip(row.cells, numbers, strict=True)
    )


def is_narrow(column: TableColumn) -> bool:
    """A text column for serial numbers, which stand in the middle."""
    return column.is_text and column.width_mm <= _NARROW_MM


def unit_line(table: Table) -> str:
    """ "Đơn vị tính: hồ sơ", or the unit as it stands when it already names itself so; empty without a unit."""
    unit = table.unit_of_measure
    return unit if not unit or unit.casefold().startswith("đơn vị") else f"Đơn vị tính: {unit}"


def decimals(figure: Figure) -> int:
    """Digits printed after the decimal comma of a number that is not whole; 0 for a whole number."""
    if isinstance(figure.value, int):
        return 0
    _, comma, digits = figure.text.rstrip("%").rpartition(",")
    return sum(ch.isdigit() for ch in digits) if comma else 0


def chart_table(chart: Chart) -> Table:
    """The numbers behind a chart: one row per category, one column per series."""
    columns = [TableColumn(key="category", label="Nội dung", is_text=True, width_mm=60)]
    columns += [
        TableColumn(key=f"series_{index}", label=series.name, width_mm=25)
        for index, series in enumerate(chart.series)
    ]
    rows = tuple(
        TableRow((category, *("" if (value := s.values[at]) is None else value for s in chart.series)))
        for at, category in enumerate(chart.categories)
    )
    return Table(table_id=f"{chart.chart_id}_data", caption=chart.title, columns=tuple(columns), rows=rows)
