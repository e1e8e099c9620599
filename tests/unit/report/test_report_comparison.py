"""Figures beside those of earlier periods: chosen words, honest percentages, ids that lead to both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from tests.unit.report.report_case import (
    BINH_LUONG,
    DISTRICT,
    RECKONING,
    YEN_CAT,
    dossiers,
    inputs,
    show,
    show_table,
    table,
)
from transforms.catalogue.model import Break, Unit
from transforms.indicators.earlier import SUBJECTS, ComparedLine, Earlier, Obstacle, Relation
from transforms.indicators.period import parse_period
from transforms.report.blocks import Figure, ReportContext, Table
from transforms.report.build import build_report
from transforms.report.check import all_blocks, check_report
from transforms.report.comparison import Comparison, Course
from transforms.report.comparison_table import COMPARISON_TABLE
from transforms.report.figures import flatten
from transforms.report.inputs import ReportInputs

OTHER = replace(
    RECKONING,
    period=parse_period("2020-9T"),
    start=date(2019, 12, 15),
    end=date(2020, 9, 14),
    closing_day=date(2020, 9, 5),
)
LAST_YEAR = "cùng kỳ năm trước (9 tháng năm 2020, tính đến hết ngày 05/9/2020)"
TAIL = "2021-9T/nd09/2021-09-05/tt01"
Cells = Mapping[tuple[str, str, str], int]


def row(direct: int, late: int = 0, code: str = "16204") -> Cells:
    """One field: that many received, so many of them late, the others on time."""
    return dossiers(f"ho_tich | 0 | {direct} | 0 | 0 | {direct - late} | {late} | 0 | 0", code)


def beside(
    now: Cells,
    then: Cells,
    obstacles: Mapping[str, Obstacle] | None = None,
    day: date | None = None,
    units: tuple[Unit, ...] = (BINH_LUONG,),
) -> ReportInputs:
    """The sample report beside nine months of the year before."""
    found = obstacles or {}
    lines = tuple(
        ComparedLine(unit.code, unit.code, found.get(unit.code, Obstacle.NONE), day) for unit in units
    )
    count = replace(table(then), reckoning=OTHER)
    codes = tuple(sorted({unit for _, unit, _ in then}))
    earlier = Earlier(Relation.LAST_YEAR, OTHER.period, count, dict.fromkeys(SUBJECTS, lines), codes)
    node = units[0] if len(units) == 1 else DISTRICT
    return inputs(now, node, units, supplement={}, earlier=(earlier,))


def change_of(given: ReportInputs, measure: str = "received_in_window") -> tuple[Course, int | float, str]:
    found = Comparison(given, given.earlier[0]).change(measure)
    assert found is not None
    return found.course, found.difference.value, found.growth.text if found.growth else ""


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (120, 100, (Course.RISE, 20, "20%")),
        (85, 100, (Course.FALL, -15, "15%")),
        (100, 100, (Course.SAME, 0, "0%")),
        (0, 0, (Course.NONE, 0, "")),
        (7, 0, (Course.BEGAN, 7, "")),
        (0, 40, (Course.ENDED, -40, "100%")),
        (9, 4, (Course.RISE, 5, "")),
        (4, 9, (Course.FALL, -5, "")),
        (11, 10, (Course.RISE, 1, "10%")),
        (50, 10, (Course.RISE, 40, "400%")),
    ],
)
def test_course_difference_and_growth(now: int, then: int, expected: tuple[Course, int, str]) -> None:
    assert change_of(beside(row(now), row(then))) == expected


@pytest.mark.parametrize(
    ("now", "then", "sentence"),
    [
        (120, 100, "- Hồ sơ tiếp nhận trong kỳ: 120 hồ sơ, tăng 20 hồ sơ (20%) so với 100 hồ sơ;"),
        (85, 100, "- Hồ sơ tiếp nhận trong kỳ: 85 hồ sơ, giảm 15 hồ sơ (15%) so với 100 hồ sơ;"),
        (100, 100, "- Hồ sơ tiếp nhận trong kỳ: 100 hồ sơ, không đổi;"),
        (9, 4, "- Hồ sơ tiếp nhận trong kỳ: 09 hồ sơ, tăng 05 hồ sơ so với 04 hồ sơ;"),
        (7, 0, "- Hồ sơ tiếp nhận trong kỳ: 07 hồ sơ, cùng kỳ năm trước không phát sinh;"),
        (0, 40, "- Hồ sơ tiếp nhận trong kỳ: không phát sinh, cùng kỳ năm trước có 40 hồ sơ;"),
        (0, 0, "- Hồ sơ tiếp nhận trong kỳ: không phát sinh ở cả hai kỳ."),
    ],
)
def test_sentence_says_what_the_figures_did(now: int, then: int, sentence: str) -> None:
    text = show(build_report(beside(row(now), row(then))))
    assert f"So với {LAST_YEAR}:\n" in text
    assert sentence in text


def test_rates_differ_in_points_of_what_is_printed() -> None:
    # 1.359/1.361 is 99,85...%, 985/1.000 is 98,5%: printed 99,9% and 98,5%, so the reader finds 1,4.
    given = beside(row(1361, 2), row(1000, 15))
    assert change_of(given, "on_time_rate")[:2] == (Course.RISE, 1.4)
    text = show(build_report(given))
    assert "99,9% (1.359/1.361 hồ sơ), tăng 1,4 điểm phần trăm so với 98,5% (985/1.000 hồ sơ)" in text


def test_rates_of_a_handful_of_dossiers_are_not_compared() -> None:
    given = beside(row(9, 1), row(100))
    assert Comparison(given, given.earlier[0]).change("on_time_rate") is None


def figures(context: ReportContext) -> dict[str, Figure]:
    compared = next(
        block
        for block in all_blocks(context)
        if isinstance(block, Table) and block.table_id == COMPARISON_TABLE
    )
    return {cell.cell_id: cell for line in compared.rows for cell in line.cells if isinstance(cell, Figure)}


def test_difference_names_both_figures_in_its_id() -> None:
    context = build_report(beside(row(120), row(100)))
    found = figures(context)
    own, other = f"received_in_window/16204/*/{TAIL}", "16204/2020-9T/2020-09-05"
    assert (found[own].text, found["received_in_window/16204/*/2020-9T/nd09/2020-09-05/tt01"].text) == (
        "120",
        "100",
    )
    assert (found[f"change/{own}/{other}"].value, found[f"change/{own}/{other}"].text) == (20, "+20")
    assert (found[f"growth/{own}/{other}"].value, found[f"growth/{own}/{other}"].text) == (0.2, "+20%")
    assert check_report(context)[1:] == ()


def test_table_leaves_out_what_never_arose_and_marks_what_is_not_reckoned() -> None:
    context = build_report(beside(row(12, 2), row(4)))
    compared = next(b for b in all_blocks(context) if isinstance(b, Table) and b.table_id == COMPARISON_TABLE)
    assert show_table(compared) == [
        "1 | Hồ sơ tiếp nhận trong kỳ | hồ sơ | 12 | 4 | +8 | x",
        "2 | Hồ sơ đã giải quyết | hồ sơ | 12 | 4 | +8 | x",
        "3 | Hồ sơ giải quyết quá hạn | hồ sơ | 2 | 0 | +2 | x",
    ]
    assert "dưới mười" in " ".join(flatten(note) for note in compared.notes)


def has_table(context: ReportContext) -> bool:
    return any(isinstance(b, Table) and b.table_id == COMPARISON_TABLE for b in all_blocks(context))


@pytest.mark.parametrize(
    ("obstacle", "day", "sentence"),
    [
        (
            Obstacle.UNCOVERED,
            date(2020, 12, 15),
            "Chưa đủ dữ liệu để so sánh số liệu hồ sơ với {} vì số liệu hồ sơ của đơn vị chỉ đầy đủ từ ngày 15/12/2020.",
        ),
        (
            Obstacle.UNCOVERED,
            None,
            "Chưa đủ dữ liệu để so sánh số liệu hồ sơ với {} vì số liệu hồ sơ của đơn vị chưa đầy đủ trong khoảng thời gian đó.",
        ),
        (
            Obstacle.OUTDATED,
            date(2021, 8, 30),
            "Chưa so sánh số liệu hồ sơ với {} vì tệp kết xuất mới nhất (ngày 30/8/2021) lập trước ngày chốt số liệu.",
        ),
        (
            Obstacle.CHANGED,
            None,
            "Không so sánh được số liệu hồ sơ với {} vì đơn vị hành chính được sắp xếp lại giữa hai kỳ.",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_is_compared(
    obstacle: Obstacle, day: date | None, sentence: str
) -> None:
    # The old figures are there; they must not be printed as if they told the whole period.
    context = build_report(beside(row(120), row(3), {"16204": obstacle}, day))
    text = show(context)
    assert f"> {sentence.format(LAST_YEAR)}" in text
    assert "tăng" not in text
    assert not has_table(context)


def test_series_that_broke_is_not_compared_and_says_why_once() -> None:
    given = beside(row(120), row(100))
    broken = Break(date(2021, 7, 1), "xa", "dossier", "từ ngày 01/7/2021 thủ tục mẫu được chuyển", "mẫu")
    catalogue = replace(given.catalogue, breaks=(broken,))
    context = build_report(replace(given, catalogue=catalogue))
    assert not has_table(context)
    assert show(context).count("không so sánh được với cùng kỳ năm trước (9 tháng năm 2020) do") == 1


def test_roll_up_compares_only_units_that_have_both_periods_and_says_how_many() -> None:
    units = (YEN_CAT, BINH_LUONG)
    now = {**row(30, code="16174"), **row(120)}
    then = {**row(2, code="16174"), **row(100)}
    given = beside(now, then, {"16174": Obstacle.UNCOVERED}, date(2020, 12, 15), units)
    context = build_report(given)
    text = show(context)
    assert f"So với {LAST_YEAR}, tính trên 1/2 đơn vị có đủ số liệu của cả hai kỳ:" in text
    assert "120 hồ sơ, tăng 20 hồ sơ (20%) so với 100 hồ sơ" in text
    assert (
        f"> Chưa đủ dữ liệu để so sánh số liệu hồ sơ của 1/2 đơn vị với {LAST_YEAR}: "
        "thị trấn Yên Cát (số liệu chỉ đầy đủ từ ngày 15/12/2020)."
    ) in text
    assert f"received_in_window/16204/*/{TAIL}" in figures(context)
    assert f"received_in_window/402/*/{TAIL}" not in figures(context)


def test_roll_up_whose_units_all_compare_uses_its_own_totals() -> None:
    units = (YEN_CAT, BINH_LUONG)
    now, then = {**row(30, code="16174"), **row(120)}, {**row(20, code="16174"), **row(100)}
    context = build_report(beside(now, then, units=units))
    found = figures(context)
    assert found[f"received_in_window/402/*/{TAIL}"].value == 150
    assert found[f"change/received_in_window/402/*/{TAIL}/402/2020-9T/2020-09-05"].text == "+30"
    assert "tính trên" not in show(context)


def test_total_of_the_earlier_period_is_not_claimed_where_a_unit_of_then_is_left_out() -> None:
    units = (YEN_CAT, BINH_LUONG)
    now = {**row(30, code="16174"), **row(120)}
    # 16186 was there a year ago and has been merged since: the district's own total of then held it.
    then = {**row(20, code="16174"), **row(100), **row(9, code="16186")}
    found = figures(build_report(beside(now, then, units=units)))
    assert "received_in_window/402/*/2020-9T/nd09/2020-09-05/tt01" not in found
    assert found["received_in_window/16174+16204/*/2020-9T/nd09/2020-09-05/tt01"].value == 120


def test_units_summed_one_by_one_are_named_in_the_id() -> None:
    third = replace(YEN_CAT, code="16186", name="Mẫu")
    units = (YEN_CAT, third, BINH_LUONG)
    now = {**row(30, code="16174"), **row(40, code="16186"), **row(120)}
    given = beside(now, now, {"16186": Obstacle.UNCOVERED}, None, units)
    assert f"received_in_window/16174+16204/*/{TAIL}" in figures(build_report(given))


def test_report_without_earlier_periods_is_silent_about_them() -> None:
    text = show(build_report(inputs()))
    assert "So với" not in text
    assert "so sánh" not in text
