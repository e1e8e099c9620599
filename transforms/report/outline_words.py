"""What templates may ask of the outline: the type of report, the programme's names of the six fields, lateness."""

from __future__ import annotations

from transforms.catalogue.programmes import REFORM_FIELDS, reform_field_names
from transforms.report.cells import Cells
from transforms.report.figures import FigureBook
from transforms.report.inputs import ReportInputs
from transforms.report.lateness import longest_late
from transforms.report.words import Source


class OutlineError(ValueError):
    """A template asked for a part of the outline that there is not; the text is Vietnamese."""


class OutlineWords:
    """Words of one report's outline, bound to the book that keeps its figures."""

    def __init__(self, inputs: ReportInputs, cells: Cells, book: FigureBook) -> None:
        self._inputs = inputs
        self._cells = cells
        self._book = book
        self._names = reform_field_names(inputs.catalogue.reform_fields, inputs.table.reckoning.closing_day)

    def words(self) -> dict[str, object]:
        """Name → value or function, as templates see them."""
        longest = longest_late(self._inputs, self._cells)
        return {
            "report_type": self._inputs.report_type,
            "reform_field": self._reform_field,
            "longest_late": "" if longest is None else self._book.mark(longest),
        }

    def _reform_field(self, field_id: str) -> str:
        """The name under the programme in force on the last day counted; OutlineError for a field that there is not."""
        if field_id not in self._names:
            raise OutlineError(
                f"không có lĩnh vực cải cách {field_id}; các lĩnh vực: {', '.join(REFORM_FIELDS)}"
            )
        return self._book.mark_text(self._names[field_id], Source.CATALOGUE)
