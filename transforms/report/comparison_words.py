"""What templates may say of earlier periods: each compared figure with its course, marked for printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from transforms.indicators.measures import MEASURES, RATIOS
from transforms.report.blocks import Figure, Text
from transforms.report.cells import JOIN, Cells
from transforms.report.comparison import Change, Comparison, Course, comparisons
from transforms.report.comparison_table import comparison_gaps
from transforms.report.figures import FigureBook
from transforms.report.inputs import ReportInputs
from transforms.report.numbers_vi import padded, thousands
from transforms.report.words import Source, sourced

Measured = Sequence[Sequence[str]]
"""What a template asks for: measure, what it is called, unit of measure."""


class ComparisonError(ValueError):
    """A template asked for a comparison that there is not; the text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One figure beside that of an earlier period; numbers are marked."""

    label: str
    unit: str
    course: str
    """rise, fall, same, none, began, ended (``comparison.Course``)."""
    is_rate: bool
    now: str
    """A rate with its parts: "94,7% (36/38 hồ sơ)"."""
    earlier: str
    difference: str
    growth: str
    """Empty where a percentage would say nothing."""
    is_partial: bool
    """True where only some of the units that have the figure are compared."""


@dataclass(frozen=True, slots=True)
class ComparedPeriod:
    """One earlier period as a template asks it for figures."""

    name: str
    """ "kỳ trước", "cùng kỳ năm trước"."""
    period: str
    """ "tháng 8 năm 2021"."""
    is_partial: bool
    """True where only some of the units that sent dossiers are compared."""
    count: str
    total: str
    lines: Callable[[Measured], tuple[ComparedLine, ...]]
    """The figures asked for that compare, in the order asked."""


class ComparisonWords:
    """Comparisons of one report, bound to the book that keeps its figures."""

    def __init__(self, inputs: ReportInputs, cells: Cells, book: FigureBook) -> None:
        self._inputs = inputs
        self._cells = cells
        self._book = book

    def words(self) -> dict[str, object]:
        """Name → value or function, as templates see them."""
        return {
            "earlier_periods": tuple(self._period(each) for each in comparisons(self._inputs)),
            "comparison_gaps": lambda subject: tuple(
                self._marked(text) for text in comparison_gaps(self._inputs, self._cells, subject)
            ),
        }

    def _period(self, side: Comparison) -> ComparedPeriod:
        measure = "received_in_window"
        is_partial = bool(side.lines(measure)) and side.is_partial(measure)
        compared, having = len(side.lines(measure)), len(side.with_data(measure))
        key = side.relation.value
        return ComparedPeriod(
            self._book.mark_text(side.name),
            self._book.mark(sourced(side.period_words, Source.PERIOD)),
            is_partial,
            self._book.mark(self._cells.coverage_figure(f"compared.{key}", compared)),
            self._book.mark(self._cells.coverage_figure(f"with_data.{key}", having)),
            lambda measured: self._lines(side, measured),
        )

    def _lines(self, side: Comparison, measured: Measured) -> tuple[ComparedLine, ...]:
        """The figures that compare; what arose in neither period is said only where nothing else is."""
        found = [
            (change, label, unit)
            for measure, label, unit in _checked(measured)
            if (change := side.change(measure)) is not None
        ]
        some = [line for line in found if line[0].course is not Course.NONE]
        return tuple(
            self._line(change, label, unit, side.is_partial(change.measure))
            for change, label, unit in some or found[:1]
        )

    def _line(self, change: Change, label: str, unit: str, is_partial: bool) -> ComparedLine:
        is_rate = change.measure in RATIOS
        write = None if is_rate else thousands if unit == "đồng" else padded
        return ComparedLine(
            label,
            unit,
            change.course.value,
            is_rate,
            self._printed(change.now, write) + self._parts(change.now_parts),
            self._printed(change.earlier, write) + self._parts(change.earlier_parts),
            self._printed(change.difference, write),
            "" if change.growth is None else self._book.mark(change.growth),
            is_partial,
        )

    def _parts(self, parts: tuple[Figure, Figure] | None) -> str:
        if parts is None:
            return ""
        above, below = (self._printed(figure, padded) for figure in parts)
        return f" ({above}/{below} hồ sơ)"

    def _printed(self, figure: Figure, write: Callable[[int], str] | None) -> str:
        return self._book.mark(replace(figure, text=write(abs(int(figure.value)))) if write else figure)

    def _marked(self, text: Text) -> str:
        return "".join(self._book.mark(inline) for inline in text)


def _checked(measured: Measured) -> Sequence[tuple[str, str, str]]:
    """What was asked for; ComparisonError for a measure that there is not, or that has no total to compare."""
    asked: list[tuple[str, str, str]] = []
    for each in measured:
        if len(each) != 3:
            raise ComparisonError("mỗi chỉ tiêu so sánh gồm ba phần: mã, tên gọi, đơn vị tính")
        measure, label, unit = each
        if any(part not in MEASURES for part in measure.split(JOIN)):
            raise ComparisonError(f"không có chỉ tiêu {measure}")
        asked.append((measure, label, unit))
    return asked
