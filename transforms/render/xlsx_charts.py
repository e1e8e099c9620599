"""The sheet of charts: each a native chart beside the range that it draws."""

from __future__ import annotations

from typing import Any

from transforms.render.xlsx_formats import FONT, Formats, number_format
from transforms.render.xlsx_layout import cell_name, quoted_sheet
from transforms.render.xlsx_links import Links
from transforms.render.xlsx_page import PageWords, set_page
from transforms.report.blocks import Block, Chart, ReportContext, Series

CHART_SHEET = "Biểu đồ"
MISSING_REMARK = "Ô trống: không có số liệu."
# As on the page: told apart by colour-blind readers and in grey print.
_COLOURS = ("#2f6690", "#8fc1d4", "#b3392f", "#e9c46a", "#7b4b94", "#5f6b73")
_KINDS = {
    "bar": {"type": "bar"},
    "stacked_bar": {"type": "bar", "subtype": "stacked"},
    "line": {"type": "line"},
}
_OTHER_KIND = {"type": "column"}
_CATEGORY_WIDTH, _VALUE_WIDTH = 32, 13
_ROW_PX, _ROW_POINTS = 22, 16.5
"""One height for every row, said outright, since programs stretch a chart with the rows below it."""
_CHART_WIDTH_PX = 760
_PER_CATEGORY_PX, _AROUND_PX, _LEAST_PX, _MOST_PX = 20, 130, 300, 900
_PAGE_PX = 930
"""What fits on one printed page of this sheet."""


def unique_charts(context: ReportContext) -> tuple[Chart, ...]:
    """Every chart of the report once: those of the page, then others that stand in its text only."""
    blocks: list[Block] = [*context.charts, *context.blocks]
    blocks += [block for annex in context.annexes for block in annex.blocks]
    found: dict[str, Chart] = {}
    for block in blocks:
        if isinstance(block, Chart) and block.categories and block.series:
            found.setdefault(block.chart_id, block)
    return tuple(found.values())


def write_charts(
    workbook: Any, sheet: Any, charts: tuple[Chart, ...], formats: Formats, links: Links, page: PageWords
) -> None:
    """Data ranges in the left columns, one below the other; a number that a form has too refers to it there."""
    set_page(sheet, page)
    widest = max(len(chart.series) for chart in charts)
    sheet.set_column(0, 0, _CATEGORY_WIDTH)
    sheet.set_column(1, widest, _VALUE_WIDTH)
    sheet.set_column(widest + 1, widest + 1, 3)
    row, on_page, breaks = 0, 0, []
    for chart in charts:
        height = _height_px(chart)
        rows = max(-(-height // _ROW_PX), len(chart.categories) + 4) + 2
        if on_page and on_page + rows * _ROW_PX > _PAGE_PX:
            breaks.append(row)
            on_page = 0
        for line in range(row, row + rows):
            sheet.set_row(line, _ROW_POINTS)
        _write_data(sheet, chart, row, formats, links)
        _insert(workbook, sheet, chart, row, widest + 2, height)
        row, on_page = row + rows, on_page + rows * _ROW_PX
    sheet.set_h_pagebreaks(breaks)


def _height_px(chart: Chart) -> int:
    if chart.kind not in ("bar", "stacked_bar"):
        return _LEAST_PX
    bars = len(chart.categories) * (len(chart.series) if chart.kind == "bar" else 1)
    return min(max(bars * _PER_CATEGORY_PX + _AROUND_PX, _LEAST_PX), _MOST_PX)


def _write_data(sheet: Any, chart: Chart, row: int, formats: Formats, links: Links) -> None:
    formats.write_text(sheet, row, 0, chart.title, formats.get(bold=True))
    header = formats.header()
    formats.write_text(sheet, row + 1, 0, chart.category_title or "Nội dung", header)
    for at, series in enumerate(chart.series, 1):
        formats.write_text(sheet, row + 1, at, series.name, header)
    longest = max(len(series.name) for series in chart.series)
    sheet.set_row(row + 1, _ROW_POINTS * (1 + longest // _VALUE_WIDTH))
    for line, category in enumerate(chart.categories):
        formats.write_text(sheet, row + 2 + line, 0, category, formats.cell("body", align="left"))
        for at, series in enumerate(chart.series, 1):
            _write_value(sheet, row + 2 + line, at, series, line, category, formats, links)
    if any(value is None for series in chart.series for value in series.values):
        remark = formats.get(italic=True, font_size=11)
        formats.write_text(sheet, row + 2 + len(chart.categories), 0, MISSING_REMARK, remark)


def _write_value(
    sheet: Any,
    row: int,
    column: int,
    series: Series,
    line: int,
    category: str,
    formats: Formats,
    links: Links,
) -> None:
    figure = series.values[line]
    if figure is None:
        sheet.write_blank(row, column, None, formats.cell("body"))
        return
    style = formats.cell("body", align="right", num_format=number_format(figure))
    formula = links.reference(figure, CHART_SHEET)
    links.place(figure, CHART_SHEET, row, column, f"{category} · {series.name}")
    if formula:
        sheet.write_formula(row, column, formula, style, figure.value)
    else:
        sheet.write_number(row, column, figure.value, style)


def _insert(workbook: Any, sheet: Any, chart: Chart, row: int, column: int, height: int) -> None:
    made = workbook.add_chart(dict(_KINDS.get(chart.kind, _OTHER_KIND)))
    is_bar = chart.kind in ("bar", "stacked_bar")
    first, last = row + 2, row + 1 + len(chart.categories)
    font = {"name": FONT, "size": 10}
    for at in range(1, len(chart.series) + 1):
        colour = _COLOURS[(at - 1) % len(_COLOURS)]
        made.add_series(
            {
                "name": _absolute(row + 1, at, row + 1, at),
                "categories": _absolute(first, 0, last, 0),
                "values": _absolute(first, at, last, at),
                "fill": {"color": colour},
                "line": {"color": colour} if chart.kind == "line" else {"none": True},
                "marker": {"type": "circle", "size": 6, "fill": {"color": colour}}
                if chart.kind == "line"
                else None,
                "gap": 60,
                "data_labels": {"value": True, "font": font} if len(chart.series) == 1 else None,
            }
        )
    made.set_title({"name": chart.title, "name_font": {**font, "size": 13}, "overlay": False})
    categories = {"name": chart.category_title, "name_font": font, "num_font": font}
    values = {
        "name": chart.value_title,
        "name_font": font,
        "num_font": font,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    if is_bar:
        # The first category on top, and the values still below the bars.
        made.set_y_axis({**categories, "reverse": True, "crossing": "max"})
        made.set_x_axis({**values, "min": 0})
    else:
        made.set_x_axis(categories)
        made.set_y_axis(values)
    made.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": font})
    made.show_blanks_as("gap")
    made.set_size({"width": _CHART_WIDTH_PX, "height": height})
    sheet.insert_chart(
        row, column, made, {"description": chart.alt_text, "object_position": 1, "y_offset": 2}
    )


def _absolute(top: int, left: int, bottom: int, right: int) -> str:
    """ "='Biểu đồ'!$B$3:$B$9"."""

    def fixed(row: int, column: int) -> str:
        name = cell_name(row, column)
        letters = name.rstrip("0123456789")
        return f"${letters}${name[len(letters) :]}"

    ends = [fixed(top, left), fixed(bottom, right)]
    return f"={quoted_sheet(CHART_SHEET)}!{':'.join(dict.fromkeys(ends))}"
