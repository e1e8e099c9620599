"""Small drawings of one quantity over time as inline SVG: columns, a line of shares, steps of what stood open."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from transforms.report.blocks import Figure
from transforms.report.pages.model import Trend, TrendPoint

WIDTH, HEIGHT = 350, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 344, 26, 138
_FLOOR = _BOTTOM - 24
"""Lowest point of a line: the value of the smallest stands below it."""
_INK, _SOFT, _LINE, _FILL, _PALE = "#1b2733", "#4d5a66", "#c3ccd4", "#2f6690", "#dbe8f1"
_SMALL = f'font-size="11.5" fill="{_SOFT}"'
_VALUE = f'font-size="12" font-weight="600" fill="{_INK}"'
_SHARE_ROOM = 0.02
"""Shares all alike still get a drawing: at least this much of the whole between its lower and upper edge."""


def trend_svg(trend: Trend) -> str:
    """The drawing as one ``<svg>`` with title and description; values of note are printed, all stand in the table.

    Counts and steps begin at zero; a line of shares names the shares at its edges. A month without data is a
    dash on the axis, one that does not tell the whole month a hollow mark. ValueError for an unknown kind.
    """
    drawn = {"columns": _columns, "line": _line, "steps": _steps}.get(trend.kind)
    if drawn is None:
        raise ValueError(f"unknown kind of trend: {trend.kind}")
    name = escape(trend.trend_id, quote=True)
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{escape(trend.title)}</title>'
        f'<desc id="{name}-desc">{escape(trend.alt_text)}</desc>{_axis()}{drawn(trend.points)}</svg>'
    )


def _axis() -> str:
    return f'<line x1="{_LEFT}" y1="{_BOTTOM}" x2="{_RIGHT}" y2="{_BOTTOM}" stroke="{_LINE}"/>'


def _columns(points: Sequence[TrendPoint]) -> str:
    largest = max((point.figure.value for point in points if point.figure), default=0) or 1
    slot = (_RIGHT - _LEFT) / max(1, len(points))
    width = min(slot * 0.72, 34)
    spoken = _spoken(points)
    body = ""
    for at, point in enumerate(points):
        middle = _LEFT + slot * (at + 0.5)
        body += _below(point, middle)
        if point.figure is None:
            body += _gap(middle)
            continue
        height = max(point.figure.value / largest * (_BOTTOM - _TOP), 1.5 if point.figure.value else 0)
        if height:
            style = (
                f'fill="{_PALE}" stroke="{_FILL}" stroke-dasharray="3 2"'
                if point.is_partial
                else f'fill="{_FILL}"'
            )
            body += (
                f'<rect x="{middle - width / 2:.1f}" y="{_BOTTOM - height:.1f}" width="{width:.1f}" '
                f'height="{height:.1f}" {style}/>'
            )
        if at in spoken:
            body += _value(point.figure, middle, _BOTTOM - height - 5)
    return body


def _line(points: Sequence[TrendPoint]) -> str:
    values = [point.figure.value for point in points if point.figure]
    low, high = _edges(values)
    slot = (_RIGHT - _LEFT) / max(1, len(points))
    spoken = _spoken(points)
    body, dots, labels = "", "", ""
    last: tuple[float, float] | None = None
    for at, point in enumerate(points):
        middle = _LEFT + slot * (at + 0.5)
        body += _below(point, middle)
        if point.figure is None:
            body += _gap(middle)
            last = None
            continue
        y = _FLOOR - (point.figure.value - low) / (high - low) * (_FLOOR - _TOP)
        if last is not None:
            body += f'<line x1="{last[0]:.1f}" y1="{last[1]:.1f}" x2="{middle:.1f}" y2="{y:.1f}" stroke="{_FILL}" stroke-width="2"/>'
        fill = "#ffffff" if point.is_partial else _FILL
        dots += (
            f'<circle cx="{middle:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{_FILL}" stroke-width="2"/>'
        )
        if at in spoken:
            labels += _value(point.figure, middle, y + 19 if point.figure.value == low else y - 9)
        last = (middle, y)
    return body + dots + labels


def _edges(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    short = max(0.0, _SHARE_ROOM - (high - low))
    return low - short, high


def _steps(points: Sequence[TrendPoint]) -> str:
    told = [(point, point.figure) for point in points if point.figure is not None]
    largest = max((figure.value for _, figure in told), default=0) or 1
    span = max((point.at for point, _ in told), default=0) or 1
    edge = 18

    def place(point: TrendPoint, figure: Figure) -> tuple[float, float]:
        x = _LEFT + edge + point.at / span * (_RIGHT - _LEFT - 2 * edge)
        return x, _BOTTOM - figure.value / largest * (_BOTTOM - _TOP)

    path = ""
    for number, (point, figure) in enumerate(told):
        x, y = place(point, figure)
        path += f"M{x:.1f} {y:.1f}" if not number else f"H{x:.1f}V{y:.1f}"
    if not told:
        return ""
    first, last = place(*told[0]), place(*told[-1])
    area = f"{path}V{_BOTTOM}H{first[0]:.1f}Z"
    body = (
        f'<path d="{area}" fill="{_PALE}"/><path d="{path}" fill="none" stroke="{_FILL}" stroke-width="2"/>'
    )
    for (point, figure), (x, y) in ((told[0], first), (told[-1], last)):
        body += _value(figure, x, y - 6) + _below(point, x)
    return body


def _spoken(points: Sequence[TrendPoint]) -> set[int]:
    """Positions whose value is printed: the largest, the smallest and the last, as far as they have room."""
    told = [(at, point.figure.value) for at, point in enumerate(points) if point.figure is not None]
    if not told:
        return set()
    last = told[-1][0]
    wanted = [
        last,
        max(told, key=lambda pair: (pair[1], pair[0]))[0],
        min(told, key=lambda pair: (pair[1], -pair[0]))[0],
    ]
    found: list[int] = []
    for at in wanted:
        if all(abs(at - other) >= 2 for other in found):
            found.append(at)
    return set(found)


def _value(figure: Figure, x: float, y: float) -> str:
    shown = min(max(x, _LEFT + 14), _RIGHT - 14)
    cell = escape(figure.cell_id, quote=True)
    return (
        f'<text x="{shown:.1f}" y="{max(y, 12):.1f}" text-anchor="middle" {_VALUE} data-cell="{cell}">'
        f"{escape(figure.text)}</text>"
    )


def _below(point: TrendPoint, x: float) -> str:
    return f'<text x="{x:.1f}" y="{_BOTTOM + 17}" text-anchor="middle" {_SMALL} data-source="period">{escape(point.short_label)}</text>'


def _gap(x: float) -> str:
    return f'<text x="{x:.1f}" y="{_BOTTOM - 5}" text-anchor="middle" {_SMALL}>–</text>'
