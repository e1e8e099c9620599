"""A list of units in the words of an office becomes the workspace's own units."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from transforms.catalogue.load import load_catalogue
from transforms.catalogue.problems import CatalogueError
from transforms.catalogue.units_file import read_units_file

VIETNAMESE = """STT,Mã đơn vị,Tên,Loại,Mã cấp trên,Mã định danh
1,01,Hà Nội,Thành phố,,
2,001,Ba Đình,Quận,01,000.00.01.H26
3,00001,Phúc Xá,Phường,001,000.01.01.H26

4,00004,Trúc Bạch,Phường,001,
"""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(VIETNAMESE.encode(), id="utf-8"),
        pytest.param(VIETNAMESE.encode("utf-8-sig"), id="with mark"),
        pytest.param(VIETNAMESE.replace(",", ";").encode("utf-8-sig"), id="semicolons"),
        pytest.param(VIETNAMESE.replace(",", "\t").encode("utf-16"), id="Excel Unicode text"),
        pytest.param(VIETNAMESE.replace("\n", "\r\n").encode(), id="Windows line ends"),
    ],
)
def test_vietnamese_list_becomes_units(files: Mapping[str, bytes], content: bytes) -> None:
    loaded = load_catalogue(files, {"units.csv": read_units_file(content, "don-vi.csv")})
    assert [(unit.code, unit.full_name, unit.level, unit.parent_code) for unit in loaded.units] == [
        ("01", "thành phố Hà Nội", "tinh", ""),
        ("001", "quận Ba Đình", "huyen", "01"),
        ("00001", "phường Phúc Xá", "xa", "001"),
        ("00004", "phường Trúc Bạch", "xa", "001"),
    ]
    assert loaded.unit("00001").agency_code == "000.01.01.H26"
    assert loaded.unit("00001").valid_from.isoformat() == "1900-01-01"
    assert loaded.unit("00001").source == "tệp don-vi.csv"


def test_english_headers_type_in_the_name_and_dates_are_taken(files: Mapping[str, bytes]) -> None:
    content = (
        "code,name,type,valid_from,valid_to,aliases\n"
        "16204,Xã Bình Lương,,1/12/2019,30/6/2025,Bình Lươn; B. Lương\n"
        "16174,Thị trấn Yên Cát,thị trấn,2019-12-01,,\n"
    )
    loaded = load_catalogue(files, {"units.csv": read_units_file(content.encode(), "units.csv")})
    assert [unit.full_name for unit in loaded.units] == ["xã Bình Lương", "thị trấn Yên Cát"]
    assert loaded.unit("16204").aliases == ("Bình Lươn", "B. Lương")
    assert str(loaded.unit("16204").valid_to) == "2025-06-30"


def test_reading_the_result_again_changes_nothing() -> None:
    once = read_units_file(VIETNAMESE.encode(), "don-vi.csv")
    assert read_units_file(once, "don-vi.csv") == once


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"", ("don-vi.csv: tệp không có đơn vị nào.",)),
        ("Mã đơn vị,Tên,Loại\n".encode(), ("don-vi.csv: tệp không có đơn vị nào.",)),
        ("Mã đơn vị,Loại\n16204,xã\n".encode(), ("don-vi.csv dòng 1: thiếu cột “Tên”.", "don-vi.csv dòng 2: cột “Tên” bị bỏ trống.")),
        ("Mã đơn vị,Tên,Loại,Diện tích\n16204,Bình Lương,xã,5\n".encode(),
         ("don-vi.csv dòng 1: cột “Diện tích” không có trong mẫu danh sách đơn vị.",)),
        ("Mã đơn vị,Tên,Loại\n16204,Bình Lương,xã\n\n1,Phúc Xá,phường\n".encode(),
         ("don-vi.csv dòng 4: mã đơn vị “1” không đúng, phường phải có 5 chữ số (Excel thường làm mất các số 0 ở đầu).",)),
        ("Mã đơn vị,Tên,Loại,Mã cấp trên\n16204,Bình Lương,xã,402\n".encode(),
         ("don-vi.csv dòng 2: đơn vị cấp trên “402” không có trong danh sách.",)),
        ("Mã đơn vị,Tên,Loại\n16204,Bình Lương,làng\n".encode(),
         ("don-vi.csv dòng 2: cột “Loại” chỉ nhận xã, phường, thị trấn, đặc khu, huyện, quận, thị xã, thành phố, tỉnh, đang ghi “làng”.",)),
        ("Mã đơn vị,Tên,Loại\n16204,Bình Lương,xã\n16204,Hóa Quỳ,xã\n".encode(),
         ("don-vi.csv dòng 3: thời gian hiệu lực của mã “16204” chồng lên dòng đã có (don-vi.csv dòng 2).",)),
        ("Mã đơn vị;Tên".encode()[:3] + b"\xff\xfe\xfa;x\n1;2\n",
         ("don-vi.csv: tệp không đọc được theo bảng mã UTF-8; hãy lưu lại dạng CSV UTF-8.",)),
    ],
)  # fmt: skip
def test_line_that_cannot_be_taken_is_named(content: bytes, problems: tuple[str, ...]) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_units_file(content, "don-vi.csv")
    assert caught.value.problems == problems
