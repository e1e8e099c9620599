"""Charts of the HTML page, each with the words that stand for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.report.blocks import Chart, Figure, Series
from transforms.report.breaks import chart_mark
from transforms.report.cells import Cells
from transforms.report.coverage import LACKING_REMARK, share_remark
from transforms.report.form_06 import occurring_fields
from transforms.report.inputs import ReportInputs
from transforms.report.names import sentence_case
from transforms.report.ordering import field_name, listed_fields
from transforms.report.words import Source, Words, joined_words, named, parts_of, sourced

_RESOLVED = (("early", "Trước hạn"), ("on_time", "Đúng hạn"), ("late", "Quá hạn"))
_OPEN = (("pending_within", "Đang giải quyết, trong hạn"), ("pending_overdue", "Đang giải quyết, quá hạn"))


def build_charts(inputs: ReportInputs, cells: Cells) -> dict[str, Chart]:
    """Charts by id; empty where no dossier was received or carried over: an empty chart says nothing."""
    if not cells.value("received_total"):
        return {}
    charts = [_received_by_field(inputs, cells), _timeliness_by_field(inputs, cells)]
    if inputs.is_rollup:
        charts.insert(0, _by_unit(inputs, cells))
    share = share_remark(inputs, cells, "received_total")
    mark = Words(
        sourced(chart_mark(inputs, "dossier"), Source.CATALOGUE),
        *((" (", *parts_of(share), ")") if share else ()),
    )
    return {
        chart.chart_id: replace(chart, title=Words(chart.title, *mark.parts)) if mark else chart
        for chart in charts
        if chart is not None
    }


def _received_by_field(inputs: ReportInputs, cells: Cells) -> Chart | None:
    fields = _fields(inputs, cells, "received_in_window")
    names = _field_names(inputs, fields)
    figures = [cells.figure("received_in_window", each) for each in fields]
    if not fields:
        return None
    return Chart(
        "tiep_nhan_linh_vuc",
        "Hồ sơ tiếp nhận trong kỳ theo lĩnh vực",
        "bar",
        names,
        (Series("Tiếp nhận trong kỳ", tuple(figures)),),
        _words("Số hồ sơ tiếp nhận trong kỳ theo lĩnh vực: ", names, figures),
        category_title="Lĩnh vực",
        value_title="Số hồ sơ",
    )


def _timeliness_by_field(inputs: ReportInputs, cells: Cells) -> Chart | None:
    fields = [
        each
        for each in _fields(inputs, cells, "resolved_total")
        if not any(cells.is_withheld(measure, each) for measure, _ in _RESOLVED)
    ]
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
        _field_names(inputs, fields),
        series,
        _words("Kết quả giải quyết hồ sơ: ", [label.lower() for _, label in _RESOLVED], totals),
        category_title="Lĩnh vực",
        value_title="Số hồ sơ",
    )


def _by_unit(inputs: ReportInputs, cells: Cells) -> Chart:
    """All units, those without data included: a gap is what the reader should see."""
    parts = (*_RESOLVED, *_OPEN)
    series = tuple(
        Series(label, tuple(cells.figure(measure, unit=unit.code) for unit in inputs.leaf_units))
        for measure, label in parts
    )
    names = [named(unit.full_name, Source.CATALOGUE) for unit in inputs.leaf_units]
    totals = [cells.figure("received_total", unit=unit.code) for unit in inputs.leaf_units]
    return Chart(
        "ho_so_don_vi",
        "Hồ sơ phải giải quyết theo đơn vị",
        "stacked_bar",
        tuple(named(sentence_case(name), Source.CATALOGUE) for name in names),
        series,
        _words("Số hồ sơ phải giải quyết theo đơn vị: ", names, totals),
        category_title="Đơn vị",
        value_title="Số hồ sơ",
    )


def _fields(inputs: ReportInputs, cells: Cells, measure: str) -> list[str]:
    """Fields with at least one dossier of that measure, the largest first."""
    listed = listed_fields(inputs.catalogue, occurring_fields(cells))
    found = [(cells.value(measure, each) or 0, each) for each in listed]
    return [each for count, each in sorted(found, key=lambda pair: -pair[0]) if count]


def _words(lead: str, names: Sequence[str], figures: Sequence[Figure | None]) -> Words:
    """What stands for the chart where it cannot be seen: the lead, then every name with its figure."""
    pairs = zip(names, figures, strict=True)
    parts = (Words(*parts_of(name), " ", figure or LACKING_REMARK) for name, figure in pairs)
    return Words(lead, *joined_words("; ", *parts).parts, ".")


def _field_names(inputs: ReportInputs, fields: Sequence[str]) -> tuple[Words, ...]:
    return tuple(named(field_name(inputs.catalogue, each), Source.CATALOGUE) for each in fields)
