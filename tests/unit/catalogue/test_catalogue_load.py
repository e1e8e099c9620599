"""Every contradiction in the reference data is one Vietnamese sentence that names file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue

ProblemsOf = Callable[..., tuple[str, ...]]

UNITS_HEADER = "code,name,type,level,parent_code,valid_from,valid_to,agency_code,aliases,successor_code\n"
PROVINCE = "38,Thanh Hóa,tỉnh,tinh,,1900-01-01,,,,\n"
DISTRICT = "402,Như Xuân,huyện,huyen,38,1900-01-01,2025-06-30,,,\n"
COMMUNE = "16204,Bình Lương,xã,xa,402,2019-12-01,2025-06-30,000.09.42.H56,,\n"
BASE = UNITS_HEADER + PROVINCE + DISTRICT + COMMUNE
ALIASES_HEADER = "kind,text,target,reason,decided_on,decided_by\n"


def edited(files: Mapping[str, bytes], key: str, old: str, new: str) -> tuple[dict[str, str], int]:
    """The file with its first ``old`` replaced, and the number of that line."""
    text = files[key].decode()
    assert old in text, f"{key} no longer holds {old}"
    line = text[: text.index(old)].count("\n") + 1
    return {key: text.replace(old, new, 1)}, line


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param(
            "16204,Bình Lương,xã,xa,402,2025-06-30,2025-06-30,,,\n",
            "thời gian hiệu lực của mã “16204” chồng lên dòng đã có (catalogue/units.csv dòng 4).",
            id="spans of one code overlap",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,403,2019-12-01,2025-06-30,,,\n",
            "đơn vị cấp trên “403” không có trong danh sách.",
            id="parent unknown",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,2019-12-01,,,,\n",
            "đơn vị cấp trên “402” không có hiệu lực suốt thời gian của xã Hóa Quỳ.",
            id="parent ended earlier",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,16204,2019-12-01,2025-06-30,,,\n",
            "đơn vị cấp trên “16204” không cao hơn xã Hóa Quỳ.",
            id="parent stands no higher",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,2019-12-01,2025-06-30,,Xã Bình Lương,\n",
            "tên “Xã Bình Lương” đã dùng cho đơn vị khác (catalogue/units.csv dòng 4).",
            id="alias is the name of another unit",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,2019-12-01,2025-06-30,000.09.42.H56,,\n",
            "mã định danh “000.09.42.H56” đã dùng cho xã Bình Lương.",
            id="agency identifier twice",
        ),
        pytest.param(
            "1618,Hóa Quỳ,xã,xa,402,2019-12-01,2025-06-30,,,\n",
            "mã đơn vị “1618” không đúng, xã phải có 5 chữ số (Excel thường làm mất các số 0 ở đầu).",
            id="code too short",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,huyen,38,2019-12-01,2025-06-30,,,\n",
            "loại “xã” không thuộc cấp “huyen”.",
            id="type on the wrong level",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,2019-12-01,2019-01-01,,,\n",
            "ngày hết hiệu lực đứng trước ngày bắt đầu.",
            id="ends before it starts",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,31/02/2019,2025-06-30,,,\n",
            "cột “valid_from” không phải ngày hợp lệ: “31/02/2019”.",
            id="no such day",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,2019-12-01,2025-06-30,H56-42,,\n",
            "mã định danh “H56-42” không đúng dạng, ví dụ 000.09.42.H56.",
            id="agency identifier malformed",
        ),
        pytest.param(
            "16186,Hóa Quỳ,xã,xa,402,2019-12-01,2025-06-30,,,16225\n",
            "đơn vị kế thừa “16225” không có hiệu lực vào ngày liền sau ngày hết hiệu lực.",
            id="successor unknown",
        ),
    ],
)
def test_contradicting_unit_is_named_with_its_line(problems_of: ProblemsOf, row: str, sentence: str) -> None:
    found = problems_of(overlay={"units.csv": BASE + row})
    assert f"catalogue/units.csv dòng 5: {sentence}" in found


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("16204,Hóa Quỳ,xã,xa,38,2025-07-01,,,,\n", id="code reused after the first ended"),
        pytest.param("403,Như Thanh,huyện,huyen,38,1900-01-01,,,,\n", id="second district"),
        pytest.param(
            "16186,Bình Lương,thị trấn,xa,402,2019-12-01,2025-06-30,,,\n", id="xã and thị trấn namesakes"
        ),
        pytest.param(
            "16186,Bình Lương,xã,xa,38,2019-12-01,2025-06-30,,,\n", id="namesake under another parent"
        ),
    ],
)
def test_units_told_apart_by_day_type_or_parent_are_accepted(files: Mapping[str, bytes], row: str) -> None:
    loaded = load_catalogue(files, {"units.csv": (BASE + row).encode()})
    assert len(loaded.units) == 4


@pytest.mark.parametrize(
    ("key", "old", "new", "sentence"),
    [
        ("procedures.csv", "1.001193,Thủ tục đăng ký khai sinh,ho_tich", "1.001193,Thủ tục đăng ký khai sinh,ho_tic",
         "lĩnh vực “ho_tic” không có trong fields.csv."),
        ("procedures.csv", "1.000894,Thủ tục", "1.00894,Thủ tục",
         "mã thủ tục “1.00894” phải có dạng d.dddddd, ví dụ 1.001193 (Excel có thể đã làm mất số 0 ở cuối)."),
        ("procedures.csv", "1.000894,Thủ tục đăng ký kết hôn", "1.000894,Đăng ký khai sinh",
         "tên “Đăng ký khai sinh” đã dùng cho thủ tục “1.001193”, không dùng cho hai nơi."),
        ("procedures.csv", "1.000894,Thủ tục", "1.001193,Thủ tục", "mã thủ tục “1.001193” đã có ở procedures.csv dòng 2."),
        ("fields.csv", "ho_tich,Hộ tịch,HT", "ho_tich,Hộ tịch,BTXH",
         "tên “BTXH” đã dùng cho lĩnh vực “bao_tro_xa_hoi”, không dùng cho hai nơi."),
        ("fields.csv", "chung_thuc,Chứng thực,", "chua_phan_loai,Chứng thực,",
         "mã “chua_phan_loai” dành riêng cho hồ sơ chưa phân loại."),
        ("statuses.csv", "Đã hoàn thành", "Chờ trả kết quả",
         "tên “Chờ trả kết quả” đã dùng cho trạng thái “9”, không dùng cho hai nơi."),
        ("statuses.csv", "resolved", "done",
         "cột “group” chỉ nhận not_received, processing, refused, paused, withdrawn, resolved, đang ghi “done”."),
        ("statuses.csv", "10,Đã trả", "11,Đã trả", "mã trạng thái 11 không có trong danh mục quốc gia."),
        ("channels.csv", "2,Trực tuyến", "1,Trực tuyến", "mã hình thức nộp 1 bị lặp lại."),
        ("document_types.csv", "bao_cao,Báo cáo,BC", "bao_cao,Báo cáo,TB",
         "tên “TB” đã dùng cho viết tắt của loại văn bản “thong_bao”, không dùng cho hai nơi."),
        ("calendars/windows.csv", "nd09,quarter,3", "nd09,quarter,2", "kỳ quý 2 bị lặp lại."),
        ("calendars/windows.csv", "nd09,quarter,3", "nd09,quarter,5", "kỳ quý không có số thứ tự 5."),
        ("supplement_items.csv", "plan_issued,", "plan_basis,",
         "tên “plan_basis” đã dùng cho mục “supplement_items.csv dòng 2”, không dùng cho hai nơi."),
    ],
)  # fmt: skip
def test_contradicting_row_is_named_with_its_line(
    files: Mapping[str, bytes], problems_of: ProblemsOf, key: str, old: str, new: str, sentence: str
) -> None:
    changed, line = edited(files, key, old, new)
    assert f"{key} dòng {line}: {sentence}" in problems_of(changed)


@pytest.mark.parametrize(
    ("key", "old", "new", "problem"),
    [
        ("calendars/windows.csv", "nd09,year", "lich,year", "calendars/windows.csv: cách tính “nd09” thiếu kỳ năm."),
        ("statuses.csv", "10,Đã trả", "11,Đã trả", "statuses.csv: thiếu mã trạng thái 10."),
        ("rulebooks/tt01.yml", "  withdrawn: on_time\n", "",
         "rulebooks/tt01.yml: trạng thái “withdrawn” chưa được xếp vào cột nào."),
        ("rulebooks/tt01.yml", "paused: pending_within", "paused: paused",
         "rulebooks/tt01.yml: trạng thái “paused” xếp vào cột không có trong biểu: “paused”."),
        ("rulebooks/tt01.yml", "paused: pending_within", "refused: late",
         "rulebooks/tt01.yml: trạng thái “refused” không thuộc các trạng thái được đếm."),
        ("rulebooks/tt01.yml", "columns:", "columns: [", "rulebooks/tt01.yml dòng 21: tệp không phải YAML hợp lệ."),
        ("units.csv", "code,name", "code,ten", "units.csv dòng 1: thiếu cột “name”."),
        ("units.csv", "code,name", "code,ten", "units.csv dòng 1: cột “ten” không có trong mẫu của tệp này."),
    ],
)  # fmt: skip
def test_incomplete_file_is_named(
    files: Mapping[str, bytes], problems_of: ProblemsOf, key: str, old: str, new: str, problem: str
) -> None:
    changed, _ = edited(files, key, old, new)
    assert problem in problems_of(changed)


def test_error_carries_the_problems_of_every_file_at_once(
    files: Mapping[str, bytes], problems_of: ProblemsOf
) -> None:
    procedures, _ = edited(files, "procedures.csv", "khai sinh,ho_tich", "khai sinh,khong_co")
    units, _ = edited(files, "units.csv", "38,Thanh Hóa", "3,Thanh Hóa")
    found = problems_of(procedures | units)
    assert {problem.split(" ")[0] for problem in found} >= {"procedures.csv", "units.csv"}
    assert len(found) == len(set(found))


def test_broken_profile_is_a_problem(problems_of: ProblemsOf) -> None:
    found = problems_of(overlay={"sources/hong.yml": "profile_id: ["})
    assert len(found) == 1
    assert "catalogue/sources/hong.yml" in found[0]


def test_packaged_file_left_out_is_a_problem(files: Mapping[str, bytes]) -> None:
    with pytest.raises(Exception, match=r"channels\.csv: thiếu tệp danh mục này trong bản cài đặt\."):
        load_catalogue({key: content for key, content in files.items() if key != "channels.csv"})


# --- the workspace's own files ---------------------------------------------------------------------


def test_own_units_take_the_place_of_the_packaged_ones(files: Mapping[str, bytes]) -> None:
    own = (
        UNITS_HEADER + "01,Hà Nội,thành phố,tinh,,1900-01-01,,,,\n00004,Ba Đình,phường,xa,01,2025-07-01,,,,\n"
    )
    loaded = load_catalogue(files, {"units.csv": own.encode("utf-8-sig")})
    assert [unit.full_name for unit in loaded.units] == ["thành phố Hà Nội", "phường Ba Đình"]


def test_own_units_saved_again_by_excel_are_read(files: Mapping[str, bytes]) -> None:
    own = BASE.replace(",", ";").replace("2019-12-01", "1/12/2019").encode("utf-16")
    assert load_catalogue(files, {"units.csv": own}).unit("16204").valid_from.isoformat() == "2019-12-01"


def test_own_procedures_and_fields_add_or_replace(files: Mapping[str, bytes]) -> None:
    loaded = load_catalogue(
        files,
        {
            "fields.csv": "field_id,name\nlam_nghiep,Lâm nghiệp\n".encode(),
            "procedures.csv": (
                "code,name,field_id\n"
                "1.007919,Xác nhận nguồn gốc gỗ,lam_nghiep\n"
                "1.001193,Đăng ký khai sinh cho trẻ em,ho_tich\n"
            ).encode(),
        },
    )
    assert loaded.fields[-1].field_id == "lam_nghiep"
    names = {procedure.code: procedure.name for procedure in loaded.procedures}
    assert names["1.007919"] == "Xác nhận nguồn gốc gỗ"
    assert names["1.001193"] == "Đăng ký khai sinh cho trẻ em"
    assert len(loaded.procedures) == 145


def test_own_aliases_reach_procedure_field_status_and_unit(files: Mapping[str, bytes]) -> None:
    rows = (
        "procedure,Khai sinh,1.001193,,2021-09-06,Người Mẫu 0001\n"
        "procedure,Xác nhận đơn xin học nghề,giao_duc,,2021-09-06,Người Mẫu 0001\n"
        "procedure,1.234567,2.00089,,2021-09-06,Người Mẫu 0001\n"
        "status,Đã ký số,9,,2021-09-06,Người Mẫu 0001\n"
        "field,Tư pháp,ho_tich,,2021-09-06,Người Mẫu 0001\n"
        "unit,UBND xã Bình Lương,16204,,2021-09-06,Người Mẫu 0001\n"
    )
    # 2.00089 is what a spreadsheet leaves of 2.000890, which the packaged list does not hold
    own_procedure = "code,name,field_id\n2.000890,Thủ tục thử số không cuối,chung_thuc\n"
    loaded = load_catalogue(
        files, {"aliases.csv": (ALIASES_HEADER + rows).encode(), "procedures.csv": own_procedure.encode()}
    )
    procedures = {procedure.code: procedure for procedure in loaded.procedures}
    assert "Khai sinh" in procedures["1.001193"].aliases
    assert "1.234567" in procedures["2.000890"].aliases
    assert loaded.field_aliases == {"xac nhan don xin hoc nghe": "giao_duc"}
    assert "Đã ký số" in loaded.statuses[8].aliases
    assert "Tư pháp" in next(field for field in loaded.fields if field.field_id == "ho_tich").aliases
    assert "UBND xã Bình Lương" in loaded.unit("16204").aliases


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("procedure,Thủ tục A,9.999999", "“9.999999” không phải mã thủ tục hay mã lĩnh vực đã biết."),
        ("procedure,Đăng ký khai sinh,chung_thuc", "tên “Đăng ký khai sinh” đã dùng cho thủ tục “1.001193”, không dùng cho hai nơi."),
        ("procedure,???,ho_tich", "tên “???” không có chữ nào để so sánh."),
        ("status,Chờ ký,12", "“12” không phải mã trạng thái đã biết."),
        ("status,Đang xử lý,5", "tên “Đang xử lý” đã dùng cho trạng thái “4”, không dùng cho hai nơi."),
        ("field,Rừng,lam_nghiep", "“lam_nghiep” không phải mã lĩnh vực đã biết."),
        ("unit,Xã A,99999", "“99999” không phải mã đơn vị đã biết."),
        ("unit,xã Hóa Quỳ,16204", "tên “xã Hóa Quỳ” đã dùng cho xã Hóa Quỳ (16186)."),
        ("doc,Xã A,99999", "cột “kind” chỉ nhận procedure, status, field, unit, đang ghi “doc”."),
    ],
)  # fmt: skip
def test_own_alias_that_contradicts_is_named(problems_of: ProblemsOf, row: str, sentence: str) -> None:
    found = problems_of(overlay={"aliases.csv": f"{ALIASES_HEADER}{row},,2021-09-06,Người Mẫu 0001\n"})
    assert found == (f"catalogue/aliases.csv dòng 2: {sentence}",)


def test_text_decided_in_two_ways_is_a_problem(problems_of: ProblemsOf) -> None:
    rows = "procedure,Thủ tục A,ho_tich,,2021-09-06,X\nprocedure,thủ tục a,dat_dai,,2021-09-06,X\n"
    found = problems_of(overlay={"aliases.csv": ALIASES_HEADER + rows})
    assert (
        "catalogue/aliases.csv dòng 3: tên “thủ tục a” được xếp vào hai nơi khác nhau trong cùng tệp."
        in found
    )


def test_misnamed_overlay_file_is_not_passed_over(problems_of: ProblemsOf) -> None:
    assert problems_of(overlay={"procedure.csv": "code\n"}) == (
        "catalogue/procedure.csv: tệp này không thuộc phần danh mục mà đơn vị được bổ sung.",
    )


def test_own_profile_replaces_the_packaged_one_of_the_same_id(
    files: Mapping[str, bytes], catalogue: Catalogue
) -> None:
    own = files["sources/tandan.fee.v1.yml"].replace("software: Tân Dân".encode(), "software: Thử".encode())
    loaded = load_catalogue(files, {"sources/tandan.fee.v1.yml": own})
    assert len(loaded.profiles) == len(catalogue.profiles)
    assert next(p for p in loaded.profiles if p.profile_id == "tandan.fee.v1").software == "Thử"
