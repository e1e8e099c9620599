"""Charts as inline SVG: horizontal bars, plain or stacked, with every label and value as text.

The drawing is one column wide so that it can be read on a phone: a category's name stands above its bar.
"""

from __future__ import annotations

from html import escape

from transforms.report.blocks import Chart, Figure

WIDTH = 350
_LEFT = 2
_BAR_WIDTH = 262
_STACK_WIDTH = 236
_ROW = 44
_BAR = 15
_LEGEND_ROW = 21
_TEXT = 'font-size="13" fill="#1b2733"'
# told apart by colour-blind readers and in grey print; white or dark text on each keeps 4.5:1
COLOURS = (
    ("#2f6690", "#ffffff"),
    ("#8fc1d4", "#10202c"),
    ("#b3392f", "#ffffff"),
    ("#e9c46a", "#2b2100"),
    ("#7b4b94", "#ffffff"),
    ("#5f6b73", "#ffffff"),
)


def chart_svg(chart: Chart) -> str:
    """The chart as one ``<svg>`` element with title and description; no number is only in a colour.

    A missing number is printed as a mark, never as an empty bar of zero. Raises ValueError for a kind that
    is neither bar nor stacked_bar.
    """
    if chart.kind == "bar":
        height, body = _bars(chart)
    elif chart.kind == "stacked_bar":
        height, body = _stacked(chart)
    else:
        raise ValueError(f"unknown kind of chart: {chart.kind}")
    name = escape(chart.chart_id, quote=True)
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.alt_text)}</desc>{body}</svg>'
    )


def _bars(chart: Chart) -> tuple[int, str]:
    """One bar per category and series; several series share the row of their category."""
    count = len(chart.series)
    top = _LEGEND_ROW * count + 8 if count > 1 else 0
    body = _legend(chart) if count > 1 else ""
    row_height = _ROW + (count - 1) * (_BAR + 3)
    largest = max((value.value for s in chart.series for value in s.values if value), default=0)
    for at, category in enumerate(chart.categories):
        y = top + at * row_height
        body += _label(y, category)
        for index, series in enumerate(chart.series):
            value = series.values[at]
            bar_y = y + 20 + index * (_BAR + 3)
            length = _length(value, largest, _BAR_WIDTH)
            body += _rect(_LEFT, bar_y, length, COLOURS[index % len(COLOURS)][0])
            body += _value(_LEFT + length + 6, bar_y, value)
    return top + row_height * len(chart.categories), body


def _stacked(chart: Chart) -> tuple[int, str]:
    """One bar per category, cut by series; a part without room for its number has it behind the bar."""
    top = _LEGEND_ROW * len(chart.series) + 8
    body = _legend(chart)
    largest = max((_reach(chart, at) for at in range(len(chart.categories))), default=0)
    for at, category in enumerate(chart.categories):
        y = top + at * _ROW
        body += _label(y, category)
        x: float = _LEFT
        behind: list[tuple[str, Figure]] = []
        for index, series in enumerate(chart.series):
            value = series.values[at]
            if value is None or not value.value:
                continue
            fill, ink = COLOURS[index % len(COLOURS)]
            length = _length(value, largest, _STACK_WIDTH)
            body += _rect(x, y + 20, length, fill)
            if length >= 8 * len(value.text) + 8:
                body += (
                    f'<text x="{x + length / 2:g}" y="{y + 32}" text-anchor="middle" font-size="12" '
                    f'fill="{ink}" data-cell="{escape(value.cell_id, quote=True)}">{escape(value.text)}</text>'
                )
            else:
                behind.append((fill, value))
            x = round(x + length, 1)
        for fill, value in behind:
            body += f'<rect x="{x + 6:g}" y="{y + 24}" width="8" height="8" fill="{fill}"/>'
            body += _value(x + 17, y + 20, value)
            x = round(x + 19 + 8 * len(value.text), 1)
        missing = [series.values[at] is None for series in chart.series]
        if any(missing):
            body += _value(x + 6, y + 20, None)
        elif x == _LEFT:
            body += _value(x + 6, y + 20, chart.series[0].values[at])
    return top + _ROW * len(chart.categories), body


def _reach(chart: Chart, at: int) -> float:
    """Length of a category's bar in its own unit; it scales the drawing and is never printed."""
    values = (series.values[at] for series in chart.series)
    return sum(value.value for value in values if value is not None)


def _length(value: Figure | None, largest: float, room: float) -> float:
    """A number above zero is always visible, however small beside the largest."""
    if value is None or largest <= 0 or value.value <= 0:
        return 0
    return round(max(2.0, value.value / largest * room), 1)


def _rect(x: float, y: float, width: float, fill: str) -> str:
    if not width:
        return ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{_BAR}" fill="{fill}"/>'


def _label(y: float, text: str) -> str:
    shown = text if len(text) <= 46 else text[:45].rstrip() + "…"
    return f'<text x="{_LEFT}" y="{y + 14:g}" {_TEXT}>{escape(shown)}</text>'


def _value(x: float, bar_y: float, value: Figure | None) -> str:
    if value is None:
        return f'<text x="{x:g}" y="{bar_y + 12:g}" font-size="13" fill="#55616b" font-style="italic">không có số liệu</text>'
    cell = escape(value.cell_id, quote=True)
    return f'<text x="{x:g}" y="{bar_y + 12:g}" {_TEXT} font-weight="600" data-cell="{cell}">{escape(value.text)}</text>'


def _legend(chart: Chart) -> str:
    body = ""
    for index, series in enumerate(chart.series):
        y = index * _LEGEND_ROW
        fill = COLOURS[index % len(COLOURS)][0]
        body += f'<rect x="{_LEFT}" y="{y + 3}" width="13" height="13" fill="{fill}"/>'
        body += f'<text x="{_LEFT + 20}" y="{y + 14}" {_TEXT}>{escape(series.name)}</text>'
    return body
