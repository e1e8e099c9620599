"""Marks where figures do not compare with those of another period, because a series changed its meaning."""

from __future__ import annotations

from datetime import date

from transforms.calendar.day_words import official_date
from transforms.catalogue.model import Break
from transforms.indicators.breaks import breaks_between
from transforms.indicators.model import Period
from transforms.indicators.period import PeriodError, period_name, previous, same_last_year, window
from transforms.report.inputs import ReportInputs

SUBJECT_NAMES = {"dossier": "hồ sơ", "fee": "phí, lệ phí", "document": "văn bản"}
"""Subject of a break → what its figures are called."""


def comparison_mark(inputs: ReportInputs, subject: str, other: Period, name: str) -> str:
    """Why the report's figures do not compare with an earlier period: "không so sánh được với kỳ trước do ...".

    ``name``: what the sentence calls the other period. Empty where they compare, and for a period that the
    calendar does not know.
    """
    reckoning = inputs.table.reckoning
    try:
        earlier_start, _ = window(other, reckoning.basis, inputs.catalogue.windows)
    except PeriodError:
        return ""
    found = _breaks(inputs, subject, earlier_start, reckoning.closing_day)
    if not found:
        return ""
    reasons = "; ".join(dict.fromkeys(each.note for each in found))
    return f"không so sánh được với {name} do {reasons}"


def break_sentences(inputs: ReportInputs, subject: str) -> tuple[str, ...]:
    """What to keep in mind when the figures are laid beside those of other periods; empty when nothing is.

    One sentence for a break within the period, one for the periods before and a year ago that lie across it.
    """
    reckoning = inputs.table.reckoning
    sentences: list[str] = []
    for each in _breaks(inputs, subject, reckoning.start, reckoning.closing_day):
        sentences.append(
            f"Trong kỳ, {each.note}; số liệu {SUBJECT_NAMES[subject]} trước và sau mốc này "
            "không so sánh được với nhau."
        )
    others = {
        "kỳ trước": previous(reckoning.period),
        "cùng kỳ năm trước": same_last_year(reckoning.period),
    }
    if others["kỳ trước"] == others["cùng kỳ năm trước"]:
        del others["kỳ trước"]
    marks = {
        name: mark
        for name, period in others.items()
        if (mark := comparison_mark(inputs, subject, period, name))
    }
    if marks:
        named = " và ".join(f"{name} ({period_name(others[name])})" for name in marks)
        # The period a year ago lies across every break that the one before lies across.
        reason = list(marks.values())[-1].partition(" do ")[2]
        sentences.append(
            f"Số liệu {SUBJECT_NAMES[subject]} của kỳ này không so sánh được với {named} do {reason}."
        )
    return tuple(sentences)


def chart_mark(inputs: ReportInputs, subject: str) -> str:
    """What stands after a chart's title when a break lies within the period; empty otherwise."""
    reckoning = inputs.table.reckoning
    found = _breaks(inputs, subject, reckoning.start, reckoning.closing_day)
    days = ", ".join(dict.fromkeys(official_date(each.day) for each in found))
    return f" (số liệu trước và sau ngày {days} không so sánh được với nhau)" if days else ""


def narrative_breaks(inputs: ReportInputs) -> tuple[str, ...]:
    """The sentences of every subject that the report has figures of, each reason once."""
    measures = {"dossier": "received_total", "fee": "fee_total_amount", "document": "documents_issued"}
    codes = tuple(unit.code for unit in inputs.leaf_units)
    return tuple(
        sentence
        for subject, measure in measures.items()
        if inputs.table.value(measure, codes) is not None
        for sentence in break_sentences(inputs, subject)
    )


def _breaks(inputs: ReportInputs, subject: str, earlier_start: date, later_end: date) -> tuple[Break, ...]:
    levels = {unit.level for unit in inputs.leaf_units}
    return breaks_between(inputs.catalogue.breaks, levels, subject, earlier_start, later_end)
