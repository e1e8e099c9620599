"""The last thirteen months as small drawings: received, resolved, on-time rate; and what was open day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.indicators.rollup import code_of
from transforms.report.blocks import Figure
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.pages.inputs import MonthCount, NightInputs, OpenCurve
from transforms.report.pages.model import Trend, TrendPoint, Trends
from transforms.report.pages.wording import NO_DATA, NOTHING_AROSE, ON_TIME, table_figure, table_rate
from transforms.report.words import Source, Words, joined_words, named, sourced

TOLD_KIND = "dossier"
_QUIET_DAYS = timedelta(days=7)
"""A list whose first dossier comes so soon after a month's first day tells of the whole month."""
_PARTIAL = "chưa hết tháng"
_CUT = "danh sách chưa đến cuối tháng"
FINDINGS_ID = "findings"
"""First part of the id of a number of rows under open findings."""


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What one drawing shows: a measure, or a rate that says what it is made of."""

    trend_id: str
    title: str
    label: str
    measure: str
    is_rate: bool = False

    def read(self, month: MonthCount, lines: tuple[str, ...], code: str) -> Figure | None:
        """Its number in a month, over those lines together."""
        read = table_rate if self.is_rate else table_figure
        return read(month.table, self.measure, lines, code)


_QUANTITIES = (
    _Quantity("tiep-nhan", "Hồ sơ tiếp nhận", "Tiếp nhận", "received_in_window"),
    _Quantity("giai-quyet", "Hồ sơ đã giải quyết", "Đã giải quyết", "resolved_total"),
    _Quantity("dung-han", "Tỷ lệ trước và đúng hạn", "Tỷ lệ", ON_TIME, is_rate=True),
)


def month_trends(night: NightInputs, scope: str = "") -> Trends | None:
    """Small multiples over the same months; None where no month has data."""
    found = [_trend(night, scope, quantity) for quantity in _QUANTITIES]
    trends = tuple(trend for trend in found if any(point.figure is not None for point in trend.points))
    basis = "Mỗi tháng tính theo đúng kỳ báo cáo tháng; tháng chưa có số liệu để trống, không tính bằng 0."
    return Trends(trends, (basis,)) if trends else None


def _trend(night: NightInputs, scope: str, quantity: _Quantity) -> Trend:
    points = tuple(_point(night, at, month, scope, quantity) for at, month in enumerate(night.months))
    return Trend(
        f"xu-huong-{quantity.trend_id}",
        quantity.title,
        "line" if quantity.is_rate else "columns",
        points,
        _alt(quantity.title, points),
        quantity.label,
        extra_labels=("Trước, đúng hạn", "Đã giải quyết") if quantity.is_rate else (),
    )


def _point(night: NightInputs, at: int, month: MonthCount, scope: str, quantity: _Quantity) -> TrendPoint:
    reckoning, code = month.reckoning, scope or night.node.code
    lines = (scope,) if scope else month.lines
    told = _told(night, month, lines)
    # A sum over units of which most tell nothing yet would look like a fall or a rise.
    figure = quantity.read(month, lines, code) if told and 2 * len(told) >= len(lines) else None
    remarks = []
    if told and len(told) < len(lines):
        remarks.append(f"số liệu đủ của {len(told)}/{len(lines)} đơn vị")
    if figure is None:
        has_list = bool(told) and month.table.value("resolved_total", told) is not None
        remarks = remarks or [NOTHING_AROSE if has_list else NO_DATA]
    cuts = _cuts(night, month, told) if figure is not None else []
    remark = ", ".join((*remarks, *cuts))
    index = f"{reckoning.period.index}"
    return TrendPoint(
        at,
        named(f"{index}/{reckoning.period.year}", Source.PERIOD),
        index,
        figure,
        named(remark, Source.COUNTED) if remark else "",
        is_partial=bool(cuts),
        extras=_parts(month, lines, code, figure) if quantity.is_rate else (),
    )


def _parts(
    month: MonthCount, lines: tuple[str, ...], code: str, rate: Figure | None
) -> tuple[Figure | None, Figure | None]:
    """What the rate is made of; nothing where there is no rate."""
    if rate is None:
        return None, None
    above = sum(month.table.value(measure, lines) or 0 for measure in ("early", "on_time"))
    numerator = Figure(above, thousands(above), month.reckoning.cell_id("early+on_time", code))
    return numerator, table_figure(month.table, "resolved_total", lines, code)


def _cuts(night: NightInputs, month: MonthCount, told: tuple[str, ...]) -> list[str]:
    """Why the numbers tell of a part of the month only."""
    reckoning = month.reckoning
    since = max(_since(night, line) for line in told)
    cuts = [f"danh sách có từ ngày {date_short(since)}"] if since > reckoning.start + _QUIET_DAYS else []
    if reckoning.closing_day < reckoning.end:
        cuts.append(_PARTIAL)
    elif any(_until(night, line) < reckoning.end for line in told):
        cuts.append(_CUT)
    return cuts


def _told(night: NightInputs, month: MonthCount, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines whose lists tell of the month; of a single unit also from some day of it on."""
    reckoning = month.reckoning
    latest = reckoning.closing_day if len(lines) == 1 else reckoning.start + _QUIET_DAYS
    return tuple(
        line for line in lines if _since(night, line) <= latest and _until(night, line) >= reckoning.start
    )


def _since(night: NightInputs, line: str) -> date:
    return night.told_since.get((code_of(line), TOLD_KIND), date.max)


def _until(night: NightInputs, line: str) -> date:
    return night.told_until.get((code_of(line), TOLD_KIND), date.min)


def _alt(title: str, points: Sequence[TrendPoint]) -> Words:
    told = [point for point in points if point.figure is not None]
    parts = (Words("tháng ", sourced(point.label, Source.PERIOD), " ", point.figure or "") for point in told)
    return Words(f"{title} theo tháng: ", *joined_words("; ", *parts).parts, ".")


def finding_trend(curve: OpenCurve | None, title: str) -> Trend | None:
    """What stood open day by day since the first day with anything; None before the second such day."""
    if curve is None:
        return None
    first = next((at for at, count in enumerate(curve.counts) if count), None)
    if first is None or first == len(curve.counts) - 1:
        return None
    last = len(curve.counts) - 1
    points = []
    for at in range(first, last + 1):
        day, count = curve.days[at], curve.counts[at]
        if at in (first, last) or count != curve.counts[at - 1]:
            identity = f"{FINDINGS_ID}/{curve.unit_code or 'all'}/{curve.audience}/{day.isoformat()}"
            figure = Figure(count, thousands(count), identity)
            label = named(date_short(day), Source.DATE)
            points.append(TrendPoint(at - first, label, f"{day.day}/{day.month}", figure))
    alt = Words(
        f"{title}: từ ", points[0].figure or "", " trường hợp ngày ", sourced(points[0].label, Source.DATE),
        " đến ", points[-1].figure or "", " trường hợp ngày ", sourced(points[-1].label, Source.DATE), ".",
    )  # fmt: skip
    return Trend("lich-su-phat-hien", title, "steps", tuple(points), alt, "Đang mở", "Ngày")
