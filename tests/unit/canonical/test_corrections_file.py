"""corrections.yml: what is taken, and what is refused with the line and a sentence that says what to do."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.canonical.small_exports import CATALOGUE
from transforms.canonical.corrections import Correction
from transforms.canonical.corrections_file import CatalogueError, parse_corrections

GOOD = """# chú thích
- match: {unit: "16204", kind: Hồ sơ, Mã hồ sơ: 000.09.42.H56-210803-0001}
  column: Ngày hẹn trả
  was: 31/09/2021
  set: 2021-09-30
  reason: Ngày 31/09 không có thật
  owner: Văn phòng HĐND và UBND
  date: 06/09/2021
"""


def parse(text: str) -> tuple[Correction, ...]:
    return parse_corrections(text.encode(), "catalogue/corrections.yml", CATALOGUE)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(CatalogueError) as caught:
        parse(text)
    return caught.value.problems


def test_entry_is_read_with_labels_and_texts_as_they_are_written() -> None:
    (correction,) = parse(GOOD)
    assert (correction.unit_code, correction.kind, correction.action) == ("16204", "dossier", "set")
    assert correction.match == (("dossier_code", "000.09.42.H56-210803-0001"),)
    assert (correction.column, correction.was, correction.value) == ("due_date", "31/09/2021", "2021-09-30")
    assert correction.decided_on == date(2021, 9, 6)
    assert correction.source == "corrections.yml dòng 2"
    assert correction.subject == "000.09.42.H56-210803-0001"


def test_id_stays_when_the_entry_moves_to_another_line_and_changes_with_what_it_says() -> None:
    (first,) = parse(GOOD)
    (moved,) = parse(f"\n\n{GOOD}")
    (other,) = parse(GOOD.replace("2021-09-30", "2021-10-01"))
    assert first.correction_id == moved.correction_id != other.correction_id


def test_header_texts_of_profiles_and_canonical_names_name_columns_too() -> None:
    (by_name,) = parse(GOOD.replace("column: Ngày hẹn trả", "column: due_date").replace("Hồ sơ,", "dossier,"))
    assert by_name.correction_id == parse(GOOD)[0].correction_id


@pytest.mark.parametrize("text", ["", "# chỉ có chú thích\n", "[]", "---\n"])
def test_file_without_entries_has_no_corrections(text: str) -> None:
    assert parse(text) == ()


def test_removal_needs_neither_column_nor_value() -> None:
    text = GOOD.replace("  column: Ngày hẹn trả\n  was: 31/09/2021\n  set: 2021-09-30\n", "  remove: true\n")
    (correction,) = parse(text)
    assert (correction.action, correction.column) == ("remove", "")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  reason: Ngày 31/09 không có thật\n", "", "thiếu “reason” (lý do)"),
        ("owner: Văn phòng HĐND và UBND", 'owner: ""', "thiếu “owner” (người chịu trách nhiệm)"),
        ("  date: 06/09/2021\n", "", "thiếu “date”"),
        ("date: 06/09/2021", "date: 31/09/2021", "ngày không hợp lệ"),
        ('unit: "16204"', 'unit: "99999"', "không có đơn vị mang mã “99999”"),
        ("kind: Hồ sơ", "kind: hoá đơn", "loại dữ liệu “hoá đơn” không có"),
        ("kind: Hồ sơ", "kind: supplement", "hãy gửi lại biểu số liệu bổ sung"),
        ("column: Ngày hẹn trả", "column: Ngày sinh", "cột “Ngày sinh” không có ở loại dữ liệu Hồ sơ"),
        ("column: Ngày hẹn trả", "column: unit_code", "không sửa được ở đây"),
        ("Mã hồ sơ:", "Số nhà:", "cột “Số nhà” trong “match” không có"),
        (", Mã hồ sơ: 000.09.42.H56-210803-0001", "", "“match” phải nêu mã hồ sơ"),
        ("set: 2021-09-30", "set: 30/13/2021", "giá trị “30/13/2021” ở “set” không đọc được"),
        ("set: 2021-09-30", "set: 31/09/2021", "không sửa gì"),
        ("  set: 2021-09-30\n", "", "thiếu “set”"),
        ("  set:", "  remove: true\n  set:", "không có cả hai"),
        ("  owner:", "  ghi_chu: x\n  owner:", "không hiểu khóa “ghi_chu”"),
        ("  owner:", "  reason: y\n  owner:", "khóa “reason” viết hai lần"),
    ],
)
def test_entry_that_cannot_hold_is_refused_with_its_line(old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert any(
        text.startswith("catalogue/corrections.yml dòng 2: ") and sentence in text for text in found
    ), found


def test_every_problem_of_every_entry_is_told_at_once() -> None:
    text = GOOD.replace("reason: Ngày 31/09 không có thật", "reason:")
    text += text.removeprefix("# chú thích\n").replace("0001", "0002")
    assert [problem.split(":")[0] for problem in problems(text)] == [
        "catalogue/corrections.yml dòng 2",
        "catalogue/corrections.yml dòng 9",
    ]


def test_same_decision_twice_is_refused_with_both_lines() -> None:
    (sentence,) = problems(GOOD + GOOD.removeprefix("# chú thích\n"))
    assert sentence == "catalogue/corrections.yml dòng 9: mục này đã có ở dòng 2."


def test_broken_syntax_names_the_line() -> None:
    (sentence,) = problems(GOOD + "- match: {unit: 1\n  column: x\n")
    assert "sai cú pháp YAML" in sentence
    assert "dòng 1" in sentence


def test_file_that_is_no_list_or_no_utf8_is_refused() -> None:
    assert "phải là một danh sách" in problems("unit: 1\n")[0]
    with pytest.raises(CatalogueError, match="UTF-8"):
        parse_corrections("lý do".encode("utf-16"), "corrections.yml", CATALOGUE)
