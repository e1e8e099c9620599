"""Words and numbers that several parts of a page print."""

from __future__ import annotations

from datetime import date

from transforms.catalogue.model import Unit
from transforms.indicators.measures import RATIOS, ratio
from transforms.indicators.model import ALL_FIELDS, IndicatorTable
from transforms.report.blocks import Figure, Paragraph, ParagraphStyle
from transforms.report.cells import JOIN, Cells
from transforms.report.inputs import ReportInputs
from transforms.report.names import sentence_case
from transforms.report.numbers_vi import date_short, percent, thousands
from transforms.report.pages.model import GridCell
from transforms.report.words import Source, Words, named, parts_of, sourced

NOTHING_AROSE = "không phát sinh"
NO_DATA = "chưa có số liệu"
ON_TIME, ONLINE, OVERDUE = "on_time_rate", "online_rate", "overdue_rate"
RATE_NAMES = {
    ON_TIME: ("Giải quyết trước hạn và đúng hạn", "hồ sơ đã giải quyết"),
    ONLINE: ("Tiếp nhận trực tuyến", "hồ sơ tiếp nhận trong kỳ"),
    OVERDUE: ("Đang giải quyết quá hạn", "hồ sơ phải giải quyết, cả kỳ trước chuyển sang"),
}
"""Rate → what it is, and what it is a share of."""


def paragraph(text: str, style: ParagraphStyle = ParagraphStyle.BODY) -> Paragraph:
    """A sentence or more under a heading."""
    return Paragraph(style, parts_of(text))


def unit_label(unit: Unit) -> Words:
    """The unit's name as a line begins with it."""
    return named(sentence_case(unit.full_name), Source.CATALOGUE)


def day_words(day: date) -> Words:
    """ "05/9/2021"."""
    return named(date_short(day), Source.DATE)


def counted(number: int, source: str = Source.COUNTED) -> Words:
    """A number of things that stand on the page or in the store's own lists, not of dossiers."""
    return named(thousands(number), source)


def number_cell(figure: Figure | None, remark: str = "") -> GridCell:
    """A number, or an empty cell where it is missing."""
    return GridCell("" if figure is None else figure, remark=remark)


def rate_parts(
    cells: Cells, rate_id: str, facet: str = ALL_FIELDS, scope: str = ""
) -> tuple[Figure | None, Figure | None]:
    """Numerator and denominator of a rate as figures."""
    measure = RATIOS[rate_id]
    above, below = (
        cells.figure(JOIN.join(parts), facet, scope) for parts in (measure.numerator, measure.denominator)
    )
    return above, below


def rate_cell(cells: Cells, rate_id: str, facet: str = ALL_FIELDS, scope: str = "") -> GridCell:
    """The rate with numerator and denominator below it; "không phát sinh" over nothing, empty without data."""
    above, below = rate_parts(cells, rate_id, facet, scope)
    if above is None or below is None:
        return GridCell("")
    figure = cells.rate_figure(rate_id, facet, scope)
    if figure is None:
        return GridCell("", remark=NOTHING_AROSE)
    return GridCell(figure, remark=Words(above, "/", below))


def table_rate(table: IndicatorTable, rate_id: str, units: tuple[str, ...], code: str) -> Figure | None:
    """A rate of some units of any count under the id of ``code``; None without data or over nothing."""
    measure = RATIOS[rate_id]
    sums = [
        [table.value(part, units) for part in parts] for parts in (measure.numerator, measure.denominator)
    ]
    known = [[value for value in values if value is not None] for values in sums]
    if any(len(found) < len(values) for found, values in zip(known, sums, strict=True)):
        return None
    above, below = (sum(found) for found in known)
    text, value = percent(above, below), ratio(above, below)
    if text is None or value is None:
        return None
    return Figure(value, text, "rate/" + table.reckoning.cell_id(rate_id, code))


def table_figure(table: IndicatorTable, measure: str, units: tuple[str, ...], code: str) -> Figure | None:
    """A number of some units of any count under the id of ``code``."""
    value = table.value(measure, units)
    return None if value is None else Figure(value, thousands(value), table.reckoning.cell_id(measure, code))


def period_words(inputs: ReportInputs) -> Words:
    """ "9 tháng năm 2021, tính từ ngày 15/12/2020 đến ngày 05/9/2021"."""
    return Words(
        sourced(sentence_case(inputs.period_name), Source.PERIOD),
        ", ",
        sourced(inputs.window_words, Source.DATE),
    )
