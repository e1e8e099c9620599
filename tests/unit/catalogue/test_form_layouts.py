"""Layouts of statistical forms as data: which form serves whom and when, and what a file may not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines.catalogue_files import overlay_files
from transforms.catalogue.form_layout import Form, form_items, pick_form
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.indicators.measures import FORM_06A, MEASURES

IN_2021, LAST_DAY, NEXT_DAY = date(2021, 9, 14), date(2026, 2, 14), date(2026, 2, 15)
FORM_06 = "forms/ii_06.tt01-2020.yml"


def form_of(catalogue: Catalogue, level: str, is_rollup: bool, day: date) -> str:
    found = pick_form(catalogue.forms, "II.06", level, is_rollup, day)
    return found.form_id if found else ""


@pytest.mark.parametrize(
    ("level", "is_rollup", "day", "form_id"),
    [
        ("xa", False, IN_2021, "II.06a"),
        ("huyen", False, IN_2021, "II.06a"),
        ("huyen", True, IN_2021, "II.06d"),
        ("tinh", True, IN_2021, "II.06c"),
        ("tinh", True, date(2025, 9, 14), "II.06c"),
        ("xa", True, IN_2021, "II.06đ"),
        ("nhom", True, date(2025, 6, 30), "II.06d"),
        ("nhom", True, date(2025, 7, 1), "II.06đ"),
        ("xa", False, date(2019, 9, 14), "II.06a"),
        ("xa", False, date(2027, 1, 1), "II.06a"),
        ("tw", True, IN_2021, ""),
    ],
)
def test_form_follows_level_and_day(
    catalogue: Catalogue, level: str, is_rollup: bool, day: date, form_id: str
) -> None:
    assert form_of(catalogue, level, is_rollup, day) == form_id


def test_layout_says_so_from_the_day_after_its_circular_ended(catalogue: Catalogue) -> None:
    note = "Mẫu theo TT 01/2020/TT-VPCP, chờ cập nhật TT 5/2025/TT-VPCP"
    for form in catalogue.forms:
        assert (form.note_on(IN_2021), form.note_on(LAST_DAY), form.note_on(NEXT_DAY)) == ("", "", note)


def test_new_version_of_a_form_takes_over_on_its_first_day(catalogue: Catalogue) -> None:
    old = next(form for form in catalogue.forms if form.form_id == "II.06a")
    new = replace(old, version="tt05-2025", valid_from=NEXT_DAY, valid_to=None, note_afterwards="")
    forms = (*catalogue.forms, new)

    def version(day: date) -> str:
        found = pick_form(forms, "II.06", "xa", False, day)
        return found.version if found else ""

    assert [version(day) for day in (IN_2021, LAST_DAY, NEXT_DAY)] == ["tt01-2020", "tt01-2020", "tt05-2025"]


def test_columns_of_ii_06_are_the_measures_of_the_form_in_print_order(catalogue: Catalogue) -> None:
    for form in catalogue.forms:
        if form.family != "II.06":
            continue
        columns = [column for column in form.columns if not column.is_text]
        assert [(c.number, c.key, c.sum_of) for c in columns] == [
            (measure.column_number, measure.measure_id, measure.parts) for measure in FORM_06A
        ]
        assert [column.number for column in form.columns] == list(range(1, 14))
        assert form.entry == tuple(measure.measure_id for measure in FORM_06A)
        assert {key for i in form.identities for key in (i.whole, *i.parts)} <= MEASURES.keys()


def test_columns_of_ii_07b_are_items_of_the_supplement_three_levels_to_a_total(catalogue: Catalogue) -> None:
    (form,) = (form for form in catalogue.forms if form.family == "II.07")
    asked = form_items(catalogue.forms)
    items = {item.item_id: item for item in catalogue.supplement_items}
    assert len(asked) == 9
    assert all(items[key].type == "count" and not items[key].is_required for key in asked)
    totals = [column for column in form.columns if column.sum_of]
    assert [column.number for column in totals] == [3, 7, 11]
    for total in totals:
        parts = [column for column in form.columns if column.key in total.sum_of]
        assert [part.level for part in parts] == ["tinh", "huyen", "xa"]
        assert {part.group for part in parts} == {total.group}


def test_column_is_asked_of_its_own_level_and_those_above_while_the_level_exists(
    catalogue: Catalogue,
) -> None:
    columns = form_items(catalogue.forms)
    (commune,), (district,) = columns["workflows_xa_count"], columns["workflows_huyen_count"]
    assert [commune.is_asked_of(level, IN_2021) for level in ("xa", "huyen", "tinh", "nhom")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [district.is_asked_of(level, IN_2021) for level in ("xa", "huyen", "tinh")] == [False, True, True]
    assert not district.is_asked_of("tinh", date(2025, 7, 1)), "no district level from 1/7/2025 on"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("sum_of: [early, on_time, late]", "sum_of: [early, som]",
         "không có cột “som” mà công thức hoặc thứ tự nhập nhắc đến."),
        ("key: late,", "key: early,", "cột “early” viết hai lần."),
        ("{number: 10,", "{", "cột “late” thiếu số thứ tự cột."),
        ("width_mm: 10}", "width_mm: 10, colour: red}", "cột “stt” có mục không biết: colour."),
        ("{circular}", "{thong_tu}", "ô thông tin của biểu nhắc đến “{thong_tu}” không có."),
        ("{level: tinh, is_rollup: true}", "{level: bo, is_rollup: true}", "biểu “II.06c” ghi cấp không có: “bo”."),
        ("valid_to: 2026-02-14", "valid_to: mai", "“valid_to” không phải ngày hợp lệ: “mai”."),
        ("number: Biểu số II.06d/VPCP/KSTT", "", "biểu “II.06d” thiếu “number”."),
        ("forms:", "forms: [", "tệp không phải YAML hợp lệ."),
    ],
)  # fmt: skip
def test_faulty_layout_is_named_with_its_file(
    files: Mapping[str, bytes],
    problems_of: Callable[..., tuple[str, ...]],
    old: str,
    new: str,
    problem: str,
) -> None:
    text = files[FORM_06].decode()
    assert old in text
    found = problems_of({FORM_06: text.replace(old, new, 1)})
    assert any(sentence.startswith(FORM_06) and sentence.endswith(problem) for sentence in found), found


def test_two_forms_for_one_user_and_time_are_a_problem(
    files: Mapping[str, bytes], problems_of: Callable[..., tuple[str, ...]]
) -> None:
    text = files[FORM_06].decode().replace("- {level: huyen}\n", "- {level: huyen}\n      - {level: tinh, is_rollup: true}\n", 1)  # fmt: skip
    assert "Biểu mẫu II.06c và II.06a cùng dùng cho một cấp trong một thời gian." in problems_of(
        {FORM_06: text}
    )


def test_workspace_adds_a_layout_of_its_own(files: Mapping[str, bytes]) -> None:
    text = files[FORM_06].decode().replace("tt01-2020", "tt05-2025").replace("2020-10-21", "2026-02-15")
    text = text.replace("valid_to: 2026-02-14", "valid_to:")
    catalogue = load_catalogue(files, {"forms/ii_06.tt05-2025.yml": text.encode()})
    found = pick_form(catalogue.forms, "II.06", "xa", False, NEXT_DAY)
    assert isinstance(found, Form)
    assert found.version == "tt05-2025"
    assert found.note_on(NEXT_DAY) == ""


def test_overlay_folder_takes_layouts(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "x.yml").write_bytes(b"y")
    assert overlay_files(tmp_path) == {"forms/x.yml": b"y"}
