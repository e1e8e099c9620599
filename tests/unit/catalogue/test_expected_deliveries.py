"""Which lists units are to send: the packaged rows, a workspace's own, and sentences for lines that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import LIST_KINDS, Catalogue, ExpectedDelivery

FILE = "expected_deliveries.csv"
HEADER = "Mã đơn vị;Loại dữ liệu;Định kỳ;Hạn gửi sau số ngày làm việc;Loại kỳ;Từ ngày;Đến ngày\n"


def overlaid(files: Mapping[str, bytes], lines: str) -> tuple[ExpectedDelivery, ...]:
    return load_catalogue(files, {FILE: (HEADER + lines).encode()}).expected


def about(rows: tuple[ExpectedDelivery, ...], unit: str, kind: str) -> list[tuple[str, int]]:
    return [
        (row.frequency, row.due_working_days) for row in rows if (row.unit_code, row.kind) == (unit, kind)
    ]


def test_product_asks_every_unit_for_every_list(catalogue: Catalogue) -> None:
    assert {kind: about(catalogue.expected, "*", kind) for kind in LIST_KINDS} == {
        "dossier": [("weekly", 2), ("period", 2)],
        "fee": [("monthly", 3)],
        "document.outgoing": [("monthly", 3)],
        "document.incoming": [("monthly", 3)],
        "supplement": [("period", 3)],
    }


def test_workspace_rows_take_the_place_of_the_packaged_ones_for_the_same_unit_and_kind(
    files: Mapping[str, bytes],
) -> None:
    rows = overlaid(files, "*;hồ sơ;hằng ngày;1;;;\n16204;Phí, lệ phí;không gửi;;;1/1/2021;31/12/2021\n")
    assert about(rows, "*", "dossier") == [("daily", 1)]
    assert about(rows, "*", "fee") == [("monthly", 3)]
    (own,) = [row for row in rows if row.unit_code == "16204"]
    assert (own.kind, own.frequency, own.valid_from) == ("fee", "none", date(2021, 1, 1))
    assert own.holds_for(date(2021, 12, 31))
    assert not own.holds_for(date(2022, 1, 1))


def test_one_row_can_speak_of_every_kind_and_of_some_kinds_of_period(files: Mapping[str, bytes]) -> None:
    rows = overlaid(files, "16207;*;không gửi;;;;\n402;Số liệu bổ sung;mỗi kỳ;5;9 tháng|năm;;\n")
    assert [row.kind for row in rows if row.unit_code == "16207"] == list(LIST_KINDS)
    (supplement,) = [row for row in rows if row.unit_code == "402"]
    assert (supplement.period_kinds, supplement.due_working_days) == (("nine_months", "year"), 5)


def test_english_headers_and_ids_are_read_as_well(files: Mapping[str, bytes]) -> None:
    own = "unit_code,kind,frequency\n16204,document.outgoing,weekly\n"
    rows = load_catalogue(files, {FILE: own.encode()}).expected
    assert about(rows, "16204", "document.outgoing") == [("weekly", 2)]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("99999;hồ sơ;hằng tuần;2;;;", "không có đơn vị hoặc nhóm mang mã 99999 trong danh mục."),
        ("16204;hộ tịch;hằng tuần;2;;;", "cột “Loại dữ liệu” chỉ nhận hồ sơ; phí, lệ phí; văn bản đi;"),
        ("16204;hồ sơ;mỗi tuần;2;;;", "cột “Định kỳ” chỉ nhận hằng ngày; hằng tuần;"),
        ("16204;hồ sơ;hằng tuần;0;;;", "cột “Hạn gửi sau số ngày làm việc” phải là số nguyên từ 1 đến 60."),
        ("16204;hồ sơ;hằng tuần;hai;;;", "phải là số nguyên, đang ghi “hai”."),
        ("16204;số liệu bổ sung;hằng tháng;2;;;", "số liệu bổ sung chỉ nhận “mỗi kỳ” hoặc “không gửi”."),
        ("16204;hồ sơ;hằng tuần;2;tháng;;", "cột “Loại kỳ” chỉ dùng với “mỗi kỳ”."),
        ("16204;hồ sơ;mỗi kỳ;2;tuần;;", "cột “Loại kỳ” chỉ nhận tháng, quý,"),
        ("16204;hồ sơ;hằng tuần;2;;1/9/2021;1/8/2021", "ngày hết hiệu lực đứng trước ngày có hiệu lực."),
        (";hồ sơ;hằng tuần;2;;;", "cột “Mã đơn vị” bị bỏ trống."),
    ],
)
def test_line_that_cannot_be_is_named_with_file_and_line(
    problems_of: Callable[..., tuple[str, ...]], line: str, sentence: str
) -> None:
    (problem,) = problems_of(overlay={FILE: HEADER + line})
    assert problem.startswith("catalogue/expected_deliveries.csv dòng 2: ")
    assert sentence in problem


@pytest.mark.parametrize(
    "second",
    [
        "16204;hồ sơ;hằng tuần;5;;1/6/2021;",
        "16204;hồ sơ;không gửi;;;;",
        "16204;*;không gửi;;;;",
    ],
)
def test_row_that_denies_another_is_a_problem(
    problems_of: Callable[..., tuple[str, ...]], second: str
) -> None:
    (problem,) = problems_of(overlay={FILE: f"{HEADER}16204;hồ sơ;hằng tuần;2;;;\n{second}"})
    assert "dòng 3: hồ sơ của đơn vị 16204 đã có ở catalogue/expected_deliveries.csv dòng 2" in problem


def test_rows_that_follow_each_other_or_ask_for_other_periods_stand_together(
    files: Mapping[str, bytes],
) -> None:
    rows = overlaid(
        files,
        "16204;hồ sơ;hằng tuần;2;;;31/5/2021\n16204;hồ sơ;hằng tuần;5;;1/6/2021;\n"
        "16204;hồ sơ;mỗi kỳ;2;tháng;;\n16204;hồ sơ;mỗi kỳ;5;năm;;\n",
    )
    assert about(rows, "16204", "dossier") == [("weekly", 2), ("weekly", 5), ("period", 2), ("period", 5)]


def test_file_without_a_needed_column_is_named(problems_of: Callable[..., tuple[str, ...]]) -> None:
    (problem,) = problems_of(overlay={FILE: "Mã đơn vị,Loại dữ liệu\n16204,hồ sơ\n"})
    assert problem == "catalogue/expected_deliveries.csv dòng 1: thiếu cột “Định kỳ”."
