"""The workbook handed out: layout, prefilled values, drop-downs, no formulas."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalogue_files import packaged_files
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import SupplementItem, Unit
from transforms.supplement.workbook import DATA_SHEET, HEADERS, HELP_SHEET, asked_items, write_workbook

BINH_LUONG = Unit("16204", "Bình Lương", "xã", "xa", "402", date(2019, 12, 1), date(2025, 6, 30), "")
ITEMS = (
    SupplementItem("plan_issued", "I.1", "Kế hoạch của đơn vị", "text", "", True, True, "Ghi đủ số"),
    SupplementItem("staff_total_count", "II.4", "Tổng số", "count", "người", False, True, "Số nguyên"),
    SupplementItem(
        "signer_role", "ky", "Chức vụ", "text", "", False, True, "Chọn", ("CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    ),
)
PREVIOUS = {
    "plan_issued": ("Kế hoạch số 01/KH-UBND", '=HYPERLINK("x")'),
    "staff_total_count": ("22 người",),
    "signer_role": ("CHỦ TỊCH",),
}


def _sheet(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content))[DATA_SHEET]


def _rows(content: bytes) -> list[tuple[object, ...]]:
    return list(_sheet(content).iter_rows(values_only=True))


def test_titles_name_unit_code_and_period_above_the_header() -> None:
    rows = _rows(write_workbook(BINH_LUONG, "2021-9T", ITEMS))
    assert [row[0] for row in rows[:3]] == [
        "ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG",
        "SỐ LIỆU BỔ SUNG BÁO CÁO CẢI CÁCH HÀNH CHÍNH",
        "Mã đơn vị: 16204 · Kỳ báo cáo: 2021-9T",
    ]
    assert rows[3] == HEADERS


def test_list_item_gets_previous_values_and_three_spare_rows() -> None:
    rows = _rows(write_workbook(BINH_LUONG, "2021-9T", ITEMS, PREVIOUS))[4:]
    assert [(row[0], row[3]) for row in rows] == [
        ("plan_issued", "Kế hoạch số 01/KH-UBND"),
        ("plan_issued", '=HYPERLINK("x")'),
        ("plan_issued", None),
        ("plan_issued", None),
        ("plan_issued", None),
        ("staff_total_count", 22),
        ("signer_role", "CHỦ TỊCH"),
    ]


def test_workbook_without_previous_values_is_empty_but_complete() -> None:
    rows = _rows(write_workbook(BINH_LUONG, "2021-9T", ITEMS))[4:]
    assert [row[0] for row in rows] == ["plan_issued"] * 3 + ["staff_total_count", "signer_role"]
    assert all(row[3] is None for row in rows)
    assert all(row[5] for row in rows)


def test_value_that_looks_like_a_formula_stays_text() -> None:
    cell = _sheet(write_workbook(BINH_LUONG, "2021-9T", ITEMS, PREVIOUS))["D6"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_choices_and_counts_are_guarded() -> None:
    found = {
        str(validation.sqref): (validation.type, validation.formula1)
        for validation in _sheet(write_workbook(BINH_LUONG, "2021-9T", ITEMS)).data_validations.dataValidation
    }
    assert found == {"D8": ("whole", "0"), "D9": ("list", '"CHỦ TỊCH,PHÓ CHỦ TỊCH"')}


def test_instructions_are_vietnamese_and_the_header_is_frozen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(BINH_LUONG, "2021-9T", ITEMS)))
    assert book.sheetnames == [DATA_SHEET, HELP_SHEET]
    assert book[DATA_SHEET].freeze_panes == "A5"
    assert book[DATA_SHEET].print_title_rows == "$4:$4"
    text = " ".join(str(row[0]) for row in book[HELP_SHEET].iter_rows(values_only=True))
    assert "chỉ ghi số nguyên" in text
    assert "Không ghi họ tên" in text


def test_same_arguments_give_the_same_bytes() -> None:
    assert write_workbook(BINH_LUONG, "2021-9T", ITEMS, PREVIOUS) == write_workbook(
        BINH_LUONG, "2021-9T", ITEMS, PREVIOUS
    )


@pytest.mark.parametrize("period_id", ["2021-09", "2021-Q3", "2021"])
def test_period_is_printed_as_given(period_id: str) -> None:
    assert _rows(write_workbook(BINH_LUONG, period_id, ITEMS))[2][0] == (
        f"Mã đơn vị: 16204 · Kỳ báo cáo: {period_id}"
    )


def test_unit_is_asked_for_the_columns_of_its_own_level_and_below_only() -> None:
    catalogue = load_catalogue(packaged_files())

    def asked(code: str, day: date) -> list[str]:
        items = asked_items(catalogue, catalogue.unit(code, date(2021, 9, 5)), day)
        return [item.item_id for item in items if item.item_id.startswith("workflows_")]

    in_2021, in_2025 = date(2021, 9, 14), date(2025, 9, 14)
    assert asked("16204", in_2021) == ["workflows_xa_count"]
    assert asked("402", in_2021) == ["workflows_huyen_count", "workflows_xa_count"]
    assert asked("38", in_2025) == ["workflows_tinh_count", "workflows_xa_count"]
    plain = asked_items(catalogue, catalogue.unit("16204"), in_2021)
    assert "staff_total_count" in {item.item_id for item in plain}
