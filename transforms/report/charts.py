"""Charts of the HTML page, each with the words that stand for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.report.blocks import Chart, Figure, Series
from transforms.report.breaks import chart_mark
from transforms.report.cells import Cells
from transforms.report.form_06 import occurring_fields
from transforms.report.inputs import ReportInputs
from transforms.report.names import sentence_case
from transforms.report.ordering import field_name, listed_fields

_RESOLVED = (("early", "Trước hạn"), ("on_time", "Đúng hạn"), ("late", "Quá hạn"))
_OPEN = (("pending_within", "Đang giải quyết, trong hạn"), ("pending_overdue", "Đang giải quyết, quá hạn"))


def build_charts(inputs: ReportInputs, cells: Cells) -> dict[str, Chart]:
    """Charts by id; empty where no dossier was received or carried over: an empty chart says nothing."""
    if not cells.value("received_total"):
        return {}
    charts = [_received_by_field(inputs, cells), _timeliness_by_field(inputs, cells)]
    if inputs.is_rollup:
        charts.insert(0, _by_unit(inputs, cells))
    mark = chart_mark(inputs, "dossier")
    return {
        chart.chart_id: replace(chart, title=chart.title + mark) if mark else chart
        for chart in charts
        if chart is not None
    }


def _received_by_field(inputs: ReportInputs, cells: Cells) -> Chart | None:
    fields = _fields(inputs, cells, "received_in_window")
    names = [field_name(inputs.catalogue, each) for each in fields]
    figures = [cells.figure("received_in_window", each) for each in fields]
    if not fields:
        return None
    return Chart(
        "tiep_nhan_linh_vuc",
        "Hồ sơ tiếp nhận trong kỳ theo lĩnh vực",
        "bar",
        tuple(names),
        (Series("Tiếp nhận trong kỳ", tuple(figures)),),
        f"Số hồ sơ tiếp nhận trong kỳ theo lĩnh vực: {_words(names, figures)}.",
    )


def _timeliness_by_field(inputs: ReportInputs, cells: Cells) -> Chart | None:
    fields = _fields(inputs, cells, "resolved_total")
    if not fields:
        return None
    series = tuple(
        Series(label, tuple(cells.figure(measure, each) for each in fields)) for measure, label in _RESOLVED
    )
    totals = [cells.figure(measure) for measure, _ in _RESOLVED]
    return Chart(
        "tien_do_linh_vuc",
        "Hồ sơ đã giải quyết: trước hạn, đúng hạn, quá hạn",
        "stacked_bar",
        tuple(field_name(inputs.catalogue, each) for each in fields),
        series,
        f"Kết quả giải quyết hồ sơ: {_words([label.lower() for _, label in _RESOLVED], totals)}.",
    )


def _by_unit(inputs: ReportInputs, cells: Cells) -> Chart:
    """All units, those without data included: a gap is what the reader should see."""
    parts = (*_RESOLVED, *_OPEN)
    series = tuple(
        Series(label, tuple(cells.figure(measure, unit=unit.code) for unit in inputs.leaf_units))
        for measure, label in parts
    )
    names = [unit.full_name for unit in inputs.leaf_units]
    totals = [cells.figure("received_total", unit=unit.code) for unit in inputs.leaf_units]
    return Chart(
        "ho_so_don_vi",
        "Hồ sơ phải giải quyết theo đơn vị",
        "stacked_bar",
        tuple(sentence_case(name) for name in names),
        series,
        f"Số hồ sơ phải giải quyết theo đơn vị: {_words(names, totals)}.",
    )


def _fields(inputs: ReportInputs, cells: Cells, measure: str) -> list[str]:
    """Fields with at least one dossier of that measure, the largest first."""
    listed = listed_fields(inputs.catalogue, occurring_fields(cells))
    found = [(cells.value(measure, each) or 0, each) for each in listed]
    return [each for count, each in sorted(found, key=lambda pair: -pair[0]) if count]


def _words(names: Sequence[str], figures: Sequence[Figure | None]) -> str:
    pairs = zip(names, figures, strict=True)
    return "; ".join(f"{name} {figure.text if figure else 'chưa có số liệu'}" for name, figure in pairs)
