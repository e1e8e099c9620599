"""Small lists in which one row is not what it seems."""

from __future__ import annotations

import pytest

from tests.support.decorated_sheet import HEADER, WIDTH, Cells, at, record
from tests.support.export_files import packaged_profiles
from transforms.readers.model import RawExport, Workbook
from transforms.readers.recognise import recognise
from transforms.readers.row_texts import is_signing, is_total_label
from transforms.readers.sheet import CellCollector

PROFILES = packaged_profiles()
WORDS = ("tong so", "tong cong", "tong hop", "tong", "cong")


def _read(*rows: Cells) -> RawExport:
    collector = CellCollector()
    for number, cells in enumerate(rows, start=1):
        collector.add(number, [cell or None for cell in cells])
    return recognise(Workbook("html", (collector.build(""),)), PROFILES)


def _counts(export: RawExport) -> dict[str, int]:
    counts = {kind: count for kind, count in export.structural_counts.items() if count}
    counts.pop("header")
    return counts


@pytest.mark.parametrize(
    "cells",
    [
        record(2, procedure_name="Tổng hợp hồ sơ đề nghị trợ cấp"),
        record(2, procedure_name="Tổng cộng"),
        record(2, person="Cộng"),
        record(2, number="", receiving_unit_name="Cộng"),
        record(2, number="", receiving_unit_name="", procedure_name="Tổng hợp danh sách", dossier_code=""),
        record(2, number="Tổng cộng"),
        record(2, dossier_code="", person="Chủ tịch Mẫu"),
        (*["" for _ in range(WIDTH - 1)], "05/01/2021"),
        ("2", "UBND xã Bình Lương", "Thủ tục đăng ký khai sinh"),
        ("", "UBND xã Bình Lương", "Thủ tục đăng ký khai sinh"),
        ("2",),
        at(3, "000.09.42.H56-210105-0002"),
    ],
)
@pytest.mark.parametrize("is_last", [False, True])
def test_record_with_gaps_or_odd_words_stays_a_record(cells: Cells, is_last: bool) -> None:
    export = _read(HEADER, record(1), *([cells] if is_last else [cells, record(3)]))
    assert (export.row_numbers.to_pylist()[1], _counts(export)) == (3, {})


@pytest.mark.parametrize(
    "cells",
    [
        ("Tổng số", *[""] * 10, "2"),
        ("", "", "Tổng cộng", "2"),
        ("TỔNG CỘNG: 2 hồ sơ",),
        ("", "Cộng lĩnh vực Hộ tịch", "", "", "2"),
        ("I", "Cộng", "", "2 hồ sơ"),
        ("Tong cong", "", "", "2 ho so, trong do 1 qua han"),
        ("Tổng hợp", "", "", "1.363", "98,81 %", "#REF!"),
    ],
)
def test_total_is_no_record(cells: Cells) -> None:
    assert _counts(_read(HEADER, record(1), cells, record(2))) == {"total": 1}
    assert _counts(_read(HEADER, record(1), record(2), cells)) == {"total": 1}


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (at(0, "I. Lĩnh vực Hộ tịch"), "I. Lĩnh vực Hộ tịch"),
        (at(1, "Công chứng, chứng thực"), "Công chứng, chứng thực"),
        (("II", "Đất đai"), "II Đất đai"),
        (("II", "Đất đai", "12"), "II Đất đai 12"),
        (("1", "Lĩnh vực Hộ tịch"), "1 Lĩnh vực Hộ tịch"),
        (at(0, "Tháng 01/2021"), "Tháng 01/2021"),
        (at(0, "Quý I năm 2021"), "Quý I năm 2021"),
        (at(0, "01/2021"), "01/2021"),
        (at(0, "05/01/2021"), "05/01/2021"),
    ],
)
def test_group_heading_names_the_records_below_it(cells: Cells, name: str) -> None:
    export = _read(HEADER, record(1), cells, record(2))
    assert export.group_names is not None
    assert export.group_names.to_pylist() == [None, name]
    assert _counts(export) == {"group": 1}


