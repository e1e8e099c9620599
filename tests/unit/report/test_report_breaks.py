"""A series that changed its meaning is marked in sentences, tables and charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.report.report_case import BINH_LUONG, inputs, papers, show
from transforms.catalogue.model import Break, PeriodWindow
from transforms.indicators.breaks import breaks_between
from transforms.indicators.model import IndicatorTable
from transforms.indicators.period import parse_period, previous, reckon
from transforms.report.blocks import ReportContext, Table
from transforms.report.breaks import break_sentences, comparison_mark
from transforms.report.build import build_report
from transforms.report.figures import flatten
from transforms.report.inputs import ReportInputs

DAY = date(2025, 7, 1)
NOTE = "từ ngày 01/7/2025 thủ tục của cấp huyện chuyển về cấp xã"
BREAKS = (Break(DAY, "xa", "dossier", NOTE, "nghị quyết mẫu"),)
WINDOWS = (
    PeriodWindow("nd09", "month", None, -1, 15, 0, 14, "mẫu", True),
    PeriodWindow("nd09", "quarter", 3, 5, 15, 8, 14, "mẫu", True),
    PeriodWindow("nd09", "quarter", 4, 8, 15, 11, 14, "mẫu", True),
    PeriodWindow("nd09", "nine_months", None, -1, 15, 8, 14, "mẫu", False),
)


def report_inputs(period_id: str, breaks: tuple[Break, ...] = BREAKS) -> ReportInputs:
    """The sample commune's report of another period, under a catalogue with those breaks."""
    base = inputs()
    catalogue = replace(base.catalogue, windows=WINDOWS, breaks=breaks)
    reckoning = reckon(parse_period(period_id), "nd09", WINDOWS, date(2026, 12, 31))
    table = IndicatorTable(reckoning, base.table.cells, base.table.notes, base.table.population)
    return replace(base, table=table, catalogue=catalogue)


def notes_of(context: ReportContext, table_id: str) -> str:
    tables = [block for annex in context.annexes for block in annex.blocks if isinstance(block, Table)]
    return " ".join(flatten(note) for table in tables if table.table_id == table_id for note in table.notes)


@pytest.mark.parametrize(
    ("period_id", "sentences"),
    [
        ("2025-06", ()),
        (
            "2025-07",
            (
                f"Trong kỳ, {NOTE}; số liệu hồ sơ trước và sau mốc này không so sánh được với nhau.",
                "Số liệu hồ sơ của kỳ này không so sánh được với kỳ trước (tháng 6 năm 2025) "
                f"và cùng kỳ năm trước (tháng 7 năm 2024) do {NOTE}.",
            ),
        ),
        (
            # The month before began on 15/6 and held both meanings.
            "2025-08",
            (
                "Số liệu hồ sơ của kỳ này không so sánh được với kỳ trước (tháng 7 năm 2025) "
                f"và cùng kỳ năm trước (tháng 8 năm 2024) do {NOTE}.",
            ),
        ),
        (
            "2025-09",
            (
                "Số liệu hồ sơ của kỳ này không so sánh được với cùng kỳ năm trước (tháng 9 năm 2024) "
                f"do {NOTE}.",
            ),
        ),
        ("2026-09", ()),
        (
            "2026-9T",
            (
                "Số liệu hồ sơ của kỳ này không so sánh được với cùng kỳ năm trước (9 tháng năm 2025) "
                f"do {NOTE}.",
            ),
        ),
    ],
)
def test_periods_are_marked_that_lie_across_the_break(period_id: str, sentences: tuple[str, ...]) -> None:
    assert break_sentences(report_inputs(period_id), "dossier") == sentences


def test_mark_of_a_comparison_names_the_other_period_and_the_reason() -> None:
    found = report_inputs("2025-Q4")
    before = previous(found.table.reckoning.period)
    assert (
        comparison_mark(found, "dossier", before, "kỳ trước") == f"không so sánh được với kỳ trước do {NOTE}"
    )
    assert comparison_mark(report_inputs("2025-06"), "dossier", parse_period("2025-05"), "kỳ trước") == ""
    # A period without a window in the calendar says nothing.
    assert comparison_mark(found, "dossier", parse_period("2024"), "năm trước") == ""


def test_break_concerns_its_own_level_and_subject_only() -> None:
    assert break_sentences(report_inputs("2025-07"), "fee") == ()
    district = (Break(DAY, "huyen", "dossier", NOTE, "nghị quyết mẫu"),)
    assert break_sentences(report_inputs("2025-07", district), "dossier") == ()


def test_marks_stand_in_the_text_under_the_table_and_over_the_charts() -> None:
    context = build_report(report_inputs("2025-07"))
    sentence = "Số liệu hồ sơ của kỳ này không so sánh được với kỳ trước (tháng 6 năm 2025)"
    assert f"! {sentence}" in show(context)
    assert sentence in notes_of(context, "bieu_06a")
    assert sentence not in notes_of(context, "van_ban")
    assert [chart.title.partition(" (")[2] for chart in context.charts] == [
        "số liệu trước và sau ngày 01/7/2025 không so sánh được với nhau)"
    ] * 2


def test_report_far_from_any_break_is_as_it_was() -> None:
    marked, plain = (build_report(replace(inputs(), catalogue=each.catalogue)) for each in (
        report_inputs("2021-9T"), report_inputs("2021-9T", ())
    ))  # fmt: skip
    assert marked == plain
    assert "so sánh" not in show(marked)


def test_unit_without_dossiers_is_not_told_of_them() -> None:
    base = report_inputs("2025-07")
    table = replace(base.table, cells=papers())
    assert "so sánh" not in show(build_report(replace(base, table=table)))


def test_group_report_is_issued_by_the_committee_above_its_members() -> None:
    group = replace(
        BINH_LUONG, code="CUM-1", name="Cụm thi đua số 1", type="", level="nhom", parent_code="402"
    )
    context = build_report(replace(inputs(), node=group, place_name="Như Xuân"))
    assert context.letterhead.issuing_body == ("ỦY BAN NHÂN DÂN", "HUYỆN NHƯ XUÂN")
    assert show(context).startswith(
        "Ủy ban nhân dân huyện Như Xuân tổng hợp, báo cáo kết quả thực hiện công tác cải cách hành chính "
        "9 tháng năm 2021 của các xã thuộc Cụm thi đua số 1."
    )
    assert context.title.endswith("- Cụm thi đua số 1")
    apart = build_report(
        replace(inputs(), node=replace(group, parent_code=""), place_name="Cụm thi đua số 1")
    )
    assert apart.letterhead.issuing_body == ("CỤM THI ĐUA SỐ 1",)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2025, 7, 1), date(2025, 9, 1), 0),
        (date(2025, 6, 30), date(2025, 7, 1), 1),
        (date(2025, 1, 1), date(2025, 6, 30), 0),
    ],
)
def test_break_parts_two_periods_when_it_lies_after_the_first_day_of_the_earlier(
    first: date, last: date, count: int
) -> None:
    assert len(breaks_between(BREAKS, {"xa"}, "dossier", first, last)) == count
