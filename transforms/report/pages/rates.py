"""Main numbers and rates of a unit or roll-up, each rate with what it is a share of, and the fields."""

from __future__ import annotations

from transforms.indicators.model import ALL_FIELDS
from transforms.report.cells import Cells
from transforms.report.coverage import share_remark
from transforms.report.inputs import ReportInputs
from transforms.report.ordering import field_name, listed_fields
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import CardNumber, Cards, Grid, GridCell, GridColumn, GridRow
from transforms.report.pages.wording import (
    NO_DATA,
    NOTHING_AROSE,
    ON_TIME,
    RATE_NAMES,
    number_cell,
    period_words,
    rate_cell,
    rate_parts,
)
from transforms.report.words import Source, Words, named, sourced

_FIELD_MEASURES = (
    "received_in_window",
    "carried_over",
    "resolved_total",
    "late",
    "pending_total",
    "pending_overdue",
)
_FIELD_COLUMNS = (
    GridColumn("Lĩnh vực"),
    GridColumn("Tiếp nhận trong kỳ", True),
    GridColumn("Kỳ trước chuyển sang", True),
    GridColumn("Đã giải quyết", True),
    GridColumn("Trong đó quá hạn", True),
    GridColumn("Đang giải quyết", True),
    GridColumn("Trong đó quá hạn", True),
    GridColumn("Tỷ lệ trước và đúng hạn", True),
)
_SHOWN = (
    ("received_in_window", "Hồ sơ tiếp nhận trong kỳ"),
    ("resolved_total", "Hồ sơ đã giải quyết"),
)


def main_cards(night: NightInputs, scope: str = "") -> Cards:
    """The numbers that a reader looks for first, of the main period."""
    cells = Cells(night.main)
    numbers = [
        CardNumber(label, cells.figure(measure, unit=scope), _share(night.main, cells, measure, scope))
        for measure, label in _SHOWN
    ]
    above, below = rate_parts(cells, ON_TIME, scope=scope)
    rate = cells.rate_figure(ON_TIME, unit=scope)
    remark = Words(above, "/", below, " ", RATE_NAMES[ON_TIME][1]) if above and below and rate else ""
    if above is not None and rate is None:
        remark = NOTHING_AROSE
    numbers.append(CardNumber(RATE_NAMES[ON_TIME][0], rate, remark))
    overdue = cells.figure("pending_overdue", unit=scope)
    pending = cells.figure("pending_total", unit=scope)
    among = Words("trên ", pending, " hồ sơ đang giải quyết") if pending is not None else ""
    numbers.append(CardNumber("Đang quá hạn", overdue, among))
    return Cards(tuple(numbers))


def _share(inputs: ReportInputs, cells: Cells, measure: str, scope: str) -> str:
    return "" if scope else share_remark(inputs, cells, measure)


def rates_grid(night: NightInputs, scope: str = "") -> Grid:
    """Every rate of every period of the night: numerator, denominator, share."""
    rows: list[GridRow] = []
    for inputs in night.reports:
        cells = Cells(inputs)
        rows.append(GridRow((GridCell(period_words(inputs)),), "group"))
        for rate_id, (name, among) in RATE_NAMES.items():
            above, below = rate_parts(cells, rate_id, scope=scope)
            figure = cells.rate_figure(rate_id, unit=scope)
            said = NO_DATA if below is None else NOTHING_AROSE
            rate = GridCell(figure) if figure else GridCell("", remark=said)
            rows.append(
                GridRow(
                    (GridCell(name, remark=f"trên {among}"), number_cell(above), number_cell(below), rate)
                )
            )
    columns = (
        GridColumn("Tỷ lệ"),
        GridColumn("Tử số", True),
        GridColumn("Mẫu số", True),
        GridColumn("Tỷ lệ", True),
    )
    return Grid("ty-le", "Tỷ lệ theo từng kỳ", columns, tuple(rows))


def fields_grid(night: NightInputs, scope: str = "") -> Grid | None:
    """One line a field of the main period and their sum; None without a list of dossiers."""
    inputs = night.main
    cells = Cells(inputs)
    if cells.value("received_total", unit=scope) is None:
        return None
    codes = (scope,) if scope else cells.leaf_codes
    occurring = frozenset(
        facet
        for facet in inputs.table.facets("received_total", codes)
        if any(
            cells.value(measure, facet, scope)
            for measure in ("received_total", "resolved_total", "pending_total")
        )
    )
    fields = [each for each in listed_fields(inputs.catalogue, occurring) if each in occurring]
    rows = [
        _field_row(cells, each, named(field_name(inputs.catalogue, each), Source.CATALOGUE), scope)
        for each in fields
    ]
    rows.append(_field_row(cells, ALL_FIELDS, "Cộng", scope, "total"))
    caption = Words("Hồ sơ theo lĩnh vực, ", sourced(inputs.period_name, Source.PERIOD))
    return Grid("linh-vuc", caption, _FIELD_COLUMNS, tuple(rows), is_sortable=len(rows) > 2)


def _field_row(cells: Cells, field: str, name: str, scope: str, kind: str = "body") -> GridRow:
    numbers = (number_cell(cells.figure(measure, field, scope)) for measure in _FIELD_MEASURES)
    return GridRow((GridCell(name), *numbers, rate_cell(cells, ON_TIME, field, scope)), kind)