def test_month_inside_a_group_keeps_the_name_of_the_group() -> None:
    export = _read(HEADER, at(0, "I. Hộ tịch"), at(0, "Tháng 1"), record(1), at(0, "II. Đất đai"), record(2))
    assert export.group_names is not None
    assert export.group_names.to_pylist() == ["I. Hộ tịch · Tháng 1", "II. Đất đai"]


def test_signature_block_with_its_names_is_no_record() -> None:
    export = _read(
        HEADER,
        record(1),
        at(8, "Bình Lương, ngày ... tháng 9 năm 2021"),
        ("", "NGƯỜI LẬP BIỂU", "", "KẾ TOÁN", "", "", "", "", "CHỦ TỊCH"),
        ("", "(Ký, họ tên)", "", "(Ký, họ tên)", "", "", "", "", "(Ký, đóng dấu)"),
        ("", "Người Mẫu Một", "", "Người Mẫu Hai", "", "", "", "Thay mặt", "Người Mẫu Ba"),
        at(8, "Người Mẫu 0004"),
    )
    assert _counts(export) == {"signature": 5}


def test_signatures_of_a_page_in_the_middle_are_no_records() -> None:
    export = _read(
        HEADER,
        record(1),
        ("", "Người lập biểu", *[""] * 6, "Chủ tịch"),
        at(8, "Người Mẫu 0001"),
        HEADER,
        record(2),
    )
    assert (_counts(export), export.data_row_count) == ({"signature": 2}, 2)


@pytest.mark.parametrize(
    "text", ["Ghi chú: số liệu tạm tính", "* Không gồm hồ sơ cư trú", "Trang 1/2", "(Bằng chữ: hai)"]
)
def test_remark_at_the_foot_is_a_note(text: str) -> None:
    assert _counts(_read(HEADER, record(1), at(0, text))) == {"note": 1}


def test_titles_printed_again_above_the_header_are_titles() -> None:
    title = at(0, "DANH SÁCH HỒ SƠ")
    export = _read(title, HEADER, record(1), title, at(0, "Trang 2"), HEADER, record(2))
    assert _counts(export) == {"title": 2, "note": 1}


def test_both_rows_of_a_merged_header_printed_again_are_headers() -> None:
    top = (*HEADER[:8], "Ngày", "", "", "")
    bottom = (*[""] * 8, "nộp hồ sơ", "nhận", "hẹn trả", "kết thúc xử lý")
    export = _read(top, bottom, record(1), top, bottom, record(2))
    assert (export.structural_counts["header"], export.data_row_count) == (4, 2)


def test_header_printed_again_in_capitals_is_a_header() -> None:
    export = _read(HEADER, record(1), tuple(text.upper() for text in HEADER), record(2))
    assert export.structural_counts["header"] == 2


def test_parents_and_children_of_a_merged_header_tell_equal_children_apart() -> None:
    """“Ngày tiếp nhận” and “Ngày hẹn trả” both end in a child “Ngày”, under different parents."""
    top = (
        "STT",
        "Đơn vị tiếp nhận",
        "Tên thủ tục hành chính",
        "Mã hồ sơ",
        "Trạng thái",
        "Ngày",
        "",
        "",
        "Kết quả",
    )
    bottom = ("", "", "", "", "", "nộp", "tiếp nhận", "hẹn trả", "Ngày kết thúc xử lý")
    cells = record(1)
    export = _read(top, bottom, (*cells[:5], *cells[8:]))
    assert export.body.column("received_date").to_pylist() == [cells[9]]
    assert export.body.column("resolved_date").to_pylist() == [cells[11]]
    assert export.unknown_headers == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tổng số", True),
        ("CỘNG", True),
        ("Cộng (I+II)", True),
        ("Tong so", True),
        ("Công chứng", False),
        ("Tống Văn Mẫu", False),
        ("Cộng hòa xã hội chủ nghĩa Việt Nam", False),
        ("Tổng cục Thuế", False),
        ("Cộng tác viên", False),
    ],
)
def test_label_of_a_total_is_told_with_its_tone_marks(text: str, expected: bool) -> None:
    assert is_total_label(text, WORDS) is expected


@pytest.mark.parametrize(
    "text", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "Người lập biểu", "(Ký, ghi rõ họ tên)", "PHÓ CHỦ TỊCH"]
)
def test_office_in_a_signature_block_is_known(text: str) -> None:
    assert is_signing(text)
