"""Every number of a workbook under a defined name, and the formulas that tie numbers on different sheets together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transforms.indicators.measures import MEASURES, RATIOS
from transforms.render.anchors import Anchors
from transforms.render.xlsx_layout import column_letter, quoted_sheet
from transforms.report.blocks import Figure, Text
from transforms.report.cells import JOIN
from transforms.report.words import parts_of

_RATE, _CHANGE, _GROWTH = "rate/", "change/", "growth/"
_PARTS = 7
"""Parts of the id of a counted cell (DESIGN.md section 2)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One printing of a cell: the defined name, where it stands, and what it says there."""

    name: str
    figure: Figure
    sheet: str
    row: int
    column: int
    words: str
    is_in_text: bool = False
    """True for a number inside the sentence of a note."""

    @property
    def address(self) -> str:
        """'Biểu II.06a'!$C$19."""
        return f"{quoted_sheet(self.sheet)}!${column_letter(self.column)}${self.row + 1}"


class Links:
    """The figures placed so far. A name is given to the cell when it is placed; the first place of a cell id counts."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._anchors = Anchors()
        self._first: dict[str, Placed] = {}
        self.placed: list[Placed] = []

    def place(
        self, figure: Figure, sheet: str, row: int, column: int, words: str, *, is_in_text: bool = False
    ) -> None:
        """Note that the figure stands there and give the cell its name (DESIGN.md section 2)."""
        name = self._anchors.name(figure.cell_id)
        placed = Placed(name, figure, sheet, row, column, words, is_in_text)
        self._workbook.define_name(name, "=" + placed.address)
        self.placed.append(placed)
        if not is_in_text:
            self._first.setdefault(figure.cell_id, placed)

    def place_text(self, text: str | Text, sheet: str, row: int, column: int, words: str) -> None:
        """Name the cell of a text after every figure that stands in it."""
        for part in parts_of(text) if isinstance(text, str) else text:
            if isinstance(part, Figure):
                self.place(part, sheet, row, column, words, is_in_text=True)

    def reference(self, figure: Figure, sheet: str) -> str:
        """ "='Biểu II.06a'!$C$19" where another sheet has that cell with that value; else empty."""
        found = self._first.get(figure.cell_id)
        if found is None or found.sheet == sheet or found.figure.value != figure.value:
            return ""
        return f"={found.address}"

    def formula(self, figure: Figure) -> str:
        """The calculation of a share, a sum of cells or a difference from the cells in this workbook.

        Empty where one of the cells is not here, and where the calculation would give another number than
        the report's own.
        """
        cell_id = figure.cell_id
        if cell_id.startswith(_RATE):
            return self._share(figure, cell_id.removeprefix(_RATE))
        if cell_id.startswith((_CHANGE, _GROWTH)):
            return self._difference(figure, cell_id)
        measure, _, rest = cell_id.partition("/")
        parts = self._cells(_parts_of(measure), rest)
        is_same = parts and sum(part.figure.value for part in parts) == figure.value
        return f"={_sum(parts)}" if is_same else ""

    def _share(self, figure: Figure, cell_id: str) -> str:
        rate_id, _, rest = cell_id.partition("/")
        if rate_id not in RATIOS:
            return ""
        rate = RATIOS[rate_id]
        above, below = self._cells(rate.numerator, rest), self._cells(rate.denominator, rest)
        denominator = sum(part.figure.value for part in below)
        if not above or not denominator:
            return ""
        if sum(part.figure.value for part in above) / denominator != figure.value:
            return ""
        return f"=({_sum(above)})/({_sum(below)})"

    def _difference(self, figure: Figure, cell_id: str) -> str:
        """The id of a difference names its cell, then unit, period and last day of the other side."""
        kind, *parts = cell_id.split("/")
        if len(parts) != _PARTS + 3:
            return ""
        measure, _, facet, _, basis, _, rulebook, unit, period, day = parts
        now = self._first.get("/".join(parts[:_PARTS]))
        then = self._first.get("/".join((measure, unit, facet, period, basis, day, rulebook)))
        if now is None or then is None:
            return ""
        gap, base = now.figure.value - then.figure.value, then.figure.value
        if f"{kind}/" == _CHANGE:
            return f"={now.address}-{then.address}" if gap == figure.value else ""
        if not base or gap / base != figure.value:
            return ""
        return f"=({now.address}-{then.address})/{then.address}"

    def _cells(self, measures: Sequence[str], rest: str) -> list[Placed]:
        """The cells of those measures for the same unit, field and period; none when one is missing."""
        found = [self._first.get(f"{measure}/{rest}") for measure in measures]
        return [each for each in found if each is not None] if None not in found else []


def _parts_of(measure: str) -> tuple[str, ...]:
    """The measures whose sum it is: those joined in its name, else those that it is made of."""
    if JOIN in measure:
        return tuple(measure.split(JOIN))
    return MEASURES[measure].parts if measure in MEASURES else ()


def _sum(parts: Sequence[Placed]) -> str:
    return "+".join(part.address for part in parts)
