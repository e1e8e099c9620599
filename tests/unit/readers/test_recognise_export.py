"""One profile recognises one table, and everything else on the sheet is counted by kind."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from tests.support.export_files import Rows, csv_file, html_file, packaged_profiles, xlsx_file
from transforms.readers.model import RawExport, UnreadableFileError
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook

PROFILES = packaged_profiles()

HEADERS = {
    "tandan.dossier.v1": "STT|Đơn vị tiếp nhận|Tên thủ tục hành chính|Mã hồ sơ|Trạng thái|Địa chỉ|Người nộp|"
    "Chủ hồ sơ|Ngày nộp hồ sơ|Ngày nhận|Ngày hẹn trả|Ngày kết thúc xử lý",
    "tandan.dossier_content.v1": "STT|Đơn vị tiếp nhận|Nội dung hồ sơ|Mã hồ sơ|Trạng thái|Địa chỉ|Người nộp|"
    "Chủ hồ sơ|Ngày nộp hồ sơ|Ngày nhận|Ngày hẹn trả|Ngày kết thúc xử lý",
    "tandan.fee.v1": "STT|Mã hồ sơ|Loại tiếp nhận|Tên người nộp|Số biên lai|Mẫu số|Ký hiệu|Ngày tiếp nhận|"
    "Ngày thu|Phí (VNĐ)|Lệ phí (VNĐ)|Tổng (VNĐ)",
    "igate.dossier.v1": "Số hồ sơ|Tên thủ tục|Tên lĩnh vực|Phòng ban|Ngày tiếp nhận|Ngày hẹn trả|"
    "Ngày kết thúc xử lý|Cơ quan/đơn vị|Chủ hồ sơ|Số điện thoại|Cán bộ xử lý hiện tại|Trạng thái hồ sơ",
    "csv.dossier.v1": "Mã hồ sơ|Mã thủ tục|Tên thủ tục|Lĩnh vực|Hình thức nộp|Trạng thái|Ngày nộp|"
    "Ngày tiếp nhận|Ngày hẹn trả|Ngày kết thúc xử lý|Ngày trả kết quả",
    "register.incoming.v1": "Ngày đến|Số đến|Tác giả|Số, ký hiệu|Ngày tháng|Tên loại và trích yếu nội dung|"
    "Đơn vị hoặc người nhận|Ký nhận|Ghi chú",
    "register.outgoing.v1": "Ngày tháng văn bản|Số, ký hiệu văn bản|Tên loại và trích yếu nội dung văn bản|"
    "Người ký|Nơi nhận văn bản|Đơn vị, người nhận bản lưu|Số lượng bản|Ghi chú",
    "register.incoming_csv.v1": "STT|Số Đến|Số Ký Hiệu|Trích Yếu|Cơ Quan Ban Hành|Lĩnh Vực|Ngày Ban Hành|"
    "Ngày Đến|Độ Khẩn|Độ Mật|Người Xử Lý|Hạn Xử Lý|Trạng Thái",
    "register.outgoing_csv.v1": "STT|Số Ký Hiệu|Trích Yếu|Ngày Ban Hành|Người Ký|Nơi Nhận|Số Lượng Bản",
    "tandan.tracking.v1": "STT|MaHoSo|TrichYeuHoSo|SoBoHoSo|ChuHoSo|DiaChiChuHoSo|SoDienThoaiChuHoSo|"
    "NgayTiepNhan|NgayHenTra|NgayTra|TenNguoiNhanHoSo|TenDiaBan",
    "igate.api.v1": "code|procedure.code|procedure.sector|agency|appliedDate|acceptedDate|appointmentDate|dueDate|"
    "dossierStatus|dossierReceivingKind|paymentMethod|undefindedCompleteTime",
    "opencps.dossier.v1": "dossierNo|serviceCode|dossierName|govAgencyName|submitDate|receiveDate|dueDate|"
    "extendDate|releaseDate|finishDate|dossierStatusText|online|originDossierNo",
    "motcua.supplement.v1": "Mã mục|Mục báo cáo|Nội dung cần điền|Giá trị|Đơn vị tính|Hướng dẫn",
}
HELD_ELSEWHERE = {"tandan.overdue.v1", "tandan.summary.v1"}
"""Profiles whose headers stand beside their own tests."""
TANDAN = tuple(HEADERS["tandan.dossier.v1"].split("|"))
FEES = tuple(HEADERS["tandan.fee.v1"].split("|"))


def _read(content: bytes) -> RawExport:
    return recognise(read_workbook(io.BytesIO(content), "x"), PROFILES)


def _refusal(content: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(UnreadableFileError) as refusal:
        _read(content)
    return refusal.value.code, dict(refusal.value.params)


def _dossier(number: int) -> tuple[str, ...]:
    code = f"000.09.42.H56-210105-{number:04d}"
    person = f"Người Mẫu {number:04d}"
    days = ("05/01/2021 07:30:00", "05/01/2021 08:00:00", "08/01/2021 08:00:00", "06/01/2021 16:00:00")
    return (str(number), "UBND xã Bình Lương", "Thủ tục đăng ký khai sinh", code, "Đã trả kết quả", "Thôn Mẫu",
            person, person, *days)  # fmt: skip


def _without(row: Sequence[str], name: str) -> tuple[str, ...]:
    return tuple(cell for cell, header in zip(row, TANDAN, strict=True) if header != name)


@pytest.mark.parametrize(("profile_id", "header"), HEADERS.items())
def test_header_of_every_packaged_profile_is_recognised_by_that_profile_only(
    profile_id: str, header: str
) -> None:
    texts = header.split("|")
    for content in (html_file([texts]), xlsx_file({"Sheet1": [texts]}), csv_file([texts], ";", "utf-8-sig")):
        if profile_id == "motcua.supplement.v1" and not content.startswith(b"PK"):
            continue
        export = _read(content)
        assert (export.profile_id, export.unknown_headers, export.data_row_count) == (profile_id, (), 0)


def test_every_packaged_profile_has_a_header_here() -> None:
    assert {profile.profile_id for profile in PROFILES} - HELD_ELSEWHERE == set(HEADERS)


def test_tandan_list_gives_its_records_titles_and_counts() -> None:
    export = _read(
        html_file(
            [
                ("ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
                ("DANH SÁCH HỒ SƠ",),
                ("Từ ngày 15/12/2020 đến ngày 05/09/2021",),
                TANDAN,
                [f"({number})" for number in range(1, 13)],
                ("I. Lĩnh vực Hộ tịch",),
                _dossier(1),
                _dossier(2),
                ("Lĩnh vực Chứng thực",),
                _dossier(3),
                ("Tổng số", "", "", "", "", "", "", "", "", "", "", "3"),
                ("", "Người lập biểu", "", "", "", "", "", "TM. ỦY BAN NHÂN DÂN"),
                ("", "Người Mẫu 0001", "", "", "", "", "", "Người Mẫu 0002"),
            ]
        )
    )
    assert (export.profile_id, export.kind) == ("tandan.dossier.v1", "dossier")
    assert export.titles == (
        "ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "DANH SÁCH HỒ SƠ",
        "Từ ngày 15/12/2020 đến ngày 05/09/2021",
    )
    assert export.structural_counts == {
        "title": 3, "header": 1, "column_number": 1, "group": 2, "total": 1, "signature": 2,
    }  # fmt: skip
    assert (export.sheet_row_count, export.data_row_count) == (13, 3)
    assert export.row_numbers.to_pylist() == [7, 8, 10]
    assert export.sheets.to_pylist() == ["", "", ""]
    assert export.group_names is not None
    assert export.group_names.to_pylist() == ["I. Lĩnh vực Hộ tịch"] * 2 + ["Lĩnh vực Chứng thực"]
    assert export.body.to_pylist()[2] == {
        "receiving_unit_name": "UBND xã Bình Lương",
        "procedure_name": "Thủ tục đăng ký khai sinh",
        "dossier_code": "000.09.42.H56-210105-0003",
        "status_label": "Đã trả kết quả",
        "filed_date": "05/01/2021 07:30:00",
        "received_date": "05/01/2021 08:00:00",
        "due_date": "08/01/2021 08:00:00",
        "resolved_date": "06/01/2021 16:00:00",
    }


def test_no_person_column_reaches_the_body() -> None:
    export = _read(html_file([TANDAN, _dossier(1)]))
    assert "Người Mẫu" not in str(export.body.to_pylist())
    assert "Thôn Mẫu" not in str(export.body.to_pylist())


def test_headers_are_known_in_any_spelling() -> None:
    odd = [header.upper().replace(" ", "\u00a0\n") for header in TANDAN]
    assert _read(xlsx_file({"Sheet1": [odd, _dossier(1)]}, first_row=6)).row_numbers.to_pylist() == [7]


def test_merged_header_of_two_rows_is_joined() -> None:
    top = [*TANDAN[:8], "Ngày", "", "", ""]
    bottom = [""] * 8 + ["nộp hồ sơ", "nhận", "hẹn trả", "kết thúc xử lý"]
    export = _read(xlsx_file({"Sheet1": [("DANH SÁCH",), top, bottom, _dossier(1)]}))
    assert (export.structural_counts["header"], export.data_row_count) == (2, 1)
    assert export.body.column("due_date").to_pylist() == ["08/01/2021 08:00:00"]


def test_header_column_that_no_profile_knows_is_reported() -> None:
    export = _read(html_file([(*TANDAN, "Cột mới"), (*_dossier(1), "giá trị lạ")]))
    assert export.unknown_headers == ("Cột mới",)
    assert "giá trị lạ" not in str(export.body.to_pylist())


def test_repeated_header_inside_the_list_is_counted_as_header() -> None:
    export = _read(html_file([TANDAN, _dossier(1), TANDAN, _dossier(2)]))
    assert (export.structural_counts["header"], export.row_numbers.to_pylist()) == (2, [2, 4])


def test_row_that_fits_nothing_stays_a_record() -> None:
    keyless = ["4", "UBND xã Bình Lương", "Thủ tục", "", "Đang xử lý", *[""] * 7]
    only_code = ["", "", "", "000.09.42.H56-210105-0009"]
    only_number = ["5"]
    export = _read(html_file([TANDAN, _dossier(1), keyless, only_code, only_number, _dossier(2)]))
    assert export.row_numbers.to_pylist() == [2, 3, 4, 5, 6]
    assert sum(export.structural_counts.values()) == 1


def test_field_name_that_folds_like_a_total_is_a_group() -> None:
    export = _read(html_file([TANDAN, ("Công chứng, chứng thực",), _dossier(1), ("Cộng", *[""] * 10, "1")]))
    assert (export.structural_counts["group"], export.structural_counts["total"]) == (1, 1)


def test_outline_group_rows_are_kept_as_group_names() -> None:
    export = _read(html_file([TANDAN, ("I", "Hộ tịch"), _dossier(1), ("II", "Đất đai"), _dossier(2)]))
    assert export.group_names is not None
    assert export.group_names.to_pylist() == ["I Hộ tịch", "II Đất đai"]


def test_fee_list_leaves_its_total_out_of_the_records() -> None:
    fee = ("1", "000.09.42.H56-210105-0001", "Trực tiếp", "Người Mẫu 0001", "0000123", "01", "AA", "05/01/2021",
           "05/01/2021", "10,000", "0", "10,000")  # fmt: skip
    total = ("Tổng số", *[""] * 8, "10,000", "0", "10,000")
    export = _read(html_file([FEES, fee, total]))
    assert (export.kind, export.data_row_count, export.structural_counts["total"]) == ("fee", 1, 1)
    assert export.body.column("total_amount").to_pylist() == ["10,000"]


def test_instruction_and_hidden_sheets_do_not_disturb() -> None:
    content = xlsx_file(
        {"Hướng dẫn": [("Cách điền",)], "Dữ liệu": [TANDAN, _dossier(1)], "Cũ": [TANDAN, _dossier(2)]},
        hidden=["Cũ"],
    )
    export = _read(content)
    assert (export.sheets.to_pylist(), export.sheet_row_count) == (["Dữ liệu"], 3)
    assert export.structural_counts["other_sheet"] == 1


def test_supplement_rows_without_a_value_stay_records() -> None:
    header = HEADERS["motcua.supplement.v1"].split("|")
    rows: Rows = [
        ("ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG",),
        ("Mã đơn vị: 16204 · Kỳ báo cáo: 2021-9T",),
        header,
        ("plan_issued", "I.1", "Kế hoạch của đơn vị", "Kế hoạch số 01/KH-UBND", "", ""),
        ("plan_focus", "I.1", "Nhiệm vụ trọng tâm", "", "", "Mỗi dòng một nhiệm vụ"),
        ("staff_total", "", "", "22"),
    ]
    export = _read(xlsx_file({"Số liệu": rows}))
    assert export.body.column("item_id").to_pylist() == ["plan_issued", "plan_focus", "staff_total"]
    assert export.body.column("text_value").to_pylist() == ["Kế hoạch số 01/KH-UBND", None, "22"]


def test_paper_register_is_told_from_the_system_list_and_by_direction() -> None:
    incoming = HEADERS["register.incoming.v1"].split("|")
    row = (
        "05/01/2021",
        "12",
        "UBND huyện",
        "61/TTr-UBND",
        "04/01/2021",
        "Tờ trình về việc mẫu",
        "VP",
        "",
        "",
    )
    numbers = [f"({number})" for number in range(1, 10)]
    export = _read(
        xlsx_file({"Sổ": [("SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",), incoming, numbers, ("Tháng 01/2021",), row]})
    )
    assert (export.profile_id, export.data_row_count) == ("register.incoming.v1", 1)
    assert export.group_names is not None
    assert export.group_names.to_pylist() == ["Tháng 01/2021"]
    assert export.structural_counts["column_number"] == 1


def test_unrecognised_table_is_refused_with_the_nearest_profiles_and_what_they_lack() -> None:
    header = [text for text in TANDAN if text != "Ngày hẹn trả"]
    code, params = _refusal(html_file([header, _without(_dossier(1), "Ngày hẹn trả")]))
    assert code == "file.profile.none"
    nearest = str(params["near"]).split("; ")
    assert nearest[0] == "Danh sách hồ sơ một cửa điện tử (thiếu cột: Ngày hẹn trả)"
    assert len(nearest) == 3


def test_table_with_nothing_in_common_says_so() -> None:
    assert _refusal(csv_file([("a", "b"), ("1", "2")])) == (
        "file.profile.none",
        {"near": "không có mẫu nào gần giống"},
    )


def test_table_on_a_hidden_sheet_only_is_refused_and_named() -> None:
    code, params = _refusal(xlsx_file({"Thấy": [("x",)], "Ẩn": [TANDAN]}, hidden=["Ẩn"]))
    assert code == "file.profile.none"
    assert "bảng nằm ở trang ẩn “Ẩn”" in str(params["near"])


def test_workbook_without_any_content_is_refused_as_empty() -> None:
    assert _refusal(xlsx_file({"Sheet1": []})) == ("file.empty", {})


def test_headers_of_opencps_are_known_by_their_vietnamese_labels() -> None:
    header = (
        "Mã hồ sơ|Mã thủ tục|Tên hồ sơ|Cơ quan thực hiện|Ngày gửi|Ngày tiếp nhận|Ngày hẹn trả|Ngày gia hạn|"
    )
    header += "Ngày hoàn thành|Ngày trả|Trạng thái|Trực tuyến|Mã hồ sơ gốc"
    export = _read(csv_file([header.split("|")]))
    assert (export.profile_id, export.unknown_headers) == ("opencps.dossier.v1", ())


def test_header_of_igate_as_the_notes_print_it_is_known() -> None:
    header = HEADERS["igate.dossier.v1"].replace("Tên thủ tục|", "Tên thủ tục hành chính|").split("|")
    assert _read(xlsx_file({"Sheet1": [header]})).profile_id == "igate.dossier.v1"


def test_repeated_header_with_equal_columns_is_read_once() -> None:
    header = [*HEADERS["igate.dossier.v1"].split("|"), "Số hồ sơ", "Chủ hồ sơ"]
    row = ["H56-210105-0001", "Thủ tục", "Hộ tịch", "P", "05/01/2021", "06/01/2021", "05/01/2021", "UBND xã",
           "Người Mẫu 0001", "0000000001", "Cán bộ Mẫu", "Đã trả kết quả"]  # fmt: skip
    export = _read(xlsx_file({"Sheet1": [header, [*row, row[0], "Người Mẫu 0002"]]}))
    assert export.body.column("dossier_code").to_pylist() == [row[0]]
    assert _refusal(xlsx_file({"Sheet1": [header, [*row, "khác", "x"]]})) == (
        "file.header.twice",
        {"name": "Số hồ sơ"},
    )


def test_dates_one_cell_left_of_their_headers_are_refused() -> None:
    shifted = [_without(_dossier(number), "Người nộp") for number in range(1, 4)]
    code, params = _refusal(html_file([TANDAN, *shifted]))
    assert (code, params) == ("file.header.shifted", {"name": "Ngày kết thúc xử lý"})


def test_list_of_open_dossiers_only_is_not_taken_for_shifted() -> None:
    rows = [(*_dossier(number)[:-1], "") for number in range(1, 4)]
    assert _read(html_file([TANDAN, *rows])).data_row_count == 3
