"""Mistakes in a rulebook are named; what it does not say is as in the default one."""

from __future__ import annotations

import pytest

from transforms.catalogue.problems import CatalogueError, Problems
from transforms.catalogue.rulebook import BY_DAY, Rulebook
from transforms.catalogue.rulebook_file import parse_rulebook

COLUMNS = """
columns:
  early: early
  on_time: on_time
  late: late
  withdrawn: on_time
  within: pending_within
  paused: pending_within
  overdue: pending_overdue
"""
FIRST_EDITION = "rulebook_id: tt01\nlabel: Biểu II.06a\nsource: TT 01/2020/TT-VPCP\n" + COLUMNS


def parsed(text: str) -> Rulebook:
    problems = Problems()
    found = parse_rulebook(text.encode(), "rulebooks/x.yml", problems)
    problems.raise_if_any()
    return found


def test_rulebook_of_the_first_edition_still_reads_as_it_did() -> None:
    found = parsed(FIRST_EDITION)
    assert (found.rulebook_id, found.states, found.is_exact) == ("tt01", BY_DAY, True)
    assert found.label == "tt01"
    assert found.columns["withdrawn"] == "on_time"


def test_every_rule_that_a_file_may_state_is_read() -> None:
    found = parsed(
        "rulebook_id: x\nshort_name: X\nof_software: true\napplies_from: 2022-06-23\n"
        "population: {unknown_procedure: left_out}\nwindow: {received: '>', resolved: '>='}\n"
        "state: {by: latest_export, end_dates: [resolved_date]}\ncolumns_counted: apart\n"
        "supplement_requests: {late_from: 2}\n" + COLUMNS.replace("withdrawn: on_time", "withdrawn: outside")
    )
    assert found.leaves_out_unknown_procedures
    assert found.is_of_software
    assert found.after_start == {"received"}
    assert found.states.is_by_latest_export
    assert found.states.end_dates == ("resolved_date",)
    assert found.counts_columns_apart
    assert found.late_from_requests == 2
    assert not found.is_exact


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("window: {received: '<'}", "rulebooks/x.yml: khóa “received” chỉ nhận >=, >, đang ghi “<”."),
        ("window: {filed: '>'}", "rulebooks/x.yml: mục “window” có khóa không biết: filed."),
        ("state: [1]", "rulebooks/x.yml: mục “state” phải gồm các dòng “tên: giá trị”."),
        (
            "state: {end_dates: [ngay_tra]}",
            "rulebooks/x.yml: khóa “end_dates” phải là danh sách gồm resolved_date, returned_date, first_shown.",
        ),
        (
            "supplement_requests: {late_from: hai}",
            "rulebooks/x.yml: khóa “late_from” phải là số nguyên dương, đang ghi “hai”.",
        ),
        (
            "applies_from: 23/6/2022",
            "rulebooks/x.yml: khóa “applies_from” phải là ngày dạng 2022-06-23, đang ghi “23/6/2022”.",
        ),
        ("sources: TT 01", "rulebooks/x.yml: mục “sources” phải là danh sách."),
        (
            "sources: [{document: A, says: B, certainty: X}]",
            "rulebooks/x.yml: khóa “certainty” chỉ nhận S, M, C, đang ghi “X”.",
        ),
        (
            "scores: [{name: Tiến độ, most: 20, parts: [{most: 12}, {most: 10}]}]",
            "rulebooks/x.yml: nhóm điểm “Tiến độ” có các phần cộng lại quá điểm tối đa của nhóm (20).",
        ),
        (
            "scores: [{name: Tiến độ, most: 20, parts: [{most: 20, rate: khong_co}]}]",
            "rulebooks/x.yml: khóa “rate” chỉ nhận on_time_rate, online_rate, đang ghi “khong_co”.",
        ),
        ("khac: 1", "rulebooks/x.yml: có mục không biết: khac."),
    ],
)
def test_mistake_is_named_with_what_is_allowed(more: str, problem: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parsed(f"rulebook_id: x\n{more}\n{COLUMNS}")
    assert caught.value.problems == (problem,)
