"""What templates may say of units beside each other: who has overdue dossiers, and whose rates are unlike the others'."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.catalogue.model import Unit
from transforms.report.cells import Cells
from transforms.report.figures import FigureBook
from transforms.report.inputs import ReportInputs
from transforms.report.names import sentence_case
from transforms.report.ranking import RATE_NAMES, find_unusual
from transforms.report.words import Source

_WORST_UNITS = 5


@dataclass(frozen=True, slots=True)
class WorstUnit:
    """A unit with dossiers out of time; ``id`` is for the functions, ``name`` marked for the text."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class UnusualUnit:
    """A unit whose rate is far from that of the others; everything but the flag and ids is marked for the text."""

    id: str
    name: str
    rate_id: str
    rate_name: str
    rate: str
    usual: str
    is_higher: bool


class RankingWords:
    """Words about the units of one roll-up, bound to the book that keeps its figures."""

    def __init__(self, inputs: ReportInputs, cells: Cells, book: FigureBook) -> None:
        self._inputs = inputs
        self._cells = cells
        self._book = book

    def words(self) -> dict[str, object]:
        """Name → value, as templates see them."""
        return {"worst_units": self._worst_units(), "unusual_units": self._unusual_units()}

    def _worst_units(self) -> tuple[WorstUnit, ...]:
        """Units with the most dossiers out of time, resolved late or still open; at most five."""
        overdue = [
            (self._cells.value("late+pending_overdue", unit=unit.code) or 0, unit)
            for unit in self._inputs.leaf_units
        ]
        worst = sorted((pair for pair in overdue if pair[0]), key=lambda pair: (-pair[0], pair[1].code))
        return tuple(WorstUnit(unit.code, self._name(unit)) for _, unit in worst[:_WORST_UNITS])

    def _unusual_units(self) -> tuple[UnusualUnit, ...]:
        return tuple(
            UnusualUnit(
                each.unit.code,
                self._name(each.unit),
                each.rate_id,
                RATE_NAMES[each.rate_id][:1].lower() + RATE_NAMES[each.rate_id][1:],
                self._book.mark(each.rate),
                self._book.mark(each.usual),
                each.is_higher,
            )
            for each in find_unusual(self._inputs, self._cells)
        )

    def _name(self, unit: Unit) -> str:
        return self._book.mark_text(sentence_case(unit.full_name), Source.CATALOGUE)
