"""Which sheets are one list, which are two, and why a workbook is refused rather than guessed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.support.decorated_sheet import HEADER, Cells, at, record
from tests.support.export_files import packaged_profiles
from transforms.readers.model import RawExport, RawSheet, UnreadableFileError, Workbook
from transforms.readers.recognise import recognise
from transforms.readers.sheet import CellCollector
from transforms.readers.sheet_titles import find_difference, read_title_facts

PROFILES = packaged_profiles()
FEE_HEADER = ("STT", "Mã hồ sơ", "Loại tiếp nhận", "Tên người nộp", "Số biên lai", "Mẫu số", "Ký hiệu",
              "Ngày tiếp nhận", "Ngày thu", "Phí (VNĐ)", "Lệ phí (VNĐ)", "Tổng (VNĐ)")  # fmt: skip
FEE = ("1", "000.09.42.H56-210105-0001", "Trực tiếp", "Người Mẫu 0001", "0000123", "01", "AA", "05/01/2021",
       "05/01/2021", "10,000", "0", "10,000")  # fmt: skip


def _workbook(sheets: Mapping[str, Sequence[Cells]], hidden: Sequence[str] = ()) -> Workbook:
    return Workbook("xlsx", tuple(_sheet(name, rows, name in hidden) for name, rows in sheets.items()))


def _sheet(name: str, rows: Sequence[Cells], is_hidden: bool) -> RawSheet:
    collector = CellCollector()
    for number, cells in enumerate(rows, start=1):
        collector.add(number, [cell or None for cell in cells])
    return collector.build(name, is_hidden=is_hidden)


def _read(sheets: Mapping[str, Sequence[Cells]], hidden: Sequence[str] = ()) -> RawExport:
    return recognise(_workbook(sheets, hidden), PROFILES)


def _reason(sheets: Mapping[str, Sequence[Cells]]) -> str:
    with pytest.raises(UnreadableFileError) as refusal:
        _read(sheets)
    assert refusal.value.code == "file.profile.ambiguous"
    return str(dict(refusal.value.params)["reason"])


def _codes(export: RawExport) -> list[str]:
    return [finding.code for finding in export.findings]


def test_sheets_with_the_same_header_are_one_list() -> None:
    export = _read(
        {"Tháng 1": [HEADER, record(1)], "Tháng 2": [at(0, "DANH SÁCH"), HEADER, record(2), record(3)]}
    )
    assert export.sheets.to_pylist() == ["Tháng 1", "Tháng 2", "Tháng 2"]
    assert export.row_numbers.to_pylist() == [2, 3, 4]
    assert (export.structural_counts["header"], export.titles, _codes(export)) == (2, ("DANH SÁCH",), [])


def test_sheet_whose_columns_stand_in_another_order_is_read_by_its_own_header() -> None:
    turned = [tuple(reversed(cells)) for cells in (HEADER, record(2))]
    export = _read({"Trang 1": [HEADER, record(1)], "Trang 2": turned})
    assert export.body.column("dossier_code").to_pylist() == [record(1)[3], record(2)[3]]
    assert export.body.column("due_date").to_pylist() == [record(1)[10], record(2)[10]]


def test_sheet_without_a_header_goes_on_where_codes_and_days_stand_in_their_columns() -> None:
    export = _read({"Trang 1": [HEADER, record(1)], "Trang 2": [record(2), record(3)]})
    assert export.sheets.to_pylist() == ["Trang 1", "Trang 2", "Trang 2"]
    finding = next(finding for finding in export.findings if finding.code == "file.sheet.continued")
    assert dict(finding.params) == {"sheets": "“Trang 2” (2 dòng)"}


def test_group_goes_on_over_a_sheet_without_a_header_and_ends_at_one_with_a_header() -> None:
    group = at(0, "I. Lĩnh vực Hộ tịch")
    bare = _read({"Trang 1": [HEADER, group, record(1)], "Trang 2": [record(2)]})
    headed = _read({"Trang 1": [HEADER, group, record(1)], "Trang 2": [HEADER, record(2)]})
    assert bare.group_names is not None
    assert headed.group_names is not None
    assert bare.group_names.to_pylist() == ["I. Lĩnh vực Hộ tịch"] * 2
    assert headed.group_names.to_pylist() == ["I. Lĩnh vực Hộ tịch", None]


def test_sheet_whose_days_stand_elsewhere_is_not_guessed_but_named() -> None:
    moved = tuple(("", *record(number)) for number in (2, 3))
    export = _read({"Trang 1": [HEADER, record(1)], "Trang 2": moved})
    assert (export.data_row_count, export.structural_counts["other_sheet"]) == (1, 2)
    assert _codes(export) == ["file.sheet.unread"]


def test_sheet_of_the_same_list_with_a_renamed_column_is_named() -> None:
    renamed = tuple("Hạn" if text == "Ngày hẹn trả" else text for text in HEADER)
    export = _read({"Trang 1": [HEADER, record(1)], "Trang 2": [renamed, record(2)]})
    assert export.data_row_count == 1
    assert _codes(export) == ["file.sheet.unread"]


def test_spare_sheets_are_counted_and_not_spoken_of() -> None:
    export = _read({"Hướng dẫn": [at(0, "Cách đọc"), ("1", "Xem")], "Danh sách": [HEADER, record(1)]})
    assert (export.structural_counts["other_sheet"], export.sheet_row_count, _codes(export)) == (2, 4, [])


def test_hidden_sheet_is_not_read_and_named_with_its_rows() -> None:
    export = _read({"Danh sách": [HEADER, record(1)], "Cũ": [HEADER, record(2)]}, hidden=["Cũ"])
    assert (export.data_row_count, export.sheet_row_count) == (1, 2)
    assert [(f.code, dict(f.params)["sheets"]) for f in export.findings] == [
        ("file.sheet.hidden", "“Cũ” (2 dòng)")
    ]


def test_empty_form_beside_the_filled_list_says_nothing() -> None:
    export = _read({"Danh sách": [HEADER, record(1)], "Biên lai": [FEE_HEADER]})
    assert (export.profile_id, export.structural_counts["other_sheet"]) == ("tandan.dossier.v1", 1)


def test_sheets_of_two_profiles_are_refused() -> None:
    reason = _reason({"Hồ sơ": [HEADER, record(1)], "Biên lai": [FEE_HEADER, FEE]})
    assert reason == "các trang tính chứa bảng của các mẫu khác nhau"


def test_two_tables_below_each_other_are_refused() -> None:
    reason = _reason({"Sheet1": [HEADER, record(1), at(0, "DANH SÁCH THU PHÍ"), FEE_HEADER, FEE]})
    assert reason == "trên một trang tính có hơn một bảng"


def test_sheets_whose_titles_name_two_units_are_refused() -> None:
    reason = _reason(
        {
            "1": [at(0, "ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG"), HEADER, record(1)],
            "2": [at(0, "ỦY BAN NHÂN DÂN XÃ THANH HÒA"), HEADER, record(2)],
        }
    )
    assert reason == "tiêu đề của các trang tính ghi các đơn vị khác nhau"


def test_sheets_whose_titles_name_two_periods_are_refused() -> None:
    reason = _reason(
        {
            "1": [at(0, "Từ ngày 01/01/2021 đến ngày 31/01/2021"), HEADER, record(1)],
            "2": [at(0, "Từ ngày 01/02/2021 đến ngày 28/02/2021"), HEADER, record(2)],
        }
    )
    assert reason == "tiêu đề của các trang tính ghi các kỳ khác nhau"


def test_records_above_a_header_printed_again_do_not_pass_for_titles() -> None:
    export = _read({"Trang 1": [HEADER, record(1)], "Trang 2": [record(2), HEADER, record(3)]})
    assert export.body.column("dossier_code").to_pylist() == [record(n)[3] for n in (1, 2, 3)]
    assert (export.structural_counts["title"], export.structural_counts["header"]) == (0, 2)


def test_second_column_of_the_same_name_without_content_takes_nothing_away() -> None:
    rows = [(*HEADER, "Mã hồ sơ"), (*record(1), "")]
    assert _read({"Sheet1": rows}).body.column("dossier_code").to_pylist() == [record(1)[3]]


@pytest.mark.parametrize(
    ("titles", "difference"),
    [
        ((("UBND xã Bình Lương",), ("ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG",)), ""),
        ((("XÃ BÌNH LƯƠNG, HUYỆN NHƯ XUÂN",), ("HUYỆN NHƯ XUÂN",)), ""),
        ((("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",), ("UBND xã Bình Lương",)), ""),
        ((("Xã Bình Lương trang 1",), ("Xã Bình Lương trang 2",)), ""),
        ((("Bình Lương, ngày 5 tháng 9 năm 2021",), ("Tháng 9 năm 2021",)), ""),
        ((("Quý I năm 2021",), ("Quý II năm 2021",)), "tiêu đề của các trang tính ghi các kỳ khác nhau"),
        ((("Phường Mẫu Một",), ("Phường Mẫu Hai",)), "tiêu đề của các trang tính ghi các đơn vị khác nhau"),
    ],
)
def test_titles_differ_only_where_both_name_something(
    titles: tuple[tuple[str, ...], ...], difference: str
) -> None:
    assert find_difference([read_title_facts("Sheet", texts) for texts in titles]) == difference
