"""Charts in Word as native DrawingML charts: drawn by the program that opens the file, read out by its alt text.

The numbers are written into the chart itself, without a workbook behind it: they can be led back only through
the table that stands below the chart.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from transforms.render.docx_xml import Bookmarks, legal_text, paragraph
from transforms.render.svg import COLOURS
from transforms.report.blocks import Chart, Figure, Series

CHART_LABEL = "Biểu đồ"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_EMU_PER_MM = 36000
_ROW_MM, _BAR_MM, _LEGEND_MM, _TALLEST_MM = 7.0, 4.5, 12.0, 160.0
_HIDDEN = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'


class ChartParts:
    """Adds the chart parts of one document; they are numbered in the order in which they stand."""

    def __init__(self, document: Any) -> None:
        self._main = document.part
        self._count = 0

    def chart_xml(self, chart: Chart, marks: Bookmarks, text_width: float) -> str:
        """Drawing and numbered caption, kept with the table of numbers that follows; ``text_width`` in mm."""
        self._count += 1
        name = PackURI(f"/word/charts/chart{self._count}.xml")
        part = Part(name, CONTENT_TYPE.DML_CHART, chart_part(chart), self._main.package)
        relation = self._main.relate_to(part, RELATIONSHIP_TYPE.CHART)
        drawing = _drawing(chart, self._count, relation, text_width)
        caption = marks.numbered(CHART_LABEL) + marks.words(chart.title)
        return paragraph("Chart", drawing) + paragraph("Caption", caption)


def chart_part(chart: Chart) -> bytes:
    """The chart as a part of its own: horizontal bars in the order of the table, numbers as labels, gaps left open.

    Raises ValueError for a kind that is neither bar nor stacked_bar.
    """
    if chart.kind not in ("bar", "stacked_bar"):
        raise ValueError(f"unknown kind of chart: {chart.kind}")
    is_stacked = chart.kind == "stacked_bar"
    grouping = '<c:grouping val="stacked"/>' if is_stacked else '<c:grouping val="clustered"/>'
    overlap = '<c:overlap val="100"/>' if is_stacked else ""
    series = "".join(_series(chart, at, each, is_stacked=is_stacked) for at, each in enumerate(chart.series))
    legend = (
        '<c:legend><c:legendPos val="t"/><c:overlay val="0"/></c:legend>' if len(chart.series) > 1 else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"><c:date1904 val="0"/><c:lang val="vi-VN"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="bar"/>{grouping}<c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="50"/>{overlap}<c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/>{_HIDDEN}<c:tickLblPos val="low"/><c:spPr>{_line("7F7F7F")}</c:spPr>'
        '<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="t"/>{_HIDDEN}<c:tickLblPos val="none"/>'
        '<c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx></c:plotArea>'
        f'{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_font('000000')}</c:chartSpace>"
    ).encode()


def _series(chart: Chart, at: int, series: Series, *, is_stacked: bool) -> str:
    fill, ink = (colour.removeprefix("#").upper() for colour in COLOURS[at % len(COLOURS)])
    # between the parts of a bar a zero has no room and says nothing; the table below shows it
    is_share = any(value is not None and value.text.endswith("%") for value in series.values)
    number = "0.0%" if is_share else "#,##0"
    shown = f"{number};;" if is_stacked else number
    place = "ctr" if is_stacked else "outEnd"
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:v>{_text(series.name)}</c:v></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>{_line("FFFFFF")}</c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls><c:numFmt formatCode="{shown}" sourceLinked="0"/>'
        f"<c:spPr><a:noFill/></c:spPr>{_font(ink if is_stacked else '000000')}"
        f'<c:dLblPos val="{place}"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strLit>{_points(chart.categories)}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>{number}</c:formatCode>{_points(series.values)}</c:numLit></c:val></c:ser>"
    )


def _points(values: tuple[str, ...] | tuple[Figure | None, ...]) -> str:
    points = "".join(
        f'<c:pt idx="{at}"><c:v>{_text(value) if isinstance(value, str) else value.value}</c:v></c:pt>'
        for at, value in enumerate(values)
        if value is not None
    )
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _text(text: str) -> str:
    return escape(legal_text(text))


def _line(colour: str) -> str:
    return f'<a:ln w="6350"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'


def _font(colour: str) -> str:
    return (
        '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1100">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:latin typeface="Times New Roman"/>'
        '<a:cs typeface="Times New Roman"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )


def _drawing(chart: Chart, number: int, relation: str, text_width: float) -> str:
    bars = 1 if chart.kind == "stacked_bar" else len(chart.series)
    rows = len(chart.categories) * max(_ROW_MM, bars * _BAR_MM + 2)
    height = min(_TALLEST_MM, rows + 6 + (_LEGEND_MM if len(chart.series) > 1 else 0))
    size = f'cx="{round(text_width * _EMU_PER_MM)}" cy="{round(height * _EMU_PER_MM)}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name={quoteattr(f"{CHART_LABEL} {number}")} '
        f"descr={quoteattr(legal_text(chart.alt_text))} title={quoteattr(legal_text(chart.title))}/>"
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}">'
        f'<c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"/></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )
