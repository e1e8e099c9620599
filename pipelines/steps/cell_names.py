"""The ids of printed figures, read back: what a cell counts, of whom, over which days.

An id is what ``context.json`` prints (DESIGN.md section 2); what counts no records is told where to look instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pipelines.errors import UsageProblemError
from transforms.indicators.backlog import parse_band
from transforms.indicators.contributions import NOTE, SUPPLEMENT_MEASURE
from transforms.indicators.measure import ALL_FIELDS
from transforms.indicators.measures import MEASURES, RATIOS
from transforms.report.cells import JOIN
from transforms.report.comparison import CHANGE, GROWTH
from transforms.report.lateness import LONGEST
from transforms.report.pages.trends import FINDINGS_ID
from transforms.report.ranking import RANKING_TITLE, USUAL

_PLAIN_PARTS, _SUPPLEMENT_PARTS = 7, 4
_OTHER_SIDE_PARTS = 3
_RATE, _NOTE_PREFIX = "rate", "note"
_SUPPLEMENT, _SUPPLEMENT_TOTAL = "supplement", "supplement_total"
QUARANTINED = NOTE + "quarantined"
"""The measure of the rows that were set apart."""


@dataclass(frozen=True, slots=True)
class CellName:
    """The parts of a cell id (DESIGN.md section 2). ``below`` is set for a share: the measures of its denominator."""

    measures: tuple[str, ...]
    unit_key: str
    facets: tuple[str, ...]
    period_id: str
    basis: str | None = None
    closing_day: date | None = None
    rulebook: str | None = None
    below: tuple[str, ...] = ()
    band: tuple[str, str] | None = None
    """Set where the cell counts those of one age only: what is measured, and the band (``indicators.backlog``)."""
    is_longest: bool = False
    """True where the cell says how long the longest of its records has been late, not how many there are."""
    is_own: bool = False
    """True for what the unit filled in itself, which is never a part of the sum over the units below it."""

    @property
    def unit_keys(self) -> tuple[str, ...]:
        """The unit itself, or the units that are summed."""
        return tuple(self.unit_key.split(JOIN))


def parse_cell_id(text: str) -> CellName:
    """The parts of an id as ``context.json`` prints it; UsageProblemError for what is none, or counts no records."""
    prefix, _, rest = text.strip().partition("/")
    if prefix == LONGEST:
        return replace(parse_cell_id(rest), is_longest=True)
    if (band := parse_band(prefix)) is not None:
        return replace(parse_cell_id(rest), band=band)
    if prefix == _RATE and rest.partition("/")[0] in (_SUPPLEMENT, _SUPPLEMENT_TOTAL):
        return parse_cell_id(rest)  # the id of such a share names its numerator only
    if prefix in (_SUPPLEMENT, _SUPPLEMENT_TOTAL):
        parts = text.strip().split("/")
        if len(parts) == _SUPPLEMENT_PARTS:
            items = tuple(SUPPLEMENT_MEASURE + item for item in parts[2].split(JOIN))
            return CellName(items, parts[1], (ALL_FIELDS,), parts[3], is_own=prefix == _SUPPLEMENT)
    parts = (rest if prefix in (_RATE, _NOTE_PREFIX) else text.strip()).split("/")
    if prefix == "explained":
        raise UsageProblemError(
            f"Ô {text} là số dòng đã được giải trình, không phải số hồ sơ của biểu; hãy dùng “motcua waive list” hoặc “motcua check”."
        )
    if prefix == USUAL:
        raise UsageProblemError(
            f"Ô {text} là mức giữa của các đơn vị khác, không đếm hồ sơ; hãy xem tỷ lệ của từng đơn vị trong bảng “{RANKING_TITLE}”."
        )
    if prefix in ("finding", FINDINGS_ID):
        raise UsageProblemError(f"Ô {text} là nội dung của một phát hiện; hãy xem bằng “motcua check”.")
    if prefix in ("coverage", "restated", "published"):
        raise UsageProblemError(
            f"Ô {text} không đếm hồ sơ: đó là số đơn vị hoặc số liệu so với lần công bố trước; "
            "hãy dùng “motcua status” hoặc “motcua diff”."
        )
    if len(parts) != _PLAIN_PARTS:
        raise UsageProblemError(
            f"Mã ô “{text}” không đúng dạng; hãy chép nguyên mã từ context.json, ví dụ "
            "resolved_total/16204/*/2021-9T/nd09/2021-09-05/tt01."
        )
    measure, unit, facet, period_id, basis, closing, rulebook = parts
    try:
        closing_day = date.fromisoformat(closing)
    except ValueError as problem:
        raise UsageProblemError(
            f"Mã ô “{text}”: ngày chốt “{closing}” không đúng dạng 2021-09-05."
        ) from problem
    measures: tuple[str, ...] = tuple(measure.split(JOIN))
    below: tuple[str, ...] = ()
    if prefix == _RATE and measure in RATIOS:
        measures, below = RATIOS[measure].numerator, RATIOS[measure].denominator
    elif prefix == _NOTE_PREFIX:
        measures = (NOTE + measure,)
    known = [name for name in (*measures, *below) if name in MEASURES or name.startswith(NOTE)]
    if len(known) != len(measures) + len(below):
        raise UsageProblemError(f"Mã ô “{text}”: không có chỉ tiêu “{measure}”.")
    return CellName(measures, unit, tuple(facet.split(JOIN)), period_id, basis, closing_day, rulebook, below)


def parse_change_id(text: str) -> tuple[str, str] | None:
    """The ids of both figures behind a difference, the report's own first; None for an id that is no difference.

    The id is that of the figure followed by unit, period and last day of the other side (``comparison.change_id``).
    """
    prefix, _, rest = text.strip().partition("/")
    if prefix not in (CHANGE, GROWTH):
        return None
    parts = rest.split("/")
    own = parts[:-_OTHER_SIDE_PARTS]
    if len(own) not in (_PLAIN_PARTS, _PLAIN_PARTS + 1):
        raise UsageProblemError(
            f"Mã ô “{text}” không đúng dạng; hãy chép nguyên mã từ context.json của báo cáo."
        )
    unit, period_id, closing_day = parts[-_OTHER_SIDE_PARTS:]
    measure, _, facet, _, basis, _, rulebook = own[-_PLAIN_PARTS:]
    other = [*own[:-_PLAIN_PARTS], measure, unit, facet, period_id, basis, closing_day, rulebook]
    return "/".join(own), "/".join(other)
